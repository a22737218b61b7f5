/** The screens on which people read and write. In one object, which is code of its chunk: a file that only names others would be one more to fetch. */
import Note from './Note.svelte';
import Sessions from './Sessions.svelte';
import Thread from './Thread.svelte';
import Threads from './Threads.svelte';

/** By the name of their view. */
export default { sessions: Sessions, note: Note, threads: Threads, thread: Thread };
