/**
 * What the lock screen shows of a vault without its PIN: helplines, and its owner's plan where they chose so. It is
 * sealed in the vault's record by a key of its own, which opens nothing else, as nothing else opens it. Sealed, a copied
 * database that was exported is noise; the key lies beside it in the browser's profile, so whoever has the phone reads
 * it, and was told so. Both go with the record: in the one write that removes the vault's keys.
 */
import type { DoorReply, LockCard, VaultId } from './door';
import { changeVault, getVault, type SealedCard, type VaultRecord } from './vaults';

const AES = 'AES-GCM';
const NONCE_BYTES = 12;
/** Filled up with spaces to a multiple of this, so that its length does not tell whether a plan is on it. */
const BLOCK_BYTES = 4_096;
/** One form of a card; what another version wrote in another form is none. */
const FORM = 1;
/** Held by the page that changes a vault's card, followed by the vault. */
const CARD_LOCK = 'kith-card-';

/** The card of a vault; null when there is none, or it does not open. Never throws. */
export async function readCard(vault: VaultId): Promise<LockCard | null> {
	try {
		const record = await getVault(vault);
		return record && (await opened(record));
	} catch {
		return null;
	}
}

/**
 * Changes a vault's card, one page at a time: `change` is given what stands there, and gives what is to; null: nothing.
 * Durable when it resolves. Never throws.
 */
export async function changeCard(
	vault: VaultId,
	change: (card: LockCard | null) => Promise<LockCard | null>,
): Promise<DoorReply> {
	try {
		return await navigator.locks.request(CARD_LOCK + vault, async () => {
			const before = await readCard(vault);
			const card = await change(before);
			if (JSON.stringify(card) === JSON.stringify(before)) return 'done';
			return await write(vault, card);
		});
	} catch (error) {
		return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'failed';
	}
}

async function write(vault: VaultId, card: LockCard | null): Promise<DoorReply> {
	const sealed = card && (await seal(vault, card));
	const changed = await changeVault(vault, ({ card: _before, ...rest }) =>
		sealed ? { ...rest, card: sealed } : rest,
	);
	return changed ? 'done' : 'failed';
}

/** Under a new key each time: what an earlier one opens is not wanted any more. */
async function seal(vault: VaultId, card: LockCard): Promise<SealedCard> {
	const key = await crypto.subtle.generateKey({ name: AES, length: 256 }, false, ['encrypt', 'decrypt']);
	const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
	const text = new TextEncoder().encode(JSON.stringify({ form: FORM, ...card }));
	const filled = new Uint8Array(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20);
	filled.set(text);
	const bytes = new Uint8Array(await crypto.subtle.encrypt(cipher(vault, iv), key, filled));
	const sealed = new Uint8Array(NONCE_BYTES + bytes.length);
	sealed.set(iv);
	sealed.set(bytes, NONCE_BYTES);
	return { key, sealed };
}

async function opened({ id, card }: VaultRecord): Promise<LockCard | null> {
	if (!card) return null;
	const iv = card.sealed.subarray(0, NONCE_BYTES);
	const bytes = await crypto.subtle.decrypt(cipher(id, iv), card.key, card.sealed.subarray(NONCE_BYTES));
	const read = JSON.parse(new TextDecoder().decode(bytes)) as LockCard & { form: number };
	return read.form === FORM ? { circles: read.circles } : null;
}

function cipher(vault: VaultId, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
	return { name: AES, iv, additionalData: new TextEncoder().encode(`kith card ${vault}`) };
}
