//! What a message's record says of its text: it holds its author to one, and tells nobody which.

use crate::gate::testing::Dice;
use crate::ids::{CircleId, DocumentId, TextCommitment};
use crate::seal::BODY_TEXT_BYTES_MAX;

use super::testing::{body_place, committed, key, salted};
use super::*;

const RUNS: u64 = 500;

/// A text, mostly short, of letters of several lengths.
fn text(dice: &mut Dice) -> String {
    let letters = ['a', 'b', ' ', 'ñ', '语', '🙂', '\u{0}'];
    let most = if dice.below(8) == 0 { 800 } else { 12 };
    let len = 1 + dice.below(most);
    let text: String = (0..len).map(|_| letters[dice.below(letters.len())]).collect();
    format!("{text}.")
}

fn any(dice: &mut Dice) -> SaltedText {
    SaltedText { salt: TextSalt(array_of(dice)), text: text(dice) }
}

fn array_of<const N: usize>(dice: &mut Dice) -> [u8; N] {
    dice.bytes(N).try_into().unwrap()
}

/// A place that differs from that of the other tests only in what a second sealing differs in.
fn second_epoch() -> (EpochKey, BodyPlace<'static>) {
    (EpochKey([0x22; 32]), BodyPlace { epoch: EpochId([0x23; 32]), ..body_place() })
}

#[test]
fn a_text_sealed_again_opens_to_the_same_commitment_and_another_text_does_not() {
    let (other_key, other_place) = second_epoch();
    for seed in 0..RUNS {
        let mut dice = Dice(seed);
        let (said, another) = (any(&mut dice), any(&mut dice));
        let commitment = committed(&body_place(), &said);
        let first = seal_body(&key(), &body_place(), &said).unwrap();
        let again = seal_body(&other_key, &other_place, &said).unwrap();
        assert_eq!(open_body(&key(), &body_place(), &commitment, &first).as_ref(), Ok(&said), "{seed}");
        assert_eq!(open_body(&other_key, &other_place, &commitment, &again), Ok(said.clone()), "{seed}");
        let salts = [said.salt, another.salt];
        for false_one in salts.map(|salt| SaltedText { salt, ..another.clone() }) {
            let again = seal_body(&other_key, &other_place, &false_one).unwrap();
            let opened = open_body(&other_key, &other_place, &commitment, &again);
            let expected = if false_one == said { Ok(said.clone()) } else { Err(SealProblem::OtherText) };
            assert_eq!(opened, expected, "{seed}");
        }
    }
}

#[test]
fn a_salt_or_a_place_that_differs_makes_another_commitment_of_the_same_text() {
    let (place, said) = (body_place(), salted("I was there."));
    let of = |circle: u8, document: u8, message: &str, salt: u8| {
        let said = SaltedText { salt: TextSalt([salt; TEXT_SALT_BYTES]), ..said.clone() };
        said.commitment(&CircleId([circle; 16]), &DocumentId([document; 16]), message)
    };
    let first = of(1, 2, "m1", 9);
    assert_eq!(first, committed(&place, &said));
    let others = [of(9, 2, "m1", 9), of(1, 9, "m1", 9), of(1, 2, "m2", 9), of(1, 2, "m1", 8)];
    assert!(!others.contains(&first));
    let moved = |at: usize| {
        let (key, text) = "m1I was there.".split_at(at);
        SaltedText { text: text.to_owned(), ..said.clone() }.commitment(&place.circle, &place.document, key)
    };
    let cuts: std::collections::BTreeSet<TextCommitment> = (0..14).map(moved).collect();
    assert_eq!(cuts.len(), 14, "the boundary between key and text counts");
}

#[test]
fn no_two_of_many_commitments_are_equal_though_their_texts_are() {
    let mut dice = Dice(5);
    let commitments: std::collections::BTreeSet<TextCommitment> = (0..RUNS)
        .map(|_| SaltedText { salt: TextSalt(array_of(&mut dice)), text: "Yes.".to_owned() })
        .map(|said| committed(&body_place(), &said))
        .collect();
    assert_eq!(commitments.len() as u64, RUNS);
}

#[test]
fn what_another_key_of_the_same_hint_opens_is_shown_only_if_it_is_the_committed_text() {
    // AES-GCM-SIV does not commit to its key: whatever a second key makes of a body, the record says what it may be.
    let (other_key, place) = (EpochKey([0x22; 32]), body_place());
    let (said, another) = (salted("Come at seven."), salted("Come at eight."));
    let commitment = committed(&place, &said);
    let of_other_key = seal_body(&other_key, &place, &another).unwrap();
    assert_eq!(epoch_hint(&of_other_key), epoch_hint(&seal_body(&key(), &place, &said).unwrap()));
    assert_eq!(open_body(&other_key, &place, &commitment, &of_other_key), Err(SealProblem::OtherText));
}

#[test]
fn the_longest_text_is_committed_to_whole() {
    let mut long = "x".repeat(BODY_TEXT_BYTES_MAX);
    let commitment = committed(&body_place(), &salted(&long));
    let body = seal_body(&key(), &body_place(), &salted(&long)).unwrap();
    assert!(open_body(&key(), &body_place(), &commitment, &body).is_ok());
    long.replace_range(BODY_TEXT_BYTES_MAX - 1.., "y");
    let body = seal_body(&key(), &body_place(), &salted(&long)).unwrap();
    assert_eq!(open_body(&key(), &body_place(), &commitment, &body), Err(SealProblem::OtherText));
}

#[test]
fn neither_salt_nor_text_is_printed() {
    let said = salted("Nobody's business.");
    assert_eq!(format!("{said:?} {:?}", said.salt), "SaltedText(…) TextSalt(…)");
}
