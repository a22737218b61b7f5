use crate::document::DocumentName;
use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Read, ReadResult};

use super::super::exchange;
use super::super::{Command, CommandId, Problem, StoreId};
use super::Engine;

/// Something to do, one after the other.
pub(in super::super) enum Task {
    Start {
        entropy: [u8; 32],
    },
    Command {
        id: CommandId,
        command: Command,
    },
    Flush,
    SetAside {
        document: DocumentId,
        from: u64,
    },
    Show {
        circle: CircleId,
        name: DocumentName,
        keys: Option<Vec<String>>,
    },
    /// Sealed entries came for a document that is open.
    Unseal {
        circle: CircleId,
        name: DocumentName,
    },
    Summarise {
        id: CommandId,
        circle: CircleId,
    },
    NameFounded {
        id: CommandId,
        circle: CircleId,
        name: String,
        circle_name: String,
    },
    NameTaken {
        id: CommandId,
        circle: CircleId,
        name: String,
        words: Vec<u8>,
    },
    Exchange(exchange::Step),
}

pub(in super::super) type Then = Box<dyn FnOnce(&mut Engine, Vec<ReadResult>) -> Result<(), Problem>>;
pub(in super::super) type After = Box<dyn FnOnce(&mut Engine, Result<(), Problem>)>;

/// Why a task stops before its end.
pub(in super::super) enum Stop {
    /// It lacks something: read, remember, run again.
    Read(Vec<Read>, Then),
    /// Something else must be durable first: commit, then run again.
    First(Batch, After),
    Fail(Problem),
}

/// How a task ends.
pub(in super::super) enum Step {
    Done,
    Commit(Batch, After),
}

pub(in super::super) type Attempt = Result<Step, Stop>;

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Fail(problem)
    }
}

/// What a task waits for.
pub(super) enum Running {
    Reading { id: StoreId, task: Task, then: Then },
    First { id: StoreId, task: Task, after: After },
    Committing { id: StoreId, after: After },
}
