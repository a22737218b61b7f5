// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Safety } from './engine';
import type { MemberId, StrategyKey } from './ids';
import type { BodyState, Hidden } from './thread';

/** A strategy. */
export interface Strategy {
	key: StrategyKey;
	author: MemberId;
	authorName: string;
	/** This phone's person wrote it. */
	mine: boolean;
	/** Its author was taken out of the circle since. */
	left: boolean;
	madeMs: number;
	/** Empty while its text is not here, as all of it. */
	title: string;
	/** What to do. */
	text: string;
	/** When it is of use. */
	moments: Moment[];
	body: BodyState;
	/** As of a message. */
	hidden: Hidden | null;
	/** The strategy that it was adapted from. */
	adaptedFrom: StrategyKey | null;
	/** Whom else it helped, by name. */
	helped: string[];
	/** It helped this phone's person. */
	helpedMe: boolean;
	safety: Safety;
}

/** When a strategy is of use. */
export type Moment =
	/** In panic. */
	| { moment: 'panic' }
	/** When one cannot sleep. */
	| { moment: 'sleepless' }
	/** In a flashback. */
	| { moment: 'flashback' }
	/** In anger. */
	| { moment: 'anger' }
	/** When one is alone. */
	| { moment: 'alone' }
	/** When one craves something. */
	| { moment: 'craving' }
	/** Before a hard talk. */
	| { moment: 'hardTalk' }
	/** At any time. */
	| { moment: 'anyTime' }
	/** One of a later version's list, by its code. */
	| {
			moment: 'later';
			/** Its place in that list, from 9 to 255. */
			code: number;
	  }
	/** One that its author named. */
	| {
			moment: 'own';
			/** In their words, at most 40 characters. */
			word: string;
	  };
