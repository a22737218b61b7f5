//! What lists show of each document: made when it is asked for, kept until the document changes.

use crate::document::DocumentName;
use crate::ids::CircleId;
use crate::storage::Batch;
use crate::sync::placing::AHEAD_MS_MAX;

use super::engine::{Attempt, Engine, Step, Stop};
use super::parts::lists::Summary;

impl Engine {
    /// What lists show of a document; loads it when the kept summary is older than the document.
    pub(super) fn summary(&mut self, circle: &CircleId, name: &DocumentName) -> Result<Summary, Stop> {
        let document = name.id(circle);
        let me = self.me(circle).map_or_else(|_| None, |(me, _)| Some(me));
        let state = self.local(circle)?.document(&document);
        let entries = state.map_or(0, |state| state.entries);
        let is_ahead = |at: u64| self.clock.is_sure() && at.saturating_sub(self.now().0) > AHEAD_MS_MAX;
        let is_good = |kept: &&Summary| kept.entries == entries && !kept.last_ms.is_some_and(is_ahead);
        if let Some(kept) = self.lists.summary(&document).filter(is_good) {
            return Ok(kept.clone());
        }
        let others = state.iter().flat_map(|state| state.chains.values());
        let others = others.filter(|chain| Some(chain.member) != me).map(|chain| chain.seq).sum();
        let summary = self.summary_of_kind(circle, name, Summary { entries, others, ..Summary::default() })?;
        self.lists.set(document, summary.clone());
        Ok(summary)
    }

    /// Writes summaries that were made anew, so that the next start need not.
    pub(super) fn keep_summaries(&mut self, circle: CircleId) -> Attempt {
        let mut batch = Batch::default();
        self.placing.put_found(&mut batch);
        self.lists.put_fresh(&circle, &mut batch);
        if batch.is_empty() {
            return Ok(Step::Done);
        }
        Ok(Step::Commit(batch, Box::new(|_, _| {})))
    }
}
