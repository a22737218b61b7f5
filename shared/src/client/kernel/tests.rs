//! The kernel under an engine that does nothing else.

use super::*;
use crate::storage::Tree;

#[derive(Default)]
struct Toy {
    kernel: Kernel<Self>,
    did: Vec<String>,
}

impl Host for Toy {
    fn kernel(&mut self) -> &mut Kernel<Self> {
        &mut self.kernel
    }

    fn rest(&mut self) {}

    fn forget_erased(&mut self) {}
}

/// Reads a key, writes it to another, and says so.
struct Copy {
    from: &'static [u8],
    first: bool,
    of_exchange: bool,
}

impl Copy {
    fn new(from: &'static [u8]) -> Self {
        Self { from, first: false, of_exchange: false }
    }
}

impl Task<Toy> for Copy {
    fn run(&mut self, toy: &mut Toy) -> Attempt<Toy> {
        let name = String::from_utf8_lossy(self.from).into_owned();
        let value = toy.kernel.rows.value(Tree::Meta, self.from.to_vec())?.map(<[u8]>::to_vec);
        let value = value.ok_or_else(|| Problem::new(ProblemCode::UnknownDocument, "nothing there"))?;
        let mut batch = Batch::default();
        if core::mem::take(&mut self.first) {
            batch.put(Tree::Meta, self.from, *b"changed");
            return Err(Stop::First(
                batch,
                Box::new(move |toy, done| toy.did.push(format!("{name} first: {}", done.is_ok()))),
            ));
        }
        batch.put(Tree::Meta, *b"copy", value.clone());
        let text = String::from_utf8_lossy(&value).into_owned();
        Ok(Step::Commit(batch, Box::new(move |toy, done| toy.did.push(format!("{name} {text}: {}", done.is_ok())))))
    }

    fn fail(&mut self, toy: &mut Toy, problem: Problem) {
        toy.did.push(format!("{} failed: {:?}", String::from_utf8_lossy(self.from), problem.code));
    }

    fn is_of_exchange(&self) -> bool {
        self.of_exchange
    }
}

fn effects(toy: &mut Toy) -> Vec<Effect> {
    std::iter::from_fn(|| toy.kernel.next_effect()).collect()
}

fn asked(toy: &mut Toy) -> StoreId {
    match effects(toy).pop() {
        Some(Effect::Read { id, .. } | Effect::Commit { id, .. }) => id,
        other => panic!("{other:?}"),
    }
}

fn answer(toy: &mut Toy, value: Option<&[u8]>) {
    let id = asked(toy);
    Kernel::stored(toy, id, Ok(vec![ReadResult::Value(value.map(<[u8]>::to_vec))]));
    Kernel::run(toy);
}

fn commit(toy: &mut Toy, outcome: Result<CommitOutcome, StoreFailure>) {
    let id = asked(toy);
    Kernel::committed(toy, id, outcome);
    Kernel::run(toy);
}

#[test]
fn one_task_runs_at_a_time_and_nothing_is_seen_before_it_is_durable() {
    let mut toy = Toy::default();
    toy.kernel.enqueue(Copy::new(b"a"));
    toy.kernel.enqueue_first(Copy::new(b"b"));
    Kernel::run(&mut toy);
    answer(&mut toy, Some(b"1"));
    assert!(toy.did.is_empty() && !toy.kernel.is_idle());
    commit(&mut toy, Ok(CommitOutcome::Committed));
    assert_eq!(toy.did, ["b 1: true"]);
    answer(&mut toy, None);
    assert_eq!(toy.did[1..], ["a failed: UnknownDocument"]);
    assert!(toy.kernel.is_idle() && effects(&mut toy).is_empty());
}

#[test]
fn a_task_that_had_something_stored_first_sees_it() {
    let mut toy = Toy::default();
    toy.kernel.enqueue(Copy { first: true, ..Copy::new(b"a") });
    Kernel::run(&mut toy);
    answer(&mut toy, Some(b"1"));
    commit(&mut toy, Ok(CommitOutcome::Committed));
    commit(&mut toy, Ok(CommitOutcome::Committed));
    assert_eq!(toy.did, ["a first: true", "a changed: true"], "it is read once");
}

#[test]
fn a_store_that_fails_fails_the_task_and_the_next_one_runs() {
    let outcomes = [Err(StoreFailure::Full), Err(StoreFailure::Failed), Ok(CommitOutcome::Conflict)];
    let codes = [ProblemCode::StorageFull, ProblemCode::StorageFailed, ProblemCode::StorageFailed];
    for (outcome, code) in outcomes.into_iter().zip(codes) {
        let mut toy = Toy::default();
        toy.kernel.enqueue(Copy { first: true, ..Copy::new(b"a") });
        toy.kernel.enqueue(Copy::new(b"a"));
        Kernel::run(&mut toy);
        answer(&mut toy, Some(b"1"));
        commit(&mut toy, outcome);
        assert_eq!(toy.did, ["a first: false".to_owned(), format!("a failed: {code:?}")]);
        commit(&mut toy, Ok(CommitOutcome::Committed));
        assert_eq!(toy.did[2..], ["a 1: true"], "what was not stored is seen by nobody");
    }
    let mut toy = Toy::default();
    toy.kernel.enqueue(Copy::new(b"a"));
    Kernel::run(&mut toy);
    let id = asked(&mut toy);
    Kernel::stored(&mut toy, id, Err(StoreFailure::Corrupt { tree: Tree::Meta }));
    assert_eq!(toy.did, ["a failed: StorageCorrupt"]);
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut toy = Toy::default();
    toy.kernel.enqueue(Copy::new(b"a"));
    Kernel::run(&mut toy);
    let id = asked(&mut toy);
    Kernel::committed(&mut toy, id, Ok(CommitOutcome::Committed));
    Kernel::stored(&mut toy, StoreId(id.0 + 1), Ok(vec![ReadResult::Value(None)]));
    assert!(toy.did.is_empty() && !toy.kernel.is_idle());
    Kernel::stored(&mut toy, id, Ok(vec![ReadResult::Value(None)]));
    Kernel::run(&mut toy);
    assert_eq!(toy.did, ["a failed: UnknownDocument"]);
}

#[test]
fn what_belongs_to_an_exchange_that_failed_goes() {
    let mut toy = Toy::default();
    for (from, of_exchange) in [(b"a", false), (b"b", true), (b"c", true), (b"d", false)] {
        toy.kernel.enqueue(Copy { of_exchange, ..Copy::new(from) });
    }
    toy.kernel.drop_exchange();
    Kernel::run(&mut toy);
    answer(&mut toy, None);
    answer(&mut toy, None);
    assert_eq!(toy.did, ["a failed: UnknownDocument", "d failed: UnknownDocument"]);
    assert!(toy.kernel.is_idle());
}
