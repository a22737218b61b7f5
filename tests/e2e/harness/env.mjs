// @ts-check
/** Where things are, as `cargo xtask test` says, or where they lie after a build by hand. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @param {string} path from the project's root */
const inProject = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/**
 * @param {string} variable
 * @param {string[]} places
 * @param {string} advice
 */
function find(variable, places, advice) {
	const said = process.env[variable];
	const found = (said ? [said] : places).find((place) => existsSync(place));
	if (!found) throw new Error(`${said ?? places[0]} is not there: ${advice}, or set ${variable}`);
	return found;
}

/** The browser. */
export const CHROMIUM = find(
	'KITH_CHROMIUM',
	['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
	'install Chromium',
);
/** The server. */
export const SERVER = find(
	'KITH_SERVER_BIN',
	[inProject('target/debug/kith-server')],
	'run `cargo build -p kith-server`',
);
/** The phone without a screen; a path that may not be there, since only benches use it. */
export const HEADLESS = process.env['KITH_PHONE_BIN'] ?? inProject('target/debug/kith-phone');
/** Founds the demo circle; a path that may not be there, since only benches and pictures use it. */
export const DEMO = process.env['KITH_DEMO_BIN'] ?? inProject('target/debug/kith-demo');
/** The built web app. */
export const WEB = find(
	'KITH_WEB_DIST',
	[inProject('web/dist')],
	'run `cargo xtask wasm`, then `npm run build` in web/',
);
/** Where pictures of the screens go; null: none are taken. */
export const SCREENSHOTS = process.env['KITH_SCREENSHOTS'] ?? null;

/** What keeps Chromium to itself and off the network. */
export const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--lang=en-GB',
];
