//! What is told of documents that changed: here beside their text, or elsewhere.

use crate::document::{DocumentName, Handle};
use crate::ids::{CircleId, DocumentId};

use super::engine::Engine;
use super::problems::left_out;
use super::view;

impl Engine {
    /// Tells the pages how safe what they show is.
    pub(super) fn notify_safety(&mut self, circle: &CircleId) {
        let Ok(local) = self.local(circle) else { return };
        let names: Vec<DocumentName> =
            self.documents.watched().filter_map(|document| local.document(document)).map(|state| state.name).collect();
        for name in names {
            self.tell_safety(circle, &name);
        }
    }

    /// Takes changes that are stored into the documents that are open, and tells the pages.
    pub(super) fn show_changes(
        &mut self,
        circle: &CircleId,
        changes: crate::sorted::SortedMap<DocumentId, Vec<Vec<u8>>>,
    ) {
        let mut plain = crate::sorted::SortedMap::new();
        for (document, changes) in changes {
            let name = self.circles.get(circle).and_then(|local| local.document(&document)).map(|it| it.name);
            match name.filter(DocumentName::is_sealed) {
                Some(name) if self.documents.is_open(&document) => {
                    self.kernel.enqueue(super::sealed::Unseal { circle: *circle, name });
                }
                Some(_) => {}
                None => {
                    plain.insert(document, changes);
                }
            }
        }
        self.apply_changes(circle, plain);
    }

    /// Takes changes that Automerge may see into the documents that are open, and tells the pages.
    pub(super) fn apply_changes(
        &mut self,
        circle: &CircleId,
        changes: crate::sorted::SortedMap<DocumentId, Vec<Vec<u8>>>,
    ) {
        for (document, changes) in changes {
            let Some(mut open) = self.documents.take(&document) else {
                self.show_closed(circle, &document);
                continue;
            };
            let name = *open.handle.name();
            let proven = self.local(circle).ok().and_then(|local| local.document(&document));
            let from = proven.map_or(0, |state| state.proven_position);
            let applied = self.guarded(circle, &document, from, || {
                let delta = open.handle.apply(&changes);
                (open, delta)
            });
            if let Ok((open, Ok(delta))) = applied {
                if open.handle.lacks() {
                    self.note_unshown(circle, &document, Some(left_out()));
                }
                self.documents.put_back(document, open);
                self.tell_delta(circle, &name, &delta);
            }
        }
        self.search.stir();
        use view::ListName::{Circle, Circles, Outbox};
        self.notify_lists(circle, &[&[Circles, Circle, Outbox], &view::ListName::OF_DOCUMENTS[..]].concat());
        self.notify_safety(circle);
    }

    /// Shows an open document as it is with these changes alone; pages are told what that changes.
    pub(super) fn show_instead(&mut self, circle: &CircleId, name: &DocumentName, changes: &[Vec<u8>]) {
        let document = name.id(circle);
        let Some(before) = self.documents.take(&document) else { return };
        let actor = *before.handle.actor();
        let opened = self.guarded(circle, &document, 0, || Handle::open(circle, name, actor, changes));
        if let Ok(Ok(handle)) = opened {
            let delta = handle.delta_from(&before.handle);
            self.documents.put_back(document, before.with(handle));
            self.tell_delta(circle, name, &delta);
        }
    }

    fn show_closed(&mut self, circle: &CircleId, document: &DocumentId) {
        let state = self.circles.get(circle).and_then(|local| local.document(document));
        if let Some(name) = state.map(|state| state.name) {
            self.tell_closed(circle, &name);
        }
    }
}
