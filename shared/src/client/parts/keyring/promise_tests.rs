//! What ends of a chain a phone believes: those that the server signed, and that agree with what it saw before.

use crate::trust::testing::*;
use crate::trust::{Chain, ChainHead, Knows, Promote, Role, Signed, SigningSecret, Statement, StatementBody};
use crate::wire::{CircleAnswer, GivenRecord, GivenText, Stated};

use super::{History, Keyring, Trouble};

/// A circle of two, and what is said next in one history of it and in another.
struct Told {
    answer: CircleAnswer,
    history: History,
    one: Knows,
    other: Knows,
}

fn signed(by: &SigningSecret, told: &Told, last: Knows) -> Signed<ChainHead> {
    ChainHead::sign(by, told.answer.circle, last, NOW)
}

fn given(chain: &mut Chain, answer: &mut CircleAnswer, statement: &Statement) {
    let record = chain.hear(statement, NOW).unwrap();
    let text = GivenText::Given(Stated { statement: statement.encode(), attachment: Vec::new() });
    answer.records.push(GivenRecord { time: record.time, fold: record.fold, text });
}

fn told() -> Told {
    let found = founding(0);
    let mut chain = Chain::new(Statement::circle_of(&found.id()));
    let mut answer = CircleAnswer { from: 1, ..CircleAnswer::of(*chain.circle()) };
    given(&mut chain, &mut answer, &found);
    let comes = of_phone(&chain, 1, StatementBody::Grant(grant(&chain, 1, 2, Role::Member)));
    given(&mut chain, &mut answer, &comes);
    let mut elsewhere = chain.clone();
    let out = remove(&elsewhere, 2);
    says(&mut elsewhere, 1, out).unwrap();
    let leads = StatementBody::Promote(Promote { member: member(&chain, 2) });
    let leads = of_phone(&chain, 1, leads);
    given(&mut chain, &mut answer, &leads);
    let mut history = History::new(*chain.circle());
    answer.records.iter().for_each(|given| drop(history.take(given.clone()).unwrap()));
    Told { answer, history, one: chain.head(), other: elsewhere.head() }
}

/// What comes of an answer with this end on a phone that kept that one.
fn takes(told: &Told, kept: Option<Signed<ChainHead>>, end: Option<Signed<ChainHead>>) -> (bool, Keyring) {
    let mut keyring = Keyring { head: kept, ..Keyring::new(told.answer.circle) };
    let answer = CircleAnswer { head: end, ..told.answer.clone() };
    (keyring.is_as_promised(&told.history, &answer, NOW), keyring)
}

#[test]
fn records_whose_end_the_server_did_not_sign_are_not_taken() {
    let told = told();
    let stranger = signed(&root(), &told, told.one);
    for end in [None, Some(stranger)] {
        let (is_taken, keyring) = takes(&told, None, end);
        assert_eq!((is_taken, keyring.trouble), (false, Some(Trouble::Withheld)), "{end:?}");
    }
    assert!(takes(&told, None, Some(signed(&server(), &told, told.one))).0);
}

#[test]
fn an_end_that_the_server_did_not_sign_is_not_kept_as_seen() {
    let told = told();
    for (by, is_kept) in [(root(), false), (server(), true)] {
        let end = signed(&by, &told, told.one);
        let (_, mut keyring) = takes(&told, None, Some(end));
        keyring.set_history(told.history.clone());
        keyring.keep_head(&CircleAnswer { head: Some(end), ..told.answer.clone() });
        assert_eq!(keyring.head.is_some(), is_kept);
    }
}

#[test]
fn records_that_lead_past_the_end_that_a_code_brought_are_not_taken() {
    let told = told();
    let brought = signed(&server(), &told, told.other);
    let (is_taken, keyring) = takes(&told, Some(brought), Some(signed(&server(), &told, told.one)));
    assert!(!is_taken);
    let fork = keyring.fork.expect("both ends are signed: proof");
    assert_eq!((fork.ours.last, fork.theirs.last), (told.other, told.one));
    let (is_taken, keyring) = takes(&told, Some(brought), None);
    assert_eq!((is_taken, keyring.trouble), (false, Some(Trouble::Withheld)));
}

#[test]
fn an_end_in_a_code_that_the_server_never_signed_keeps_nobody_out() {
    let told = told();
    let forged = signed(&root(), &told, told.other);
    let end = signed(&server(), &told, told.one);
    let (is_taken, mut keyring) = takes(&told, Some(forged), Some(end));
    assert!(is_taken && keyring.fork.is_none());
    keyring.set_history(told.history.clone());
    keyring.keep_head(&CircleAnswer { head: Some(end), ..told.answer.clone() });
    assert_eq!(keyring.head, Some(end));
}
