import { expect, test } from 'vitest';
import { clockWords, span } from './clock';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

test('p28: how wrong a clock is, is said in whole words', () => {
	expect([1, 6 * MINUTE_MS, 60 * MINUTE_MS, 3 * DAY_MS, 730 * DAY_MS].map(span)).toEqual([
		'1 minute',
		'6 minutes',
		'1 hour',
		'3 days',
		'2 years',
	]);
	expect(clockWords.off(DAY_MS)).toContain('1 day behind');
	expect(clockWords.off(-DAY_MS)).toContain('1 day ahead');
});
