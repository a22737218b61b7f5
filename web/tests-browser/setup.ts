/** Builds the test pages as the app is built, and what they are tested with. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';
import { CONFORMANCE, PAGES, PRINTER, ROOT } from './paths';

export default async function setup(): Promise<void> {
	await build({
		configFile: false,
		root: `${import.meta.dirname}/pages`,
		logLevel: 'warn',
		// The pages read modules that hold state.
		plugins: [svelte({ configFile: false })],
		define: { __CORE_BYTES__: 1_000_000 },
		worker: { format: 'es' },
		build: {
			target: 'es2022',
			outDir: PAGES,
			emptyOutDir: true,
			assetsInlineLimit: 0,
			modulePreload: { polyfill: false },
			rolldownOptions: {
				input: ['store', 'bridge', 'editor'].map((name) => `${import.meta.dirname}/pages/${name}.html`),
			},
		},
	});
	mkdirSync(PAGES, { recursive: true });
	// `cargo xtask test` has built both, with the features of the whole workspace; anything narrower builds all anew.
	if (!process.env['KITH_BIN_DIR'] && !process.env['KITH_BUILT']) {
		const packages = ['--package', 'kith-tests', '--package', 'kith-server'];
		execFileSync('cargo', ['build', '--quiet', ...packages, '--bins'], { cwd: ROOT, stdio: 'inherit' });
	}
	writeFileSync(CONFORMANCE, execFileSync(PRINTER, { maxBuffer: 1 << 28 }));
}
