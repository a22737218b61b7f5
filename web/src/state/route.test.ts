import { expect, test, vi } from 'vitest';
import { random } from '../testing/random';
import { pastedLink } from './enrol.svelte';
import { isJoinLink, parse, Router } from './route.svelte';
import { to } from './to';

const HOME = 'https://kith.example';

test('each address leads to its screen', () => {
	expect(parse(`${HOME}/`)).toEqual({ view: 'start' });
	expect(parse(HOME + '/' + to.home('c'))).toEqual({ view: 'home', circle: 'c' });
	expect(parse(HOME + '/' + to.note('c', 'd'))).toEqual({ view: 'note', circle: 'c', document: 'd' });
	expect(parse(HOME + '/' + to.newSession('c'))).toEqual({ view: 'newSession', circle: 'c' });
	expect(parse(HOME + '/' + to.thread('c', 't'))).toEqual({ view: 'thread', circle: 'c', thread: 't' });
	expect(parse(HOME + '/' + to.safe('c'))).toEqual({ view: 'safe', circle: 'c' });
	expect(parse(HOME + '/' + to.own('c'))).toEqual({ view: 'own', circle: 'c', instrument: null });
	expect(parse(HOME + '/' + to.own('c', 'phq-4'))).toEqual({
		view: 'own',
		circle: 'c',
		instrument: 'phq-4',
	});
	expect(parse(HOME + '/' + to.tell('c'))).toEqual({ view: 'tell', circle: 'c', mark: false });
	expect(parse(HOME + '/' + to.tell('c', true))).toEqual({ view: 'tell', circle: 'c', mark: true });
	for (const place of ['people', 'paper', 'together', 'stories'] as const) {
		expect(parse(HOME + '/' + to[place]('c'))).toEqual({ view: place, circle: 'c' });
	}
	for (const view of ['invite', 'letIn'] as const) {
		expect(parse(HOME + '/' + to[view]('c'))).toEqual({ view, circle: 'c', member: null });
		expect(parse(HOME + '/' + to[view]('c', 'm'))).toEqual({ view, circle: 'c', member: 'm' });
	}
	expect(parse(HOME + '/' + to.who('c'))).toEqual({ view: 'who', circle: 'c', thread: null });
	expect(parse(HOME + '/' + to.who('c', 't'))).toEqual({ view: 'who', circle: 'c', thread: 't' });
	expect(parse(HOME + '/' + to.helplines('c'))).toEqual({ view: 'helplines', circle: 'c' });
	expect(parse(HOME + '/' + to.helpline('c'))).toEqual({ view: 'helpline', circle: 'c', item: null });
	expect(parse(HOME + '/' + to.helpline('c', 'i'))).toEqual({ view: 'helpline', circle: 'c', item: 'i' });
	for (const view of ['codeIn', 'comeBack', 'found'] as const) {
		expect(parse(HOME + '/' + to[view])).toEqual({ view });
	}
	expect(parse(`${HOME}/#/c/c/nowhere`)).toEqual({ view: 'notFound' });
	expect(parse(`${HOME}/#/c/c/note/d/more`)).toEqual({ view: 'notFound' });
});

test('an enrolment link is known in each of its forms', () => {
	for (const hash of ['#/join?t=abc', '#/join/abc', '#e=abc', '#/e=abc']) {
		expect(parse(`${HOME}/${hash}`)).toEqual({ view: 'join', link: `${HOME}/${hash}` });
	}
	expect(isJoinLink(`${HOME}/#/join`)).toBe(false);
	expect(isJoinLink(`${HOME}/#e=`)).toBe(false);
	expect(isJoinLink(`${HOME}/join`)).toBe(false);
});

test('a pasted link is found among other words', () => {
	expect(pastedLink(`Come in: ${HOME}/#e=abc now`)).toBe(`${HOME}/#e=abc`);
	expect(pastedLink('kith')).toBeNull();
});

test('a typed code is known with or without its groups', () => {
	expect(pastedLink(' K7QF 2M9X PD4T 8HWC 3VRB 6NYJ ')).toBe('K7QF 2M9X PD4T 8HWC 3VRB 6NYJ');
	expect(pastedLink('k7qf-2m9x-pd4t-8hwc')).toBe('k7qf-2m9x-pd4t-8hwc');
	expect(pastedLink('Please let me in, Ruth!')).toBeNull();
	expect(pastedLink('K7QF 2M9X')).toBeNull();
});

const TOKEN = 'a5'.repeat(16);
const LINK = `${HOME}/#/join?t=${TOKEN}&c=${'02'.repeat(16)}&n=Our%20circle`;
const inside = (link: string): string => encodeURIComponent(link);

/** What messengers, mail and their gateways make of a link. */
const CHANGES: ((link: string) => string)[] = [
	(link) => link.replace('#', '%23'),
	(link) => link.replace('#', '%2523'),
	(link) => link.replaceAll('&', '&amp;'),
	(link) => link.replace('https', 'HTTPS'),
	(link) => link.toUpperCase(),
	(link) => link.replace('/#/join?t=', '/%23%2Fjoin%3Ft%3D'),
	(link) => `https://l.example/l.php?u=${inside(link)}&h=1`,
	(link) => `https://go.example/?q=${inside(`https://other.example/?to=${inside(link)}`)}`,
	(link) => `https://urldefense.example/v2/url?u=${inside(link).replaceAll('%', '-')}&d=x`,
	(link) => link,
];
const AROUND: ((link: string) => string)[] = [
	(link) => `${link}.`,
	(link) => `(${link}),`,
	(link) => `"${link}"`,
	(link) => `*${link}*`,
	(link) => `_${link}_`,
	(link) => `<${link}>`,
	(link) => `> Come in: ${link}\n> See you on Monday`,
	(link) => link,
];

test('p11 a link that was changed on its way is known, and given to the engine with all that may be of it', () => {
	for (let seed = 0; seed < 500; seed += 1) {
		const dice = random(seed);
		let text = dice.pick(CHANGES)(LINK);
		if (dice.below(2) === 0) {
			const at = 1 + dice.below(text.length - 1);
			text = text.slice(0, at) + dice.pick(['\n', '\r\n', '\n> ', ' ']) + text.slice(at);
		}
		text = dice.pick(AROUND)(text);
		expect(pastedLink(text), `seed ${seed}: ${text}`).toBe(text.trim());
	}
	for (const change of CHANGES.slice(0, 6)) {
		expect(parse(change(LINK))).toEqual({ view: 'join', link: change(LINK) });
	}
	for (const place of [to.home('c'), to.invite('c', 'm'), to.thread('c', 't'), to.codeIn, '']) {
		expect(isJoinLink(`${HOME}/${place}`), place).toBe(false);
	}
});

test('a code is known with what was put around it', () => {
	for (const text of ['*K7QF-2M9X-PD4T-8HWC-3V*', '“K7QF 2M9X PD4T 8HWC 3V”.']) {
		expect(pastedLink(text)).toBe(text.replace(/[*“”.]/g, ''));
	}
});

/** The page's address and history, as far as the router needs them. */
function browser(address: string): void {
	const here = { href: address, pathname: '/' };
	vi.stubGlobal('location', here);
	vi.stubGlobal('window', { addEventListener: () => {} });
	vi.stubGlobal('history', {
		replaceState: (_: unknown, __: string, to: string) => (here.href = new URL(to, here.href).href),
	});
}

test('a link that was opened and not used is there after a reload, until it is used or dropped', () => {
	const items = new Map<string, string>();
	vi.stubGlobal('sessionStorage', {
		getItem: (key: string) => items.get(key) ?? null,
		setItem: (key: string, text: string) => items.set(key, text),
		removeItem: (key: string) => items.delete(key),
	});
	browser(LINK);
	new Router().start();
	expect(location.href).toBe(`${HOME}/`);
	expect([...items.keys()]).toEqual(['kith.link']);
	expect([...items.values()].join()).not.toContain(LINK.slice(0, 8));
	const reloaded = new Router();
	reloaded.start();
	expect(reloaded.route).toEqual({ view: 'join', link: LINK });
	reloaded.drop();
	const after = new Router();
	after.start();
	expect([after.route, items.size]).toEqual([{ view: 'start' }, 0]);
	after.join(LINK);
	browser(`${HOME}/#/c/c`);
	const elsewhere = new Router();
	elsewhere.start();
	expect(elsewhere.route).toEqual({ view: 'home', circle: 'c' });
	vi.unstubAllGlobals();
});
