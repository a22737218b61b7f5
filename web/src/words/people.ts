/** The words of the screens about people, codes and trust; apart, since the first screen needs none of them. */
import { enPeople } from './en.people';

/** The catalogue in use. */
export const peopleWords: typeof enPeople = enPeople;
