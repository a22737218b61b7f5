//! What facilitators hide of what people wrote, and show again.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_policy::{At, Rogue, refused};
use crate::document_support::*;
use automerge::AutoCommit;
use automerge::transaction::Transactable;
use kith_shared::document::{
    Again, DocumentName, EditProblem, Handle, MovedText, MovedTexts, ReactionKind, Subject, ThreadView, ToolkitView,
};
use kith_shared::gate::Refusal;
use kith_shared::ids::{ActorId, BodyId, MemberId, TextCommitment};
use kith_shared::time::{Month, TimestampMs};
use kith_shared::trust::Role;

/// Who hides a record on a phone.
fn hidden(handle: &Handle, key: &str) -> Option<ActorId> {
    let messages = || handle.thread().unwrap().messages.into_iter().find(|it| it.key == key).unwrap().hidden;
    let strategies = || handle.toolkit().unwrap().strategies.into_iter().find(|it| it.key == key).unwrap().hidden;
    let found = if *handle.name() == toolkit() { strategies() } else { messages() };
    found.map(|found| found.by)
}

fn add(handle: &mut Handle, number: usize) -> String {
    if *handle.name() == toolkit() {
        return handle.add_strategy(NOW, &strategy(&format!("{number}")), None).unwrap().0;
    }
    let body = [number.to_be_bytes(), [7; 8], [7; 8], [7; 8]].concat();
    handle.post(NOW, &BodyId::from_slice(&body).unwrap(), &COMMITMENT, None).unwrap()
}

/// What each of these phones did, given to the others.
fn share(phones: &mut [&mut Handle]) {
    let logs: Vec<Vec<Vec<u8>>> = phones.iter_mut().map(|phone| commit(phone)).collect();
    for (at, phone) in phones.iter_mut().enumerate() {
        let others = logs.iter().enumerate().filter(|(from, _)| *from != at);
        phone.apply(&others.flat_map(|(_, log)| log.clone()).collect::<Vec<_>>()).unwrap();
    }
}

#[test]
fn what_is_hidden_says_by_whom_and_when_and_is_shown_again() {
    for name in [month(), stories(), toolkit()] {
        let (mut ana, mut ben) = (open(&name, 1), open(&name, 2));
        let key = add(&mut ben, 1);
        exchange(&mut ana, &mut ben);
        ana.hide(&key, true, NOW.plus_ms(7)).unwrap();
        assert_eq!(hidden(&ana, &key), Some(actor(1)), "what is pending is shown");
        let told = ben.apply(&commit(&mut ana)).unwrap();
        assert_eq!([told.messages, told.strategies].concat(), [&*key]);
        assert_eq!(hidden(&ben, &key), Some(actor(1)));
        if name == month() {
            let at = ben.thread().unwrap().messages[0].hidden.unwrap().at;
            assert_eq!(at, NOW.plus_ms(7));
        }
        ben.hide(&key, true, NOW).unwrap();
        assert!(!ben.has_pending(), "it is hidden already");
        ben.hide(&key, false, NOW).unwrap();
        let told = ana.apply(&commit(&mut ben)).unwrap();
        assert_eq!([told.messages, told.strategies].concat(), [&*key]);
        assert_eq!((hidden(&ana, &key), hidden(&ben, &key)), (None, None), "whoever hid it, another shows it");
        ana.hide(&key, false, NOW).unwrap();
        assert!(!ana.has_pending(), "it is shown already");
        assert_eq!(ana.hide("nothing", true, NOW), Err(EditProblem::Unknown));
    }
}

#[test]
fn of_those_who_hide_and_show_at_the_same_time_the_one_who_hides_prevails_and_all_are_told() {
    for name in [month(), stories(), toolkit()] {
        // In both orders of who writes what, since one of two values at a place shows.
        for (hides, shows) in [(1, 2), (2, 1)] {
            let (mut one, mut other) = (open(&name, hides), open(&name, shows));
            let key = add(&mut one, 1);
            one.hide(&key, true, NOW).unwrap();
            share(&mut [&mut one, &mut other]);
            // Both know that it is hidden. One shows it, and hides it anew; the other shows it.
            one.hide(&key, false, NOW).unwrap();
            one.hide(&key, true, NOW).unwrap();
            other.hide(&key, false, NOW).unwrap();
            let (of_one, of_other) = (commit(&mut one), commit(&mut other));
            let told = other.apply(&of_one).unwrap();
            assert_eq!([told.messages, told.strategies].concat(), [&*key], "though what shows may stay");
            one.apply(&of_other).unwrap();
            assert_eq!((hidden(&one, &key), hidden(&other, &key)), (Some(actor(hides)), Some(actor(hides))));
            // Whoever has seen both shows it to everybody.
            other.hide(&key, false, NOW).unwrap();
            one.apply(&commit(&mut other)).unwrap();
            assert_eq!((hidden(&one, &key), hidden(&other, &key)), (None, None));
        }
    }
}

#[test]
fn what_is_hidden_is_taken_back_by_its_author_for_good() {
    let (mut ana, mut ben) = (open(&month(), 1), open(&month(), 2));
    let key = add(&mut ben, 1);
    exchange(&mut ana, &mut ben);
    ana.hide(&key, true, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    ben.take_back(&key, NOW).unwrap();
    ana.hide(&key, false, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    for phone in [&ana, &ben] {
        assert!(phone.thread().unwrap().messages[0].taken_back);
    }
}

#[test]
fn facilitators_alone_hide_and_only_what_the_circle_has_in_common() {
    for name in [month(), stories(), toolkit()] {
        let mut ana = open(&name, 1);
        let key = add(&mut ana, 1);
        commit(&mut ana);
        for on in [true, false] {
            ana.hide(&key, on, NOW).unwrap();
            let change = ana.commit(NOW).remove(0);
            assert_eq!(inspect(&name, Role::Facilitator, &change).map(|found| found.bodies), Ok(vec![]));
            assert_eq!(inspect(&name, Role::Member, &change), Err(Refusal::NotAllowed), "one who leads no more");
        }
    }
    // Between two, and of one alone, nobody hides anything: an op that says so is none of the kind.
    let member = author(Role::Facilitator).member;
    let alone = [
        Subject::pair(member, MemberId([9; 16]), Month(680), 0).unwrap(),
        Subject::Journal { member, month: Month(680) },
        Subject::Plan { member },
        Subject::Choices { member },
        Subject::Commitments { member, part: 0 },
        Subject::Reports { member, part: 0 },
        Subject::between(member, MemberId([9; 16]), 0).unwrap(),
    ];
    for name in alone.map(DocumentName::new) {
        let mut ana = open(&name, 1);
        let key = add(&mut ana, 1);
        assert_eq!(ana.hide(&key, true, NOW), Err(EditProblem::WrongKind));
        let before = commit(&mut ana);
        refused(name, &before, "hidden", |doc: &mut AutoCommit, at: At<'_>| {
            doc.put(at("r"), format!("h{key}"), 5_u64).unwrap();
        });
    }
}

#[test]
fn a_register_holds_a_time_and_stands_among_what_is_beside_records() {
    for (name, records, beside) in [(month(), "m", "r"), (toolkit(), "s", "h")] {
        let mut ana = open(&name, 1);
        let key = add(&mut ana, 1);
        let before = commit(&mut ana);
        let at_key = format!("h{key}");
        let refuse = |what: &str, act: &dyn Fn(&mut AutoCommit, At<'_>)| refused(name, &before, what, act);
        refuse("a word", &|doc, at| doc.put(at(beside), &*at_key, "yes").unwrap());
        refuse("a yes", &|doc, at| doc.put(at(beside), &*at_key, true).unwrap());
        refuse("a time that no screen draws", &|doc, at| {
            doc.put(at(beside), &*at_key, TimestampMs::LAST.0 + 1).unwrap();
        });
        refuse("among the records", &|doc, at| doc.put(at(records), &*at_key, 5_u64).unwrap());
        refuse("of nothing", &|doc, at| doc.put(at(beside), "hx", 5_u64).unwrap());
        let mut rogue = Rogue::new(name, &before);
        let container = rogue.at(beside);
        rogue.doc.put(&container, &*at_key, TimestampMs::LAST.0).unwrap();
        assert_eq!(rogue.verdict(Role::Facilitator), Ok(()));
        rogue.doc.put(&container, &*at_key, 0_u64).unwrap();
        assert_eq!(rogue.verdict(Role::Member), Err(Refusal::NotAllowed), "a member shows nothing again");
    }
}

/// Texts of which none is sealed again.
struct Unsealed;

impl MovedTexts for Unsealed {
    fn seal_again(&mut self, _: &MovedText) -> Option<(BodyId, TextCommitment)> {
        None
    }

    fn is_same(&self, _: &MovedText, _: &MovedText) -> bool {
        false
    }
}

#[test]
fn what_was_hidden_stays_hidden_when_it_and_that_are_written_again() {
    for name in [month(), stories(), toolkit()] {
        let mut ben = open(&name, 2);
        let bens = add(&mut ben, 1);
        let before = commit(&mut ben);
        let mut ana = open(&name, 1);
        ana.apply(&before).unwrap();
        let anas = add(&mut ana, 2);
        ana.hide(&anas, true, NOW).unwrap();
        ana.hide(&bens, true, NOW).unwrap();
        let changes = commit(&mut ana);
        // The phone goes on as another actor.
        let mut again = Again::new(&CIRCLE, &name, actor(3), &[actor(1)], &before, &changes).unwrap();
        let mut phone = Handle::open(&CIRCLE, &name, actor(3), &before).unwrap();
        for change in &changes {
            for written in again.write(change, &mut Unsealed).unwrap() {
                assert!(inspect(&name, Role::Facilitator, &written.change).is_ok());
                phone.apply(&[written.change]).unwrap();
            }
        }
        assert_eq!(hidden(&phone, &bens), Some(actor(3)));
        let moved = if name != toolkit() {
            phone.thread().unwrap().messages.into_iter().find(|it| it.author == actor(3)).unwrap().key
        } else {
            phone.toolkit().unwrap().strategies.into_iter().find(|it| it.author == actor(3)).unwrap().key
        };
        assert_ne!(moved, anas);
        assert_eq!(hidden(&phone, &moved), Some(actor(3)));
        assert!(!phone.lacks());
    }
}

/// Orders that are tried: this many documents, each with so many records that have an order of their own.
const WORLDS: u64 = 1_000;
const RECORDS: usize = 10;
const PHONES: usize = 4;

/// What one phone said of a record, and what of that it knew.
struct Said {
    record: usize,
    hides: bool,
    knew: Vec<usize>,
}

/// Whether a record is hidden: somebody says so whom nobody contradicted who knew of it.
fn is_hidden(said: &[Said], record: usize) -> bool {
    let of = |it: &&Said| it.record == record;
    let answered = |at: usize| said.iter().filter(of).any(|other| other.knew.contains(&at));
    said.iter().enumerate().any(|(at, it)| it.record == record && it.hides && !answered(at))
}

/// What is shown of a document.
#[derive(Debug, PartialEq)]
enum View {
    Thread(ThreadView),
    Toolkit(ToolkitView),
}

fn view(handle: &Handle) -> View {
    if *handle.name() == toolkit() {
        View::Toolkit(handle.toolkit().unwrap())
    } else {
        View::Thread(handle.thread().unwrap())
    }
}

/// Keys of the records of which something is seen, with what that is.
fn shown(view: &View) -> Vec<(String, String)> {
    match view {
        View::Thread(view) => view.messages.iter().map(|it| (it.key.clone(), format!("{it:?}"))).collect(),
        View::Toolkit(view) => view.strategies.iter().map(|it| (it.key.clone(), format!("{it:?}"))).collect(),
    }
}

/// Four phones with one document; the first two are facilitators'.
struct World {
    name: DocumentName,
    phones: Vec<Handle>,
    log: Vec<Vec<Vec<u8>>>,
    seen: [[usize; PHONES]; PHONES],
    keys: Vec<String>,
    said: Vec<Said>,
    /// Which of what was said each phone knows, and where in the logs it stands.
    known: Vec<Vec<usize>>,
    places: Vec<(usize, usize)>,
    taken_back: Vec<bool>,
}

impl World {
    fn new(name: DocumentName) -> Self {
        let mut phones: Vec<Handle> = (1..=PHONES as u8).map(|seed| open(&name, seed)).collect();
        let keys = (0..RECORDS).map(|number| add(&mut phones[number % PHONES], number)).collect();
        let log: Vec<Vec<Vec<u8>>> = phones.iter_mut().map(commit).collect();
        let all = log.concat();
        for phone in &mut phones {
            phone.apply(&all).unwrap();
        }
        let seen = [core::array::from_fn(|from| log[from].len()); PHONES];
        let (known, taken_back) = (vec![Vec::new(); PHONES], vec![false; RECORDS]);
        Self { name, phones, log, seen, keys, said: Vec::new(), known, places: Vec::new(), taken_back }
    }

    /// One person does one thing about one record.
    fn act(&mut self, me: usize, record: usize, dice: &mut Dice) {
        let (key, author) = (self.keys[record].clone(), record % PHONES);
        let phone = &mut self.phones[me];
        match dice.roll(6) {
            0..=2 if me < 2 => {
                let hides = dice.roll(2) == 0;
                let before = phone.has_pending();
                phone.hide(&key, hides, NOW).unwrap();
                if phone.has_pending() && !before {
                    let of_record = |at: &usize| self.said[*at].record == record;
                    let knew = self.known[me].iter().copied().filter(of_record).collect();
                    self.known[me].push(self.said.len());
                    self.said.push(Said { record, hides, knew });
                    self.places.push((me, self.log[me].len()));
                }
                assert_eq!(hidden(phone, &key).is_some(), hides, "a facilitator has the last word on their phone");
            }
            3 if me == author => {
                self.taken_back[record] = true;
                match self.name == toolkit() {
                    true => phone.take_back_strategy(&key, NOW).unwrap(),
                    false => phone.take_back(&key, NOW).unwrap(),
                }
            }
            // Editing: whoever wants a strategy otherwise adapts it, and a message is answered and sealed again.
            4 if self.name == toolkit() => {
                drop(phone.add_strategy(NOW, &strategy(&format!("{me} {record}")), Some(&key)).unwrap());
            }
            4 if me == author && !self.taken_back[record] => {
                phone.reseal(&key, &BodyId([record as u8; 32]), NOW).unwrap();
            }
            4 => drop(phone.post(NOW, &BodyId([record as u8; 32]), &COMMITMENT, Some(&key)).unwrap()),
            _ if self.name == toolkit() => {
                if !self.taken_back[record] || me != author {
                    let _ = phone.helped(&key, dice.roll(2) == 0, &[], NOW);
                }
            }
            _ => phone.react(&key, ReactionKind::WithYou, dice.roll(2) == 0, NOW).unwrap(),
        }
        self.log[me].append(&mut commit(&mut self.phones[me]));
        self.seen[me][me] = self.log[me].len();
    }

    /// A phone gets what some of the others wrote, in any order, and its page is told of all that looks otherwise.
    fn deliver(&mut self, to: usize, everything: bool, dice: &mut Dice) {
        let mut batch: Vec<Vec<u8>> = Vec::new();
        for from in 0..PHONES {
            // All that stands before it comes, too: nothing else is taken.
            if everything || dice.roll(3) == 0 {
                self.hear(to, from, &mut batch);
            }
        }
        for at in (1..batch.len()).rev() {
            batch.swap(at, dice.roll(at + 1));
        }
        let before = shown(&view(&self.phones[to]));
        let told = self.phones[to].apply(&batch).unwrap();
        let told = [told.messages, told.strategies].concat();
        let changed = shown(&view(&self.phones[to])).into_iter().filter(|it| !before.contains(it));
        changed.for_each(|(key, _)| assert!(told.contains(&key), "{key} looks otherwise"));
    }

    /// What `from` wrote and whatever `from` has of the others', as far as `to` has not.
    fn hear(&mut self, to: usize, from: usize, batch: &mut Vec<Vec<u8>>) {
        for of in 0..PHONES {
            let (begin, end) = (self.seen[to][of], self.seen[from][of]);
            if begin < end {
                batch.extend_from_slice(&self.log[of][begin..end]);
                self.seen[to][of] = end;
            }
        }
        for (at, (by, place)) in self.places.iter().enumerate() {
            if *place < self.seen[to][*by] && !self.known[to].contains(&at) {
                self.known[to].push(at);
            }
        }
    }
}

#[test]
fn ten_thousand_orders_of_hiding_showing_editing_and_taking_back_end_in_one_state() {
    let (mut both, mut contradicted) = (0, 0);
    for seed in 0..WORLDS {
        let mut dice = Dice(seed);
        let mut world = World::new(if seed % 2 == 0 { month() } else { toolkit() });
        for _ in 0..RECORDS * 6 {
            let (me, record) = (dice.roll(PHONES), dice.roll(RECORDS));
            world.act(me, record, &mut dice);
            if dice.roll(3) == 0 {
                world.deliver(dice.roll(PHONES), false, &mut dice);
            }
        }
        (0..PHONES).for_each(|to| world.deliver(to, true, &mut dice));
        let first = view(&world.phones[0]);
        assert!(world.phones.iter().all(|phone| view(phone) == first), "seed {seed}");
        let mut all = world.log.concat();
        for at in (1..all.len()).rev() {
            all.swap(at, dice.roll(at + 1));
        }
        let fresh = Handle::open(&CIRCLE, &world.name, actor(9), &all).unwrap();
        assert_eq!(view(&fresh), first, "seed {seed}");
        for (record, key) in world.keys.iter().enumerate() {
            let hides = is_hidden(&world.said, record);
            assert_eq!(hidden(&fresh, key).is_some(), hides, "seed {seed}, record {record}");
            let taken_back = match &first {
                View::Thread(view) => view.messages.iter().any(|it| it.key == *key && it.taken_back),
                View::Toolkit(view) => view.strategies.iter().any(|it| it.key == *key && it.taken_back),
            };
            assert_eq!(taken_back, world.taken_back[record], "seed {seed}: taken back is for good");
            both += usize::from(hides && taken_back);
            let of = || world.said.iter().filter(|it| it.record == record);
            contradicted += usize::from(of().any(|it| it.hides) && of().any(|it| !it.hides));
        }
    }
    assert!(both > 200 && contradicted > 1_000, "{both} were both, {contradicted} contradicted");
}
