//! What is told of documents that changed: here beside their text, or elsewhere.

use crate::document::{self, DocumentName, Handle, Subject};
use crate::ids::{CircleId, DocumentId};

use super::Effect;
use super::engine::Engine;
use super::shown::shown_op;
use super::view::{self, Notice};

impl Engine {
    /// Tells the pages of a note what is beside its body, when it is on screen and loaded.
    pub(super) fn notify_note(&mut self, circle: &CircleId, name: &DocumentName) {
        if !self.watched.contains(&name.id(circle)) {
            return;
        }
        if let Ok(note) = self.note_view(circle, name, false) {
            self.push(Effect::Notice(Notice::Note { note: Box::new(note) }));
        }
    }

    /// Tells the pages how safe what they show is.
    pub(super) fn notify_safety(&mut self, circle: &CircleId) {
        let Ok(local) = self.local(circle) else { return };
        let names: Vec<DocumentName> =
            self.watched.iter().filter_map(|document| local.documents.get(document)).map(|state| state.name).collect();
        for name in names {
            match name.subject {
                Subject::Thread { thread, .. } => self.notify_own_messages(circle, &thread, &name),
                Subject::Profile => {}
                _ => self.notify_note(circle, &name),
            }
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
            let name = self.circles.get(circle).and_then(|local| local.documents.get(&document)).map(|it| it.name);
            match name.filter(DocumentName::is_sealed) {
                Some(name) if self.open.contains_key(&document) => {
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
            let Some(mut open) = self.open.remove(&document) else {
                self.show_new_document(circle, &document);
                continue;
            };
            let name = *open.handle.name();
            let proven = self.local(circle).ok().and_then(|local| local.documents.get(&document));
            let from = proven.map_or(0, |state| state.proven_position);
            let applied = self.guarded(circle, &document, from, || {
                let delta = open.handle.apply(&changes);
                (open, delta)
            });
            if let Ok((open, Ok(delta))) = applied {
                if open.handle.lacks() {
                    self.note_unshown(circle, &document, Some(super::sealed::left_out()));
                }
                self.open.insert(document, open);
                self.show_delta(circle, &document, &name, delta);
            }
        }
        use view::ListName::{Circle, Circles, Notes, Outbox, Threads};
        self.notify_lists(circle, &[Circles, Circle, Notes, Threads, Outbox]);
        self.notify_safety(circle);
    }

    /// Shows an open document as it is with these changes alone; pages are told what that changes.
    pub(super) fn show_instead(&mut self, circle: &CircleId, name: &DocumentName, changes: &[Vec<u8>]) {
        let document = name.id(circle);
        let Some(before) = self.open.remove(&document) else { return };
        let actor = *before.handle.actor();
        let opened = self.guarded(circle, &document, 0, || Handle::open(circle, name, actor, changes));
        if let Ok(Ok(handle)) = opened {
            let delta = handle.delta_from(&before.handle);
            self.open.insert(document, super::local::OpenDocument { handle, ..before });
            self.show_delta(circle, &document, name, delta);
        }
    }

    /// A thread on screen may go on in a document that was not there when it was opened. A note that is on screen and
    /// closed all the same is not as its pages have it any more.
    fn show_new_document(&mut self, circle: &CircleId, document: &DocumentId) {
        if self.watched.contains(document) {
            self.bump_version(document);
        }
        let Some(state) = self.circles.get(circle).and_then(|local| local.documents.get(document)) else { return };
        let name = state.name;
        if let Subject::Thread { thread, .. } = name.subject
            && self.watched_threads.contains(&(*circle, thread))
        {
            self.watched.insert(*document);
            self.kernel.enqueue(super::thread::Show { circle: *circle, name, keys: None });
        }
    }

    fn show_delta(&mut self, circle: &CircleId, document: &DocumentId, name: &DocumentName, delta: document::Delta) {
        if !delta.body.is_empty() {
            let version = self.versions.get(document).copied().unwrap_or(0) + 1;
            self.versions.insert(*document, version);
            if self.watched.contains(document) {
                let ops = delta.body.iter().map(shown_op).collect();
                self.push(Effect::Notice(Notice::NoteBody { document: document.to_string(), version, ops }));
            }
        }
        match name.subject {
            Subject::Thread { thread, .. } if !delta.messages.is_empty() => {
                self.notify_messages(circle, &thread, name, Some(&delta.messages));
            }
            _ => {}
        }
    }
}
