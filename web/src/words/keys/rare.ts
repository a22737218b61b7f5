/** Made from words/en/rare.json by the build; change that. */
export interface Rare {
	circleName: string;
	agreement: string;
	threadTitle: string;
	yourName: string;
	move: string;
	moveTo: string;
	moveDo: string;
	moved: (given: { day: string }) => string;
	movedAtOnce: string;
	hide: string;
	hideNot: string;
	aside: string;
	asideUse: string;
	asideDrop: string;
	noteFull: (given: { count: number }) => string;
	noteShare: string;
	noteFullDo: string;
	clock: {
		title: string;
		behind: (given: { time: string }) => string;
		ahead: (given: { time: string }) => string;
		how: string;
		done: string;
	};
	pair: {
		write: string;
		only: string;
		nobody: string;
		blocked: string;
		title: (given: { name: string }) => string;
		private: string;
		buddy: string;
		reads: string;
		means: {
			buddy: string;
			reads: string;
		};
		block: (given: { name: string }) => string;
		ask: (given: { name: string }) => string;
		blockMeans: string;
		yes: string;
		no: string;
		isBlocked: (given: { name: string }) => string;
		unblock: string;
	};
	toolkit: {
		title: string;
		intro: string;
		none: string;
		noneOut: string;
		search: string;
		when: string;
		all: string;
		nothing: string;
		found: (given: { count: number }) => string;
		write: string;
		moments: {
			panic: string;
			sleepless: string;
			flashback: string;
			anger: string;
			alone: string;
			craving: string;
			hardTalk: string;
			anyTime: string;
			later: string;
		};
		by: (given: { day: string; name: string }) => string;
		adapted: (given: { name: string; title: string }) => string;
		adaptedGone: string;
		adaptedMissing: string;
		helpedMe: string;
		helpedMeDone: string;
		helpedYou: string;
		helped: (given: { count: number; names: string }) => string;
		own: string;
		versions: string;
		takeBack: string;
		takeBackYes: string;
		takeBackMeans: string;
		gone: string;
		newTitle: string;
		ownTitle: string;
		ownOf: (given: { name: string; title: string }) => string;
		name: string;
		nameHint: string;
		text: string;
		textHint: string;
		moment: string;
		addMoment: string;
		dropMoment: (given: { word: string }) => string;
		full: (given: { count: number }) => string;
		save: string;
	};
	guide: {
		title: string;
		place: (given: { at: string; of: string }) => string;
		safe: {
			title: string;
			text: string;
		};
		who: {
			title: string;
			text: string;
		};
		hard: {
			title: string;
			text: string;
		};
		next: string;
		back: string;
		notNow: string;
		done: string;
	};
}
