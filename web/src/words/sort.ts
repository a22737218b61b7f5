/** Names in the order in which the person's own language has them. */
import { locale } from './locale';

const { compare } = new Intl.Collator(locale, { numeric: true });

interface Named {
	name: string;
	role: 'facilitator' | 'member';
}

/** Facilitators first, then by name; those whose name has not come yet last. */
export function inOrder<T extends Named>(people: readonly T[]): T[] {
	const rank = ({ role, name }: Named): number => (role === 'facilitator' ? 0 : 1) + (name === '' ? 2 : 0);
	return [...people].sort((a, b) => rank(a) - rank(b) || compare(a.name, b.name));
}
