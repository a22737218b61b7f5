//! One limit for each text, in characters as people see them, the same here and on the page; and something to see.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_support::*;
use kith_shared::document::{
    EditProblem, FIELD_TEXT, ITEM_TEXT, MEMBER_NAME_TEXT, NoteField, TITLE_TEXT, TextLimit, graphemes, is_seen,
    shown_name,
};
use kith_shared::ids::{MemberId, ThreadId};

/// One character each, as those who write them count.
const ONE: [&str; 24] = [
    "a",
    "é",
    "e\u{301}",
    "ß",
    "Ω",
    "я",
    "א",
    "ע\u{5b4}",
    "م\u{64e}\u{651}",
    "क",
    "नी",
    "क्ष",
    "स्त्रि",
    "ন্ত্র",
    "த",
    "மூ",
    "ก็",
    "한",
    "\u{1112}\u{1161}\u{11ab}",
    "木",
    "👍🏽",
    "👩‍👧‍👦",
    "🇰🇪",
    "❤️",
];
/// Signs of which nothing is seen.
const UNSEEN: [char; 14] = [
    ' ',
    '\t',
    '\u{a0}',
    '\u{ad}',
    '\u{200b}',
    '\u{200d}',
    '\u{200f}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{2800}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{e0041}',
];
/// The texts of `graphemes_golden.txt`.
const GOLDEN: usize = 400;

/// Any text: characters whole and cut to pieces, of all scripts, and what is not seen.
fn any(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..dice.roll(12) {
        match dice.roll(5) {
            0 => text.push(UNSEEN[dice.roll(UNSEEN.len())]),
            1 => text.extend(char::from_u32(dice.roll(0x3_0000) as u32)),
            2 => text.extend(ONE[dice.roll(ONE.len())].chars().rev().take(2)),
            3 => text.push(['\r', '\n', '\u{200d}', '\u{94d}', '🇰', '\u{1100}'][dice.roll(6)]),
            _ => text.push_str(ONE[dice.roll(ONE.len())]),
        }
    }
    text
}

/// What is known of a text: its signs, its characters, how many too many for a small limit, whether it is seen.
fn line(text: &str) -> String {
    let signs: Vec<String> = text.chars().map(|sign| format!("{:x}", u32::from(sign))).collect();
    let over = TextLimit { graphemes: 4, bytes: 20 }.over(text);
    format!("{}|{}|{over}|{}", signs.join(" "), graphemes(text), is_seen(text))
}

#[test]
fn what_people_count_as_one_is_one() {
    let mut dice = Dice(3);
    for _ in 0..300 {
        let picked: Vec<&str> = (0..dice.roll(40)).map(|_| ONE[dice.roll(ONE.len())]).collect();
        assert_eq!(graphemes(&picked.concat()), picked.len(), "{picked:?}");
    }
}

#[test]
fn core_and_page_count_the_same() {
    let mut dice = Dice(11);
    let lines: Vec<String> = (0..GOLDEN).map(|_| line(&any(&mut dice))).collect();
    let golden = include_str!("graphemes_golden.txt");
    assert!(golden.lines().eq(&lines), "graphemes_golden.txt is to be:\n{}", lines.join("\n"));
}

#[test]
fn no_text_of_as_many_characters_as_may_be_is_refused_for_its_bytes() {
    // Longer ones (a family, four letters in one) stand among shorter ones in whatever people write.
    for one in ONE.iter().filter(|one| one.len() <= 16) {
        let mut session = open(&note(), 1);
        for field in [NoteField::Title, NoteField::Place] {
            session.set_field(field, &one.repeat(FIELD_TEXT.graphemes), NOW).unwrap();
        }
        session.add_agenda(&one.repeat(ITEM_TEXT.graphemes), NOW).unwrap();
        session.add_commitment(&MemberId([1; 16]), &one.repeat(ITEM_TEXT.graphemes), None, NOW).unwrap();
        commit(&mut session);
        let mut people = open(&profile(), 1);
        people.set_own_name(&one.repeat(MEMBER_NAME_TEXT.graphemes), NOW).unwrap();
        people.set_circle_name(&one.repeat(TITLE_TEXT.graphemes), NOW).unwrap();
        people.set_thread(&ThreadId([5; 8]), &one.repeat(TITLE_TEXT.graphemes), NOW).unwrap();
        commit(&mut people);
        let too_long = people.set_own_name(&one.repeat(MEMBER_NAME_TEXT.graphemes + 3), NOW);
        assert_eq!(too_long, Err(EditProblem::TooLong { what: "the name", over: 3 }));
    }
}

#[test]
fn a_name_has_something_to_see_and_turns_nothing_around_it() {
    let mut dice = Dice(5);
    for _ in 0..300 {
        let unseen: String = (0..1 + dice.roll(20)).map(|_| UNSEEN[dice.roll(UNSEEN.len())]).collect();
        assert!(!is_seen(&unseen) && shown_name(&unseen).is_empty(), "{unseen:?}");
        let empty = |problem| matches!(problem, Err(EditProblem::Empty { .. }));
        let mut people = open(&profile(), 1);
        assert!(empty(people.set_own_name(&unseen, NOW)));
        assert!(empty(people.set_circle_name(&unseen, NOW)));
        assert!(empty(people.set_thread(&ThreadId([5; 8]), &unseen, NOW)));
        let mut session = open(&note(), 1);
        assert!(empty(session.set_field(NoteField::Title, &unseen, NOW)));
        assert!(empty(session.add_agenda(&unseen, NOW).map(|_| ())));
        let around = format!("{unseen}Ana{unseen}");
        assert!(is_seen(&around));
        let shown = shown_name(&around);
        assert!(shown.contains("Ana") && !shown.contains(['\u{202e}', '\u{2066}']), "{shown:?}");
    }
}
