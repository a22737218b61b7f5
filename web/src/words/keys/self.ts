/** Made from words/en/self.json by the build; change that. */
export interface Self {
	own: {
		title: string;
		onlyYou: string;
		keep: string;
		kept: string;
		note: string;
		day: string;
		otherDay: string;
		todayAfterAll: string;
		weeks: string;
		questionnaires: string;
		questionnairesIntro: string;
		items: (given: { count: number; name: string }) => string;
		back: string;
	};
	entries: {
		title: string;
		means: string;
		onlyYou: string;
		answer: (given: { answer: string; title: string }) => string;
		number: (given: { most: string; name: string; total: string }) => string;
		noNumber: (given: { name: string }) => string;
		change: string;
		changed: string;
		takeBack: string;
		takeBackYes: string;
		takenBack: string;
		earlier: string;
	};
	word: {
		title: string;
		means: string;
		message: string;
	};
	share: {
		title: string;
		means: string;
		number: (given: { day: string; most: string; name: string; total: string }) => string;
		noNumber: (given: { day: string; name: string }) => string;
		day: (given: { day: string }) => string;
		sentence: (given: { said: string }) => string;
	};
	before: {
		title: string;
		about: string;
		who: (given: { who: string }) => string;
		by: (given: { by: string }) => string;
		onlyIf: string;
		begin: string;
		notOffered: {
			followUp: (given: { name: string }) => string;
			aboutAlcohol: (given: { name: string }) => string;
		};
	};
	safety: {
		title: string;
		now: string;
		tell: string;
		nobodyKnows: string;
		follow: (given: { by: string; who: string }) => string;
		message: string;
	};
	turn: {
		choose: string;
		buddy: string;
		nobody: string;
		to: (given: { name: string }) => string;
		two: (given: { name: string }) => string;
		all: string;
		words: string;
		nothingYet: string;
		send: string;
		other: string;
		call: string;
		waits: string;
		refused: string;
		delivered: string;
		went: (given: { name: string }) => string;
		open: string;
		again: string;
	};
	form: {
		at: (given: { at: string; of: string }) => string;
		back: string;
		next: string;
		skip: string;
		clear: string;
		done: string;
		standIn: (given: { language: string }) => string;
	};
	result: {
		total: (given: { most: string; total: string }) => string;
		range: (given: { least: string; most: string }) => string;
		means: {
			mood: string;
			anxiety: string;
			moodAndAnxiety: string;
			recovery: string;
			craving: string;
		};
		levels: {
			none: (given: { from: string; to: string }) => string;
			minimal: (given: { from: string; to: string }) => string;
			mild: (given: { from: string; to: string }) => string;
			moderate: (given: { from: string; to: string }) => string;
			moderatelySevere: (given: { from: string; to: string }) => string;
			severe: (given: { from: string; to: string }) => string;
			belowLasting: (given: { to: string }) => string;
			lasting: (given: { from: string }) => string;
		};
		noLevels: string;
		subjects: {
			mood: string;
			anxiety: string;
			moodAndAnxiety: string;
			recovery: string;
			craving: string;
		};
		part: (given: { most: string; part: string; total: string }) => string;
		partNone: (given: { part: string }) => string;
		reached: string;
		notDiagnosis: string;
		filled: (given: { count: number }) => string;
		missing: (given: { count: number }) => string;
		answerThem: string;
		foreign: string;
		sources: string;
	};
	plot: {
		label: (given: { from: string; title: string; to: string }) => string;
		nothing: (given: { title: string }) => string;
		once: (given: { day: string; title: string; value: string }) => string;
		weeks: (given: { count: number; title: string }) => string;
		fromTo: (given: { from: string; title: string; to: string }) => string;
		of: (given: { most: string; value: string }) => string;
		named: (given: { name: string }) => string;
		mostly: (given: { value: string }) => string;
		always: (given: { value: string }) => string;
		between: (given: { high: string; low: string }) => string;
		lowest: (given: { day: string }) => string;
		highest: (given: { day: string }) => string;
		last: (given: { day: string; value: string }) => string;
		weekly: string;
		change: {
			higher: string;
			lower: string;
			same: string;
		};
	};
	questions: {
		mood: {
			title: string;
			ask: string;
			answers: readonly string[];
		};
		craving: {
			title: string;
			ask: string;
			answers: readonly string[];
		};
		sleep: {
			title: string;
			ask: string;
			answers: readonly string[];
		};
		energy: {
			title: string;
			ask: string;
			answers: readonly string[];
		};
		clear: string;
	};
}
