/** Where things are. */
import { resolve } from 'node:path';

/** The workspace. */
export const ROOT = resolve(import.meta.dirname, '../..');
/** The built test pages. */
export const PAGES = resolve(import.meta.dirname, '../node_modules/.cache/kith-tests-browser');
/** The storage conformance suite, printed by the core. */
export const CONFORMANCE = resolve(import.meta.dirname, '../node_modules/.cache/kith-conformance.json');
/** The server. */
export const SERVER = resolve(
	process.env['CARGO_TARGET_DIR'] ?? resolve(ROOT, 'target'),
	'debug/kith-server',
);
