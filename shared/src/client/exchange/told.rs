//! What a person is told of the exchange.

use crate::time::TimestampMs;
use crate::wire::{Problem as WireProblem, ProblemCode as WireCode};

use super::super::engine::{Engine, LocalCircle};
use super::super::view::{Notice, Reply, SyncState, SyncStatus};
use super::super::{Effect, Problem, ProblemCode};

impl Engine {
    pub(super) fn answer_waiters(&mut self) {
        for (id, command) in core::mem::take(&mut self.exchange.looking) {
            self.exchange.looked.insert(id);
            self.take_command(id, command);
        }
        let status = self.status();
        for id in core::mem::take(&mut self.exchange.waiters) {
            self.reply(id, Ok(Reply::Status(status.clone())));
        }
        self.notify_status();
    }

    pub(in super::super) fn notify_status(&mut self) {
        let status = self.status();
        self.push(Effect::Notice(Notice::Status { status }));
    }

    /// How it stands, in full.
    pub(in super::super) fn status(&self) -> SyncStatus {
        let exchange = &self.exchange;
        let state = match &exchange.problem {
            _ if exchange.running => SyncState::Syncing,
            None => SyncState::Idle,
            Some(problem) if problem.code == ProblemCode::Offline => SyncState::Offline,
            Some(_) => SyncState::Failed,
        };
        let outbox = self.outbox();
        let removed = self.circles.values().any(LocalCircle::is_removed).then(removed);
        SyncStatus {
            state,
            last_safe_ms: exchange.last_safe.map(|at| at.0),
            last_try_ms: exchange.last_try.map(|at| at.0),
            unsent_items: outbox.len() as u64,
            unsent_bytes: outbox.iter().map(|item| item.bytes).sum(),
            progress: None,
            clock: self.clock.shown(),
            resumed: self.resumed.and_then(|resumed| resumed.unread()),
            problem: exchange.problem.clone().or(removed).or_else(|| self.lacking_problem()),
        }
    }

    /// When what is signed now was signed: by the server's time as it is known here.
    pub(in super::super) fn request_time(&self) -> TimestampMs {
        self.now
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
        let url = format!("{}/v1/live?device={}&time={}&signature={hex}", self.origin, stamp.device, stamp.time.0);
        self.push(Effect::Live { url });
    }
}

fn removed() -> Problem {
    let text = "This phone is not in the circle any more. What it holds can be read; ask your facilitator.";
    Problem::new(ProblemCode::Removed, text)
}

pub(in super::super) fn offline() -> Problem {
    Problem::new(ProblemCode::Offline, "No connection. Everything is kept on this phone and sent later.")
}

pub(super) fn not_ours() -> Problem {
    Problem::new(
        ProblemCode::NotOurServer,
        "Something other than Kith answered: perhaps a login page of this network. Nothing was lost.",
    )
}

pub(super) fn from_wire(problem: &WireProblem) -> Problem {
    let (code, text) = match problem.code {
        WireCode::Version => (ProblemCode::OtherVersion, "The server speaks another version: update the app."),
        WireCode::UnknownDevice => {
            (ProblemCode::Removed, "The server does not know this phone in the circle. Ask your facilitator.")
        }
        WireCode::Signature => (ProblemCode::Refused, "The server could not verify this phone."),
        WireCode::Clock => (ProblemCode::ClockWrong, "This phone's clock is wrong. Set date and time, then try again."),
        WireCode::InviteUnknown => (ProblemCode::LinkInvalid, "This link is not known. Ask for a new one."),
        WireCode::InviteExpired => (ProblemCode::LinkExpired, "This link ran out. Ask for a new one."),
        WireCode::InviteWithdrawn => {
            (ProblemCode::LinkInvalid, "This link was withdrawn, or whoever made it is out. Ask for a new one.")
        }
        WireCode::InviteUsed => (ProblemCode::LinkUsed, "This link was used up. Ask for a new one."),
        WireCode::Slow => (
            ProblemCode::ServerError,
            "The server asks to go slower. Everything is kept on this phone; it will try again by itself.",
        ),
        WireCode::Malformed | WireCode::TooLarge | WireCode::Busy | WireCode::Storage => {
            (ProblemCode::ServerError, "The server could not take it now. It is kept here and tried again.")
        }
    };
    Problem::new(code, text)
}
