/** The words around what people write themselves; apart, since the first screen needs none of them. */
import { enRare } from './en.rare';

/** The catalogue in use. */
export const rareWords: typeof enRare = enRare;
