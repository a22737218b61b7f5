//! What the shell hands in, and when it is to wake the engine again.

use crate::time::Now;

use super::drafting::Flush;
use super::engine::Engine;
use super::kernel::Kernel;
use super::start::Start;
use super::{Effect, Event};

impl Engine {
    /// Takes an event in, at `now` by the phone's clocks.
    pub fn handle(&mut self, event: Event, now: impl Into<Now>) {
        self.handle_at(event, now.into());
    }

    fn handle_at(&mut self, event: Event, now: Now) {
        if self.clock.tick(now) {
            // The shell counts what is left by a clock that stood still.
            self.wake_at = None;
        }
        match event {
            Event::Start { entropy, origin } => {
                self.phone.set_origin(origin);
                self.kernel.enqueue(Start { entropy });
            }
            Event::Command { id, command } => self.take_command(id, command),
            Event::Stored { id, results } => Kernel::stored(self, id, results),
            Event::Committed { id, outcome } => Kernel::committed(self, id, outcome),
            Event::HttpBytes { id, bytes } => self.handle_http_bytes(id, &bytes),
            Event::HttpEnd { id } => self.handle_http_end(id),
            Event::HttpFailed { id, failure } => self.handle_http_failed(id, failure),
            Event::Nudge => {
                self.wake();
                self.sync_soon(0);
            }
            Event::Wake => {
                self.wake_at = None;
                self.wake();
            }
        }
        Kernel::run(self);
        self.ask_to_wake();
    }

    /// Does what is due.
    fn wake(&mut self) {
        if self.documents.commit_due().is_some_and(|due| due <= self.steady()) {
            self.kernel.enqueue(Flush);
        }
        self.search_wake();
        self.exchange_wake();
    }

    fn ask_to_wake(&mut self) {
        let search = self.search.due(self.steady());
        let due = self.documents.commit_due().into_iter().chain(self.exchange.due());
        let Some(at) = due.chain(search).min() else { return };
        if self.wake_at != Some(at) {
            self.wake_at = Some(at);
            self.push(Effect::Wake { in_ms: at.since_ms(self.steady()) });
        }
    }
}
