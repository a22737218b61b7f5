//! Strategies that a circle shares, and whom they helped.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::document_support::*;
use kith_shared::document::{
    Again, EditProblem, Handle, Moment, MovedText, MovedTexts, STRATEGIES_MAX, Strategy, StrategyText, ToolkitView,
};
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, BodyId, TextCommitment};
use kith_shared::trust::Role;

fn add(handle: &mut Handle, title: &str, adapted_from: Option<&str>) -> String {
    handle.add_strategy(NOW, &strategy(title), adapted_from).unwrap().0
}

fn of<'v>(view: &'v ToolkitView, key: &str) -> &'v Strategy {
    view.strategies.iter().find(|strategy| strategy.key == key).unwrap()
}

/// Whether a strategy helped the person of these actors.
fn helps(handle: &Handle, key: &str, theirs: &[u8]) -> bool {
    of(&handle.toolkit().unwrap(), key).has_helped(|of| theirs.iter().any(|seed| actor(*seed) == *of))
}

#[test]
fn a_strategy_comes_with_its_text_in_a_change_of_its_own() {
    let mut ana = open(&toolkit(), 1);
    let (first, body) = ana.add_strategy(NOW, &strategy("Walk"), None).unwrap();
    let (second, other) = ana.add_strategy(NOW.plus_ms(5), &strategy("Sing"), Some(&first)).unwrap();
    ana.helped(&first, true, &[], NOW).unwrap();
    let view = ana.toolkit().unwrap();
    let changes = commit(&mut ana);
    assert_eq!(view, ana.toolkit().unwrap(), "what is pending is shown");
    let named = |change: &Vec<u8>| inspect(&toolkit(), Role::Member, change).unwrap().bodies;
    let ops = |change: &Vec<u8>| parse_change(change).unwrap().ops_count;
    assert_eq!(changes.iter().map(ops).collect::<Vec<_>>(), [1, 1, 1]);
    let bodies = [vec![BodyId::of(&body)], vec![BodyId::of(&other)], vec![]];
    assert_eq!(changes.iter().map(named).collect::<Vec<_>>(), bodies);
    assert_eq!(StrategyText::decode(&body), Ok(strategy("Walk")));
    let shown: Vec<_> = view.strategies.iter().map(|known| (&known.key, known.author, known.made)).collect();
    assert_eq!(shown, [(&first, actor(1), NOW), (&second, actor(1), NOW.plus_ms(5))]);
    assert_eq!(view.strategies[1].adapted_from.as_ref(), Some(&first));
    assert_eq!(view.strategies[0].body, BodyId::of(&body));
    assert!(helps(&ana, &first, &[1]) && !helps(&ana, &second, &[1]) && !helps(&ana, &first, &[2]));
}

#[test]
fn two_who_adapt_one_offline_keep_both() {
    let (mut ana, mut ben) = (open(&toolkit(), 1), open(&toolkit(), 2));
    let first = add(&mut ana, "Walk", None);
    exchange(&mut ana, &mut ben);
    let from_ana = add(&mut ana, "Walk by the river", Some(&first));
    let from_ben = add(&mut ben, "Walk in the rain", Some(&first));
    let (of_ana, of_ben) = (commit(&mut ana), commit(&mut ben));
    assert_eq!(ana.apply(&of_ben).unwrap().strategies, [&*from_ben]);
    assert_eq!(ben.apply(&of_ana).unwrap().strategies, [&*from_ana]);
    let view = ana.toolkit().unwrap();
    assert_eq!((view.strategies.len(), &view), (3, &ben.toolkit().unwrap()));
    for (key, author) in [(&from_ana, 1), (&from_ben, 2)] {
        assert_eq!((of(&view, key).adapted_from.as_ref(), of(&view, key).author), (Some(&first), actor(author)));
    }
}

#[test]
fn what_helped_one_person_counts_once_however_many_of_their_phones_say_so() {
    // Ana has two phones, 1 and 3.
    let (mut phone, mut tablet, mut ben) = (open(&toolkit(), 1), open(&toolkit(), 3), open(&toolkit(), 2));
    let key = add(&mut ben, "Walk", None);
    let log = commit(&mut ben);
    phone.apply(&log).unwrap();
    tablet.apply(&log).unwrap();
    phone.helped(&key, true, &[actor(3)], NOW).unwrap();
    tablet.helped(&key, true, &[actor(1)], NOW).unwrap();
    exchange(&mut phone, &mut tablet);
    assert!(helps(&phone, &key, &[1, 3]) && helps(&tablet, &key, &[1, 3]));
    phone.helped(&key, true, &[actor(3)], NOW).unwrap();
    assert!(!phone.has_pending(), "it is said already");
    // Taken back on one, it is taken back.
    tablet.helped(&key, false, &[actor(1)], NOW).unwrap();
    assert!(!helps(&tablet, &key, &[1, 3]));
    let back = commit(&mut tablet);
    assert_eq!(phone.apply(&back).unwrap().strategies, [&*key]);
    assert!(!helps(&phone, &key, &[1, 3]));
    phone.helped(&key, false, &[actor(3)], NOW).unwrap();
    assert!(!phone.has_pending(), "there is nothing to take back");
    // Both take back what is said anew, each without the other: it stays taken back, and can be said again.
    phone.helped(&key, true, &[actor(3)], NOW).unwrap();
    exchange(&mut phone, &mut tablet);
    phone.helped(&key, false, &[actor(3)], NOW).unwrap();
    tablet.helped(&key, false, &[actor(1)], NOW).unwrap();
    exchange(&mut phone, &mut tablet);
    assert!(!helps(&phone, &key, &[1, 3]));
    tablet.helped(&key, true, &[actor(1)], NOW).unwrap();
    exchange(&mut phone, &mut tablet);
    assert!(helps(&phone, &key, &[1, 3]) && !helps(&phone, &key, &[2]));
}

#[test]
fn a_strategy_that_is_taken_back_helps_nobody_any_more() {
    let (mut ana, mut ben) = (open(&toolkit(), 1), open(&toolkit(), 2));
    let key = add(&mut ana, "Walk", None);
    ana.helped(&key, true, &[], NOW).unwrap();
    exchange(&mut ana, &mut ben);
    ben.helped(&key, true, &[], NOW).unwrap();
    ana.take_back_strategy(&key, NOW).unwrap();
    let (of_ana, of_ben) = (commit(&mut ana), commit(&mut ben));
    assert_eq!(ben.apply(&of_ana).unwrap().strategies, [&*key]);
    ana.apply(&of_ben).unwrap();
    for handle in [&mut ana, &mut ben] {
        assert!(of(&handle.toolkit().unwrap(), &key).taken_back);
        assert_eq!(handle.helped(&key, true, &[], NOW), Err(EditProblem::Unknown));
        handle.take_back_strategy(&key, NOW).unwrap();
        assert!(!handle.has_pending(), "it is taken back already");
    }
    let adapted = add(&mut ben, "Walk by the river", Some(&key));
    assert_eq!(of(&ben.toolkit().unwrap(), &adapted).adapted_from, Some(key));
}

#[test]
fn what_is_not_there_and_what_is_too_much_is_named() {
    let mut ana = open(&toolkit(), 1);
    assert_eq!(ana.helped("nothing", true, &[], NOW), Err(EditProblem::Unknown));
    assert_eq!(ana.take_back_strategy("nothing", NOW), Err(EditProblem::Unknown));
    assert_eq!(ana.add_strategy(NOW, &strategy("Walk"), Some("nothing")), Err(EditProblem::Unknown));
    assert_eq!(ana.add_strategy(NOW, &strategy(" "), None), Err(EditProblem::Empty { what: "the title" }));
    let twice = StrategyText { moments: vec![Moment::Panic, Moment::Panic], ..strategy("Walk") };
    assert_eq!(ana.add_strategy(NOW, &twice, None), Err(EditProblem::Twice { what: "the moment" }));
    assert!(!ana.has_pending());
    assert_eq!(ana.thread().err(), Some(EditProblem::WrongKind));
    assert_eq!(open(&month(), 1).toolkit().err(), Some(EditProblem::WrongKind));
    let first = add(&mut ana, "Walk 0", None);
    for number in 1..STRATEGIES_MAX {
        add(&mut ana, &format!("Walk {number}"), None);
    }
    let full = EditProblem::Full { what: "strategies", max: STRATEGIES_MAX };
    assert_eq!(ana.add_strategy(NOW, &strategy("More"), None), Err(full));
    let mut ben = open(&toolkit(), 2);
    ben.apply(&commit(&mut ana)).unwrap();
    add(&mut ben, "There is room for others", None);
    ana.take_back_strategy(&first, NOW).unwrap();
    add(&mut ana, "And for one in its place", None);
}

/// People with their phones: the first has two.
const PEOPLE: [&[u8]; 3] = [&[1, 2], &[3], &[4]];

fn acts(handle: &mut Handle, seed: u8, dice: &mut Dice) {
    let theirs = PEOPLE.iter().find(|theirs| theirs.contains(&seed)).unwrap();
    let others: Vec<ActorId> = theirs.iter().filter(|other| **other != seed).map(|other| actor(*other)).collect();
    let view = handle.toolkit().unwrap();
    let some = view.strategies.get(dice.roll(view.strategies.len())).cloned();
    match (dice.roll(6), some) {
        (0 | 1, some) => {
            let from = some.filter(|_| dice.roll(2) == 0).map(|some| some.key);
            add(handle, &format!("{seed}: {}", dice.roll(1_000)), from.as_deref());
        }
        (2, Some(some)) if theirs.iter().any(|seed| actor(*seed) == some.author) => {
            handle.take_back_strategy(&some.key, NOW).unwrap();
        }
        (_, Some(some)) if !some.taken_back => {
            let on = dice.roll(2) == 0;
            handle.helped(&some.key, on, &others, NOW).unwrap();
            assert_eq!(helps(handle, &some.key, theirs), on, "a person has their own last word on their phone");
        }
        _ => {}
    }
}

#[test]
fn whatever_people_do_in_whatever_order_it_arrives_they_end_with_the_same_toolkit() {
    for seed in 0..150 {
        let mut dice = Dice(seed);
        let mut phones: Vec<Handle> = (1..=4).map(|seed| open(&toolkit(), seed)).collect();
        let mut log: Vec<Vec<Vec<u8>>> = vec![Vec::new(); 4];
        let mut seen = [[0; 4]; 4];
        for round in 0..40 {
            let me = dice.roll(4);
            if round == 39 || dice.roll(3) > 0 {
                for _ in 0..=dice.roll(3) {
                    acts(&mut phones[me], me as u8 + 1, &mut dice);
                }
                log[me].append(&mut commit(&mut phones[me]));
                seen[me][me] = log[me].len();
            }
            let to = if round == 39 { 0..4 } else { me..me + 1 };
            for to in to {
                let mut batch: Vec<Vec<u8>> = Vec::new();
                for from in 0..4 {
                    batch.extend_from_slice(&log[from][seen[to][from]..]);
                    seen[to][from] = log[from].len();
                }
                for at in (1..batch.len()).rev() {
                    batch.swap(at, dice.roll(at + 1));
                }
                let before = phones[to].toolkit().unwrap();
                let told = phones[to].apply(&batch).unwrap().strategies;
                let after = phones[to].toolkit().unwrap();
                let stood = |known: &Strategy| before.strategies.contains(known);
                let mut changed: Vec<String> =
                    after.strategies.iter().filter(|known| !stood(known)).map(|known| known.key.clone()).collect();
                changed.sort_unstable();
                // A count that is back where it was is told, too.
                assert!(changed.iter().all(|key| told.contains(key)), "seed {seed}");
            }
        }
        let first = phones[0].toolkit().unwrap();
        assert_eq!(first.skipped, 0);
        assert!(phones.iter().all(|phone| phone.toolkit().unwrap() == first), "seed {seed}");
        let mut all = log.concat();
        all.reverse();
        let fresh = Handle::open(&CIRCLE, &toolkit(), actor(9), &all).unwrap();
        assert_eq!(fresh.toolkit().unwrap(), first, "seed {seed}");
    }
}

/// Texts of which none is sealed.
struct Unsealed;

impl MovedTexts for Unsealed {
    fn seal_again(&mut self, _: &MovedText) -> Option<(BodyId, TextCommitment)> {
        unreachable!("what is not sealed stays as it is")
    }

    fn is_same(&self, _: &MovedText, _: &MovedText) -> bool {
        unreachable!("what is not sealed is known by its id")
    }
}

/// Writes changes again as an actor behind others; gives the document, and the texts that are named.
fn again(seed: u8, before: &[Vec<u8>], changes: &[Vec<u8>]) -> (Handle, Vec<BodyId>) {
    again_as(seed, &[], before, changes)
}

/// The same for a device that wrote as others before.
fn again_as(seed: u8, former: &[ActorId], before: &[Vec<u8>], changes: &[Vec<u8>]) -> (Handle, Vec<BodyId>) {
    let mut again = Again::new(&CIRCLE, &toolkit(), actor(seed), former, before, changes).unwrap();
    let mut handle = Handle::open(&CIRCLE, &toolkit(), actor(seed), before).unwrap();
    let mut bodies = Vec::new();
    for change in changes {
        for written in again.write(change, &mut Unsealed).unwrap() {
            let found = inspect(&toolkit(), Role::Member, &written.change).unwrap();
            assert_eq!(found.bodies, written.bodies, "the entry comes with what it names");
            bodies.extend(written.bodies);
            handle.apply(&[written.change]).unwrap();
        }
    }
    (handle, bodies)
}

#[test]
fn what_was_said_of_what_arrived_is_never_written_again_of_what_stood_at_its_place() {
    let (mut ana, mut copy) = (open(&toolkit(), 1), open(&toolkit(), 1));
    let walk = add(&mut ana, "Walk", None);
    let arrived = commit(&mut ana);
    assert_eq!(add(&mut copy, "Sing", None), walk, "two phones with one key are at one place");
    let own = commit(&mut copy);
    // The copy took its own up and took in what had arrived, and its person says something of that.
    let mut copy = Handle::open(&CIRCLE, &toolkit(), actor(1), &arrived).unwrap();
    let run = add(&mut copy, "Run", Some(&walk));
    copy.helped(&walk, true, &[], NOW).unwrap();
    copy.take_back_strategy(&walk, NOW).unwrap();
    let said = commit(&mut copy);
    // Before that arrives, the other phone writes there once more, so that it is taken up, too.
    assert_eq!(add(&mut ana, "Swim", None), run);
    let arrived = [arrived, commit(&mut ana)].concat();
    let (handle, _) = again(1, &arrived, &[own, said].concat());
    let strategies = handle.toolkit().unwrap().strategies;
    let of = |title: &str| strategies.iter().find(|it| it.body == BodyId::of(&strategy(title).encode())).unwrap();
    assert_eq!(strategies.len(), 4);
    assert_eq!((of("Walk").key.as_str(), of("Walk").taken_back), (walk.as_str(), true));
    assert!(!of("Sing").taken_back && !of("Swim").taken_back && !of("Run").taken_back);
    assert_eq!(of("Run").adapted_from.as_deref(), Some(walk.as_str()));
}

#[test]
fn a_phone_that_was_put_back_writes_its_strategies_and_counts_again() {
    let (mut ben, mut ana) = (open(&toolkit(), 2), open(&toolkit(), 1));
    let walk = add(&mut ben, "Walk", None);
    let before = commit(&mut ben);
    ana.apply(&before).unwrap();
    let mut copy = Handle::open(&CIRCLE, &toolkit(), actor(1), &before).unwrap();
    // What the server has of her since.
    ana.helped(&walk, true, &[], NOW).unwrap();
    let sing = add(&mut ana, "Sing", None);
    let arrived = [before.clone(), commit(&mut ana)].concat();
    // What she did on the phone after it was put back.
    let later = NOW.plus_ms(1_000);
    let (river, body) = copy.add_strategy(later, &strategy("Walk by the river"), Some(&walk)).unwrap();
    let (rain, other) = copy.add_strategy(later, &strategy("In the rain"), Some(&river)).unwrap();
    for key in [&walk, &river] {
        copy.helped(key, true, &[], later).unwrap();
    }
    copy.helped(&river, false, &[], later).unwrap();
    let (gone, _) = copy.add_strategy(later, &strategy("Shout"), None).unwrap();
    copy.take_back_strategy(&gone, later).unwrap();
    let since = copy.commit(later);

    // As herself, and as the next that she begins.
    for seed in [1, 5] {
        let (mut handle, bodies) = again(seed, &arrived, &since);
        assert!(bodies.starts_with(&[BodyId::of(&body), BodyId::of(&other)]), "their texts stay as they are");
        let view = handle.toolkit().unwrap();
        assert_eq!((view.strategies.len(), view.skipped), (5, 0));
        let with = |body: &[u8]| view.strategies.iter().find(|known| known.body == BodyId::of(body)).unwrap();
        assert!(with(&body).key != river && with(&body).key != sing && with(&body).author == actor(seed));
        assert_eq!(with(&body).adapted_from.as_ref(), Some(&walk));
        assert_eq!(with(&other).adapted_from.as_ref(), Some(&with(&body).key), "it names the one that moved, {rain}");
        assert!(with(&strategy("Shout").encode()).taken_back);
        let counts = if seed == 1 { vec![(actor(1), 2)] } else { vec![(actor(1), 1), (actor(5), 1)] };
        assert_eq!(of(&view, &walk).helped, counts, "both are counted");
        assert!(with(&body).helped.is_empty());
        let others: Vec<ActorId> = [1, 5].into_iter().filter(|of| *of != seed).map(actor).collect();
        handle.helped(&walk, false, &others, later).unwrap();
        assert!(!helps(&handle, &walk, &[1, 5]));
        commit(&mut handle);
    }
}

#[test]
fn counts_go_on_from_what_was_counted_and_end_with_what_was_taken_back() {
    let mut ana = open(&toolkit(), 1);
    let key = add(&mut ana, "Walk", None);
    ana.helped(&key, true, &[], NOW).unwrap();
    let before = commit(&mut ana);
    let mut copy = Handle::open(&CIRCLE, &toolkit(), actor(1), &before).unwrap();
    copy.helped(&key, false, &[], NOW.plus_ms(7)).unwrap();
    let since = copy.commit(NOW.plus_ms(7));
    // Her other phone's words came in between: the count is the same one.
    add(&mut ana, "Sing", None);
    let arrived = [before.clone(), commit(&mut ana)].concat();
    let (handle, _) = again(1, &arrived, &since);
    assert_eq!(of(&handle.toolkit().unwrap(), &key).helped, []);
    let (handle, _) = again(5, &arrived, &since);
    assert_eq!(of(&handle.toolkit().unwrap(), &key).helped, [(actor(1), 1), (actor(5), -1)]);
    assert!(!helps(&handle, &key, &[1, 5]));
    // Where the strategy was taken back meanwhile nothing is counted any more.
    ana.take_back_strategy(&key, NOW).unwrap();
    let arrived = [arrived, commit(&mut ana)].concat();
    let (handle, _) = again(1, &arrived, &since);
    assert!(of(&handle.toolkit().unwrap(), &key).taken_back);
}

#[test]
fn a_strategy_that_a_copy_of_the_phone_wrote_too_comes_once() {
    let mut ana = open(&toolkit(), 1);
    add(&mut ana, "Sing", None);
    let before = commit(&mut ana);
    let mut copy = Handle::open(&CIRCLE, &toolkit(), actor(1), &before).unwrap();
    add(&mut copy, "Walk", None);
    let since = commit(&mut copy);
    // The same draft, behind something else.
    add(&mut ana, "Shout", None);
    add(&mut ana, "Walk", None);
    let arrived = [before, commit(&mut ana)].concat();
    let (handle, bodies) = again(1, &arrived, &since);
    assert_eq!((handle.toolkit().unwrap().strategies.len(), bodies.len()), (3, 0));
}

#[test]
fn what_a_device_wrote_again_before_under_another_number_comes_once() {
    // It was written again as the first and sent; then the phone was put back to before that, and has the old one again.
    let mut sent = open(&toolkit(), 1);
    let walk = add(&mut sent, "Walk", None);
    let there = commit(&mut sent);
    let mut old = open(&toolkit(), 2);
    let before = add(&mut old, "Walk", None);
    let written = commit(&mut old);
    old.helped(&before, true, &[], NOW).unwrap();
    add(&mut old, "Walk on", Some(&before));
    let said = commit(&mut old);
    let (handle, _) = again_as(3, &[actor(1), actor(2)], &there, &[written.clone(), said.clone()].concat());
    let strategies = handle.toolkit().unwrap().strategies;
    assert_eq!(strategies.len(), 2, "{strategies:?}");
    assert!(helps(&handle, &walk, &[3]));
    let adapted = strategies.iter().find(|known| known.adapted_from.is_some()).unwrap();
    assert_eq!((adapted.author, adapted.adapted_from.as_ref()), (actor(3), Some(&walk)));
    // Of somebody else's device it is another one, however alike.
    let (handle, _) = again_as(3, &[actor(2)], &there, &[written, said].concat());
    assert_eq!(handle.toolkit().unwrap().strategies.len(), 3);
}
