import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vite';
import { catalogues } from './catalogue/plugin';

/** `VITE_FAKE=1` puts the in-memory stand-in in the place of the engine: for looking at screens only. */
const fake = process.env['VITE_FAKE'] === '1';
/** `KITH_PSEUDO=1` adds the language that is made of English, from right to left: for looking at screens only. */
const pseudo = process.env['KITH_PSEUDO'] === '1';
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The engine's size as it is sent, by which its download is measured; 0 when it is not built yet. */
const coreBytes = statSync(file('./pkg/kith_client_wasm.pack'), { throwIfNoEntry: false })?.size ?? 0;

/** Svelte's lists, which the first screen has none of. */
const LISTS = 'svelte/src/internal/client/dom/blocks/each.js';

export default defineConfig({
	define: { __CORE_BYTES__: coreBytes },
	resolve: {
		alias: { $bridge: file(fake ? './src/testing/connect.ts' : './src/bridge/index.ts') },
	},
	plugins: [
		// The page names no version of Svelte to `window`: nobody reads it, and it is a file of its own.
		svelte({ compilerOptions: { discloseVersion: false } }),
		catalogues({ root: file('.'), pseudo }),
		VitePWA({
			strategies: 'injectManifest',
			srcDir: 'src/sw',
			filename: 'sw.ts',
			injectRegister: false,
			injectManifest: {
				globPatterns: ['**/*.{js,css,html,svg,wasm,pack,webmanifest}'],
				maximumFileSizeToCacheInBytes: 6_000_000,
			},
			includeAssets: ['icon-192.png', 'plain-192.png'],
			// One for each language: catalogue/outside.ts.
			manifest: false,
		}),
	],
	worker: { format: 'es' },
	build: {
		target: 'es2022',
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		// One chunk for what comes after the first screen: a dozen small ones compress 5 KB worse.
		rolldownOptions: {
			// Else every chunk with a part of Svelte would fetch its lists, too.
			treeshake: { moduleSideEffects: (id) => (id.includes(LISTS) ? false : undefined) },
			input: ['index', 'notes'].map((page) => file(`./${page}.html`)),
			output: {
				codeSplitting: {
					groups: [
						// Where words are kept, and how they come: in one small file.
						{
							name: 'words',
							test: /[\\/]src[\\/](words[\\/](index|load|locale|say)|state[\\/]kept)\.|preload-helper/,
							includeDependenciesRecursively: false,
						},
						{
							name: 'lists',
							test: (id) => id.includes(LISTS),
							includeDependenciesRecursively: false,
						},
						// What belongs to every field: so small that whoever comes in need not wait for the rooms.
						{
							name: 'fields',
							test: /[\\/]src[\\/](words[\\/](digits|graphemes|isolate|length)|state[\\/](unsealed|coming|cases|storage))/,
							includeDependenciesRecursively: false,
						},
						// Whoever can't read what is shown chooses another language before anything else.
						{
							name: 'languages',
							test: /[\\/]src[\\/](ui[\\/]Languages\.|state[\\/]language\.|words[\\/]language\.)/,
							includeDependenciesRecursively: false,
						},
						// What Home shows, in one chunk: in a dozen files it takes 2 KB more.
						{
							name: 'home',
							test: /[\\/]src[\\/](views[\\/]Home|ui[\\/](Around|Bar|Mine\.|StorageUse|Nav|Row|Safety|Screen|SessionItem|Status|ThreadItem|told)|state[\\/](card|focus|guide|home|last|places|plan|side|standing|status|up\.|wide)|words[\\/](absent|dates|sort|units))/,
							includeDependenciesRecursively: false,
						},
						// Where people read and write: a person is in their circle once these are there.
						{
							name: 'rooms',
							test: /[\\/]src[\\/](views[\\/](Note|Sessions|Thread|Threads)\.|editor[\\/](?!html|numbers|styles)|ui[\\/](Agenda|Attendance|ClosedLine|Commitments|Composer|Days|Deleted|FieldInput|Fold|follow|LineInput|ListHead|HiddenLine|MessageItem|OutLine|People|symbols)\.|state[\\/](aim|begun|drafts|joined|lines|note|thread|typed|undo)\.)/,
							includeDependenciesRecursively: false,
						},
						// Whoever comes in is offered a PIN.
						{
							name: 'pin',
							test: /[\\/]src[\\/](views[\\/]Pin\.|ui[\\/](PinInput|Sign)\.|state[\\/](pin|weak)\.)/,
							includeDependenciesRecursively: false,
						},
						// What one notes about oneself, and questionnaires; their texts in the language that stands in for others.
						{
							name: 'self',
							test: /[\\/]src[\\/](views[\\/](Own|OwnDays|OwnSafety|Questionnaire)\.|instruments[\\/][^\\/]*\.ts|plot[\\/]|ui[\\/](BeforeItem|OwnCheckIn|OwnEntries|OwnEntry|SendFold|SendTo|InstrumentForm|InstrumentParts|InstrumentResult|PictureChoice|pictures|Plot|Plots)\.|state[\\/](journal|own-said|turn))/,
							includeDependenciesRecursively: false,
						},
						// What one takes on, what the circle is together, and leaving: in one file, whose name the first screen knows.
						{
							name: 'life',
							test: /[\\/]src[\\/](views[\\/](Keep|Belong|Together|Stories|Tell|Report|Reports|LeaveCircle|Record|leaving)\.|record[\\/]|ui[\\/](Kept|kept-|ReplyPrompts\.|WaitLine\.|TakeAlong\.|Agreement\.|BeforeSession\.|MeetAgreement\.|ReportItem\.|ReportsWaiting\.|Rituals\.|Roles\.|StoryItem\.)|state[\\/](keeping\.|kept-|later\.|together\.|stories\.|story-end\.|reports\.|going\.|record\.))/,
							includeDependenciesRecursively: false,
						},
						{
							name: 'instruments',
							test: /[\\/]src[\\/]instruments[\\/](data|texts[\\/]en)[\\/]/,
							includeDependenciesRecursively: false,
						},
						// Those in another language: named as its words are, so that no other phone keeps them.
						{
							name: (id) => `words-${/texts[\\/](\w+)/.exec(id)?.[1]}-instruments`,
							test: /[\\/]src[\\/]instruments[\\/]texts[\\/](?!en[\\/])/,
							includeDependenciesRecursively: false,
						},
						// The other rooms, each for a day of its own: people, ways in, codes, PIN, this phone.
						{
							name: 'more',
							test: /[\\/]src[\\/](views[\\/](?!Belong\.|Home|LeaveCircle|NotFound|Own\.|OwnDays|OwnSafety|Questionnaire|Record|Report\.|Reports\.|leaving|Start|Stories|Tell|Together|Welcome|Keep\.)|codes[\\/](reader|signs|field|moving[\\/])|editor[\\/](html|numbers|styles)|words[\\/](compare|tel)\.|ui[\\/](awake|draw|Moving|MovingCode|MovingReader|Also|Aside|Ask|Asked|Beginnings|Beside|Choice|CircleValues|CodeText|Copy|DateInput|ForkSides|Invited|Invites|LeavingLine|MoveSession|NameInput|NoteFull|NoteRead|OpenFile|Out|OwnName|OwnPhones|PairTools|PersonItem|PhoneCare|PhoneIcon|PhoneLanguage|TextSize|Phones|PromiseValues|PinInput|QrCode|Resumed|Returned|CompareWords|Saying|Scan|Show|Sign|StrategyItem|TextInput|ConfirmTwice|TakeOut|Warning|WriteTo|Wrote|WrongClock|CircleDecisions|HelplineItem|HelplineValues|Helplines|Guide|GuideSteps|KeepOpen|OpenCard|PlanLineForm|PlanLineItem|PlanLines|PlanPart|FoundItem|NewsList)\.|state[\\/](moving-code|moving-reader|people|asking|choices|meet|camera|begin|pin|weak|lock|text-size|leave|saved|toolkit|help|find|news)\.)/,
							includeDependenciesRecursively: false,
						},
					],
				},
			},
		},
		reportCompressedSize: false,
	},
	server: { host: '127.0.0.1' },
	preview: { host: '127.0.0.1' },
});
