/** Wrapping keys with the browser's own cipher, AES-256-GCM with random nonces. */
import type { Bytes } from './range';
import type { Pass } from '../bridge/protocol';

const AES = 'AES-GCM';
const NONCE_BYTES = 12;
/** Bytes of a data key. */
export const KEY_BYTES = 32;

/** A new key that never leaves the browser. */
export function newKey(): Promise<CryptoKey> {
	return crypto.subtle.generateKey({ name: AES, length: 256 }, false, ['encrypt', 'decrypt']);
}

/** The cipher's key with these bytes, which are overwritten. */
export async function keyOf(bytes: Bytes): Promise<CryptoKey> {
	const key = await crypto.subtle.importKey('raw', bytes, AES, false, ['encrypt', 'decrypt']);
	bytes.fill(0);
	return key;
}

/** Nonce and ciphertext. */
export async function seal(key: CryptoKey, bytes: Bytes): Promise<Bytes> {
	const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
	const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: AES, iv }, key, bytes));
	const all = new Uint8Array(NONCE_BYTES + sealed.length);
	all.set(iv);
	all.set(sealed, NONCE_BYTES);
	return all;
}

/** What {@link seal} sealed; null: another key, or a byte changed. */
export async function open(key: CryptoKey, sealed: Bytes): Promise<Bytes | null> {
	const iv = sealed.subarray(0, NONCE_BYTES);
	try {
		const bytes = await crypto.subtle.decrypt({ name: AES, iv }, key, sealed.subarray(NONCE_BYTES));
		return new Uint8Array(bytes);
	} catch {
		return null;
	}
}

/** A data key as pages may hold it: wrapped by a key that is made now and kept nowhere. The bytes are overwritten. */
export async function passOf(dataKey: Bytes): Promise<Pass> {
	const key = await newKey();
	const sealed = await seal(key, dataKey);
	dataKey.fill(0);
	return { key, sealed };
}

/** The data key in a pass; overwrite it soon. */
export async function dataKeyOf(pass: Pass): Promise<Bytes> {
	const bytes = await open(pass.key, pass.sealed);
	if (bytes?.length !== KEY_BYTES) throw new Error('the pass holds no key');
	return bytes;
}
