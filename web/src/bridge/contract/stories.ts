// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Safety } from './engine';
import type { DayNumber, MemberId, StoryKey } from './ids';
import type { BodyState, Hidden, Reaction } from './thread';

/** A story or milestone, as its author told it. */
export interface Story {
	key: StoryKey;
	author: MemberId;
	authorName: string;
	/** This phone's person told it. */
	mine: boolean;
	/** Its author was taken out of the circle since. */
	left: boolean;
	madeMs: number;
	/** Null while its text is not here, or hidden from this phone's person. */
	told: Told | null;
	body: BodyState;
	/** As of a message; only of what the whole circle is told. */
	hidden: Hidden | null;
	/** The whole circle is told it; else only people whom its author chose. */
	everyone: boolean;
	/** Of one's own that only chosen people are told, their names; else empty. */
	to: string[];
	reactions: Reaction[];
	safety: Safety;
}

/** What a member tells their circle. Debug output has no word of it. */
export type Told =
	/** A story, for as long as its author wishes. */
	| {
			kind: 'story';
			/** At most 60 characters. */
			title: string;
			/** At most 3,900 characters, as far as they fit beside the title into 3,968 bytes. */
			text: string;
			/** From when on nobody is shown it any more, in milliseconds since 1970; null for no end. */
			endsMs: number | null;
	  }
	/** Something that they are glad of, in their own words. */
	| {
			kind: 'milestone';
			/** The day that it is about. */
			day: DayNumber;
			/** As of a story's text. */
			text: string;
	  };
