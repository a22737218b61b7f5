/**
 * What was typed before there is a place of one's own to keep it sealed: in this tab alone, until one is in.
 */
import { tabSealed, type KeptValue } from './kept';

/** The fields that are kept so. */
export type Unsealed = 'join' | 'codeIn' | 'found.circle' | 'found.name';
const ALL: readonly Unsealed[] = ['join', 'codeIn', 'found.circle', 'found.name'];
const at = (field: Unsealed): KeptValue => tabSealed(`begun.${field}`);

/** What was kept; empty when there is nothing. */
export function kept(field: Unsealed): string {
	return at(field).get() ?? '';
}

/** Keeps a text; an empty one is forgotten. */
export function keep(field: Unsealed, text: string): void {
	at(field).set(text);
}

/** One is in: nothing of it stays. */
export function forget(): void {
	for (const field of ALL) at(field).clear();
}
