use super::*;
use crate::client::ProblemCode;

fn document(number: u8) -> DocumentId {
    DocumentId([number; 16])
}

fn doubted(numbers: &[u8]) -> LocalCircle {
    let mut local = LocalCircle::default();
    local.unsure.extend(numbers.iter().map(|number| document(*number)));
    local
}

/// An answer takes one doubt away; while that is stored a request fails, which leaves another.
#[test]
fn what_is_noted_while_a_change_is_stored_stays() {
    let mut local = doubted(&[1, 2]);
    let mut after = local.clone();
    after.unsure.remove(&document(1));
    after.cursor = vec![9];
    let change = CircleChange::between(&local, after);
    local.unsure.insert(document(3));
    local.note_problem(document(2), Problem::new(ProblemCode::Refused, "refused meanwhile"));
    local.keep_lifted(document(4), Vec::new());
    local.apply(change);
    assert_eq!(local.unsure.iter().copied().collect::<Vec<_>>(), [document(2), document(3)]);
    assert_eq!((local.cursor().as_slice(), local.problem(&document(2)).is_some()), (&[9][..], true));
    assert!(local.lifted().contains_key(&document(4)));
}

#[test]
fn a_change_makes_of_one_circle_the_other() {
    let mut before = doubted(&[1, 2]);
    before.note_problem(document(1), Problem::new(ProblemCode::Refused, "one"));
    before.note_problem(document(2), Problem::new(ProblemCode::Refused, "two"));
    before.arrived.insert(ActorId([1; 16]), 7);
    let mut after = doubted(&[2, 5]);
    after.note_problem(document(2), Problem::new(ProblemCode::Refused, "another"));
    after.arrived.insert(ActorId([1; 16]), 8);
    after.forked.insert(document(5));
    after.position = 40;
    let mut made = before.clone();
    made.apply(CircleChange::between(&before, after.clone()));
    assert_eq!(format!("{made:?}"), format!("{after:?}"));
}
