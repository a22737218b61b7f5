//! The phone's side of the network: when to ask, what to send, and what each frame of the answer does.

mod build;
mod http;
mod take;
mod told;

use crate::ids::CircleId;
use crate::storage::{Batch, ReadResult, Tree};
use crate::sync::StoredEntry;
use crate::sync::admit::{Known, Prepared};
use crate::wire::{AnswerHeader, Cursor, Page};

use super::engine::{self, Attempt, Engine};
use super::kernel::Task;
use super::parts::circle::LocalCircle;
use super::problem::corrupt;
use super::problems::{not_ours, offline};
use super::{Command, CommandId, Problem};

/// How many bytes of pages one response should bring.
const RESPONSE_BYTES: u32 = 1024 * 1024;

/// A circle's unsent entries, each with its place.
type Unsent = (CircleId, Vec<(u64, StoredEntry)>);

/// What of an exchange runs as a task of its own.
pub(super) enum Step {
    /// Gather what is unsent and ask.
    Build,
    Answer(Box<AnswerHeader>),
    Page(Box<PageTask>),
    Bodies(Vec<Vec<u8>>),
    /// The response is complete.
    Finish,
}

impl Task<Engine> for Step {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.exchange_step(self)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.exchange_failed(problem);
    }

    /// A page after one that was not stored must not move the cursor past it.
    fn is_of_exchange(&self) -> bool {
        true
    }
}

/// A page on its way into the store.
pub(super) struct PageTask {
    pub bytes: Vec<u8>,
    pub page: Option<(CircleId, Cursor)>,
    pub prepared: Option<Prepared>,
}

impl Engine {
    /// Asks for a sync in `delay_ms`, or sooner when one is due sooner.
    pub(super) fn sync_soon(&mut self, delay_ms: u64) {
        if self.circles.is_empty() && self.enrolling.is_none() {
            return;
        }
        if self.exchange.is_running() {
            self.exchange.ask_again();
        } else if delay_ms == 0 {
            self.begin_exchange();
        } else {
            let at = self.steady().plus_ms(delay_ms);
            self.exchange.ask_at(at);
        }
    }

    fn begin_exchange(&mut self) {
        self.exchange.begin();
        self.kernel.enqueue(Step::Build);
        self.notify_status();
    }

    pub(super) fn exchange_wake(&mut self) {
        let now = self.steady();
        if !self.exchange.take_due(now) {
            return;
        }
        if self.exchange.request().is_some() {
            self.exchange_failed(offline());
        } else if !self.exchange.is_running() {
            self.begin_exchange();
        }
    }

    pub(super) fn exchange_step(&mut self, step: &mut Step) -> Attempt {
        match step {
            Step::Build => self.build_request(),
            Step::Answer(answer) => self.take_answer(answer),
            Step::Page(page) => self.take_page(page),
            Step::Bodies(bodies) => self.take_bodies(bodies),
            Step::Finish => self.finish_exchange(),
        }
    }

    fn finish_exchange(&mut self) -> Attempt {
        let Some(request) = self.exchange.take_request() else { return Ok(engine::Step::Done) };
        let mut batch = Batch::default();
        let mut moved = Vec::new();
        if !request.has_more() {
            self.circles.values_mut().for_each(LocalCircle::caught_up);
            for (circle, cursor) in request.cursors() {
                if let Some(local) = self.circles.get(circle).filter(|local| local.cursor() != cursor) {
                    batch.put(Tree::Circles, circle.as_bytes(), local.encode_with_cursor(cursor));
                    moved.push((*circle, cursor.clone()));
                }
            }
        }
        let again = self.exchange.goes_on(&request);
        if request.asks_first() {
            self.circles.values_mut().for_each(LocalCircle::clear_doubts);
        }
        if batch.is_empty() {
            self.end_exchange(again);
            return Ok(engine::Step::Done);
        }
        Ok(engine::Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    for (circle, cursor) in moved {
                        if let Some(local) = engine.circles.get_mut(&circle) {
                            local.set_cursor(cursor);
                        }
                    }
                    engine.end_exchange(again);
                }
                Err(problem) => engine.exchange_failed(problem),
            }),
        ))
    }

    fn end_exchange(&mut self, again: bool) {
        let safe_at = self.circles.all(LocalCircle::is_safe).then(|| self.now());
        let is_asked = self.exchange.end(safe_at);
        if again || is_asked || self.has_to_write_again() || self.circles.any(LocalCircle::wants_resync) {
            return self.begin_exchange();
        }
        self.try_drafts_again();
        let out = self.circles.iter().filter(|(_, local)| local.is_removed());
        let out: Vec<CircleId> = out.map(|(circle, _)| *circle).collect();
        let (upkeep, now) = (self.upkeep.take_due(), self.steady());
        self.exchange.rest(upkeep, &out, now);
        self.ask_live();
        self.answer_waiters();
        self.note_leavings_heard();
    }

    /// Begins an exchange before a command, so that it is decided on what the circle is now. Whether the command's
    /// turn has come.
    pub(super) fn has_looked(&mut self, id: CommandId, command: &Command) -> bool {
        let has_looked = self.exchange.has_looked(id);
        if !has_looked {
            self.exchange.look_first(id, command.clone());
            self.sync_soon(0);
        }
        has_looked
    }
}

/// What the answers to a page's reads say; a document state that does not decode is damage.
fn known(reads: &[crate::storage::Read], results: Vec<ReadResult>) -> Result<Known, Problem> {
    Known::from_reads(reads, results).map_err(corrupt)
}

/// The page, behind what the one before left, and what it leaves for the next.
fn unpack(bytes: &[u8], before: &[u8]) -> Result<(Page, Vec<u8>), Problem> {
    crate::wire::unpack_page_behind(bytes, before).map_err(|_| not_ours())
}
