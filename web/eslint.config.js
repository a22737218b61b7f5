import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
	{ ignores: ['dist', 'pkg', 'node_modules'] },
	js.configs.recommended,
	ts.configs.strict,
	svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.browser, ...globals.node } },
		rules: {
			'no-undef': 'off',
			'no-console': 'error',
			eqeqeq: 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
		},
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
		rules: { 'svelte/no-at-html-tags': 'error', 'svelte/no-navigation-without-resolve': 'off' },
	},
	{
		// Views speak to state, state to the bridge; only the worker knows the WASM package.
		files: ['src/views/**', 'src/ui/**', 'src/state/**', 'src/editor/**', 'src/App.svelte'],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: [{ group: ['**/pkg/*', '**/worker/*', '**/testing/*'], message: 'Only the bridge may.' }],
				},
			],
		},
	},
	{
		files: ['src/testing/**', '**/*.test.ts'],
		rules: { 'no-restricted-imports': 'off', 'no-console': 'off' },
	},
);
