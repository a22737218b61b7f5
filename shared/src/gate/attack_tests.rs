//! The attacks that were measured against Automerge 0.12, each refused by name.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, ObjType, ROOT};

use super::*;
use crate::codec::Writer;

const ACTOR: [u8; 16] = [7; 16];

/// A change's content, each field as an attacker likes it.
struct Forged<'a> {
    dependencies: &'a [[u8; 32]],
    actor: &'a [u8],
    seq: u64,
    start_op: u64,
    time: u8,
    message: &'a [u8],
    others: &'a [&'a [u8]],
    columns: Vec<(u32, Vec<u8>)>,
    tail: &'a [u8],
}

impl Default for Forged<'_> {
    fn default() -> Self {
        let columns = puts(1);
        Self {
            dependencies: &[],
            actor: &ACTOR,
            seq: 1,
            start_op: 1,
            time: 0,
            message: &[],
            others: &[],
            columns,
            tail: &[],
        }
    }
}

impl Forged<'_> {
    fn content(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.count(self.dependencies.len()).raw(&self.dependencies.concat()).bytes(self.actor);
        writer.number(self.seq).number(self.start_op).byte(self.time).bytes(self.message);
        writer.count(self.others.len());
        for other in self.others {
            writer.bytes(other);
        }
        writer.count(self.columns.len());
        for (spec, column) in &self.columns {
            writer.number((*spec).into()).count(column.len());
        }
        for (_, column) in &self.columns {
            writer.raw(column);
        }
        writer.raw(self.tail);
        writer.into_bytes()
    }

    fn bytes(&self) -> Vec<u8> {
        wrap_content(&self.content()).0
    }

    fn refusal(&self) -> Option<Refusal> {
        parse_change(&self.bytes()).err()
    }

    fn column(mut self, spec: u32, column: &[u8]) -> Self {
        self.columns.retain(|(other, _)| *other != spec);
        self.columns.push((spec, column.to_vec()));
        self.columns.sort_by_key(|(spec, _)| *spec);
        self
    }
}

fn signed(value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = value;
    while !(-64..64).contains(&rest) {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push((rest & 0x7f) as u8);
    bytes
}

fn run(count: u64, value: &[u8]) -> Vec<u8> {
    let count = if count == 1 { -1 } else { i64::try_from(count).unwrap() };
    [signed(count), value.to_vec()].concat()
}

/// `count` puts of null at the key `k` of the root.
fn puts(count: u64) -> Vec<(u32, Vec<u8>)> {
    let mut flags = Writer::new();
    flags.number(count);
    vec![
        (21, run(count, b"\x01k")),
        (52, flags.into_bytes()),
        (66, run(count, &[1])),
        (86, run(count, &[0])),
        (112, run(count, &[0])),
    ]
}

/// The same, each in the place of the one before.
fn replacing(count: u64) -> Vec<(u32, Vec<u8>)> {
    let groups = if count == 2 { vec![0x7e, 0, 1] } else { [run(1, &[0]), run(count - 1, &[1])].concat() };
    let mut columns = puts(count);
    columns.retain(|(spec, _)| *spec != 112);
    columns.extend([(112, groups), (113, run(count - 1, &[0])), (115, run(count - 1, &[1]))]);
    columns
}

fn refused_for(forged: &Forged<'_>, refusal: Refusal) {
    assert_eq!(forged.refusal(), Some(refusal));
}

#[test]
fn a_forged_change_that_is_well_formed_passes() {
    assert_eq!(Forged::default().refusal(), None);
    let two = Forged { columns: replacing(2), ..Forged::default() };
    assert_eq!(parse_change(&two.bytes()).unwrap().ops_count, 2);
    assert!(automerge::Change::from_bytes(two.bytes()).is_ok());
}

#[test]
#[allow(clippy::disallowed_methods, reason = "measures")]
fn an_op_bomb_of_131_bytes_is_refused_at_once() {
    let message = [b'x'; 27];
    let bomb = Forged { columns: puts(1 << 40), message: &message, ..Forged::default() };
    let bytes = bomb.bytes();
    assert!(bytes.len() <= 131, "{}", bytes.len());
    let bomb = Forged { columns: puts(1 << 40), ..Forged::default() };
    refused_for(&bomb, Refusal::TooManyOps);
    let bytes = bomb.bytes();
    let begin = std::time::Instant::now();
    for _ in 0..1_000 {
        assert!(parse_change(std::hint::black_box(&bytes)).is_err());
    }
    let each = begin.elapsed() / 1_000;
    eprintln!("the bomb is refused in {each:?}");
    assert!(each.as_micros() < 200);
}

#[test]
fn five_million_ops_in_113_bytes_are_refused() {
    let forged = Forged { columns: puts(5_000_000), ..Forged::default() };
    assert!(forged.bytes().len() <= 113);
    refused_for(&forged, Refusal::TooManyOps);
    refused_for(&Forged { columns: puts(CHANGE_OPS_MAX + 1), ..Forged::default() }, Refusal::TooManyOps);
    assert_eq!(Forged { columns: replacing(CHANGE_OPS_MAX), ..Forged::default() }.refusal(), None);
}

#[test]
fn values_side_by_side_at_one_key_in_one_change_are_refused() {
    refused_for(&Forged { columns: puts(2), ..Forged::default() }, Refusal::Malformed);
    refused_for(&Forged { columns: puts(CHANGE_OPS_MAX), ..Forged::default() }, Refusal::Malformed);
}

#[test]
fn bombs_in_every_other_column_are_refused() {
    for spec in [1, 2, 17, 19, 21, 86, 112, 113, 115, 165] {
        let value: &[u8] = if spec == 21 || spec == 165 { b"\x01k" } else { &[1] };
        refused_for(&Forged::default().column(spec, &run(1 << 40, value)), Refusal::Malformed);
        let nulls = [vec![0], {
            let mut w = Writer::new();
            w.number(1 << 62);
            w.into_bytes()
        }]
        .concat();
        refused_for(&Forged::default().column(spec, &nulls), Refusal::Malformed);
    }
    for spec in [52, 148] {
        refused_for(&Forged::default().column(spec, &[0, 0xff, 0xff, 0xff, 0xff, 0x7f]), Refusal::Malformed);
    }
    let predecessors = Forged { start_op: 1 << 20, ..Forged::default() }
        .column(112, &[0x7f, 0xff, 0xff, 0x3f])
        .column(113, &run(1 << 20, &[0]))
        .column(115, &run(1 << 20, &[1]));
    refused_for(&predecessors, Refusal::TooManyOps);
}

#[test]
fn a_seq_of_an_unknown_actor_parses_and_is_left_to_the_chain() {
    let forged = Forged { seq: 2, ..Forged::default() };
    assert_eq!(parse_change(&forged.bytes()).unwrap().seq, 2);
    refused_for(&Forged { seq: 0, ..Forged::default() }, Refusal::Malformed);
    refused_for(&Forged { seq: SEQ_MAX + 1, ..Forged::default() }, Refusal::Malformed);
    refused_for(&Forged { seq: u64::MAX, ..Forged::default() }, Refusal::Malformed);
}

#[test]
fn a_start_op_at_the_end_of_automerges_arithmetic_is_refused() {
    for start_op in [0, u64::from(u32::MAX), u64::from(u32::MAX) + 1, OP_COUNTER_MAX + 1, u64::MAX] {
        refused_for(&Forged { start_op, ..Forged::default() }, Refusal::Malformed);
    }
    assert_eq!(Forged { start_op: OP_COUNTER_MAX, ..Forged::default() }.refusal(), None);
    let over = Forged { start_op: OP_COUNTER_MAX, columns: puts(2), ..Forged::default() };
    refused_for(&over, Refusal::Malformed);
}

#[test]
fn a_wrong_checksum_is_refused() {
    let mut bytes = Forged::default().bytes();
    bytes[5] ^= 1;
    assert!(automerge::Change::from_bytes(bytes.clone()).is_ok(), "Automerge does not look");
    assert_eq!(parse_change(&bytes).err(), Some(Refusal::Checksum));
}

#[test]
fn documents_bundles_and_deflated_chunks_are_refused() {
    let mut document = AutoCommit::new().with_actor(automerge::ActorId::from(&ACTOR[..]));
    document.put(ROOT, "k", "x".repeat(900)).unwrap();
    document.commit_with(CommitOptions::default().with_time(0));
    let mut change = document.get_last_local_change().unwrap();
    assert!(parse_change(change.raw_bytes()).is_ok());
    let deflated = change.bytes().into_owned();
    assert_eq!((deflated[8], parse_change(&deflated).err()), (2, Some(Refusal::NotAChange)));
    assert_eq!(parse_change(&document.save()).err(), Some(Refusal::NotAChange));
    for kind in [0, 2, 3, 4, 255] {
        let mut bytes = Forged::default().bytes();
        bytes[8] = kind;
        assert_eq!(parse_change(&bytes).err(), Some(Refusal::NotAChange));
    }
}

#[test]
fn corrupt_bytes_are_refused_by_name() {
    assert_eq!(parse_change(b"").err(), Some(Refusal::NotAChange));
    assert_eq!(parse_change(b"not a change at all").err(), Some(Refusal::NotAChange));
    assert_eq!(parse_change(&[0; CHANGE_BYTES_MAX + 1]).err(), Some(Refusal::TooLarge));
    let bytes = Forged::default().bytes();
    assert_eq!(parse_change(&bytes[..bytes.len() - 1]).err(), Some(Refusal::Malformed));
    assert_eq!(parse_change(&[&bytes[..], &[0]].concat()).err(), Some(Refusal::Malformed));
}

#[test]
fn fields_that_no_honest_author_writes_are_refused() {
    let bad = [
        Forged { actor: &[7; 15], ..Forged::default() },
        Forged { actor: &[7; 17], ..Forged::default() },
        Forged { dependencies: &[[2; 32], [1; 32]], ..Forged::default() },
        Forged { dependencies: &[[1; 32], [1; 32]], ..Forged::default() },
        Forged { dependencies: &[[1; 32]; CHANGE_DEPS_MAX + 1], ..Forged::default() },
        Forged { time: 0x7f, ..Forged::default() },
        Forged { message: b"hi", ..Forged::default() },
        Forged { others: &[&[8; 16]], ..Forged::default() },
        Forged { others: &[&ACTOR], ..Forged::default() },
        Forged { tail: b"\x01\x01a", ..Forged::default() },
        Forged { columns: vec![], others: &[&[8; 16]], ..Forged::default() },
    ];
    for forged in bad {
        refused_for(&forged, Refusal::Malformed);
    }
    assert_eq!(Forged { columns: vec![], ..Forged::default() }.refusal(), None, "no ops at all");
}

#[test]
fn ops_that_would_stop_automerge_are_refused() {
    let one = Forged::default;
    let bad = [
        ("unknown action", one().column(66, &run(1, &[8]))),
        ("table", one().column(66, &run(1, &[6]))),
        ("delete of nothing", one().column(66, &run(1, &[3]))),
        ("increment of nothing", one().column(66, &run(1, &[5])).column(86, &run(1, &[0x14])).column(87, &[1])),
        ("mark in a map", one().column(66, &run(1, &[7]))),
        ("empty key", one().column(21, &run(1, &[0]))),
        ("insert into a map", one().column(52, &[0, 1])),
        ("unknown column", one().column(999, &[1])),
        ("deflated column", one().column(66 | 8, &run(1, &[1]))),
        ("value without meta", one().column(87, &[1])),
        ("name without mark", one().column(165, &run(1, b"\x04bold"))),
        ("expand without mark", one().column(148, &[0, 1])),
        ("object without counter", one().column(1, &run(1, &[0]))),
        ("its own object", one().column(1, &run(1, &[0])).column(2, &run(1, &[1]))),
        ("no such actor", one().column(1, &run(1, &[1])).column(2, &run(1, &[1]))),
        ("predecessor ahead", one().column(112, &run(1, &[1])).column(113, &run(1, &[0])).column(115, &run(1, &[5]))),
    ];
    for (name, forged) in bad {
        assert_eq!(forged.refusal(), Some(Refusal::Malformed), "{name}");
    }
}

/// Automerge takes these, but a document with one of them in it saves and never loads again.
#[test]
fn another_encoding_of_the_same_ops_is_refused() {
    let split = Forged { columns: replacing(2), ..Forged::default() }.column(66, &[0x7f, 1, 0x7f, 1]);
    let mut document = AutoCommit::new().with_actor(automerge::ActorId::from(&[1; 16][..]));
    document.apply_changes([automerge::Change::from_bytes(split.bytes()).unwrap()]).unwrap();
    let saved = document.save();
    let loads = catch_unwind(AssertUnwindSafe(|| AutoCommit::load(&saved).is_ok())).unwrap_or(false);
    assert!(!loads, "Automerge has learnt to load it: the gate may be laxer");
    refused_for(&split, Refusal::Malformed);
}

/// What the bytes alone cannot show: the gate lets it pass, Automerge stops, and whoever applies changes has to
/// live with that (design section 6).
#[test]
fn a_reference_to_what_is_not_there_is_left_to_those_who_apply() {
    let mut document = AutoCommit::new().with_actor(automerge::ActorId::from(&[1; 16][..]));
    let list = document.put_object(ROOT, "list", ObjType::List).unwrap();
    document.insert(&list, 0, 1).unwrap();
    document.commit_with(CommitOptions::default().with_time(0));
    let dependency = document.get_heads()[0].0;
    let stray = Forged {
        dependencies: &[dependency],
        start_op: 3,
        others: &[&[1; 16]],
        columns: vec![
            (1, run(1, &[1])),
            (2, run(1, &[1])),
            (17, run(1, &[1])),
            (19, run(1, &[1])),
            (52, vec![0, 1]),
            (66, run(1, &[1])),
            (86, run(1, &[0])),
            (112, run(1, &[0])),
        ],
        ..Forged::default()
    };
    assert_eq!(stray.refusal(), None);
    let change = automerge::Change::from_bytes(stray.bytes()).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| document.apply_changes([change]))).is_err());
}
