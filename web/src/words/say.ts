/** Numbers and plurals as the person's language has them. */
import { locale } from './locale';

/** "1,500". */
export function number(count: number): string {
	return count.toLocaleString(locale);
}

/** "45%", of a share from 0 to 1. */
export function percent(share: number): string {
	return share.toLocaleString(locale, { style: 'percent' });
}

let rules: Intl.PluralRules | undefined;

/** The sentence of several that goes with a count. */
export function plural(count: number, forms: Record<string, string>): string {
	rules ??= new Intl.PluralRules(locale);
	return forms[`=${count}`] ?? forms[rules.select(count)] ?? forms['other'] ?? '';
}
