//! What the engine remembers for each kind of document, beside what is stored.

use crate::ids::{CircleId, Conversation, DocumentId};
use crate::sorted::{SortedMap, SortedSet};

/// One part a kind.
#[derive(Default)]
pub(in crate::client) struct Kinds {
    pub notes: Notes,
    pub threads: Threads,
}

/// Of notes: the versions of their bodies, kept when a document is closed and opened again.
#[derive(Default)]
pub(in crate::client) struct Notes {
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

/// Of conversations: what each is called, and which are on screen.
#[derive(Default)]
pub(in crate::client) struct Threads {
    titles: SortedMap<Conversation, String>,
    watched: SortedSet<(CircleId, Conversation)>,
}

impl Threads {
    /// What a conversation is called, once a list said so.
    pub(in crate::client) fn title(&self, thread: &Conversation) -> Option<&String> {
        self.titles.get(thread)
    }

    /// It is called this.
    pub(in crate::client) fn set_title(&mut self, thread: Conversation, title: String) {
        self.titles.insert(thread, title);
    }

    /// Whether a conversation is on screen.
    pub(in crate::client) fn is_watched(&self, circle: &CircleId, thread: &Conversation) -> bool {
        self.watched.contains(&(*circle, *thread))
    }

    /// It is.
    pub(in crate::client) fn watch(&mut self, circle: CircleId, thread: Conversation) {
        self.watched.insert((circle, thread));
    }
}
