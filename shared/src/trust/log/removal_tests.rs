//! Who is out, when people remove each other without knowing.

use crate::trust::testing::*;
use crate::trust::*;

const ACTIVE: State = State::Active;
const PROVISIONAL: State = State::Provisional;
const SUSPENDED: State = State::Suspended;
const REMOVED: State = State::Removed;

fn states(log: &GrantLog, phones: &[u8]) -> Vec<State> {
    phones.iter().map(|n| state(log, *n)).collect()
}

#[test]
fn a_removed_member_is_out_with_all_devices_also_later_ones() {
    let mut log = people(1, 1);
    says(&mut log, 2, add_device(5));
    let mut away = log.clone();
    says(&mut away, 2, add_device(6));
    let removal = says_of(&mut log, 1, remove, 2);
    let log = union(&[&log, &away]);
    assert_eq!(states(&log, &[1, 2, 5, 6]), [ACTIVE, REMOVED, REMOVED, REMOVED]);
    assert_eq!(log.evaluate().verdict(&removal), Verdict::Lawful);
    let roster = log.evaluate().roster();
    assert!(!roster.may_write(&phone(2).id()) && !roster.is_active(&phone(2).id()));
    assert!(roster.author(&phone(2).id()).is_some(), "what they wrote stays theirs");
}

#[test]
fn a_lost_device_goes_alone() {
    let mut log = people(1, 1);
    says(&mut log, 2, add_device(5));
    says(&mut log, 5, remove_device(2));
    assert_eq!(states(&log, &[2, 5]), [REMOVED, ACTIVE]);
}

#[test]
fn a_removal_beats_what_the_removed_did_without_knowing() {
    let before = people(2, 2);
    let mut log = before.clone();
    says(&mut log, 1, remove(&before, 2));
    let mut away = before.clone();
    let backdated = says(&mut away, 2, remove(&before, 3));
    let promoted = says(&mut away, 2, promote(&before, 4));
    let log = union(&[&log, &away]);
    let standing = log.evaluate();
    assert_eq!(standing.verdict(&backdated), Verdict::Beaten);
    assert_eq!(standing.verdict(&promoted), Verdict::Beaten);
    assert_eq!(states(&log, &[1, 2, 3]), [ACTIVE, REMOVED, ACTIVE]);
    assert_eq!(standing.device(&phone(4).id()).unwrap().role, Role::Member);
}

#[test]
fn what_the_remover_knew_stays_done() {
    let mut log = people(2, 2);
    says_of(&mut log, 2, remove, 3);
    says_of(&mut log, 2, promote, 4);
    enrol(&mut log, 2, 7, Role::Member);
    says_of(&mut log, 1, remove, 2);
    assert_eq!(states(&log, &[2, 3, 4, 7]), [REMOVED, REMOVED, ACTIVE, ACTIVE]);
    assert_eq!(log.evaluate().device(&phone(4).id()).unwrap().role, Role::Facilitator);
}

#[test]
fn two_who_remove_each_other_are_suspended_until_the_root_decides() {
    let before = people(3, 0);
    let (mut one, mut other) = (before.clone(), before.clone());
    let first = says(&mut one, 1, remove(&before, 2));
    let second = says(&mut other, 2, remove(&before, 1));
    let log = union(&[&one, &other]);
    assert_eq!(states(&log, &[1, 2, 3]), [SUSPENDED, SUSPENDED, ACTIVE]);
    let roster = log.evaluate().roster();
    assert!(!roster.may_write(&phone(1).id()));
    let (mut confirmed, mut removed) = (log.clone(), log.clone());
    root_says(&mut confirmed, confirm(&log, 1));
    assert_eq!(states(&confirmed, &[1, 2, 3]), [ACTIVE, REMOVED, ACTIVE]);
    assert_eq!(confirmed.evaluate().verdict(&second), Verdict::Beaten);
    root_says(&mut removed, remove(&log, 1));
    assert_eq!(states(&removed, &[1, 2, 3]), [REMOVED, ACTIVE, ACTIVE]);
    assert_eq!(removed.evaluate().verdict(&first), Verdict::Beaten);
    let mut by_third = log.clone();
    says(&mut by_third, 3, confirm(&log, 1));
    assert_eq!(states(&by_third, &[1, 2]), [SUSPENDED, SUSPENDED], "a facilitator decides nothing here");
    says(&mut by_third, 3, remove(&log, 2));
    assert_eq!(states(&by_third, &[1, 2]), [SUSPENDED, REMOVED]);
}

#[test]
fn three_in_a_circle_are_suspended() {
    let before = people(4, 0);
    let views: Vec<GrantLog> = [(1, 2), (2, 3), (3, 1)]
        .into_iter()
        .map(|(by, whom)| {
            let mut view = before.clone();
            says(&mut view, by, remove(&before, whom));
            view
        })
        .collect();
    let mut log = union(&views.iter().collect::<Vec<_>>());
    assert_eq!(states(&log, &[1, 2, 3, 4]), [SUSPENDED, SUSPENDED, SUSPENDED, ACTIVE]);
    root_says(&mut log, remove(&before, 1));
    assert_eq!(states(&log, &[1, 2, 3, 4]), [REMOVED, ACTIVE, REMOVED, ACTIVE]);
}

#[test]
fn a_removal_by_one_who_is_out_takes_nobody_out() {
    let before = people(3, 0);
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 1, remove(&before, 2));
    says(&mut other, 2, remove(&before, 3));
    let log = union(&[&one, &other]);
    assert_eq!(states(&log, &[1, 2, 3]), [ACTIVE, REMOVED, ACTIVE]);
    let mut after = log.clone();
    says(&mut after, 2, remove(&before, 1));
    assert_eq!(states(&after, &[1, 2]), [ACTIVE, REMOVED], "also when they know");
}

#[test]
fn the_root_is_never_beaten_and_brings_back() {
    let before = people(2, 1);
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 2, remove(&before, 1));
    root_says(&mut other, remove(&before, 2));
    let mut log = union(&[&one, &other]);
    assert_eq!(states(&log, &[1, 2]), [ACTIVE, REMOVED]);
    root_says(&mut log, confirm(&before, 2));
    assert_eq!(states(&log, &[1, 2]), [REMOVED, ACTIVE], "and what they had said counts again");
}

#[test]
fn a_device_that_was_lost_does_not_come_back_with_its_member() {
    let mut log = people(1, 1);
    says(&mut log, 2, add_device(5));
    says(&mut log, 5, remove_device(2));
    says_of(&mut log, 1, remove, 2);
    root_says_of(&mut log, confirm, 2);
    assert_eq!(states(&log, &[2, 5]), [REMOVED, ACTIVE]);
}

#[test]
fn the_root_decides_between_devices_that_removed_each_other() {
    let mut before = people(1, 1);
    says(&mut before, 2, add_device(5));
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 2, remove_device(5));
    says(&mut other, 5, remove_device(2));
    let log = union(&[&one, &other]);
    assert_eq!(states(&log, &[2, 5]), [SUSPENDED, SUSPENDED]);
    let (mut removed, mut confirmed) = (log.clone(), log.clone());
    root_says(&mut removed, remove_device(5));
    assert_eq!(states(&removed, &[2, 5]), [ACTIVE, REMOVED]);
    root_says(&mut confirmed, confirm(&log, 2));
    assert_eq!(states(&confirmed, &[2, 5]), [ACTIVE, ACTIVE]);
}

#[test]
fn whom_a_removed_one_brought_in_is_provisional_until_confirmed() {
    let before = people(3, 0);
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 1, remove(&before, 2));
    let granted = enrol(&mut other, 2, 7, Role::Facilitator);
    enrol(&mut other, 7, 8, Role::Member);
    let mut log = union(&[&one, &other]);
    assert_eq!(states(&log, &[2, 7, 8]), [REMOVED, PROVISIONAL, PROVISIONAL]);
    let roster = log.evaluate().roster();
    assert!(roster.may_write(&phone(7).id()) && !roster.is_active(&phone(7).id()));
    assert_eq!(log.evaluate().member(&granted).unwrap().state, PROVISIONAL);
    assert_eq!(log.evaluate().readers(&KeyGroup::Circle).len(), 2);
    says_of(&mut log, 7, confirm, 8);
    assert_eq!(state(&log, 8), PROVISIONAL, "a provisional one confirms nobody");
    says_of(&mut log, 3, confirm, 7);
    assert_eq!(states(&log, &[2, 7, 8]), [REMOVED, ACTIVE, ACTIVE]);
    says_of(&mut log, 7, remove, 8);
    assert_eq!(states(&log, &[7, 8]), [ACTIVE, REMOVED], "from then on they lead");
}

#[test]
fn whom_one_brings_in_who_knows_that_they_are_out_is_out() {
    let mut log = people(2, 0);
    says_of(&mut log, 1, remove, 2);
    enrol(&mut log, 2, 7, Role::Member);
    says_of(&mut log, 1, confirm, 7);
    assert_eq!(state(&log, 7), REMOVED);
}

#[test]
fn people_with_an_old_date_can_do_no_more_than_who_brought_them_in() {
    let before = people(2, 0);
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 1, remove(&before, 2));
    enrol(&mut other, 2, 7, Role::Facilitator);
    enrol(&mut other, 2, 8, Role::Facilitator);
    let (ghost, mate) = (confirm(&other, 8), confirm(&other, 7));
    says(&mut other, 7, ghost);
    says(&mut other, 8, mate);
    let removal = says(&mut other, 7, remove(&before, 1));
    let log = union(&[&one, &other]);
    assert_eq!(states(&log, &[1, 2, 7, 8]), [SUSPENDED, SUSPENDED, PROVISIONAL, PROVISIONAL]);
    assert_eq!(log.evaluate().verdict(&removal), Verdict::Provisional);
    let decisions: [(About, u8); 3] = [(confirm, 1), (remove, 2), (remove, 7)];
    for (what, whom) in decisions {
        let mut decided = log.clone();
        root_says_of(&mut decided, what, whom);
        assert_eq!(states(&decided, &[1, 2, 8]), [ACTIVE, REMOVED, PROVISIONAL]);
    }
}

#[test]
fn a_promotion_by_a_removed_one_gives_no_power() {
    let before = people(2, 1);
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 1, remove(&before, 2));
    says(&mut other, 2, promote(&before, 3));
    says(&mut other, 3, remove(&before, 1));
    let mut log = union(&[&one, &other]);
    assert_eq!(states(&log, &[1, 2, 3]), [SUSPENDED, SUSPENDED, ACTIVE], "as if number 2 had said it");
    assert_eq!(log.evaluate().device(&phone(3).id()).unwrap().role, Role::Member);
    root_says_of(&mut log, remove, 2);
    assert_eq!(states(&log, &[1, 2, 3]), [ACTIVE, REMOVED, ACTIVE]);
}

#[test]
fn recovering_takes_the_other_devices_out_and_is_shown() {
    let mut log = people(2, 1);
    let ana = member(&log, 3);
    let paper = StatementBody::AddDevice(AddDevice { device: *phone(5).public(), paper: true });
    says(&mut log, 3, paper);
    assert!(log.evaluate().device(&phone(5).id()).unwrap().paper);
    let mut away = log.clone();
    let thief = says(&mut away, 3, add_device(6));
    let recover = Grant { member: ana, recovers: true, past: true, ..grant(&log, 1, 7, Role::Member) };
    let recovered = says(&mut log, 1, StatementBody::Grant(recover));
    let log = union(&[&log, &away]);
    assert_eq!(states(&log, &[3, 5, 6, 7]), [REMOVED, REMOVED, PROVISIONAL, ACTIVE]);
    let standing = log.evaluate();
    assert_eq!(standing.verdict(&thief), Verdict::Provisional);
    let event = standing.events().iter().find(|event| event.kind == EventKind::Recovered).unwrap();
    assert_eq!((event.statement, event.member, event.device), (recovered, Some(ana), Some(phone(7).id())));
    assert_eq!(event.by_member, Some(member(&log, 1)));
    assert_eq!(event.verdict, Verdict::Lawful);
}

#[test]
fn a_recovering_invite_does_the_same() {
    let mut log = people(1, 1);
    let ana = member(&log, 2);
    let secret = InviteSecret([3; 16]);
    says(&mut log, 1, invite(&secret, InviteFor::Member { member: ana, recovers: true }, true));
    log.insert(join(&log, &secret, 7, 0)).unwrap();
    assert_eq!(states(&log, &[2, 7]), [REMOVED, ACTIVE]);
    assert_eq!(member(&log, 7), ana);
}

#[test]
fn a_recovery_by_a_removed_one_takes_no_device_out() {
    let before = people(2, 1);
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 1, remove(&before, 2));
    let recover = Grant { member: member(&before, 3), recovers: true, ..grant(&before, 2, 7, Role::Member) };
    says(&mut other, 2, StatementBody::Grant(recover));
    let log = union(&[&one, &other]);
    assert_eq!(states(&log, &[3, 7]), [ACTIVE, PROVISIONAL]);
}

#[test]
fn joins_by_a_removed_ones_link_are_provisional() {
    let mut before = people(2, 0);
    let secret = InviteSecret([3; 16]);
    says(&mut before, 2, invite(&secret, InviteFor::Role(Role::Member), false));
    before.insert(join(&before, &secret, 6, 0)).unwrap();
    let mut log = before.clone();
    says(&mut log, 1, remove(&before, 2));
    log.insert(join(&before, &secret, 7, 1)).unwrap();
    assert_eq!(states(&log, &[6, 7]), [ACTIVE, PROVISIONAL], "the first was known to the remover");
    says_of(&mut log, 1, confirm, 7);
    assert_eq!(state(&log, 7), ACTIVE);
}

#[test]
fn nobody_confirms_themself() {
    let log = people(2, 0);
    assert_eq!(refused(&log, 2, confirm(&log, 2)), StatementProblem::NotAllowed);
}

#[test]
fn events_say_who_came_and_went() {
    let mut log = people(1, 1);
    says_of(&mut log, 1, promote, 2);
    says(&mut log, 2, add_device(5));
    says(&mut log, 2, remove_device(5));
    says_of(&mut log, 1, remove, 2);
    root_says_of(&mut log, confirm, 2);
    let mut kinds: Vec<EventKind> = log.evaluate().events().iter().map(|event| event.kind).collect();
    kinds.sort_unstable();
    let all = [
        EventKind::Founded,
        EventKind::Granted,
        EventKind::DeviceAdded,
        EventKind::MemberRemoved,
        EventKind::DeviceRemoved,
        EventKind::Confirmed,
        EventKind::Promoted,
    ];
    assert_eq!(kinds, all);
}
