/** Made from words/en/report.json by the build; change that. */
export interface Report {
	title: string;
	of: {
		message: (given: { name: string }) => string;
		talk: (given: { name: string }) => string;
		strategy: (given: { name: string }) => string;
		story: (given: { name: string }) => string;
		told: (given: { name: string }) => string;
	};
	carries: (given: { name: string }) => string;
	why: string;
	whyHint: string;
	goes: (given: { names: string }) => string;
	notTold: (given: { name: string }) => string;
	leads: (given: { name: string }) => string;
	blocked: (given: { names: string }) => string;
	back: string;
	before: string;
	send: string;
	nobody: {
		title: string;
		about: (given: { name: string }) => string;
		none: string;
		blocked: string;
		ask: string;
	};
	organisation: {
		about: (given: { name: string }) => string;
		none: string;
		blocked: string;
		goes: string;
		back: string;
		answer: string;
	};
	list: {
		title: string;
		open: string;
		done: string;
		mine: string;
		empty: string;
		emptyMine: string;
		waits: (given: { name: string }) => string;
	};
	item: {
		by: (given: { day: string; name: string }) => string;
		mine: (given: { day: string }) => string;
		noWords: string;
		said: (given: { name: string }) => string;
		youSaid: string;
		text: string;
		proven: (given: { name: string }) => string;
		unproven: (given: { name: string }) => string;
		unchecked: (given: { name: string }) => string;
		missing: string;
		gone: (given: { name: string }) => string;
		to: string;
		organisation: string;
		others: (given: { names: string }) => string;
		left: string;
		more: (given: { names: string }) => string;
		sendMore: (given: { names: string }) => string;
		handled: (given: { day: string; name: string }) => string;
		handledMine: (given: { day: string }) => string;
		handle: string;
		unhandle: string;
		handleMeans: (given: { name: string }) => string;
		talk: (given: { name: string }) => string;
		look: string;
		takeBack: string;
		takeBackYes: string;
		takeBackMeans: string;
	};
}
