/** Made from words/en/values.json by the build; change that. */
export interface Values {
	broken: {
		row: string;
		title: string;
		text: string;
	};
	left: (given: { count: number }) => string;
	over: (given: { count: number }) => string;
	chooseFirst: string;
	deleted: string;
	undo: string;
	words: string;
	state: string;
	due: string;
	ticked: string;
	notTicked: string;
	found: string;
	missing: string;
	unseen: string;
}
