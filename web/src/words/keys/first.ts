/** Made from words/en/first.json by the build; change that. */
export interface First {
	app: string;
	nav: {
		label: string;
		home: string;
		sessions: string;
		threads: string;
		safe: string;
		settings: string;
		waiting: string;
		back: string;
		skip: string;
		hide: string;
		hideAll: string;
	};
	common: {
		cancel: string;
		add: string;
		save: string;
		retry: string;
		loading: string;
		someone: string;
		you: string;
		today: string;
		yesterday: string;
		moment: (given: { day: string; time: string }) => string;
		facilitator: string;
		unsaid: string;
		little: (given: { size: string }) => string;
	};
	advice: {
		'link-invalid': string;
		'link-used': string;
		'link-expired': string;
		'not-enrolled': string;
		offline: string;
		'not-our-server': string;
		'server-error': string;
		'clock-wrong': string;
		'storage-full': string;
		'storage-failed': string;
		'storage-corrupt': string;
		'engine-stopped': string;
		'other-version': string;
		'code-invalid': string;
	};
	problems: {
		'link-invalid': string;
		'link-used': string;
		'link-expired': string;
		offline: string;
		'not-our-server': string;
		'server-error': string;
		'clock-wrong': string;
		'storage-full': string;
		'storage-failed': string;
		'engine-stopped': string;
		'other-version': string;
		'code-invalid': string;
		'storage-corrupt': string;
	};
	hindered: {
		'not-secure': {
			said: string;
			advice: string;
		};
		'storage-refused': {
			said: string;
			advice: string;
		};
		'too-old': {
			said: string;
			advice: string;
		};
	};
	engine: {
		loading: string;
		loadingPart: (given: { percent: string }) => string;
		elsewhere: string;
	};
	update: {
		ready: string;
		take: string;
	};
	welcome: {
		title: string;
		what: string;
		see: string;
		name: string;
		nameHint: string;
		nameMissing: string;
		join: string;
		joining: string;
		joiningSlow: string;
		noLinkTitle: string;
		noLink: string;
		paste: string;
		pasteHint: string;
		pasteWrong: string;
		open: string;
		another: string;
		hide: string;
		codeIn: string;
		comeBack: string;
	};
	notFound: {
		title: string;
		text: string;
		home: string;
	};
	fallback: {
		title: string;
		text: string;
	};
}
