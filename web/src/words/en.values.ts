/** The words around what people write themselves, in English. */
const characters = (count: number): string => (count === 1 ? 'one character' : `${count} characters`);

export const enValues = {
	/** In the place of what can't be drawn. */
	broken: {
		row: 'This can’t be shown on this phone. It is kept as it was written.',
		title: 'This page can’t be shown',
		text: 'Something on it could not be drawn. Nothing is lost: it is kept as it was written.',
	},
	left: (count: number): string => `${characters(count)} left`,
	over: (count: number): string =>
		`${characters(count)} too many. Your words stay here: please make it shorter.`,
	chooseFirst: 'What you typed is kept on this phone until you choose.',
	deleted: 'Deleted.',
	undo: 'Put it back',
	words: 'Words',
	state: 'How it went',
	due: 'Until when',
	ticked: 'Done',
	notTicked: 'Not done yet',
	found: 'You had begun this before.',
	unseen: 'There is nothing to see in it. Please use letters or signs that show.',
};
