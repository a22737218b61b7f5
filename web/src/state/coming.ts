/** What a person types on their way in: kept in this tab until they are in, and told when it is too long. */
import { limits } from '../words/graphemes';
import { lengthSaid } from '../words/length';
import { forget, keep, kept } from './unsealed';

export { forget };

/** Somebody on their way in by a link or code. */
export interface Coming {
	link: string;
	name: string;
	/** They pressed "join", and are not in yet. */
	wish: boolean;
}

const KEY = 'join';

/** What was begun in this tab; null when nothing was. */
export function begun(): Coming | null {
	try {
		const { link, name, wish } = JSON.parse(kept(KEY)) as Partial<Coming>;
		return typeof link === 'string' && typeof name === 'string' ? { link, name, wish: wish === true } : null;
	} catch {
		return null;
	}
}

/** Keeps where they are; says what is to be told of the name's length. */
export function coming(now: Coming): string {
	keep(KEY, JSON.stringify(now));
	return lengthSaid(now.name, limits.name);
}
