//! Statements whose ancestors are not here yet.

use crate::ids::StatementId;
use crate::sorted::{SortedMap, SortedSet};
use crate::trust::Statement;

use super::StatementProblem;

/// Most statements that wait.
pub const WAITING_STATEMENTS_MAX: usize = 1_024;
/// Most bytes of them.
pub const WAITING_BYTES_MAX: usize = 2 * 1_024 * 1_024;

#[derive(Clone, Debug)]
pub(super) struct Waits {
    pub(super) id: StatementId,
    pub(super) statement: Statement,
    pub(super) len_bytes: usize,
    pub(super) is_trusted: bool,
}

impl Waits {
    /// What it descends from directly and is not there.
    pub(super) fn lacks<'a>(
        &'a self,
        places: &'a SortedMap<StatementId, usize>,
    ) -> impl Iterator<Item = StatementId> + 'a {
        parents(&self.statement).filter(|parent| !places.contains_key(parent))
    }
}

/// What a statement descends from directly: its parents, or the Invite that a Join's admission names.
pub(super) fn parents(statement: &Statement) -> impl Iterator<Item = StatementId> + '_ {
    statement.parents.iter().copied().chain(statement.admission.map(|admission| admission.invite))
}

#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    waits: SortedMap<StatementId, Waits>,
    len_bytes: usize,
}

impl Waiting {
    pub(super) fn add(&mut self, waits: Waits) -> Result<(), StatementProblem> {
        if self.waits.contains_key(&waits.id) {
            return Ok(());
        }
        let len_bytes = self.len_bytes + waits.len_bytes;
        if self.waits.len() >= WAITING_STATEMENTS_MAX || len_bytes > WAITING_BYTES_MAX {
            return Err(StatementProblem::TooManyWaiting);
        }
        self.len_bytes = len_bytes;
        self.waits.insert(waits.id, waits);
        Ok(())
    }

    /// One that lacks nothing any more.
    pub(super) fn next(&mut self, places: &SortedMap<StatementId, usize>) -> Option<Waits> {
        let id = self.waits.values().find(|waits| waits.lacks(places).next().is_none())?.id;
        let waits = self.waits.remove(&id)?;
        self.len_bytes -= waits.len_bytes;
        Some(waits)
    }

    pub(super) fn missing(&self, places: &SortedMap<StatementId, usize>) -> Vec<StatementId> {
        let lacking: SortedSet<StatementId> = self.waits.values().flat_map(|waits| waits.lacks(places)).collect();
        lacking.into_iter().filter(|id| !self.waits.contains_key(id)).collect()
    }
}
