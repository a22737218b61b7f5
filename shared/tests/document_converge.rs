//! Whatever people do, in whatever order it arrives, they end with the same note; and a page that only follows
//! the edits it is told ends with what the document says.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_support::*;
use kith_shared::document::{Block, BlockKind, BodyOp, Handle, Mark, NoteField};

const ACTORS: usize = 3;

struct Phone {
    handle: Handle,
    page: Page,
    /// Changes of each phone that arrived here.
    seen: [usize; ACTORS],
}

fn block(dice: &mut Dice) -> Block {
    let kinds = [BlockKind::Paragraph, BlockKind::Heading, BlockKind::Bullet, BlockKind::Todo];
    let kind = kinds[dice.roll(4)];
    let level = if kind == BlockKind::Heading { 1 + dice.roll(3) as u8 } else { 0 };
    Block { kind, level, checked: kind == BlockKind::Todo && dice.roll(2) == 0 }
}

/// An index where a character or marker begins, or the end.
fn place(page: &Page, dice: &mut Dice) -> usize {
    let at = dice.roll(page.0.len() + 1);
    match page.0.get(at) {
        Some(Unit::Text(unit, _)) if (0xdc00..0xe000).contains(unit) => at - 1,
        _ => at,
    }
}

fn edit(page: &Page, dice: &mut Dice) -> Vec<BodyOp> {
    let (one, other) = (place(page, dice), place(page, dice));
    let (from, to) = (one.min(other), one.max(other));
    let words = ["a", "we ", "hope", "😀", "é👩‍👧", "rain\u{fffc}"];
    match dice.roll(8) {
        0 | 1 => {
            let text = words[dice.roll(words.len())];
            let mut ops = vec![splice(from, 0, text)];
            // As the page does: the marks of new text, in full.
            for mark in Mark::ALL {
                ops.push(BodyOp::Mark { from, to: from + text.encode_utf16().count(), mark, on: dice.roll(2) == 0 });
            }
            ops
        }
        2 => vec![BodyOp::Block { index: from, block: block(dice) }],
        3 => match page.0[from..].iter().position(|unit| matches!(unit, Unit::Block(_))) {
            Some(offset) => vec![BodyOp::SetBlock { index: from + offset, block: block(dice) }],
            None => vec![],
        },
        4 => vec![BodyOp::Mark { from, to, mark: Mark::ALL[dice.roll(2)], on: dice.roll(3) > 0 }],
        5 => {
            let run = page.0[from..to].iter().take_while(|unit| matches!(unit, Unit::Text(..))).count();
            let mut run = run.min(6);
            if matches!(page.0.get(from + run), Some(Unit::Text(unit, _)) if (0xdc00..0xe000).contains(unit)) {
                run -= 1;
            }
            vec![splice(from, run, "")]
        }
        6 if matches!(page.0.get(from), Some(Unit::Block(_))) => vec![splice(from, 1, "")],
        _ => vec![splice(from, 0, words[dice.roll(words.len())])],
    }
}

fn run(seed: u64, rounds: usize) {
    let mut dice = Dice(seed);
    let mut phones: Vec<Phone> = (1..=ACTORS as u8)
        .map(|id| Phone { handle: open(&note(), id), page: Page::default(), seen: [0; ACTORS] })
        .collect();
    let mut log: [Vec<Vec<u8>>; ACTORS] = Default::default();
    for round in 0..rounds {
        let me = dice.roll(ACTORS);
        let phone = &mut phones[me];
        for _ in 0..=dice.roll(3) {
            let ops = edit(&phone.page, &mut dice);
            phone.handle.edit_body(&ops).unwrap();
            // A splice inside marked text is followed by marks said in full; without them the page reads again.
            phone.page = Page::of(&phone.handle);
        }
        if dice.roll(6) == 0 {
            phone.handle.set_field(NoteField::Title, &format!("t{round}"), NOW).unwrap();
        }
        log[me].append(&mut commit(&mut phone.handle));
        phone.seen[me] = log[me].len();
        // A chain arrives with all that its author had seen, so whole logs are causal here.
        if dice.roll(2) == 0 {
            deliver(&mut phones[dice.roll(ACTORS)], &log, &mut dice);
        }
    }
    for phone in &mut phones {
        deliver(phone, &log, &mut dice);
    }
    let first = phones[0].handle.note().unwrap();
    for phone in &phones {
        assert_eq!(phone.handle.note().unwrap(), first, "seed {seed}");
        assert_eq!(phone.page, Page::of(&phone.handle), "seed {seed}");
    }
    let all: Vec<Vec<u8>> = log.concat();
    let fresh = Handle::open(&CIRCLE, &note(), actor(9), &all).unwrap();
    assert_eq!(fresh.note().unwrap(), first, "seed {seed}");
}

fn deliver(phone: &mut Phone, log: &[Vec<Vec<u8>>; ACTORS], dice: &mut Dice) {
    let mut batch: Vec<Vec<u8>> = Vec::new();
    for (author, changes) in log.iter().enumerate() {
        batch.extend_from_slice(&changes[phone.seen[author]..]);
        phone.seen[author] = changes.len();
    }
    for at in (1..batch.len()).rev() {
        batch.swap(at, dice.roll(at + 1));
    }
    let delta = phone.handle.apply(&batch).unwrap();
    phone.page.take(&delta.body);
    assert_eq!(phone.page, Page::of(&phone.handle), "the page follows: {:?}", delta.body);
}

#[test]
fn random_edits_in_random_orders_end_in_the_same_note() {
    for seed in 0..60 {
        run(seed, 40);
    }
}

#[test]
fn long_histories_converge_too() {
    for seed in 1_000..1_002 {
        run(seed, 300);
    }
}
