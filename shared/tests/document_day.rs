//! A session on a wrong date is moved, and an empty one hidden; its document keeps its name.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_support::*;
use kith_shared::document::{EditProblem, Handle, NoteField, Presence};
use kith_shared::ids::MemberId;
use kith_shared::time::Day;

/// Ways to put something into a session.
const WORDS: [fn(&mut Handle); 6] = [
    |handle| handle.set_field(NoteField::Title, "Rain", NOW).unwrap(),
    |handle| handle.set_field(NoteField::Place, "The tree", NOW).unwrap(),
    |handle| handle.edit_body(&[splice(0, 0, "We met.")]).unwrap(),
    |handle| drop(handle.add_agenda("round", NOW).unwrap()),
    |handle| drop(handle.add_commitment(&MemberId([3; 16]), "walk", None, NOW).unwrap()),
    |handle| handle.set_attendance(&MemberId([3; 16]), Presence::Late, NOW).unwrap(),
];

#[test]
fn a_session_is_shown_on_the_day_that_it_was_moved_to() {
    let mut ana = open(&note(), 1);
    ana.set_day(Day(20_700), NOW).unwrap();
    assert!(!ana.has_pending(), "it is on that day");
    ana.set_day(Day(20_707), NOW).unwrap();
    commit(&mut ana);
    assert_eq!(ana.note_summary().unwrap().day, Some(Day(20_707)));
    let refused = Err(EditProblem::OutOfRange { what: "the session's day" });
    for day in [0, u32::MAX].map(Day) {
        assert_eq!(ana.set_day(day, NOW), refused);
    }
    assert_eq!(open(&profile(), 1).set_day(Day(20_707), NOW), Err(EditProblem::WrongKind));
}

#[test]
fn p04_of_two_days_both_stand_until_someone_chooses() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    ana.set_day(Day(20_707), NOW).unwrap();
    ben.set_day(Day(20_709), NOW).unwrap();
    exchange(&mut ana, &mut ben);
    let mut days = ana.note().unwrap().days;
    days.sort_unstable();
    assert_eq!(days, [(Day(20_707), actor(1)), (Day(20_709), actor(2))]);
    ben.set_day(Day(20_707), NOW).unwrap();
    exchange(&mut ana, &mut ben);
    assert_eq!(ana.note().unwrap().days.len(), 1);
}

#[test]
fn only_an_empty_session_is_hidden_and_whatever_is_written_in_it_meanwhile_shows_it_again() {
    for write in WORDS {
        let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
        ana.set_field(NoteField::Title, "", NOW).unwrap();
        exchange(&mut ana, &mut ben);
        ana.set_hidden(true, NOW).unwrap();
        assert!(ana.note_summary().unwrap().hidden);
        write(&mut ben);
        exchange(&mut ana, &mut ben);
        assert!(!ana.note_summary().unwrap().hidden && !ben.note().unwrap().hidden);
        assert_eq!(ben.set_hidden(true, NOW), Err(EditProblem::NotEmpty));
    }
}
