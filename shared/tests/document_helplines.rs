//! Whom people can call: entered by facilitators alone, whole, within bounds, and kept when a phone was put back.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_policy::{Rogue, refused};
use crate::document_support::*;
use automerge::transaction::Transactable;
use kith_shared::document::{
    Again, EditProblem, HELPLINE_BYTES_MAX, HELPLINE_TEXT, HELPLINES_MAX, Handle, HelplineEdit, MovedText, MovedTexts,
    NUMBER_CHARS_MAX,
};
use kith_shared::gate::Refusal;
use kith_shared::ids::{BodyId, TextCommitment};
use kith_shared::time::Day;
use kith_shared::trust::Role;

const NIGHT: HelplineEdit<'_> = HelplineEdit {
    name: Some("Night line"),
    phone: Some("+1 (202) 555-0142"),
    sms: None,
    region: Some("Everywhere"),
    hours: Some("Day and night"),
    language: Some("English"),
    checked: Some(Day(20_700)),
};
const NOTHING: HelplineEdit<'_> =
    HelplineEdit { name: None, phone: None, sms: None, region: None, hours: None, language: None, checked: None };

fn names(handle: &Handle) -> Vec<String> {
    handle.profile().unwrap().helplines.into_iter().map(|line| line.name.value).collect()
}

#[test]
fn a_helpline_is_entered_changed_and_removed() {
    let mut ana = open(&profile(), 1);
    let item = ana.add_helpline(&NIGHT, NOW).unwrap();
    ana.add_helpline(&HelplineEdit { name: Some("Clinic"), sms: Some("200"), ..NOTHING }, NOW).unwrap();
    assert_eq!(names(&ana), ["Night line", "Clinic"], "in the order of adding");
    let line = ana.profile().unwrap().helplines.remove(0);
    let texts = [&line.phone, &line.sms, &line.region, &line.hours, &line.language].map(|it| it.value.as_str());
    assert_eq!(texts, ["+1 (202) 555-0142", "", "Everywhere", "Day and night", "English"]);
    assert_eq!(line.checked, [(Day(20_700), actor(1))]);
    commit(&mut ana);
    let change = HelplineEdit { phone: Some(""), sms: Some("300"), checked: Some(Day(20_900)), ..NOTHING };
    ana.set_helpline(&item, &change, NOW).unwrap();
    let line = ana.profile().unwrap().helplines.remove(0);
    assert_eq!((line.phone.value.as_str(), line.sms.value.as_str()), ("", "300"));
    assert_eq!((line.name.value.as_str(), line.checked[0].0), ("Night line", Day(20_900)));
    commit(&mut ana);
    ana.set_helpline(&item, &change, NOW).unwrap();
    assert!(!ana.has_pending(), "what says so already is left alone");
    ana.remove_helpline(&item, NOW).unwrap();
    assert_eq!(names(&ana), ["Clinic"]);
    assert_eq!(ana.set_helpline(&item, &change, NOW), Err(EditProblem::Unknown));
    commit(&mut ana);
}

#[test]
fn a_helpline_has_a_name_a_number_and_a_day_that_can_be_drawn() {
    let mut ana = open(&profile(), 1);
    let item = ana.add_helpline(&NIGHT, NOW).unwrap();
    let empty = |what| EditProblem::Empty { what };
    let none = empty("the number to call or to text");
    let long = "x".repeat(HELPLINE_TEXT.graphemes + 2);
    let digits = "1".repeat(NUMBER_CHARS_MAX + 3);
    let cases = [
        (HelplineEdit { name: Some(""), ..NOTHING }, empty("the helpline's name")),
        (HelplineEdit { name: Some("\u{200b}"), ..NOTHING }, empty("the helpline's name")),
        (HelplineEdit { region: Some("\u{200b}"), ..NOTHING }, empty("the helpline's region")),
        (HelplineEdit { phone: Some(""), ..NOTHING }, none),
        (HelplineEdit { sms: Some("text us"), ..NOTHING }, EditProblem::NotANumber),
        (HelplineEdit { phone: Some("+ -"), ..NOTHING }, EditProblem::NotANumber),
        (
            HelplineEdit { phone: Some(&digits), ..NOTHING },
            EditProblem::TooLong { what: "the number to call", over: 3 },
        ),
        (
            HelplineEdit { hours: Some(&long), ..NOTHING },
            EditProblem::TooLong { what: "the helpline's hours", over: 2 },
        ),
        (
            HelplineEdit { checked: Some(Day(Day::LAST.0 + 1)), ..NOTHING },
            EditProblem::OutOfRange { what: "the day on which it was checked" },
        ),
    ];
    commit(&mut ana);
    for (edit, problem) in cases {
        assert_eq!(ana.set_helpline(&item, &edit, NOW), Err(problem), "{edit:?}");
        let added = ana.add_helpline(&HelplineEdit { name: edit.name.or(NIGHT.name), ..edit }, NOW);
        assert!(added.is_err(), "{edit:?}");
    }
    assert!(!ana.has_pending(), "nothing is written by halves");
    assert_eq!(ana.add_helpline(&HelplineEdit { name: Some("Clinic"), ..NOTHING }, NOW), Err(none));
}

#[test]
fn one_phone_adds_so_many_helplines_and_takes_nobodys_place() {
    let (mut ana, mut ben) = (open(&profile(), 1), open(&profile(), 2));
    for _ in 0..HELPLINES_MAX {
        ana.add_helpline(&NIGHT, NOW).unwrap();
    }
    let full = Err(EditProblem::Full { what: "helplines", max: HELPLINES_MAX });
    assert_eq!(ana.add_helpline(&NIGHT, NOW), full);
    exchange(&mut ana, &mut ben);
    ben.add_helpline(&NIGHT, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    assert_eq!(names(&ana).len(), HELPLINES_MAX + 1);
}

#[test]
fn who_follows_up_and_by_when_are_said_together() {
    let mut ana = open(&profile(), 1);
    assert_eq!(ana.set_follow_up(Some("Ana"), None, NOW), Err(EditProblem::Empty { what: "by when" }));
    assert_eq!(ana.set_follow_up(None, Some("tomorrow"), NOW), Err(EditProblem::Empty { what: "who follows up" }));
    ana.set_follow_up(Some(""), Some(""), NOW).unwrap();
    assert!(!ana.has_pending(), "nobody did so before");
    ana.set_follow_up(Some("Ana"), Some("tomorrow"), NOW).unwrap();
    assert_eq!(ana.set_follow_up(Some(""), None, NOW), Err(EditProblem::Empty { what: "who follows up" }));
    ana.set_follow_up(None, Some("the same day"), NOW).unwrap();
    let said = ana.profile().unwrap().follow_up;
    assert_eq!((said.who.value.as_str(), said.by.value.as_str()), ("Ana", "the same day"));
    ana.set_follow_up(Some(""), Some(""), NOW).unwrap();
    assert_eq!(ana.profile().unwrap().follow_up.who.value, "");
    commit(&mut ana);
}

#[test]
fn what_facilitators_decide_no_member_writes() {
    type Act = fn(&mut Handle);
    let acts: [Act; 4] = [
        |it| drop(it.add_helpline(&NIGHT, NOW).unwrap()),
        |it| it.set_follow_up(Some("Ana"), Some("tomorrow"), NOW).unwrap(),
        |it| it.set_about_alcohol(true, NOW).unwrap(),
        |it| {
            let item = it.profile().unwrap().helplines[0].item.clone();
            it.remove_helpline(&item, NOW).unwrap();
        },
    ];
    for (at, act) in acts.iter().enumerate() {
        let mut ana = open(&profile(), 1);
        if at == 3 {
            ana.add_helpline(&NIGHT, NOW).unwrap();
            commit(&mut ana);
        }
        act(&mut ana);
        for change in ana.commit(NOW) {
            assert!(inspect(&profile(), Role::Facilitator, &change).is_ok());
            assert_eq!(inspect(&profile(), Role::Member, &change).map(|_| ()), Err(Refusal::NotAllowed));
        }
    }
}

#[test]
fn no_facilitator_writes_a_helpline_of_another_form() {
    let refuse = |what: &str, field: &str, value: &str| {
        let key = format!("000001AAAAAAAA{field}");
        refused(profile(), &[], what, |doc, at| doc.put(at("i"), key, value).unwrap());
    };
    for (what, number) in [
        ("a word as a number", "call us"),
        ("a number with no digit", "+-"),
        ("a number that turns what is around it", "12\u{202e}34"),
        ("a number with another address behind it", "100;tel:200"),
        ("a number in other digits", "\u{661}\u{662}"),
    ] {
        refuse(what, "p", number);
        refuse(what, "s", number);
    }
    refuse("a long number", "p", &"1".repeat(NUMBER_CHARS_MAX + 1));
    for field in ["t", "r", "h", "l"] {
        refuse("a long text", field, &"x".repeat(HELPLINE_BYTES_MAX + 1));
    }
    refuse("an unknown field", "z", "x");
    refuse("no field", "", "x");
    refuse("a day that is a text", "c", "20700");
    refused(profile(), &[], "a number that is no text", |doc, at| {
        doc.put(at("i"), "000001AAAAAAAAp", 100_u64).unwrap()
    });
    refused(profile(), &[], "alcohol that is a text", |doc, at| doc.put(at("i"), "l", "yes").unwrap());
    refused(profile(), &[], "a long text of who follows up", |doc, at| {
        doc.put(at("i"), "w", "x".repeat(3_201)).unwrap()
    });
    for day in [0, u64::from(Day::FIRST.0) - 1, u64::from(Day::LAST.0) + 1, u64::MAX] {
        let mut rogue = Rogue::new(profile(), &[]);
        rogue.doc.put(rogue.at("i"), "000001AAAAAAAAc", day).unwrap();
        assert_eq!(rogue.verdict(Role::Facilitator), Err(Refusal::OutOfRange), "{day}");
    }
}

/// Nothing of a profile is sealed.
struct Unsealed;

impl MovedTexts for Unsealed {
    fn seal_again(&mut self, _: &MovedText) -> Option<(BodyId, TextCommitment)> {
        unreachable!("a profile has no texts beside it")
    }

    fn is_same(&self, _: &MovedText, _: &MovedText) -> bool {
        unreachable!("a profile has no texts beside it")
    }
}

#[test]
fn p27_helplines_that_are_written_again_stay_apart_from_those_that_stand_at_their_place() {
    let (mut ana, mut copy) = (open(&profile(), 1), open(&profile(), 1));
    let clinic = ana.add_helpline(&HelplineEdit { name: Some("Clinic"), ..NIGHT }, NOW).unwrap();
    let arrived = commit(&mut ana);
    let night = copy.add_helpline(&NIGHT, NOW).unwrap();
    assert_eq!(night, clinic, "two phones with one key are at one place");
    copy.set_helpline(&night, &HelplineEdit { hours: Some("Nights"), ..NOTHING }, NOW).unwrap();
    let own = commit(&mut copy);
    let mut again = Again::new(&CIRCLE, &profile(), actor(1), &[], &arrived, &own).unwrap();
    let mut handle = Handle::open(&CIRCLE, &profile(), actor(1), &arrived).unwrap();
    for change in &own {
        for written in again.write(change, &mut Unsealed).unwrap() {
            inspect(&profile(), Role::Facilitator, &written.change).unwrap();
            handle.apply(&[written.change]).unwrap();
        }
    }
    let lines = handle.profile().unwrap().helplines;
    let shown: Vec<(&str, &str)> = lines.iter().map(|it| (it.name.value.as_str(), it.hours.value.as_str())).collect();
    assert_eq!(shown, [("Clinic", "Day and night"), ("Night line", "Nights")]);
    assert!(lines.iter().all(|line| line.checked == [(Day(20_700), actor(1))]), "{lines:?}");
}
