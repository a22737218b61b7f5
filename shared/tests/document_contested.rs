//! P04: whatever two people write at once in any field of any document, both values stand with their authors, until
//! someone chooses.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use crate::document_support::*;
use kith_shared::document::{
    CommitmentState, DocumentName, Handle, HelplineEdit, HelplineView, ItemId, NoteField, Presence, Register, Written,
};
use kith_shared::ids::{ActorId, MemberId, ThreadId};
use kith_shared::time::Day;

const MEMBER: MemberId = MemberId([3; 16]);
const THREAD: ThreadId = ThreadId([5; 8]);

/// A field that people write: how, and all that it shows.
struct Field {
    name: &'static str,
    document: fn() -> DocumentName,
    /// Writes the value of this number; different numbers give different values.
    write: fn(&mut Handle, &[ItemId], usize),
    read: fn(&Handle) -> Vec<(String, ActorId)>,
    /// How many different values there are.
    values: usize,
}

fn texts(register: &Register) -> Vec<(String, ActorId)> {
    register.candidates.iter().map(|one| (one.value.clone(), one.author)).collect()
}

fn words(number: usize) -> String {
    format!("words {number}")
}

fn written(all: &[(Written, ActorId)], of: fn(&Written) -> bool) -> Vec<(String, ActorId)> {
    all.iter().filter(|(value, _)| of(value)).map(|(value, author)| (format!("{value:?}"), *author)).collect()
}

fn agenda(handle: &Handle) -> Vec<(Written, ActorId)> {
    handle.note().unwrap().agenda[0].contested.clone()
}

fn promised(handle: &Handle) -> Vec<(Written, ActorId)> {
    handle.note().unwrap().commitments[0].contested.clone()
}

const NOTE_FIELDS: [Field; 8] = [
    Field {
        name: "title",
        document: note,
        write: |handle, _, number| handle.set_field(NoteField::Title, &words(number), NOW).unwrap(),
        read: |handle| texts(&handle.note().unwrap().title),
        values: 99,
    },
    Field {
        name: "place",
        document: note,
        write: |handle, _, number| handle.set_field(NoteField::Place, &words(number), NOW).unwrap(),
        read: |handle| texts(&handle.note().unwrap().place),
        values: 99,
    },
    Field {
        name: "attendance",
        document: note,
        write: |handle, _, number| handle.set_attendance(&MEMBER, Presence::ALL[number], NOW).unwrap(),
        read: |handle| {
            let record = handle.note().unwrap().attendance[0].clone();
            let all = [(record.presence, record.author)].into_iter().chain(record.others);
            all.map(|(presence, author)| (format!("{presence:?}"), author)).collect()
        },
        values: 4,
    },
    Field {
        name: "agenda item's words",
        document: note,
        write: |handle, items, number| handle.set_agenda_text(&items[0], &words(number), NOW).unwrap(),
        read: |handle| written(&agenda(handle), |value| matches!(value, Written::Text(_))),
        values: 99,
    },
    Field {
        name: "agenda item's tick",
        document: note,
        write: |handle, items, number| handle.set_agenda_done(&items[0], number == 0, NOW).unwrap(),
        read: |handle| written(&agenda(handle), |value| matches!(value, Written::Done(_))),
        values: 2,
    },
    Field {
        name: "commitment's words",
        document: note,
        write: |handle, items, number| handle.set_commitment_text(&items[1], &words(number), NOW).unwrap(),
        read: |handle| written(&promised(handle), |value| matches!(value, Written::Text(_))),
        values: 99,
    },
    Field {
        name: "commitment's day",
        document: note,
        write: |handle, items, number| {
            handle.set_commitment_due(&items[1], Day(20_800 + number as u32), NOW).unwrap();
        },
        read: |handle| written(&promised(handle), |value| matches!(value, Written::Day(_))),
        values: 99,
    },
    Field {
        name: "commitment's state",
        document: note,
        write: |handle, items, number| handle.set_commitment(&items[1], CommitmentState::ALL[number], NOW).unwrap(),
        read: |handle| written(&promised(handle), |value| matches!(value, Written::State(_))),
        values: 3,
    },
];

/// One field of a helpline.
fn line(of: fn(&HelplineView) -> Vec<(String, ActorId)>, handle: &Handle) -> Vec<(String, ActorId)> {
    of(&handle.profile().unwrap().helplines[0])
}

fn write_line(handle: &mut Handle, items: &[ItemId], edit: HelplineEdit<'_>) {
    handle.set_helpline(&items[0], &edit, NOW).unwrap();
}

const CIRCLE_FIELDS: [Field; 14] = [
    Field {
        name: "circle's name",
        document: profile,
        write: |handle, _, number| handle.set_circle_name(&words(number), NOW).unwrap(),
        read: |handle| texts(&handle.profile().unwrap().name),
        values: 99,
    },
    Field {
        name: "agreement",
        document: profile,
        write: |handle, _, number| handle.set_agreement(&words(number), NOW).unwrap(),
        read: |handle| texts(&handle.profile().unwrap().agreement),
        values: 99,
    },
    Field {
        name: "who follows up",
        document: profile,
        write: |handle, _, number| handle.set_follow_up(Some(&words(number)), None, NOW).unwrap(),
        read: |handle| texts(&handle.profile().unwrap().follow_up.who),
        values: 99,
    },
    Field {
        name: "by when",
        document: profile,
        write: |handle, _, number| handle.set_follow_up(None, Some(&words(number)), NOW).unwrap(),
        read: |handle| texts(&handle.profile().unwrap().follow_up.by),
        values: 99,
    },
    Field {
        name: "about alcohol",
        document: profile,
        write: |handle, _, number| handle.set_about_alcohol(number == 0, NOW).unwrap(),
        read: |handle| {
            let all = handle.profile().unwrap().about_alcohol;
            all.into_iter().map(|(about, author)| (about.to_string(), author)).collect()
        },
        values: 2,
    },
    Field {
        name: "helpline's name",
        document: profile,
        write: |handle, items, number| {
            write_line(handle, items, HelplineEdit { name: Some(&words(number)), ..HelplineEdit::default() });
        },
        read: |handle| line(|it| texts(&it.name), handle),
        values: 99,
    },
    Field {
        name: "helpline's number",
        document: profile,
        write: |handle, items, number| {
            write_line(handle, items, HelplineEdit { phone: Some(&number.to_string()), ..HelplineEdit::default() });
        },
        read: |handle| line(|it| texts(&it.phone), handle),
        values: 99,
    },
    Field {
        name: "day that a helpline was checked",
        document: profile,
        write: |handle, items, number| {
            let checked = Some(Day(20_800 + number as u32));
            write_line(handle, items, HelplineEdit { checked, ..HelplineEdit::default() });
        },
        read: |handle| line(|it| it.checked.iter().map(|(day, author)| (day.0.to_string(), *author)).collect(), handle),
        values: 99,
    },
    Field {
        name: "line of the agreement",
        document: profile,
        write: |handle, items, number| handle.set_agreement_line(&items[1], &words(number), NOW).unwrap(),
        read: |handle| texts(&handle.profile().unwrap().lines[0].text),
        values: 99,
    },
    Field {
        name: "role",
        document: profile,
        write: |handle, items, number| handle.set_role(&items[2], Some(&words(number)), None, NOW).unwrap(),
        read: |handle| texts(&handle.profile().unwrap().roles[0].name),
        values: 99,
    },
    Field {
        name: "whose a role is",
        document: profile,
        write: |handle, items, number| {
            handle.set_role(&items[2], None, Some(&MemberId([number as u8; 16])), NOW).unwrap();
        },
        read: |handle| {
            let all = handle.profile().unwrap().roles.remove(0).member;
            all.into_iter().map(|(member, author)| (member.to_string(), author)).collect()
        },
        values: 99,
    },
    Field {
        name: "how it begins",
        document: profile,
        write: |handle, _, number| handle.set_rituals(Some(&words(number)), None, NOW).unwrap(),
        read: |handle| texts(&handle.profile().unwrap().opening),
        values: 99,
    },
    Field {
        name: "how it ends",
        document: profile,
        write: |handle, _, number| handle.set_rituals(None, Some(&words(number)), NOW).unwrap(),
        read: |handle| texts(&handle.profile().unwrap().closing),
        values: 99,
    },
    Field {
        name: "thread's title",
        document: profile,
        write: |handle, _, number| handle.set_thread(&THREAD, &words(number), NOW).unwrap(),
        read: |handle| {
            let threads = handle.profile().unwrap().threads;
            threads.iter().filter(|one| one.thread == THREAD).flat_map(|one| texts(&one.title)).collect()
        },
        values: 99,
    },
];

/// Two phones that know the same: an agenda item, a commitment, each field written once, so that "absent" plays no part.
fn two(field: &Field) -> (Handle, Handle, Vec<ItemId>) {
    let (mut ana, mut ben) = (open(&(field.document)(), 1), open(&(field.document)(), 2));
    let mut items = Vec::new();
    if (field.document)() == note() {
        items.push(ana.add_agenda("round", NOW).unwrap());
        items.push(ana.add_commitment(&MEMBER, "walk", Some(Day(20_700)), NOW).unwrap());
        ana.set_agenda_done(&items[0], true, NOW).unwrap();
        ana.set_commitment(&items[1], CommitmentState::Kept, NOW).unwrap();
        ana.set_attendance(&MEMBER, Presence::Late, NOW).unwrap();
    }
    if (field.document)() == profile() {
        let line = HelplineEdit { name: Some("Night line"), phone: Some("100"), ..HelplineEdit::default() };
        items.push(ana.add_helpline(&line, NOW).unwrap());
        items.push(ana.add_agreement_line("We listen.", NOW).unwrap());
        items.push(ana.add_role("Keeps time", Some(&MEMBER), NOW).unwrap());
        ana.set_rituals(Some("A breath"), Some("A word each"), NOW).unwrap();
        ana.set_follow_up(Some("Ana"), Some("tomorrow"), NOW).unwrap();
        ana.set_about_alcohol(true, NOW).unwrap();
    }
    exchange(&mut ana, &mut ben);
    (ana, ben, items)
}

#[test]
fn p04_any_two_values_written_at_once_in_any_field_both_stand_until_someone_chooses() {
    let mut dice = Dice(4);
    for field in NOTE_FIELDS.iter().chain(&CIRCLE_FIELDS) {
        for _ in 0..12 {
            let (mut ana, mut ben, items) = two(field);
            let one = dice.roll(field.values);
            let other = (one + 1 + dice.roll(field.values - 1)) % field.values;
            // Each comes to their value by way of others, so that it is not what stood before.
            for (phone, last) in [(&mut ana, one), (&mut ben, other)] {
                for number in [dice.roll(field.values), (last + 1) % field.values, last] {
                    (field.write)(phone, &items, number);
                }
            }
            exchange(&mut ana, &mut ben);
            let shown = (field.read)(&ana);
            assert_eq!(shown, (field.read)(&ben), "{}: both phones show the same", field.name);
            let authors: BTreeSet<ActorId> = shown.iter().map(|(_, author)| *author).collect();
            assert_eq!((shown.len(), authors.len()), (2, 2), "{} {one} and {other}: {shown:?}", field.name);

            let chosen = [one, other, dice.roll(field.values)][dice.roll(3)];
            (field.write)(&mut ben, &items, chosen);
            exchange(&mut ana, &mut ben);
            assert!((field.read)(&ana).len() <= 1, "{}: {chosen} was chosen", field.name);
        }
    }
}

#[test]
fn p04_ticking_an_item_chooses_none_of_its_words() {
    let (mut ana, mut ben, items) = two(&NOTE_FIELDS[3]);
    ana.set_agenda_text(&items[0], "how we sleep", NOW).unwrap();
    ben.set_agenda_text(&items[0], "nights", NOW).unwrap();
    exchange(&mut ana, &mut ben);
    ana.set_agenda_done(&items[0], false, NOW).unwrap();
    ben.set_commitment(&items[1], CommitmentState::NotYet, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    assert_eq!(written(&agenda(&ana), |value| matches!(value, Written::Text(_))).len(), 2);
}

#[test]
fn p04_two_phones_of_one_person_that_named_them_at_once_know_it_of_each_other() {
    let (mut ana, mut ben) = (open(&profile(), 1), open(&profile(), 2));
    ana.set_own_name("Ana", NOW).unwrap();
    ben.set_own_name("Anita", NOW).unwrap();
    exchange(&mut ana, &mut ben);
    assert!(!ana.knew_name(&actor(1), &actor(2)) && !ana.knew_name(&actor(2), &actor(1)), "at the same time");
    ben.set_own_name("Ana Maria", NOW).unwrap();
    exchange(&mut ana, &mut ben);
    assert!(ana.knew_name(&actor(2), &actor(1)) && !ana.knew_name(&actor(1), &actor(2)), "the second came after");
}

#[test]
fn an_item_that_was_removed_is_put_back_as_it_was() {
    let (mut ana, mut ben, items) = two(&NOTE_FIELDS[3]);
    let before = ana.note().unwrap();
    ana.remove_agenda(&items[0], NOW).unwrap();
    ana.remove_commitment(&items[1], NOW).unwrap();
    exchange(&mut ana, &mut ben);
    assert!(ben.note().unwrap().agenda.is_empty() && ben.note().unwrap().commitments.is_empty());
    ana.put_agenda_back(&items[0], "round", true, NOW).unwrap();
    ana.put_commitment_back(&items[1], &MEMBER, "walk", Some(Day(20_700)), CommitmentState::Kept, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    let after = ben.note().unwrap();
    assert_eq!((&after.agenda[0].item, after.agenda[0].done), (&before.agenda[0].item, true));
    assert_eq!(after.commitments, before.commitments);
    ana.put_agenda_back(&items[0], "other words", false, NOW).unwrap();
    assert!(!ana.has_pending(), "what is there is left as it is");
}
