/**
 * Every word that the page says, in the person's language: empty until `load.ts` has brought them. Each part is a file
 * of `words/` a language.
 */
import type { Find } from './keys/find';
import type { Belong } from './keys/belong';
import type { First } from './keys/first';
import type { Help } from './keys/help';
import type { Leave } from './keys/leave';
import type { Keep } from './keys/keep';
import type { Moving } from './keys/moving';
import type { People } from './keys/people';
import type { Phone } from './keys/phone';
import type { Pin } from './keys/pin';
import type { Plan } from './keys/plan';
import type { Rare } from './keys/rare';
import type { Report } from './keys/report';
import type { Rooms } from './keys/rooms';
import type { Self } from './keys/self';
import type { Values } from './keys/values';

/** What the first screen needs. */
export const words = {} as First;
/** What the circle's own screens say. */
export const roomWords = {} as Rooms;
/** The words around what people write themselves. */
export const valueWords = {} as Values;
/** Choosing a PIN, and what comes of it. */
export const pinWords = {} as Pin;
/** The screens about the phone itself. */
export const phoneWords = {} as Phone;
/** The screens about people, codes and trust. */
export const peopleWords = {} as People;
/** For rare days. */
export const rareWords = {} as Rare;
/** Whom to call, and what of that facilitators enter. */
export const helpWords = {} as Help;
/** One's own plan for hard moments, on its screens and on the lock screen. */
export const planWords = {} as Plan;
/** How one is oneself: check-ins, questionnaires, and what they come to over weeks. */
export const selfWords = {} as Self;
/** Leaving a circle, and what one takes along. */
export const leaveWords = {} as Leave;
/** What one takes on, and how each attempt went. */
export const keepWords = {} as Keep;
/** Looking for words. */
export const findWords = {} as Find;
/** What holds the circle together: its agreement, who does what, stories and milestones. */
export const belongWords = {} as Belong;
/** Codes that move: what is passed from screen to camera. */
export const movingWords = {} as Moving;
/** Reports to facilitators. */
export const reportWords = {} as Report;
