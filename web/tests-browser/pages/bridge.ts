/** The bridge, for tests to reach: asks and hears as a page would. */
import { connect, type Command, type Door, type Notice, type Reply } from '../../src/bridge';

/** What tests call. */
export interface BridgePage {
	ask: (command: Command) => Promise<Reply<Command['cmd']>>;
	notices: Notice[];
	door: Door;
}

declare global {
	var kith: BridgePage;
}

const { bridge, door } = connect();
const notices: Notice[] = [];
bridge.listen((notice) => notices.push(notice));
globalThis.kith = { ask: (command) => bridge.ask(command as never), notices, door };
