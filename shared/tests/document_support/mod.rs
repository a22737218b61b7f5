//! What the tests of documents share.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test uses a part of it")]

use kith_shared::document::{
    BodyOp, DocumentName, Handle, KithSchema, Mark, MarkSet, Moment, Span, StrategyText, Subject,
};
use kith_shared::gate::{Inspection, Refusal, Schema, parse_change};
use kith_shared::ids::{ActorId, CircleId, DeviceId, MemberId, TextCommitment, ThreadId};
use kith_shared::seal::TextSalt;
use kith_shared::time::{Day, Month, TimestampMs};
use kith_shared::trust::{Author, Role};

pub const CIRCLE: CircleId = CircleId([0xc1; 16]);
/// What a message says of its text where nobody opens it.
pub const COMMITMENT: TextCommitment = TextCommitment([0xc0; 32]);
pub const NOW: TimestampMs = TimestampMs(1_790_000_000_000);

pub fn note() -> DocumentName {
    DocumentName::new(Subject::SessionNote { day: Day(20_700), ordinal: 0 })
}

pub fn month() -> DocumentName {
    DocumentName::new(Subject::Thread { thread: ThreadId::CIRCLE, month: Month(680), part: 0 })
}

pub fn profile() -> DocumentName {
    DocumentName::new(Subject::Profile)
}

pub fn toolkit() -> DocumentName {
    DocumentName::new(Subject::Toolkit)
}

pub fn stories() -> DocumentName {
    DocumentName::new(Subject::Stories)
}

/// What a strategy says, salted by its title.
pub fn strategy(title: &str) -> StrategyText {
    let mut salt = [0; 16];
    salt.iter_mut().zip(title.bytes()).for_each(|(salt, byte)| *salt = byte);
    let moments = vec![Moment::Panic, Moment::Own { word: "rain".to_owned() }];
    StrategyText { salt: TextSalt(salt), title: title.to_owned(), text: "Out, and on.".to_owned(), moments }
}

pub fn actor(seed: u8) -> ActorId {
    ActorId([seed; 16])
}

pub fn author(role: Role) -> Author {
    Author { device: DeviceId([1; 32]), member: MemberId([2; 16]), role, begins: true }
}

/// A device's first look at a document.
pub fn open(name: &DocumentName, seed: u8) -> Handle {
    Handle::open::<Vec<u8>>(&CIRCLE, name, actor(seed), &[]).unwrap()
}

/// What the gate says of a change by its ops.
pub fn inspect(name: &DocumentName, role: Role, change: &[u8]) -> Result<Inspection, Refusal> {
    KithSchema.inspect(&CIRCLE, name, &author(role), &parse_change(change)?)
}

/// Commits and demands that the gate takes every change.
pub fn commit(handle: &mut Handle) -> Vec<Vec<u8>> {
    let changes = handle.commit(NOW);
    for change in &changes {
        let verdict = inspect(handle.name(), Role::Facilitator, change);
        assert!(verdict.is_ok(), "{verdict:?} for {} bytes", change.len());
    }
    changes
}

/// Both get what the other wrote.
pub fn exchange(one: &mut Handle, other: &mut Handle) {
    let (from_one, from_other) = (commit(one), commit(other));
    one.apply(&from_other).unwrap();
    other.apply(&from_one).unwrap();
    assert_eq!(one.heads(), other.heads());
}

/// The text of a body, markers as `¶`.
pub fn text(handle: &Handle) -> String {
    let mut all = String::new();
    for span in handle.note_spans().unwrap() {
        match span {
            Span::Block(_) => all.push('¶'),
            Span::Text { text, .. } => all.push_str(&text),
        }
    }
    all
}

pub fn splice(index: usize, remove: usize, text: &str) -> BodyOp {
    BodyOp::Splice { index, remove, text: text.to_owned() }
}

/// What a page holds of a body and does with edits: one entry per UTF-16 unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page(pub Vec<Unit>);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    Block(kith_shared::document::Block),
    Text(u16, MarkSet),
}

impl Page {
    pub fn of(handle: &Handle) -> Self {
        let mut units = Vec::new();
        for span in handle.note_spans().unwrap() {
            match span {
                Span::Block(block) => units.push(Unit::Block(block)),
                Span::Text { text, marks } => units.extend(text.encode_utf16().map(|unit| Unit::Text(unit, marks))),
            }
        }
        Self(units)
    }

    pub fn take(&mut self, ops: &[BodyOp]) {
        for op in ops {
            match op {
                BodyOp::Splice { index, remove, text } => {
                    let text = text.encode_utf16().map(|unit| Unit::Text(unit, MarkSet::default()));
                    let removed: Vec<Unit> = self.0.splice(*index..index + remove, text).collect();
                    let blocks = removed.iter().filter(|unit| matches!(unit, Unit::Block(_))).count();
                    assert!(blocks == 0 || (blocks == 1 && removed.len() == 1), "text and markers in one splice");
                }
                BodyOp::Block { index, block } => self.0.insert(*index, Unit::Block(*block)),
                BodyOp::SetBlock { index, block } => {
                    assert!(matches!(self.0[*index], Unit::Block(_)));
                    self.0[*index] = Unit::Block(*block);
                }
                BodyOp::Mark { from, to, mark, on } => self.mark(*from, *to, *mark, *on),
            }
        }
    }

    fn mark(&mut self, from: usize, to: usize, mark: Mark, on: bool) {
        for unit in &mut self.0[from..to] {
            if let Unit::Text(_, marks) = unit {
                marks.set(mark, on);
            }
        }
    }
}

/// A small generator of numbers for properties: the same seed, the same run (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}
