//! What lists show of each document.

use crate::codec::{DecodeError, Reader, Writer};
use crate::document::DocumentName;
use crate::ids::{ActorId, CircleId};
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::sync::placing::AHEAD_MS_MAX;

use super::engine::{Attempt, Engine, Step, Stop};
use super::view::BodyState;

/// 1 had no day.
const VERSION: u8 = 2;
const TEXT_BYTES_MAX: usize = 8_192;

/// What lists show of a document without loading it; a cache, true while the document has as many entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
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
    pub(super) fn waits(&self) -> bool {
        matches!(self.last_body, Some(BodyState::Missing | BodyState::Waiting))
    }

    pub(super) fn encode(&self) -> Vec<u8> {
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
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
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

impl Engine {
    /// What lists show of a document; loads it when the kept summary is older than the document.
    pub(super) fn summary(&mut self, circle: &CircleId, name: &DocumentName) -> Result<Summary, Stop> {
        let document = name.id(circle);
        let me = self.device()?.id();
        let state = self.local(circle)?.documents.get(&document).cloned();
        let entries = state.as_ref().map_or(0, |state| state.entries);
        let is_ahead = |at: u64| self.clock.is_sure && at.saturating_sub(self.now.0) > AHEAD_MS_MAX;
        let is_good = |kept: &&Summary| kept.entries == entries && !kept.last_ms.is_some_and(is_ahead);
        if let Some(kept) = self.summaries.get(&document).filter(is_good) {
            return Ok(kept.clone());
        }
        let others = state.iter().flat_map(|state| state.chains.values());
        let others = others.filter(|chain| chain.device != me).map(|chain| chain.seq).sum();
        let summary = self.summary_of_kind(circle, name, Summary { entries, others, ..Summary::default() })?;
        self.summaries.insert(document, summary.clone());
        self.summaries_new.insert(document);
        Ok(summary)
    }

    /// Has those summaries made anew whose text may have come since.
    pub(super) fn forget_waiting_summaries(&mut self) {
        let waiting = self.summaries.iter().filter(|(_, summary)| summary.waits());
        for document in waiting.map(|(document, _)| *document).collect::<Vec<_>>() {
            self.summaries.remove(&document);
        }
    }

    /// Writes summaries that were made anew, so that the next start need not.
    pub(super) fn keep_summaries(&mut self, circle: CircleId) -> Attempt {
        let mut batch = Batch::default();
        self.put_placed_new(&mut batch);
        for document in core::mem::take(&mut self.summaries_new) {
            if let Some(summary) = self.summaries.get(&document) {
                batch.put(Tree::Summaries, key::document(&circle, &document), summary.encode());
            }
        }
        if batch.is_empty() {
            return Ok(Step::Done);
        }
        Ok(Step::Commit(batch, Box::new(|_, _| {})))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_has_its_bytes_and_survives_them() {
        let (title, excerpt) = ("Monday".to_owned(), "We began late".to_owned());
        let (last_by, last_body) = (Some(ActorId([7; 16])), Some(BodyState::Before));
        let (present, day, last_ms) = (7, Some(300), Some(1_000));
        let summary = Summary {
            entries: 300,
            title,
            excerpt,
            present,
            day,
            hidden: true,
            last_ms,
            last_by,
            last_body,
            others: 2,
        };
        let bytes = summary.encode();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let author = "07".repeat(16);
        assert_eq!(hex, format!("02ac02064d6f6e6461790d576520626567616e206c6174650701e8070201{author}0401ac0201"));
        assert_eq!(Summary::decode(&bytes), Some(summary));
        assert_eq!(Summary::decode(&bytes[1..]), None);
    }
}
