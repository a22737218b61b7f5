import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { app } from './state/app.svelte';
import { door } from './state/door.svelte';
import { install } from './state/install.svelte';
import { router } from './state/route.svelte';
import { words } from './words';

document.documentElement.lang = words.lang;
document.documentElement.dir = words.dir;
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
