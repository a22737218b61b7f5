/**
 * Exactly once. A command whose reply was lost with an engine is asked again of the next one. Most commands do no
 * harm twice. Those that add something, and those that would be refused the second time because they are done, are
 * remembered by id in the same transaction that does it; asked again, they are answered from what is there.
 */
import type { Command } from '../bridge/contract';
import type { AnyReply, AskId } from '../bridge/protocol';

/** Asks the engine on the shell's own account. */
export type AskEngine = (command: Command) => Promise<AnyReply>;

/** The newest messages among which an own one is looked for. */
const LOOK_AT_MESSAGES = 200;

/**
 * What is said of people once: a second time it would be refused, or undo what was said in between. How its person
 * stands is the whole reply.
 */
const OF_PEOPLE: ReadonlySet<Command['cmd']> = new Set<Command['cmd']>([
	'withdraw',
	'remove',
	'removeDevice',
	'confirm',
	'promote',
	'demote',
	'setConversations',
	'dismiss',
	'goOn',
]);

/**
 * What makes a secret that nobody but its reply has. The engine makes it of the ask's name, so that the same ask gives
 * the same invitation or code again; the name is kept nowhere.
 */
const NAMED: ReadonlySet<Command['cmd']> = new Set<Command['cmd']>(['invite', 'inviteDevice', 'paper']);

/** A command as the engine is asked: with the ask's name, where it tells one ask from the next. */
export function named(command: Command, id: AskId | null): Command & { once?: AskId } {
	return id !== null && NAMED.has(command.cmd) ? { ...command, once: id } : command;
}

/** Whether doing a command twice would add twice, or be refused where it was done. */
export function addsSomething(command: Command): boolean {
	if (command.cmd === 'editNote') return ['agendaAdd', 'commitmentAdd'].includes(command.edit.edit);
	return command.cmd === 'send' || command.cmd === 'createThread' || OF_PEOPLE.has(command.cmd);
}

/** The reply to a command that was done by an earlier engine; null when it can't be found any more. */
export async function replyOfDone(command: Command, ask: AskEngine): Promise<AnyReply | null> {
	switch (command.cmd) {
		case 'send': {
			const { circle, thread } = command;
			const reply = await ask({ cmd: 'openThread', circle, thread, limit: LOOK_AT_MESSAGES });
			if (!reply.ok || !reply.value || !('messages' in reply.value)) return reply.ok ? null : reply;
			const mine = reply.value.messages.filter((message) => message.mine).reverse();
			const value = mine.find(({ text }) => text.trim() === command.text.trim()) ?? mine[0];
			return value ? { ok: true, value } : null;
		}
		case 'createThread': {
			const reply = await ask({ cmd: 'threads', circle: command.circle });
			if (!reply.ok || !Array.isArray(reply.value)) return reply.ok ? null : reply;
			const value = reply.value.find((one) => 'thread' in one && one.title.trim() === command.title.trim());
			return value ? ({ ok: true, value } as AnyReply) : null;
		}
		case 'editNote': {
			const reply = await ask({ cmd: 'openNote', document: command.document });
			if (!reply.ok || !reply.value || !('version' in reply.value)) return reply.ok ? null : reply;
			return { ok: true, value: { version: reply.value.version } };
		}
		default:
			return OF_PEOPLE.has(command.cmd) && 'circle' in command
				? ask({ cmd: 'people', circle: command.circle })
				: null;
	}
}
