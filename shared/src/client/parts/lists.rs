//! What lists show of each document.

#[cfg(test)]
mod tests;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{ActorId, CircleId, DocumentId};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Tree};
use crate::sync::key;

use super::super::view::BodyState;

/// 1 had no day.
const VERSION: u8 = 2;
const TEXT_BYTES_MAX: usize = 8_192;

/// What lists show of a document without loading it; a cache, true while the document has as many entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::client) struct Summary {
    /// The document's entries when this was made.
    pub entries: u64,
    pub title: String,
    pub excerpt: String,
    /// Note: how many were there.
    pub present: u32,
    /// Note: the day that it was moved to.
    pub day: Option<u32>,
    /// Note: hidden.
    pub hidden: bool,
    /// Thread: when the last message was written that nobody took back; when all were, the last of them.
    pub last_ms: Option<u64>,
    /// Thread: who wrote it.
    pub last_by: Option<ActorId>,
    /// Thread: whether its text is there; none when there is no message.
    pub last_body: Option<BodyState>,
    /// Thread: messages of others. Note: entries of others.
    pub others: u64,
}

impl Summary {
    /// Whether the text that it shows may still come, so that it is to be made anew then.
    pub(in crate::client) fn waits(&self) -> bool {
        matches!(self.last_body, Some(BodyState::Missing | BodyState::Waiting))
    }

    pub(in crate::client) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).number(self.entries).text(&self.title).text(&self.excerpt);
        writer.number(self.present.into()).flag(self.last_ms.is_some());
        writer.number(self.last_ms.unwrap_or(0)).number(self.others).flag(self.last_by.is_some());
        self.last_by.iter().for_each(|actor| {
            writer.raw(actor.as_bytes());
        });
        writer.byte(self.last_body.map_or(0, |body| body.code() + 1));
        writer.flag(self.day.is_some()).number(self.day.unwrap_or(0).into()).flag(self.hidden);
        writer.into_bytes()
    }

    /// The summary, or `None` when it is damaged or of another version: then it is made anew.
    pub(in crate::client) fn decode(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes).ok()
    }

    fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("summary version")? != VERSION {
            return Err(DecodeError::Invalid { what: "summary version" });
        }
        let entries = reader.number("summary entries")?;
        let title = reader.text(TEXT_BYTES_MAX, "summary title")?.to_owned();
        let excerpt = reader.text(TEXT_BYTES_MAX, "summary excerpt")?.to_owned();
        let present = reader.number_as("summary presence")?;
        let has_last = reader.flag("summary time")?;
        let last_ms = reader.number("summary time")?;
        let others = reader.number("summary others")?;
        let has_author = reader.flag("summary author")?;
        let last_by = has_author.then(|| reader.array("summary author")).transpose()?.map(ActorId);
        let last_body = match reader.byte("summary text")? {
            0 => None,
            code => Some(BodyState::from_code(code - 1).ok_or(DecodeError::Invalid { what: "summary text" })?),
        };
        let has_day = reader.flag("summary day")?;
        let day = reader.number_as("summary day")?;
        let hidden = reader.flag("summary hidden")?;
        reader.finish("summary")?;
        let (last_ms, day) = (has_last.then_some(last_ms), has_day.then_some(day));
        Ok(Self { entries, title, excerpt, present, day, hidden, last_ms, last_by, last_body, others })
    }
}

/// The summaries of all documents, as they were made last.
#[derive(Default)]
pub(in crate::client) struct Lists {
    summaries: SortedMap<DocumentId, Summary>,
    /// Made anew, and not written yet.
    fresh: SortedSet<DocumentId>,
}

impl Lists {
    /// What was made last of a document, however old it is.
    pub(in crate::client) fn summary(&self, document: &DocumentId) -> Option<&Summary> {
        self.summaries.get(document)
    }

    /// Takes what an earlier run kept.
    pub(in crate::client) fn load(&mut self, document: DocumentId, row: &[u8]) {
        if let Some(summary) = Summary::decode(row) {
            self.summaries.insert(document, summary);
        }
    }

    /// Takes what was made anew.
    pub(in crate::client) fn set(&mut self, document: DocumentId, summary: Summary) {
        self.summaries.insert(document, summary);
        self.fresh.insert(document);
    }

    /// Has a document's made anew.
    pub(in crate::client) fn forget(&mut self, document: &DocumentId) {
        self.summaries.remove(document);
        self.fresh.remove(document);
    }

    /// Has those made anew whose text may have come since.
    pub(in crate::client) fn forget_waiting(&mut self) {
        let waiting = self.summaries.iter().filter(|(_, summary)| summary.waits());
        for document in waiting.map(|(document, _)| *document).collect::<Vec<_>>() {
            self.summaries.remove(&document);
        }
    }

    /// Writes those of a circle that were made anew, so that the next start need not make them.
    pub(in crate::client) fn put_fresh(&mut self, circle: &CircleId, batch: &mut Batch) {
        for document in core::mem::take(&mut self.fresh) {
            if let Some(summary) = self.summaries.get(&document) {
                batch.put(Tree::Summaries, key::document(circle, &document), summary.encode());
            }
        }
    }
}
