use crate::ids::{ActorId, CircleId, DocumentId};
use crate::sync::DocumentState;

use super::Problem;
use super::engine::Engine;
use super::kind::item_kind;
use super::parts::circle::{Lacking, LocalCircle};
use super::problems::set_aside;
use super::view::{OutboxItem, Safety};

/// About what an entry costs to send, in bytes, before it is packed.
const ENTRY_BYTES: u64 = 220;

impl Engine {
    /// Where a document is, as a whole.
    pub(super) fn safety(&self, circle: &CircleId, document: &DocumentId) -> Safety {
        let pending = self.documents.has_typed(document);
        let Some(local) = self.circles.get(circle) else { return Safety::Phone };
        let written = local.document(document).is_none_or(DocumentState::is_safe);
        let safe = written && local.lifted_of(document).is_empty();
        match (safe && !pending, self.problem_of(local, document).is_some()) {
            (_, true) => Safety::Refused,
            (true, false) => Safety::Safe,
            (false, false) if self.exchange.is_sending(document) => Safety::Sending,
            (false, false) => Safety::Phone,
        }
    }

    /// Where one op of a document is, by its author and counter.
    pub(super) fn op_safety(&self, circle: &CircleId, document: &DocumentId, author: &ActorId, counter: u64) -> Safety {
        let chain = self
            .circles
            .get(circle)
            .and_then(|local| local.document(document))
            .and_then(|state| state.chains.get(author));
        match chain {
            Some(chain) if chain.remote_max_op >= counter => Safety::Safe,
            _ => match self.safety(circle, document) {
                Safety::Safe => Safety::Phone,
                other => other,
            },
        }
    }

    /// Everything that is not safe on the server, and everything that was refused.
    pub(super) fn outbox(&self) -> Vec<OutboxItem> {
        let mut items = Vec::new();
        for (circle, local) in self.circles.iter() {
            for (document, state) in local.documents() {
                let safety = self.safety(circle, document);
                if safety != Safety::Safe {
                    items.push(self.outbox_item(circle, local, document, state, safety));
                }
            }
            let unborn = self.documents.iter().filter(|(document, open)| {
                open.circle() == circle && open.handle.has_pending() && local.document(document).is_none()
            });
            for (document, open) in unborn {
                items.push(OutboxItem {
                    document: document.to_string(),
                    circle: circle.to_string(),
                    label: self.label(open.circle(), document, open.handle.name()),
                    kind: item_kind(open.handle.name()),
                    changes: 1,
                    bytes: ENTRY_BYTES,
                    safety: Safety::Phone,
                    problem: None,
                });
            }
        }
        items
    }

    fn problem_of(&self, local: &LocalCircle, document: &DocumentId) -> Option<Problem> {
        let aside = self.documents.is_aside(document).then(set_aside);
        let unshown = || local.unshown(document).cloned();
        if local.is_removed() {
            // That the server takes nothing of whoever is out is no fault of each thing: the circle's standing says it.
            return aside.or_else(unshown);
        }
        let lacking = || local.lacking_of(document).map(Lacking::problem);
        aside.or_else(|| local.problem(document).cloned()).or_else(lacking).or_else(unshown)
    }

    fn outbox_item(
        &self,
        circle: &CircleId,
        local: &LocalCircle,
        document: &DocumentId,
        state: &DocumentState,
        safety: Safety,
    ) -> OutboxItem {
        let pending = self.documents.has_typed(document);
        let changes = state.unsent() + local.lifted_of(document).len() as u64 + u64::from(pending);
        OutboxItem {
            document: document.to_string(),
            circle: circle.to_string(),
            label: self.label(circle, document, &state.name),
            kind: item_kind(&state.name),
            changes,
            bytes: changes * ENTRY_BYTES,
            safety,
            problem: self.problem_of(local, document),
        }
    }
}
