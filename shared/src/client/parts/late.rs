//! Documents of which the server did not take something, since it was sealed with an old key.

use crate::ids::{CircleId, DocumentId};
use crate::sorted::{SortedMap, SortedSet};

/// How often a document is sealed again before its refusal is shown, until statements come.
const TRIES_MAX: u32 = 3;

/// Documents of which the server refused something for its old key.
#[derive(Default)]
pub(in crate::client) struct LateKeys {
    waiting: SortedSet<(CircleId, DocumentId)>,
    tries: SortedMap<(CircleId, DocumentId), u32>,
}

impl LateKeys {
    /// Notes what was refused; whether something is to be done. New statements may bring the key that was lacking.
    pub(in crate::client) fn note(&mut self, late: Vec<(CircleId, DocumentId)>, trust_changed: bool) -> bool {
        if trust_changed {
            self.tries = SortedMap::new();
        }
        let before = self.waiting.len();
        for at in late {
            let tries = self.tries.get_or_insert_with(at, || 0);
            *tries += 1;
            if *tries <= TRIES_MAX {
                self.waiting.insert(at);
            }
        }
        self.waiting.len() > before
    }

    /// Those that were tried as often as it makes sense.
    pub(in crate::client) fn given_up(&self, late: &[(CircleId, DocumentId)]) -> Vec<(CircleId, DocumentId)> {
        late.iter().copied().filter(|at| self.tries.get(at).is_some_and(|tries| *tries >= TRIES_MAX)).collect()
    }

    /// Those of a circle that are to be sealed again.
    pub(in crate::client) fn due(&self, circle: &CircleId) -> Vec<DocumentId> {
        self.waiting.iter().filter(|(of, _)| of == circle).map(|(_, document)| *document).collect()
    }

    /// One was, or can't be.
    pub(in crate::client) fn done(&mut self, circle: &CircleId, document: &DocumentId) {
        self.waiting.remove(&(*circle, *document));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_tried_so_often_and_again_when_statements_come() {
        let (circle, document) = (CircleId([1; 16]), DocumentId([2; 16]));
        let (mut late, at) = (LateKeys::default(), vec![(circle, document)]);
        for _ in 0..TRIES_MAX {
            assert!(late.given_up(&at).is_empty());
            assert!(late.note(at.clone(), false) && late.due(&circle) == [document]);
            late.done(&circle, &document);
        }
        assert!(!late.note(at.clone(), false) && late.given_up(&at) == at);
        assert!(late.note(at, true));
    }
}
