/** Coming into a circle by a link or a short code. */
import type { Bridge, CircleSummary, KithProblem } from '$bridge';
import { tabSealed } from './kept';
import { isJoinLink } from './route.svelte';

const SLOW_AFTER_MS = 8000;
/** Where they are on their way in, in this tab alone: a page that misses a file begins anew. */
const begun = tabSealed('begun.join');

/** One attempt after the other with the same link, until it works. */
export class Enrolment {
	name = $state('');
	/** The person pressed "join" without a name. */
	nameMissing = $state(false);
	working = $state(false);
	/** It takes long enough to say so. */
	slow = $state(false);
	problem = $state.raw<KithProblem | null>(null);

	constructor(
		private readonly bridge: Pick<Bridge, 'ask'>,
		readonly link: string,
	) {}

	/** Keeps what was typed, and whether they pressed "join". */
	keep(wish: boolean): void {
		begun.set(JSON.stringify({ link: this.link, name: this.name, wish }));
	}

	/**
	 * Takes up what was kept for this link, unless something was typed since; what was kept for another link is forgotten.
	 * Whether they had pressed "join".
	 */
	resume(): boolean {
		try {
			const { link, name, wish } = JSON.parse(begun.get() ?? '') as Record<string, unknown>;
			if (link === this.link && typeof name === 'string') {
				this.name ||= name;
				return wish === true;
			}
		} catch {
			// Nothing was kept.
		}
		this.forget();
		return false;
	}

	/** They are in, or gave up: their name is kept nowhere. */
	forget(): void {
		begun.clear();
	}

	/** Joins; the circle on success, else null with {@link problem} set. What was typed stays. */
	async join(): Promise<CircleSummary | null> {
		const name = this.name.trim();
		this.nameMissing = name === '';
		if (this.nameMissing || this.working) return null;
		this.working = true;
		this.problem = null;
		const timer = setTimeout(() => (this.slow = true), SLOW_AFTER_MS);
		const reply = await this.bridge.ask<'enrol'>({ cmd: 'enrol', link: this.link, name });
		clearTimeout(timer);
		this.slow = false;
		this.working = false;
		if (reply.ok) return reply.value;
		this.problem = reply.problem;
		return null;
	}
}

/** Signs of a typed code, without what separates its groups; the engine knows exactly. */
const CODE = /^[0-9a-z]{16,64}$/i;

/**
 * What pasted or typed text can open the way with: a link, with what surrounds it where it may be broken, or a short
 * code as it was typed. Null when it is neither.
 */
export function pastedLink(text: string): string | null {
	const link = /https?:\/\/\S+/i.exec(text)?.[0] ?? '';
	if (isJoinLink(text)) return /#\/?[et]=/.test(link) ? link : text.trim();
	const code = text.replace(/^[^\da-z]+|[^\da-z]+$/gi, '');
	return CODE.test(code.replace(/[\s\-–]/g, '')) ? code : null;
}
