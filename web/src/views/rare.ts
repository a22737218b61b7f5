/** The screens for a day of their own. In one object, which is code of its chunk: a file that only names others would be one more to fetch. */
import CodeIn from './CodeIn.svelte';
import ComeBack from './ComeBack.svelte';
import EditHelpline from './EditHelpline.svelte';
import Find from './Find.svelte';
import Found from './Found.svelte';
import Helplines from './Helplines.svelte';
import Invite from './Invite.svelte';
import Leave from './Leave.svelte';
import LateRoom from './LateRoom.svelte';
import LetIn from './LetIn.svelte';
import NewSession from './NewSession.svelte';
import NewStrategy from './NewStrategy.svelte';
import Paper from './Paper.svelte';
import PeopleList from './PeopleList.svelte';
import Phone from './Phone.svelte';
import Plan from './Plan.svelte';
import PlanEdit from './PlanEdit.svelte';
import Saved from './Saved.svelte';
import Settings from './Settings.svelte';
import Strategy from './Strategy.svelte';
import Toolkit from './Toolkit.svelte';
import Who from './Who.svelte';

/** By the name of their view. */
export default {
	newSession: NewSession,
	safe: Saved,
	settings: Settings,
	phone: Phone,
	leave: Leave,
	leaveCircle: LateRoom,
	record: LateRoom,
	codeIn: CodeIn,
	comeBack: ComeBack,
	found: Found,
	find: Find,
	people: PeopleList,
	invite: Invite,
	letIn: LetIn,
	own: LateRoom,
	keep: LateRoom,
	paper: Paper,
	who: Who,
	helplines: Helplines,
	helpline: EditHelpline,
	toolkit: Toolkit,
	strategy: Strategy,
	newStrategy: NewStrategy,
	plan: Plan,
	planEdit: PlanEdit,
	together: LateRoom,
	stories: LateRoom,
	tell: LateRoom,
	report: LateRoom,
	reports: LateRoom,
};
