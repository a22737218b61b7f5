//! What carries the engine and knows none of what it carries: tasks one after the other, what each waits for of the
//! store, and the effects that the shell is to carry out.
//!
//! One task runs at a time. It asks [`Rows`] for what it needs; what was not read yet makes it stop, the kernel has it
//! read, and the task runs again from its beginning. So a task changes nothing before it commits, and what it commits
//! is seen by nobody before the store said that it is durable.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use crate::storage::{Batch, CommitOutcome, Read, ReadResult};

use super::problem::corrupt;
use super::rows::{Changes, Rows, Unread};
use super::{Effect, Problem, ProblemCode, StoreFailure, StoreId};

/// Something to do.
pub(super) trait Task<E> {
    /// Does it, or says why it stops; run again, it begins anew.
    fn run(&mut self, engine: &mut E) -> Attempt<E>;

    /// It can't be done: its store failed, or it said so itself.
    fn fail(&mut self, engine: &mut E, problem: Problem);

    /// Whether it is one of several that belong together, and goes when the first of them fails.
    fn is_of_exchange(&self) -> bool {
        false
    }
}

/// What a task does once its commit is durable, or was not made.
pub(super) type After<E> = Box<dyn FnOnce(&mut E, Result<(), Problem>)>;

/// Why a task stops before its end.
pub(super) enum Stop<E> {
    /// It lacks something: read it, then run again.
    Read(Vec<Read>),
    /// Something else must be durable first: commit it, then run again.
    First(Batch, After<E>),
    /// It can't be done.
    Fail(Problem),
}

impl<E> From<Unread> for Stop<E> {
    fn from(unread: Unread) -> Self {
        Self::Read(unread.0)
    }
}

impl<E> From<Problem> for Stop<E> {
    fn from(problem: Problem) -> Self {
        Self::Fail(problem)
    }
}

/// How a task ends.
pub(super) enum Step<E> {
    /// Nothing is to be stored.
    Done,
    /// This is.
    Commit(Batch, After<E>),
}

/// How far a task came.
pub(super) type Attempt<E> = Result<Step<E>, Stop<E>>;

/// What the task under way waits for.
enum Waiting<E> {
    Reading { id: StoreId, task: Box<dyn Task<E>>, reads: Vec<Read> },
    First { id: StoreId, task: Box<dyn Task<E>>, after: After<E>, changes: Changes },
    Committing { id: StoreId, after: After<E>, changes: Changes },
}

/// Whoever has a kernel.
pub(super) trait Host: Sized + 'static {
    /// Its kernel.
    fn kernel(&mut self) -> &mut Kernel<Self>;

    /// A task has ended: what it needed beside rows may go. While one is on its way, which may be run again from its
    /// beginning, nothing that it used does.
    fn rest(&mut self);

    /// Something is durable: what it erased is nowhere from here on, before anybody is told.
    fn forget_erased(&mut self);
}

/// The queue, the task under way, what was read for it, and what the shell is to do.
pub(super) struct Kernel<E> {
    /// What was read of the store.
    pub(super) rows: Rows,
    queue: VecDeque<Box<dyn Task<E>>>,
    waiting: Option<Waiting<E>>,
    effects: VecDeque<Effect>,
    next_id: u32,
}

impl<E> Default for Kernel<E> {
    fn default() -> Self {
        Self { rows: Rows::default(), queue: VecDeque::new(), waiting: None, effects: VecDeque::new(), next_id: 0 }
    }
}

impl<E: Host> Kernel<E> {
    /// Whether no task waits or is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_none() && self.queue.is_empty()
    }

    /// To be done after all that waits.
    pub(super) fn enqueue(&mut self, task: impl Task<E> + 'static) {
        self.queue.push_back(Box::new(task));
    }

    /// To be done before all that waits: what an earlier run left undone.
    pub(super) fn enqueue_first(&mut self, task: impl Task<E> + 'static) {
        self.queue.push_front(Box::new(task));
    }

    /// Forgets what belongs to an exchange that failed.
    pub(super) fn drop_exchange(&mut self) {
        self.queue.retain(|task| !task.is_of_exchange());
    }

    /// Tells the shell to do something, after what it was told before.
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    /// What the shell is to do next.
    pub(super) fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// A number that nothing else has.
    pub(super) fn take_id(&mut self) -> u32 {
        self.next_id = self.next_id.wrapping_add(1);
        self.next_id
    }

    /// Runs what waits until a task waits for the store.
    pub(super) fn run(engine: &mut E) {
        while engine.kernel().waiting.is_none() {
            let Some(task) = engine.kernel().queue.pop_front() else { return };
            Self::attempt(engine, task);
        }
    }

    fn attempt(engine: &mut E, mut task: Box<dyn Task<E>>) {
        let told = engine.kernel().effects.len();
        let attempt = task.run(engine);
        let kernel = engine.kernel();
        // Run again, it would answer a second time.
        debug_assert!(
            !matches!(attempt, Err(Stop::Read(_) | Stop::First(..)))
                || !kernel.effects.iter().skip(told).any(|effect| matches!(effect, Effect::Reply { .. })),
            "a task that stops has answered nobody"
        );
        let id = StoreId(kernel.take_id());
        match attempt {
            Ok(Step::Done) => Self::rest(engine),
            Ok(Step::Commit(batch, after)) => {
                let changes = kernel.commit(id, batch);
                kernel.waiting = Some(Waiting::Committing { id, after, changes });
            }
            Err(Stop::Read(reads)) => {
                kernel.push(Effect::Read { id, reads: reads.clone() });
                kernel.waiting = Some(Waiting::Reading { id, task, reads });
            }
            Err(Stop::First(batch, after)) => {
                let changes = kernel.commit(id, batch);
                kernel.waiting = Some(Waiting::First { id, task, after, changes });
            }
            Err(Stop::Fail(problem)) => {
                Self::rest(engine);
                task.fail(engine, problem);
            }
        }
    }

    fn rest(engine: &mut E) {
        engine.kernel().rows.rest();
        engine.rest();
    }

    fn commit(&mut self, id: StoreId, batch: Batch) -> Changes {
        let changes = self.rows.changes(&batch);
        self.push(Effect::Commit { id, batch });
        changes
    }

    /// The store answered a read.
    pub(super) fn stored(engine: &mut E, id: StoreId, results: Result<Vec<ReadResult>, StoreFailure>) {
        let kernel = engine.kernel();
        match kernel.waiting.take() {
            Some(Waiting::Reading { id: wanted, mut task, reads }) if wanted == id => match results {
                Ok(results) => {
                    kernel.rows.learn(&reads, results);
                    kernel.queue.push_front(task);
                }
                Err(failure) => task.fail(engine, store_problem(failure)),
            },
            other => kernel.waiting = other,
        }
    }

    /// The store answered a commit.
    pub(super) fn committed(engine: &mut E, id: StoreId, outcome: Result<CommitOutcome, StoreFailure>) {
        let kernel = engine.kernel();
        match kernel.waiting.take() {
            Some(Waiting::Committing { id: wanted, after, changes }) if wanted == id => {
                let done = kernel.settled(changes, outcome);
                engine.forget_erased();
                Self::rest(engine);
                after(engine, done);
            }
            Some(Waiting::First { id: wanted, mut task, after, changes }) if wanted == id => {
                let done = kernel.settled(changes, outcome);
                engine.forget_erased();
                match done {
                    Ok(()) => {
                        after(engine, Ok(()));
                        engine.kernel().queue.push_front(task);
                    }
                    Err(problem) => {
                        after(engine, Err(problem.clone()));
                        task.fail(engine, problem);
                    }
                }
            }
            other => kernel.waiting = other,
        }
    }

    /// What became of a commit; what is durable is what tasks see from here on.
    fn settled(&mut self, changes: Changes, outcome: Result<CommitOutcome, StoreFailure>) -> Result<(), Problem> {
        match outcome {
            Ok(CommitOutcome::Committed) => {
                self.rows.apply(changes);
                Ok(())
            }
            Ok(CommitOutcome::Conflict) => {
                Err(Problem::new(ProblemCode::StorageFailed, "another writer changed this phone's store"))
            }
            Err(failure) => Err(store_problem(failure)),
        }
    }
}

/// What a store's failure means to a person.
fn store_problem(failure: StoreFailure) -> Problem {
    match failure {
        StoreFailure::Full => Problem::new(ProblemCode::StorageFull, "no room"),
        StoreFailure::Corrupt { tree } => corrupt(format_args!("a row of {tree:?} does not unseal")),
        StoreFailure::Failed => Problem::new(ProblemCode::StorageFailed, "not written"),
    }
}
