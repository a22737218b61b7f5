//! What somebody hid while their phone was out of reach, and may not hide any more since they lead no longer.

use crate::document::{DocumentName, KithSchema};
use crate::gate::{Refusal, Schema, parse_change};
use crate::ids::CircleId;
use crate::storage::Tree;
use crate::sync::StoredEntry;

use super::super::engine::{Engine, Stop};
use super::super::rows::rows_of;

impl Engine {
    /// Takes up what was refused for it, to be written again without: nothing that stands behind it would be taken.
    pub(in crate::client) fn lift_hidden(&mut self, circle: &CircleId) -> Result<(), Stop> {
        let own = self.device()?.id();
        let local = self.local(circle)?;
        let Some((author, _)) = local.roster().author(&own).filter(|_| !self.leads(circle)) else { return Ok(()) };
        let is_refused = |name: &DocumentName| name.is_led() && local.problem(&name.id(circle)).is_some();
        let states = local.documents().values().filter(|state| state.has_unsent(&own) && is_refused(&state.name));
        let states: Vec<_> = states.cloned().collect();
        let reads = states.iter().map(|state| rows_of(Tree::DocumentLog, circle, &state.name.id(circle)));
        self.kernel.rows.need(reads)?;
        for state in states {
            let document = state.name.id(circle);
            let rows = self.log_of(circle, &document)?;
            let is_allowed = |stored: &StoredEntry| {
                let change = stored.content.plain().and_then(|bytes| parse_change(bytes).ok());
                let judged = change.map(|change| KithSchema.inspect(circle, &state.name, &author, &change));
                judged.is_none_or(|judged| judged != Err(Refusal::NotAllowed))
            };
            let refused = rows.iter().find(|(_, stored)| state.is_unsent(&own, stored) && !is_allowed(stored));
            let Some((from, _)) = refused else { continue };
            let from = *from;
            match self.lift_from(*circle, document, from, rows) {
                Ok(stop) => return Err(stop),
                Err(problem) => self.circles.note_problem(circle, &document, problem),
            }
        }
        Ok(())
    }
}
