//! Where the phone stands with the server: the exchange under way, what it said, who waits for its end, and when to ask
//! next. An exchange is one or more requests, each with its answer; what is done with an answer is the tasks' business.

mod request;
#[cfg(test)]
mod tests;

use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EntryId, EpochId, StatementId};
use crate::sorted::{SortedMap, SortedSet};
use crate::time::{SteadyMs, TimestampMs};
use crate::wire::{Cursor, Frame, WANTED_BODIES_MAX};

use super::super::{Command, CommandId, HttpId, Problem, ProblemCode};
use super::places::Signing;

pub(in crate::client) use request::Request;

/// The wait after a first failure; doubled with each, up to the longest.
const RETRY_FIRST_MS: u64 = 2_000;
const RETRY_LONGEST_MS: u64 = 5 * 60_000;
/// How soon after an edit it is sent, so that what belongs together travels together.
pub(in crate::client) const SEND_AFTER_MS: u64 = 800;
/// How often a phone asks about a circle that it is out of: so it hears of it when its person is brought back.
const OUT_ASKED_EVERY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Most entries that are left out once in a run.
const HELD_MAX: usize = 256;

/// The exchange, and what outlives it.
#[derive(Default)]
pub(in crate::client) struct Exchange {
    /// When to ask next; while a request is under way, when it is given up.
    due: Option<SteadyMs>,
    is_running: bool,
    /// Another request follows this one.
    again: bool,
    request: Option<Request>,
    said: Said,
    failures: u32,
    is_clock_retried: bool,
    /// What stood in the way of the last exchange.
    problem: Option<Problem>,
    last_safe: Option<TimestampMs>,
    last_try: Option<TimestampMs>,
    /// Documents of which something is on its way.
    sending: SortedSet<DocumentId>,
    /// Bodies that documents name and that are not here.
    wanted: SortedSet<(CircleId, BodyId)>,
    /// Circles that were asked about anew in this run, for what was not taken of them.
    resynced: SortedSet<CircleId>,
    /// The last answer brought records of which nothing could be taken.
    is_stalled: bool,
    /// Circles of which something in this exchange was not taken, and is asked for again: later pages move no cursor.
    stuck: SortedSet<CircleId>,
    /// When this phone last asked about circles that it is out of.
    asked_out: SortedMap<CircleId, SteadyMs>,
    /// Commands that wait for the end.
    waiters: Vec<CommandId>,
    /// Commands that wait until the circle's chain was looked at.
    looking: Vec<(CommandId, Command)>,
    /// Commands whose turn it is now.
    looked: SortedSet<CommandId>,
    /// This run took in everything there was, once.
    has_caught_up: bool,
    /// This exchange brought something of this device that it had not written.
    has_resumed: bool,
    /// Refused entries that the next request leaves out with what follows them in their documents.
    held: SortedMap<DocumentId, EntryId>,
    /// Those that some request of this run left out.
    was_held: SortedSet<EntryId>,
}

/// What the request under way said.
#[derive(Default)]
pub(in crate::client) struct Said {
    /// Own entries: how far in each document, and with which end of the chain they are signed.
    pub signing: Vec<Signing>,
    /// How far this device's own chains are in it.
    pub own_ends: SortedMap<ActorId, u64>,
    /// What it said of each circle beside its pages.
    pub sent: SortedMap<CircleId, Sent>,
}

/// What a request said of a circle beside its pages.
#[derive(Clone, Debug, Default)]
pub(in crate::client) struct Sent {
    pub statements: Vec<StatementId>,
    pub sealing: Option<EpochId>,
    /// From which position on it brought records that the server lacks.
    pub brought_from: Option<u64>,
    /// How many texts it brought that the server lacks.
    pub texts: usize,
}

/// How an exchange that failed goes on.
pub(in crate::client) struct Failed {
    /// The request to be broken off.
    pub abort: Option<HttpId>,
    /// Documents of which something may have arrived.
    pub sending: SortedSet<DocumentId>,
}

impl Exchange {
    /// When to look after it again.
    pub(in crate::client) fn due(&self) -> Option<SteadyMs> {
        self.due
    }

    /// Asks at `at`, or sooner when that was to be.
    pub(in crate::client) fn ask_at(&mut self, at: SteadyMs) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// Whether it is due now; if so, it is no more.
    pub(in crate::client) fn take_due(&mut self, now: SteadyMs) -> bool {
        let is_due = self.due.is_some_and(|due| due <= now);
        self.due = self.due.filter(|_| !is_due);
        is_due
    }

    /// Whether an exchange is under way.
    pub(in crate::client) fn is_running(&self) -> bool {
        self.is_running
    }

    /// An exchange begins.
    pub(in crate::client) fn begin(&mut self) {
        (self.is_running, self.due) = (true, None);
        self.stuck.clear();
        self.has_resumed = false;
    }

    /// Another request follows this one.
    pub(in crate::client) fn ask_again(&mut self) {
        self.again = true;
    }

    /// A request went out, at `now` by the server's time; what it said, and of which documents something is in it.
    pub(in crate::client) fn note_sent(&mut self, request: Request, now: TimestampMs) {
        self.last_try = Some(now);
        self.due = Some(request.stale_at());
        self.request = Some(request);
    }

    /// What the next request says.
    pub(in crate::client) fn say(&mut self, said: Said, sending: SortedSet<DocumentId>) {
        (self.said, self.sending) = (said, sending);
    }

    /// The request under way.
    pub(in crate::client) fn request(&self) -> Option<&Request> {
        self.request.as_ref()
    }

    /// Whether the request under way is this.
    pub(in crate::client) fn is_under_way(&self, id: HttpId) -> bool {
        self.request.as_ref().is_some_and(|request| request.id() == id)
    }

    /// The request is over.
    pub(in crate::client) fn take_request(&mut self) -> Option<Request> {
        self.request.take()
    }

    /// Takes bytes of the answer to the request under way: the frames that are whole now, and whether what follows is
    /// none of ours.
    pub(in crate::client) fn feed(&mut self, bytes: &[u8], now: SteadyMs) -> (Vec<Frame>, bool) {
        let Some(request) = &mut self.request else { return (Vec::new(), false) };
        let frames = request.feed(bytes, now);
        self.due = Some(request.stale_at());
        frames
    }

    /// How long ago the request under way went out.
    pub(in crate::client) fn sent_ms_ago(&self, now: SteadyMs) -> Option<u64> {
        self.request.as_ref().map(|request| request.sent_ms_ago(now))
    }

    /// The server said that its answer is whole; `more`: there is more to ask for.
    pub(in crate::client) fn note_end(&mut self, more: bool) {
        if let Some(request) = &mut self.request {
            request.note_end(more);
        }
    }

    /// Whether the server said so.
    pub(in crate::client) fn has_ended(&self) -> bool {
        self.request.as_ref().is_some_and(Request::has_ended)
    }

    /// What the request under way said of a circle.
    pub(in crate::client) fn said_of(&self, circle: &CircleId) -> Sent {
        self.said.sent.get(circle).cloned().unwrap_or_default()
    }

    /// How far this device's own chains were in it.
    pub(in crate::client) fn own_ends(&self) -> &SortedMap<ActorId, u64> {
        &self.said.own_ends
    }

    /// Which own entries were in it; they are asked for once.
    pub(in crate::client) fn take_signing(&mut self) -> Vec<Signing> {
        core::mem::take(&mut self.said.signing)
    }

    /// Notes how far the answer leads: in circles that are asked about anew, nowhere.
    pub(in crate::client) fn lead_to(
        &mut self,
        cursors: impl Iterator<Item = (CircleId, Cursor)>,
        anew: &SortedSet<CircleId>,
    ) {
        self.stuck.extend(anew.iter().copied());
        if let Some(request) = &mut self.request {
            let cursors = cursors.filter(|(circle, cursor)| !cursor.is_empty() && !anew.contains(circle));
            request.lead_to(cursors.collect());
        }
    }

    /// What this answer brings of a circle moves no cursor: it is asked about anew.
    pub(in crate::client) fn stick(&mut self, circle: CircleId) {
        self.stuck.insert(circle);
        if let Some(request) = &mut self.request {
            request.lead_nowhere(&circle);
        }
        self.again = true;
    }

    /// Whether that is so.
    pub(in crate::client) fn is_stuck(&self, circle: &CircleId) -> bool {
        self.stuck.contains(circle)
    }

    /// A page of the answer was read, and left this for the next.
    pub(in crate::client) fn note_page(&mut self, left: Vec<u8>) {
        if let Some(request) = &mut self.request {
            request.note_page(left);
        }
    }

    /// The next request leaves an entry out with what follows it: what comes before is signed by itself then. Once in a
    /// run; whether it does.
    pub(in crate::client) fn hold(&mut self, document: DocumentId, entry: EntryId) -> bool {
        let may = self.held.get(&document).is_none() && self.was_held.len() < HELD_MAX;
        let holds = may && self.was_held.insert(entry);
        if holds {
            self.held.insert(document, entry);
        }
        holds
    }

    /// What the next request leaves out.
    pub(in crate::client) fn held(&self) -> &SortedMap<DocumentId, EntryId> {
        &self.held
    }

    /// The request without it was answered: the one after it leaves out nothing.
    pub(in crate::client) fn release(&mut self) {
        self.held = SortedMap::new();
    }

    /// Whether a circle may be asked about anew for what was not taken of it: once in a run.
    pub(in crate::client) fn may_resync(&mut self, circle: CircleId) -> bool {
        self.resynced.insert(circle)
    }

    /// Whether the answer brought records of which nothing could be taken.
    pub(in crate::client) fn set_stalled(&mut self, is_stalled: bool) {
        self.is_stalled = is_stalled;
    }

    /// Whether another request makes sense at once. What is cut off and of which nothing could be taken would be asked
    /// for again without a pause.
    pub(in crate::client) fn goes_on(&self, request: &Request) -> bool {
        (request.has_more() && !self.is_stalled) || request.asks_first()
    }

    /// An exchange came to its end; whether something asked for another meanwhile. `safe_at`: the time, when all is on
    /// the server.
    pub(in crate::client) fn end(&mut self, safe_at: Option<TimestampMs>) -> bool {
        self.sending.clear();
        (self.failures, self.is_clock_retried) = (0, false);
        self.problem = None;
        self.is_running = false;
        self.last_safe = safe_at.or(self.last_safe);
        core::mem::take(&mut self.again)
    }

    /// All that there was came: asks next at `upkeep`, a day after it last asked about circles that it is out of, or a
    /// while after an answer of which nothing could be taken.
    pub(in crate::client) fn rest(&mut self, upkeep: Option<SteadyMs>, out: &[CircleId], now: SteadyMs) {
        self.has_caught_up = true;
        let out = out.iter().filter_map(|circle| self.asked_out.get(circle)).map(|at| at.plus_ms(OUT_ASKED_EVERY_MS));
        let stalled = core::mem::take(&mut self.is_stalled).then(|| now.plus_ms(RETRY_LONGEST_MS));
        self.due = upkeep.into_iter().chain(out).chain(stalled).min();
    }

    /// An exchange did not reach its end; it is tried again after a while that doubles, `jitter` of 255 longer by up to
    /// half. `is_out`: this phone is out of all its circles.
    pub(in crate::client) fn fail(&mut self, problem: Problem, is_out: bool, jitter: u8, now: SteadyMs) -> Failed {
        let is_out = is_out && problem.code == ProblemCode::Removed;
        let doubled = RETRY_FIRST_MS.saturating_mul(1 << self.failures.min(16));
        let wait_ms = if is_out { OUT_ASKED_EVERY_MS } else { doubled.min(RETRY_LONGEST_MS) };
        self.failures += 1;
        (self.is_clock_retried, self.is_running, self.again) = (false, false, false);
        self.problem = Some(problem);
        self.due = Some(now.plus_ms(wait_ms + wait_ms * u64::from(jitter) / 512));
        let abort = self.request.take().map(|request| request.id());
        Failed { abort, sending: core::mem::take(&mut self.sending) }
    }

    /// The server finds this phone's clock wrong; whether that was not tried again yet.
    pub(in crate::client) fn may_retry_clock(&mut self) -> bool {
        !core::mem::replace(&mut self.is_clock_retried, true)
    }

    /// What stood in the way of the last exchange.
    pub(in crate::client) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// Something stands in the way.
    pub(in crate::client) fn set_problem(&mut self, problem: Problem) {
        self.problem = Some(problem);
    }

    /// When all was on the server, and when it was last tried.
    pub(in crate::client) fn last(&self) -> (Option<TimestampMs>, Option<TimestampMs>) {
        (self.last_safe, self.last_try)
    }

    /// Whether something of a document is on its way.
    pub(in crate::client) fn is_sending(&self, document: &DocumentId) -> bool {
        self.sending.contains(document)
    }

    /// A document names a body that is not here.
    pub(in crate::client) fn want(&mut self, circle: &CircleId, body: &BodyId) {
        self.wanted.insert((*circle, *body));
    }

    /// Bodies that a circle's documents name: as many as one request asks for.
    pub(in crate::client) fn wanted_of(&self, circle: &CircleId) -> Vec<BodyId> {
        let wanted = self.wanted.iter().filter(|(of, _)| of == circle);
        wanted.map(|(_, body)| *body).take(WANTED_BODIES_MAX).collect()
    }

    /// The circles whose documents name a body.
    pub(in crate::client) fn wants(&self, body: &BodyId) -> Vec<CircleId> {
        self.wanted.iter().filter(|(_, wanted)| wanted == body).map(|(circle, _)| *circle).collect()
    }

    /// A body is here now.
    pub(in crate::client) fn note_body(&mut self, circle: CircleId, body: BodyId) {
        self.wanted.remove(&(circle, body));
    }

    /// Whether to ask about a circle that this phone is out of: once a day, or when its person asks.
    pub(in crate::client) fn asks_about_out(&self, circle: &CircleId, now: SteadyMs) -> bool {
        let asked = self.asked_out.get(circle);
        asked.is_none_or(|at| now.since_ms(*at) >= OUT_ASKED_EVERY_MS) || !self.waiters.is_empty()
    }

    /// It was asked about.
    pub(in crate::client) fn note_asked_out(&mut self, circle: CircleId, now: SteadyMs) {
        self.asked_out.insert(circle, now);
    }

    /// A command waits for the end.
    pub(in crate::client) fn wait(&mut self, id: CommandId) {
        self.waiters.push(id);
    }

    /// Those that waited.
    pub(in crate::client) fn take_waiters(&mut self) -> Vec<CommandId> {
        core::mem::take(&mut self.waiters)
    }

    /// A command waits until the circle's chain was looked at.
    pub(in crate::client) fn look_first(&mut self, id: CommandId, command: Command) {
        self.looking.push((id, command));
    }

    /// Whether a command's turn has come: its circle's chain was looked at, or there is no network to look by.
    pub(in crate::client) fn has_looked(&self, id: CommandId) -> bool {
        let is_offline = self.problem.as_ref().is_some_and(|problem| problem.code == ProblemCode::Offline);
        self.looked.contains(&id) || is_offline
    }

    /// The commands whose turn it is.
    pub(in crate::client) fn take_looked(&mut self) -> Vec<(CommandId, Command)> {
        let looked = core::mem::take(&mut self.looking);
        self.looked.extend(looked.iter().map(|(id, _)| *id));
        looked
    }

    /// This run took in everything there was, once.
    pub(in crate::client) fn has_caught_up(&self) -> bool {
        self.has_caught_up
    }

    /// Whether this exchange brought something of this device that it had not written.
    pub(in crate::client) fn has_resumed(&self) -> bool {
        self.has_resumed
    }

    /// It did.
    pub(in crate::client) fn note_resumed(&mut self) {
        self.has_resumed = true;
    }
}
