/** Made from words/en/pin.json by the build; change that. */
export interface Pin {
	pin: {
		title: string;
		changeTitle: string;
		why: string;
		limits: string;
		limitsText: string;
		forget: string;
		old: string;
		first: string;
		hint: string;
		again: string;
		sign: string;
		signHint: string;
		signTaken: string;
		set: string;
		setting: string;
		later: string;
		short: string;
		easy: string;
		different: string;
		letters: string;
		digits: string;
	};
	symbols: {
		leaf: string;
		boat: string;
		star: string;
		bird: string;
		cup: string;
		hill: string;
		moon: string;
		fish: string;
		tree: string;
		drop: string;
		bell: string;
		sun: string;
	};
	replies: {
		wrong: string;
		wait: string;
		cancelled: string;
		damaged: string;
		full: string;
		'no-memory': string;
		failed: string;
	};
}
