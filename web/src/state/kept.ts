/**
 * What a tab keeps of an unfinished step, so that a reload, or a browser that drops the tab, doesn't lose it: in the
 * tab's session storage, which no other tab sees and which ends with the tab.
 */

/** Characters that are kept under one key; a longer text stays on the screen alone. */
export const KEPT_CHARS_MAX = 8192;

/** One value. None of the three ever throws. */
export interface KeptValue {
	/** What was set last; null when there is nothing. */
	get(): string | null;
	/** Keeps a text of at most {@link KEPT_CHARS_MAX} characters; a longer one, or an empty one, clears. */
	set(text: string): void;
	clear(): void;
}

/**
 * The tab's value under a key. Where the browser refuses storage (a strict setting, a full phone), the page itself
 * remembers it, for as long as it lives.
 */
export function tabKept(key: string): KeptValue {
	return keptIn(() => sessionStorage, `kith.${key}`, 'tab ');
}

/**
 * The same for what is a secret, or names somebody: browsers write session storage to the disk, and what is removed from
 * it stays there for a while. So it holds the text under a pad of random bytes, and the pad is in the tab's name
 * (`window.name`), which stays over a reload and is on no disk. Neither tells anything without the other.
 */
export function tabSealed(key: string): KeptValue {
	const kept = tabKept(key);
	const setPad = (pad: number[]): void => {
		tab.name = NAMED + JSON.stringify({ ...pads(), [key]: pad });
	};
	return {
		get: () => {
			try {
				const [sealed, pad] = [JSON.parse(kept.get() ?? '') as number[], pads()[key]];
				return pad?.length === sealed.length ? String.fromCharCode(...under(sealed, pad)) : null;
			} catch {
				return null;
			}
		},
		set: (text) => {
			const pad = [...crypto.getRandomValues(new Uint16Array(text.length))];
			setPad(pad);
			const codes = pad.map((_, at) => text.charCodeAt(at));
			kept.set(text && JSON.stringify(under(codes, pad)));
		},
		clear: () => {
			setPad([]);
			kept.clear();
		},
	};
}

const NAMED = 'kith ';
const tab = globalThis as { name?: string };
const under = (codes: number[], pad: number[]): number[] => codes.map((code, at) => code ^ (pad[at] ?? 0));

/** Of each key; what another site named the tab is none. */
function pads(): Partial<Record<string, number[]>> {
	try {
		return tab.name?.startsWith(NAMED)
			? (JSON.parse(tab.name.slice(NAMED.length)) as Record<string, number[]>)
			: {};
	} catch {
		return {};
	}
}

/** The browser's value under a key, in its local storage: for what is no secret, and lasts. As {@link tabKept}. */
export function phoneKept(key: string): KeptValue {
	return keptIn(() => localStorage, `kith.${key}`, '');
}

function keptIn(storage: () => Storage, name: string, where: string): KeptValue {
	const tried = <T>(act: (storage: Storage) => T): T | null => {
		// The mere name of a storage throws where a browser refuses site data.
		try {
			return act(storage());
		} catch {
			return null;
		}
	};
	const at = where + name;
	const clear = (): void => {
		remembered.delete(at);
		tried((storage) => storage.removeItem(name));
	};
	return {
		get: () => remembered.get(at) ?? tried((storage) => storage.getItem(name)) ?? null,
		set: (text) => {
			if (text === '' || text.length > KEPT_CHARS_MAX) return clear();
			remembered.delete(at);
			const stored = tried((storage) => {
				storage.setItem(name, text);
				return true;
			});
			if (stored) return;
			clear();
			remembered.set(at, text);
		},
		clear,
	};
}

const remembered = new Map<string, string>();
