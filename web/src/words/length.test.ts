import { expect, test } from 'vitest';
import { random } from '../testing/random';
import { graphemes, limits, over } from './graphemes';
import { lengthSaid, refusal } from './length';

/** One character each, of scripts whose letters take one to forty bytes. */
const scripts: readonly (readonly string[])[] = [
	['a', 'm', ' ', 'é'],
	['क', 'नी', 'क्ष', 'स्त्रि', 'मैं', ' '],
	['ก', 'ก็', 'ที่', 'น้ำ'],
	['ন্ত্র', 'বা', 'লা'],
	['木', '한', 'か'],
	['👍🏽', '👩‍👧‍👦', '👨‍👩‍👧‍👦', '🇰🇪', '🧑🏾‍❤️‍💋‍🧑🏽'],
	['a\u0301', 'o\u0302\u0301\u0323', 'e' + '\u0301'.repeat(9)],
];

test('a limit is told before it is met, in what people see, in whatever they write', () => {
	for (let seed = 1; seed <= 12; seed++) {
		const { below, pick } = random(seed);
		const some = (letters: readonly string[], count: number): string =>
			Array.from({ length: count }, () => pick(letters)).join('');
		for (const letters of scripts) {
			for (const limit of [limits.name, limits.message]) {
				let text = '';
				let before = '';
				while (over(text, limit) <= 0) {
					before = text;
					text += some(letters, over(text, limit) < -100 ? 40 : 1 + below(6));
				}
				// What is past the end is told as many as there are to take away again.
				expect(over(text, limit)).toBeLessThanOrEqual(graphemes(text) - graphemes(before));
				expect(lengthSaid(before, limit), before).not.toBe('');
				expect(refusal(before, limit, false)).toBe('');
				expect(refusal(text, limit, false)).not.toBe('');
			}
		}
	}
});

test('while there is much room nothing is told', () => {
	for (const [letters] of scripts) {
		expect(lengthSaid((letters ?? '').repeat(20), limits.message)).toBe('');
	}
});
