/** Made from words/en/moving.json by the build; change that. */
export interface Moving {
	open: {
		show: string;
		read: string;
		close: string;
	};
	show: {
		label: string;
		hold: string;
		takes: (given: { size: string; time: string }) => string;
		pause: string;
		goOn: string;
		slower: string;
		faster: string;
		paused: string;
		empty: string;
		tooLarge: (given: { most: string }) => string;
	};
	read: {
		looking: string;
		reading: string;
		part: (given: { percent: string }) => string;
		mixed: string;
		other: string;
		newer: string;
		again: string;
		unseen: string;
		done: string;
	};
}
