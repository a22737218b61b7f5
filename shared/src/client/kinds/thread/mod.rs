//! Conversations: each a row of documents, one or more a month.

pub(in crate::client) mod list;
pub(in crate::client) mod message;
mod read;
pub(in crate::client) mod reseal;
pub(in crate::client) mod shown;
pub(in crate::client) mod told;

use crate::document::{Delta, DocumentName, Subject};
use crate::ids::{CircleId, Conversation, DocumentId};

use crate::client::engine::Engine;

impl Engine {
    /// The conversation that a document is of; none when it is no conversation's, or not this phone's person's.
    pub(in crate::client) fn conversation_of(&self, circle: &CircleId, name: &DocumentName) -> Option<Conversation> {
        match name.subject {
            Subject::Thread { thread, .. } => Some(Conversation::Thread(thread)),
            Subject::Pair { one, other, .. } => {
                let (me, _) = self.me(circle).ok()?;
                [(one, other), (other, one)]
                    .into_iter()
                    .find(|(own, _)| *own == me)
                    .map(|(_, it)| Conversation::With(it))
            }
            _ => None,
        }
    }

    /// A conversation on screen may go on in a document that was not there when it was opened.
    pub(in crate::client) fn tell_new_month(&mut self, circle: &CircleId, name: &DocumentName) {
        let Some(conversation) = self.conversation_of(circle, name) else { return };
        if self.kinds.threads.is_watched(circle, &conversation) {
            self.documents.watch(name.id(circle));
            self.kernel.enqueue(told::Show { circle: *circle, name: *name, keys: None });
        }
    }

    /// Tells the pages of messages that came.
    pub(in crate::client) fn tell_new_messages(&mut self, circle: &CircleId, name: &DocumentName, delta: &Delta) {
        if !delta.messages.is_empty() {
            self.notify_messages(circle, name, Some(&delta.messages));
        }
    }

    /// What a document of a conversation is called where nothing else says it.
    pub(in crate::client) fn thread_title(&self, document: &DocumentId, thread: &Conversation) -> String {
        let summary = self.lists.summary(document).map(|summary| summary.title.clone()).unwrap_or_default();
        if !summary.is_empty() {
            return summary;
        }
        self.kinds.threads.title(thread).cloned().unwrap_or_default()
    }
}
