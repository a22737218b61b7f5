// Compares the reader of codes with npm's `qr`; `cargo xtask bench qr` runs it. Options: --kind PART, --patient, --missed.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const { values } = parseArgs({
	options: {
		kind: { type: 'string', default: '' },
		patient: { type: 'boolean', default: false },
		missed: { type: 'boolean', default: false },
	},
});
const say = (line) => process.stdout.write(`${line}\n`);
const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = `${root}node_modules/.kith-bench`;

// Bundled as the page has it, both readers alike.
await build({
	root,
	configFile: false,
	logLevel: 'error',
	publicDir: false,
	ssr: { noExternal: true },
	build: { ssr: 'src/testing/qr/compare.ts', outDir, emptyOutDir: true, target: 'node20' },
});
const { compare, samples } = await import(pathToFileURL(`${outDir}/compare.js`).href);

const missed = (name, ours, theirs) => say(`${ours ? ' ' : 'K'}${theirs ? ' ' : 'q'}  ${name}`);
const chosen = samples().filter(({ kind }) => kind.includes(values.kind));
const tell = { now: () => performance.now(), ...(values.missed ? { missed } : {}) };
const tallies = compare(chosen, tell, values.patient);
const total = { kind: 'in all' };
for (const tally of tallies)
	for (const [key, value] of Object.entries(tally))
		if (key !== 'kind') total[key] = (total[key] ?? 0) + value;

const cell = (value, width) => String(value).padStart(width);
say('                 pictures   Kith     qr   both   ms each: Kith     qr  ratio');
for (const one of [...tallies, total]) {
	const [oursMs, theirsMs] = [one.oursMs / one.pictures, one.theirsMs / one.pictures];
	say(
		one.kind.padEnd(17) +
			cell(one.pictures, 8) +
			cell(one.ours, 7) +
			cell(one.theirs, 7) +
			cell(one.both, 7) +
			cell(oursMs.toFixed(1), 16) +
			cell(theirsMs.toFixed(1), 7) +
			cell((oursMs / theirsMs).toFixed(2), 7),
	);
}
say(`read wrongly: ${total.oursWrong} by Kith, ${total.theirsWrong} by qr`);
const fewer = [...tallies, total].filter((one) => one.ours < one.theirs).map((one) => one.kind);
if (fewer.length > 0) {
	say(`Kith reads fewer: ${fewer.join(', ')}`);
	process.exitCode = 1;
}
