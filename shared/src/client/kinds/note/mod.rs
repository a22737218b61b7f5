//! Notes: of sessions, and those that only their group reads.

pub(in crate::client) mod draft;
pub(in crate::client) mod edit;
pub(in crate::client) mod list;
pub(in crate::client) mod shown;

use crate::document::{Delta, DocumentName};
use crate::ids::{CircleId, DocumentId};
use crate::sorted::SortedMap;

use crate::client::Effect;
use crate::client::engine::Engine;
use crate::client::view::Notice;

use shown::shown_op;

/// What the engine remembers of notes beside what is stored.
#[derive(Default)]
pub(in crate::client) struct Notes {
    /// Versions of their bodies, kept when a document is closed and opened again.
    versions: SortedMap<DocumentId, u64>,
}

impl Notes {
    /// The version of a note's body that its pages have.
    pub(in crate::client) fn version(&self, document: &DocumentId) -> u64 {
        self.versions.get(document).copied().unwrap_or(0)
    }

    /// What its pages have of a note is not what the engine has.
    pub(in crate::client) fn bump(&mut self, document: &DocumentId) -> u64 {
        let next = self.version(document) + 1;
        self.versions.insert(*document, next);
        next
    }
}

impl Engine {
    /// Tells the pages of a note what is beside its body, when it is on screen and loaded.
    pub(in crate::client) fn tell_note(&mut self, circle: &CircleId, name: &DocumentName) {
        if !self.watched.contains(&name.id(circle)) {
            return;
        }
        if let Ok(note) = self.note_view(circle, name, false) {
            self.push(Effect::Notice(Notice::Note { note: Box::new(note) }));
        }
    }

    /// Tells the pages what came into a note's body.
    pub(in crate::client) fn tell_note_body(&mut self, document: &DocumentId, delta: &Delta) {
        if delta.body.is_empty() {
            return;
        }
        let version = self.kinds.notes.bump(document);
        if self.watched.contains(document) {
            let ops = delta.body.iter().map(shown_op).collect();
            self.push(Effect::Notice(Notice::NoteBody { document: document.to_string(), version, ops }));
        }
    }
}
