//! The way up: each page is checked against what its signatures stand on, and committed as it comes.

use crate::gate::Refusal;
use crate::ids::DocumentName;
use crate::ids::{ActorId, DocumentId, EntryId, PageMark};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{CommitOutcome, Read, ReadResult, Tree};
use crate::wire::{Page, ProblemCode, RefusedEntry, unpack_offered};

use super::super::CircleRecord;
use super::super::admit::{Admitted, Known, Layout, Origin, Prepared};
use super::asked::{AskedCircle, record};
use super::{CONFLICTS_MAX, Exchange, HubEffect, State};

impl Exchange<'_> {
    /// Refuses all of a page from one who may write here no more, so that the answer still says how they stand.
    fn turn_away(&mut self, asked: usize, page: &Page) {
        let circles = self.asked_circles.len();
        for entry in &page.entries {
            let document = entry.document.id(&page.circle);
            let chain = ActorId::derive(&entry.device, &document, entry.incarnation);
            let id = crate::ids::tagged_hash("kith/unread/1", &[entry.content.bytes()]);
            let refused = RefusedEntry { document, entry: EntryId(id), refusal: Refusal::Removed };
            self.asked_circles[asked].refuse(chain, refused, circles);
            self.effects.push_back(HubEffect::Refused(Refusal::Removed));
        }
    }

    pub(super) fn handle_page(&mut self, bytes: &[u8]) {
        let signed = self.header.as_ref().and_then(|header| header.pages.get(self.taken));
        self.taken += 1;
        if signed != Some(&PageMark::of(bytes)) {
            let detail = format!("page {} is not the one that the request's signature covers", self.taken);
            return self.fail(ProblemCode::Signature, &detail);
        }
        let page = match unpack_offered(bytes) {
            Ok(page) => page,
            Err(error) => return self.fail(ProblemCode::Malformed, &format!("a page: {error}")),
        };
        let asks = self.header.iter().flat_map(|header| &header.circles);
        match asks.zip(&self.asked_circles).position(|(ask, _)| ask.circle == page.circle) {
            Some(asked) if self.asked_circles[asked].writes() => self.ask_known(asked, page, 0),
            Some(asked) => self.turn_away(asked, &page),
            None => self.fail(ProblemCode::Malformed, "a page of a circle that the header does not ask for"),
        }
    }

    fn prepare(&self, asked: usize, page: &Page) -> Prepared {
        let asked = &self.asked_circles[asked];
        let origin = Origin::Offered(asked.old_keys.clone());
        Prepared::new(&page.circle, &asked.roster, asked, self.schema, page.entries.clone(), origin)
    }

    /// Reads what a page stands on: first who is in the circle, and the hashes of the chain that its signatures cover.
    pub(super) fn ask_known(&mut self, asked: usize, page: Page, conflicts: u32) {
        let positions = page.entries.iter().filter_map(|entry| entry.signature).map(|signature| signature.position);
        let end = self.asked_circles[asked].record.chain.position;
        let positions: SortedSet<u64> = positions.filter(|position| *position <= end).collect();
        let reads = self.asked_circles[asked].page_reads(&page.circle, &positions);
        if !reads.is_empty() {
            self.effects.push_back(HubEffect::Read(reads.clone()));
            self.state = State::Locating { asked, page, reads, conflicts };
            return;
        }
        let mut reads = self.prepare(asked, &page).reads();
        reads.push(Read::Get { tree: Tree::Circles, key: page.circle.as_bytes().to_vec() });
        self.effects.push_back(HubEffect::Read(reads.clone()));
        self.state = State::Admitting { asked, page, reads, conflicts };
    }

    pub(super) fn refresh(&mut self, at: usize, page: Page, results: Vec<ReadResult>, conflicts: u32) {
        let Some(device) = self.header.as_ref().map(|header| header.stamp.device) else { return };
        if let Err(error) = self.asked_circles[at].refresh(&device, results) {
            return self.fail(ProblemCode::Storage, &error.to_string());
        }
        if self.asked_circles[at].writes() {
            return self.ask_known(at, page, conflicts);
        }
        self.turn_away(at, &page);
        self.state = State::Ready;
    }

    pub(super) fn admit(
        &mut self,
        at: usize,
        page: Page,
        reads: &[Read],
        mut results: Vec<ReadResult>,
        conflicts: u32,
    ) {
        let record_bytes = results.pop().and_then(ReadResult::value);
        let decoded = Known::from_reads(reads, results).and_then(|known| Ok((known, record(record_bytes.as_deref())?)));
        let (known, circle) = match decoded {
            Ok(decoded) => decoded,
            Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
        };
        if circle.chain != self.asked_circles[at].record.chain {
            return self.read_anew(at, page, conflicts);
        }
        let prepared = self.prepare(at, &page);
        let mut admitted = prepared.admit(&known, self.schema, Layout::Server { now: self.now }, circle.position);
        let asked = &mut self.asked_circles[at];
        asked.record = CircleRecord { position: admitted.position, ..circle };
        asked.record_bytes = record_bytes;
        if admitted.batch.is_empty() {
            return self.settle(at, page, admitted);
        }
        let circle_key = page.circle.as_bytes().to_vec();
        admitted.batch.expect(Tree::Circles, circle_key.clone(), asked.record_bytes.clone());
        admitted.batch.put(Tree::Circles, circle_key, asked.record.encode());
        self.effects.push_back(HubEffect::Commit(core::mem::take(&mut admitted.batch)));
        self.state = State::Committing { asked: at, page, admitted: Box::new(admitted), conflicts };
    }

    /// Somebody else admitted a statement meanwhile: whoever was taken out by it writes no more.
    fn read_anew(&mut self, asked: usize, page: Page, conflicts: u32) {
        let Some(device) = self.header.as_ref().map(|header| header.stamp.device) else { return };
        if conflicts >= CONFLICTS_MAX {
            return self.fail(ProblemCode::Busy, "the circle is busy: try again");
        }
        self.effects.push_back(HubEffect::Read(AskedCircle::reads(&page.circle, &device).to_vec()));
        self.state = State::Refreshing { asked, page, conflicts: conflicts + 1 };
    }

    pub(super) fn handle_committed(
        &mut self,
        outcome: CommitOutcome,
        asked: usize,
        page: Page,
        admitted: Admitted,
        conflicts: u32,
    ) {
        match outcome {
            CommitOutcome::Committed => {
                let documents = admitted.changes.keys().copied().collect();
                self.effects.push_back(HubEffect::Poke { circle: page.circle, documents });
                self.settle(asked, page, admitted);
            }
            CommitOutcome::Conflict if conflicts < CONFLICTS_MAX => self.ask_known(asked, page, conflicts + 1),
            CommitOutcome::Conflict => self.fail(ProblemCode::Busy, "the circle is busy: try again"),
        }
    }

    /// Remembers what the answer must say of a page.
    fn settle(&mut self, at: usize, page: Page, admitted: Admitted) {
        for refused in &admitted.refused {
            self.effects.push_back(HubEffect::Refused(refused.refusal));
        }
        let names: SortedMap<DocumentId, DocumentName> =
            page.entries.iter().map(|entry| (entry.document.id(&page.circle), entry.document)).collect();
        let circles = self.asked_circles.len();
        let asked = &mut self.asked_circles[at];
        for (document, chains) in admitted.chains {
            asked.took.note(document, &chains);
            if let Some(name) = names.get(&document) {
                let (_, actors) = asked.touched.get_or_insert_with(document, || (*name, SortedSet::new()));
                actors.extend(chains.into_keys());
            }
        }
        for (chain, refused) in admitted.refused_chains.into_iter().zip(admitted.refused) {
            asked.refuse(chain, refused, circles);
        }
        asked.lack(admitted.missing, circles);
        self.state = State::Ready;
    }
}
