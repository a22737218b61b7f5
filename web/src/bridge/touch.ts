/**
 * Opening by the phone's fingerprint or face: WebAuthn's PRF extension has the authenticator make 32 secret bytes
 * of a salt, once the person showed a finger or face. Nothing is sent to the server, nobody is logged in.
 */
import type { VaultRecord } from './vaults';
import { slotOf } from './vaults';

const SECRET_BYTES = 32;
const TIMEOUT_MS = 60_000;

type Bytes = Uint8Array<ArrayBuffer>;

/** What the authenticator gave. */
export interface Touched {
	credential: Bytes;
	salt: Bytes;
	secret: Bytes;
}

/** Whether this browser says that it can; null: it can't say, so only trying tells. */
export async function canTouch(): Promise<boolean> {
	if (typeof PublicKeyCredential === 'undefined' || !('credentials' in navigator)) return false;
	try {
		if (!(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable())) return false;
		const ask = PublicKeyCredential as typeof PublicKeyCredential & {
			getClientCapabilities?: () => Promise<Record<string, boolean>>;
		};
		const can = await ask.getClientCapabilities?.();
		// Without the list of capabilities only trying tells; old browsers are not worth a prompt that fails.
		return can?.['extension:prf'] === true;
	} catch {
		return false;
	}
}

/** Makes a credential of the phone; null when the person, the phone or the browser would not. */
export async function makeTouch(): Promise<Touched | null> {
	const salt = random();
	try {
		const made = (await navigator.credentials.create({
			publicKey: {
				rp: { name: 'Kith' },
				// The phone's own list of passkeys shows this name: it says nothing of the person.
				user: { id: random(), name: 'Kith', displayName: 'Kith' },
				challenge: random(),
				pubKeyCredParams: [
					{ type: 'public-key', alg: -7 },
					{ type: 'public-key', alg: -257 },
				],
				authenticatorSelection: {
					authenticatorAttachment: 'platform',
					residentKey: 'discouraged',
					userVerification: 'required',
				},
				timeout: TIMEOUT_MS,
				extensions: { prf: { eval: { first: salt } } },
			},
		})) as PublicKeyCredential | null;
		if (!made) return null;
		const credential = new Uint8Array(made.rawId);
		const secret = secretOf(made) ?? (await askSecret(credential, salt));
		return secret && { credential, salt, secret };
	} catch {
		return null;
	}
}

/** Asks for the finger or face; the secret of a vault, or null when the person would not. */
export async function useTouch(record: VaultRecord): Promise<Bytes | null> {
	const slot = slotOf(record, 'touch');
	if (!slot) return null;
	try {
		return await askSecret(slot.credential, slot.salt);
	} catch {
		return null;
	}
}

async function askSecret(credential: Bytes, salt: Bytes): Promise<Bytes | null> {
	const got = (await navigator.credentials.get({
		publicKey: {
			challenge: random(),
			allowCredentials: [{ type: 'public-key', id: credential }],
			userVerification: 'required',
			timeout: TIMEOUT_MS,
			extensions: { prf: { eval: { first: salt } } },
		},
	})) as PublicKeyCredential | null;
	return got && secretOf(got);
}

function secretOf(credential: PublicKeyCredential): Bytes | null {
	const first = credential.getClientExtensionResults().prf?.results?.first;
	if (!(first instanceof ArrayBuffer) || first.byteLength !== SECRET_BYTES) return null;
	return new Uint8Array(first);
}

function random(): Bytes {
	return crypto.getRandomValues(new Uint8Array(32));
}
