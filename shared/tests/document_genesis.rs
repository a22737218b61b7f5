//! Every document begins the same everywhere.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_support::*;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, ObjType, ROOT};
use kith_shared::codec::{Reader, Writer};
use kith_shared::document::{DocumentName, Handle, genesis};
use kith_shared::gate::{Refusal, parse_change};
use kith_shared::ids::BodyId;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same containers, made by Automerge itself.
fn by_automerge(actor: &[u8], containers: &[(&str, ObjType)]) -> Vec<u8> {
    let mut doc = AutoCommit::default().with_actor(actor.into());
    for (key, kind) in containers {
        doc.put_object(ROOT, *key, *kind).unwrap();
    }
    let hash = doc.commit_with(CommitOptions::default().with_time(0)).unwrap();
    doc.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec()
}

#[test]
fn a_first_change_is_what_automerge_would_write() {
    use ObjType::{Map, Text};
    let kinds: [(DocumentName, &[(&str, ObjType)]); 4] = [
        (profile(), &[("i", Map), ("n", Map), ("t", Map)]),
        (note(), &[("b", Text), ("f", Map), ("a", Map), ("p", Map), ("c", Map)]),
        (month(), &[("m", Map), ("r", Map)]),
        (toolkit(), &[("s", Map), ("h", Map)]),
    ];
    for (name, containers) in kinds {
        let first = genesis(&CIRCLE, &name).unwrap();
        assert_eq!(first.bytes, by_automerge(first.actor.as_bytes(), containers), "{name:?}");
        let change = parse_change(&first.bytes).unwrap();
        assert_eq!((change.entry, change.max_op(), change.seq, change.time), (first.entry, first.max_op, 1, 0));
        assert_eq!(change.actor, first.actor.as_bytes());
    }
}

#[test]
fn golden_bytes_of_the_first_changes() {
    let golden = [profile(), note(), month(), toolkit()].map(|name| hex(&genesis(&CIRCLE, &name).unwrap().bytes));
    assert_eq!(golden, GOLDEN);
}

const GOLDEN: [&str; 4] = [
    "856f4a83e23428ac01300010678255a2d5b477f042018422c80c7bf001010000000515073401420256\
     0270027d0169016e017403030003000300",
    "856f4a831221a0b1013600101adcf1909e372b369b47bab519578c5f010100000005150b3401420456\
     0270027b01620166016101700163057f04040005000500",
    "856f4a83f3b92aaf012e00102803eebe3d87eeb4f1dd9f25c075ed2501010000000515053401420256\
     0270027e016d017202020002000200",
    "856f4a83059a01dd012e0010a5cfba12b819320bee15d0033d39b9e1010100000005150534014202560270\
     027e0173016802020002000200",
];

#[test]
fn golden_bytes_of_the_names() {
    let encoded = [profile(), note(), month(), toolkit()].map(|name| {
        let mut writer = Writer::new();
        name.write(&mut writer);
        let bytes = writer.into_bytes();
        assert_eq!(DocumentName::read(&mut Reader::new(&bytes)), Ok(name));
        hex(&bytes)
    });
    assert_eq!(encoded, ["0101", "0201dca10100", "03010000000000000000a80500", "0401"]);
    assert_eq!(hex(toolkit().id(&CIRCLE).as_bytes()), "529773d3be1e30ecd6b1acbbd7309284");
    assert!(DocumentName::read(&mut Reader::new(&[9, 1])).is_err(), "a kind that this build does not know");
}

#[test]
fn an_unknown_schema_has_no_first_change() {
    for schema in [0, 2, 255] {
        let name = DocumentName { schema, ..note() };
        assert_eq!(genesis(&CIRCLE, &name), Err(Refusal::UnknownSchema));
        assert!(Handle::open::<Vec<u8>>(&CIRCLE, &name, actor(1), &[]).is_err());
    }
}

#[test]
fn two_phones_that_open_the_same_month_offline_write_into_one_document() {
    let (mut ana, mut ben) = (open(&month(), 1), open(&month(), 2));
    let first = ana.post(NOW, &BodyId([1; 32]), &COMMITMENT, None).unwrap();
    let second = ben.post(NOW.plus_ms(5), &BodyId([2; 32]), &COMMITMENT, None).unwrap();
    exchange(&mut ana, &mut ben);
    let view = ana.thread().unwrap();
    assert_eq!(view, ben.thread().unwrap());
    assert_eq!(view.messages.iter().map(|message| &message.key).collect::<Vec<_>>(), [&first, &second]);
}
