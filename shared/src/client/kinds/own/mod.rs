//! What a member notes for themself alone: their journal, a document a month, and their plan for hard moments.

pub(in crate::client) mod choices;
pub(in crate::client) mod edit;
pub(in crate::client) mod journal;
pub(in crate::client) mod plan;

use crate::document::{self, DocumentName, Subject};
use crate::ids::{CircleId, DocumentId};

use crate::client::Problem;
use crate::client::engine::{Engine, Stop};
use crate::client::view::ListName;

/// A record with its text, as far as that is here.
pub(super) struct Read {
    pub(super) document: DocumentId,
    pub(super) message: document::Message,
    pub(super) text: String,
    pub(super) body: crate::client::view::BodyState,
}

impl Engine {
    /// Has the pages ask for a journal or plan again.
    pub(in crate::client) fn tell_own(&mut self, circle: &CircleId, name: &DocumentName) {
        let list = match name.subject {
            Subject::Journal { .. } => &[ListName::Journal][..],
            Subject::Choices { .. } => {
                &[ListName::Choices, ListName::Threads, ListName::Between, ListName::Stories, ListName::Reports]
            }
            Subject::Commitments { .. } => &[ListName::Commitments],
            Subject::Reports { .. } => &[ListName::Reports],
            Subject::Between { .. } => &[ListName::Between, ListName::Stories, ListName::Reports],
            _ => &[ListName::Plan],
        };
        self.notify_lists(circle, list);
    }

    /// The plan of this phone's person.
    fn plan_name(&self, circle: &CircleId) -> Result<DocumentName, Problem> {
        let (member, _) = self.me(circle)?;
        Ok(DocumentName::new(Subject::Plan { member }))
    }

    /// What stands in one's own documents, in the order of writing, or only what stands at a key; texts that are not on
    /// this phone are asked for.
    pub(super) fn own_records(
        &mut self,
        circle: &CircleId,
        names: &[DocumentName],
        key: Option<&str>,
    ) -> Result<Vec<Read>, Stop> {
        let mut found = Vec::new();
        for name in names {
            let messages = self.messages_of(circle, name)?;
            let stands = |message: &document::Message| !message.taken_back && key.is_none_or(|key| key == message.key);
            found.extend(messages.into_iter().filter(stands).map(|it| (*name, it)));
        }
        self.texts(circle, &found.iter().map(|(_, message)| message).collect::<Vec<_>>())?;
        let read = |(name, message): (DocumentName, document::Message)| {
            let document = name.id(circle);
            let (text, body) = self.text_of(circle, &document, &message);
            Read { document, message, text, body }
        };
        Ok(found.into_iter().map(read).collect())
    }
}

/// Nothing of this key stands here.
fn unknown() -> Problem {
    crate::client::problems::gone("what was noted")
}
