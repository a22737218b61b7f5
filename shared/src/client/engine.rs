mod circle;

use crate::sorted::{SortedMap, SortedSet};

use crate::ids::{CircleId, DocumentId, MemberId};
use crate::time::{Now, SteadyMs, TimestampMs};
use crate::trust::{DeviceSecret, Role};

use super::clock::Clock;
use super::exchange::Exchange;
use super::kernel::{self, Host, Kernel};
use super::local::OpenDocument;
use super::random::Random;
use super::summaries::Summary;
use super::view::{ListName, Notice, Reply};
use super::{CommandId, Effect, Event, Problem, ProblemCode};

pub(super) use circle::LocalCircle;

pub(super) type After = kernel::After<Engine>;
pub(super) type Attempt = kernel::Attempt<Engine>;
pub(super) type Step = kernel::Step<Engine>;
pub(super) type Stop = kernel::Stop<Engine>;

/// How long what was typed may wait before it becomes a change. It is kept as a draft from the first moment.
pub(super) const COALESCE_MS: u64 = 5_000;

/// The engine of one phone: everything a person does, on documents that are merged, stored and synced.
///
/// What it does it does in tasks, one at a time ([`kernel`]).
pub struct Engine {
    pub(super) kernel: Kernel<Self>,
    pub(super) kinds: super::kinds::Kinds,
    pub(super) clock: Clock,
    /// The time as this phone knows it: what is written is dated by it.
    pub(super) now: TimestampMs,
    /// Time that runs on: what is due is counted by it.
    pub(super) steady: SteadyMs,
    pub(super) random: Random,
    pub(super) origin: String,
    pub(super) device: Option<DeviceSecret>,
    pub(super) circles: SortedMap<CircleId, LocalCircle>,
    pub(super) open: SortedMap<DocumentId, OpenDocument>,
    pub(super) device_stored: bool,
    pub(super) watched: SortedSet<DocumentId>,
    pub(super) summaries: SortedMap<DocumentId, Summary>,
    pub(super) observer: Option<super::ApplyObserver>,
    pub(super) quarantined: SortedMap<DocumentId, u64>,
    pub(super) summaries_new: SortedSet<DocumentId>,
    /// Documents of which drafts are in the store that no open document has; an error when it was tried in vain to make
    /// a change of them.
    pub(super) drafted: SortedMap<DocumentId, Result<(), ()>>,
    pub(super) exchange: Exchange,
    /// A code that this phone shows, to come in with no network.
    pub(super) asking: Option<super::qr::Asking>,
    /// Where this phone's own entries that were sent were signed.
    pub(super) signed: SortedMap<DocumentId, Vec<(u64, super::places::Place)>>,
    /// Where others' entries were signed, of documents in which that was asked.
    pub(super) places: SortedMap<DocumentId, super::places::Places>,
    /// Where what was written by a clock that is far off stands; of each document by author and op.
    pub(super) placed: SortedMap<DocumentId, Vec<crate::sync::placing::Placed>>,
    /// Places that this phone found itself, and that are not written yet.
    pub(super) placed_new: Vec<crate::sync::placing::Placed>,
    /// Circles in which somebody may have come since messages of this phone were sealed.
    pub(super) resealing: SortedSet<CircleId>,
    /// Documents of which the server did not take something, for its old key.
    pub(super) late: super::late_key::LateKeys,
    /// What its person is told of a phone that took in what it had not written.
    pub(super) resumed: Option<super::putback::Resumed>,
    /// When statements last came or were made.
    pub(super) trust_changed: Option<SteadyMs>,
    /// When keys are to be looked after again, once others had their time.
    pub(super) upkeep_due: Option<SteadyMs>,
    wake_at: Option<SteadyMs>,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for Engine {
    fn kernel(&mut self) -> &mut Kernel<Self> {
        &mut self.kernel
    }
}

impl Engine {
    /// An engine that waits for [`Event::Start`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            kernel: Kernel::default(),
            kinds: super::kinds::Kinds::default(),
            clock: Clock::default(),
            now: TimestampMs(0),
            steady: SteadyMs(0),
            random: Random::new([0; 32]),
            origin: String::new(),
            device: None,
            circles: SortedMap::new(),
            open: SortedMap::new(),
            device_stored: false,
            watched: SortedSet::new(),
            summaries: SortedMap::new(),
            observer: None,
            quarantined: SortedMap::new(),
            summaries_new: SortedSet::new(),
            drafted: SortedMap::new(),
            exchange: Exchange::default(),
            asking: None,
            signed: SortedMap::new(),
            places: SortedMap::new(),
            placed: SortedMap::new(),
            placed_new: Vec::new(),
            resealing: SortedSet::new(),
            late: super::late_key::LateKeys::default(),
            resumed: None,
            trust_changed: None,
            upkeep_due: None,
            wake_at: None,
        }
    }

    /// Takes an event in, at `now` by the phone's clocks.
    pub fn handle(&mut self, event: Event, now: impl Into<Now>) {
        self.handle_at(event, now.into());
    }

    fn handle_at(&mut self, event: Event, now: Now) {
        if self.look_at_clocks(now) {
            // The shell counts what is left by a clock that stood still.
            self.wake_at = None;
        }
        match event {
            Event::Start { entropy, origin } => {
                self.origin = origin;
                self.kernel.enqueue(super::start::Start { entropy });
            }
            Event::Command { id, command } => self.take_command(id, command),
            Event::Stored { id, results } => Kernel::stored(self, id, results),
            Event::Committed { id, outcome } => Kernel::committed(self, id, outcome),
            Event::HttpBytes { id, bytes } => self.handle_http_bytes(id, &bytes),
            Event::HttpEnd { id } => self.handle_http_end(id),
            Event::HttpFailed { id, failure } => self.handle_http_failed(id, failure),
            Event::Nudge => {
                self.flush_due();
                self.exchange_wake();
                self.sync_soon(0);
            }
            Event::Wake => {
                self.wake_at = None;
                self.handle_wake();
            }
        }
        Kernel::run(self);
        self.ask_to_wake();
    }

    /// What to do next, if anything.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.kernel.next_effect()
    }

    /// Whether nothing is waiting or under way but the network.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.kernel.is_idle()
    }

    pub(super) fn push(&mut self, effect: Effect) {
        self.kernel.push(effect);
    }

    pub(super) fn reply(&mut self, id: CommandId, reply: Result<Reply, Problem>) {
        self.push(Effect::Reply { id, reply });
    }

    pub(super) fn notify_lists(&mut self, circle: &CircleId, what: &[ListName]) {
        self.push(Effect::Notice(Notice::Lists { circle: circle.to_string(), what: what.to_vec() }));
    }

    fn ask_to_wake(&mut self) {
        let drafts = self.open.values().filter_map(|open| open.commit_due);
        let Some(at) = drafts.chain(self.exchange.due).min() else { return };
        if self.wake_at != Some(at) {
            self.wake_at = Some(at);
            self.push(Effect::Wake { in_ms: at.since_ms(self.steady) });
        }
    }

    fn handle_wake(&mut self) {
        self.flush_due();
        self.exchange_wake();
    }

    fn flush_due(&mut self) {
        if self.open.values().any(|open| open.commit_due.is_some_and(|due| due <= self.steady)) {
            self.kernel.enqueue(super::drafting::Flush);
        }
    }

    pub(super) fn device(&self) -> Result<&DeviceSecret, Problem> {
        self.device.as_ref().ok_or_else(|| Problem::new(ProblemCode::EngineStopped, "the engine has not started"))
    }

    pub(super) fn local(&self, circle: &CircleId) -> Result<&LocalCircle, Problem> {
        self.circles
            .get(circle)
            .ok_or_else(|| Problem::new(ProblemCode::UnknownCircle, "this phone is in no such circle"))
    }

    /// This phone's member and role in a circle.
    pub(super) fn me(&self, circle: &CircleId) -> Result<(MemberId, Role), Problem> {
        let device = self.device()?.id();
        let (author, _) = self
            .local(circle)?
            .roster
            .author(&device)
            .ok_or_else(|| Problem::new(ProblemCode::Removed, "this phone is out"))?;
        Ok((author.member, author.role))
    }

    /// The circle that holds a document.
    pub(super) fn circle_of(&self, document: &DocumentId) -> Result<CircleId, Problem> {
        self.circles
            .iter()
            .find(|(_, local)| local.documents.contains_key(document))
            .map(|(circle, _)| *circle)
            .ok_or_else(|| Problem::new(ProblemCode::UnknownDocument, "this phone has no such document"))
    }
}
