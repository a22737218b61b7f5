/** Builds the test pages as the app is built, and what they are tested with. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';
import { CONFORMANCE, PAGES, ROOT } from './paths';

export default async function setup(): Promise<void> {
	await build({
		configFile: false,
		root: `${import.meta.dirname}/pages`,
		logLevel: 'warn',
		// What the pages share with the app has runes in it.
		plugins: [svelte()],
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
	// While Rust is being changed: with what was built last.
	if (process.env['KITH_BUILT']) return;
	const cargo = ['run', '--quiet', '--package', 'kith-client-wasm', '--example', 'conformance'];
	writeFileSync(CONFORMANCE, execFileSync('cargo', cargo, { cwd: ROOT, maxBuffer: 1 << 28 }));
	execFileSync('cargo', ['build', '--quiet', '--package', 'kith-server', '--bins'], { cwd: ROOT });
}
