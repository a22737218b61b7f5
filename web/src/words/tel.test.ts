import { expect, test } from 'vitest';
import { isNumber, smsHref, telHref, tidyNumber } from './tel';

test('a number is dialled as it is pressed, whatever stands between its digits', () => {
	expect(telHref('116 123')).toBe('tel:116123');
	expect(telHref('+1 (202) 555-0142')).toBe('tel:+12025550142');
	expect(telHref('0800/11 12 13')).toBe('tel:0800111213');
	expect(telHref('*110#')).toBe('tel:*110%23');
	expect(smsHref('+44 7700 900123')).toBe('sms:+447700900123');
});

test('a zero for callers at home is not dialled from abroad', () => {
	expect(telHref('+44 (0)20 7946 0123')).toBe('tel:+442079460123');
	expect(telHref('(0)20 7946 0123')).toBe('tel:02079460123');
});

test('what has nothing to dial in it is no address', () => {
	for (const text of ['', ' ', '+', '(-) /', '*#', 'call us'])
		expect([telHref(text), smsHref(text)]).toEqual(['', '']);
});

test('a number that was pasted is tidied into signs that the core takes', () => {
	expect(tidyNumber('٠٨٠٠ ١٢٣')).toBe('0800 123');
	expect(tidyNumber('۰۹۱۲')).toBe('0912');
	expect(tidyNumber(' 0800\u00a0–\u00a0123.456\u2009')).toBe('0800 - 123 456');
	expect(tidyNumber('\u202a+254 722\u202c')).toBe('+254 722');
	expect(tidyNumber('＋８１')).toBe('+81');
});

test('a number has digits, and nothing but what is dialled or stands between', () => {
	for (const good of ['15', '+1 (202) 555-0142', '*110#', '0800/123', '1'.repeat(40)])
		expect(isNumber(good)).toBe(true);
	for (const bad of ['', '+', '0800 CALL', '1'.repeat(41), '12;ext=4', '12\n34', '٠٨٠٠'])
		expect(isNumber(bad)).toBe(false);
});
