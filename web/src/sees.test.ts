import { expect, test } from 'vitest';

const sources: Record<string, string> = import.meta.glob('./{ui,views}/*.svelte', {
	query: '?raw',
	import: 'default',
	eager: true,
});

/** What takes words, or an answer, of a person. */
const TAKES =
	/<(textarea|TextInput|LineInput|FieldInput|NameInput|PictureChoice|KeptOutcomes|Editor|Composer|InstrumentForm|OwnCheckIn|PlanLineForm|PlanPart|KeptNew|KeptAdd)\b/;

/** By what takes something: the screen that it stands on, which says who sees it. */
const SAID_ON: Record<string, string> = {
	'./ui/Agenda.svelte': './views/Note.svelte',
	'./ui/Commitments.svelte': './views/Note.svelte',
	'./ui/FieldInput.svelte': './views/Note.svelte',
	'./ui/KeptList.svelte': './ui/KeptCard.svelte',
	'./ui/KeptOne.svelte': './ui/KeptAdd.svelte',
	'./ui/OwnCheckIn.svelte': './views/OwnDays.svelte',
	'./ui/PlanLineForm.svelte': './views/PlanEdit.svelte',
	'./ui/PlanLineItem.svelte': './views/PlanEdit.svelte',
	'./ui/PlanPart.svelte': './views/PlanEdit.svelte',
	'./ui/Rituals.svelte': './views/Together.svelte',
	'./ui/Roles.svelte': './views/Together.svelte',
	'./views/CodeIn.svelte': './ui/NameInput.svelte',
	'./views/Found.svelte': './ui/NameInput.svelte',
	'./views/Keep.svelte': './ui/KeptNew.svelte',
};
/** What takes nothing of a person: the parts that others are made of, and codes. */
const NOTHING = new Set([
	'./ui/LineInput.svelte',
	'./ui/TextInput.svelte',
	'./ui/PictureChoice.svelte',
	'./ui/KeptOutcomes.svelte',
	'./ui/Show.svelte',
	'./ui/Scan.svelte',
]);

const says = (name: string): boolean => (sources[name] ?? '').includes('data-sees');
const taking = Object.keys(sources).filter((name) => TAKES.test(sources[name] ?? '') && !NOTHING.has(name));

test('whatever takes words of a person says who sees them, itself or on its screen', () => {
	expect(taking.length).toBeGreaterThan(20);
	expect(taking.filter((name) => !says(name) && !says(SAID_ON[name] ?? ''))).toEqual([]);
});

test('nothing is excused that is not there', () => {
	const excused = [...Object.keys(SAID_ON), ...Object.values(SAID_ON), ...NOTHING];
	expect(excused.filter((name) => !(name in sources))).toEqual([]);
	expect(Object.keys(SAID_ON).filter((name) => !taking.includes(name) || says(name))).toEqual([]);
});
