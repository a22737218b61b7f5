//! Dates have bounds: what cannot be drawn is refused by name, and what lies on a disk already stops nothing.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_support::*;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, Change, ObjId, ROOT, ReadDoc, TextEncoding};
use kith_shared::document::{DocumentName, EditProblem, Handle, KithSchema, NoteField, Subject, genesis};
use kith_shared::gate::{Refusal, Schema};
use kith_shared::ids::{BodyId, MemberId};
use kith_shared::time::{Day, TimestampMs};
use kith_shared::trust::Role;

const DUE: &str = "000001AAAAAAAAu";
const ROGUE: &str = "QkJCQkJCQkJCQkJCQkJCQg";

/// A change by a writer that keeps to no rule.
fn rogue(name: &DocumentName, act: impl FnOnce(&mut AutoCommit, &dyn Fn(&AutoCommit, &str) -> ObjId)) -> Vec<u8> {
    let first = genesis(&CIRCLE, name).unwrap();
    let mut doc = AutoCommit::new_with_encoding(TextEncoding::Utf16CodeUnit).with_actor((&[66; 16]).into());
    doc.apply_changes([Change::try_from(&first.bytes[..]).unwrap()]).unwrap();
    act(&mut doc, &|doc, key| doc.get(ROOT, key).unwrap().unwrap().1);
    let hash = doc.commit_with(CommitOptions::default().with_time(1)).unwrap();
    doc.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec()
}

fn session(day: u32) -> DocumentName {
    DocumentName::new(Subject::SessionNote { day: Day(day), ordinal: 0 })
}

fn commitment(due: u64) -> Vec<u8> {
    rogue(&note(), |doc, at| {
        let commitments = at(doc, "c");
        doc.put(&commitments, "000001AAAAAAAAt", "walk daily").unwrap();
        doc.put(&commitments, "000001AAAAAAAAm", vec![3; 16]).unwrap();
        doc.put(&commitments, DUE, due).unwrap();
    })
}

fn message(sent: u64) -> Vec<u8> {
    rogue(&month(), |doc, at| {
        let mut record = vec![2];
        let mut left = sent;
        while left >= 0x80 {
            record.push(left as u8 | 0x80);
            left >>= 7;
        }
        record.push(left as u8);
        record.extend([7; 64]);
        let messages = at(doc, "m");
        doc.put(&messages, format!("{ROGUE}3"), record).unwrap();
    })
}

/// Days and times of all sizes, and those at the bounds.
fn numbers(dice: &mut Dice, edges: &[u64]) -> Vec<u64> {
    let any = (0..200).map(|_| {
        let bits = 1 + dice.roll(63);
        (dice.roll(usize::MAX) as u64) >> (64 - bits)
    });
    any.chain(edges.iter().flat_map(|edge| [edge - 1, *edge, edge + 1])).collect()
}

#[test]
fn a_due_date_a_session_and_a_time_are_taken_within_their_bounds_and_refused_by_name_outside() {
    let mut dice = Dice(7);
    let (first, last) = (u64::from(Day::FIRST.0), u64::from(Day::LAST.0));
    for due in numbers(&mut dice, &[first, last, u64::from(u32::MAX)]) {
        let allowed = (first..=last).contains(&due);
        let expected = if allowed { Ok(()) } else { Err(Refusal::OutOfRange) };
        assert_eq!(inspect(&note(), Role::Facilitator, &commitment(due)).map(|_| ()), expected, "due {due}");
        let Ok(day) = u32::try_from(due) else { continue };
        let title = rogue(&session(day), |doc, at| doc.put(at(doc, "f"), "t", "Rain").unwrap());
        assert_eq!(inspect(&session(day), Role::Member, &title).map(|_| ()), expected, "session of {day}");
        let among = DocumentName::new(Subject::FacilitatorNote { day: Day(day), ordinal: 0 });
        assert_eq!(KithSchema.may_write_sealed(&among, &author(Role::Facilitator)), allowed, "sealed note of {day}");
        let added = open(&note(), 1).add_commitment(&MemberId([3; 16]), "walk daily", Some(Day(day)), NOW);
        let refused = Err(EditProblem::OutOfRange { what: "the day that it is due" });
        assert_eq!(added.map(|_| ()), if allowed { Ok(()) } else { refused });
    }
    for sent in numbers(&mut dice, &[1, TimestampMs::LAST.0, 9_000_000_000_000_000]) {
        let expected = if sent <= TimestampMs::LAST.0 { Ok(()) } else { Err(Refusal::OutOfRange) };
        assert_eq!(inspect(&month(), Role::Member, &message(sent)).map(|_| ()), expected, "sent at {sent}");
    }
}

#[test]
fn what_lies_on_a_disk_out_of_bounds_opens_and_shows_a_date_that_can_be_drawn() {
    let mut ana = open(&note(), 1);
    ana.set_field(NoteField::Title, "Rain", NOW).unwrap();
    ana.add_commitment(&MemberId([4; 16]), "call Ben", Some(Day(20_800)), NOW).unwrap();
    let mut changes = commit(&mut ana);
    changes.push(commitment(u64::from(u32::MAX)));
    let view = Handle::open(&CIRCLE, &note(), actor(9), &changes).unwrap().note().unwrap();
    assert_eq!(view.title.value, "Rain");
    let mut dues: Vec<_> = view.commitments.iter().map(|one| (one.text.as_str(), one.due)).collect();
    dues.sort_unstable();
    assert_eq!(dues, [("call Ben", Some(Day(20_800))), ("walk daily", None)]);

    let far = Handle::open::<Vec<u8>>(&CIRCLE, &session(u32::MAX), actor(9), &[]).unwrap();
    assert_eq!(far.note().unwrap().title.value, "");

    let mut ben = open(&month(), 2);
    ben.post(NOW, &BodyId([1; 32]), &COMMITMENT, None).unwrap();
    let mut changes = commit(&mut ben);
    changes.push(message(9_000_000_000_000_000));
    let shown = Handle::open(&CIRCLE, &month(), actor(9), &changes).unwrap().thread().unwrap().messages;
    let times: Vec<_> = shown.iter().map(|message| message.sent).collect();
    assert_eq!(times, [NOW, TimestampMs::LAST]);
}

#[test]
fn a_phone_whose_clock_is_beyond_all_bounds_writes_what_is_taken() {
    for now in [0, TimestampMs::LAST.0 + 1, 9_000_000_000_000_000, u64::MAX].map(TimestampMs) {
        let (mut thread, mut people) = (open(&month(), 1), open(&profile(), 1));
        thread.post(now, &BodyId([1; 32]), &COMMITMENT, None).unwrap();
        people.set_own_name("Ana", now).unwrap();
        commit(&mut thread);
        commit(&mut people);
    }
}
