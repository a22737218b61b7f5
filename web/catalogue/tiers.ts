/** Which parts come together, as one module a language: what the first screen says, what the rooms say, and the rest. */
export const TIERS = {
	first: ['first'],
	rooms: ['rooms', 'values', 'pin'],
	rare: ['phone', 'people', 'rare'],
} as const;

export type Tier = keyof typeof TIERS;
