//! The kinds of things that people do in a circle, one folder each: its commands, its views, what is told of it.
//!
//! What the engine has to know of a document's kind it asks here. Each question is one match over all kinds, with no arm
//! for the rest, so that a new kind does not compile before it has answered all of them.

pub(super) mod kept;
pub(super) mod news;
pub(super) mod note;
pub(super) mod own;
pub(super) mod profile;
pub(super) mod record;
pub(super) mod report;
pub(super) mod stories;
pub(super) mod thread;
pub(super) mod toolkit;
pub(super) mod words;

use crate::document::{Delta, DocumentName, Subject};
use crate::ids::{CircleId, DocumentId};

use super::engine::{Engine, Stop};
use super::parts::lists::Summary;

impl Engine {
    /// What lists show of a document: `summary` has what is alike in all of them.
    pub(super) fn summary_of_kind(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        summary: Summary,
    ) -> Result<Summary, Stop> {
        match name.subject {
            Subject::Profile
            | Subject::Toolkit
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::Stories => Ok(summary),
            Subject::Thread { .. } | Subject::Pair { .. } => self.thread_summary(circle, name, summary),
            Subject::SessionNote { .. } | Subject::FacilitatorNote { .. } | Subject::Slice { .. } => {
                self.note_summary(circle, name, summary)
            }
        }
    }

    /// What a document is called in the outbox.
    pub(super) fn label(&self, circle: &CircleId, document: &DocumentId, name: &DocumentName) -> String {
        match name.subject {
            Subject::Thread { .. } | Subject::Pair { .. } => {
                let conversation = self.conversation_of(circle, name);
                conversation.map(|it| self.thread_title(document, &it)).unwrap_or_default()
            }
            Subject::Profile
            | Subject::Toolkit
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::Stories
            | Subject::SessionNote { .. }
            | Subject::FacilitatorNote { .. }
            | Subject::Slice { .. } => {
                self.lists.summary(document).map(|summary| summary.title.clone()).unwrap_or_default()
            }
        }
    }

    /// Tells the pages how safe what they show of a document is.
    pub(super) fn tell_safety(&mut self, circle: &CircleId, name: &DocumentName) {
        match name.subject {
            Subject::Profile => {}
            Subject::Toolkit => self.tell_toolkit(circle),
            Subject::Stories => self.tell_stories(circle),
            Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. } => self.tell_own(circle, name),
            Subject::Thread { .. } | Subject::Pair { .. } => self.notify_own_messages(circle, name),
            Subject::SessionNote { .. } | Subject::FacilitatorNote { .. } | Subject::Slice { .. } => {
                self.tell_note(circle, name)
            }
        }
    }

    /// Tells the pages what came into a document that is open.
    pub(super) fn tell_delta(&mut self, circle: &CircleId, name: &DocumentName, delta: &Delta) {
        match name.subject {
            Subject::Profile
            | Subject::Toolkit
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::Stories => {}
            Subject::Thread { .. } | Subject::Pair { .. } => self.tell_new_messages(circle, name, delta),
            Subject::SessionNote { .. } | Subject::FacilitatorNote { .. } | Subject::Slice { .. } => {
                self.tell_note_body(&name.id(circle), delta)
            }
        }
    }

    /// Tells the pages of a document on screen where what was written by a clock that is far off stands now.
    pub(super) fn show_placed(&mut self, circle: &CircleId, name: &DocumentName) {
        match name.subject {
            Subject::Thread { .. } | Subject::Pair { .. } => {
                self.kernel.enqueue(thread::told::Show { circle: *circle, name: *name, keys: None });
            }
            Subject::Toolkit => self.tell_toolkit(circle),
            Subject::Stories => self.tell_stories(circle),
            Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. } => self.tell_own(circle, name),
            Subject::Profile
            | Subject::SessionNote { .. }
            | Subject::FacilitatorNote { .. }
            | Subject::Slice { .. } => {}
        }
    }

    /// Something came for a document that is not open. What is on screen and closed all the same is not as its pages
    /// have it any more.
    pub(super) fn tell_closed(&mut self, circle: &CircleId, name: &DocumentName) {
        let document = name.id(circle);
        match name.subject {
            Subject::Profile
            | Subject::Toolkit
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::Stories => {}
            Subject::Thread { .. } | Subject::Pair { .. } => self.tell_new_month(circle, name),
            Subject::SessionNote { .. } | Subject::FacilitatorNote { .. } | Subject::Slice { .. } => {
                if self.documents.is_watched(&document) {
                    self.kinds.notes.bump(&document);
                }
            }
        }
    }
}
