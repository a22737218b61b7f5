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
}
