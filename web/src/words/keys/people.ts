/** Made from words/en/people.json by the build; change that. */
export interface People {
	standing: {
		provisional: string;
		removed: string;
	};
	went: {
		left: string;
		removed: string;
		unknown: string;
	};
	events: {
		founded: (given: { by: string }) => string;
		invited: (given: { by: string }) => string;
		joined: (given: { by: string; who: string }) => string;
		granted: (given: { by: string; who: string }) => string;
		recovered: (given: { by: string; who: string }) => string;
		device: (given: { who: string }) => string;
		paper: (given: { who: string }) => string;
		removed: (given: { by: string; who: string }) => string;
		left: (given: { who: string }) => string;
		deviceRemoved: (given: { by: string; who: string }) => string;
		confirmed: (given: { by: string; who: string }) => string;
		promoted: (given: { by: string; who: string }) => string;
		waits: (given: { by: string; who: string }) => string;
		broughtBack: (given: { by: string; who: string }) => string;
		demoted: (given: { by: string; who: string }) => string;
		withdrawn: (given: { by: string }) => string;
		leaked: string;
		restored: string;
		conversationsOpened: (given: { by: string }) => string;
		conversationsReserved: (given: { by: string }) => string;
		newServer: (given: { by: string }) => string;
		helplines: (given: { by: string }) => string;
		reportKey: (given: { by: string }) => string;
	};
	eventsSelf: {
		joined: (given: { who: string }) => string;
		recovered: (given: { who: string }) => string;
		deviceRemoved: (given: { who: string }) => string;
	};
	warnings: {
		fork: {
			title: string;
			lines: readonly string[];
		};
		'other-person': {
			title: string;
			lines: readonly string[];
		};
		'records-withheld': {
			title: string;
			lines: readonly string[];
		};
		'server-behind': {
			title: string;
			lines: readonly string[];
		};
		'needs-update': {
			title: string;
			lines: readonly string[];
		};
	};
	resumed: {
		putBack: {
			title: string;
			lines: readonly string[];
		};
		copied: {
			title: string;
			lines: readonly string[];
		};
		left: {
			title: string;
			lines: readonly string[];
		};
		read: string;
	};
	notHeard: string;
	organisation: string;
	people: {
		title: string;
		list: string;
		past: string;
		waiting: string;
		waitingWhy: string;
		letInBy: (given: { name: string }) => string;
		letInByOut: (given: { name: string }) => string;
		lately: string;
		nothing: string;
		yours: string;
		thisPhone: string;
		phone: string;
		paper: string;
		since: (given: { day: string }) => string;
		addPhone: string;
		printed: string;
		printedHas: string;
		printedNone: string;
		leads: string;
		invite: string;
		letIn: string;
		offlineLeft: (given: { count: number }) => string;
		confirm: (given: { name: string }) => string;
		takeOut: (given: { name: string }) => string;
		bringBack: (given: { name: string }) => string;
		demote: (given: { name: string }) => string;
		newPhone: (given: { name: string }) => string;
		promote: (given: { name: string }) => string;
		remove: (given: { name: string }) => string;
		lost: string;
		lostPaper: string;
		confirmed: (given: { name: string }) => string;
		broughtBack: (given: { name: string }) => string;
		demoted: (given: { name: string }) => string;
		promoted: (given: { name: string }) => string;
		removed: (given: { count: number; names: string }) => string;
		lostDone: string;
		removeAsk: (given: { name: string }) => string;
		removeMeans: (given: { name: string }) => string;
		removeYes: string;
		oncePerDay: string;
		did: (given: { name: string }) => string;
		didNothing: string;
		also: string;
		alsoMeans: (given: { name: string }) => string;
		bringBackAsk: (given: { name: string }) => string;
		bringBackMeans: (given: { name: string }) => string;
		bringBackYes: string;
		demoteAsk: (given: { name: string }) => string;
		demoteMeans: (given: { name: string }) => string;
		demoteYes: string;
		lostAsk: string;
		lostMeans: (given: { name: string }) => string;
		lostYes: string;
		promoteAsk: (given: { name: string }) => string;
		promoteMeans: (given: { name: string }) => string;
		promoteYes: string;
		keep: string;
		who: string;
	};
	invites: {
		title: string;
		yours: string;
		one: string;
		many: (given: { count: number }) => string;
		manyUsed: (given: { count: number; used: string }) => string;
		device: (given: { name: string }) => string;
		own: string;
		facilitator: string;
		with: (given: { role: string; what: string }) => string;
		by: (given: { name: string }) => string;
		byYou: string;
		until: (given: { when: string }) => string;
		withdraw: string;
		ask: string;
		means: string;
		yes: string;
		done: string;
	};
	conversations: {
		title: string;
		everyone: string;
		facilitators: string;
		means: string;
	};
	returned: {
		title: string;
		what: {
			remove: (given: { who: string }) => string;
			removeDevice: (given: { who: string }) => string;
			confirm: (given: { who: string }) => string;
			promote: (given: { who: string }) => string;
			demote: (given: { who: string }) => string;
			invite: string;
			withdraw: string;
			device: string;
			setting: string;
			led: string;
		};
		again: string;
		seen: string;
		left: string;
	};
	fork: {
		ours: string;
		theirs: string;
		side: (given: { count: number; when: string }) => string;
		since: (given: { when: string }) => string;
		leads: string;
		member: string;
		goOurs: string;
		goTheirs: string;
		askOurs: string;
		askTheirs: string;
		meansOurs: string;
		meansTheirs: string;
		yes: string;
		done: string;
	};
	invite: {
		title: string;
		titleMine: string;
		titleOther: (given: { name: string }) => string;
		mine: string;
		other: (given: { name: string }) => string;
		role: string;
		member: string;
		facilitator: string;
		facilitatorMeans: string;
		past: string;
		pastNo: string;
		pastYes: string;
		uses: string;
		days: string;
		day: (given: { count: number }) => string;
		make: string;
		making: string;
		once: string;
		many: string;
		result: string;
		resultMine: string;
		careMine: string;
		care: string;
		link: string;
		copy: string;
		copied: string;
		share: string;
		shareText: string;
		code: string;
		codeHint: string;
		scan: string;
		good: (given: { count: number }) => string;
		goodUntil: (given: { count: number; when: string }) => string;
		again: string;
		done: string;
		noNetwork: string;
	};
	qr: {
		label: string;
		hint: string;
		textTitle: string;
		text: string;
		making: string;
		tooLong: string;
		copy: string;
	};
	scan: {
		label: string;
		starting: string;
		looking: string;
		reading: string;
		none: string;
		denied: string;
		busy: string;
		unknown: string;
		again: string;
		typeTitle: string;
		type: string;
		use: string;
	};
	same: {
		title: string;
		read: string;
		list: string;
		words: string;
		yes: string;
		no: string;
	};
	codeIn: {
		title: string;
		what: string;
		show: string;
		showTitle: string;
		scanned: string;
		scanTitle: string;
		in: string;
		stopTitle: string;
		stop: string;
		again: string;
		noCamera: string;
	};
	letIn: {
		title: string;
		what: string;
		scan: string;
		showTitle: string;
		scanned: string;
		done: (given: { name: string }) => string;
		doneSomeone: string;
		doneNote: string;
		stopTitle: string;
		stop: string;
		stopFailed: string;
		again: string;
		people: string;
		link: string;
	};
	paper: {
		title: string;
		what: string;
		old: string;
		make: string;
		makeNew: string;
		code: string;
		print: string;
		wrote: string;
		only: string;
		sheet: (given: { circle: string; name: string }) => string;
		sheetHow: string;
	};
	comeBack: {
		title: string;
		what: string;
		code: string;
		codeHint: string;
		missing: string;
		go: string;
		going: string;
		askTitle: string;
		ask: string;
		then: string;
	};
	found: {
		title: string;
		what: string;
		circle: string;
		circleHint: string;
		name: string;
		circleMissing: string;
		nameMissing: string;
		go: string;
		going: string;
	};
	who: {
		title: string;
		parts: readonly {
			title: string;
			lines: readonly string[];
		}[];
		lostTitle: string;
		lost: readonly string[];
		phones: string;
	};
}
