/** The conformance suite as the core prints it: keys and values in hex, trees as numbers. */

/** Tree and key. */
export type JsonAt = [tree: number, key: string];
export type JsonRead =
	| { get: JsonAt }
	| { has: JsonAt }
	| {
			range: [tree: number, from: string, to: string];
			rows_max: number;
			bytes_max: number;
			reverse: boolean;
	  };
export type JsonResult = { value: string | null } | { rows: [string, string][]; more: boolean };
export type JsonStep =
	| {
			commit: { expect: [...JsonAt, string | null][]; puts: [...JsonAt, string][]; deletes: JsonAt[] };
			outcome: 'committed' | 'conflict';
	  }
	| { read: JsonRead[]; results: JsonResult[] }
	| { reopen: true };
/** Begins with an empty store. */
export interface Case {
	name: string;
	steps: JsonStep[];
}
