/** Made from words/en/plan.json by the build; change that. */
export interface Plan {
	title: string;
	onlyYou: string;
	parts: {
		signs: {
			title: string;
			hint: string;
			starters: readonly string[];
		};
		myself: {
			title: string;
			hint: string;
			starters: readonly string[];
		};
		distract: {
			title: string;
			hint: string;
			starters: readonly string[];
		};
		ask: {
			title: string;
			hint: string;
			starters: readonly string[];
		};
		professionals: {
			title: string;
			hint: string;
			starters: readonly string[];
		};
		safer: {
			title: string;
			hint: string;
			starters: readonly string[];
		};
	};
	helplines: string;
	noHelplines: string;
	askLeaders: (given: { count: number; names: string }) => string;
	askAnyone: string;
	empty: string;
	emptyNow: string;
	emptyLater: string;
	absent: (given: { count: number }) => string;
	begin: string;
	change: string;
	credit: string;
	call: (given: { number: string }) => string;
	text: (given: { number: string }) => string;
	edit: {
		title: string;
		intro: string;
		none: string;
		lines: (given: { count: number }) => string;
		examples: string;
		new: string;
		phone: string;
		phoneWrong: string;
		phoneLong: string;
		add: string;
		added: string;
		save: string;
		saved: string;
		changeLine: string;
		changeThis: (given: { text: string }) => string;
		remove: string;
		removeThis: (given: { text: string }) => string;
		removeYes: string;
		removed: string;
		versions: string;
		keepThis: string;
		kept: string;
		next: (given: { part: string }) => string;
		done: string;
	};
	open: {
		see: string;
		title: string;
		off: string;
		on: string;
		means: string;
		meansOn: string;
		sign: string;
		turnOn: string;
		turnOnYes: string;
		turnOff: string;
		noPin: string;
		noPinDo: string;
		full: string;
		failed: string;
		behind: string;
	};
	lock: {
		plan: string;
		helplines: string;
		back: string;
	};
}
