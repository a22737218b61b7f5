use crate::ids::SealingKey;
use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{BadEpoch, Malformed, NoChange, NotAllowed, OldNumber};

fn key(n: u8) -> SealingKey {
    SealingKey([n; 32])
}

fn said(key: Option<SealingKey>) -> StatementBody {
    StatementBody::ReportKey(ReportKey { key })
}

/// What phone 2 reports to the organisation, its member's other phone 20.
fn reports(chain: &Chain) -> KeyGroup {
    KeyGroup::Reports(member(chain, 2))
}

#[test]
fn the_roots_last_word_on_the_report_key_holds_for_all() {
    let mut chain = people(1, 1);
    assert_eq!(chain.standing().report_key(), None);
    let position = root_says(&mut chain, said(Some(key(1)))).unwrap();
    assert_eq!(chain.record(position).map(|record| record.fold), Some(4), "older phones ask for an update");
    assert_eq!(root_says(&mut chain, said(Some(key(1)))), Err(NoChange));
    root_says(&mut chain, said(Some(key(2)))).unwrap();
    assert_eq!(chain.standing().report_key(), Some(key(2)));
    assert_eq!(chain.standing().events().last().map(|event| event.kind), Some(EventKind::ReportKey));
    root_says(&mut chain, said(None)).unwrap();
    assert_eq!(chain.standing().report_key(), None);
    assert_eq!(root_says(&mut chain, said(None)), Err(NoChange));
}

#[test]
fn nobody_but_the_root_says_a_report_key_and_an_old_word_of_its_own_does_not_come_back() {
    let mut chain = people(1, 1);
    for n in [1, 2] {
        assert_eq!(says(&mut chain, n, said(Some(key(9)))), Err(Malformed));
    }
    let old = draft(&chain, Signer::Root(&root()), said(Some(key(8))));
    root_says(&mut chain, said(Some(key(1)))).unwrap();
    assert_eq!(admit(&mut chain, &old), Err(OldNumber));
    let forged = draft(&chain, Signer::Root(&server()), said(Some(key(7))));
    assert_eq!(admit(&mut chain, &forged), Err(StatementProblem::BadSignature), "by another key than the root's");
    assert_eq!(chain.standing().report_key(), Some(key(1)));
}

#[test]
fn what_a_member_reports_is_sealed_by_their_own_phones_and_to_the_key_that_was_said_last() {
    let mut chain = people(1, 1);
    let group = reports(&chain);
    let early = epoch(&chain, group, 1, &[2]);
    assert_eq!(says(&mut chain, 2, early), Err(BadEpoch), "there is no key to wrap it to");
    assert_eq!(lacking(&chain, group), (vec![], false));
    root_says(&mut chain, said(Some(key(1)))).unwrap();
    let leaders = epoch(&chain, group, 1, &[1, 2]);
    assert_eq!(says(&mut chain, 1, leaders), Err(NotAllowed), "who leads is no reader of it");
    let offline = of_phone(&chain, 2, epoch(&chain, group, 2, &[2]));
    let first = epoch(&chain, group, 1, &[2]);
    says(&mut chain, 2, first).unwrap();
    assert_eq!(current(&chain, group), Some(epoch_id(1)));
    root_says(&mut chain, said(Some(key(2)))).unwrap();
    assert_eq!(
        (current(&chain, group), lacking(&chain, group)),
        (None, (vec![], true)),
        "it is wrapped to the old key"
    );
    assert!(chain.standing().sealing_epoch(&group, |_| true).is_none());
    assert_eq!(admit(&mut chain, &offline), Err(BadEpoch), "its author did not know the new one");
    let next = epoch(&chain, group, 2, &[2]);
    says(&mut chain, 2, next).unwrap();
    assert_eq!((current(&chain, group), lacking(&chain, group).1), (Some(epoch_id(2)), false));
    root_says(&mut chain, said(None)).unwrap();
    assert_eq!((current(&chain, group), lacking(&chain, group)), (None, (vec![], false)), "nothing more is sealed");
    let late = epoch(&chain, group, 3, &[2]);
    assert_eq!(says(&mut chain, 2, late), Err(BadEpoch));
}

#[test]
fn the_lines_of_a_reports_keys_are_those_of_any_keys() {
    let mut chain = people(1, 2);
    root_says(&mut chain, said(Some(key(1)))).unwrap();
    let second = add_device(&chain, 2, 20, true);
    says(&mut chain, 2, second).unwrap();
    let (group, alone) = (reports(&chain), KeyGroup::Alone(member(&chain, 2)));
    let lines = [group, alone].map(|group| {
        [epoch(&chain, group, 1, &[2]), share(&chain, group, 1, &[20])].map(|body| {
            let position = says(&mut chain, 2, body).unwrap();
            chain.record(position).map(|record| record.fold)
        })
    });
    assert_eq!(lines[0], lines[1], "whoever is given the line alone is not told that something was reported");
}

#[test]
fn a_further_phone_of_a_member_reads_what_they_report_and_one_that_is_out_ends_the_key() {
    let mut chain = people(1, 1);
    let group = reports(&chain);
    root_says(&mut chain, said(Some(key(1)))).unwrap();
    let first = epoch(&chain, group, 1, &[2]);
    says(&mut chain, 2, first).unwrap();
    let second = add_device(&chain, 2, 20, false);
    says(&mut chain, 2, second).unwrap();
    assert_eq!(lacking(&chain, group), (vec![phone(20).id()], false));
    let shared = share(&chain, group, 1, &[20]);
    says(&mut chain, 2, shared).unwrap();
    assert_eq!(lacking(&chain, group), (vec![], false));
    says(&mut chain, 2, remove_device(20)).unwrap();
    assert_eq!(lacking(&chain, group), (vec![], true));
}
