//! Reading what a [`Walk`] comes to, and the cursors that say how far it is.

use crate::codec::DecodeError;
use crate::ids::DocumentId;
use crate::storage::{Read, ReadResult, Tree};
use crate::wire::{Fetched, ProblemCode};

use super::super::{DocumentState, StoredEntry, key};
use super::answering::{Answering, Step};
use super::walk::{DOCUMENTS_MAX, ENTRIES_READ, Mark, Stretch, Walk};
use super::{Exchange, HubEffect, LOG_READ_BYTES, State};

/// Where a cursor points.
pub(super) struct Place {
    /// What follows in the log from here on; behind it, where documents are walked first, all that they have before it.
    pub(super) position: u64,
    pub(super) walk: Option<Walk>,
}

impl Exchange<'_> {
    /// All before a position is there.
    pub(super) fn cursor_at(&self, position: u64) -> Vec<u8> {
        [self.generation, position.to_be_bytes()].concat()
    }

    /// Of all before `end`, the phone has the documents that come before an entry's in a walk, and its document up to it.
    pub(super) fn cursor_behind(&self, end: u64, mark: &Mark, walk: &Walk) -> Vec<u8> {
        let document = mark.document.map(|document| document.0).unwrap_or_default();
        let fetched = Fetched { done: mark.done.min(walk.fetched.all), ..walk.fetched };
        [&self.cursor_at(end), &document[..], &(mark.position + 1).to_be_bytes(), &fetched.encode()].concat()
    }

    /// Where a cursor points, while the log ends at `end`: the empty one to the beginning of a walk; `None` when it is not
    /// this store's.
    pub(super) fn place_of(&self, cursor: &[u8], end: u64) -> Option<Place> {
        if cursor.is_empty() {
            return Some(Place { position: end, walk: (end > 0).then(|| Walk::new(None, 0)) });
        }
        let (generation, rest) = cursor.split_first_chunk::<8>()?;
        let (position, rest) = rest.split_first_chunk::<8>()?;
        let position = u64::from_be_bytes(*position);
        let walk = match rest.split_first_chunk::<{ DocumentId::LEN }>() {
            Some((document, rest)) => {
                let (from, _) = rest.split_first_chunk::<8>()?;
                let Fetched { done, .. } = Fetched::of(cursor)?;
                Some(Walk::new(Some((DocumentId(*document), u64::from_be_bytes(*from))), done))
            }
            None if rest.is_empty() => None,
            None => return None,
        };
        (*generation == self.generation && position <= end).then_some(Place { position, walk })
    }

    /// Reads which documents there are, from a key on.
    pub(super) fn read_index(&mut self, mut answering: Answering, from: Option<Vec<u8>>) {
        let Some(header) = &self.header else { return };
        let circle = &header.circles[answering.asked].circle;
        answering.step = Step::Index;
        self.effects.push_back(HubEffect::Read(vec![Read::Range {
            tree: Tree::Documents,
            from: from.unwrap_or_else(|| circle.as_bytes().to_vec()),
            to: key::after_prefix(circle.as_bytes()),
            rows_max: ENTRIES_READ as usize,
            bytes_max: LOG_READ_BYTES,
            reverse: false,
        }]));
        self.state = State::Answering(answering);
    }

    pub(super) fn take_index(&mut self, mut answering: Answering, results: Vec<ReadResult>) {
        let Some(header) = &self.header else { return };
        let circle = header.circles[answering.asked].circle;
        let Some(ReadResult::Rows { rows, more }) = results.into_iter().next() else {
            return self.fail(ProblemCode::Storage, "documents");
        };
        for (_, value) in &rows {
            match DocumentState::decode(value) {
                Ok(state) if !self.is_for(&answering, &state.name) => {}
                Ok(state) => answering.walk.iter_mut().for_each(|walk| walk.found.push((state.name, state.entries))),
                Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
            }
        }
        let found = answering.walk.as_ref().map_or(0, |walk| walk.found.len());
        if found > DOCUMENTS_MAX {
            // In the order of the log no index is needed.
            answering.walk = None;
            answering.position = 0;
            return self.read_log(answering);
        }
        match rows.last().filter(|_| more) {
            Some((key, _)) => self.read_index(answering, Some([key, &[0][..]].concat())),
            None => {
                answering.walk.iter_mut().for_each(|walk| walk.begin(&circle));
                self.read_places(answering);
            }
        }
    }

    /// Reads where the next documents' entries lie.
    pub(super) fn read_places(&mut self, mut answering: Answering) {
        let Some(header) = &self.header else { return };
        let circle = &header.circles[answering.asked].circle;
        let documents = answering.walk.as_mut().map(Walk::next).unwrap_or_default();
        let end = answering.position;
        let read = |stretch: &Stretch| Read::Range {
            tree: Tree::DocumentLog,
            from: key::document_log(circle, &stretch.document, stretch.from),
            to: key::document_log(circle, &stretch.document, end),
            rows_max: ENTRIES_READ as usize,
            bytes_max: LOG_READ_BYTES,
            reverse: false,
        };
        self.effects.push_back(HubEffect::Read(documents.iter().map(read).collect()));
        answering.step = Step::Places { documents };
        self.state = State::Answering(answering);
    }

    pub(super) fn take_places(&mut self, mut answering: Answering, documents: Vec<Stretch>, results: Vec<ReadResult>) {
        let Some(header) = &self.header else { return };
        let circle = &header.circles[answering.asked].circle;
        let mut marks = Vec::new();
        for (stretch, result) in documents.into_iter().zip(results) {
            let ReadResult::Rows { rows, more } = result else { continue };
            let positions = rows.iter().filter_map(|(key, _)| key::position_of(key));
            let document = Some(stretch.document);
            for position in positions {
                let done = answering.walk.as_mut().map_or(0, Walk::count);
                marks.push(Mark { position, document, done });
            }
            // Only one that is read by itself goes on.
            if let (true, Some(last), Some(walk)) = (more, marks.last(), &mut answering.walk) {
                let entries = stretch.entries.saturating_sub(rows.len() as u64);
                walk.put_back(Stretch { from: last.position + 1, entries, ..stretch });
            }
        }
        let read = |mark: &Mark| Read::Get { tree: Tree::Log, key: key::log(circle, mark.position) };
        self.effects.push_back(HubEffect::Read(marks.iter().map(read).collect()));
        answering.step = Step::Entries { marks };
        self.state = State::Answering(answering);
    }

    pub(super) fn take_entries(&mut self, answering: Answering, marks: Vec<Mark>, results: Vec<ReadResult>) {
        let values = results.into_iter().map(ReadResult::value);
        let decoded = marks.into_iter().zip(values).map(|(mark, value)| {
            let bytes = value.ok_or(DecodeError::Short { what: "log" })?;
            Ok((mark, StoredEntry::decode(&bytes)?))
        });
        match decoded.collect::<Result<Vec<_>, DecodeError>>() {
            Ok(rows) => self.read_bodies(answering, rows),
            Err(error) => self.fail(ProblemCode::Storage, &error.to_string()),
        }
    }
}
