import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
	plugins: [svelte()],
	resolve: {
		conditions: ['browser'],
		alias: { $bridge: fileURLToPath(new URL('./src/testing/connect.ts', import.meta.url)) },
	},
	test: {
		environment: 'node',
		include: ['src/**/*.test.ts', 'catalogue/*.test.ts'],
		setupFiles: ['src/testing/words.ts'],
	},
});
