//! What came from the server and was not taken: named to the person, with what builds on it, and remembered, since the
//! server does not send it a second time by itself.

#[cfg(test)]
mod tests;

use crate::codec::{Reader, Writer};
use crate::gate::Refusal;
use crate::ids::{CircleId, DocumentId};
use crate::sorted::SortedMap;
use crate::storage::{Batch, Tree};
use crate::wire::RefusedEntry;

use super::super::super::{Problem, ProblemCode, Why};
use super::LocalCircle;

/// Where such records stand.
const PREFIX: &[u8] = b"lacking";

/// What is missing of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct Lacking {
    /// Why the first of it was refused; what builds on it lacks only that.
    pub refusal: Refusal,
    /// How many entries, those that build on others among them.
    pub entries: u64,
}

impl Lacking {
    fn encode(self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(self.refusal.code()).number(self.entries);
        writer.into_bytes()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let refusal = Refusal::from_code(reader.byte("refusal").ok()?)?;
        let entries = reader.number("entries").ok()?;
        reader.finish("what is lacking").ok()?;
        Some(Self { refusal, entries })
    }

    /// Both, by the cause of the first.
    pub(in crate::client) fn and(self, more: Self) -> Self {
        Self { entries: self.entries + more.entries, ..self }
    }

    /// What it means to a person.
    pub(in crate::client) fn problem(self) -> Problem {
        let Self { refusal, entries } = self;
        Problem { why: Some(Why::Lacking), ..Problem::new(ProblemCode::Refused, refusal) }.counting(entries)
    }
}

impl LocalCircle {
    /// Takes what an earlier run noted.
    pub(in crate::client) fn load_lacking(&mut self, document: DocumentId, lacking: Lacking) {
        self.lacking.insert(document, lacking);
    }

    /// What is lacking of a document.
    pub(in crate::client) fn lacking_of(&self, document: &DocumentId) -> Option<Lacking> {
        self.lacking.get(document).copied()
    }

    /// Whether anything is.
    pub(in crate::client) fn is_lacking(&self) -> bool {
        !self.lacking.is_empty()
    }

    /// All of it together, by its first cause.
    pub(in crate::client) fn all_lacking(&self) -> Option<Lacking> {
        self.lacking.values().copied().reduce(Lacking::and)
    }

    /// Notes what a page brought and was not taken.
    pub(in crate::client) fn note_lacking(&mut self, circle: &CircleId, refused: &[RefusedEntry], batch: &mut Batch) {
        for RefusedEntry { document, refusal, .. } in refused {
            let first = || Lacking { refusal: *refusal, entries: 0 };
            let lacking = self.lacking.get_or_insert_with(*document, first);
            lacking.entries += 1;
            if lacking.refusal.can_retry() {
                lacking.refusal = *refusal;
            }
        }
        let documents: SortedMap<DocumentId, ()> = refused.iter().map(|refused| (refused.document, ())).collect();
        for document in documents.keys() {
            if let Some(lacking) = self.lacking.get(document) {
                batch.put(Tree::Meta, record_key(circle, document), lacking.encode());
            }
        }
    }

    /// Forgets it: the server is asked for everything again.
    pub(in crate::client) fn forget_lacking(&mut self, circle: &CircleId, batch: &mut Batch) {
        for document in self.lacking.keys() {
            batch.delete(Tree::Meta, record_key(circle, document));
        }
        self.lacking.clear();
    }
}

/// The circle, document and content of a record, if it is one.
pub(in crate::client) fn lacking_record(key: &[u8], value: &[u8]) -> Option<(CircleId, DocumentId, Lacking)> {
    let (circle, document) = key.strip_prefix(PREFIX)?.split_at_checked(CircleId::LEN)?;
    Some((CircleId::from_slice(circle)?, DocumentId::from_slice(document)?, Lacking::decode(value)?))
}

fn record_key(circle: &CircleId, document: &DocumentId) -> Vec<u8> {
    [PREFIX, circle.as_bytes(), document.as_bytes()].concat()
}
