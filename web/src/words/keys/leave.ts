/** Made from words/en/leave.json by the build; change that. */
export interface Leave {
	record: {
		title: string;
		go: string;
		what: string;
		warning: string;
		page: string;
		data: string;
		working: (given: { count: number }) => string;
		saved: string;
		failed: string;
		empty: string;
		missing: (given: { count: number }) => string;
		file: string;
	};
	page: {
		heading: (given: { circle: string; name: string }) => string;
		made: (given: { day: string; name: string }) => string;
		warning: string;
		empty: string;
		written: (given: { when: string }) => string;
		about: (given: { day: string }) => string;
		takenBack: string;
		notHere: string;
		answers: (given: { text: string }) => string;
		closed: (given: { count: number }) => string;
		tookOn: (given: { text: string }) => string;
		unanswered: string;
		seenBy: {
			me: string;
			pair: (given: { name: string }) => string;
			facilitators: string;
			slice: (given: { name: string }) => string;
			organisation: string;
			circle: string;
		};
		kinds: {
			plan: string;
			journal: string;
			thread: string;
			toolkit: string;
			stories: string;
			note: string;
			choices: string;
			commitments: string;
			between: string;
			reports: string;
			circle: string;
		};
		choices: {
			buddy: (given: { name: string }) => string;
			blocked: (given: { name: string }) => string;
			reads: (given: { name: string }) => string;
		};
	};
	leave: {
		title: string;
		look: string;
		go: string;
		intro: string;
		stays: string;
		staysLines: readonly string[];
		stayed: (given: { name: string }) => string;
		goes: string;
		goesLines: readonly string[];
		phones: (given: { count: number }) => string;
		along: string;
		alongText: string;
		erase: string;
		eraseText: string;
		unsent: (given: { count: number }) => string;
		send: string;
		sending: string;
		sure: string;
		sureErase: string;
		last: string;
		lastText: string;
		lastGo: string;
		asked: string;
		askedText: string;
		askedErase: string;
		stay: string;
		tryNow: string;
		anyway: string;
		anywaySure: string;
		said: string;
		saidText: string;
		gone: string;
		goneText: string;
		goneOthers: string;
		gonePhone: string;
		gonePhoneGo: string;
		out: string;
		outSure: string;
	};
	icon: {
		title: string;
		label: string;
		plain: (given: { name: string }) => string;
		kith: string;
		hint: string;
		again: string;
		name: string;
	};
}
