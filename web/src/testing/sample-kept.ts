/** People of the stand-in's circle with whom something can be taken on. */
import type { MemberId } from '../bridge/contract';
import { circle } from './sample';

/** Their names, by id. */
export const NAMES: Readonly<Record<MemberId, string>> = Object.fromEntries(
	circle.members.filter(({ me }) => !me).map(({ member, name }) => [member, name]),
);
