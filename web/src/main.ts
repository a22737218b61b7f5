import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { app } from './state/app.svelte';
import { door } from './state/door.svelte';
import { install } from './state/install.svelte';
import { tabKept } from './state/kept';
import { router } from './state/route.svelte';
import { bring } from './words/load';

// Kith was hidden in this tab: going back in its history shows nothing of it. Opening it anew does.
const kept = tabKept('hidden');
const hidden = (): boolean => kept.get() !== null;
const away = (): void => {
	document.documentElement.style.display = 'none';
	location.replace('/notes.html');
};
addEventListener('pageshow', ({ persisted }) => persisted && hidden() && away());
const [opened] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
if (hidden() && opened?.type === 'back_forward') away();
else void bring('first').then(begin);

function begin(): void {
	kept.clear();
	router.start();
	install.start();
	const target = document.getElementById('app');
	if (target) mount(App, { target });
	// The engine starts once the first screen is painted.
	requestAnimationFrame(() =>
		setTimeout(() => {
			app.start();
			void door.start();
		}, 0),
	);
}
