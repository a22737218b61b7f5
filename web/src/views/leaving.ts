/** Leaving a circle, and what one takes along. In one object, which is code of its chunk: a file that only names others would be one more to fetch. */
import LeaveCircle from './LeaveCircle.svelte';
import Record from './Record.svelte';

/** By the name of their view. */
export default { leaveCircle: LeaveCircle, record: Record };
