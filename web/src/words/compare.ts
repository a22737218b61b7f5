/**
 * The words that two phones show to be compared by eye and ear: 256 of them, one for each byte. Short, concrete,
 * unlike each other in sound and sight, so that they can be read aloud in a noisy room, and none that weighs on
 * someone who has had a hard time. The order is part of the protocol between versions: never change it.
 */
const WORDS =
	'apple arrow baby badge bag bamboo banana barn barrel basket beach bear bee belt bicycle bird blanket ' +
	'boat bone book bracelet branch bread brick bridge broom brush bucket bus butter button cabbage cactus ' +
	'cage camel candle canoe carpet carrot castle ceiling chain chalk cheese chicken chimney circus clock ' +
	'cloud coconut coffee comb compass copper corn cotton cousin cow crab crown cup curtain dance desert ' +
	'diamond doctor dog dolphin door dragon dress drum duck dust eagle egg elbow elephant engine envelope ' +
	'eye family farm feather fence field finger fire fish flag flower flute fly forest fork fox frog fruit ' +
	'garden garlic gate giraffe glass gold grape guitar hammer harbour hat hawk helmet hen hill hippo honey ' +
	'horse insect iron island ivory jacket jar jungle kettle key king kitchen kite knee ladder lake lamp ' +
	'lantern leaf lemon letter lion lizard lorry magnet mango map market mask melon milk mirror monkey moon ' +
	'mosquito mountain mud museum mushroom music nail neck nest night nose notebook nurse nut ocean office ' +
	'onion orange orchestra oven owl paint palace palm paper peacock peanut pencil penguin pepper piano ' +
	'pigeon pillow pilot plate plough pocket potato pumpkin queen rabbit radio rain ribbon rice river road ' +
	'robot roof rug saddle salt sand sandal saw school scissors shark sheep shirt shoe silver sister sky ' +
	'snake soup spider sponge spoon star stone sugar sun table tea tent thumb tiger tomato tooth towel ' +
	'tractor tree trumpet tunnel turtle umbrella uncle valley village violin volcano waffle wagon wall ' +
	'walnut water whale wheel whistle window winter wolf yard yellow zebra zip';

/** The list; 256 words. */
export const compareWords: readonly string[] = WORDS.split(' ');

/** The words for what an engine answered; a number beyond the list shows as itself, never as nothing. */
export function wordsFor(indices: readonly number[]): string[] {
	return indices.map((index) => compareWords[index] ?? String(index));
}
