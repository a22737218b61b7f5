//! Joining heads: changes without ops that depend on many, so that the next change depends on few.

use crate::codec::Writer;
use crate::gate::{CHANGE_DEPS_MAX, TIME_MAX, wrap_content};
use crate::ids::{ActorId, EntryId};
use crate::time::TimestampMs;

use super::{EditProblem, HEADS_JOINED_MAX, Handle};

/// The last change of a handle's own actor.
#[derive(Clone, Copy)]
pub(super) struct OwnLast {
    pub(super) seq: u64,
    pub(super) entry: EntryId,
}

impl Handle {
    /// Makes changes without ops until few enough heads are left for a change with content. Nothing may be pending.
    pub(super) fn join_heads(&mut self, now: TimestampMs) -> Result<(), EditProblem> {
        while self.heads.len() > HEADS_JOINED_MAX {
            let mut joined: Vec<EntryId> = self.heads.iter().take(CHANGE_DEPS_MAX - 1).copied().collect();
            joined.extend(self.own_last.map(|own| own.entry));
            joined.sort_unstable();
            joined.dedup();
            let mut max_op = 0;
            for entry in &joined {
                let change = self.doc.get_change_meta_by_hash(&automerge::ChangeHash(entry.0));
                max_op = change.map_or(max_op, |change| max_op.max(change.max_op));
            }
            let seq = self.own_last.map_or(0, |own| own.seq) + 1;
            let (bytes, entry) = empty_change(&joined, &self.actor, seq, max_op + 1, now);
            let change = automerge::Change::try_from(bytes.as_slice()).map_err(|_| EditProblem::Engine)?;
            self.take(vec![change]).map_err(|_| EditProblem::Engine)?;
            debug_assert!(self.heads.contains(&entry), "a join is a head");
            self.ready.push(bytes);
        }
        Ok(())
    }
}

/// The one form of a change without ops, as Automerge writes it.
pub(super) fn empty_change(
    dependencies: &[EntryId],
    actor: &ActorId,
    seq: u64,
    start_op: u64,
    now: TimestampMs,
) -> (Vec<u8>, EntryId) {
    let mut content = Writer::new();
    content.count(dependencies.len());
    for entry in dependencies {
        content.raw(entry.as_bytes());
    }
    content.bytes(actor.as_bytes()).number(seq).number(start_op);
    write_time(i64::try_from(now.0).unwrap_or(TIME_MAX).min(TIME_MAX), &mut content);
    // No message, no other actors, no columns.
    content.raw(&[0, 0, 0]);
    wrap_content(&content.into_bytes())
}

/// A time that is not negative, as a signed LEB128 number.
fn write_time(mut time: i64, writer: &mut Writer) {
    while time > 0x3f {
        writer.byte((time & 0x7f) as u8 | 0x80);
        time >>= 7;
    }
    writer.byte(time as u8);
}
