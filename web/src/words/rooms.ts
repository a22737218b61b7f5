/** The words of the circle's own screens; apart, since the first screen needs none of them. */
import { enRooms } from './en.rooms';

/** The catalogue in use. */
export const roomWords: typeof enRooms = enRooms;
