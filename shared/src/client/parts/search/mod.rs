//! What is ready to be searched, and what of it is in memory while somebody searches.

mod fold;
mod page;
mod query;

use crate::ids::{CircleId, DocumentId};
use crate::sorted::{SortedMap, SortedSet};
use crate::sync::DocumentState;
use crate::time::SteadyMs;

use super::super::CommandId;
use super::super::view::Hit;

pub(in crate::client) use fold::Fold;
pub(in crate::client) use page::{Item, Made, Page};
pub(in crate::client) use query::{Loaded, Query, excerpt};

/// How long pages stay in memory when nobody searches any more.
pub(in crate::client) const KEPT_MS: u64 = 60_000;
/// How long after something came pages are made of it, unless somebody searches, and how long between two of them.
const FILL_AFTER_MS: u64 = 10_000;
const FILL_EACH_MS: u64 = 300;
/// A page that lacks fewer entries is brought up to date when somebody searches: each time it is written whole.
const BEHIND_MAX: u64 = 64;
/// Bytes of pages that stay in memory between two letters of a search; what is more is read again each time. Two years
/// of a circle of twelve take some 4 MB.
const LOADED_BYTES_MAX: usize = 8 * 1_024 * 1_024;

/// A search that was begun.
pub(in crate::client) struct Scan {
    pub id: CommandId,
    pub done: SortedSet<DocumentId>,
    /// The newest so far.
    pub hits: Vec<Hit>,
    /// Nothing older comes among them any more.
    pub floor_ms: Option<u64>,
    pub more: bool,
}

/// What is ready, and what is loaded.
#[derive(Default)]
pub(in crate::client) struct Search {
    made: SortedMap<DocumentId, Made>,
    /// Documents of which no page can be made as they stand.
    gave_up: SortedMap<DocumentId, [u8; 16]>,
    /// Documents whose page was made in this run, and waits: nothing of them came since.
    looked: SortedSet<DocumentId>,
    loaded: SortedMap<DocumentId, Loaded>,
    loaded_bytes: usize,
    fold: Option<Fold>,
    pub scan: Option<Scan>,
    /// When somebody searched last, while pages are loaded.
    used: Option<SteadyMs>,
    /// When the next page is made that nobody waits for.
    fill_due: Option<SteadyMs>,
    /// Something came that pages may lack.
    is_stirred: bool,
    /// The phone has no room for pages.
    is_full: bool,
    /// A task that makes pages waits.
    is_filling: bool,
}

impl Search {
    /// Takes what an earlier run remembered of a page.
    pub(in crate::client) fn load(&mut self, key: &[u8], value: &[u8]) {
        if let Some((document, made)) = Made::read(key, value) {
            self.made.insert(document, made);
            self.is_stirred = true;
        }
    }

    /// A task that makes pages is to run; false: one is waiting already.
    pub(in crate::client) fn begin_filling(&mut self) -> bool {
        !core::mem::replace(&mut self.is_filling, true)
    }

    /// The task that makes pages ran.
    pub(in crate::client) fn end_filling(&mut self) {
        self.is_filling = false;
    }

    /// Something came that pages may lack.
    pub(in crate::client) fn stir(&mut self) {
        self.is_stirred = true;
    }

    /// Texts or keys came: what waited for some is looked at again.
    pub(in crate::client) fn stir_waiting(&mut self) {
        self.is_stirred = true;
        self.looked.clear();
        self.gave_up.clear();
    }

    /// Whether a document can be searched as it stands: from memory, or from its page.
    pub(in crate::client) fn is_ready(&self, document: &DocumentId, now: &Made) -> bool {
        let stands = self
            .made
            .get(document)
            .is_some_and(|made| made.digest == now.digest && (!made.waits || self.looked.contains(document)));
        stands || self.gave_up.get(document) == Some(&now.digest) || self.in_memory(document, now).is_some()
    }

    /// Whether a page is to be made though nobody searches.
    pub(in crate::client) fn is_far_behind(&self, document: &DocumentId, state: &DocumentState) -> bool {
        let behind = |made: &Made| state.entries.abs_diff(made.entries) >= BEHIND_MAX;
        !self.is_full && self.made.get(document).is_none_or(behind) && !self.gave_up.contains_key(document)
    }

    /// A document's page in memory, if it is of the state in which the document is.
    pub(in crate::client) fn in_memory(&self, document: &DocumentId, now: &Made) -> Option<&Loaded> {
        let waited = self.made.get(document).is_some_and(|made| made.waits) && !self.looked.contains(document);
        self.loaded.get(document).filter(|loaded| loaded.digest == now.digest && !waited)
    }

    /// Whether there is a page in the store to be read.
    pub(in crate::client) fn has_page(&self, document: &DocumentId) -> bool {
        self.made.contains_key(document)
    }

    /// A page was made, and is in the store if `is_kept`.
    pub(in crate::client) fn note_made(&mut self, document: DocumentId, made: Made, is_kept: bool) {
        self.is_full |= !is_kept;
        if is_kept {
            self.made.insert(document, made);
        }
        if made.waits {
            self.looked.insert(document);
        }
        self.gave_up.remove(&document);
    }

    /// No page can be made of a document as it stands.
    pub(in crate::client) fn give_up(&mut self, document: DocumentId, digest: [u8; 16]) {
        self.gave_up.insert(document, digest);
    }

    /// A page is not what it should be: it is made anew.
    pub(in crate::client) fn forget(&mut self, document: &DocumentId) {
        self.made.remove(document);
        self.drop_loaded(document);
    }

    /// Keeps a page in memory, while somebody searches and there is room.
    pub(in crate::client) fn keep_loaded(&mut self, document: DocumentId, loaded: Loaded) {
        self.drop_loaded(&document);
        if self.used.is_some() && self.loaded_bytes + loaded.bytes() <= LOADED_BYTES_MAX {
            self.loaded_bytes += loaded.bytes();
            self.loaded.insert(document, loaded);
        }
    }

    fn drop_loaded(&mut self, document: &DocumentId) {
        if let Some(loaded) = self.loaded.remove(document) {
            self.loaded_bytes -= loaded.bytes();
        }
    }

    /// The tables to fold with.
    pub(in crate::client) fn fold(&mut self) -> &Fold {
        self.fold.get_or_insert_with(Fold::new)
    }

    /// The same, once they are laid out.
    pub(in crate::client) fn folding(&self) -> Option<&Fold> {
        self.fold.as_ref()
    }

    /// Somebody searches.
    pub(in crate::client) fn use_now(&mut self, now: SteadyMs) {
        self.used = Some(now);
    }

    /// Whether somebody searched a moment ago.
    pub(in crate::client) fn is_used(&self) -> bool {
        self.used.is_some()
    }

    /// Lets go of what nobody used for long.
    pub(in crate::client) fn rest(&mut self, now: SteadyMs) {
        if self.used.is_some_and(|used| used.plus_ms(KEPT_MS) <= now) {
            (self.used, self.fold, self.loaded_bytes) = (None, None, 0);
            self.loaded = SortedMap::new();
        }
    }

    /// When something is to be done though nobody asks; `now`: the time.
    pub(in crate::client) fn due(&mut self, now: SteadyMs) -> Option<SteadyMs> {
        if core::mem::take(&mut self.is_stirred) && self.fill_due.is_none() {
            self.fill_due = Some(now.plus_ms(FILL_AFTER_MS));
        }
        let rest = self.used.map(|used| used.plus_ms(KEPT_MS));
        self.fill_due.into_iter().chain(rest).min()
    }

    /// Whether a page is due that nobody waits for. It is asked once.
    pub(in crate::client) fn take_fill_due(&mut self, now: SteadyMs) -> bool {
        self.fill_due.take_if(|due| *due <= now).is_some()
    }

    /// There are more.
    pub(in crate::client) fn fill_on(&mut self, now: SteadyMs) {
        self.fill_due = Some(now.plus_ms(FILL_EACH_MS));
    }

    /// Forgets all pages of these documents.
    pub(in crate::client) fn forget_all<'a>(&mut self, documents: impl Iterator<Item = &'a DocumentId>) {
        documents.for_each(|document| self.forget(document));
    }
}

/// The key of a document's page in `Snapshots`.
pub(in crate::client) fn page_key(circle: &CircleId, document: &DocumentId) -> Vec<u8> {
    crate::sync::key::document(circle, document)
}
