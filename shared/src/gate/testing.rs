//! Honest histories for tests: random edits by several devices that merge now and then.

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, Change, ObjType, ROOT, ReadDoc, ScalarValue};

use crate::ids::ActorId;

/// A small generator (SplitMix64): the same seed gives the same test.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

/// All changes that `writers` make in `steps` steps, in causal order.
pub(crate) fn history(seed: u64, writers: &[ActorId], steps: usize) -> Vec<Change> {
    let mut dice = Dice(seed);
    let mut base = AutoCommit::new().with_actor(automerge::ActorId::from(&[0_u8; 16][..]));
    base.put_object(ROOT, "map", ObjType::Map).unwrap();
    base.put_object(ROOT, "list", ObjType::List).unwrap();
    base.put_object(ROOT, "text", ObjType::Text).unwrap();
    base.put(ROOT, "counter", ScalarValue::counter(3)).unwrap();
    base.commit_with(CommitOptions::default().with_time(0));
    let mut documents: Vec<_> = writers
        .iter()
        .map(|actor| {
            let mut document = AutoCommit::new().with_actor(automerge::ActorId::from(actor.as_bytes()));
            document.merge(&mut base).unwrap();
            document
        })
        .collect();
    for step in 0..steps {
        let at = dice.below(documents.len());
        if dice.below(3) == 0 {
            let mut other = documents[dice.below(writers.len())].clone();
            documents[at].merge(&mut other).unwrap();
        }
        for _ in 0..=dice.below(5) {
            edit(&mut documents[at], &mut dice);
        }
        let time = 1_790_000_000_000 + 977 * step as i64;
        documents[at].commit_with(CommitOptions::default().with_time(time));
    }
    for mut document in documents {
        base.merge(&mut document).unwrap();
    }
    base.get_changes(&[])
}

fn edit(document: &mut AutoCommit, dice: &mut Dice) {
    let object = |document: &AutoCommit, key: &str| document.get(ROOT, key).unwrap().unwrap().1;
    let (map, list, text) = (object(document, "map"), object(document, "list"), object(document, "text"));
    let (items, chars) = (document.length(&list), document.length(&text));
    let key = format!("k{}", dice.below(6));
    match dice.below(18) {
        0 => {
            let nested = document.put_object(&map, &key, ObjType::Map).unwrap();
            document.put(nested, "x", 1).unwrap();
        }
        1 => drop(document.put_object(&map, &key, ObjType::Text).and_then(|id| document.splice_text(id, 0, 0, "hi"))),
        2 | 3 => document.put(&map, &key, value(dice)).unwrap(),
        4 => drop(document.delete(&map, &key)),
        5 => document.increment(ROOT, "counter", dice.below(9) as i64 - 4).unwrap(),
        6 | 7 => document.insert(&list, dice.below(items + 1), value(dice)).unwrap(),
        8 => drop(document.insert_object(&list, dice.below(items + 1), ObjType::Map).unwrap()),
        9 if items > 0 => document.put(&list, dice.below(items), value(dice)).unwrap(),
        10 if items > 0 => document.delete(&list, dice.below(items)).unwrap(),
        11..=13 => {
            let words = ["Grüße ", "once more, ", "é", "👩‍🌾 ", "a\u{301}bc"];
            let at = dice.below(chars + 1);
            let delete = dice.below(4).min(chars - at) as isize;
            drop(document.splice_text(&text, at, delete, words[dice.below(words.len())]));
        }
        14 if chars > 1 => {
            let start = dice.below(chars - 1);
            let end = start + 1 + dice.below(chars - start - 1);
            let expand = [ExpandMark::After, ExpandMark::None, ExpandMark::Both, ExpandMark::Before][dice.below(4)];
            drop(document.mark(&text, Mark::new("bold".into(), true, start, end), expand));
        }
        15 if chars > 2 => drop(document.unmark(&text, "bold", 0, chars / 2, ExpandMark::After)),
        16 => {
            let block = document.split_block(&text, dice.below(chars + 1)).unwrap();
            document.put(block, "type", "heading").unwrap();
        }
        _ => document.put(ROOT, &key, value(dice)).unwrap(),
    }
}

fn value(dice: &mut Dice) -> ScalarValue {
    match dice.below(10) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Boolean(dice.below(2) == 0),
        2 => ScalarValue::Uint(dice.next() >> dice.below(64)),
        3 => ScalarValue::Int(dice.next() as i64 >> dice.below(64)),
        4 => ScalarValue::F64(dice.next() as f64 / 7.0),
        5 => ScalarValue::Bytes(dice.bytes(5)),
        6 => ScalarValue::counter(dice.below(100) as i64 - 50),
        7 => ScalarValue::Timestamp(dice.next() as i64 >> 20),
        _ => ScalarValue::Str(format!("wort {}", dice.below(1000)).into()),
    }
}
