// @ts-check
/** Names that would turn a sentence, run code or leave the screen, where people come in, lock and read. */
import assert from 'node:assert/strict';
import { goTo, lock, openPeople, openPhone, setPin, settled, showOwnCode, shownCode, sixWords, typeCode } from '../harness/acts.mjs';
import { keepOpen, line, lockedPlan, openPart } from '../harness/plan.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const NARROWEST = { width: 320, height: 640 };
/** Turns round what follows, marks up, and is one long word. */
const SEEN = 'W'.repeat(16);
/** Its front alone is in a code between two phones. */
const HOSTILE = `${SEEN}\u202e\u2067<img src=x onerror="window.broken=1">`;

/** The same as a moment, which is shorter. */
const HOSTILE_MOMENT = `${SEEN}\u202e\u2067<img src=x>`;

/** Looks at each screen: how wide it is, what turns it, what runs. */
class Sweep {
	/** @type {string[]} */
	faults = [];

	/** @param {Phone} phone @param {string} screen @param {boolean} [named] somebody's name is on it */
	async look({ page }, screen, named = true) {
		const shows = async () => {
			const fields = await page.locator('input, textarea').evaluateAll((all) => all.map((one) => /** @type {HTMLInputElement} */ (one).value));
			return [await page.locator('body').innerText(), ...fields].join(' ').includes(SEEN);
		};
		if (named) await until(`the name is on: ${screen}`, shows);
		const found = await page.evaluate(() => {
			const { scrollWidth, clientWidth } = document.documentElement;
			const labels = [...document.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel ?? '');
			return [
				scrollWidth > clientWidth ? `${scrollWidth} px wide` : '',
				/[\u202a-\u202e]/.test([document.body.innerText, ...labels].join(' ')) ? 'turned' : '',
				labels.some(opened) ? 'isolation left open' : '',
				'broken' in window ? 'ran' : '',
				document.querySelector('main img') ? 'drawn' : '',
			].filter((fault) => fault !== '');
			/** @param {string} all */
			function opened(all) {
				return [...all].filter((sign) => /[\u2066-\u2068]/.test(sign)).length !== [...all].filter((sign) => sign === '\u2069').length;
			}
		});
		this.faults.push(...found.map((fault) => `${screen}: ${fault}`));
	}
}

/** @param {Phone} phone */
async function join({ page }) {
	await page.getByLabel('What should people call you?').fill(HOSTILE);
	await page.getByRole('button', { name: 'Join the circle' }).click();
	await page.getByRole('link', { name: 'Not now' }).click();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
}

scene('a hostile name breaks, turns and widens no screen of coming in, locking and reading', async (world) => {
	const sweep = new Sweep();
	const ruth = await world.phone('Ruth', { viewport: NARROWEST });
	const guest = await world.phone('Guest', { viewport: NARROWEST });
	const page = await ruth.open(world.server.links.facilitator);
	await page.getByLabel('What should people call you?').fill(HOSTILE);
	await sweep.look(ruth, 'welcome');
	await join(ruth);
	await settled(ruth);

	await openPhone(ruth);
	await sweep.look(ruth, 'settings');
	await page.getByRole('link', { name: 'Printed code' }).click();
	await page.getByRole('button', { name: 'Make my code' }).click();
	await page.getByRole('group', { name: 'Your printed code' }).waitFor();
	await sweep.look(ruth, 'printed code');
	await page.emulateMedia({ media: 'print' });
	await sweep.look(ruth, 'printed code, on paper');
	await page.emulateMedia({ media: 'screen' });

	await guest.open('/#/found');
	await guest.page.getByLabel('What is the circle called?').fill(HOSTILE);
	await sweep.look(guest, 'found');
	await guest.open('/#/back');
	await guest.page.getByLabel('Printed code').fill(HOSTILE);
	await sweep.look(guest, 'come back');

	// Let in with no network: both sides, to the end.
	await guest.open('/#/welcome');
	await guest.page.getByRole('link', { name: 'No network? Come in with a code' }).click();
	await guest.page.getByLabel('What should people call you?').fill(HOSTILE);
	await sweep.look(guest, 'code in');
	guest.owner = HOSTILE;
	await guest.page.getByRole('link', { name: 'Back', exact: true }).click();
	await showOwnCode(guest);
	await sweep.look(guest, 'own code', false);
	await openPeople(ruth);
	await page.getByRole('link', { name: 'Let in with no network' }).click();
	await sweep.look(ruth, 'let in', false);
	await page.getByRole('button', { name: 'Scan their code' }).click();
	await typeCode(ruth, await shownCode(guest));
	await page.locator('[data-qr] canvas').waitFor();
	await sweep.look(ruth, 'let in, answer', false);
	const answer = await shownCode(ruth);
	await guest.page.getByRole('button', { name: 'They scanned it' }).click();
	await typeCode(guest, answer);
	await sixWords(guest);
	await sweep.look(guest, 'six words', false);
	await guest.page.getByRole('button', { name: 'Yes, the same' }).click();
	await page.getByRole('button', { name: 'They scanned it' }).click();
	await sixWords(ruth);
	await page.getByRole('button', { name: 'Yes, the same' }).click();
	await sweep.look(ruth, 'let in, done');

	// Another phone of somebody with that name, and who sees what.
	await openPeople(ruth);
	for (const person of await page.locator('details[name="person"] > summary').all()) {
		await person.click();
		await sweep.look(ruth, 'people, opened');
	}
	await openPhone(ruth);
	await page.getByRole('link', { name: 'Add another phone' }).click();
	await page.getByRole('heading', { level: 1 }).waitFor();
	await sweep.look(ruth, 'another phone', false);
	await openPeople(ruth);
	await page.getByRole('link', { name: 'Who can see this?' }).click();
	await sweep.look(ruth, 'who', false);
	await goTo(ruth, 'Circle');
	await setPin(ruth, '493028', 'Boat');
	await lock(ruth);
	await sweep.look(ruth, 'lock', false);
	assert.ok(!(await page.locator('body').innerText()).includes(SEEN), 'a locked phone names nobody');
	assert.deepEqual(sweep.faults, []);
});

scene('a hostile strategy breaks, turns and widens no screen of the toolkit', async (world) => {
	const sweep = new Sweep();
	const ruth = await world.phone('Ruth', { viewport: NARROWEST });
	const page = await ruth.open(world.server.links.facilitator);
	await join(ruth);
	await page.getByRole('link', { name: 'What helps' }).click();
	await page.getByRole('link', { name: 'Write down what helps you' }).click();
	await page.getByLabel('What do you call it?').fill(HOSTILE);
	await page.getByLabel('What do you do?').fill(`${SEEN}<img src=x onerror="window.broken=1">\n${'x'.repeat(400)}`);
	await page.getByLabel('Another moment, in your words').fill(HOSTILE_MOMENT);
	await page.getByRole('button', { name: 'Add', exact: true }).click();
	await sweep.look(ruth, 'writing it down');
	await page.getByRole('button', { name: 'Share it with the circle' }).click();
	await page.getByRole('button', { name: 'This helped me' }).waitFor();
	await sweep.look(ruth, 'strategy');
	await page.getByRole('link', { name: 'Write my own version' }).click();
	await until('its words are there', async () => (await page.getByLabel('What do you do?').inputValue()).includes(SEEN));
	await sweep.look(ruth, 'one’s own version');
	await page.getByRole('button', { name: 'Share it with the circle' }).click();
	await page.getByText('Adapted from').waitFor();
	await sweep.look(ruth, 'what it was adapted from');
	await page.getByRole('link', { name: 'Back', exact: true }).click();
	await page.getByRole('heading', { level: 1, name: 'What helps' }).waitFor();
	await sweep.look(ruth, 'toolkit');
	await page.getByRole('searchbox').fill(SEEN.toLowerCase());
	await sweep.look(ruth, 'toolkit, searched');
	assert.deepEqual(sweep.faults, []);
});

scene('a hostile line breaks, turns and widens no screen of the plan, nor the lock screen', async (world) => {
	const sweep = new Sweep();
	const ruth = await world.phone('Ruth', { viewport: NARROWEST });
	const page = await ruth.open(world.server.links.facilitator);
	await join(ruth);
	await setPin(ruth, '493028', 'Boat');
	await openPart(ruth, 'People I can ask for help');
	await page.getByLabel('In your own words').fill(`${HOSTILE}${'x'.repeat(200)}`);
	await page.getByLabel('Number to call, if there is one').fill('+1 202 555 0134 0134 0134 0134 0134 0134');
	await sweep.look(ruth, 'writing a line');
	await page.getByRole('button', { name: 'Add it' }).click();
	await line(ruth, SEEN).waitFor();
	await sweep.look(ruth, 'a part of the plan');
	await line(ruth, SEEN).getByRole('button', { name: /^Change/ }).click();
	await sweep.look(ruth, 'changing a line');
	await page.locator('li').getByRole('button', { name: 'Cancel' }).click();
	await keepOpen(ruth);
	await sweep.look(ruth, 'the plan');
	await lock(ruth);
	await sweep.look(ruth, 'lock screen', false);
	await lockedPlan(ruth).click();
	await sweep.look(ruth, 'the open plan');
	assert.deepEqual(sweep.faults, []);
});
