/** The words around what people write themselves; apart, since the first screen needs none of them. */
import { enValues } from './en.values';

/** The catalogue in use. */
export const valueWords: typeof enValues = enValues;
