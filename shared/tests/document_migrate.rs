//! Schemas: what this build makes of documents that others began or wrote into.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_support::*;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, Change, ObjType, ROOT, ReadDoc, TextEncoding};
use kith_shared::document::{
    ApplyProblem, BlockKind, DocumentName, Handle, Reading, Span, genesis, names_of_subject, reading,
};
use kith_shared::gate::Refusal;

#[test]
fn a_newer_document_is_neither_opened_nor_judged() {
    let newer = DocumentName { schema: 2, ..note() };
    assert_eq!(reading(&newer), Reading::TooNew);
    assert_eq!(reading(&note()), Reading::Full);
    let opened = Handle::open::<Vec<u8>>(&CIRCLE, &newer, actor(1), &[]);
    assert_eq!(opened.err(), Some(ApplyProblem::Refused(Refusal::UnknownSchema)));
    assert_eq!(names_of_subject(&newer).collect::<Vec<_>>(), [note()], "what this build can show of the subject");
}

/// A later build may have let something into a document of this schema that this one's gate would refuse. What is
/// stored is read as far as it is understood, and never stops the reader.
#[test]
fn unknown_keys_values_and_kinds_are_read_over() {
    let write = |name: &DocumentName, act: &dyn Fn(&mut AutoCommit)| {
        let first = genesis(&CIRCLE, name).unwrap();
        let mut doc = AutoCommit::new_with_encoding(TextEncoding::Utf16CodeUnit).with_actor((&[66; 16]).into());
        doc.apply_changes([Change::try_from(&first.bytes[..]).unwrap()]).unwrap();
        act(&mut doc);
        let hash = doc.commit_with(CommitOptions::default().with_time(1)).unwrap();
        doc.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec()
    };
    let change = write(&note(), &|doc| {
        let at = |doc: &AutoCommit, key| doc.get(ROOT, key).unwrap().unwrap().1;
        doc.put(ROOT, "new", "x").unwrap();
        doc.put(at(doc, "f"), "t", 7_u64).unwrap();
        doc.put(at(doc, "f"), "x", "y").unwrap();
        doc.put(at(doc, "a"), "t", "y").unwrap();
        doc.put(at(doc, "a"), "000001AAAAAAAAz", "y").unwrap();
        doc.put(at(doc, "c"), "000001AAAAAAAAt", "y").unwrap();
        doc.put(at(doc, "p"), "AAAAAAAAAAAAAAAAAAAAAA", 99_u64).unwrap();
        let body = at(doc, "b");
        doc.splice_text(&body, 0, 0, "text").unwrap();
        doc.insert(&body, 4, 5_u64).unwrap();
        doc.insert_object(&body, 4, ObjType::List).unwrap();
        let marker = doc.split_block(&body, 0).unwrap();
        doc.put(&marker, "k", 77_u64).unwrap();
        doc.put(&marker, "z", 77_u64).unwrap();
    });
    let mut handle = Handle::open(&CIRCLE, &note(), actor(1), &[change]).unwrap();
    let view = handle.note().unwrap();
    assert!(view.title.candidates.is_empty() && view.agenda.is_empty() && view.attendance.is_empty());
    assert!(view.commitments.is_empty(), "a commitment of nobody");
    let Span::Block(block) = view.spans[0] else { panic!("{:?}", view.spans) };
    assert_eq!(block.kind, BlockKind::Paragraph);
    handle.edit_body(&[splice(1, 0, "more ")]).unwrap();
    assert!(text(&handle).starts_with("¶more text"));

    let change = write(&month(), &|doc| {
        let messages = doc.get(ROOT, "m").unwrap().unwrap().1;
        doc.put(&messages, "BwcHBwcHBwcHBwcHBwcHBwrs", vec![2, 1, 1]).unwrap();
        doc.put(&messages, "key", "text").unwrap();
        let reactions = doc.get(ROOT, "r").unwrap().unwrap().1;
        doc.put(&reactions, "é", 1_u64).unwrap();
    });
    let handle = Handle::open(&CIRCLE, &month(), actor(1), &[change]).unwrap();
    let view = handle.thread().unwrap();
    assert_eq!((view.messages.len(), view.skipped), (0, 3));
}
