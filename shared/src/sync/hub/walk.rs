//! What a phone that has nothing of a circle is given: document by document, what it is opened for first. The log would
//! begin with what is a year old, and bring the parts of each document far from each other.
//!
//! A walk goes to the end that the log had when it began. What came since follows from the log.

use std::collections::VecDeque;

use crate::codec::DecodeError;
use crate::ids::{CircleId, DocumentId, DocumentName};
use crate::storage::{Read, ReadResult, Tree};
use crate::wire::{Fetched, ProblemCode};

use super::super::{DocumentState, StoredEntry, key};
use super::answer::{Answering, Step};
use super::{Exchange, HubEffect, LOG_READ_BYTES, State};

/// About how many entries are read at once.
const ENTRIES_READ: u64 = 256;

/// Where an entry is in the log, and of which document, if these are walked.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) position: u64,
    pub(super) document: Option<DocumentId>,
    /// How many entries of a walk lie before it or are it.
    pub(super) done: u32,
}

/// A document, from a position on.
pub(super) struct Stretch {
    document: DocumentId,
    from: u64,
    /// At most so many of its entries come.
    entries: u64,
}

/// Documents that are still to come.
pub(super) struct Walk {
    /// Where it goes on; none: it begins.
    from: Option<(DocumentId, u64)>,
    /// Those found, with how many entries each has, while there may be further ones.
    found: Vec<(DocumentName, u64)>,
    /// None while it is not known which there are.
    queue: Option<VecDeque<Stretch>>,
    /// How many entries were walked, of all that there are.
    fetched: Fetched,
}

impl Walk {
    fn new(from: Option<(DocumentId, u64)>, done: u32) -> Self {
        Self { from, found: Vec::new(), queue: None, fetched: Fetched { done, all: done } }
    }

    /// Puts what was found in order, and goes to where it goes on.
    fn begin(&mut self, circle: &CircleId) {
        let mut found = core::mem::take(&mut self.found);
        found.sort_by_key(|(name, _)| order(name));
        let all = found.iter().map(|(_, entries)| entries).sum::<u64>();
        self.fetched.all = u32::try_from(all).unwrap_or(u32::MAX).max(self.fetched.done);
        let stretch =
            |(name, entries): &(DocumentName, u64)| Stretch { document: name.id(circle), from: 0, entries: *entries };
        let mut queue: VecDeque<Stretch> = found.iter().map(stretch).collect();
        if let Some((document, from)) = self.from
            && let Some(at) = queue.iter().position(|stretch| stretch.document == document)
        {
            queue.drain(..at);
            queue.iter_mut().take(1).for_each(|stretch| stretch.from = from);
        }
        self.queue = Some(queue);
    }

    pub(super) fn is_known(&self) -> bool {
        self.queue.is_some()
    }

    pub(super) fn is_over(&self) -> bool {
        self.queue.as_ref().is_some_and(VecDeque::is_empty)
    }

    /// Documents that have about as many entries as are read at once, at least one.
    fn next(&mut self) -> Vec<Stretch> {
        let Some(queue) = &mut self.queue else { return Vec::new() };
        let mut entries = 0;
        let fits = |stretch: &&Stretch| {
            entries += stretch.entries;
            entries <= ENTRIES_READ
        };
        let count = queue.iter().take_while(fits).count().max(1).min(queue.len());
        queue.drain(..count).collect()
    }

    /// One more entry; how many that are.
    fn count(&mut self) -> u32 {
        self.fetched.done = self.fetched.done.saturating_add(1);
        self.fetched.done
    }

    fn put_back(&mut self, stretch: Stretch) {
        if let Some(queue) = &mut self.queue {
            queue.push_front(stretch);
        }
    }
}

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

/// Where a document comes in a walk: what has no month first, such as names and what helps; then the newest month, in
/// it the newest.
fn order(name: &DocumentName) -> impl Ord + use<> {
    (core::cmp::Reverse(name.months()), core::cmp::Reverse(*name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{MemberId, Subject, ThreadId};
    use crate::time::{Day, Month};

    #[test]
    fn what_is_opened_first_comes_first() {
        let note = |day| Subject::SessionNote { day: Day(day), ordinal: 0 };
        let talk = |month, part| Subject::Thread { thread: ThreadId([0; 8]), month: Month(month), part };
        let journal = Subject::Journal { member: MemberId([1; 16]), month: Month(679) };
        let mut all = [
            note(20_665),
            talk(678, 0),
            Subject::Toolkit,
            note(20_672),
            talk(679, 1),
            Subject::Profile,
            talk(679, 0),
            journal,
        ]
        .map(DocumentName::new);
        all.sort_by_key(order);
        let subjects: Vec<Subject> = all.iter().map(|name| name.subject).collect();
        let (timeless, months) = subjects.split_at(2);
        assert!(timeless.contains(&Subject::Profile) && timeless.contains(&Subject::Toolkit), "{subjects:?}");
        let of: Vec<u32> = months.iter().map(|subject| DocumentName::new(*subject).months()).collect();
        assert!(of.is_sorted_by(|one, other| one >= other), "{of:?}");
        let at = |subject| subjects.iter().position(|other| *other == subject).unwrap();
        assert!(at(talk(679, 1)) < at(talk(679, 0)) && at(note(20_672)) < at(note(20_665)));
    }
}
