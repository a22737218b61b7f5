/** Made from words/en/keep.json by the build; change that. */
export interface Keep {
	outcomes: {
		done: string;
		tried: string;
		notThisTime: string;
	};
	waits: {
		title: string;
		asks: (given: { name: string; words: string }) => string;
		today: (given: { words: string }) => string;
		news: (given: { name: string; words: string }) => string;
		more: string;
		later: string;
	};
	list: {
		title: string;
		means: string;
		add: string;
		asks: string;
		going: string;
		empty: string;
		how: string;
		howOf: (given: { words: string }) => string;
		today: (given: { outcome: string }) => string;
		noted: (given: { words: string }) => string;
		all: string;
		over: string;
		lacking: string;
	};
	card: {
		daily: string;
		weekly: (given: { days: string }) => string;
		once: (given: { day: string }) => string;
		ended: string;
		closed: (given: { name: string }) => string;
		declined: (given: { name: string }) => string;
		youDeclined: string;
		asked: (given: { name: string }) => string;
		asks: (given: { name: string }) => string;
		means: (given: { name: string }) => string;
		accept: string;
		decline: string;
	};
	fresh: {
		title: string;
		words: string;
		hint: string;
		from: (given: { day: string }) => string;
		already: string;
		when: string;
		whens: {
			whenever: string;
			week: string;
			once: string;
		};
		days: string;
		day: string;
		past: string;
		with: string;
		alone: string;
		buddy: string;
		sees: (given: { name: string }) => string;
		seesNobody: string;
		take: string;
	};
	attempt: {
		title: string;
		note: string;
		day: string;
		otherDay: string;
		todayAfterAll: string;
		before: string;
		keep: string;
		kept: string;
	};
	timeline: {
		title: string;
		means: string;
		none: string;
		you: string;
		went: (given: { name: string; outcome: string }) => string;
		onlyYou: string;
		two: (given: { name: string }) => string;
		aboutGone: string;
		takeBack: string;
		takeBackYes: string;
		takenBack: string;
		earlier: string;
	};
	one: {
		title: string;
		since: (given: { day: string }) => string;
		gone: string;
		youEnded: (given: { day: string }) => string;
		ended: (given: { day: string; name: string }) => string;
		more: string;
		endMeans: string;
		end: string;
		endYes: string;
		again: string;
		alone: string;
		stepBack: string;
		joinAfterAll: string;
		takeBackMeans: string;
		takeBack: string;
		takeBackYes: string;
	};
	record: {
		about: (given: { words: string }) => string;
		said: {
			takenOn: string;
			accepted: string;
			declined: string;
			done: string;
			tried: string;
			notThisTime: string;
			ended: string;
		};
	};
	prompts: {
		title: string;
		kinds: {
			reflect: string;
			ask: string;
			encourage: string;
		};
		words: {
			reflect: string;
			ask: string;
			encourage: string;
		};
	};
	later: {
		wait: string;
		waits: string;
		goes: (given: { time: string }) => string;
		now: string;
		change: string;
		send: string;
		drop: string;
		dropped: string;
		went: string;
	};
}
