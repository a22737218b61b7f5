/** The stand-in's agreement and roles. */
import type { AgreementLine, Circle, Command, KithProblem, ListName, Replies } from '../bridge/contract';
import { limits, over } from '../words/graphemes';
import { isBlank, problem } from './fake-edit';
import { circle } from './sample';

type Name = 'addAgreementLine' | 'setAgreementLine' | 'agree' | 'addRole' | 'setRole';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

/** The circle's agreement, roles and who agreed, in memory. `leads`: whether this phone's person is a facilitator. */
export class FakeTogether {
	#count = 0;
	/** What this phone's person agreed to, line by line. */
	#agreed: AgreementLine[] | null = null;

	constructor(
		private readonly tell: (what: ListName) => void,
		private readonly leads: () => boolean,
	) {}

	readonly answers: Answers = {
		addAgreementLine: ({ text }) => {
			const wrong = this.#wrong(text, limits.item);
			if (wrong) return wrong;
			if (isBlank(text)) return problem('empty');
			return this.lines([...circle.lines, { item: this.#item(), text: text.trim(), contested: [] }]);
		},
		setAgreementLine: ({ item, text }) => {
			const wrong = this.#wrong(text, limits.item);
			if (wrong) return wrong;
			const found = circle.lines.find((one) => one.item === item);
			if (!found) return isBlank(text) ? circle : problem('unknown-document');
			const rest = circle.lines.filter((one) => one !== found || !isBlank(text));
			return this.lines(
				rest.map((one) => (one === found ? { item, text: text.trim(), contested: [] } : one)),
			);
		},
		agree: ({ digest }) => {
			const { member } = circle.me;
			const others = circle.agreed.filter((one) => one !== member);
			if (digest === null) {
				this.#agreed = null;
				return this.#put({ agreed: others, changed: null });
			}
			if (digest !== circle.agreementDigest) return circle;
			this.#agreed = circle.lines;
			return this.#put({ agreed: [...others, member], changed: null });
		},
		addRole: ({ name, member }) => {
			const wrong = this.#wrong(name, limits.title);
			if (wrong) return wrong;
			if (isBlank(name)) return problem('empty');
			const role = { item: this.#item(), name: name.trim(), contested: [], ...whose(member) };
			return this.#put({ roles: [...circle.roles, role] });
		},
		setRole: ({ item, name, member }) => {
			const wrong = this.#wrong(name ?? '', limits.title);
			if (wrong) return wrong;
			const found = circle.roles.find((one) => one.item === item);
			const gone = name !== undefined && isBlank(name);
			if (!found) return gone ? circle : problem('unknown-document');
			const changed = {
				...found,
				...(name === undefined ? {} : { name: name.trim() }),
				...(member === undefined ? {} : whose(member)),
			};
			const rest = circle.roles.filter((one) => one !== found || !gone);
			return this.#put({ roles: rest.map((one) => (one === found ? changed : one)) });
		},
	};

	/** The agreement says something else from now on: whoever agreed is asked again. */
	lines(lines: AgreementLine[]): Circle {
		const before = this.#agreed;
		const text = (all: AgreementLine[], item: string): string =>
			all.find((one) => one.item === item)?.text ?? '';
		const items = [...new Set([...lines, ...(before ?? [])].map(({ item }) => item))];
		const changes = items
			.map((item) => ({ item, before: text(before ?? [], item), now: text(lines, item) }))
			.filter((one) => one.before !== one.now);
		const same = before !== null && changes.length === 0;
		return this.#put({
			lines,
			agreementDigest: lines.length === 0 ? null : hash(lines),
			agreed: same ? [circle.me.member] : [],
			changed: before === null || same ? null : changes,
		});
	}

	#item(): string {
		return `00001${++this.#count}newwwwww`.slice(0, 14);
	}

	#wrong(text: string, limit: (typeof limits)['item']): KithProblem | null {
		if (!this.leads()) return problem('not-allowed');
		return over(text.trim(), limit) > 0 ? problem('too-long') : null;
	}

	#put(change: Partial<Circle>): Circle {
		Object.assign(circle, change);
		this.tell('circle');
		return circle;
	}
}

function whose(member: string | null): { member: string | null; memberName: string } {
	return { member, memberName: circle.members.find((one) => one.member === member)?.name ?? '' };
}

function hash(lines: AgreementLine[]): string {
	let sum = 7;
	for (const sign of lines.map(({ text }) => text).join('\n'))
		sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 2 ** 48;
	return sum.toString(16).padStart(64, '0');
}
