/** Made from words/en/rooms.json by the build; change that. */
export interface Rooms {
	home: {
		thisWeek: string;
		openToday: string;
		startToday: string;
		lastSession: string;
		talk: string;
		noThreads: string;
		noWords: string;
		allTalk: string;
		people: string;
		switch: string;
		members: (given: { count: number }) => string;
		agreement: string;
		noPin: string;
		setPin: string;
		lock: string;
		changeName: string;
		yourName: string;
		unnamed: string;
		untitled: string;
		pending: string;
		allPeople: string;
		found: string;
		look: string;
		lookAt: (given: { name: string }) => string;
		seeBoth: string;
		returned: string;
	};
	status: {
		safe: string;
		waiting: (given: { count: number }) => string;
		unsent: (given: { count: number }) => string;
		offlineSafe: string;
		syncing: string;
		fetching: (given: { percent: string }) => string;
		failed: (given: { count: number }) => string;
		never: string;
		doubted: string;
	};
	install: {
		offer: string;
		take: string;
		later: string;
	};
	reactions: {
		relate: string;
		thanks: string;
		strength: string;
		withYou: string;
	};
	presence: {
		present: string;
		late: string;
		absent: string;
		excused: string;
	};
	safety: {
		phone: string;
		sending: string;
		safe: string;
		refused: string;
	};
	safetySaving: string;
	safetyStuck: string;
	safe: {
		title: string;
		allSafe: string;
		allSafeNote: string;
		doubted: string;
		doubtedNote: string;
		waitingTitle: (given: { count: number }) => string;
		waitingNote: string;
		only: string;
		sending: string;
		refused: string;
		changes: (given: { count: number; size: string }) => string;
		sendNow: string;
		sendingNow: string;
		lastSafe: (given: { when: string }) => string;
		lastTry: (given: { when: string }) => string;
		neverSafe: string;
		storage: string;
		keeps: string;
		mayClear: string;
		askKeep: string;
		used: (given: { size: string }) => string;
	};
	message: {
		takeBack: string;
		ask: string;
		means: string;
		yes: string;
		keep: string;
		options: string;
		before: string;
		waiting: string;
		unverified: string;
		left: string;
		newest: string;
		below: (given: { count: number }) => string;
		far: (given: { count: number }) => string;
		befores: (given: { count: number; when: string }) => string;
		waits: (given: { count: number; when: string }) => string;
		span: (given: { from: string; to: string }) => string;
		who: string;
	};
	day: {
		years: (given: { first: string; last: string }) => string;
		whole: string;
	};
	out: {
		title: string;
		what: string;
		speak: (given: { names: string }) => string;
		anyFacilitator: string;
		stays: string;
		line: string;
		more: string;
		unsent: (given: { name: string }) => string;
		unsentNote: string;
	};
	note: {
		title: string;
		titlePlaceholder: string;
		place: string;
		placePlaceholder: string;
		both: string;
		bothBy: (given: { name: string }) => string;
		body: string;
		bodyLabel: string;
		bodyPlaceholder: string;
		writtenBy: (given: { names: string }) => string;
		attendance: string;
		later: string;
		attendanceCount: (given: { all: string; here: string }) => string;
		more: (given: { name: string }) => string;
		also: (given: { label: string; name: string }) => string;
		agenda: string;
		agendaAdd: string;
		agendaDone: (given: { text: string }) => string;
		agendaRemove: (given: { text: string }) => string;
		commitments: string;
		commitmentAdd: string;
		commitmentWho: string;
		commitmentDue: string;
		commitmentUntil: (given: { day: string }) => string;
		commitmentRemove: (given: { text: string }) => string;
		states: {
			open: string;
			kept: string;
			notYet: string;
		};
	};
	editor: {
		toolbar: string;
		heading: string;
		bold: string;
		italic: string;
		bullet: string;
		todo: string;
		undo: string;
		redo: string;
		tick: string;
	};
	thread: {
		earlier: string;
		fresh: string;
		empty: string;
		write: string;
		send: string;
		reply: string;
		replyTo: (given: { name: string }) => string;
		replyCancel: string;
		options: (given: { name: string }) => string;
		missing: string;
		gone: string;
		notSent: string;
		reacted: {
			relate: (given: { count: number; names: string }) => string;
			thanks: (given: { count: number; names: string }) => string;
			strength: (given: { count: number; names: string }) => string;
			withYou: (given: { count: number; names: string }) => string;
		};
		reactedMe: {
			relate: string;
			thanks: string;
			strength: string;
			withYou: string;
		};
	};
	threads: {
		title: string;
		new: string;
		newLabel: string;
		newHint: string;
		start: string;
		unread: string;
		none: string;
		untitled: string;
	};
	sessions: {
		title: string;
		new: string;
		none: string;
		changed: string;
		untitled: string;
		second: (given: { number: string }) => string;
		dateLabel: string;
		titleLabel: string;
		titleHint: string;
		exists: string;
		another: string;
		open: string;
		start: string;
	};
	last: {
		missing: string;
		gone: string;
		before: string;
		waiting: string;
		unverified: string;
	};
	choose: {
		sessions: string;
		threads: string;
	};
	unheard: {
		title: string;
		note: string;
	};
}
