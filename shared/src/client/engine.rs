//! The engine's parts, and what all tasks ask of them.

use crate::ids::{CircleId, DocumentId, MemberId};
use crate::time::{SteadyMs, TimestampMs};
use crate::trust::{DeviceSecret, Role};

use super::kernel::{self, Host, Kernel};
use super::parts::asking::Asking;
use super::parts::circle::LocalCircle;
use super::parts::circles::Circles;
use super::parts::clock::Clock;
use super::parts::documents::{ApplyObserver, Documents};
use super::parts::enrolling::Enrolling;
use super::parts::exchange::Exchange;
use super::parts::kinds::Kinds;
use super::parts::late::LateKeys;
use super::parts::leaving::Leavings;
use super::parts::lists::Lists;
use super::parts::opened::Opened;
use super::parts::phone::Phone;
use super::parts::places::KnownPlaces;
use super::parts::placing::Placing;
use super::parts::random::Random;
use super::parts::resumed::Resumed;
use super::parts::search::Search;
use super::parts::upkeep::Upkeep;
use super::view::{ListName, Notice, Reply};
use super::{CommandId, Effect, Problem};

pub(super) type After = kernel::After<Engine>;
pub(super) type Attempt = kernel::Attempt<Engine>;
pub(super) type Step = kernel::Step<Engine>;
pub(super) type Stop = kernel::Stop<Engine>;

/// The engine of one phone: everything a person does, on documents that are merged, stored and synced.
///
/// What it does it does in tasks, one at a time, which bring its parts together. Each part owns its fields.
#[derive(Default)]
pub struct Engine {
    pub(super) kernel: Kernel<Self>,
    pub(super) phone: Phone,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) circles: Circles,
    pub(super) documents: Documents,
    pub(super) opened: Opened,
    pub(super) lists: Lists,
    pub(super) kinds: Kinds,
    pub(super) exchange: Exchange,
    pub(super) upkeep: Upkeep,
    /// Somebody is coming in.
    pub(super) enrolling: Option<Enrolling>,
    /// A code that this phone shows, to come in with no network.
    pub(super) asking: Option<Asking>,
    pub(super) places: KnownPlaces,
    pub(super) placing: Placing,
    pub(super) late: LateKeys,
    pub(super) search: Search,
    /// What its person is told of a phone that took in what it had not written.
    pub(super) resumed: Option<Resumed>,
    /// Circles that their person leaves.
    pub(super) leavings: Leavings,
    /// When the shell was last asked to wake it.
    pub(super) wake_at: Option<SteadyMs>,
}

impl Host for Engine {
    fn kernel(&mut self) -> &mut Kernel<Self> {
        &mut self.kernel
    }

    fn rest(&mut self) {
        self.documents.rest();
        self.opened.rest();
    }

    fn forget_erased(&mut self) {
        let erased = self.kernel.rows.take_erased();
        if !erased.is_empty() {
            self.opened.forget_erased(&erased);
        }
    }
}

impl Engine {
    /// An engine that waits for [`super::Event::Start`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets who is told before changes are handed to Automerge.
    pub fn observe_applying(&mut self, observer: ApplyObserver) {
        self.documents.observe(observer);
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

    /// The time as this phone knows it.
    pub(super) fn now(&self) -> TimestampMs {
        self.clock.now()
    }

    /// Time that runs on.
    pub(super) fn steady(&self) -> SteadyMs {
        self.clock.steady()
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

    pub(super) fn device(&self) -> Result<&DeviceSecret, Problem> {
        self.phone.device()
    }

    pub(super) fn local(&self, circle: &CircleId) -> Result<&LocalCircle, Problem> {
        self.circles.local(circle)
    }

    /// This phone's member and role in a circle.
    pub(super) fn me(&self, circle: &CircleId) -> Result<(MemberId, Role), Problem> {
        self.circles.member(circle, self.phone.public()?)
    }

    /// The circle that holds a document.
    pub(super) fn circle_of(&self, document: &DocumentId) -> Result<CircleId, Problem> {
        self.circles.of_document(document)
    }
}
