// @ts-check
/** Sees every request of every page and worker of a browser, and every complaint. */

/** Complaints that a missing network explains; the last is Chromium's for a worker's script that a cut broke. */
const NETWORK =
	/Failed to load resource|net::ERR_|NetworkError|Failed to fetch|the network connection was lost|error occurred when fetching the script/i;

export class Witness {
	/** Addresses that anything in the browser asked for. @type {Set<string>} */
	addresses = new Set();
	/** Exceptions, violations of the security policy, errors on the console. @type {string[]} */
	complaints = [];

	/** @param {import('playwright-core').BrowserContext} context */
	async watch(context) {
		// Requests of pages, their workers and the service worker.
		context.on('request', (request) => this.addresses.add(request.url()));
		context.on('weberror', (error) => this.complaints.push(`exception: ${error.error().message}`));
		context.on('console', (message) => {
			if (message.type() !== 'error' || NETWORK.test(message.text())) return;
			this.complaints.push(`console: ${message.text()}`);
		});
		await context.exposeBinding('__kithViolation', (_source, /** @type {string} */ text) => {
			this.complaints.push(`policy: ${text}`);
		});
		await context.addInitScript(() => {
			document.addEventListener('securitypolicyviolation', (event) => {
				const said = `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`;
				/** @type {any} */ (window).__kithViolation(said);
			});
		});
	}

	/** Origins that anything asked for; not those that live inside the browser. */
	get origins() {
		const inside = /^(data|blob|about|chrome|chrome-extension|devtools):/;
		const asked = [...this.addresses].filter((address) => !inside.test(address));
		return [...new Set(asked.map((address) => new URL(address).origin))];
	}
}
