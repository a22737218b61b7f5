//! What a request says: statements, what is unsent, and what it asks for.

use crate::ids::{ActorId, CircleId, DocumentId, EntryId, EpochId, PageMark};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::ReadResult;
use crate::sync::StoredEntry;
use crate::sync::phone::{Packed, body_reads, entry_id, sign_and_pack, unsent_entries, unsent_reads};
use crate::trust::{KeyGroup, Role, Statement};
use crate::wire::{BroughtBack, CIRCLES_MAX, CircleAsk, Frame, PAGE_BYTES_MAX, PAGES_MAX, RequestHeader};

use super::super::Problem;
use super::super::engine::{Attempt, Engine, Step, Stop};
use super::super::parts::circle::LocalCircle;
use super::super::parts::exchange::{Said, Sent};
use super::super::parts::places::signing;
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
        if self.enrolling.is_some() {
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
        let circles: Vec<CircleId> = self.circles.ids();
        for circle in circles {
            // What can't be said of keys now must not keep back all else there is to send.
            if let Ok(Some(said)) = self.upkeep(&circle) {
                return Err(self.first(said));
            }
            self.lift_led(&circle)?;
            self.write_again(&circle)?;
            self.seal_late(&circle)?;
            if self.upkeep.has_to_reseal(&circle) {
                self.reseal(&circle)?;
            }
        }
        Ok(())
    }

    /// What is unsent in each circle, with its places.
    fn unsent(&self) -> Result<Vec<Unsent>, Stop> {
        // A phone that is not in yet says so first; what it wrote follows, signed with the chain that it is on.
        let own = self.phone.id();
        let sends = |local: &LocalCircle| own.is_some_and(|own| local.sends(&own));
        let circles: Vec<_> = self.circles.iter().filter(|(_, local)| sends(local)).collect();
        let reads: Vec<_> = circles.iter().map(|(circle, local)| unsent_reads(circle, local.documents())).collect();
        self.kernel.rows.need(reads.iter().flatten().cloned())?;
        let mut unsent = Vec::new();
        for ((circle, local), reads) in circles.into_iter().zip(reads) {
            let results = self.kernel.rows.answers(&reads)?;
            let entries = unsent_entries(circle, local.documents(), local.arrived(), results).map_err(corrupt)?;
            let is_sent = |(_, entry): &(u64, StoredEntry)| !local.is_forked(&entry.document.id(circle));
            let entries = entries.into_iter().filter(is_sent).collect();
            unsent.push((*circle, up_to_held(circle, entries, self.exchange.held())));
        }
        Ok(unsent)
    }

    fn ask(&mut self, entries: Vec<Unsent>, bodies: Vec<Vec<ReadResult>>) -> Result<(), Problem> {
        let device = self.device()?.clone();
        let (mut pages, mut said) = (Vec::new(), Said::default());
        let mut sending = SortedSet::new();
        for ((circle, mut entries), bodies) in entries.into_iter().zip(bodies) {
            if let Some(local) = self.circles.get_mut(&circle) {
                local.forget_arrived();
            }
            self.local(&circle)?.name_lost(&mut entries);
            sending.extend(entries.iter().map(|(_, entry)| entry.document.id(&circle)));
            let knows = self.local(&circle)?.keyring().history().chain().head();
            said.signing.extend(signing(&circle, &device.id(), &entries));
            pages.extend(sign_and_pack(&circle, &device, &knows, entries, bodies));
        }
        let cost: usize = pages.iter().map(|packed| packed.page.len()).sum();
        if keep_fitting(&mut pages) {
            self.exchange.ask_again();
        }
        let asks_first = cost > PAGE_BYTES_MAX && self.circles.any(LocalCircle::is_unsure);
        if asks_first {
            pages.clear();
            sending.clear();
            said.signing.clear();
        }
        said.own_ends = ends_of(&pages);
        let pages: Vec<Vec<u8>> = pages.into_iter().map(|packed| packed.page).collect();
        let asked = self.asked();
        // What all circles say fits one frame: those later in line say it the next time.
        let mut left = REQUEST_SAID_BYTES;
        let circles = asked
            .iter()
            .filter_map(|circle| Some((circle, self.circles.get(circle)?)))
            .map(|(circle, local)| {
                let brought_back = local.keyring().brought_back().filter(|brought| brought.len_bytes() <= left);
                left -= brought_back.as_ref().map_or(0, BroughtBack::len_bytes);
                let statements = self.unsaid(circle, REQUEST_STATEMENTS_BYTES, left);
                let statements_bytes =
                    statements.iter().map(|said| said.statement.len() + said.attachment.len()).sum::<usize>();
                left = left.saturating_sub(statements_bytes);
                let texts = local.keyring().texts(left);
                let texts_bytes = texts.iter().map(|text| text.stated.statement.len() + text.stated.attachment.len());
                left = left.saturating_sub(texts_bytes.sum::<usize>());
                CircleAsk {
                    texts,
                    wanted: self.exchange.wanted_of(circle),
                    statements,
                    brought_back,
                    sealing: self.sealing(local),
                    wants_warrant: self.wants_warrant(local),
                    ..local.ask(circle, &device.id(), asks_first)
                }
            })
            .collect::<Vec<_>>();
        self.circles.values_mut().for_each(|local| local.note_recent(&sending));
        let now = self.steady();
        for circle in asked {
            if self.circles.get(&circle).is_some_and(LocalCircle::is_removed) {
                self.exchange.note_asked_out(circle, now);
            }
        }
        said.sent = sent_with(&circles);
        let marks = pages.iter().map(|page| PageMark::of(page)).collect();
        let header = RequestHeader::sign(&device, self.request_time(), RESPONSE_BYTES, circles, marks);
        let mut body = Frame::Request(header).encode();
        for page in pages {
            body.extend(Frame::Page(page).encode());
        }
        self.exchange.say(said, sending);
        let (id, request) = self.new_request(body.len());
        self.send_request((id, request.asking_first(asks_first)), "/v1/sync", body);
        self.notify_status();
        Ok(())
    }
}

impl Engine {
    /// The circles to ask about: those that this phone is in or waits for, and once a day, or when its person asks,
    /// those that it is out of.
    fn asked(&self) -> Vec<CircleId> {
        let own = self.phone.id();
        let is_due = |circle: &CircleId, local: &LocalCircle| {
            !local.is_removed() || self.exchange.asks_about_out(circle, self.steady())
        };
        let is_stopped = |local: &LocalCircle| own.is_some_and(|own| local.keyring().is_other_person(&own));
        let asked = self.circles.iter().filter(|(circle, local)| is_due(circle, local) && !is_stopped(local));
        asked.map(|(circle, _)| *circle).take(CIRCLES_MAX).collect()
    }

    /// The epoch that this phone seals with from now on, once nothing sealed with an older one is on its way.
    fn sealing(&self, local: &LocalCircle) -> Option<EpochId> {
        let current = local.keyring().sealing_key(&KeyGroup::Circle).map(|(epoch, _)| epoch)?;
        let is_admitted = local.keyring().admitted().epoch(&KeyGroup::Circle, &current).is_some();
        (is_admitted && local.keyring().sealing() != Some(current) && local.is_safe()).then_some(current)
    }

    /// Whether something of this phone was taken up that can be written again now.
    pub(super) fn has_to_write_again(&self) -> bool {
        let Some(own) = self.phone.id() else { return false };
        self.circles.iter().any(|(circle, local)| {
            let is_due = |document: &DocumentId| self.can_write_again(circle, document, &own);
            !local.cursor().is_empty() && local.sends(&own) && local.lifted().keys().any(is_due)
        })
    }

    /// Whether this phone leads and its leave to enrol people with no network is half used, or runs out soon.
    fn wants_warrant(&self, local: &LocalCircle) -> bool {
        let Some(own) = self.phone.id() else { return false };
        let leads = local.keyring().admitted().device(&own).is_some_and(|device| device.role == Role::Facilitator);
        let soon = self.now().plus_ms(WARRANT_RENEWED_MS);
        let (kept, left) = (local.keyring().warrant(), local.keyring().warrant_left());
        leads && kept.is_none_or(|(warrant, _)| left * 2 <= warrant.count || warrant.until < soon)
    }
}

/// The entries without what a request leaves out.
fn up_to_held(
    circle: &CircleId,
    entries: Vec<(u64, StoredEntry)>,
    held: &SortedMap<DocumentId, EntryId>,
) -> Vec<(u64, StoredEntry)> {
    if held.is_empty() {
        return entries;
    }
    let mut met = SortedSet::new();
    let is_before = |(_, entry): &(u64, StoredEntry)| {
        let document = entry.document.id(circle);
        if held.get(&document).is_some_and(|held| entry_id(circle, entry) == Some(*held)) {
            met.insert(document);
        }
        !met.contains(&document)
    };
    entries.into_iter().filter(is_before).collect()
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
fn sent_with(circles: &[CircleAsk]) -> SortedMap<CircleId, Sent> {
    let sent = |ask: &CircleAsk| {
        let decoded = ask.statements.iter().filter_map(|stated| Statement::decode(&stated.statement).ok());
        let statements = decoded.map(|statement| statement.id()).collect();
        let brought_from = ask.brought_back.as_ref().map(|brought| brought.from);
        (ask.circle, Sent { statements, sealing: ask.sealing, brought_from, texts: ask.texts.len() })
    };
    circles.iter().map(sent).collect()
}
