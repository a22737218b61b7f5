//! The marks that we work out are those that Automerge works out.

use automerge::{ReadDoc, ScalarValue};

use crate::document::{BodyOp, DocumentName, Handle, Subject};
use crate::gate::testing::Dice;
use crate::ids::{ActorId, CircleId};
use crate::time::{Day, TimestampMs};

use super::{BODY, Mark, MarkSet};

const NOW: TimestampMs = TimestampMs(1_795_000_000_000);
const CIRCLE: CircleId = CircleId([1; 16]);

fn name() -> DocumentName {
    DocumentName::new(Subject::SessionNote { day: Day(20_000), ordinal: 0 })
}

fn open(actor: u8, changes: &[Vec<u8>]) -> Handle {
    Handle::open(&CIRCLE, &name(), ActorId([actor; 16]), changes).unwrap()
}

/// The marks of each unit of the body, as Automerge has them.
fn by_automerge(handle: &Handle) -> Vec<MarkSet> {
    let body = handle.container(BODY);
    let mut marks = vec![MarkSet::default(); handle.doc.length(&body)];
    for found in handle.doc.marks(&body).unwrap() {
        if let (Some(mark), ScalarValue::Boolean(true)) = (Mark::from_name(found.name()), found.value()) {
            marks[found.start..found.end].iter_mut().for_each(|set| set.set(mark, true));
        }
    }
    marks
}

fn by_us(handle: &Handle) -> Vec<MarkSet> {
    handle.sequence().elements.iter().map(|element| element.marks).collect()
}

fn edit(handle: &mut Handle, dice: &mut Dice) {
    let len = handle.note_units().unwrap();
    let (from, to) = (dice.below(len + 1), dice.below(len + 1));
    let (from, to) = (from.min(to), from.max(to));
    let op = match dice.below(4) {
        0 => BodyOp::Splice { index: from, remove: (to - from).min(2), text: "ab".to_owned() },
        _ => BodyOp::Mark { from, to, mark: Mark::ALL[dice.below(2)], on: dice.below(3) > 0 },
    };
    handle.edit_body(&[op]).unwrap();
}

#[test]
fn marks_are_those_of_automerge_whoever_writes_side_by_side() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let mut all: Vec<Vec<u8>> = Vec::new();
        let mut writers: Vec<Handle> = (1..=3).map(|actor| open(actor, &all)).collect();
        for _ in 0..24 {
            let at = dice.below(writers.len());
            (0..=dice.below(4)).for_each(|_| edit(&mut writers[at], &mut dice));
            writers[at].write_typed(NOW, true).unwrap();
            assert_eq!(by_us(&writers[at]), by_automerge(&writers[at]), "pending, seed {seed}");
            all.extend(writers[at].commit(NOW));
            if dice.below(3) == 0 {
                writers.iter_mut().for_each(|writer| drop(writer.apply(&all).unwrap()));
            }
        }
        let merged = open(9, &all);
        assert_eq!(by_us(&merged), by_automerge(&merged), "seed {seed}");
    }
}
