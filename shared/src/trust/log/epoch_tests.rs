//! Which key a group seals with, and who gets it.

use crate::ids::StatementId;
use crate::trust::testing::*;
use crate::trust::*;

const ALL: KeyGroup = KeyGroup::Circle;

fn current(log: &GrantLog, group: &KeyGroup) -> Option<StatementId> {
    log.evaluate().current_epoch(group).map(|epoch| epoch.id)
}

fn lacking(log: &GrantLog, group: &KeyGroup) -> (Vec<crate::ids::DeviceId>, bool) {
    let lacking = log.evaluate().lacking(group);
    (lacking.share, lacking.new_epoch)
}

fn share(epoch: StatementId, phones: &[u8]) -> StatementBody {
    StatementBody::Share(Share { epoch, wraps: wraps(phones) })
}

#[test]
fn a_circle_without_a_key_begins_one() {
    let mut log = people(1, 1);
    assert_eq!(lacking(&log, &ALL), (Vec::new(), true));
    let first = says(&mut log, 1, epoch(ALL, None, &[1, 2]));
    let standing = log.evaluate();
    let record = standing.current_epoch(&ALL).unwrap();
    assert_eq!((record.id, record.depth, record.author), (first, 1, phone(1).id()));
    assert_eq!(record.wraps_of(&phone(2).id()).collect::<Vec<_>>(), [&Wrap([2; 80])]);
    assert_eq!(record.wraps_of(&phone(9).id()).count(), 0);
    assert_eq!(standing.lacking(&ALL), Lacking::default());
}

#[test]
fn an_epoch_of_one_who_is_out_is_current_no_more() {
    let mut log = people(2, 1);
    let first = says(&mut log, 1, epoch(ALL, None, &[1, 2, 3]));
    says_of(&mut log, 1, remove, 3);
    assert_eq!(current(&log, &ALL), None);
    assert_eq!(lacking(&log, &ALL), (Vec::new(), true));
    let second = says(&mut log, 2, epoch(ALL, Some(first), &[1, 2]));
    assert_eq!(current(&log, &ALL), Some(second));
    assert_eq!(log.evaluate().epoch(&second).unwrap().depth, 2);
    assert!(log.evaluate().epoch(&first).unwrap().is_valid, "what was sealed before still opens");
}

#[test]
fn an_epoch_begun_without_knowing_of_a_removal_is_not_sealed_with() {
    let mut before = people(2, 1);
    let first = says(&mut before, 1, epoch(ALL, None, &[1, 2, 3]));
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 1, remove(&before, 3));
    let clean = says(&mut one, 1, epoch(ALL, Some(first), &[1, 2]));
    let unaware = says(&mut other, 2, epoch(ALL, Some(first), &[1, 2, 3]));
    let deeper = says(&mut other, 2, epoch(ALL, Some(unaware), &[1, 2, 3]));
    let log = union(&[&one, &other]);
    assert_eq!(current(&log, &ALL), Some(clean));
    assert_eq!(log.evaluate().epochs(&ALL)[0].id, deeper);
}

#[test]
fn an_epoch_of_the_removed_holds_nothing_and_nothing_on_it() {
    let mut before = people(2, 1);
    let first = says(&mut before, 1, epoch(ALL, None, &[1, 2, 3]));
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 1, remove(&before, 3));
    let theirs = says(&mut other, 3, epoch(ALL, Some(first), &[1, 2]));
    let on_it = says(&mut other, 2, epoch(ALL, Some(theirs), &[1, 2]));
    let log = union(&[&one, &other]);
    let standing = log.evaluate();
    assert_eq!(standing.verdict(&theirs), Verdict::Beaten);
    assert!(!standing.epoch(&theirs).unwrap().is_valid && !standing.epoch(&on_it).unwrap().is_valid);
    assert_eq!(current(&log, &ALL), None);
}

#[test]
fn of_two_epochs_of_one_depth_the_smaller_id_is_current() {
    let before = people(2, 0);
    let (mut one, mut other) = (before.clone(), before.clone());
    let mine = says(&mut one, 1, epoch(ALL, None, &[1, 2]));
    let yours = says(&mut other, 2, epoch(ALL, None, &[1, 2]));
    let mut log = union(&[&one, &other]);
    assert_eq!(current(&log, &ALL), Some(mine.min(yours)));
    let deeper = says(&mut log, 1, epoch(ALL, Some(mine.max(yours)), &[1, 2]));
    assert_eq!(current(&log, &ALL), Some(deeper));
}

#[test]
fn a_joiner_to_whom_the_past_is_closed_makes_a_new_epoch_and_an_opened_one_a_share() {
    let mut log = people(1, 0);
    let first = says(&mut log, 1, epoch(ALL, None, &[1]));
    let mut opened = log.clone();
    enrol(&mut log, 1, 2, Role::Member);
    assert_eq!(lacking(&log, &ALL), (Vec::new(), true));
    let grant = Grant { past: true, ..grant(&opened, 1, 2, Role::Member) };
    says(&mut opened, 1, StatementBody::Grant(grant));
    assert_eq!(lacking(&opened, &ALL), (vec![phone(2).id()], false));
    assert_eq!(current(&opened, &ALL), Some(first));
    says(&mut opened, 1, share(first, &[2]));
    assert_eq!(opened.evaluate().lacking(&ALL), Lacking::default());
}

#[test]
fn whoever_was_in_when_an_epoch_began_gets_a_share_of_it() {
    let mut log = people(1, 1);
    says(&mut log, 1, epoch(ALL, None, &[1]));
    assert_eq!(lacking(&log, &ALL), (vec![phone(2).id()], false));
}

#[test]
fn people_who_joined_at_once_meet_in_one_new_epoch() {
    let mut before = people(1, 0);
    let secret = InviteSecret([3; 16]);
    says(&mut before, 1, invite(&secret, InviteFor::Role(Role::Member), false));
    let first = says(&mut before, 1, epoch(ALL, None, &[1]));
    let (mut one, mut other) = (before.clone(), before.clone());
    one.insert(join(&before, &secret, 2, 0)).unwrap();
    other.insert(join(&before, &secret, 3, 1)).unwrap();
    says(&mut one, 2, epoch(ALL, Some(first), &[1, 2]));
    says(&mut other, 3, epoch(ALL, Some(first), &[1, 3]));
    let mut log = union(&[&one, &other]);
    assert_eq!(lacking(&log, &ALL), (Vec::new(), true));
    let previous = current(&log, &ALL);
    let met = says(&mut log, 1, epoch(ALL, previous, &[1, 2, 3]));
    assert_eq!((current(&log, &ALL), lacking(&log, &ALL)), (Some(met), (Vec::new(), false)));
}

#[test]
fn a_share_with_one_who_is_out_ends_an_epoch() {
    let mut log = people(1, 1);
    let first = says(&mut log, 1, epoch(ALL, None, &[1]));
    says(&mut log, 1, share(first, &[2]));
    assert_eq!(current(&log, &ALL), Some(first));
    says_of(&mut log, 1, remove, 2);
    assert_eq!(current(&log, &ALL), None);
}

#[test]
fn wraps_for_a_removed_or_unknown_device_make_no_current_epoch() {
    let mut log = people(1, 1);
    says_of(&mut log, 1, remove, 2);
    says(&mut log, 1, epoch(ALL, None, &[1, 2]));
    assert_eq!(current(&log, &ALL), None);
    says(&mut log, 1, epoch(ALL, None, &[1, 77]));
    assert_eq!(current(&log, &ALL), None);
}

#[test]
fn an_older_key_that_was_opened_to_the_removed_is_not_fallen_back_to() {
    let mut log = people(1, 0);
    let first = says(&mut log, 1, epoch(ALL, None, &[1]));
    let mut closed = log.clone();
    for (log, past) in [(&mut log, true), (&mut closed, false)] {
        let secret = InviteSecret([3; 16]);
        says(log, 1, invite(&secret, InviteFor::Role(Role::Member), past));
        log.insert(join(log, &secret, 2, 0)).unwrap();
        says(log, 2, epoch(ALL, Some(first), &[1, 2]));
        says_of(log, 1, remove, 2);
    }
    assert_eq!(current(&log, &ALL), None, "the invite's box had its key");
    assert_eq!(current(&closed, &ALL), Some(first), "nobody but phone 1 ever had it");
}

#[test]
fn a_provisional_phone_gets_no_key() {
    let before = people(2, 0);
    let (mut one, mut other) = (before.clone(), before.clone());
    says(&mut one, 1, remove(&before, 2));
    enrol(&mut other, 2, 7, Role::Member);
    let theirs = says(&mut other, 7, epoch(ALL, None, &[1, 2, 7]));
    let mut log = union(&[&one, &other]);
    assert!(log.evaluate().epoch(&theirs).unwrap().is_valid);
    assert_eq!(current(&log, &ALL), None);
    let clean = says(&mut log, 1, epoch(ALL, None, &[1]));
    assert_eq!((current(&log, &ALL), lacking(&log, &ALL)), (Some(clean), (Vec::new(), false)));
    says_of(&mut log, 1, confirm, 7);
    assert_eq!(lacking(&log, &ALL), (vec![phone(7).id()], false));
}

#[test]
fn groups_are_their_members() {
    let mut log = people(1, 2);
    let (ana, ben) = (member(&log, 2), member(&log, 3));
    let (pair, slice) = (KeyGroup::pair(ana, ben).unwrap(), KeyGroup::Slice(ana));
    let refuses = |by, group| refused(&log, by, epoch(group, None, &[by]));
    assert_eq!(refuses(1, pair), StatementProblem::NotAllowed);
    assert_eq!(refuses(1, KeyGroup::Alone(ana)), StatementProblem::NotAllowed);
    assert_eq!(refuses(2, KeyGroup::Facilitators), StatementProblem::NotAllowed);
    assert_eq!(refuses(3, slice), StatementProblem::NotAllowed);
    let standing = log.evaluate();
    let mut two = vec![phone(2).id(), phone(3).id()];
    two.sort_unstable();
    assert_eq!(standing.readers(&pair), two);
    assert_eq!(standing.readers(&KeyGroup::Facilitators), [phone(1).id()]);
    assert_eq!(standing.readers(&slice).len(), 2);
    let first = says(&mut log, 2, epoch(pair, None, &[2, 3]));
    assert_eq!(refused(&log, 1, share(first, &[1])), StatementProblem::NotAllowed);
    says(&mut log, 2, share(first, &[1]));
    assert_eq!(current(&log, &pair), None, "a third one has it");
    let stray = epoch(KeyGroup::Alone(ana), Some(first), &[2]);
    assert_eq!(refused(&log, 2, stray), StatementProblem::BadEpoch);
    assert_eq!(refused(&log, 2, epoch(pair, Some(StatementId([1; 32])), &[2])), StatementProblem::BadEpoch);
}

#[test]
fn a_members_new_device_gets_what_the_member_held() {
    let mut log = people(1, 1);
    let alone = KeyGroup::Alone(member(&log, 2));
    let first = says(&mut log, 2, epoch(alone, None, &[2]));
    says(&mut log, 2, add_device(5));
    assert_eq!((current(&log, &alone), lacking(&log, &alone)), (Some(first), (vec![phone(5).id()], false)));
    says(&mut log, 2, share(first, &[5]));
    says(&mut log, 2, remove_device(5));
    assert_eq!((current(&log, &alone), lacking(&log, &alone)), (None, (Vec::new(), true)));
}

#[test]
fn a_new_facilitator_does_not_read_what_facilitators_wrote_before() {
    let mut log = people(1, 1);
    let group = KeyGroup::Facilitators;
    let first = says(&mut log, 1, epoch(group, None, &[1]));
    says_of(&mut log, 1, promote, 2);
    assert_eq!(lacking(&log, &group), (Vec::new(), true));
    says(&mut log, 1, epoch(group, Some(first), &[1]));
    assert_eq!(lacking(&log, &group), (vec![phone(2).id()], false), "they lead since before this one");
}
