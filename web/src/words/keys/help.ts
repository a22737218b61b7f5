/** Made from words/en/help.json by the build; change that. */
export interface Help {
	title: string;
	call: string;
	text: string;
	checked: (given: { day: string }) => string;
	unchecked: string;
	offline: string;
	none: string;
	noneEnter: string;
	noneAsk: (given: { names: string }) => string;
	noneAskAnyone: string;
	fromOrganisation: string;
	old: string;
	never: string;
	checkedToday: string;
	enter: string;
	change: string;
	changeLine: (given: { name: string }) => string;
	newTitle: string;
	changeTitle: string;
	fields: {
		name: string;
		phone: string;
		sms: string;
		region: string;
		hours: string;
		language: string;
		checked: string;
	};
	hints: {
		name: string;
		phone: string;
		sms: string;
		region: string;
		hours: string;
		language: string;
	};
	checkFirst: string;
	needNumber: string;
	notNumber: string;
	save: string;
	remove: string;
	removeYes: string;
	follow: {
		title: string;
		means: string;
		who: string;
		whoHint: string;
		by: string;
		byHint: string;
		nobody: string;
		say: string;
		save: string;
	};
	alcohol: {
		title: string;
		yes: string;
		no: string;
		means: string;
	};
}
