// @ts-check
/**
 * Syncing side by side: `README.md`. It is started by `cargo xtask bench sync`, which checks what it is told:
 * `KITH_SYNC_BENCH` has it as JSON.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson } from './common.mjs';
import { floors } from './floor.mjs';
import { plot } from './plot.mjs';
import { Process, endAll } from './process.mjs';
import { report, table } from './report.mjs';
import { measureAll } from './run.mjs';
import { subjects } from './subjects.mjs';
import { baseOf, counts } from './workload.mjs';

const DRAW_MS = 60_000;

/**
 * @typedef {import('./run.mjs').Wanted & { json: boolean, plot: string | null, peers: string[],
 *   programs: { server: string, phone: string, bench: string } }} Settings
 */

/** @type {Settings} */
const settings = JSON.parse(process.env.KITH_SYNC_BENCH ?? 'null');
if (!settings) throw new Error('start it by `cargo xtask bench sync`');
const say = (/** @type {string} */ text) => void process.stderr.write(`    ${text}\n`);

const folder = await mkdtemp(join(tmpdir(), 'kith-bench-sync-'));
// However it ends: nothing that it started is left.
process.once('exit', () => {
	endAll();
	rmSync(folder, { recursive: true, force: true });
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(1));
const file = join(folder, 'workload.json');
await new Process(settings.programs.bench, ['sync', '--seed', String(settings.seed), '--workload', file]).done(DRAW_MS);
const workload = await readJson(file);
const base = baseOf(workload, Date.now());
const chosen = subjects(settings.programs).filter(({ name }) => settings.peers.includes(name));
const outcomes = await measureAll(chosen, { folder, file, workload, base, want: counts(workload), wanted: settings, say });
const own = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
const told = report(outcomes, await floors(workload), settings, own.dependencies);
process.stdout.write(settings.json ? `${JSON.stringify(told)}\n` : table(told, settings.links, settings.only));
if (settings.plot) await writeFile(settings.plot, plot(told, settings.links));
if (outcomes.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
