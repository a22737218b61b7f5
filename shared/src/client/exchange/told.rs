//! What a person is told of the exchange.

use crate::ids::CircleId;
use crate::time::TimestampMs;
use crate::wire::{Fetched, Problem as WireProblem, ProblemCode as WireCode};

use super::super::engine::Engine;
use super::super::parts::circle::LocalCircle;
use super::super::view::{Notice, Reply, SyncState, SyncStatus};
use super::super::{Effect, Problem, ProblemCode, Why};

impl Engine {
    pub(super) fn answer_waiters(&mut self) {
        for (id, command) in self.exchange.take_looked() {
            self.take_command(id, command);
        }
        let status = self.status();
        for id in self.exchange.take_waiters() {
            self.reply(id, Ok(Reply::Status(status.clone())));
        }
        self.notify_status();
    }

    pub(in crate::client) fn notify_status(&mut self) {
        let status = self.status();
        self.push(Effect::Notice(Notice::Status { status }));
    }

    /// How it stands, in full.
    pub(in crate::client) fn status(&self) -> SyncStatus {
        let exchange = &self.exchange;
        let state = match exchange.problem() {
            _ if exchange.is_running() => SyncState::Syncing,
            None => SyncState::Idle,
            Some(problem) if problem.code == ProblemCode::Offline => SyncState::Offline,
            Some(_) => SyncState::Failed,
        };
        let outbox = self.outbox();
        let removed = self.circles.any(LocalCircle::is_removed).then(removed);
        let (last_safe, last_try) = exchange.last();
        SyncStatus {
            state,
            last_safe_ms: last_safe.map(|at| at.0),
            last_try_ms: last_try.map(|at| at.0),
            unsent_items: outbox.len() as u64,
            unsent_bytes: outbox.iter().map(|item| item.bytes).sum(),
            progress: self.fetched(),
            clock: self.clock.shown(),
            resumed: self.resumed.and_then(|resumed| resumed.unread()),
            problem: exchange.problem().cloned().or(removed).or_else(|| self.circles.lacking_problem()),
        }
    }

    /// How much of what a new phone is given is here, of all circles that it is given; none once all of it is.
    fn fetched(&self) -> Option<f64> {
        let of = |(_, local): (&_, &LocalCircle)| Fetched::of(local.cursor());
        let is_served = |(_, local): &(&_, &LocalCircle)| !local.is_removed();
        let fetched: Vec<Fetched> = self.circles.iter().filter(is_served).filter_map(of).collect();
        let sum = |of: fn(&Fetched) -> u32| fetched.iter().map(|fetched| f64::from(of(fetched))).sum::<f64>();
        (!fetched.is_empty()).then(|| sum(|fetched| fetched.done) / sum(|fetched| fetched.all))
    }

    /// Says how far it is, while a new phone is given its circle.
    pub(super) fn notify_fetched(&mut self, circle: &CircleId) {
        if self.circles.get(circle).is_some_and(|local| Fetched::of(local.cursor()).is_some()) {
            self.notify_status();
        }
    }

    /// When what is signed now was signed: by the server's time as it is known here.
    pub(in crate::client) fn request_time(&self) -> TimestampMs {
        self.now()
    }

    /// Gives the shell a fresh address to listen at; it takes it when it is not listening.
    pub(super) fn ask_live(&mut self) {
        let (Ok(device), time) = (self.device(), self.request_time()) else { return };
        if self.circles.is_empty() {
            return;
        }
        let stamp = crate::trust::RequestStamp { device: device.id(), time };
        let signature = stamp.sign(device, crate::trust::Purpose::Live, &[]);
        let hex: String = signature.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let url =
            format!("{}/v1/live?device={}&time={}&signature={hex}", self.phone.origin(), stamp.device, stamp.time.0);
        self.push(Effect::Live { url });
    }
}

fn removed() -> Problem {
    Problem::new(ProblemCode::Removed, "this phone is out")
}

pub(super) fn from_wire(problem: &WireProblem) -> Problem {
    let (code, why) = match problem.code {
        WireCode::Version => (ProblemCode::OtherVersion, Some(Why::OtherServerVersion)),
        WireCode::UnknownDevice => (ProblemCode::Removed, None),
        WireCode::Signature => (ProblemCode::Refused, None),
        WireCode::Clock => (ProblemCode::ClockWrong, None),
        WireCode::InviteUnknown => (ProblemCode::LinkInvalid, Some(Why::LinkUnknown)),
        WireCode::InviteExpired => (ProblemCode::LinkExpired, None),
        WireCode::InviteWithdrawn => (ProblemCode::LinkInvalid, Some(Why::LinkWithdrawn)),
        WireCode::InviteUsed => (ProblemCode::LinkUsed, None),
        WireCode::Slow => (ProblemCode::ServerError, Some(Why::Slow)),
        WireCode::Malformed | WireCode::TooLarge | WireCode::Busy | WireCode::Storage => {
            (ProblemCode::ServerError, None)
        }
    };
    Problem { why, ..Problem::new(code, format_args!("{:?}", problem.code)) }
}
