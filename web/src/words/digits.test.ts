import { expect, test } from 'vitest';
import { plainDigits } from './digits';

test('the digits of any keyboard are those that a PIN, a code and a telephone have', () => {
	expect(plainDigits('٠١٢٣٤٥٦٧٨٩')).toBe('0123456789');
	expect(plainDigits('۰۱۲۳۴۵۶۷۸۹')).toBe('0123456789');
	expect(plainDigits('०१२३४५६७८९ ০১২৩৪৫৬৭৮৯ ０１２３４５６７８９')).toBe('0123456789 0123456789 0123456789');
});

test('what is no digit of these stays as it was typed', () => {
	for (const text of ['', 'K7QM-١٢'.slice(0, 5), 'قمر شمس نخلة', 'a¼²Ⅷ', '👍🏽', '\ud835'])
		expect(plainDigits(text)).toBe(text);
});
