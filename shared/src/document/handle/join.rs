//! Makes joins for the document that is open.

use crate::gate::CHANGE_DEPS_MAX;
use crate::ids::EntryId;
use crate::time::TimestampMs;

use super::Handle;
use crate::document::join::empty_change;
use crate::document::{EditProblem, HEADS_JOINED_MAX};

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
