// @ts-check
/** A server that shows people two histories of who is in the circle, and is found out by their phones. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { enrol, expectPeople, openPeople, settled } from '../harness/acts.mjs';
import { Phone } from '../harness/phone.mjs';
import { Server } from '../harness/server.mjs';
import { scene } from '../harness/world.mjs';

const WARNING = 'The server tells people different things about who is in this circle';

scene('p26 a server that tells two histories is shown by the phone that saw both', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	await settled(ruth);
	const { links } = world.server;
	await world.server.stop();
	// The same store and key, twice: the server's owner lets one person into each.
	const double = new Server(join(world.folder, 'double', 'data'));
	await cp(world.server.data, double.data, { recursive: true });
	await cp(`${world.server.data}-keys`, `${double.data}-keys`, { recursive: true }).catch(() => {});
	await world.server.start();
	await double.start();
	const kofi = await world.phone('Kofi');
	await enrol(kofi, links.member);
	await settled(kofi);
	await expectPeople(ruth, ['Ruth', 'Kofi']);
	await settled(ruth);
	const eve = new Phone('Eve', world.folder, () => double.port);
	world.phones.push(eve);
	await eve.start();
	try {
		await enrol(eve, links.member);
		await settled(eve);
		ruth.proxy.target = () => double.port;
		await ruth.loseNetwork();
		await ruth.findNetwork();
		await ruth.page.getByText(WARNING).first().waitFor();
		// What she knew stays: nobody of the other history is among her people.
		await openPeople(ruth);
		await ruth.page.getByText('Kofi').first().waitFor();
	} finally {
		await double.stop();
	}
});
