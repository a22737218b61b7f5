/** Which new PINs are not taken. */
import { PIN_LENGTH_MIN } from '$bridge';

/** What is wrong with what was typed. */
export type PinFault = 'short' | 'easy' | 'different';

/** What is wrong with a new PIN; null: nothing. */
export function pinFault(pin: string, again: string): PinFault | null {
	const plain = pin.trim();
	if ([...plain].length < PIN_LENGTH_MIN) return 'short';
	if (isEasy(plain)) return 'easy';
	return plain === again.trim() ? null : 'different';
}

/** Whether a PIN is among the first that anybody tries: a few characters repeated, or a run of digits. */
export function isEasy(pin: string): boolean {
	const steps = new Set([...pin].slice(1).map((char, at) => char.charCodeAt(0) - pin.charCodeAt(at)));
	const run = steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 9);
	const half = pin.slice(0, pin.length / 2);
	return run || new Set(pin).size < 3 || half + half === pin || /^(password|passwort|qwerty)/i.test(pin);
}
