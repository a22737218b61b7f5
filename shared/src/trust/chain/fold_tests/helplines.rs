use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{Malformed, NoChange, OldNumber};

fn said(names: &[&str]) -> StatementBody {
    let line = |name: &&str| Helpline { name: (*name).to_owned(), phone: "1".to_owned(), ..Helpline::default() };
    StatementBody::Helplines(Helplines(names.iter().map(line).collect()))
}

fn names(chain: &Chain) -> Vec<&str> {
    chain.standing().helplines().0.iter().map(|helpline| helpline.name.as_str()).collect()
}

#[test]
fn the_roots_last_word_on_helplines_holds_for_all() {
    let mut chain = people(1, 1);
    assert_eq!(names(&chain), Vec::<&str>::new());
    let position = root_says(&mut chain, said(&["Night line", "Clinic"])).unwrap();
    assert_eq!(chain.record(position).map(|record| record.fold), Some(3), "older phones ask for an update");
    assert_eq!(names(&chain), ["Night line", "Clinic"]);
    assert_eq!(root_says(&mut chain, said(&["Night line", "Clinic"])), Err(NoChange));
    root_says(&mut chain, said(&["Clinic"])).unwrap();
    assert_eq!(names(&chain), ["Clinic"]);
    assert_eq!(chain.standing().events().last().map(|event| event.kind), Some(EventKind::Helplines));
    root_says(&mut chain, said(&[])).unwrap();
    assert_eq!(names(&chain), Vec::<&str>::new());
}

#[test]
fn nobody_but_the_root_says_helplines_and_an_old_word_of_its_own_does_not_come_back() {
    let mut chain = people(1, 1);
    for n in [1, 2] {
        assert_eq!(says(&mut chain, n, said(&["Call me"])), Err(Malformed));
    }
    let old = draft(&chain, Signer::Root(&root()), said(&["Old"]));
    root_says(&mut chain, said(&["New"])).unwrap();
    assert_eq!(admit(&mut chain, &old), Err(OldNumber));
    assert_eq!(names(&chain), ["New"]);
}
