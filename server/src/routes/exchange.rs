use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use kith_shared::ids::{CircleId, DeviceId, DocumentId, MemberId};
use kith_shared::storage::{Batch, CommitOutcome, Tree};
use kith_shared::sync::DocumentState;
use kith_shared::sync::hub::{HubEffect, HubEvent};
use kith_shared::trust::Signed;
use kith_shared::wire::{Frame, ProblemCode, RequestHeader};
use tracing::Instrument as _;

use crate::app::App;
use crate::audit;
use crate::line::{Line, Way};
use crate::places::Place;
use crate::pokes::Poke;
use crate::rate::{Party, Turn};
use crate::store::StoreError;

use super::engine::Engine;
use super::problem::{self, Refused};

/// One exchange: the engine's effects carried out on the store. Stepped by whoever wants its next frame, so
/// that no more is read than the phone takes.
pub(crate) struct Session {
    app: Arc<App>,
    engine: Engine,
    effects: VecDeque<HubEffect>,
    device: Option<DeviceId>,
    frames: VecDeque<Frame>,
    done: bool,
    entries: u64,
    admitted: u64,
    /// Whom the work counts for.
    party: Party,
    line: Arc<Line>,
    /// Taken once it is proven whose the exchange is.
    place: Option<Place<DeviceId>>,
}

impl Session {
    /// Begins; what is done for it counts for this party.
    pub(crate) fn new(app: Arc<App>, party: Party, line: Arc<Line>) -> Self {
        let engine = Engine::start(Arc::clone(&app.keys), app.clock.now());
        Self {
            app,
            engine,
            effects: VecDeque::new(),
            device: None,
            frames: VecDeque::new(),
            done: false,
            entries: 0,
            admitted: 0,
            party,
            line,
            place: None,
        }
    }

    /// Takes the request's first frame.
    pub(crate) async fn begin(&mut self, header: Signed<RequestHeader>) {
        self.device = Some(header.claimed_device());
        self.hand_in(HubEvent::Header(Box::new(header))).await;
    }

    /// It is proven whose it is: the device has a place until the session ends.
    pub(crate) fn hold(&mut self, device: DeviceId, place: Place<DeviceId>) {
        (self.party, self.place) = (Party::Device(device), Some(place));
    }

    /// Takes a page; what it holds is durable when this returns.
    pub(crate) async fn page(&mut self, bytes: Vec<u8>) {
        self.hand_in(HubEvent::Page(bytes)).await;
    }

    /// How many entries were added since this was last asked.
    pub(crate) fn take_admitted(&mut self) -> u64 {
        core::mem::take(&mut self.admitted)
    }

    /// The request is complete.
    pub(crate) async fn end(&mut self) {
        self.hand_in(HubEvent::RequestEnd).await;
    }

    /// Whether there is something to say already.
    pub(crate) fn has_answer(&self) -> bool {
        self.done || !self.frames.is_empty()
    }

    /// The next frame of the response; `None` after the last.
    pub(crate) async fn next_frame(&mut self) -> Option<Frame> {
        self.go_on().await;
        self.frames.pop_front()
    }

    async fn hand_in(&mut self, event: HubEvent) {
        self.handle(event).await;
        self.go_on().await;
    }

    /// Carries effects out until there is something to say, or nothing to do.
    async fn go_on(&mut self) {
        while !self.has_answer() {
            match self.effects.pop_front() {
                Some(effect) => self.carry_out(effect).await,
                None => return,
            }
        }
    }

    async fn handle(&mut self, event: HubEvent) {
        let Some(turn) = self.turn().await else { return };
        let handled = self.engine.handle(event).await;
        drop(turn);
        match handled {
            Ok(effects) => self.effects.extend(effects),
            Err(_) => {
                tracing::error!("the engine broke off");
                self.refuse(Refused::new(ProblemCode::Storage, "the exchange broke off"));
            }
        }
    }

    /// Waits for a turn; meanwhile nothing is done for the exchange, so its place may go to another.
    async fn turn(&mut self) -> Option<Turn> {
        let since = self.line.now().saturating_sub(self.app.turns.owed(self.party));
        self.line.wait(Way::Turn, since, Duration::MAX);
        let turn = tokio::select! {
            biased;
            turn = self.app.turns.take(self.party) => turn,
            () = self.line.evicted() => None,
        };
        self.line.go_on(Way::Turn);
        if turn.is_none() {
            let detail = "many ask at once, and this device had more than others: try again soon";
            self.refuse(Refused::new(ProblemCode::Busy, detail));
        }
        turn
    }

    fn refuse(&mut self, refused: Refused) {
        let frame = refused.frame(self.app.clock.now());
        if let Frame::Problem(problem) = &frame {
            problem::count(&self.app, problem);
        }
        self.frames.push_back(frame);
        self.done = true;
    }

    async fn carry_out(&mut self, effect: HubEffect) {
        match effect {
            HubEffect::Read(reads) if reads.is_empty() => self.handle(HubEvent::Read(Vec::new())).await,
            HubEffect::Read(reads) => {
                let Some(turn) = self.turn().await else { return };
                let read = self.app.store.read(reads).await;
                drop(turn);
                match read {
                    Ok(results) => self.handle(HubEvent::Read(results)).await,
                    Err(error) => self.refuse(error.into()),
                }
            }
            HubEffect::Commit(batch) => {
                self.entries = entries_in(&batch);
                match commit(&self.app, batch, self.device).await {
                    Ok(outcome) => self.handle(HubEvent::Committed(outcome)).await,
                    Err(error) => self.refuse(error.into()),
                }
            }
            HubEffect::Send(frame) => {
                if let Frame::Problem(problem) = &frame {
                    problem::count(&self.app, problem);
                }
                self.frames.push_back(frame);
            }
            // Whoever listens was told by the commit itself.
            HubEffect::Poke { .. } => self.admitted += core::mem::take(&mut self.entries),
            HubEffect::Refused(refusal) => self.app.metrics.refusal(refusal),
            HubEffect::Done => self.done = true,
        }
    }
}

/// Commits, and tells those who listen and the merge worker, in a task of its own: a phone that hangs up takes its
/// exchange with it, and what became durable all the same is heard of now, not at the next change.
pub(super) async fn commit(
    app: &Arc<App>,
    batch: Batch,
    device: Option<DeviceId>,
) -> Result<CommitOutcome, StoreError> {
    let app = Arc::clone(app);
    let task = async move {
        let (entries, changed) = (entries_in(&batch), Changed::by(&batch));
        let outcome = audit::commit(app.store.as_ref(), batch, app.clock.now()).await?;
        if outcome == CommitOutcome::Committed {
            app.metrics.entries.inc_by(entries);
            changed.tell(&app, device);
        }
        Ok(outcome)
    };
    let broken_off = |error: tokio::task::JoinError| Err(StoreError::Stopped { cause: error.to_string() });
    tokio::spawn(task.in_current_span()).await.unwrap_or_else(broken_off)
}

/// What a batch changes that others wait for.
struct Changed {
    /// With whom it is for: nobody in particular, or the one or two who alone are given it.
    circles: BTreeMap<CircleId, BTreeSet<Option<[MemberId; 2]>>>,
    documents: BTreeSet<(CircleId, DocumentId)>,
}

impl Changed {
    fn by(batch: &Batch) -> Self {
        let mut changed = Self { circles: BTreeMap::new(), documents: BTreeSet::new() };
        for (tree, key, value) in &batch.puts {
            let Some((circle, rest)) = key.split_first_chunk().map(|(id, rest)| (CircleId(*id), rest)) else {
                continue;
            };
            match tree {
                Tree::Circles => drop(changed.circles.entry(circle).or_default()),
                Tree::Statements => drop(changed.circles.entry(circle).or_default().insert(None)),
                Tree::Documents => {
                    changed.circles.entry(circle).or_default().insert(audience(value));
                    changed.documents.extend(DocumentId::from_slice(rest).map(|id| (circle, id)));
                }
                _ => {}
            }
        }
        changed
    }

    fn tell(self, app: &App, from: Option<DeviceId>) {
        for (circle, audiences) in self.circles {
            // Whoever hears of what is for all comes for the rest with it.
            let all = audiences.is_empty() || audiences.contains(&None);
            let told = if all { BTreeSet::from([None]) } else { audiences };
            told.into_iter().for_each(|only| app.pokes.send(Poke { circle, from, only }));
        }
        for (circle, document) in self.documents {
            tracing::debug!(circle.id = %circle, document.id = %document, "changed");
            app.merges.push(circle, document);
        }
    }
}

/// Who alone is given a document, by its stored state.
fn audience(state: &[u8]) -> Option<[MemberId; 2]> {
    let name = DocumentState::decode(state).ok()?.name;
    name.owner().map(|owner| [owner; 2]).or_else(|| name.pair().map(|(one, other)| [one, other]))
}

fn entries_in(batch: &Batch) -> u64 {
    batch.puts.iter().filter(|(tree, _, _)| *tree == Tree::Log).count() as u64
}

#[cfg(test)]
mod tests {
    use kith_shared::wire::FrameDecoder;

    use super::*;
    use crate::routes::testing::Server;

    #[tokio::test]
    async fn no_page_is_made_before_the_one_ahead_of_it_is_taken() {
        let server = Server::new().await;
        let (_, ben) = server.with_much_to_read().await;
        let mut decoder = FrameDecoder::default();
        decoder.feed(&ben.request(&[]));
        let Some(Frame::Request(header)) = decoder.next_frame().unwrap() else { panic!("a request begins with it") };
        let (app, party) = (Arc::clone(&server.app), Party::Device(ben.secret.id()));
        let mut session = Session::new(Arc::clone(&app), party, Line::new(Arc::clone(&app.clock)));
        session.begin(header).await;
        session.end().await;
        let mut pages = 0;
        while let Some(frame) = session.next_frame().await {
            pages += usize::from(matches!(frame, Frame::Page(_)));
            let is_page = |effect: &HubEffect| matches!(effect, HubEffect::Send(Frame::Page(_)));
            assert!(!session.effects.iter().any(is_page), "after {pages} pages");
        }
        assert!(pages >= 4, "{pages} pages");
    }
}
