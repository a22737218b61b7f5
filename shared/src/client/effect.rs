use crate::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};

use super::view::{Notice, Reply};
use super::{Command, Problem};

/// Names a command, so that its reply finds the way back. Chosen by the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(pub u32);

/// Names a read or commit. Chosen by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreId(pub u32);

/// Names a request. Chosen by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpId(pub u32);

/// Why the phone's store did not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFailure {
    /// No room: the browser's quota or the disk is full.
    Full,
    /// What lies there does not open with the phone's key: it was changed, or moved from another place.
    Corrupt {
        /// Where it lies.
        tree: Tree,
    },
    /// Anything else.
    Failed,
}

/// Why a request brought no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpFailure {
    /// No connection, or it broke, or it timed out.
    Unreachable,
    /// Something else answered: another content type, a redirect, a login page.
    NotOurServer,
    /// The server answered with an error status and no frame of ours.
    Server,
}

/// What happens to the engine.
#[derive(Clone, Debug)]
pub enum Event {
    /// First of all: begin, with 32 bytes from the system's source of randomness.
    Start {
        /// Must be fresh at every start.
        entropy: [u8; 32],
        /// Where the server is: scheme, host and port, no slash at the end. Empty: the page's own origin.
        origin: String,
    },
    /// A person wants something.
    Command {
        /// Comes back with the reply.
        id: CommandId,
        /// What they want, as the contract's reader took it.
        command: Command,
    },
    /// The answer to [`Effect::Read`].
    Stored {
        /// That of the read.
        id: StoreId,
        /// One for each read.
        results: Result<Vec<ReadResult>, StoreFailure>,
    },
    /// The answer to [`Effect::Commit`].
    Committed {
        /// That of the commit.
        id: StoreId,
        /// What became of it.
        outcome: Result<CommitOutcome, StoreFailure>,
    },
    /// Bytes of a response arrived.
    HttpBytes {
        /// Of which request.
        id: HttpId,
        /// In the order in which they came; frames may begin and end anywhere in them.
        bytes: Vec<u8>,
    },
    /// A response is complete.
    HttpEnd {
        /// Of which request.
        id: HttpId,
    },
    /// A request failed, before or within its response.
    HttpFailed {
        /// That of the request.
        id: HttpId,
        /// As far as the shell can tell.
        failure: HttpFailure,
    },
    /// The network may be back, or the server poked: worth a sync.
    Nudge,
    /// The time that [`Effect::Wake`] asked for has passed, or may have while the phone slept.
    Wake,
}

/// What the shell must do, in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Read from the phone's store.
    Read {
        /// Comes back with the results.
        id: StoreId,
        /// All in one transaction, each with one result.
        reads: Vec<Read>,
    },
    /// Write to the phone's store, durably, whole or not at all.
    Commit {
        /// Comes back with the outcome.
        id: StoreId,
        /// What is put and what is deleted.
        batch: Batch,
    },
    /// POST to the server, content type `application/x-kith`; hand the response in as it arrives.
    Http {
        /// Comes back with the response.
        id: HttpId,
        /// Origin and path.
        url: String,
        /// Frames of ours, whole.
        body: Vec<u8>,
    },
    /// Give up on a request; no event of it is expected any more.
    HttpAbort {
        /// That of the request.
        id: HttpId,
    },
    /// Answer a command.
    Reply {
        /// That of the command.
        id: CommandId,
        /// What it asked for, or why not.
        reply: Result<Reply, Problem>,
    },
    /// Tell every page.
    Notice(Notice),
    /// Hand in [`Event::Wake`] once so long has passed, counted by the clock that runs on; a later `Wake` replaces it.
    Wake {
        /// Milliseconds from now.
        in_ms: u64,
    },
    /// Listen for pokes at this address until told otherwise; empty: stop.
    Live {
        /// Origin, path and signed query.
        url: String,
    },
}
