//! What the engine remembers for each kind of document, beside what is stored.

use crate::ids::{CircleId, Conversation, DeviceId, DocumentId, EntryId};
use crate::sorted::{SortedMap, SortedSet};
use crate::sync::DocumentState;

/// One part a kind.
#[derive(Default)]
pub(in crate::client) struct Kinds {
    pub notes: Notes,
    pub threads: Threads,
}

/// Of notes: the versions of their bodies, kept when a document is closed and opened again, and who wrote in which.
#[derive(Default)]
pub(in crate::client) struct Notes {
    versions: SortedMap<DocumentId, u64>,
    writers: SortedMap<DocumentId, Writers>,
}

/// Whose the entries of a note are, in the order in which they came.
pub(in crate::client) struct Writers {
    /// The note as it stood.
    heads: Vec<EntryId>,
    /// Devices, each with how many entries of it follow one another.
    runs: Vec<(DeviceId, u64)>,
}

impl Writers {
    /// Of a note as it stands, and the device of each of its entries.
    pub(in crate::client) fn new(state: &DocumentState, devices: impl Iterator<Item = DeviceId>) -> Self {
        let mut runs: Vec<(DeviceId, u64)> = Vec::new();
        for device in devices {
            match runs.last_mut() {
                Some((last, entries)) if *last == device => *entries += 1,
                _ => runs.push((device, 1)),
            }
        }
        Self { heads: state.heads.keys().copied().collect(), runs }
    }

    /// Devices with how many entries of each follow one another, those that came last first.
    pub(in crate::client) fn runs(&self) -> impl Iterator<Item = (DeviceId, u64)> {
        self.runs.iter().rev().copied()
    }
}

impl Notes {
    /// The version of a note's body that its pages have.
    pub(in crate::client) fn version(&self, document: &DocumentId) -> u64 {
        self.versions.get(document).copied().unwrap_or(0)
    }

    /// Who wrote in a note, if that is known of it as it stands.
    pub(in crate::client) fn writers(&self, document: &DocumentId, state: &DocumentState) -> Option<&Writers> {
        self.writers.get(document).filter(|writers| state.heads.keys().eq(&writers.heads))
    }

    /// Keeps who wrote in these notes, beside `others` alone.
    pub(in crate::client) fn set_writers(&mut self, found: Vec<(DocumentId, Writers)>, others: &[DocumentId]) {
        let before = core::mem::take(&mut self.writers);
        self.writers = before.into_iter().filter(|(document, _)| others.contains(document)).collect();
        self.writers.extend(found);
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
