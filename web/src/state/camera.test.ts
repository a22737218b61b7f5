import { expect, test, vi } from 'vitest';
import { Camera, troubleOf } from './camera.svelte';

const video = (): HTMLVideoElement => ({ srcObject: null, play: () => Promise.resolve() }) as never;
const stream = (): { stop: ReturnType<typeof vi.fn>; devices: { getUserMedia: () => Promise<never> } } => {
	const stop = vi.fn();
	return { stop, devices: { getUserMedia: () => Promise.resolve({ getTracks: () => [{ stop }] } as never) } };
};

test('each text is given once until another comes', async () => {
	vi.useFakeTimers();
	const seen = ['A', 'A', null, 'A', 'B', 'A'];
	const { devices } = stream();
	const camera = new Camera(devices, () => Promise.resolve(() => Promise.resolve(seen.shift() ?? null)));
	const found: string[] = [];
	await camera.start(video(), (text) => found.push(text));
	expect(camera.state).toBe('looking');
	await vi.advanceTimersByTimeAsync(2000);
	expect(found).toEqual(['A', 'B', 'A']);
	camera.stop();
	vi.useRealTimers();
});

test('leaving turns the camera off, also while it still opens', async () => {
	const { stop, devices } = stream();
	const camera = new Camera(devices, () => Promise.resolve(() => Promise.resolve(null)));
	await camera.start(video(), () => {});
	camera.stop();
	expect(stop).toHaveBeenCalledTimes(1);
	const late = stream();
	const leaving = new Camera(late.devices, () => Promise.resolve(() => Promise.resolve(null)));
	const starting = leaving.start(video(), () => {});
	leaving.stop();
	await starting;
	expect(late.stop).toHaveBeenCalledTimes(1);
	expect(leaving.state).toBe('off');
});

test('a reader that fails on one picture goes on with the next', async () => {
	vi.useFakeTimers();
	let looks = 0;
	const { devices } = stream();
	const camera = new Camera(devices, () =>
		Promise.resolve(() => (++looks === 1 ? Promise.reject(new Error('blurred')) : Promise.resolve('A'))),
	);
	const found: string[] = [];
	await camera.start(video(), (text) => found.push(text));
	await vi.advanceTimersByTimeAsync(1000);
	expect(found).toEqual(['A']);
	camera.stop();
	vi.useRealTimers();
});

test('no camera, not allowed, busy: each is told apart', async () => {
	const named = (name: string): Error => Object.assign(new Error(name), { name });
	expect(troubleOf(named('NotAllowedError'))).toBe('denied');
	expect(troubleOf(named('NotFoundError'))).toBe('none');
	expect(troubleOf(named('NotReadableError'))).toBe('busy');
	expect(troubleOf(named('TypeError'))).toBe('unknown');
	const none = new Camera(undefined, () => Promise.reject(new Error('not asked')));
	await none.start(video(), () => {});
	expect(none.state).toBe('none');
	const refused = { getUserMedia: () => Promise.reject(named('NotAllowedError')) };
	const denied = new Camera(refused, () => Promise.resolve(() => Promise.resolve(null)));
	await denied.start(video(), () => {});
	expect(denied.state).toBe('denied');
});
