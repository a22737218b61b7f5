//! Notes: of sessions, and those that only their group reads.

pub(in crate::client) mod draft;
pub(in crate::client) mod edit;
pub(in crate::client) mod list;
pub(in crate::client) mod shown;

use crate::document::{Delta, DocumentName};
use crate::ids::{CircleId, DocumentId};

use crate::client::Effect;
use crate::client::engine::Engine;
use crate::client::view::Notice;

impl Engine {
    /// Tells the pages of a note what is beside its body, when it is on screen and loaded.
    pub(in crate::client) fn tell_note(&mut self, circle: &CircleId, name: &DocumentName) {
        if !self.documents.is_watched(&name.id(circle)) {
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
        if self.documents.is_watched(document) {
            let ops = delta.body.clone();
            self.push(Effect::Notice(Notice::NoteBody { document: document.to_string(), version, ops }));
        }
    }
}
