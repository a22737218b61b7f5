//! Two people reword the same words apart; whoever looks at what came together can read both.

use crate::document::{BodyOp, DocumentName, Handle, Subject};
use crate::gate::testing::Dice;
use crate::ids::{ActorId, CircleId};
use crate::time::{Day, TimestampMs};

use super::sequence::Piece;
use super::{Block, BlockKind, Mark, Span};

const NOW: TimestampMs = TimestampMs(1_795_000_000_000);
const CIRCLE: CircleId = CircleId([1; 16]);
const WORDS: [&str; 12] =
    ["tired", "tiredness", "red", "sad", "we", "felt", "anger.", "Tuesday", "Friday", "día", "I", "grief,"];

fn open(actor: u8, changes: &[Vec<u8>]) -> Handle {
    let name = DocumentName::new(Subject::SessionNote { day: Day(20_000), ordinal: 0 });
    Handle::open(&CIRCLE, &name, ActorId([actor; 16]), changes).unwrap()
}

fn text_of(handle: &Handle) -> String {
    handle.note().unwrap().spans.iter().fold(String::new(), |text, span| match span {
        Span::Block(_) => text + "\n",
        Span::Text { text: words, .. } => text + words,
    })
}

/// The body with its separators, for the message of a test that fails.
fn raw(handle: &Handle) -> String {
    let elements = handle.sequence().elements;
    elements.iter().map(|element| if element.piece.is_separator() { '|' } else { char_of(element.piece) }).collect()
}

fn char_of(piece: Piece) -> char {
    if let Piece::Char(character) = piece { character } else { '/' }
}

/// What a person does to a body, with a change made whenever `saves` says so.
struct Person {
    handle: Handle,
    changes: Vec<Vec<u8>>,
    dice: Dice,
    slow: bool,
}

impl Person {
    fn new(actor: u8, base: &[Vec<u8>], seed: u64, slow: bool) -> Self {
        Self { handle: open(actor, base), changes: Vec::new(), dice: Dice(seed), slow }
    }

    fn splice(&mut self, index: usize, remove: usize, text: &str) {
        self.handle.edit_body(&[BodyOp::Splice { index, remove, text: text.to_owned() }]).unwrap();
        if self.slow && self.dice.below(3) == 0 {
            self.save();
        }
    }

    fn save(&mut self) {
        self.changes.extend(self.handle.commit(NOW));
    }

    /// Writes `text` in the place of a range, at once or letter by letter.
    fn reword(&mut self, index: usize, remove: usize, text: &str) {
        if !self.slow {
            return self.splice(index, remove, text);
        }
        let typed: Vec<char> = text.chars().collect();
        let mut at = index;
        if self.dice.below(2) == 0 && !typed.is_empty() {
            // Selected, and typed over.
            self.splice(index, remove, &typed[0].to_string());
            at += 1;
        } else {
            (0..remove).rev().for_each(|left| self.splice(index + left, 1, ""));
        }
        for letter in &typed[at - index..] {
            self.splice(at, 0, &letter.to_string());
            at += 1;
        }
    }
}

fn written(lines: &[String]) -> Vec<Vec<u8>> {
    let mut first = open(1, &[]);
    for (nth, line) in lines.iter().enumerate() {
        let at = first.note_units().unwrap();
        if nth > 0 {
            first.edit_body(&[BodyOp::Block { index: at, block: Block::default() }]).unwrap();
        }
        let index = first.note_units().unwrap();
        first.edit_body(&[BodyOp::Splice { index, remove: 0, text: line.clone() }]).unwrap();
    }
    first.commit(NOW)
}

/// Everyone's changes together, as both see them.
fn together(people: &mut [Person]) -> String {
    let all: Vec<Vec<u8>> = people
        .iter_mut()
        .flat_map(|person| {
            person.save();
            person.changes.clone()
        })
        .collect();
    people.iter_mut().for_each(|person| drop(person.handle.apply(&all).unwrap()));
    let texts: Vec<String> = people.iter().map(|person| text_of(&person.handle)).collect();
    assert_eq!(texts[0], texts[1], "both see the same");
    texts[0].clone()
}

fn two(base: &str) -> [Person; 2] {
    let base = written(&[base.to_owned()]);
    [Person::new(2, &base, 1, false), Person::new(3, &base, 2, false)]
}

#[test]
fn p04_one_word_reworded_by_two_stands_in_both_wordings() {
    let mut people = two("Come on Tuesday at six");
    people[0].splice(8, 4, "Fri");
    people[1].splice(9, 3, "hurs");
    let text = together(&mut people);
    assert!(["Come on Friday Thursday at six", "Come on Thursday Friday at six"].contains(&text.as_str()), "{text}");
}

#[test]
fn p04_a_whole_line_reworded_by_two_stands_in_both_wordings() {
    let mut people = two("We felt anger.");
    people[0].splice(0, 14, "Grief came back.");
    people[1].splice(0, 14, "We felt tired.");
    let text = together(&mut people);
    let both = ["Grief came back. We felt tired.", "We felt tired. Grief came back."];
    assert!(both.contains(&text.as_str()), "{text}");
}

#[test]
fn p04_words_written_in_a_line_that_goes_run_into_no_others() {
    for (remove_from, remove) in [(4, 4), (3, 4), (0, 8)] {
        let mut people = two("one two three");
        people[0].splice(remove_from, remove, "");
        people[1].splice(6, 0, "XY");
        let text = together(&mut people);
        assert!(text.split([' ', '\n']).any(|word| word.contains("XY")), "{text}");
        assert!(!text.contains("XYt") && !text.contains("eXY"), "{text}");
        assert!(!text.contains("  "), "{text:?}");
    }
}

#[test]
fn p04_two_deletions_do_not_join_what_was_beside_them() {
    let mut people = two("one two three");
    people[0].splice(4, 4, "");
    people[1].splice(3, 4, "");
    assert_eq!(together(&mut people), "one three");
}

/// Types at random; what is seen must be what was typed, before and after it is written, here and opened anew.
fn types_at_random(person: &mut Person, dice: &mut Dice, before: &[Vec<u8>]) {
    let mut model: Vec<char> = text_of(&person.handle).chars().collect();
    for _ in 0..30 {
        let index = dice.below(model.len() + 1);
        let most = model[index..].iter().take(4).take_while(|character| **character != '\n').count();
        let remove = dice.below(most + 1);
        let text = ["a", " ", "bc", "d e", "", ". ", "\u{1f}"][dice.below(7)];
        person.splice(index, remove, text);
        model.splice(index..index + remove, text.replace('\u{1f}', " ").chars());
        let wanted: String = model.iter().collect();
        assert_eq!(text_of(&person.handle), wanted);
        if !person.handle.has_pending() {
            assert_eq!(text_of(&open(9, &[before, &person.changes].concat())), wanted, "opened anew");
        }
    }
}

#[test]
fn what_one_person_writes_is_seen_as_typed_alone_and_after_others() {
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let base = written(&["one two".to_owned(), "three four".to_owned()]);
        let mut people = [2, 3].map(|actor| Person::new(actor, &base, seed + u64::from(actor), true));
        people.iter_mut().for_each(|person| types_at_random(person, &mut dice, &base));
        together(&mut people);
        let [mut first, second] = people;
        types_at_random(&mut first, &mut dice, &[base, second.changes].concat());
    }
}

#[test]
fn text_after_a_bold_word_is_bold_only_when_it_was_said() {
    let mut handle = open(2, &[]);
    let splice = |index, text: &str| BodyOp::Splice { index, remove: 0, text: text.to_owned() };
    let bold = BodyOp::Mark { from: 0, to: 3, mark: Mark::Strong, on: true };
    handle.edit_body(&[splice(0, "Ana"), bold, splice(3, " came late.")]).unwrap();
    handle.commit(NOW);
    let spans = handle.note_spans().unwrap();
    let texts: Vec<(&str, bool)> = spans
        .iter()
        .filter_map(|span| match span {
            Span::Text { text, marks } => Some((text.as_str(), marks.has(Mark::Strong))),
            Span::Block(_) => None,
        })
        .collect();
    assert_eq!(texts, [("Ana", true), (" came late.", false)]);
    assert!(!spans.contains(&Span::Block(Block { kind: BlockKind::Bullet, level: 0, checked: false })));
}

fn some(dice: &mut Dice, most: usize) -> String {
    let count = 1 + dice.below(most);
    (0..count).map(|_| WORDS[dice.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
}

/// A range of whole words in one line: its place and length, in characters that take one index each.
fn range(dice: &mut Dice, lines: &[String]) -> (usize, usize) {
    let nth = dice.below(lines.len());
    let start: usize = lines[..nth].iter().map(|line| line.chars().count() + 1).sum();
    let words: Vec<usize> = lines[nth].split(' ').map(|word| word.chars().count()).collect();
    let first = dice.below(words.len());
    let last = first + dice.below(words.len() - first);
    let at = start + words[..first].iter().map(|word| word + 1).sum::<usize>();
    (at, words[first..=last].iter().sum::<usize>() + last - first)
}

#[test]
fn p04_random_rewordings_can_both_be_read() {
    for seed in 0..1_500 {
        let mut dice = Dice(seed);
        let lines: Vec<String> = (0..1 + dice.below(3)).map(|_| some(&mut dice, 6)).collect();
        let base = written(&lines);
        let mut people = [2, 3].map(|actor| Person::new(actor, &base, seed * 7 + u64::from(actor), dice.below(2) == 0));
        let mut said = Vec::new();
        for person in &mut people {
            let (at, len) = range(&mut dice, &lines);
            let words = some(&mut dice, 4);
            person.reword(at, len, &words);
            said.push(words);
        }
        let apart = people.each_mut().map(|person| {
            person.save();
            raw(&person.handle)
        });
        let text = together(&mut people);
        let padded = format!(" {} ", text.replace('\n', " \n "));
        for words in &said {
            assert!(
                padded.contains(&format!(" {words} ")),
                "seed {seed}: {words:?} is not whole in {:?} ({lines:?}, {said:?}, {apart:?})",
                raw(&people[0].handle)
            );
        }
        assert!(!text.contains("  "), "seed {seed}: a doubled space in {text:?} ({lines:?}, {said:?})");
        assert_eq!(text.matches('\n').count(), lines.len() - 1, "seed {seed}: {text:?}");
    }
}
