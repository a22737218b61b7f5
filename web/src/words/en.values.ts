/** The words around what people write themselves, in English. */
const characters = (count: number): string => (count === 1 ? 'one character' : `${count} characters`);

export const enValues = {
	/** In the place of what can't be drawn. */
	broken: {
		row: 'This can’t be shown on this phone. It is kept as it was written.',
		title: 'This page can’t be shown',
		text: 'Something on it could not be drawn. Nothing is lost: it is kept as it was written.',
	},
	badDay: 'Please choose a day in the years 2000 to 2199.',
	left: (count: number): string => `${characters(count)} left`,
	over: (count: number): string =>
		`${characters(count)} too many. Your words stay here: please make it shorter.`,
	chooseFirst: 'What you wrote is kept. It is saved when one of these is chosen.',
	deleted: 'Deleted.',
	undo: 'Put it back',
	words: 'Words',
	state: 'How it went',
	due: 'Until when',
	ticked: 'Done',
	notTicked: 'Not done yet',
	found: 'You had begun this before.',
	circleName: 'The name of the circle',
	agreement: 'What we agreed on',
	threadTitle: 'The name of this conversation',
	yourName: 'Your name',
	move: 'Another day, or delete',
	moveTo: 'Which day was it?',
	moveDo: 'Move it there',
	movedAtOnce: 'The day',
	hide: 'Delete this session',
	hideNot: 'A session with something in it can be moved, not deleted.',
	unseen: 'There is nothing to see in it. Please use letters or signs that show.',
};
