import { expect, test, vi } from 'vitest';
import { StartError } from './problems';
import { Second, type SecondFile } from './second';

/** A module that imports `first.of-1`, as one of build 1 does, and sets it as it begins. */
const MODULE = Uint8Array.from(
	[
		'0061736d01000000', // the header
		'010401600000', // a type: no arguments, no results
		'020f01056669727374046f662d31037f01', // the import of a global
		'03020100', // a function of that type
		'080100', // which is the start
		'0a08010600410124000b', // and sets the global to 1
	]
		.join('')
		.match(/../g)
		?.map((byte) => parseInt(byte, 16)) ?? [],
);
const offline = new StartError({ code: 'offline', retry: true });

function response(bytes: Uint8Array<ArrayBuffer> = MODULE): Response {
	return new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
}

/** A second module's file, and what was done with it. */
function fileOf({
	comeOnce = () => Promise.resolve(response()),
	now = () => MODULE,
}: Partial<SecondFile> = {}) {
	return {
		kept: vi.fn(() => Promise.resolve<Response | null>(null)),
		comeOnce: vi.fn(comeOnce),
		now: vi.fn(now),
		forget: vi.fn(() => Promise.resolve()),
	};
}

function joined(file: SecondFile, build = 'of-1') {
	const second = new Second(file);
	const is = new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
	second.join({ [build]: is });
	return { second, is };
}

function problemOf(error: unknown): unknown {
	return error instanceof StartError ? error.problem : error;
}

test('it is joined once, however many wait for it', async () => {
	const file = fileOf();
	const { second, is } = joined(file);
	await Promise.all([second.load(), second.load()]);
	await second.load();
	expect([second.isHere, is.value, file.comeOnce.mock.calls.length]).toEqual([true, 1, 1]);
});

test('commands of the way in wait for nothing, others until it is here', async () => {
	const { second } = joined(fileOf());
	const asked = () =>
		(['circles', 'stories'] as const).map((cmd) => second.isNeededFor({ cmd, circle: 'c' } as never));
	expect(asked()).toEqual([false, true]);
	await second.load();
	expect(asked()).toEqual([false, false]);
});

test('called before it is here, it is joined at once, also while it comes', async () => {
	let come = (_: Response): void => {};
	const coming = new Promise<Response>((resolve) => (come = resolve));
	const { second, is } = joined(fileOf({ comeOnce: () => coming }));
	const loading = second.load();
	globalThis.kithSecond?.();
	expect([second.isHere, is.value]).toEqual([true, 1]);
	globalThis.kithSecond?.();
	is.value = 0;
	come(response());
	await loading;
	expect(is.value).toBe(0);
});

test('called where it does not come, it says why, and is joined when it is there after all', async () => {
	const file = fileOf({
		now: () => {
			throw offline;
		},
	});
	const { second } = joined(file);
	expect(() => globalThis.kithSecond?.()).toThrow(offline);
	expect(second.isHere).toBe(false);
	await second.load();
	expect(second.isHere).toBe(true);
});

test('cut on its way, it is asked for again until it is here', async () => {
	const answers = [Promise.reject(offline), Promise.reject(offline), Promise.resolve(response())];
	answers.forEach((answer) => answer.catch(() => {}));
	const file = fileOf({ comeOnce: () => answers.shift() ?? Promise.reject(offline) });
	const { second } = joined(file);
	await expect(second.load()).rejects.toBe(offline);
	const waits: number[] = [];
	await second.insist((wait) => Promise.resolve(void waits.push(wait)));
	expect([second.isHere, waits]).toEqual([true, [1_000]]);
});

test('a body that breaks off is a network that is away', async () => {
	const body = new ReadableStream({ start: (control) => control.error(new TypeError('network')) });
	const broken = new Response(body, { headers: { 'content-type': 'application/wasm' } });
	const { second } = joined(fileOf({ comeOnce: () => Promise.resolve(broken) }));
	expect(problemOf(await second.load().catch((error: unknown) => error))).toEqual(offline.problem);
});

test.each([
	['of another build', MODULE, 'of-2'],
	['that is none', new Uint8Array([1, 2, 3]), 'of-1'],
])('a module %s is refused, and kept no longer', async (_, bytes, build) => {
	const file = fileOf({ comeOnce: () => Promise.resolve(response(bytes)), now: () => bytes });
	const { second, is } = joined(file, build);
	const refused: unknown[] = [await second.load().catch((error: unknown) => error)];
	try {
		second.now();
	} catch (error) {
		refused.push(error);
	}
	expect(refused.map(problemOf)).toEqual(Array(2).fill({ code: 'engine-stopped', retry: true }));
	expect(refused.map(String)[0]).toContain('does not fit the first');
	expect([second.isHere, is.value, file.forget.mock.calls.length]).toEqual([false, 0, 2]);
});

test('what is kept is joined by itself, and nothing is fetched for it', async () => {
	const file = fileOf();
	const { second } = joined(file);
	await second.loadKept();
	expect([second.isHere, file.comeOnce.mock.calls.length]).toEqual([false, 0]);
	file.kept.mockResolvedValue(response());
	await second.loadKept();
	expect(second.isHere).toBe(true);
});
