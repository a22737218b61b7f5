/** Taking along what one wrote: a page or data, made on this phone. */
import type { Bridge, Circle, CircleId } from '$bridge';
import { collect, type Collected } from '../record/collect';
import { formsOf, type Forms } from '../record/forms';

/** What a file is made of. */
export interface Material {
	circle: Circle;
	collected: Collected;
	forms: Forms;
}

/** Turns what was collected into pieces of a file. */
type Pieces = (material: Material) => Generator<string>;

/** Pieces that are made before taps have their turn. */
const AT_ONCE = 50;

/** One person's record of one circle. */
export class Taking {
	/** How many things were found so far; null: nothing is being made. */
	count = $state<number | null>(null);
	/** What came of the last one. */
	done = $state<'no' | 'saved' | 'failed'>('no');
	/** Things of the last one whose words are not on this phone. */
	missing = $state(0);
	/** There was nothing. */
	empty = $state(false);

	constructor(
		private readonly bridge: Pick<Bridge, 'ask'>,
		private readonly circle: CircleId,
	) {}

	/** Makes a file; null when that did not work, or one is being made. */
	async make(language: string, type: string, pieces: Pieces): Promise<Blob | null> {
		if (this.count !== null) return null;
		this.count = 0;
		this.done = 'no';
		const file = await this.#made(language, type, pieces).catch(() => null);
		this.done = file ? 'saved' : 'failed';
		this.count = null;
		return file;
	}

	async #made(language: string, type: string, pieces: Pieces): Promise<Blob | null> {
		const { circle } = this;
		await this.bridge.ask<'flush'>({ cmd: 'flush' });
		const about = await this.bridge.ask<'circle'>({ cmd: 'circle', circle });
		const collected = await collect(this.bridge, circle, (count) => (this.count = count));
		if (!about.ok || !('items' in collected)) return null;
		this.missing = collected.missing;
		this.empty = collected.items.length === 0;
		const forms = await formsOf(collected.items, language);
		const parts: string[] = [];
		for (const piece of pieces({ circle: about.value, collected, forms })) {
			parts.push(piece);
			if (parts.length % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
		}
		return new Blob(parts, { type });
	}
}
