/** The words in the person's language. Later languages are chosen here. */
import { en, type Words } from './en';

/** The catalogue in use. */
export const words: Words = en;

export type { Words };
