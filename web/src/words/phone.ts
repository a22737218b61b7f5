/** What the screens about the phone itself say: they come later than the first, and their words with them. */
import type { AutoLockMin, DoorReply, VaultSymbol } from '$bridge';

const symbols: Record<VaultSymbol, string> = {
	leaf: 'Leaf',
	boat: 'Boat',
	star: 'Star',
	bird: 'Bird',
	cup: 'Cup',
	hill: 'Hill',
	moon: 'Moon',
	fish: 'Fish',
	tree: 'Tree',
	drop: 'Drop',
	bell: 'Bell',
	sun: 'Sun',
};

const replies: Record<DoorReply, string> = {
	done: '',
	wrong: 'That was not it. Please try again.',
	wait: 'Too many wrong tries. It can be tried again a little later.',
	cancelled: 'Nothing was changed. You can try again, or use your PIN.',
	damaged: 'This is damaged, so it can’t be opened here.',
	full: 'This phone is full. Delete photos, videos or apps that you do not need, then try again.',
	'no-memory': 'This phone has too little memory free. Close other apps, then try again.',
	failed: 'That did not work on this phone. Close other apps and try again.',
};

/** "40 seconds", "12 minutes". */
function span(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1000);
	if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
	return `${Math.ceil(seconds / 60)} minutes`;
}

/** The English words of these screens. */
export const phoneWords = {
	symbols,
	replies,
	lock: {
		title: 'Welcome back',
		which: 'Which sign is yours?',
		pin: 'PIN or passphrase',
		letters: 'Use letters',
		digits: 'Use digits',
		open: 'Open',
		opening: 'Opening …',
		touch: 'Use fingerprint or face',
		wait: (milliseconds: number): string =>
			`Too many wrong tries. Keep Kith open: you can try again in ${span(milliseconds)}.`,
		link: 'A link was opened. Open Kith first, or start as someone new.',
		other: 'Someone else on this phone',
		otherText: 'You get a place of your own here. Neither of you can see what the other has.',
		otherStart: 'Start as someone new',
		fileText: 'A file that was saved when leaving a phone. It opens with the PIN it was saved with.',
		fileChoose: 'Choose the file',
		fileDone: 'It is here. Open it with its PIN.',
		forgot: 'I forgot my PIN',
		forgotText:
			'Nobody can open it without the PIN: not your facilitator, not the people who run the server. You can remove it from this phone and come in again with a new link. What was only on this phone is then lost.',
		forgotRemove: 'Remove it from this phone',
		forgotSure: (symbol: string): string => `Yes, remove “${symbol}” for good`,
	},
	settings: {
		you: 'You in this circle',
		namesake: 'Someone else here has that name too, so others see:',
		lock: 'PIN and lock',
		circles: 'Other circles',
	},
	pin: {
		title: 'Keep others out',
		changeTitle: 'Change your PIN',
		why: 'With a PIN, only someone who knows it can open Kith on this phone and read your circle.',
		limits: 'What a PIN can’t do',
		limitsText:
			'It stops people who pick up your phone. Six digits do not stop an expert who copies the phone’s storage to a computer: all of them can be tried in days, with many computers in hours. Five or more words that nobody would guess hold out.',
		forget: 'If you forget it, nobody can open this for you.',
		old: 'Your PIN now',
		first: 'New PIN or passphrase',
		hint: 'Six digits or more, or several words.',
		again: 'The same once more',
		sign: 'Choose a sign',
		signHint: 'You find your place on the lock screen by it. It tells nobody who you are.',
		signTaken: 'taken',
		set: 'Set the PIN',
		setting: 'Setting the PIN …',
		later: 'Not now',
		short: 'That is too short: at least six.',
		easy: 'That is one of the first that people try. Please take another.',
		different: 'The two are not the same.',
	},
	phone: {
		title: 'This phone',
		none: 'There is no PIN. Anyone who has this phone can open Kith.',
		set: 'Set a PIN',
		has: 'Kith opens with your PIN.',
		change: 'Change the PIN or the sign',
		lock: 'Lock now',
		auto: 'Lock by itself',
		autoHint: 'When nobody touches or looks at Kith for so long.',
		autoAfter: (minutes: AutoLockMin): string =>
			minutes === null ? 'Never' : minutes === 1 ? 'After 1 minute' : `After ${minutes} minutes`,
		touch: 'Fingerprint or face',
		touchText: 'Kith can also open with the fingerprint or face that opens this phone.',
		touchOn: 'Turn it on',
		touchOff: 'Turn it off',
		hide: 'Hiding Kith',
		hideText:
			'“Hide” is on every screen. One tap clears the screen, locks Kith if it has a PIN, and shows an empty page. The browser’s history still says that Kith was opened, and keeps the link you came in by; it never has what you read or wrote.',
		several: 'Someone else uses this phone too',
		severalText: 'Lock Kith and give them the phone: on the lock screen they start as someone new.',
		severalNone: 'Set a PIN first. Then each of you has a place that the other can’t open.',
		storage: 'Storage',
		leave: 'Leaving this phone',
		leaveText: 'Before anything is removed, you see what only this phone has.',
		leaveGo: 'Leave this phone',
		wipe: 'Remove everything now',
		wipeText: 'Removes all that you have on this phone, at once, without sending anything.',
		wipeSure: 'Yes, remove it all',
	},
	leave: {
		title: 'Leave this phone',
		looking: 'Looking at what only this phone has …',
		clean: 'Everything you wrote is safe on the server.',
		doubted: 'Everything you wrote was sent, but something is not right.',
		doubtedText:
			'Kith can’t say now that it is safe on the server. Your circle’s first screen says why. Stay until that is over, or save a file first.',
		cleanText:
			'Leaving removes your circle from this phone. To come back you need a new link, or a saved file.',
		unsent: (items: number): string =>
			items === 1 ? '1 thing is only on this phone.' : `${items} things are only on this phone.`,
		unsentText: 'If you leave now, it is lost. You can send it first, or save it in a file.',
		send: 'Send it now',
		sending: 'Sending …',
		notSent: 'It could not be sent just now.',
		save: 'Save a sealed file',
		saveText:
			'All that you have here, in one file that only your PIN opens. Keep it somewhere safe, and open it on one phone only.',
		saved: 'The file was handed to your phone. Check that it is where you want it.',
		saveNoPin: 'A file needs a PIN to be sealed with.',
		stay: 'Stay',
		go: 'Leave this phone',
		goLosing: 'Leave, and lose what was not sent',
		goSure: 'Yes, leave and lose it',
	},
};
