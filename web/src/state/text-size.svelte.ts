/** How large Kith writes on this phone, beside what the phone itself says: kept on it, and in no circle. */
import { phoneKept } from './kept';

/** In hundredths of the usual size; the first is the phone's own. */
export const TEXT_SIZES = ['', '125', '150', '200'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

/** Holds a style's value as it is: the page's head takes it over before anything is drawn. */
const kept = phoneKept('size');

class Size {
	#chosen = $state<TextSize>(TEXT_SIZES.find((one) => sized(one) === kept.get()) ?? '');

	get chosen(): TextSize {
		return this.#chosen;
	}

	/** Writes larger or smaller at once, and from now on. */
	choose(size: TextSize): void {
		this.#chosen = size;
		kept.set(sized(size));
		document.documentElement.style.fontSize = sized(size);
	}
}

export const textSize = new Size();

/** The style: never smaller than the phone says, and no step makes more than 32 pixels of it: screens hold at that. */
export function sized(size: TextSize): string {
	return size && `max(100%, min(${size}%, 32px))`;
}
