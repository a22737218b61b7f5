use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy;
use automerge::{AutoCommit, ObjType, ScalarValue};

use super::testing::{Dice, history};
use super::*;
use crate::ids::ActorId;

const WRITERS: [ActorId; 4] = [ActorId([9; 16]), ActorId([3; 16]), ActorId([200; 16]), ActorId([100; 16])];

fn legacy_id(id: OpId<'_>) -> legacy::OpId {
    legacy::OpId::new(id.counter, &automerge::ActorId::from(id.actor))
}

fn as_automerge(value: Scalar<'_>) -> ScalarValue {
    match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Boolean(value) => ScalarValue::Boolean(value),
        Scalar::Uint(value) => ScalarValue::Uint(value),
        Scalar::Int(value) => ScalarValue::Int(value),
        Scalar::Float(value) => ScalarValue::F64(value),
        Scalar::Text(value) => ScalarValue::Str(value.into()),
        Scalar::Bytes(value) => ScalarValue::Bytes(value.to_vec()),
        Scalar::Counter(value) => ScalarValue::counter(value),
        Scalar::Timestamp(value) => ScalarValue::Timestamp(value),
        Scalar::Unknown { kind, bytes } => ScalarValue::Unknown { type_code: kind, bytes: bytes.to_vec() },
    }
}

fn as_legacy(op: &Op<'_>) -> legacy::Op {
    let value = as_automerge(op.value);
    let action = match (op.action, op.mark_name) {
        (Action::MakeMap, _) => legacy::OpType::Make(ObjType::Map),
        (Action::Put, _) => legacy::OpType::Put(value),
        (Action::MakeList, _) => legacy::OpType::Make(ObjType::List),
        (Action::Delete, _) => legacy::OpType::Delete,
        (Action::MakeText, _) => legacy::OpType::Make(ObjType::Text),
        (Action::Increment, _) => legacy::OpType::Increment(value.as_i64().unwrap()),
        (Action::MakeTable, _) => legacy::OpType::Make(ObjType::Table),
        (Action::Mark, Some(name)) => {
            legacy::OpType::MarkBegin(legacy::MarkData { name: name.into(), value, expand: op.expand })
        }
        (Action::Mark, None) => legacy::OpType::MarkEnd(op.expand),
    };
    legacy::Op {
        action,
        obj: match op.object {
            ObjectId::Root => legacy::ObjectId::Root,
            ObjectId::Id(id) => legacy::ObjectId::Id(legacy_id(id)),
        },
        key: match op.key {
            Key::Map(text) => legacy::Key::Map(text.into()),
            Key::Head => legacy::Key::Seq(legacy::ElementId::Head),
            Key::Element(id) => legacy::Key::Seq(legacy::ElementId::Id(legacy_id(id))),
        },
        insert: op.insert,
        pred: op.predecessors.iter().map(|id| legacy_id(*id)).collect(),
    }
}

fn assert_agrees(change: &automerge::Change, parsed: &Change<'_>) {
    assert_eq!(parsed.entry.0, change.hash().0);
    assert!(parsed.dependencies.iter().map(|id| id.0).eq(change.deps().iter().map(|hash| hash.0)));
    assert_eq!(parsed.actor, change.actor_id().to_bytes());
    assert_eq!((parsed.seq, parsed.start_op), (change.seq(), change.start_op().get()));
    assert_eq!((parsed.time, parsed.ops_count), (change.timestamp(), change.len() as u64));
    assert_eq!(parsed.max_op(), change.max_op());
    assert!(parsed.others.iter().copied().eq(change.other_actor_ids().iter().map(|actor| actor.to_bytes())));
    let ops: Vec<_> = parsed.ops().map(|op| as_legacy(&op.unwrap())).collect();
    let expected = change.decode().operations;
    assert_eq!(ops.len(), expected.len());
    for (op, expected) in ops.iter().zip(&expected) {
        assert_eq!(op, expected);
    }
}

#[test]
fn honest_changes_pass_and_read_as_automerge_reads_them() {
    let mut count = 0;
    for seed in 0..60 {
        for change in history(seed, &WRITERS, 60) {
            let parsed = parse_change(change.raw_bytes()).unwrap_or_else(|refusal| {
                panic!("seed {seed}: {refusal:?} for {:?}", change.decode());
            });
            assert_agrees(&change, &parsed);
            count += 1;
        }
    }
    assert!(count > 3_000, "{count}");
}

#[test]
fn an_empty_change_passes() {
    let mut document = AutoCommit::new().with_actor(automerge::ActorId::from(WRITERS[0].as_bytes()));
    document.empty_change(automerge::transaction::CommitOptions::default().with_time(5));
    let change = document.get_last_local_change().unwrap();
    assert_agrees(&change, &parse_change(change.raw_bytes()).unwrap());
}

/// Damages one thing and mends the checksum, so that what lies behind it is reached.
fn damage(content: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(3) {
        let at = dice.below(content.len());
        match dice.below(6) {
            0 => content[at] ^= 1 << dice.below(8),
            1 => content[at] = dice.next() as u8,
            2 => content[at] = content[at].wrapping_add(1),
            3 => drop(content.remove(at)),
            4 => content.insert(at, dice.next() as u8),
            _ => content[at] = [0, 0x7f, 0x80, 0xff, 1][dice.below(5)],
        }
        if content.is_empty() {
            content.push(0);
        }
    }
}

#[test]
fn what_passes_damaged_is_taken_by_automerge_without_a_panic() {
    let mut dice = Dice(77);
    let (mut passed, mut refused) = (0, 0);
    for seed in 0..20 {
        for change in history(1_000 + seed, &WRITERS, 20) {
            for _ in 0..60 {
                let mut content = change.raw_bytes()[9..].to_vec();
                while content[0] & 0x80 != 0 {
                    content.remove(0);
                }
                content.remove(0);
                damage(&mut content, &mut dice);
                let (bytes, _) = wrap_content(&content);
                let Ok(parsed) = parse_change(&bytes) else {
                    refused += 1;
                    continue;
                };
                passed += 1;
                let outcome = catch_unwind(AssertUnwindSafe(|| {
                    let change = automerge::Change::from_bytes(bytes.clone()).expect("Automerge refuses");
                    assert_agrees(&change, &parsed);
                    assert_eq!(change.raw_bytes(), bytes);
                    // Its own encoder must come to the same bytes, or a saved document would not load again.
                    let again = automerge::Change::from(change.decode());
                    assert_eq!(again.raw_bytes(), bytes, "encoded anew");
                }));
                assert!(outcome.is_ok(), "passed, but Automerge stops on it: {parsed:?}");
            }
        }
    }
    eprintln!("{passed} damaged changes passed, {refused} were refused");
    assert!(passed > 200 && refused > 2_000);
}

#[test]
fn flipped_and_cut_bytes_never_pass() {
    let mut dice = Dice(5);
    for change in history(9, &WRITERS, 60) {
        for _ in 0..200 {
            let mut bytes = change.raw_bytes().to_vec();
            if dice.below(4) == 0 {
                bytes.truncate(dice.below(bytes.len()));
            } else {
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
            }
            assert!(parse_change(&bytes).is_err());
        }
        let garbage = dice.bytes(200);
        assert!(parse_change(&garbage).is_err());
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "measures")]
fn an_honest_change_is_parsed_in_microseconds() {
    let changes = history(3, &WRITERS, 400);
    let begin = std::time::Instant::now();
    let ops: u64 = changes.iter().map(|change| parse_change(change.raw_bytes()).unwrap().ops_count).sum();
    let each = begin.elapsed() / u32::try_from(changes.len()).unwrap();
    eprintln!("{} changes of {ops} ops in all: {each:?} each", changes.len());
    assert!(each.as_micros() < 500);
}
