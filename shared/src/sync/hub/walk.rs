//! What a phone that has nothing of a circle is given: document by document, what it is opened for first. The log would
//! begin with what is a year old, and bring the parts of each document far from each other.
//!
//! A walk goes to the end that the log had when it began. What came since follows from the log.

use std::collections::VecDeque;

use crate::ids::{CircleId, DocumentId, DocumentName};
use crate::wire::Fetched;

/// About how many entries are read at once.
pub(super) const ENTRIES_READ: u64 = 256;

/// Most documents that are walked: some ten years of a large circle. Their index is read for each request.
pub(super) const DOCUMENTS_MAX: usize = 4_096;

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
    pub(super) document: DocumentId,
    pub(super) from: u64,
    /// At most so many of its entries come.
    pub(super) entries: u64,
}

/// Documents that are still to come.
pub(super) struct Walk {
    /// Where it goes on; none: it begins.
    from: Option<(DocumentId, u64)>,
    /// Those found, with how many entries each has, while there may be further ones.
    pub(super) found: Vec<(DocumentName, u64)>,
    /// None while it is not known which there are.
    queue: Option<VecDeque<Stretch>>,
    /// How many entries were walked, of all that there are.
    pub(super) fetched: Fetched,
}

impl Walk {
    pub(super) fn new(from: Option<(DocumentId, u64)>, done: u32) -> Self {
        Self { from, found: Vec::new(), queue: None, fetched: Fetched { done, all: done } }
    }

    /// Puts what was found in order, and goes to where it goes on.
    pub(super) fn begin(&mut self, circle: &CircleId) {
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
    pub(super) fn next(&mut self) -> Vec<Stretch> {
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
    pub(super) fn count(&mut self) -> u32 {
        self.fetched.done = self.fetched.done.saturating_add(1);
        self.fetched.done
    }

    pub(super) fn put_back(&mut self, stretch: Stretch) {
        if let Some(queue) = &mut self.queue {
            queue.push_front(stretch);
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
