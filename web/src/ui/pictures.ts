import type { Question } from '../state/journal.svelte';

/** The answers of a check-in as drawings on a 24 by 24 grid, as strokes: five for each question, least first. */

const face = (mouth: string, brows = ''): string =>
	`M12 3.2a8.8 8.8 0 1 1 0 17.6a8.8 8.8 0 0 1 0-17.6ZM8.8 9.6v.3M15.2 9.6v.3${mouth}${brows}`;

/** A cup that is fuller with each step. */
const cup = (level: string): string => `M6 4.5h12l-1.6 15h-8.8Z${level}`;

const MOON = 'M17.5 15.2a7 7 0 0 1-8.7-8.7a7 7 0 1 0 8.7 8.7Z';

export const pictures = {
	mood: [
		face('M8 17.2c2-3.4 6-3.4 8 0', 'M7.2 7.6l2.6-1M16.8 7.6l-2.6-1'),
		face('M8.6 16.4c1.9-1.9 4.9-1.9 6.8 0'),
		face('M8.6 15.4h6.8'),
		face('M8.6 14.6c1.9 1.9 4.9 1.9 6.8 0'),
		face('M7.8 13.6c1.6 4.4 6.8 4.4 8.4 0Z'),
	],
	craving: [
		'M3 16h18',
		'M3 16.5c3 0 3-2 6-2s3 2 6 2s3-2 6-2',
		'M3 17c3 0 3-5 6-5s3 5 6 5s3-5 6-5',
		'M3 18.5c3 0 3-9 6-9s3 9 6 9s3-9 6-9',
		'M3 20c3 0 3-15 6-15s3 15 6 15s3-15 6-15',
	],
	sleep: [
		'M3 12c4.6-6.6 13.4-6.6 18 0c-4.6 6.6-13.4 6.6-18 0ZM12 9.4a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 0 1 0-5.2Z',
		'M3 12c4.6-4 13.4-4 18 0c-4.6 4-13.4 4-18 0ZM12 10.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8Z',
		'M3.5 11c4.6 4.6 12.4 4.6 17 0M6.5 13.2l-1.4 2.2M12 14.6v2.6M17.5 13.2l1.4 2.2',
		MOON,
		`${MOON}M15 4.5h4l-4 5h4`,
	],
	energy: [
		cup(''),
		cup('M7.4 16.5h9.2'),
		cup('M7 13.5h10M7.4 16.5h9.2'),
		cup('M6.7 10.5h10.6M7 13.5h10M7.4 16.5h9.2'),
		cup('M6.4 7.5h11.2M6.7 10.5h10.6M7 13.5h10M7.4 16.5h9.2'),
	],
} as const satisfies Record<Question, readonly string[]>;
