/** The person's own variant of the page's language, which the page's head has chosen (`language.ts`). */
export const locale = globalThis.document?.documentElement.lang || 'en';

/** The language alone. */
export const language = locale.replace(/-.*/s, '');

/** Which way it is written. */
export const direction = (globalThis.document?.documentElement.dir || 'ltr') as 'ltr' | 'rtl';
