use crate::trust::bounds::FACILITATOR_SETTINGS_MAX;
use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{NoChange, NotAllowed, ShareUsed};

fn conversations(beginners: Beginners) -> StatementBody {
    StatementBody::Setting(Setting::Conversations(beginners))
}

/// Whether a phone's person could begin conversations at a position.
fn began(chain: &Chain, n: u8, position: u64) -> Option<bool> {
    chain.standing().roster().author_at(&phone(n).id(), position).map(|(author, _)| author.begins)
}

#[test]
fn a_setting_holds_from_its_place_on_for_whoever_is_in_and_comes_later() {
    let mut chain = people(2, 1);
    let before = chain.len();
    let reserved = says(&mut chain, 1, conversations(Beginners::Facilitators)).unwrap();
    assert_eq!(chain.record(reserved).map(|record| record.fold), Some(2), "older phones ask for an update");
    assert_eq!((began(&chain, 3, before), began(&chain, 3, reserved)), (Some(true), Some(false)));
    assert_eq!((began(&chain, 1, reserved), began(&chain, 2, reserved)), (Some(true), Some(true)));
    let link = invites(&mut chain, 1, 9, InviteFor::Role(Role::Member)).unwrap();
    let joined = joins(&mut chain, &link, 4).unwrap();
    assert_eq!(began(&chain, 4, joined), Some(false));
    assert_eq!(says(&mut chain, 2, conversations(Beginners::Facilitators)), Err(NoChange));
    let opened = root_says(&mut chain, conversations(Beginners::Everyone)).unwrap();
    assert_eq!((began(&chain, 4, joined), began(&chain, 4, opened)), (Some(false), Some(true)));
}

#[test]
fn a_member_decides_no_setting() {
    let mut chain = people(1, 1);
    assert_eq!(says(&mut chain, 2, conversations(Beginners::Facilitators)), Err(NotAllowed));
}

#[test]
fn p25_a_setting_takes_nothing_of_what_others_said_before_they_heard_of_it() {
    let mut chain = people(2, 3);
    let taken_out = remove(&chain, 5);
    let out = says(&mut chain, 1, taken_out).unwrap();
    let (promoted, back) = (promote(&chain, 3), confirm(&chain, 5));
    let (promoted, back) = (of_phone(&chain, 2, promoted), of_phone(&chain, 2, back));
    says(&mut chain, 1, conversations(Beginners::Facilitators)).unwrap();
    admit(&mut chain, &promoted).unwrap();
    let StatementBody::Confirm(named) = &back.body else { unreachable!() };
    assert_eq!(named.undoes, out);
    let again = of_phone(&chain, 2, back.body.clone());
    let position = admit(&mut chain, &again).unwrap();
    assert_eq!(began(&chain, 5, position), Some(false), "who is brought back is held to it");
}

#[test]
fn a_facilitator_changes_settings_as_often_as_their_share_says() {
    let mut chain = people(2, 1);
    let turns = [Beginners::Facilitators, Beginners::Everyone];
    for at in 0..FACILITATOR_SETTINGS_MAX as usize {
        says(&mut chain, 1, conversations(turns[at % 2])).unwrap();
    }
    assert_eq!(says(&mut chain, 1, conversations(turns[0])), Err(ShareUsed));
    says(&mut chain, 2, conversations(turns[0])).unwrap();
}
