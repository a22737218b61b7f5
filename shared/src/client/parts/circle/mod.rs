//! A circle as this phone knows it.

mod answer;
mod ask;
mod change;
mod lacking;
mod stored;
#[cfg(test)]
mod tests;

use crate::ids::{ActorId, CircleId, DeviceId, DocumentId, Incarnation};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Tree};
use crate::sync::{DocumentState, StoredEntry};
use crate::trust::{DevicePublic, MemberState, Roster};
use crate::wire::Cursor;

use super::super::Problem;
use super::keyring::{History, Keyring, Pending};

pub(in crate::client) use change::CircleChange;
pub(in crate::client) use lacking::{Lacking, lacking_record};
pub(in crate::client) use stored::is_earlier;

/// A circle: its chain and keys, and how each of its documents stands.
#[derive(Clone, Debug, Default)]
pub(in crate::client) struct LocalCircle {
    /// The place that the next entry gets.
    position: u64,
    cursor: Cursor,
    keyring: Keyring,
    /// Follows from the keyring.
    roster: Roster,
    documents: SortedMap<DocumentId, DocumentState>,
    /// Documents of which the server may hold more than it said.
    unsure: SortedSet<DocumentId>,
    problems: SortedMap<DocumentId, Problem>,
    /// What is stored of sealed documents and does not open or was refused inside.
    unshown: SortedMap<DocumentId, Problem>,
    /// Documents in which the server holds something else of this device, which is asked for.
    forked: SortedSet<DocumentId>,
    /// Documents of which something was sent since everything was last taken in.
    recent: SortedSet<DocumentId>,
    /// How far the server says that it holds this device's chains, where that is not proven.
    arrived: SortedMap<ActorId, u64>,
    /// This device's own entries that were taken up, and wait to be written again.
    lifted: SortedMap<DocumentId, Vec<StoredEntry>>,
    /// What came of documents and was not taken.
    lacking: SortedMap<DocumentId, Lacking>,
}

impl LocalCircle {
    /// A circle of which nothing but its keyring is here yet; `own`: this phone's keys.
    pub(in crate::client) fn new(keyring: Keyring, own: &DevicePublic) -> Self {
        let roster = keyring.roster(own);
        Self { keyring, roster, ..Self::default() }
    }

    /// The circle with another keyring, to be asked about from the beginning: its documents stay.
    pub(in crate::client) fn with_other(&self, keyring: Keyring, own: &DevicePublic) -> Self {
        Self { position: self.position, documents: self.documents.clone(), ..Self::new(keyring, own) }
    }

    /// The place that the next entry gets.
    pub(in crate::client) fn position(&self) -> u64 {
        self.position
    }

    /// How far this phone took in what the server holds; empty when it asks for everything.
    pub(in crate::client) fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Moves the cursor on.
    pub(in crate::client) fn set_cursor(&mut self, cursor: Cursor) {
        self.cursor = cursor;
    }

    /// Who is in the circle, and the keys.
    pub(in crate::client) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Who may write, for the gate.
    pub(in crate::client) fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Takes another keyring; `own`: this phone's keys.
    pub(in crate::client) fn set_keyring(&mut self, keyring: Keyring, own: &DevicePublic) {
        self.roster = keyring.roster(own);
        self.keyring = keyring;
    }

    /// Changes of the keyring what decides nothing about who is in.
    pub(in crate::client) fn note_in_keyring(&mut self, note: impl FnOnce(&mut Keyring)) {
        note(&mut self.keyring);
    }

    /// Takes the records and what was pending as an earlier run left them; `own`: this phone's keys, once it has some.
    pub(in crate::client) fn load_keyring(
        &mut self,
        history: History,
        pending: Vec<Pending>,
        own: Option<&DevicePublic>,
    ) {
        self.keyring.load(history, pending);
        if let Some(own) = own {
            self.roster = self.keyring.roster(own);
        }
    }

    /// All documents of which something is stored.
    pub(in crate::client) fn documents(&self) -> &SortedMap<DocumentId, DocumentState> {
        &self.documents
    }

    /// How a document stands; none when nothing of it is stored.
    pub(in crate::client) fn document(&self, document: &DocumentId) -> Option<&DocumentState> {
        self.documents.get(document)
    }

    /// What a device writes as in a document.
    pub(in crate::client) fn incarnation_of(&self, document: &DocumentId, device: &DeviceId) -> Incarnation {
        self.document(document).map_or_else(Default::default, |state| state.incarnation_of(device))
    }

    /// Takes a document as an earlier run left it.
    pub(in crate::client) fn load_document(&mut self, document: DocumentId, state: DocumentState) {
        if !state.is_safe() {
            self.unsure.insert(document);
        }
        self.documents.insert(document, state);
    }

    /// Takes how a document stands now.
    pub(in crate::client) fn set_document(&mut self, document: DocumentId, state: DocumentState) {
        self.documents.insert(document, state);
    }

    /// All that is stored of a document was applied, and nothing broke.
    pub(in crate::client) fn prove(&mut self, document: &DocumentId) {
        if let Some(state) = self.documents.get_mut(document) {
            state.proven_position = self.position;
        }
    }

    /// Takes a commit of this phone's own edits: the place that the next entry gets, and the documents in it. `is_open`:
    /// whether a document is, and so was applied as far as it goes.
    pub(in crate::client) fn take_own(
        &mut self,
        position: u64,
        states: impl IntoIterator<Item = (DocumentId, DocumentState)>,
        is_open: impl Fn(&DocumentId) -> bool,
    ) {
        self.position = position;
        for (document, state) in states {
            let proven_position = if is_open(&document) { position } else { state.proven_position };
            self.documents.insert(document, DocumentState { proven_position, ..state });
        }
    }

    /// Whether the server may hold more than it said of some document.
    pub(in crate::client) fn is_unsure(&self) -> bool {
        !self.unsure.is_empty()
    }

    /// Of those of these documents that are this circle's, the server may hold more than it said.
    pub(in crate::client) fn doubt(&mut self, documents: &SortedSet<DocumentId>) {
        let theirs: Vec<DocumentId> = self.ours(documents).collect();
        self.unsure.extend(theirs);
    }

    /// The server said of all documents what it holds.
    pub(in crate::client) fn clear_doubts(&mut self) {
        self.unsure.clear();
    }

    /// Remembers of which documents something is on its way.
    pub(in crate::client) fn note_recent(&mut self, sending: &SortedSet<DocumentId>) {
        let theirs: Vec<DocumentId> = self.ours(sending).collect();
        self.recent.extend(theirs);
    }

    /// All that there was came.
    pub(in crate::client) fn caught_up(&mut self) {
        self.recent.clear();
    }

    fn ours(&self, documents: &SortedSet<DocumentId>) -> impl Iterator<Item = DocumentId> {
        documents.iter().filter(|document| self.documents.contains_key(document)).copied()
    }

    /// What is wrong with a document, for its person.
    pub(in crate::client) fn problem(&self, document: &DocumentId) -> Option<&Problem> {
        self.problems.get(document)
    }

    /// Notes what is wrong with a document.
    pub(in crate::client) fn note_problem(&mut self, document: DocumentId, problem: Problem) {
        self.problems.insert(document, problem);
    }

    /// Why something of a document is not shown.
    pub(in crate::client) fn unshown(&self, document: &DocumentId) -> Option<&Problem> {
        self.unshown.get(document)
    }

    /// Names what of an open document could not be shown, or that all of it can.
    pub(in crate::client) fn note_unshown(&mut self, document: &DocumentId, problem: Option<Problem>) {
        match problem {
            Some(problem) => _ = self.unshown.insert(*document, problem),
            None => _ = self.unshown.remove(document),
        }
    }

    /// Whether what this phone wrote in a document is not sent, since the server holds something else of it there.
    pub(in crate::client) fn is_forked(&self, document: &DocumentId) -> bool {
        self.forked.contains(document)
    }

    /// How far the server says that it holds this device's chains, where that is not proven.
    pub(in crate::client) fn arrived(&self) -> &SortedMap<ActorId, u64> {
        &self.arrived
    }

    /// It counts for one request.
    pub(in crate::client) fn forget_arrived(&mut self) {
        self.arrived = SortedMap::new();
    }

    /// This device's entries of each document that wait to be written again.
    pub(in crate::client) fn lifted(&self) -> &SortedMap<DocumentId, Vec<StoredEntry>> {
        &self.lifted
    }

    /// Those of one document.
    pub(in crate::client) fn lifted_of(&self, document: &DocumentId) -> &[StoredEntry] {
        self.lifted.get(document).map_or(&[], Vec::as_slice)
    }

    /// Keeps all that waits to be written again of a document.
    pub(in crate::client) fn keep_lifted(&mut self, document: DocumentId, all: Vec<StoredEntry>) {
        self.lifted.insert(document, all);
    }

    /// This phone's entries were taken out of a document, to be written again: what stood against them is gone.
    pub(in crate::client) fn lift(&mut self, document: DocumentId, state: DocumentState, all: Vec<StoredEntry>) {
        self.documents.insert(document, state);
        self.lifted.insert(document, all);
        self.forked.remove(&document);
        self.problems.remove(&document);
    }

    /// They were written again, the document among these.
    pub(in crate::client) fn put_down(
        &mut self,
        document: &DocumentId,
        position: u64,
        states: SortedMap<DocumentId, DocumentState>,
    ) {
        self.position = position;
        self.documents.extend(states);
        self.lifted.remove(document);
        self.unsure.remove(document);
    }

    /// Whether this phone was taken out.
    pub(in crate::client) fn is_removed(&self) -> bool {
        self.keyring.state() == MemberState::Removed
    }

    /// Whether all that this phone wrote is on the server.
    pub(in crate::client) fn is_safe(&self) -> bool {
        self.lifted.is_empty() && self.documents.values().all(DocumentState::is_safe)
    }

    /// The server did not know the cursor, and has not been told all clocks yet.
    pub(in crate::client) fn wants_resync(&self) -> bool {
        !self.is_removed() && self.cursor.is_empty() && !self.unsure.is_empty()
    }

    /// Forgets how far the server is, so that the next request says all clocks and asks.
    pub(in crate::client) fn begin_anew(&mut self, circle: &CircleId, batch: &mut Batch) {
        self.forget_lacking(circle, batch);
        self.cursor.clear();
        self.unsure = self.documents.keys().copied().collect();
    }

    /// Whether everything is asked for anew since it was as `before`.
    pub(in crate::client) fn is_asked_anew(&self, before: &Self) -> bool {
        (self.cursor.is_empty() && !before.cursor.is_empty()) || self.forked.len() > before.forked.len()
    }

    /// Documents in which a refusal shows that the server holds something else of this device: they are asked for anew.
    /// Whether there is one that was not yet.
    pub(in crate::client) fn note_forked(&mut self, found: SortedSet<DocumentId>) -> bool {
        let before = self.forked.len();
        self.forked.extend(found);
        self.forked.len() > before
    }

    /// Takes a page's end in: the place that the next entry gets, and how its documents stand.
    pub(in crate::client) fn take_page(&mut self, position: u64, states: SortedMap<DocumentId, DocumentState>) {
        self.position = position;
        self.documents.extend(states);
    }

    /// Writes the circle's own row.
    pub(in crate::client) fn put(&self, circle: &CircleId, batch: &mut Batch) {
        batch.put(Tree::Circles, circle.as_bytes(), self.encode_at(self.position));
    }
}
