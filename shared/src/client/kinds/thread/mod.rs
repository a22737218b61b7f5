//! Conversations: each a row of documents, one or more a month.

pub(in crate::client) mod list;
pub(in crate::client) mod message;
pub(in crate::client) mod reseal;

use crate::document::{Delta, DocumentName};
use crate::ids::{CircleId, DocumentId, ThreadId};
use crate::sorted::{SortedMap, SortedSet};

use crate::client::engine::Engine;

/// What the engine remembers of conversations beside what is stored.
#[derive(Default)]
pub(in crate::client) struct Threads {
    /// What each is called.
    pub(in crate::client) titles: SortedMap<ThreadId, String>,
    /// Those on screen.
    pub(in crate::client) watched: SortedSet<(CircleId, ThreadId)>,
}

impl Engine {
    /// A conversation on screen may go on in a document that was not there when it was opened.
    pub(in crate::client) fn tell_new_month(&mut self, circle: &CircleId, thread: &ThreadId, name: &DocumentName) {
        if self.kinds.threads.watched.contains(&(*circle, *thread)) {
            self.watched.insert(name.id(circle));
            self.kernel.enqueue(list::Show { circle: *circle, name: *name, keys: None });
        }
    }

    /// Tells the pages of messages that came.
    pub(in crate::client) fn tell_new_messages(
        &mut self,
        circle: &CircleId,
        thread: &ThreadId,
        name: &DocumentName,
        delta: &Delta,
    ) {
        if !delta.messages.is_empty() {
            self.notify_messages(circle, thread, name, Some(&delta.messages));
        }
    }

    /// What a document of a conversation is called where nothing else says it.
    pub(in crate::client) fn thread_title(&self, document: &DocumentId, thread: &ThreadId) -> String {
        let summary = self.summaries.get(document).map(|summary| summary.title.clone()).unwrap_or_default();
        if !summary.is_empty() {
            return summary;
        }
        self.kinds.threads.titles.get(thread).cloned().unwrap_or_default()
    }
}
