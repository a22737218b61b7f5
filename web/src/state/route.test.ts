import { expect, test } from 'vitest';
import { pastedLink } from './enrol.svelte';
import { isJoinLink, parse, to } from './route.svelte';

const HOME = 'https://kith.example';

test('each address leads to its screen', () => {
	expect(parse(`${HOME}/`)).toEqual({ view: 'start' });
	expect(parse(HOME + '/' + to.home('c'))).toEqual({ view: 'home', circle: 'c' });
	expect(parse(HOME + '/' + to.note('c', 'd'))).toEqual({ view: 'note', circle: 'c', document: 'd' });
	expect(parse(HOME + '/' + to.newSession('c'))).toEqual({ view: 'newSession', circle: 'c' });
	expect(parse(HOME + '/' + to.thread('c', 't'))).toEqual({ view: 'thread', circle: 'c', thread: 't' });
	expect(parse(HOME + '/' + to.safe('c'))).toEqual({ view: 'safe', circle: 'c' });
	for (const place of ['people', 'paper'] as const) {
		expect(parse(HOME + '/' + to[place]('c'))).toEqual({ view: place, circle: 'c' });
	}
	for (const view of ['invite', 'letIn'] as const) {
		expect(parse(HOME + '/' + to[view]('c'))).toEqual({ view, circle: 'c', member: null });
		expect(parse(HOME + '/' + to[view]('c', 'm'))).toEqual({ view, circle: 'c', member: 'm' });
	}
	expect(parse(HOME + '/' + to.who('c'))).toEqual({ view: 'who', circle: 'c', thread: null });
	expect(parse(HOME + '/' + to.who('c', 't'))).toEqual({ view: 'who', circle: 'c', thread: 't' });
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
	expect(isJoinLink(`${HOME}/join?t=abc`)).toBe(false);
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
