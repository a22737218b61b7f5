//! What stands before Automerge: every change, on server and phone, passes here or is refused by name.
//!
//! Automerge 0.12 does not survive hostile bytes (design section 6): so the bytes are parsed here first,
//! without allocation that the sender controls. The order is: size cap, plain change chunks only, a
//! run-length pre-scan that caps the ops, signature and actor binding, the three exact invariants, what this
//! author may write. The first three need only the bytes ([`parse_change`]); signature, binding and
//! invariants need the chain's state, which `sync::admit` holds against [`Change`]; the last is the
//! document's [`Schema`].

mod change;
mod chunk;
mod column;
mod op;
mod parse;
mod refusal;
mod row;
mod rules;
mod schema;
mod value;

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod honest_tests;
#[cfg(test)]
pub(crate) mod testing;

pub use change::Change;
pub use op::{Action, Key, ObjectId, Op, OpId, Scalar};
pub use parse::parse_change;
pub use refusal::Refusal;
pub use schema::{Genesis, Inspection, Schema};

pub(crate) use chunk::wrap_content;

/// Largest change, in bytes. Below a page, so that a change with its body fits in one.
pub const CHANGE_BYTES_MAX: usize = 10 * 1024;
/// Most ops in a change.
pub const CHANGE_OPS_MAX: u64 = 4_096;
/// What making an object takes beyond an op, in ops: a note's block is looked at for each of its attributes.
pub const OBJECT_WORK: u64 = 2;
/// Most predecessors that the ops of a change name in all.
pub const CHANGE_PREDECESSORS_MAX: u64 = 2 * CHANGE_OPS_MAX;
/// Largest absolute start of a counter: what JavaScript counts exactly.
pub const COUNTER_MAX: u64 = 1 << 53;
/// Largest absolute increment of a counter, so that its sum cannot overflow 64 bits.
pub const INCREMENT_MAX: u64 = 1 << 31;
/// Largest time of a change.
pub const TIME_MAX: i64 = 1 << 53;
/// Most dependencies of a change.
pub const CHANGE_DEPS_MAX: usize = 128;
/// Most other actors that a change may name.
pub const CHANGE_ACTORS_MAX: usize = 256;
/// Largest op counter, far below the 2^32 where Automerge's arithmetic ends.
pub const OP_COUNTER_MAX: u64 = 1 << 31;
/// Longest chain of one actor.
pub const SEQ_MAX: u64 = 1 << 31;
/// Most entries of one actor between two signatures.
pub const UNSIGNED_RUN_MAX: usize = 64;
/// Largest body, in bytes as stored.
pub const BODY_BYTES_MAX: usize = 5 * 1024;
/// Most bodies that one change names.
pub const CHANGE_BODIES_MAX: usize = 2;
