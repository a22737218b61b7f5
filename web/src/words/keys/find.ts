/** Made from words/en/find.json by the build; change that. */
export interface Find {
	title: string;
	label: string;
	intro: string;
	short: string;
	nothing: string;
	found: (given: { count: number }) => string;
	pending: (given: { count: number }) => string;
	more: string;
	kinds: {
		message: string;
		note: string;
		story: string;
		strategy: string;
		commitment: string;
		plan: string;
		journal: string;
	};
	you: string;
	untitled: string;
	news: {
		title: string;
		means: string;
		people: (given: { count: number }) => string;
		messages: (given: { count: number }) => string;
		note: (given: { day: string }) => string;
		dismiss: string;
	};
}
