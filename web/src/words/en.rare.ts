/** Words around what people write, for rare days, in English. */
export const enRare = {
	circleName: 'The name of the circle',
	agreement: 'What we agreed on',
	threadTitle: 'The name of this conversation',
	yourName: 'Your name',
	move: 'Another day, or delete',
	moveTo: 'Which day was it?',
	moveDo: 'Move it there',
	moved: (day: string): string => `Moved to ${day}.`,
	movedAtOnce: 'The day',
	hide: 'Delete this session',
	hideNot: 'A session with something in it can be moved, not deleted.',
	/** Followed by it. */
	aside: 'You had also typed:',
	asideUse: 'Write it in the field',
	asideDrop: 'Let it go',
	/** The body of a note. */
	noteFull: (over: number): string =>
		`This is ${over === 1 ? 'one character' : `${over.toLocaleString('en')} characters`} more than one note holds.`,
	noteShare: 'This is more than one note takes from one person.',
	noteFullDo:
		'Your words stay here, on this phone only, and are not sent before there is room. Move a part of them to another session’s note.',
};
