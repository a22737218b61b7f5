use crate::sorted::SortedMap;

use crate::ids::{ActorId, BodyId, CircleId, DeviceId, DocumentId, EpochId, PageMark};
use crate::storage::ReadResult;
use crate::sync::StoredEntry;
use crate::sync::phone::{Packed, body_reads, sign_and_pack, unsent_entries, unsent_reads};
use crate::trust::{KeyGroup, MemberState, Role};
use crate::wire::{
    BroughtBack, CIRCLES_MAX, CLOCK_DOCUMENTS_MAX, ChainCursor, CircleAsk, DocumentClock, Frame, PAGE_BYTES_MAX,
    PAGES_MAX, RequestHeader, WANTED_BODIES_MAX,
};

use super::super::Problem;
use super::super::engine::{Attempt, Engine, LocalCircle, Step, Stop};
use super::super::problem::corrupt;
use super::{RESPONSE_BYTES, Unsent};

/// About how many bytes of statements go into one request, per circle.
const REQUEST_STATEMENTS_BYTES: usize = 48 * 1024;
/// Most bytes of statements, what lies beside them and records brought back in one request, all circles together.
const REQUEST_SAID_BYTES: usize = 160 * 1024;
/// A warrant is renewed when it is good for less long than this.
const WARRANT_RENEWED_MS: u64 = 15 * 24 * 60 * 60 * 1_000;
/// About how many bytes of pages go into one request; the rest follows in the next.
const REQUEST_PAGES_BYTES: usize = 1024 * 1024;

impl Engine {
    /// Flushes what was typed, reads what is unsent, and asks.
    pub(super) fn build_request(&mut self) -> Attempt {
        if self.exchange.enrolling.is_some() {
            return self.send_enrol();
        }
        if let Some((batch, after)) = self.commit_pending()? {
            return Err(Stop::First(batch, after));
        }
        self.keep_up()?;
        let entries = self.unsent()?;
        let mut bodies = Vec::new();
        for (circle, entries) in &entries {
            bodies.push(body_reads(circle, entries));
        }
        self.kernel.rows.need(bodies.iter().flatten().cloned())?;
        let bodies = bodies.iter().map(|reads| self.kernel.rows.answers(reads)).collect::<Result<_, _>>()?;
        self.ask(entries, bodies)?;
        Ok(Step::Done)
    }

    /// Says what everyone's keys need before it asks.
    fn keep_up(&mut self) -> Result<(), Stop> {
        let circles: Vec<CircleId> = self.circles.keys().copied().collect();
        for circle in circles {
            // What can't be said of keys now must not keep back all else there is to send.
            if let Ok(Some(said)) = self.upkeep(&circle) {
                return Err(self.first(said));
            }
            self.write_again(&circle)?;
            self.seal_late(&circle)?;
            if self.resealing.contains(&circle) {
                self.reseal(&circle)?;
            }
        }
        Ok(())
    }

    fn wanted(&self, circle: &CircleId) -> Vec<BodyId> {
        let wanted = self.exchange.wanted.iter().filter(|(of, _)| of == circle);
        wanted.map(|(_, body)| *body).take(WANTED_BODIES_MAX).collect()
    }

    /// What is unsent in each circle, with its places.
    fn unsent(&self) -> Result<Vec<Unsent>, Stop> {
        // A phone that is not in yet says so first; what it wrote follows, signed with the chain that it is on.
        let own = self.device.as_ref().map(crate::trust::DeviceSecret::id);
        let sends = |local: &LocalCircle| own.is_some_and(|own| local.sends(&own));
        let circles: Vec<_> = self.circles.iter().filter(|(_, local)| sends(local)).collect();
        let reads: Vec<_> = circles.iter().map(|(circle, local)| unsent_reads(circle, &local.documents)).collect();
        self.kernel.rows.need(reads.iter().flatten().cloned())?;
        let mut unsent = Vec::new();
        for ((circle, local), reads) in circles.into_iter().zip(reads) {
            let results = self.kernel.rows.answers(&reads)?;
            let entries = unsent_entries(circle, &local.documents, &local.arrived, results).map_err(corrupt)?;
            let is_sent = |(_, entry): &(u64, StoredEntry)| !local.forked.contains(&entry.document.id(circle));
            unsent.push((*circle, entries.into_iter().filter(is_sent).collect()));
        }
        Ok(unsent)
    }

    fn ask(&mut self, entries: Vec<Unsent>, bodies: Vec<Vec<ReadResult>>) -> Result<(), Problem> {
        let device = self.device()?.clone();
        let (mut pages, mut signing) = (Vec::new(), Vec::new());
        let mut sending = crate::sorted::SortedSet::new();
        for ((circle, mut entries), bodies) in entries.into_iter().zip(bodies) {
            if let Some(local) = self.circles.get_mut(&circle) {
                local.arrived = SortedMap::new();
            }
            self.local(&circle)?.name_lost(&mut entries);
            sending.extend(entries.iter().map(|(_, entry)| entry.document.id(&circle)));
            let knows = self.local(&circle)?.keyring.history.chain().head();
            signing.extend(self.signing(&circle, &entries));
            pages.extend(sign_and_pack(&circle, &device, &knows, entries, bodies));
        }
        let cost: usize = pages.iter().map(|packed| packed.page.len()).sum();
        self.exchange.again |= keep_fitting(&mut pages);
        let asks_first = cost > PAGE_BYTES_MAX && self.circles.values().any(|local| !local.unsure.is_empty());
        if asks_first {
            pages.clear();
            sending.clear();
            signing.clear();
        }
        self.exchange.signing = signing;
        self.exchange.own_ends = ends_of(&pages);
        let pages: Vec<Vec<u8>> = pages.into_iter().map(|packed| packed.page).collect();
        let asked = self.asked();
        // What all circles say fits one frame: those later in line say it the next time.
        let mut left = REQUEST_SAID_BYTES;
        let circles = asked
            .iter()
            .filter_map(|circle| Some((circle, self.circles.get(circle)?)))
            .map(|(circle, local)| {
                let brought_back = local.keyring.brought_back().filter(|brought| brought.len_bytes() <= left);
                left -= brought_back.as_ref().map_or(0, BroughtBack::len_bytes);
                let statements = self.unsaid(circle, REQUEST_STATEMENTS_BYTES, left);
                let said = statements.iter().map(|said| said.statement.len() + said.attachment.len()).sum::<usize>();
                left = left.saturating_sub(said);
                let texts = local.keyring.texts(left);
                let said = texts.iter().map(|text| text.stated.statement.len() + text.stated.attachment.len());
                left = left.saturating_sub(said.sum::<usize>());
                CircleAsk {
                    texts,
                    wanted: self.wanted(circle),
                    statements,
                    brought_back,
                    sealing: self.sealing(local),
                    wants_warrant: self.wants_warrant(local),
                    ..local.ask(circle, &device.id(), asks_first)
                }
            })
            .collect::<Vec<_>>();
        self.note_recent(&sending);
        for circle in asked.iter().filter(|circle| self.circles[circle].is_removed()) {
            self.exchange.asked_out.insert(*circle, self.steady);
        }
        self.exchange.sent = sent_with(&circles);
        let marks = pages.iter().map(|page| PageMark::of(page)).collect();
        let header = RequestHeader::sign(&device, self.request_time(), RESPONSE_BYTES, circles, marks);
        let mut body = Frame::Request(header).encode();
        for page in pages {
            body.extend(Frame::Page(page).encode());
        }
        self.exchange.sending = sending;
        self.send_request("/v1/sync", body, asks_first);
        self.notify_status();
        Ok(())
    }
}

impl Engine {
    /// The circles to ask about: those that this phone is in or waits for, and once a day, or when its person asks,
    /// those that it is out of.
    fn asked(&self) -> Vec<CircleId> {
        let own = self.device.as_ref().map(crate::trust::DeviceSecret::id);
        let is_due = |circle: &CircleId, local: &LocalCircle| {
            let asked = self.exchange.asked_out.get(circle);
            let waited = asked.is_none_or(|at| self.steady.since_ms(*at) >= super::OUT_ASKED_EVERY_MS);
            !local.is_removed() || waited || !self.exchange.waiters.is_empty()
        };
        let is_stopped = |local: &LocalCircle| own.is_some_and(|own| local.keyring.is_other_person(&own));
        let asked = self.circles.iter().filter(|(circle, local)| is_due(circle, local) && !is_stopped(local));
        asked.map(|(circle, _)| *circle).take(CIRCLES_MAX).collect()
    }

    /// The epoch that this phone seals with from now on, once nothing sealed with an older one is on its way.
    fn sealing(&self, local: &LocalCircle) -> Option<EpochId> {
        let current = local.keyring.sealing_key(&KeyGroup::Circle).map(|(epoch, _)| epoch)?;
        let is_admitted = local.keyring.admitted().epoch(&KeyGroup::Circle, &current).is_some();
        (is_admitted && local.keyring.sealing != Some(current) && local.is_safe()).then_some(current)
    }

    /// Remembers of which documents something is on its way.
    fn note_recent(&mut self, sending: &crate::sorted::SortedSet<DocumentId>) {
        for local in self.circles.values_mut() {
            let theirs = sending.iter().filter(|document| local.documents.contains_key(document));
            local.recent.extend(theirs.copied().collect::<Vec<_>>());
        }
    }

    /// Whether something of this phone was taken up that can be written again now.
    pub(super) fn has_to_write_again(&self) -> bool {
        let Some(own) = self.device.as_ref().map(crate::trust::DeviceSecret::id) else { return false };
        self.circles.iter().any(|(circle, local)| {
            let is_due = |document: &DocumentId| self.can_write_again(circle, document, &own);
            !local.cursor.is_empty() && local.sends(&own) && local.lifted.keys().any(is_due)
        })
    }

    /// Whether this phone leads and its leave to enrol people with no network is half used, or runs out soon.
    fn wants_warrant(&self, local: &LocalCircle) -> bool {
        let Some(own) = self.device.as_ref().map(crate::trust::DeviceSecret::id) else { return false };
        let leads = local.keyring.admitted().device(&own).is_some_and(|device| device.role == Role::Facilitator);
        let soon = self.now.plus_ms(WARRANT_RENEWED_MS);
        let (kept, left) = (local.keyring.warrant.as_ref(), local.keyring.warrant_left());
        leads && kept.is_none_or(|(warrant, _)| left * 2 <= warrant.count || warrant.until < soon)
    }
}

impl LocalCircle {
    /// Says of entries that were signed at records which a restored backup lost what stood there, since no chain tells
    /// it any more.
    fn name_lost(&self, entries: &mut [(u64, crate::sync::StoredEntry)]) {
        let chain = self.keyring.history.chain();
        for signed in entries.iter_mut().filter_map(|(_, entry)| entry.signature.as_mut()) {
            let is_lost = chain.standing().kept_of(signed.generation).is_some_and(|kept| signed.position > kept);
            if is_lost && signed.lost_hash.is_none() {
                signed.lost_hash = chain.hash_of(signed.generation, signed.position);
            }
        }
    }

    fn ask(&self, circle: &CircleId, own: &DeviceId, asks_first: bool) -> CircleAsk {
        let begins_anew = self.cursor.is_empty();
        let is_unsure = |document: &DocumentId| begins_anew || self.unsure.contains(document);
        let names = self.documents.iter().filter(|(document, _)| is_unsure(document)).take(CLOCK_DOCUMENTS_MAX);
        CircleAsk {
            circle: *circle,
            cursor: self.cursor.clone(),
            chain: ChainCursor::of(&self.keyring.history.chain().head()),
            unsure: match asks_first || begins_anew {
                true => names.map(|(_, state)| state.name).collect(),
                false => Vec::new(),
            },
            clocks: self.clocks(own),
            ..CircleAsk::of(*circle)
        }
    }

    /// How far the chains here go. Of all documents, when everything is asked for anew; else of this device's own in
    /// those of which the server may hold what it was sent: so it sends back only what this phone lacks of its own.
    /// Where the server holds something else of this device, what it is not known to hold counts as not there.
    fn clocks(&self, own: &DeviceId) -> Vec<DocumentClock> {
        let begins_anew = self.cursor.is_empty();
        let is_asked = |document: &DocumentId| self.unsure.contains(document) || self.recent.contains(document);
        let documents = self.documents.iter().filter(|(document, _)| begins_anew || is_asked(document));
        let clocks = documents.map(|(document, state)| {
            let mut clock = state.clock();
            clock.chains.retain(|tip| begins_anew || tip.device == *own);
            let is_forked = self.forked.contains(document);
            for tip in clock.chains.iter_mut().filter(|tip| is_forked && tip.device == *own) {
                let chain = state.chain_of(own, tip.incarnation);
                tip.seq = tip.seq.min(chain.map_or(0, |chain| chain.remote_seq));
            }
            clock
        });
        clocks.filter(|clock| begins_anew || !clock.chains.is_empty()).take(CLOCK_DOCUMENTS_MAX).collect()
    }

    /// Whether entries of this circle can be sent: they are signed with the chain that this device is on.
    pub(in super::super) fn sends(&self, own: &DeviceId) -> bool {
        self.keyring.state == MemberState::Active && self.keyring.is_in(own) && !self.keyring.is_forked()
    }
}

/// Leaves as many pages as fit into one request; whether there were more.
fn keep_fitting(pages: &mut Vec<Packed>) -> bool {
    let (mut budget, all) = (REQUEST_PAGES_BYTES, pages.len());
    pages.retain(|packed| {
        let fits = budget > 0;
        budget = budget.saturating_sub(packed.page.len());
        fits
    });
    pages.truncate(PAGES_MAX);
    pages.len() < all
}

/// How far this device's own chains are in pages.
fn ends_of(pages: &[Packed]) -> SortedMap<ActorId, u64> {
    let mut ends: SortedMap<ActorId, u64> = SortedMap::new();
    for (actor, seq) in pages.iter().flat_map(|packed| &packed.own) {
        let end = ends.get_or_insert_with(*actor, || 0);
        *end = (*end).max(*seq);
    }
    ends
}

/// What a request says of each circle, for when its answer comes.
fn sent_with(circles: &[CircleAsk]) -> SortedMap<CircleId, super::Sent> {
    let sent = |ask: &CircleAsk| {
        let decoded =
            ask.statements.iter().filter_map(|stated| crate::trust::Statement::decode(&stated.statement).ok());
        let statements = decoded.map(|statement| statement.id()).collect();
        let brought_from = ask.brought_back.as_ref().map(|brought| brought.from);
        (ask.circle, super::Sent { statements, sealing: ask.sealing, brought_from, texts: ask.texts.len() })
    };
    circles.iter().map(sent).collect()
}
