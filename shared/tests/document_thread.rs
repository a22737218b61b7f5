//! Messages, reactions, and the circle's profile.

use std::time::{Duration, Instant};

use crate::document_support::*;
use kith_shared::document::{EditProblem, Handle, MemberName, ReactionKind, THREAD_MESSAGES_MAX};
use kith_shared::ids::{ActorId, BodyId, ThreadId};

fn body(number: usize) -> BodyId {
    BodyId([number as u8; 32])
}

#[test]
fn messages_of_two_phones_come_in_the_order_of_sending() {
    let (mut ana, mut ben) = (open(&month(), 1), open(&month(), 2));
    let first = ana.post(NOW.plus_ms(10), &body(1), &COMMITMENT, None).unwrap();
    let second = ben.post(NOW.plus_ms(5), &body(2), &COMMITMENT, Some(&first)).unwrap();
    let (from_ana, from_ben) = (commit(&mut ana), commit(&mut ben));
    assert_eq!(ana.apply(&from_ben).unwrap().messages, [&*second]);
    ben.apply(&from_ana).unwrap();
    let view = ana.thread().unwrap();
    assert_eq!(view, ben.thread().unwrap());
    let keys: Vec<_> = view.messages.iter().map(|message| (&message.key, message.author)).collect();
    assert_eq!(keys, [(&second, actor(2)), (&first, actor(1))]);
    assert_eq!(view.messages[0].reply_to.as_ref(), Some(&first));
    assert_eq!((view.messages[0].body, view.messages[0].sent), (body(2), NOW.plus_ms(5)));
}

#[test]
fn a_reaction_says_who_and_can_be_taken_back() {
    let (mut ana, mut ben) = (open(&month(), 1), open(&month(), 2));
    let key = ana.post(NOW, &body(1), &COMMITMENT, None).unwrap();
    ben.apply(&commit(&mut ana)).unwrap();
    ben.react(&key, ReactionKind::Relate, true, NOW).unwrap();
    ben.react(&key, ReactionKind::WithYou, true, NOW).unwrap();
    assert_eq!(ana.apply(&commit(&mut ben)).unwrap().messages, [&*key]);
    let reactions = ana.thread().unwrap().messages[0].reactions.clone();
    assert_eq!(reactions.len(), 1);
    assert_eq!(reactions[0].0, actor(2));
    assert!(reactions[0].1.has(ReactionKind::Relate) && reactions[0].1.has(ReactionKind::WithYou));
    assert!(!reactions[0].1.has(ReactionKind::Thanks));
    ben.react(&key, ReactionKind::Relate, false, NOW).unwrap();
    ben.react(&key, ReactionKind::WithYou, false, NOW).unwrap();
    assert_eq!(ana.apply(&commit(&mut ben)).unwrap().messages, [&*key]);
    assert!(ana.thread().unwrap().messages[0].reactions.is_empty());
    ben.react(&key, ReactionKind::Relate, false, NOW).unwrap();
    assert!(!ben.has_pending(), "nothing to write");
    assert_eq!(ben.react("nothing", ReactionKind::Relate, true, NOW), Err(EditProblem::Unknown));
    assert_eq!(ben.post(NOW, &body(1), &COMMITMENT, Some("nothing")), Err(EditProblem::Unknown));
}

#[test]
fn an_author_who_reacts_to_what_they_took_back_or_sealed_again_undoes_neither() {
    let mut ana = open(&month(), 1);
    let (gone, again) = (ana.post(NOW, &body(1), &COMMITMENT, None), ana.post(NOW, &body(2), &COMMITMENT, None));
    let (gone, again) = (gone.unwrap(), again.unwrap());
    ana.take_back(&gone, NOW).unwrap();
    ana.reseal(&again, &body(3), NOW).unwrap();
    let before = ana.thread().unwrap();
    for key in [&gone, &again] {
        ana.react(key, ReactionKind::Thanks, true, NOW).unwrap();
    }
    assert_eq!(ana.thread().unwrap(), before);
}

#[test]
fn a_month_of_500_messages_opens_fast_and_is_full() {
    let mut phones: Vec<Handle> = (1..=12).map(|id| open(&month(), id)).collect();
    let mut log: Vec<Vec<u8>> = Vec::new();
    let mut seen = [0; 12];
    for number in 0..THREAD_MESSAGES_MAX {
        let phone = &mut phones[number % 12];
        phone.apply(&log[seen[number % 12]..]).unwrap();
        phone.post(NOW.plus_ms(number as u64 * 1_000), &body(number), &COMMITMENT, None).unwrap();
        log.append(&mut commit(phone));
        seen[number % 12] = log.len();
    }
    #[allow(clippy::disallowed_methods, reason = "a test measures")]
    let start = Instant::now();
    let opened = Handle::open(&CIRCLE, &month(), actor(40), &log).unwrap();
    let view = opened.thread().unwrap();
    #[allow(clippy::disallowed_methods, reason = "a test measures")]
    let took = start.elapsed();
    println!("500 messages: {} B raw, opened and read in {took:?}", log.iter().map(Vec::len).sum::<usize>());
    assert_eq!((view.messages.len(), view.skipped), (THREAD_MESSAGES_MAX, 0));
    assert!(view.messages.is_sorted_by_key(|message| message.sent));
    assert!(opened.is_full().unwrap());
    assert!(took < Duration::from_millis(500), "{took:?}");
}

#[test]
fn a_profile_has_names_threads_and_what_was_agreed() {
    let (mut ana, mut ben) = (open(&profile(), 1), open(&profile(), 2));
    assert_eq!(ana.profile().unwrap().threads.len(), 1, "the circle's own thread is always there");
    ana.set_own_name("Ana", NOW).unwrap();
    ana.set_circle_name("Tuesday circle", NOW).unwrap();
    ana.set_agreement("We listen.", NOW).unwrap();
    ana.set_thread(&ThreadId([5; 8]), "Walks", NOW).unwrap();
    ana.set_thread(&ThreadId::CIRCLE, "All of us", NOW).unwrap();
    ben.set_own_name("Ben", NOW).unwrap();
    ben.set_own_name("Benjamin", NOW.plus_ms(1)).unwrap();
    let (from_ana, from_ben) = (commit(&mut ana), commit(&mut ben));
    assert!(ana.apply(&from_ben).unwrap().profile);
    assert!(ben.apply(&from_ana).unwrap().profile);
    let view = ben.profile().unwrap();
    assert_eq!(view, ana.profile().unwrap());
    let name = |author: ActorId, name: &str, set| MemberName { author, name: name.into(), set };
    assert_eq!(view.members, [name(actor(1), "Ana", NOW), name(actor(2), "Benjamin", NOW.plus_ms(1))]);
    let thread = |thread, title: &str| (thread, title.to_owned());
    let threads: Vec<_> = view.threads.iter().map(|known| (known.thread, known.title.value.clone())).collect();
    assert_eq!(threads, [thread(ThreadId::CIRCLE, "All of us"), thread(ThreadId([5; 8]), "Walks")]);
    assert_eq!((&*view.name.value, &*view.agreement.value), ("Tuesday circle", "We listen."));
    assert_eq!(ana.set_own_name("  ", NOW), Err(EditProblem::Empty { what: "the name" }));
}
