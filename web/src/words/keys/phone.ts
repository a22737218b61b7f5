/** Made from words/en/phone.json by the build; change that. */
export interface Phone {
	lock: {
		title: string;
		lost: string;
		lostText: string;
		lostWays: string;
		lostStart: string;
		which: string;
		pin: string;
		open: string;
		opening: string;
		touch: string;
		wait: (given: { time: string }) => string;
		link: string;
		other: string;
		otherText: string;
		otherStart: string;
		fileText: string;
		file: string;
		fileChoose: string;
		fileDone: string;
		forgot: string;
		forgotText: string;
		forgotRemove: string;
		forgotSure: (given: { symbol: string }) => string;
	};
	settings: {
		you: string;
		namesake: string;
		lock: string;
		circles: string;
	};
	phone: {
		title: string;
		none: string;
		set: string;
		has: string;
		change: string;
		lock: string;
		auto: string;
		autoHint: string;
		autoNever: string;
		autoAfter: (given: { count: number }) => string;
		touch: string;
		touchText: string;
		touchOn: string;
		touchOff: string;
		hide: string;
		hideText: string;
		several: string;
		severalText: string;
		severalNone: string;
		storage: string;
		storageText: string;
		leave: string;
		leaveText: string;
		leaveGo: string;
		wipe: string;
		wipeText: string;
		wipeSure: string;
	};
	leave: {
		title: string;
		looking: string;
		clean: string;
		doubted: string;
		doubtedText: string;
		cleanText: string;
		unsent: (given: { count: number }) => string;
		unsentText: string;
		send: string;
		sending: string;
		notSent: string;
		save: string;
		saveText: string;
		saved: string;
		saveNoPin: string;
		stay: string;
		go: string;
		goLosing: string;
		goSure: string;
	};
	language: {
		title: string;
		label: string;
		asPhone: string;
		hint: string;
		failed: string;
	};
	size: {
		title: string;
		label: string;
		asPhone: string;
		hint: string;
	};
}
