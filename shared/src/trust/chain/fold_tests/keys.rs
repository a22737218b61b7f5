use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{BadEpoch, NoChange, NotAllowed, UnknownTarget};

const CIRCLE: KeyGroup = KeyGroup::Circle;

#[test]
fn an_epoch_for_exactly_the_readers_is_current_and_one_that_lost_the_race_is_late() {
    let mut chain = people(1, 2);
    let raced = of_phone(&chain, 2, epoch(&chain, CIRCLE, 2, &[1, 2, 3]));
    let first = epoch(&chain, CIRCLE, 1, &[1, 2, 3]);
    says(&mut chain, 1, first).unwrap();
    enrol(&mut chain, 1, 4, Role::Member);
    admit(&mut chain, &raced).unwrap();
    let late = chain.standing().epoch(&CIRCLE, &epoch_id(2)).unwrap();
    assert!(!late.is_current);
    assert_eq!(chain.standing().lacks(&CIRCLE, &epoch_id(2)), [phone(4).id()]);
    assert_eq!(current(&chain, CIRCLE), Some(epoch_id(1)), "those who were there seal on with it");
    assert_eq!(lacking(&chain, CIRCLE), (vec![], true));
    let next = epoch(&chain, CIRCLE, 3, &[1, 2, 3, 4]);
    says(&mut chain, 4, next).unwrap();
    assert_eq!(chain.standing().epochs(&CIRCLE).count(), 1, "earlier ones leave the standing");
    assert_eq!(lacking(&chain, CIRCLE), (vec![], false));
}

#[test]
fn whoever_goes_ends_the_epoch() {
    let mut chain = people(1, 2);
    let first = epoch(&chain, CIRCLE, 1, &[1, 2, 3]);
    says(&mut chain, 1, first).unwrap();
    let out = remove(&chain, 3);
    says(&mut chain, 1, out).unwrap();
    assert_eq!(current(&chain, CIRCLE), None);
    assert!(chain.standing().sealing_epoch(&CIRCLE, |_| true).is_none());
    assert_eq!(lacking(&chain, CIRCLE), (vec![], true));
}

#[test]
fn ones_own_new_phone_is_given_the_current_key_and_a_newcomer_is_not() {
    let mut chain = people(1, 1);
    let first = epoch(&chain, CIRCLE, 1, &[1, 2]);
    says(&mut chain, 1, first).unwrap();
    let own = add_device(&chain, 2, 20, false);
    says(&mut chain, 2, own).unwrap();
    assert_eq!(lacking(&chain, CIRCLE), (vec![phone(20).id()], false));
    let shared = share(&chain, CIRCLE, 1, &[20]);
    says(&mut chain, 1, shared).unwrap();
    assert_eq!(lacking(&chain, CIRCLE), (vec![], false));
}

#[test]
fn what_was_said_while_somebody_was_out_stays_closed_when_they_are_back() {
    let mut chain = people(1, 2);
    let out = remove(&chain, 3);
    says(&mut chain, 1, out).unwrap();
    let without = epoch(&chain, CIRCLE, 1, &[1, 2]);
    says(&mut chain, 1, without).unwrap();
    let back = confirm(&chain, 3);
    says(&mut chain, 1, back).unwrap();
    assert_eq!(lacking(&chain, CIRCLE), (vec![], true));
}

#[test]
fn a_new_facilitator_is_not_given_what_facilitators_wrote_before() {
    let mut chain = people(1, 1);
    let first = epoch(&chain, KeyGroup::Facilitators, 1, &[1]);
    says(&mut chain, 1, first).unwrap();
    let leads = promote(&chain, 2);
    says(&mut chain, 1, leads).unwrap();
    assert_eq!(lacking(&chain, KeyGroup::Facilitators), (vec![], true));
    let next = epoch(&chain, KeyGroup::Facilitators, 2, &[1, 2]);
    says(&mut chain, 2, next).unwrap();
    let gone = demote(&chain, 2);
    says(&mut chain, 1, gone).unwrap();
    assert_eq!(current(&chain, KeyGroup::Facilitators), None);
}

#[test]
fn an_id_that_is_said_in_its_authors_place_keeps_nobody_from_saying_it() {
    let mut chain = people(1, 2);
    let pair = KeyGroup::pair(member(&chain, 2), member(&chain, 3)).unwrap();
    let honest = of_phone(&chain, 1, epoch(&chain, CIRCLE, 1, &[1, 2, 3]));
    for (group, phones) in [(pair, &[2, 3][..]), (CIRCLE, &[2])] {
        let seen = epoch(&chain, group, 1, phones);
        says(&mut chain, 2, seen).unwrap();
    }
    admit(&mut chain, &honest).unwrap();
    assert_eq!(current(&chain, CIRCLE), Some(epoch_id(1)));
    assert!(chain.standing().epoch(&CIRCLE, &epoch_id(1)).unwrap().is_said_by(&phone(1).id()));
    assert!(chain.standing().lacks(&CIRCLE, &epoch_id(1)).is_empty());
    let again = of_phone(&chain, 1, epoch(&chain, CIRCLE, 1, &[1, 2]));
    assert_eq!(admit(&mut chain, &again), Err(NoChange), "the same device says it once");
}

#[test]
fn only_who_reads_a_group_says_its_keys_and_groups_have_an_end() {
    let mut chain = people(1, 3);
    let others = KeyGroup::pair(member(&chain, 3), member(&chain, 4)).unwrap();
    let nobody = KeyGroup::pair(member(&chain, 2), crate::ids::MemberId([9; 16])).unwrap();
    for (group, problem) in [(others, NotAllowed), (KeyGroup::Facilitators, NotAllowed), (nobody, UnknownTarget)] {
        let body = epoch(&chain, group, 1, &[2]);
        assert_eq!(says(&mut chain, 2, body), Err(problem));
    }
    let mut unknown = epoch(&chain, CIRCLE, 1, &[2]);
    if let StatementBody::Epoch(epoch) = &mut unknown {
        epoch.readers.known.insert(200);
    }
    assert_eq!(says(&mut chain, 2, unknown), Err(BadEpoch));
}

#[test]
fn a_key_that_was_given_to_who_does_not_read_is_sealed_with_no_more() {
    let mut chain = people(1, 2);
    let out = remove(&chain, 3);
    says(&mut chain, 1, out).unwrap();
    let first = epoch(&chain, CIRCLE, 1, &[1, 2]);
    says(&mut chain, 1, first).unwrap();
    let leaked = share(&chain, CIRCLE, 1, &[3]);
    says(&mut chain, 2, leaked).unwrap();
    assert_eq!((current(&chain, CIRCLE), lacking(&chain, CIRCLE)), (None, (vec![], true)));
}

#[test]
fn a_superseded_epoch_that_is_said_again_is_late_and_its_former_holders_are_not_forgotten() {
    let mut chain = people(1, 2);
    let first = epoch(&chain, CIRCLE, 1, &[1, 2, 3]);
    says(&mut chain, 1, first).unwrap();
    let out = remove(&chain, 3);
    says(&mut chain, 1, out).unwrap();
    let next = epoch(&chain, CIRCLE, 2, &[1, 2]);
    says(&mut chain, 1, next).unwrap();
    let again = epoch(&chain, CIRCLE, 1, &[1, 2]);
    says(&mut chain, 2, again).unwrap();
    assert_eq!(current(&chain, CIRCLE), Some(epoch_id(2)));
    let sealing = chain.standing().sealing_epoch(&CIRCLE, |epoch| *epoch == epoch_id(1));
    assert!(sealing.is_none(), "phone 3 has its key");
}

/// What the server admits of these, one after the other, as a phone takes it that is given the text of some alone.
fn taken(server: &mut Chain, phone: &mut Chain, said: &[(Statement, bool)]) {
    for (statement, is_given) in said {
        let position = admit(server, statement).unwrap();
        let record = *server.record(position).unwrap();
        phone.hear_record(record, is_given.then_some(statement)).unwrap();
    }
    assert_eq!(phone.head(), server.head());
}

#[test]
fn a_key_said_again_after_one_that_others_are_not_given_stops_no_phone() {
    let mut server = people(1, 2);
    let mut phone = server.clone();
    let own = KeyGroup::Alone(member(&server, 2));
    let first = of_phone(&server, 2, epoch(&server, own, 1, &[1, 2, 3]));
    taken(&mut server, &mut phone, &[(first, true)]);
    let between = of_phone(&server, 2, epoch(&server, own, 2, &[2]));
    taken(&mut server, &mut phone, &[(between, false)]);
    let again = of_phone(&server, 2, epoch(&server, own, 1, &[1, 2, 3]));
    taken(&mut server, &mut phone, &[(again, true)]);
    let next = of_phone(&server, 1, promote(&server, 3));
    taken(&mut server, &mut phone, &[(next, true)]);
    assert_eq!(role(&phone, 3), Role::Facilitator);
}

#[test]
fn an_old_key_said_again_is_late_also_for_whoever_never_had_its_text() {
    let mut server = people(1, 2);
    let mut phone = server.clone();
    let old = of_phone(&server, 2, epoch(&server, CIRCLE, 1, &[1, 2, 3]));
    taken(&mut server, &mut phone, &[(old, false)]);
    let granted = of_phone(&server, 1, StatementBody::Grant(grant(&server, 1, 4, Role::Member)));
    taken(&mut server, &mut phone, &[(granted, true)]);
    let new = of_phone(&server, 4, epoch(&server, CIRCLE, 2, &[1, 2, 3, 4]));
    taken(&mut server, &mut phone, &[(new, true)]);
    let again = of_phone(&server, 3, epoch(&server, CIRCLE, 1, &[1, 2, 3, 4]));
    taken(&mut server, &mut phone, &[(again, true)]);
    for chain in [&server, &phone] {
        assert_eq!(current(chain, CIRCLE), Some(epoch_id(2)));
    }
}

#[test]
fn a_newcomer_opens_the_past_to_no_phone_of_their_own() {
    let mut chain = people(1, 1);
    let first = epoch(&chain, CIRCLE, 1, &[1, 2]);
    says(&mut chain, 1, first).unwrap();
    enrol(&mut chain, 1, 3, Role::Member);
    let second = add_device(&chain, 3, 30, false);
    says(&mut chain, 3, second).unwrap();
    says(&mut chain, 30, remove_device(3)).unwrap();
    assert_eq!(lacking(&chain, CIRCLE), (vec![], true), "what was said before they came stays closed");
}

#[test]
fn a_current_epoch_that_is_said_again_for_fewer_is_late_in_its_record() {
    let mut server = people(1, 2);
    let mut phone = server.clone();
    let late = of_phone(&server, 2, epoch(&server, CIRCLE, 2, &[1, 2]));
    let current = of_phone(&server, 1, epoch(&server, CIRCLE, 1, &[1, 2, 3]));
    let later = of_phone(&server, 2, epoch(&server, CIRCLE, 3, &[1, 2]));
    let again = of_phone(&server, 3, epoch(&server, CIRCLE, 1, &[3]));
    taken(&mut server, &mut phone, &[(late, true), (current, true), (later, true), (again, true)]);
    assert!(server.record(server.len()).unwrap().is_late());
    assert!(server.standing() == phone.standing(), "the later one is in force for both");
}
