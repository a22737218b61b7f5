//! What may be written: everything that the edits write, and none of what they never do.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_support::*;
use automerge::marks::{ExpandMark, Mark as AutomergeMark};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, TextEncoding};
use kith_shared::document::KithSchema;
use kith_shared::document::{Block, BlockKind, BodyOp, DocumentName, Handle, ReactionKind, Subject, genesis};
use kith_shared::gate::{Refusal, Schema, parse_change};
use kith_shared::ids::{BodyId, MemberId, ThreadId};
use kith_shared::trust::{Author, Role};

/// Finds a container by its key.
pub(crate) type At<'a> = &'a dyn Fn(&str) -> ObjId;

/// A writer that keeps to no rule: Automerge itself, on a document that has what `before` wrote.
pub(crate) struct Rogue {
    pub(crate) doc: AutoCommit,
    name: DocumentName,
}

impl Rogue {
    pub(crate) fn new(name: DocumentName, before: &[Vec<u8>]) -> Self {
        let first = genesis(&CIRCLE, &name).unwrap();
        let mut doc = AutoCommit::new_with_encoding(TextEncoding::Utf16CodeUnit).with_actor((&[66; 16]).into());
        let changes: Vec<Change> =
            core::iter::once(&first.bytes).chain(before).map(|bytes| Change::try_from(&bytes[..]).unwrap()).collect();
        doc.apply_changes(changes).unwrap();
        Self { doc, name }
    }

    pub(crate) fn at(&self, key: &str) -> ObjId {
        self.doc.get(ROOT, key).unwrap().unwrap().1
    }

    pub(crate) fn verdict(&mut self, role: Role) -> Result<(), Refusal> {
        let hash = self.doc.commit_with(CommitOptions::default().with_time(1)).unwrap();
        let change = self.doc.get_change_by_hash(&hash).unwrap();
        inspect(&self.name, role, change.raw_bytes()).map(|_| ())
    }
}

/// Demands that what `act` does is refused, for a facilitator too.
pub(crate) fn refused(name: DocumentName, before: &[Vec<u8>], what: &str, act: impl FnOnce(&mut AutoCommit, At<'_>)) {
    let mut rogue = Rogue::new(name, before);
    let roots = ["b", "f", "a", "p", "c", "m", "r", "i", "n", "t", "s", "h"];
    let known: Vec<(&str, ObjId)> = roots
        .into_iter()
        .filter(|key| rogue.doc.get(ROOT, *key).unwrap().is_some())
        .map(|key| (key, rogue.at(key)))
        .collect();
    let at = |key: &str| known.iter().find(|(known, _)| *known == key).unwrap().1.clone();
    act(&mut rogue.doc, &at);
    let verdict = rogue.verdict(Role::Facilitator);
    assert!(matches!(verdict, Err(Refusal::NotAllowed | Refusal::Malformed)), "{what}: {verdict:?}");
}

#[test]
fn root_and_containers_stay_as_they_are() {
    for (name, key) in [
        (note(), "b"),
        (note(), "f"),
        (month(), "m"),
        (month(), "r"),
        (profile(), "n"),
        (toolkit(), "s"),
        (toolkit(), "h"),
    ] {
        refused(name, &[], "a put over a container", |doc, _| doc.put(ROOT, key, 1_u64).unwrap());
        refused(name, &[], "a new container", |doc, _| drop(doc.put_object(ROOT, key, ObjType::Map).unwrap()));
        refused(name, &[], "no container", |doc, _| doc.delete(ROOT, key).unwrap());
        refused(name, &[], "a key of one's own", |doc, _| doc.put(ROOT, "zz", 1_u64).unwrap());
        refused(name, &[], "a text", |doc, _| drop(doc.put_object(ROOT, "z", ObjType::Text).unwrap()));
        refused(name, &[], "a counter", |doc, _| doc.put(ROOT, "z", ScalarValue::counter(1)).unwrap());
    }
}

#[test]
fn a_note_is_made_of_what_a_note_is_made_of() {
    let mut ana = open(&note(), 1);
    let block = Block { kind: BlockKind::Todo, level: 0, checked: true };
    ana.edit_body(&[splice(0, 0, "word"), BodyOp::Block { index: 0, block }]).unwrap();
    let before = commit(&mut ana);
    let refuse = |what: &str, act: &dyn Fn(&mut AutoCommit, At<'_>)| refused(note(), &before, what, act);

    refuse("a number as text", &|doc, at| doc.insert(at("b"), 1, 7_u64).unwrap());
    refuse("a word in one op", &|doc, at| doc.insert(at("b"), 1, "word").unwrap());
    refuse("nothing in one op", &|doc, at| doc.insert(at("b"), 1, "").unwrap());
    refuse("a list in a text", &|doc, at| drop(doc.insert_object(at("b"), 1, ObjType::List).unwrap()));
    refuse("a character put over another", &|doc, at| doc.put(at("b"), 1, "x").unwrap());
    refuse("an unknown mark", &|doc, at| {
        doc.mark(at("b"), AutomergeMark::new("link".into(), true, 1, 3), ExpandMark::After).unwrap();
    });
    refuse("a mark with a text", &|doc, at| {
        doc.mark(at("b"), AutomergeMark::new("em".into(), "x", 1, 3), ExpandMark::After).unwrap();
    });
    let marker = |doc: &AutoCommit, at: &dyn Fn(&str) -> ObjId| doc.get(at("b"), 0).unwrap().unwrap().1;
    refuse("an unknown attribute", &|doc, at| doc.put(marker(doc, at), "z", 1_u64).unwrap());
    refuse("an unknown kind", &|doc, at| doc.put(marker(doc, at), "k", 9_u64).unwrap());
    refuse("a level too deep", &|doc, at| doc.put(marker(doc, at), "l", 4_u64).unwrap());
    refuse("a check that is a number", &|doc, at| doc.put(marker(doc, at), "c", 1_u64).unwrap());
    refuse("an object in a marker", &|doc, at| drop(doc.put_object(marker(doc, at), "k", ObjType::Map).unwrap()));
    refuse("an unknown field", &|doc, at| doc.put(at("f"), "x", "y").unwrap());
    refuse("a long title", &|doc, at| doc.put(at("f"), "t", "y".repeat(3_201)).unwrap());
    refuse("a title that is a number", &|doc, at| doc.put(at("f"), "t", 1_u64).unwrap());
    refuse("a title that is a text object", &|doc, at| drop(doc.put_object(at("f"), "t", ObjType::Text).unwrap()));
    refuse("attendance of no member", &|doc, at| doc.put(at("p"), "rosa", 1_u64).unwrap());
    refuse("an unknown attendance", &|doc, at| doc.put(at("p"), "AAAAAAAAAAAAAAAAAAAAAA", 4_u64).unwrap());
    refuse("a counter as attendance", &|doc, at| {
        doc.put(at("p"), "AAAAAAAAAAAAAAAAAAAAAA", ScalarValue::counter(1)).unwrap();
    });
    refuse("an agenda key of no form", &|doc, at| doc.put(at("a"), "t", "x").unwrap());
    refuse("an agenda item's unknown field", &|doc, at| doc.put(at("a"), "000001AAAAAAAAz", "x").unwrap());
    refuse("a commitment's field in the agenda", &|doc, at| doc.put(at("a"), "000001AAAAAAAAs", 1_u64).unwrap());
    refuse("a long agenda item", &|doc, at| doc.put(at("a"), "000001AAAAAAAAt", "x".repeat(4_801)).unwrap());
    refuse("a member of 3 bytes", &|doc, at| doc.put(at("c"), "000001AAAAAAAAm", vec![1, 2, 3]).unwrap());
}

#[test]
fn in_a_thread_nobody_touches_what_is_anothers() {
    let mut ana = open(&month(), 1);
    let key = ana.post(NOW, &BodyId([1; 32]), &COMMITMENT, None).unwrap();
    ana.react(&key, ReactionKind::Thanks, true, NOW).unwrap();
    let before = commit(&mut ana);
    let record = || [&[2, 5][..], &[7; 64]].concat();
    let own = "QkJCQkJCQkJCQkJCQkJCQg";
    let refuse = |what: &str, act: &dyn Fn(&mut AutoCommit, At<'_>)| refused(month(), &before, what, act);

    refuse("a put over another's message", &|doc, at| doc.put(at("m"), &*key, record()).unwrap());
    refuse("a removal of another's message", &|doc, at| doc.delete(at("m"), &*key).unwrap());
    refuse("a new message in another's name", &|doc, at| {
        doc.put(at("m"), "AQEBAQEBAQEBAQEBAQEBAQ9", record()).unwrap();
    });
    refuse("another's reaction", &|doc, at| {
        doc.put(at("r"), format!("AQEBAQEBAQEBAQEBAQEBAQ{key}"), 15_u64).unwrap();
    });
    refuse("a removal of another's reaction", &|doc, at| {
        doc.delete(at("r"), format!("AQEBAQEBAQEBAQEBAQEBAQ{key}")).unwrap();
    });
    refuse("a key without a counter", &|doc, at| doc.put(at("m"), own, record()).unwrap());
    refuse("a record of before commitments", &|doc, at| {
        doc.put(at("m"), format!("{own}5"), [&[1, 5][..], &[7; 32]].concat()).unwrap();
    });
    refuse("a key of another op", &|doc, at| doc.put(at("m"), format!("{own}6"), record()).unwrap());
    refuse("a record cut short", &|doc, at| doc.put(at("m"), format!("{own}5"), vec![2, 5, 7]).unwrap());
    refuse("a record with bytes left over", &|doc, at| {
        doc.put(at("m"), format!("{own}5"), [record(), vec![0]].concat()).unwrap();
    });
    refuse("a message that is a text", &|doc, at| doc.put(at("m"), format!("{own}5"), "hello").unwrap());
    refuse("a message that is an object", &|doc, at| {
        drop(doc.put_object(at("m"), format!("{own}5"), ObjType::Map).unwrap());
    });
    refuse("an unknown reaction", &|doc, at| doc.put(at("r"), format!("{own}{key}"), 32_u64).unwrap());
    refuse("a counter as reaction", &|doc, at| {
        doc.put(at("r"), format!("{own}{key}"), ScalarValue::counter(1)).unwrap();
    });
    refuse("a reaction to nothing", &|doc, at| doc.put(at("r"), format!("{own}x"), 1_u64).unwrap());
    refuse("more bodies than a change may name", &|doc, at| {
        for count in 5..=13_u8 {
            doc.put(at("m"), format!("{own}{count:x}"), [&[2, 5][..], &[count; 64]].concat()).unwrap();
        }
    });
}

#[test]
fn in_a_toolkit_nobody_touches_what_is_anothers() {
    let mut ana = open(&toolkit(), 1);
    let (key, _) = ana.add_strategy(NOW, &strategy("Walk"), None).unwrap();
    ana.helped(&key, true, &[], NOW).unwrap();
    let before = commit(&mut ana);
    let record = || [&[1, 5][..], &[7; 32]].concat();
    let own = "QkJCQkJCQkJCQkJCQkJCQg";
    let refuse = |what: &str, act: &dyn Fn(&mut AutoCommit, At<'_>)| refused(toolkit(), &before, what, act);

    refuse("a put over another's strategy", &|doc, at| doc.put(at("s"), &*key, record()).unwrap());
    refuse("a removal of another's strategy", &|doc, at| doc.delete(at("s"), &*key).unwrap());
    refuse("a new strategy in another's name", &|doc, at| {
        doc.put(at("s"), "AQEBAQEBAQEBAQEBAQEBAQ9", record()).unwrap();
    });
    refuse("a key without a counter", &|doc, at| doc.put(at("s"), own, record()).unwrap());
    refuse("a key of another op", &|doc, at| doc.put(at("s"), format!("{own}6"), record()).unwrap());
    refuse("a record cut short", &|doc, at| doc.put(at("s"), format!("{own}5"), vec![1, 5, 7]).unwrap());
    refuse("a record with bytes left over", &|doc, at| {
        doc.put(at("s"), format!("{own}5"), [record(), vec![0]].concat()).unwrap();
    });
    refuse("a message's record", &|doc, at| {
        doc.put(at("s"), format!("{own}5"), [&[2, 5][..], &[7; 64]].concat()).unwrap();
    });
    refuse("a strategy that is a text", &|doc, at| doc.put(at("s"), format!("{own}5"), "walk").unwrap());
    refuse("a strategy that is a counter", &|doc, at| {
        doc.put(at("s"), format!("{own}5"), ScalarValue::counter(1)).unwrap();
    });
    refuse("a strategy that is an object", &|doc, at| {
        drop(doc.put_object(at("s"), format!("{own}5"), ObjType::Map).unwrap());
    });
    refuse("a put over one's own strategy", &|doc, at| {
        doc.put(at("s"), format!("{own}5"), record()).unwrap();
        doc.put(at("s"), format!("{own}5"), [&[1, 5][..], &[8; 32]].concat()).unwrap();
    });
    refuse("more bodies than a change may name", &|doc, at| {
        for count in 5..=7_u8 {
            doc.put(at("s"), format!("{own}{count:x}"), [&[1, 5][..], &[count; 32]].concat()).unwrap();
        }
    });
}

#[test]
fn in_a_toolkit_everyone_counts_for_themselves_and_one_at_a_time() {
    let mut ana = open(&toolkit(), 1);
    let (key, _) = ana.add_strategy(NOW, &strategy("Walk"), None).unwrap();
    ana.helped(&key, true, &[], NOW).unwrap();
    let before = commit(&mut ana);
    let (anas, own) = (format!("AQEBAQEBAQEBAQEBAQEBAQ{key}"), format!("QkJCQkJCQkJCQkJCQkJCQg{key}"));
    let refuse = |what: &str, act: &dyn Fn(&mut AutoCommit, At<'_>)| refused(toolkit(), &before, what, act);
    let count = ScalarValue::counter;

    refuse("another's count", &|doc, at| doc.increment(at("h"), &*anas, 1).unwrap());
    refuse("another's count taken down", &|doc, at| doc.increment(at("h"), &*anas, -1).unwrap());
    refuse("another's count begun anew", &|doc, at| doc.put(at("h"), &*anas, count(-1)).unwrap());
    refuse("a removal of another's count", &|doc, at| doc.delete(at("h"), &*anas).unwrap());
    refuse("another's strategy that its author took back", &|doc, at| {
        doc.put(at("h"), &*anas, [&[0][..], &[7; 32]].concat()).unwrap();
    });
    for start in [0, 2, -2, 1 << 40] {
        refuse("a start that is no step", &|doc, at| doc.put(at("h"), &*own, count(start)).unwrap());
    }
    for step in [0, 2, -2, 1 << 30] {
        refuse("more than one step", &|doc, at| {
            doc.put(at("h"), &*own, count(1)).unwrap();
            doc.increment(at("h"), &*own, step).unwrap();
        });
    }
    refuse("a count begun anew", &|doc, at| {
        doc.put(at("h"), &*own, count(1)).unwrap();
        doc.put(at("h"), &*own, count(-1)).unwrap();
    });
    refuse("a count of what was taken back", &|doc, at| {
        doc.put(at("h"), &*own, [&[0][..], &[7; 32]].concat()).unwrap();
        doc.put(at("h"), &*own, count(1)).unwrap();
    });
    refuse("a removal of one's own count", &|doc, at| {
        doc.put(at("h"), &*own, count(1)).unwrap();
        doc.delete(at("h"), &*own).unwrap();
    });
    refuse("a number in a counter's place", &|doc, at| doc.put(at("h"), &*own, 1_u64).unwrap());
    refuse("an object in a counter's place", &|doc, at| drop(doc.put_object(at("h"), &*own, ObjType::Map).unwrap()));
    refuse("a count of nothing", &|doc, at| doc.put(at("h"), format!("{}x", &own[..22]), count(1)).unwrap());
    refuse("a count without a strategy", &|doc, at| doc.put(at("h"), &own[..22], count(1)).unwrap());
    refuse("a count among the strategies", &|doc, at| doc.put(at("s"), &*own, count(1)).unwrap());
    refuse("a text sealed again", &|doc, at| doc.put(at("h"), &*own, [&[1][..], &[7; 32]].concat()).unwrap());
    refuse("two texts of one strategy", &|doc, at| doc.put(at("h"), &*own, [&[0][..], &[7; 64]].concat()).unwrap());
    refuse("no text", &|doc, at| doc.put(at("h"), &*own, vec![0]).unwrap());

    let mut rogue = Rogue::new(toolkit(), &before);
    let helped = rogue.at("h");
    for step in [1, -1, -1] {
        match rogue.doc.get(&helped, &*own).unwrap() {
            Some(_) => rogue.doc.increment(&helped, &*own, step).unwrap(),
            None => rogue.doc.put(&helped, &*own, count(step)).unwrap(),
        }
        assert_eq!(rogue.verdict(Role::Member), Ok(()), "one step, of one's own");
    }
}

#[test]
fn what_somebody_keeps_for_themself_or_with_one_other_nobody_else_writes() {
    let (owner, other) = (author(Role::Member), Author { member: MemberId([77; 16]), ..author(Role::Facilitator) });
    let month = kith_shared::time::Month(680);
    let member = owner.member;
    let between = Subject::between(member, MemberId([3; 16]), 0).unwrap();
    let own = [
        Subject::Journal { member, month },
        Subject::Plan { member },
        Subject::Commitments { member, part: 1 },
        Subject::Reports { member, part: 1 },
    ];
    for subject in own.into_iter().chain([between]) {
        let name = DocumentName::new(subject);
        let mut handle = open(&name, 1);
        handle.post(NOW, &BodyId([1; 32]), &COMMITMENT, None).unwrap();
        let change = handle.commit(NOW).remove(0);
        let change = parse_change(&change).unwrap();
        let verdict = |author: &Author| KithSchema.inspect(&CIRCLE, &name, author, &change).map(|found| found.bodies);
        assert_eq!(verdict(&owner), Ok(vec![BodyId([1; 32])]));
        assert_eq!(verdict(&other), Err(Refusal::NotAllowed));
        assert!(!KithSchema.may_write_sealed(&name, &owner), "its changes are not sealed");
        assert_eq!(KithSchema.check_body(&name, &[0; 40]), Err(Refusal::Unsealed), "its texts are");
    }
}

#[test]
fn nobody_changes_ends_or_takes_back_what_another_told_or_took_on() {
    let member = author(Role::Facilitator).member;
    let between = Subject::between(member, MemberId([3; 16]), 0).unwrap();
    for name in [stories(), DocumentName::new(between)] {
        let mut ana = open(&name, 1);
        let key = ana.post(NOW, &BodyId([1; 32]), &COMMITMENT, None).unwrap();
        ana.react(&key, ReactionKind::Thanks, true, NOW).unwrap();
        let before = commit(&mut ana);
        let record = || [&[2, 5][..], &[7; 64]].concat();
        let hers = format!("AQEBAQEBAQEBAQEBAQEBAQ{key}");
        let refuse = |what: &str, act: &dyn Fn(&mut AutoCommit, At<'_>)| refused(name, &before, what, act);
        refuse("a story with another end over it", &|doc, at| doc.put(at("m"), &*key, record()).unwrap());
        refuse("no story", &|doc, at| doc.delete(at("m"), &*key).unwrap());
        refuse("one in her name", &|doc, at| doc.put(at("m"), "AQEBAQEBAQEBAQEBAQEBAQ9", record()).unwrap());
        refuse("an end in her name", &|doc, at| doc.put(at("r"), &*hers, [&[0][..], &[1; 32]].concat()).unwrap());
        refuse("other words in her name", &|doc, at| doc.put(at("r"), &*hers, [&[1][..], &[8; 32]].concat()).unwrap());
        refuse("her thanks", &|doc, at| doc.delete(at("r"), &*hers).unwrap());
        refuse("a counter of thanks", &|doc, at| {
            doc.put(at("r"), format!("QkJCQkJCQkJCQkJCQkJCQg{key}"), ScalarValue::counter(1)).unwrap();
        });
    }
}

#[test]
fn a_message_is_written_once_and_nobody_writes_another_over_their_own() {
    let (mut rogue, mut elsewhere) = (Rogue::new(month(), &[]), Rogue::new(month(), &[]));
    let (key, record) = ("QkJCQkJCQkJCQkJCQkJCQg3", |body: u8| [&[2, 5][..], &[body; 64]].concat());
    let messages = rogue.at("m");
    rogue.doc.put(&messages, key, record(7)).unwrap();
    assert_eq!(rogue.verdict(Role::Member), Ok(()), "it is at the key of its own op");
    // The same key again, from a place that does not know of the first: nothing is replaced, and the later one shows.
    elsewhere.doc.put(elsewhere.at("r"), format!("QkJCQkJCQkJCQkJCQkJCQg{key}"), 1_u64).unwrap();
    assert_eq!(elsewhere.verdict(Role::Member), Ok(()));
    elsewhere.doc.put(&messages, key, record(8)).unwrap();
    assert_eq!(elsewhere.verdict(Role::Member), Err(Refusal::NotAllowed));
}

#[test]
fn a_change_says_which_bodies_it_names() {
    let mut ana = open(&month(), 1);
    let key = ana.post(NOW, &BodyId([1; 32]), &COMMITMENT, None).unwrap();
    ana.post(NOW, &BodyId([2; 32]), &COMMITMENT, Some(&key)).unwrap();
    ana.react(&key, ReactionKind::Relate, true, NOW).unwrap();
    let named: Vec<_> =
        commit(&mut ana).iter().map(|change| inspect(&month(), Role::Member, change).unwrap().bodies).collect();
    assert_eq!(named, [vec![BodyId([1; 32])], vec![BodyId([2; 32])], vec![]]);
}

#[test]
fn a_strategy_names_its_text_and_its_time_and_who_takes_it_back_names_both() {
    let mut ana = open(&toolkit(), 1);
    let (key, body) = ana.add_strategy(NOW, &strategy("Walk"), None).unwrap();
    let mut ben = open(&toolkit(), 2);
    let written = commit(&mut ana);
    ben.apply(&written).unwrap();
    ben.take_back_strategy(&key, NOW).unwrap();
    let found = inspect(&toolkit(), Role::Member, &written[0]).unwrap();
    assert_eq!((found.bodies, found.dated), (vec![BodyId::of(&body)], Some((NOW, NOW))));
    let found = inspect(&toolkit(), Role::Member, &commit(&mut ben)[0]).unwrap();
    // That he is not of her member is for admission to see.
    assert_eq!(found.erased, [(BodyId::of(&body), actor(1))]);
    let mut rogue = Rogue::new(toolkit(), &[]);
    let late = [&[1][..], &[0xff; 6], &[0x7f], &[7; 32]].concat();
    rogue.doc.put(rogue.at("s"), "QkJCQkJCQkJCQkJCQkJCQg3", late).unwrap();
    assert_eq!(rogue.verdict(Role::Member), Err(Refusal::OutOfRange), "after the year 2199");
}

#[test]
fn a_text_beside_a_document_has_the_form_of_its_kind() {
    let plain = strategy("Walk").encode();
    let sealed = [&[2][..], &[9; 60]].concat();
    for name in [month(), note(), profile()] {
        assert_eq!(KithSchema.check_body(&name, &plain), Err(Refusal::Unsealed));
        assert_eq!(KithSchema.check_body(&name, &sealed), Ok(()));
    }
    assert_eq!(KithSchema.check_body(&toolkit(), &plain), Ok(()));
    for wrong in [&sealed[..], &plain[1..], &[3], b"words"] {
        assert_eq!(KithSchema.check_body(&toolkit(), wrong), Err(Refusal::Malformed));
    }
}

#[test]
fn a_member_begins_conversations_where_they_may_and_names_no_others() {
    let judged = |begins, change: &Vec<u8>| {
        let author = Author { begins, ..author(Role::Member) };
        let change = parse_change(change).unwrap();
        KithSchema.inspect(&CIRCLE, &profile(), &author, &change).map(|_| ())
    };
    let mut ana = open(&profile(), 1);
    ana.set_own_name("Ana", NOW).unwrap();
    let mut begun = Vec::new();
    for title in ["Walks", "Songs"] {
        let thread = ana.next_thread(NOW).unwrap();
        ana.set_thread(&thread, title, NOW).unwrap();
        begun.push(thread);
    }
    let changes = ana.commit(NOW);
    for change in &changes {
        assert_eq!(judged(true, change), Ok(()));
    }
    assert!(changes.iter().any(|change| judged(false, change) == Err(Refusal::NotAllowed)));
    // Another's, one of nobody, the circle's own, and one's own a second time.
    let mut ben = open(&profile(), 2);
    ben.apply(&changes).unwrap();
    for (handle, thread) in [(&mut ben, begun[0]), (&mut ana, begun[1])] {
        handle.set_thread(&thread, "Taken", NOW).unwrap();
        let change = handle.commit(NOW).pop().unwrap();
        assert_eq!(judged(true, &change), Err(Refusal::NotAllowed));
    }
    for thread in [begun[0], ThreadId([5; 8]), ThreadId::CIRCLE] {
        let mut cat = open(&profile(), 3);
        cat.set_thread(&thread, "Taken", NOW).unwrap();
        assert_eq!(judged(true, &cat.commit(NOW).pop().unwrap()), Err(Refusal::NotAllowed));
    }
}

#[test]
fn a_circle_is_its_facilitators_to_name() {
    type Act = fn(&mut Handle);
    let acts: [(Act, bool); 4] = [
        (|profile| profile.set_own_name("Ana", NOW).unwrap(), true),
        (|profile| profile.set_circle_name("Tuesday", NOW).unwrap(), false),
        (|profile| profile.set_agreement(&"We listen. ".repeat(360), NOW).unwrap(), false),
        (|profile| profile.set_thread(&ThreadId([5; 8]), "Walks", NOW).unwrap(), false),
    ];
    for (act, anyone) in acts {
        let mut ana = open(&profile(), 1);
        act(&mut ana);
        for change in ana.commit(NOW) {
            assert!(inspect(&profile(), Role::Facilitator, &change).is_ok());
            let expected = if anyone { Ok(()) } else { Err(Refusal::NotAllowed) };
            assert_eq!(inspect(&profile(), Role::Member, &change).map(|_| ()), expected);
        }
    }
    refused(profile(), &[], "another's name", |doc, at| {
        doc.put(at("n"), "AQEBAQEBAQEBAQEBAQEBAQ", vec![1, 5, 1, b'x']).unwrap();
    });
    refused(profile(), &[], "a name of no form", |doc, at| {
        doc.put(at("n"), "QkJCQkJCQkJCQkJCQkJCQg", vec![1, 5, 9, b'x']).unwrap();
    });
    refused(profile(), &[], "an unknown field", |doc, at| doc.put(at("i"), "z", "x").unwrap());
    refused(profile(), &[], "a thread of no id", |doc, at| doc.put(at("t"), "walks", "x").unwrap());
    refused(profile(), &[], "a long title", |doc, at| doc.put(at("t"), "0505050505050505", "x".repeat(1_921)).unwrap());
}

#[test]
fn choosing_among_contested_values_is_allowed_everywhere() {
    let (mut ana, mut ben) = (open(&profile(), 1), open(&profile(), 2));
    ana.set_circle_name("Tuesday", NOW).unwrap();
    ben.set_circle_name("Evening", NOW).unwrap();
    exchange(&mut ana, &mut ben);
    let shown = ana.profile().unwrap().name.value;
    ana.set_circle_name(&shown, NOW).unwrap();
    ben.apply(&commit(&mut ana)).unwrap();
    assert_eq!(ben.profile().unwrap().name.candidates.len(), 1);

    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    use kith_shared::document::Presence::{Absent, Present};
    for (phone, presence) in [(&mut ana, Present), (&mut ben, Absent)] {
        phone.set_attendance(&MemberId([3; 16]), presence, NOW).unwrap();
    }
    exchange(&mut ana, &mut ben);
    let shown = ana.note().unwrap().attendance[0].presence;
    ana.set_attendance(&MemberId([3; 16]), shown, NOW).unwrap();
    ben.apply(&commit(&mut ana)).unwrap();
    assert!(ben.note().unwrap().attendance[0].others.is_empty());
}
