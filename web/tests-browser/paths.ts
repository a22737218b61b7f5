/** Where things are. */
import { resolve } from 'node:path';

/** The workspace. */
export const ROOT = resolve(import.meta.dirname, '../..');
/** The built test pages. */
export const PAGES = resolve(import.meta.dirname, '../node_modules/.cache/kith-tests-browser');
/** The storage conformance suite, printed by the core. */
export const CONFORMANCE = resolve(import.meta.dirname, '../node_modules/.cache/kith-conformance.json');
const BIN =
	process.env['KITH_BIN_DIR'] ?? resolve(process.env['CARGO_TARGET_DIR'] ?? resolve(ROOT, 'target'), 'debug');
/** The server. */
export const SERVER = process.env['KITH_SERVER_BIN'] ?? resolve(BIN, 'kith-server');
/** Prints the conformance suite. */
export const PRINTER = resolve(BIN, 'kith-conformance');
