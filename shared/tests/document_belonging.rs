//! The circle's agreement, roles and rituals: written by facilitators alone, agreed to by each member in their own name.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_policy::{Rogue, refused};
use crate::document_support::*;
use automerge::transaction::Transactable;
use kith_shared::document::{
    AGREEMENT_BYTES_MAX, AGREEMENT_LINES_MAX, EditProblem, HELPLINE_BYTES_MAX, Handle, ITEM_BYTES_MAX, ITEM_TEXT,
    ItemId, RITUAL_TEXT,
};
use kith_shared::gate::Refusal;
use kith_shared::ids::{AgreementDigest, MemberId};
use kith_shared::trust::Role;

/// The actor that rogue writers are, as keys begin with it.
const ROGUE: &str = "QkJCQkJCQkJCQkJCQkJCQg";
const OTHER: &str = "AQEBAQEBAQEBAQEBAQEBAQ";

fn lines(handle: &Handle) -> Vec<String> {
    handle.profile().unwrap().lines.into_iter().map(|line| line.text.value).collect()
}

fn agreed(handle: &Handle) -> Vec<(u8, AgreementDigest)> {
    handle.profile().unwrap().agreed.into_iter().map(|one| (one.author.0[0], one.to)).collect()
}

fn record(time: u8, digest: &[u8]) -> Vec<u8> {
    [&[1, time], digest].concat()
}

#[test]
fn lines_are_added_reworded_and_taken_out_and_each_makes_another_agreement() {
    let mut ana = open(&profile(), 1);
    let digest = |handle: &Handle| handle.profile().unwrap().agreement_digest();
    assert_eq!(digest(&ana), AgreementDigest::NONE);
    let listen = ana.add_agreement_line("We listen.", NOW).unwrap();
    let mut seen = vec![AgreementDigest::NONE, digest(&ana)];
    ana.add_agreement_line("Anyone may pass.", NOW).unwrap();
    seen.push(digest(&ana));
    ana.set_agreement_line(&listen, "We listen before we advise.", NOW).unwrap();
    assert_eq!(lines(&ana), ["We listen before we advise.", "Anyone may pass."]);
    seen.push(digest(&ana));
    commit(&mut ana);
    ana.set_agreement_line(&listen, "We listen before we advise.", NOW).unwrap();
    assert!(!ana.has_pending(), "what says so already is left alone");
    ana.set_agreement("What is said here stays here.", NOW).unwrap();
    seen.push(digest(&ana));
    ana.set_agreement_line(&listen, " \u{200b}", NOW).unwrap();
    assert_eq!(lines(&ana), ["Anyone may pass."]);
    seen.push(digest(&ana));
    let all: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(all.len(), seen.len());
    assert_eq!(ana.set_agreement_line(&listen, "Again", NOW), Err(EditProblem::Unknown));
    commit(&mut ana);
}

#[test]
fn two_lines_and_one_line_that_says_both_are_two_agreements() {
    let (mut ana, mut ben) = (open(&profile(), 1), open(&profile(), 1));
    ana.add_agreement_line("We listen.", NOW).unwrap();
    ana.add_agreement_line("We pass.", NOW).unwrap();
    ben.add_agreement_line("We listen.We pass.", NOW).unwrap();
    let digest = |handle: &Handle| handle.profile().unwrap().agreement_digest();
    assert_ne!(digest(&ana), digest(&ben));
}

#[test]
fn one_agrees_to_what_stands_and_to_nothing_that_was_changed_meanwhile() {
    let (mut ana, mut ben) = (open(&profile(), 1), open(&profile(), 2));
    let listen = ana.add_agreement_line("We listen.", NOW).unwrap();
    exchange(&mut ana, &mut ben);
    let read = ben.profile().unwrap().agreement_digest();
    ben.agree(&read, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    assert_eq!(agreed(&ana), [(2, read)]);
    ana.set_agreement_line(&listen, "We listen first.", NOW).unwrap();
    ana.add_agreement_line("Anyone may pass.", NOW).unwrap();
    exchange(&mut ana, &mut ben);
    ben.agree(&read, NOW).unwrap();
    assert!(!ben.has_pending(), "nobody agrees to what they were not shown");
    let then = ben.agreement_then(&actor(2));
    assert_eq!(then, [(Some(listen), "We listen.".to_owned())]);
    assert!(ben.agreement_then(&actor(1)).is_empty());
    ben.agree(&AgreementDigest::NONE, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    assert_eq!(agreed(&ana), [(2, AgreementDigest::NONE)]);
}

#[test]
fn roles_have_a_name_of_the_circles_own_and_somebody_or_nobody() {
    let (mut ana, ben, cat) = (open(&profile(), 1), MemberId([2; 16]), MemberId([3; 16]));
    let time = ana.add_role("Keeps time", Some(&ben), NOW).unwrap();
    let tea = ana.add_role("Boils the water", None, NOW).unwrap();
    let shown = |handle: &Handle| -> Vec<(String, Option<MemberId>)> {
        let roles = handle.profile().unwrap().roles.into_iter();
        roles.map(|role| (role.name.value, role.member.first().map(|(member, _)| *member))).collect()
    };
    assert_eq!(shown(&ana), [("Keeps time".into(), Some(ben)), ("Boils the water".into(), None)]);
    ana.set_role(&tea, None, Some(&cat), NOW).unwrap();
    ana.set_role(&time, Some("Watches the clock"), None, NOW).unwrap();
    assert_eq!(shown(&ana), [("Watches the clock".into(), Some(ben)), ("Boils the water".into(), Some(cat))]);
    commit(&mut ana);
    ana.set_role(&time, Some(""), Some(&cat), NOW).unwrap();
    assert_eq!(shown(&ana), [("Boils the water".into(), Some(cat))]);
    let change = commit(&mut ana);
    assert_eq!(ana.set_role(&time, None, Some(&ben), NOW), Err(EditProblem::Unknown));
    assert!(change.len() == 1 && ana.profile().unwrap().helplines.is_empty(), "a role is no helpline");
}

#[test]
fn nothing_longer_than_what_people_can_count_and_not_too_many() {
    let mut ana = open(&profile(), 1);
    let long = |limit: usize| "x".repeat(limit + 2);
    let over = |what| EditProblem::TooLong { what, over: 2 };
    assert_eq!(ana.add_agreement_line(&long(ITEM_TEXT.graphemes), NOW), Err(over("the line")));
    assert_eq!(ana.add_role(&long(120), None, NOW), Err(over("the role")));
    assert_eq!(ana.set_rituals(Some("x"), Some(&long(RITUAL_TEXT.graphemes)), NOW), Err(over("how it ends")));
    assert_eq!(ana.add_agreement_line("\u{200b}", NOW), Err(EditProblem::Empty { what: "the line" }));
    assert_eq!(ana.add_role(" ", None, NOW), Err(EditProblem::Empty { what: "the role" }));
    assert!(!ana.has_pending(), "nothing is written by halves");
    for number in 0..AGREEMENT_LINES_MAX {
        ana.add_agreement_line(&format!("Line {number}"), NOW).unwrap();
        ana.add_role(&format!("Role {number}"), None, NOW).unwrap();
    }
    let full = |what| Err(EditProblem::Full { what, max: AGREEMENT_LINES_MAX });
    assert_eq!(ana.add_agreement_line("One more", NOW), full("lines"));
    assert_eq!(ana.add_role("One more", None, NOW), full("roles"));
}

#[test]
fn four_thousand_bytes_of_any_script_are_taken_whole_or_refused_whole() {
    for sign in ["o", "я", "語", "😀", "क\u{94d}षि", "\u{202e}ا"] {
        let text = sign.repeat(4_000 / sign.len());
        let mut ana = open(&profile(), 1);
        let line = ana.add_agreement_line("We listen.", NOW).unwrap();
        let role = ana.add_role("Keeps time", None, NOW).unwrap();
        commit(&mut ana);
        let problems = [
            ana.add_agreement_line(&text, NOW).err(),
            ana.set_agreement_line(&line, &text, NOW).err(),
            ana.add_role(&text, None, NOW).err(),
            ana.set_role(&role, Some(&text), None, NOW).err(),
            ana.set_rituals(Some(&text.repeat(3)), None, NOW).err(),
        ];
        let too_long = |it: &Option<EditProblem>| matches!(it, Some(EditProblem::TooLong { .. }));
        assert!(problems.iter().all(too_long), "{sign}: {problems:?}");
        assert!(!ana.has_pending());
        let fits: String = sign.repeat(100);
        ana.set_agreement_line(&line, &fits, NOW).unwrap();
        ana.set_rituals(Some(&fits), Some(&fits), NOW).unwrap();
        for change in ana.commit(NOW) {
            inspect(&profile(), Role::Facilitator, &change).unwrap();
        }
    }
}

#[test]
fn a_member_writes_no_line_no_role_and_no_ritual_and_agrees_for_themself_alone() {
    type Act = fn(&mut Handle, &ItemId, &ItemId);
    let acts: [(Act, bool); 7] = [
        (|it, _, _| drop(it.add_agreement_line("Mine", NOW).unwrap()), false),
        (|it, line, _| it.set_agreement_line(line, "Mine", NOW).unwrap(), false),
        (|it, line, _| it.set_agreement_line(line, "", NOW).unwrap(), false),
        (|it, _, _| drop(it.add_role("Leads", None, NOW).unwrap()), false),
        (|it, _, role| it.set_role(role, None, Some(&MemberId([9; 16])), NOW).unwrap(), false),
        (|it, _, _| it.set_rituals(None, Some("We sing"), NOW).unwrap(), false),
        (|it, _, _| it.agree(&it.profile().unwrap().agreement_digest(), NOW).unwrap(), true),
    ];
    for (at, (act, anyone)) in acts.iter().enumerate() {
        let mut ana = open(&profile(), 1);
        let line = ana.add_agreement_line("We listen.", NOW).unwrap();
        let role = ana.add_role("Keeps time", None, NOW).unwrap();
        commit(&mut ana);
        act(&mut ana, &line, &role);
        let written = ana.commit(NOW);
        assert!(!written.is_empty());
        for change in written {
            assert!(inspect(&profile(), Role::Facilitator, &change).is_ok(), "{at}");
            let expected = if *anyone { Ok(()) } else { Err(Refusal::NotAllowed) };
            assert_eq!(inspect(&profile(), Role::Member, &change).map(|_| ()), expected, "{at}");
        }
    }
    let digest = [7; 32];
    let own = |act: &dyn Fn(&mut Rogue)| {
        let mut rogue = Rogue::new(profile(), &[]);
        act(&mut rogue);
        rogue.verdict(Role::Member)
    };
    let at = |key: &str| format!("{key}a");
    let put = |rogue: &mut Rogue, key: &str, value: Vec<u8>| rogue.doc.put(rogue.at("n"), key, value).unwrap();
    assert_eq!(own(&|rogue| put(rogue, &at(ROGUE), record(5, &digest))), Ok(()));
    assert_eq!(own(&|rogue| put(rogue, &at(OTHER), record(5, &digest))), Err(Refusal::NotAllowed));
    assert_eq!(own(&|rogue| put(rogue, &(at(ROGUE) + "a"), record(5, &digest))), Err(Refusal::NotAllowed));
    assert_eq!(own(&|rogue| put(rogue, &format!("{ROGUE}b"), record(5, &digest))), Err(Refusal::NotAllowed));
    for wrong in [record(5, &digest[1..]), record(5, &[7; 33]), vec![], vec![2, 5], [&[2, 5], &digest[..]].concat()] {
        assert_eq!(own(&|rogue| put(rogue, &at(ROGUE), wrong.clone())), Err(Refusal::Malformed), "{wrong:?}");
    }
    let late = [&[1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], &digest[..]].concat();
    assert_eq!(own(&|rogue| put(rogue, &at(ROGUE), late.clone())), Err(Refusal::OutOfRange));
}

#[test]
fn a_member_removes_nobodys_agreement_nor_writes_over_it() {
    let mut ana = open(&profile(), 1);
    ana.add_agreement_line("We listen.", NOW).unwrap();
    ana.agree(&ana.profile().unwrap().agreement_digest(), NOW).unwrap();
    let before = commit(&mut ana);
    refused(profile(), &before, "another's agreement, taken away", |doc, at| {
        doc.delete(at("n"), format!("{OTHER}a")).unwrap();
    });
    refused(profile(), &before, "another's agreement, written over", |doc, at| {
        doc.put(at("n"), format!("{OTHER}a"), record(5, &[7; 32])).unwrap();
    });
}

#[test]
fn no_facilitator_writes_lines_or_roles_of_another_form() {
    let refuse = |what: &str, field: &str, value: &str| {
        let key = format!("000001AAAAAAAA{field}");
        refused(profile(), &[], what, |doc, at| doc.put(at("i"), key, value).unwrap());
    };
    refuse("a long line", "a", &"x".repeat(ITEM_BYTES_MAX + 1));
    refuse("a long role", "k", &"x".repeat(HELPLINE_BYTES_MAX + 1));
    refuse("a member as a text", "m", "Ana");
    refused(profile(), &[], "half a member", |doc, at| doc.put(at("i"), "000001AAAAAAAAm", vec![1; 8]).unwrap());
    refused(profile(), &[], "a line as a number", |doc, at| doc.put(at("i"), "000001AAAAAAAAa", 1_u64).unwrap());
    for key in ["o", "e"] {
        refused(profile(), &[], "a long ritual", |doc, at| {
            doc.put(at("i"), key, "x".repeat(AGREEMENT_BYTES_MAX + 1)).unwrap();
        });
        refused(profile(), &[], "a ritual as a number", |doc, at| doc.put(at("i"), key, 1_u64).unwrap());
    }
}
