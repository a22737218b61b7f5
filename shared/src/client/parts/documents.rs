//! Documents that are open on this phone, those on screen, and what is known of those that can't be opened as they are.

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::document::Handle;
use crate::ids::{CircleId, DocumentId};
use crate::sorted::{SortedMap, SortedSet};
use crate::sync::{DocumentState, key};
use crate::time::SteadyMs;

/// Documents that are kept open beside those on screen.
const OPEN_MAX: usize = 24;
/// Documents not on screen that are kept open even when those on screen fill all places.
const IDLE_MIN: usize = 4;
/// How long what was typed may wait before it becomes a change. It is kept as a draft from the first moment.
pub(in crate::client) const COALESCE_MS: u64 = 5_000;
const PREFIX: &[u8] = b"aside";

/// Told before changes are applied, with the record to write into `Meta` should the engine not come back, and
/// afterwards with `None`.
pub type ApplyObserver = Box<dyn Fn(Option<(Vec<u8>, Vec<u8>)>)>;

/// The drafts in the store that are in an open document, by their numbers.
#[derive(Default)]
pub(in crate::client) struct Drafts {
    numbers: Vec<u32>,
    /// No draft in the store has this number or a higher one.
    next: u32,
}

impl Drafts {
    /// The number of one more.
    pub(in crate::client) fn begin(&mut self) -> u32 {
        self.take(self.next);
        self.next - 1
    }

    /// This one in the store is in the document.
    pub(in crate::client) fn take(&mut self, number: u32) {
        self.numbers.push(number);
        self.pass(number);
    }

    /// There is one in the store that is not in the document.
    pub(in crate::client) fn pass(&mut self, number: u32) {
        self.next = self.next.max(number.saturating_add(1));
    }

    /// Those in the document.
    pub(in crate::client) fn numbers(&self) -> &[u32] {
        &self.numbers
    }
}

/// A document that is open.
pub(in crate::client) struct OpenDocument {
    circle: CircleId,
    /// Its content, with what was typed.
    pub handle: Handle,
    /// When what was typed becomes a change.
    commit_due: Option<SteadyMs>,
    /// Drafts kept of what was typed.
    pub drafts: Drafts,
    /// What was used later has a higher number.
    used: u64,
}

impl OpenDocument {
    /// One of a circle, as it is stored.
    pub(in crate::client) fn new(circle: CircleId, handle: Handle, used: u64) -> Self {
        Self { circle, handle, commit_due: None, drafts: Drafts::default(), used }
    }

    /// Its circle.
    pub(in crate::client) fn circle(&self) -> &CircleId {
        &self.circle
    }

    /// Whether there is something in it that is not in the store as a change.
    pub(in crate::client) fn is_edited(&self) -> bool {
        self.handle.has_pending() || !self.drafts.numbers.is_empty()
    }

    /// Something was typed, and becomes a change by `due`.
    pub(in crate::client) fn note_typed(&mut self, due: SteadyMs) {
        self.commit_due = self.commit_due.or(Some(due));
    }

    /// All that was typed is stored as changes.
    pub(in crate::client) fn note_committed(&mut self) {
        self.commit_due = None;
        self.drafts.numbers.clear();
    }

    /// The same document with other content.
    pub(in crate::client) fn with(self, handle: Handle) -> Self {
        Self { handle, ..self }
    }
}

/// Documents on this phone, as far as they are open.
#[derive(Default)]
pub(in crate::client) struct Documents {
    open: SortedMap<DocumentId, OpenDocument>,
    /// On screen.
    watched: SortedSet<DocumentId>,
    /// Documents of which drafts are in the store that no open document has; an error when it was tried in vain to make
    /// a change of them.
    drafted: SortedMap<DocumentId, Result<(), ()>>,
    /// Documents that are left out from a place on: what stands there, Automerge did not survive.
    aside: SortedMap<DocumentId, u64>,
    observer: Option<ApplyObserver>,
}

impl Documents {
    /// A document, if it is open.
    pub(in crate::client) fn get(&self, document: &DocumentId) -> Option<&OpenDocument> {
        self.open.get(document)
    }

    /// The same, to be changed.
    pub(in crate::client) fn get_mut(&mut self, document: &DocumentId) -> Option<&mut OpenDocument> {
        self.open.get_mut(document)
    }

    /// Whether it is open.
    pub(in crate::client) fn is_open(&self, document: &DocumentId) -> bool {
        self.open.contains_key(document)
    }

    /// Whether nothing is open of a document but what is stored of it, all of it and no more.
    pub(in crate::client) fn is_as_stored(&self, document: &DocumentId, state: &DocumentState) -> bool {
        let is_same = |open: &OpenDocument| !open.handle.has_pending() && state.heads.keys().eq(open.handle.heads());
        self.get(document).is_none_or(is_same)
    }

    /// All that are open.
    pub(in crate::client) fn iter(&self) -> impl Iterator<Item = (&DocumentId, &OpenDocument)> {
        self.open.iter()
    }

    /// A document was used; `used`: a number higher than all before.
    pub(in crate::client) fn touch(&mut self, document: &DocumentId, used: u64) -> Option<&mut OpenDocument> {
        let open = self.open.get_mut(document)?;
        open.used = used;
        Some(open)
    }

    /// Opens one more.
    pub(in crate::client) fn add(&mut self, document: DocumentId, opened: OpenDocument) {
        self.open.insert(document, opened);
    }

    /// Between tasks, those that were not used for longest close, unless they are on screen or have edits, and but for
    /// some. Not before: a task that needs many would close one to open the other, for ever.
    pub(in crate::client) fn rest(&mut self) {
        if self.open.len() <= OPEN_MAX {
            return;
        }
        let is_idle = |(document, open): &(&DocumentId, &OpenDocument)| !self.is_watched(document) && !open.is_edited();
        let idle = self.open.iter().filter(is_idle);
        let mut idle: Vec<(u64, DocumentId)> = idle.map(|(document, open)| (open.used, *document)).collect();
        idle.sort_unstable();
        let above = self.open.len().saturating_sub(OPEN_MAX).min(idle.len().saturating_sub(IDLE_MIN));
        for (_, document) in idle.into_iter().take(above) {
            self.open.remove(&document);
        }
    }

    /// Takes a document out, to be put back or not.
    pub(in crate::client) fn take(&mut self, document: &DocumentId) -> Option<OpenDocument> {
        self.open.remove(document)
    }

    /// Closes all of a circle, whatever was typed in them.
    pub(in crate::client) fn forget(&mut self, circle: &CircleId) {
        let of_circle = self.open.iter().filter(|(_, open)| open.circle == *circle);
        let gone: Vec<DocumentId> = of_circle.map(|(document, _)| *document).collect();
        gone.iter().for_each(|document| drop(self.open.remove(document)));
    }

    /// Puts one back that was taken out.
    pub(in crate::client) fn put_back(&mut self, document: DocumentId, open: OpenDocument) {
        self.open.insert(document, open);
    }

    /// Closes a document; its drafts are taken up again when it is opened.
    pub(in crate::client) fn shut(&mut self, document: &DocumentId) {
        if self.open.remove(document).is_some_and(|open| !open.drafts.numbers.is_empty()) {
            self.drafted.insert(*document, Ok(()));
        }
    }

    /// Whether a document is on screen.
    pub(in crate::client) fn is_watched(&self, document: &DocumentId) -> bool {
        self.watched.contains(document)
    }

    /// A document is on screen.
    pub(in crate::client) fn watch(&mut self, document: DocumentId) {
        self.watched.insert(document);
    }

    /// It is no more.
    pub(in crate::client) fn unwatch(&mut self, document: &DocumentId) {
        self.watched.remove(document);
    }

    /// All that are.
    pub(in crate::client) fn watched(&self) -> impl Iterator<Item = &DocumentId> {
        self.watched.iter()
    }

    /// When what was typed first anywhere becomes a change.
    pub(in crate::client) fn commit_due(&self) -> Option<SteadyMs> {
        self.open.values().filter_map(|open| open.commit_due).min()
    }

    /// Those with something that is not in the store as a change.
    pub(in crate::client) fn edited(&self) -> Vec<DocumentId> {
        self.open.iter().filter(|(_, open)| open.is_edited()).map(|(document, _)| *document).collect()
    }

    /// Drafts of a document are in the store that no open document has.
    pub(in crate::client) fn note_drafted(&mut self, document: DocumentId) {
        self.drafted.insert(document, Ok(()));
    }

    /// The same, and it was tried in vain to make a change of them.
    pub(in crate::client) fn leave_drafted(&mut self, document: DocumentId) {
        self.drafted.insert(document, Err(()));
    }

    /// They are in the open document now.
    pub(in crate::client) fn take_drafted(&mut self, document: &DocumentId) {
        self.drafted.remove(document);
    }

    /// Whether there are such drafts.
    pub(in crate::client) fn is_drafted(&self, document: &DocumentId) -> bool {
        self.drafted.contains_key(document)
    }

    /// Those with drafts that are closed, can be opened, and of which nothing was tried in vain.
    pub(in crate::client) fn to_take_up(&self) -> Vec<DocumentId> {
        let is_out = |document: &DocumentId| self.is_open(document) || self.is_aside(document);
        let closed = self.drafted.iter().filter(|(document, tried)| tried.is_ok() && !is_out(document));
        closed.map(|(document, _)| *document).collect()
    }

    /// What was tried in vain may be tried again; whether there are drafts.
    pub(in crate::client) fn try_again(&mut self) -> bool {
        self.drafted.values_mut().for_each(|tried| *tried = Ok(()));
        !self.drafted.is_empty()
    }

    /// Whether something was typed in a document that is no change yet.
    pub(in crate::client) fn has_typed(&self, document: &DocumentId) -> bool {
        self.is_drafted(document) || self.get(document).is_some_and(|open| open.handle.has_pending())
    }

    /// Whether a document is left out from some place on.
    pub(in crate::client) fn is_aside(&self, document: &DocumentId) -> bool {
        self.aside.contains_key(document)
    }

    /// The place before which a document is opened.
    pub(in crate::client) fn end_of(&self, document: &DocumentId) -> u64 {
        self.aside.get(document).copied().unwrap_or(u64::MAX)
    }

    /// Leaves the changes of a document from place `from` on out of what is opened.
    pub(in crate::client) fn set_aside(&mut self, document: &DocumentId, from: u64) {
        self.aside.insert(*document, from);
        self.shut(document);
    }

    /// The record of it, and what an earlier run left of one: the document and the place.
    pub(in crate::client) fn aside_row(document: &DocumentId, from: u64) -> (Vec<u8>, Vec<u8>) {
        ([PREFIX, document.as_bytes()].concat(), from.to_be_bytes().to_vec())
    }

    /// The document and place of such a record, if it is one.
    pub(in crate::client) fn read_aside(key: &[u8], value: &[u8]) -> Option<(DocumentId, u64)> {
        let document = DocumentId::from_slice(key.strip_prefix(PREFIX)?)?;
        Some((document, u64::from_be_bytes(value.try_into().ok()?)))
    }

    /// Sets who is told before changes are handed to Automerge.
    pub(in crate::client) fn observe(&mut self, observer: ApplyObserver) {
        self.observer = Some(observer);
    }

    /// Runs `apply` on changes of a document that begin at place `from`; none when it panicked.
    pub(in crate::client) fn guarded<T>(
        &self,
        document: &DocumentId,
        from: u64,
        apply: impl FnOnce() -> T,
    ) -> Option<T> {
        let tell = |record| {
            if let Some(observer) = &self.observer {
                observer(record);
            }
        };
        tell(Some(Self::aside_row(document, from)));
        let applied = catch_unwind(AssertUnwindSafe(apply));
        tell(None);
        applied.ok()
    }
}

/// The key of a draft.
pub(in crate::client) fn draft_key(circle: &CircleId, document: &DocumentId, number: u32) -> Vec<u8> {
    [key::document(circle, document).as_slice(), &number.to_be_bytes()].concat()
}
