/** The one Trusted Types policy of our own: addresses of scripts that workers are started from. */

const policy = window.trustedTypes?.createPolicy('kith-script', {
	createScriptURL: (address) => {
		if (new URL(address, location.href).origin !== location.origin) throw new TypeError('a foreign script');
		return address;
	},
});

/**
 * An address that a worker or service worker may be started from under the server's security policy.
 * Throws for an address of another origin.
 */
export function scriptAddress(address: string): string {
	// The platform's types take strings here; a trusted value is one where it matters.
	return (policy?.createScriptURL(address) ?? address) as unknown as string;
}
