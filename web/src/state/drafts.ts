/**
 * Words begun and not sent. Kept per tab until it closes, in memory and in the tab's own session storage: never
 * in lasting unsealed storage. The seam for a sealed store that outlives the app is {@link DraftStore}.
 */

/** Where drafts live. */
export interface DraftStore {
	read(key: string): string;
	/** An empty text forgets the draft. */
	write(key: string, text: string): void;
}

/** Drafts that last as long as the tab. A storage that refuses leaves them in memory. */
export function tabDrafts(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null): DraftStore {
	const memory = new Map<string, string>();
	const name = (key: string): string => `kith.draft.${key}`;
	return {
		read(key) {
			return memory.get(key) ?? storage?.getItem(name(key)) ?? '';
		},
		write(key, text) {
			memory.set(key, text);
			try {
				if (text === '') storage?.removeItem(name(key));
				else storage?.setItem(name(key), text);
			} catch {
				// Full or forbidden: memory still has it.
			}
		},
	};
}

/** The page's drafts. */
export const drafts: DraftStore = tabDrafts(globalThis.sessionStorage ?? null);
