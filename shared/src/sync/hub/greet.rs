//! Who asks, and what the header brought: its signature first, then the statements, before any page is looked at.

use crate::ids::{CircleId, DeviceId};
use crate::storage::{CommitOutcome, Read, ReadResult, Tree};
use crate::trust::{DevicePublic, RequestProblem};
use crate::wire::{CircleAsk, ProblemCode};

use super::super::CircleRecord;
use super::super::statements::{self, CircleChain};
use super::asked::{self, AskedCircle};
use super::{CONFLICTS_MAX, Exchange, HubEffect, Listened, State, first_contact};

const UNKNOWN_DEVICE: &str = "the device is in none of the circles it asks for: open an enrolment link";

impl Exchange<'_> {
    pub(super) fn read_circles(&mut self, conflicts: u32) {
        let Some((device, circles)) = self.asking() else { return };
        let mut reads = vec![Read::Get { tree: Tree::Meta, key: b"generation".to_vec() }];
        reads.extend(circles.iter().flat_map(|circle| AskedCircle::reads(circle, &device)));
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::Greeting { conflicts };
    }

    /// Which device asks, and for which circles; proven or not.
    fn asking(&self) -> Option<(DeviceId, Vec<CircleId>)> {
        match (&self.claimed, &self.header) {
            (Some(claimed), _) => Some((claimed.claimed_device(), claimed.claimed_circles().collect())),
            (None, Some(header)) => Some((header.stamp.device, header.circles.iter().map(|ask| ask.circle).collect())),
            (None, None) => None,
        }
    }

    /// The asking device's keys, where it brings a statement that would let it in.
    fn brought_keys(&self, device: &DeviceId) -> Option<DevicePublic> {
        match &self.claimed {
            Some(claimed) => first_contact::keys(device, claimed.claimed_statements()),
            None => {
                let circles = self.header.iter().flat_map(|header| &header.circles);
                first_contact::keys(device, circles.flat_map(CircleAsk::brings))
            }
        }
    }

    /// Knows whose the request is, and checks its signature, before anything else of it is looked at.
    pub(super) fn greet(&mut self, results: Vec<ReadResult>, conflicts: u32) {
        let Some((device, circles)) = self.asking() else { return };
        let mut results = results.into_iter();
        let generation = results.next().and_then(ReadResult::value);
        self.generation = generation.and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        let mut asked_circles = Vec::new();
        for _ in &circles {
            match AskedCircle::new(&device, results.by_ref().take(AskedCircle::READS).collect()) {
                Ok(asked) => asked_circles.push(asked),
                Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
            }
        }
        let known = asked_circles.iter().find_map(|asked| asked.roster.author(&device)).map(|(_, keys)| keys);
        let Some(keys) = known.or_else(|| self.brought_keys(&device)) else {
            return self.fail(ProblemCode::UnknownDevice, UNKNOWN_DEVICE);
        };
        // None when somebody else changed a circle meanwhile: the request is the same that was checked.
        match self.claimed.take().map(|claimed| claimed.verify((&keys, self.now))) {
            None => {}
            Some(Ok(header)) => self.header = Some(header),
            Some(Err(problem @ RequestProblem::Signature)) => {
                return self.fail(ProblemCode::Signature, &problem.to_string());
            }
            Some(Err(problem @ RequestProblem::ClockSkew { .. })) => {
                return self.fail(ProblemCode::Clock, &problem.to_string());
            }
        }
        self.asked_circles = asked_circles;
        self.ask_around(conflicts);
    }

    /// Reads who vouches for the device in circles that it is not in and brings something that lets it in. Where there
    /// is no circle yet there is nobody to ask, and nothing to be read in vain.
    fn ask_around(&mut self, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let device = header.stamp.device;
        let comes_in = |(ask, asked): (&CircleAsk, &AskedCircle)| {
            let is_circle = asked.record_bytes.is_some() && asked.roster.entry(&device).is_none();
            is_circle && first_contact::keys(&device, ask.brings()).is_some()
        };
        let asks = header.circles.iter().zip(&self.asked_circles).enumerate();
        let asked_circles: Vec<usize> = asks.filter(|(_, pair)| comes_in(*pair)).map(|(at, _)| at).collect();
        if asked_circles.is_empty() {
            return self.read_chains(conflicts);
        }
        let reads = asked_circles.iter().flat_map(|at| first_contact::vouching_reads(&header.circles[*at])).collect();
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::AskingAround { asked_circles, conflicts };
    }

    pub(super) fn know_who_vouches(&mut self, asked_circles: &[usize], results: Vec<ReadResult>, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let (device, mut results) = (header.stamp.device, results.into_iter());
        for at in asked_circles {
            let ask = &header.circles[*at];
            let found = results.by_ref().take(first_contact::vouching_reads(ask).len()).collect();
            self.asked_circles[*at].is_strange = !first_contact::is_vouched_for(&device, ask, found, &self.keys);
        }
        self.read_chains(conflicts);
    }

    /// Reads the chains of the circles where what follows from them is not enough. Whoever is in none of them and
    /// brings nothing that lets them in has nothing read for them.
    fn read_chains(&mut self, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let device = header.stamp.device;
        let (mut asked_circles, mut reads) = (Vec::new(), Vec::new());
        for (at, (ask, asked)) in header.circles.iter().zip(&mut self.asked_circles).enumerate() {
            if !asked::needs_chain(ask) {
                continue;
            }
            let comes_in = || !asked.is_strange && first_contact::keys(&device, ask.brings()).is_some();
            if asked.roster.entry(&device).is_none() && !comes_in() {
                asked.turn_statements_away(ask);
                continue;
            }
            let (chain, extra) = asked::chain_reads(ask);
            reads.extend(chain.into_iter().chain(extra.iter().cloned()));
            asked_circles.push(Listened { asked: at, extra });
        }
        if asked_circles.is_empty() {
            return self.enter(conflicts);
        }
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::Listening { asked_circles, conflicts };
    }

    pub(super) fn listen(&mut self, asked_circles: &[Listened], results: Vec<ReadResult>, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let (device, mut results) = (header.stamp.device, results.into_iter());
        for Listened { asked, extra } in asked_circles {
            let ask = &header.circles[*asked];
            let found = results.by_ref().take(statements::READS).collect();
            let mut chain = match CircleChain::load(ask.circle, found) {
                Ok(chain) => chain,
                Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
            };
            chain.know(extra, results.by_ref().take(extra.len()));
            let asked = &mut self.asked_circles[*asked];
            asked.record = chain.stored().cloned().unwrap_or_default();
            asked.record_bytes = chain.stored().map(CircleRecord::encode);
            asked.take_chain(&device, ask, chain, &self.keys, self.now);
        }
        self.enter(conflicts);
    }

    /// Goes on with a device that is in one of the circles it asks for.
    fn enter(&mut self, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let device = header.stamp.device;
        if !self.asked_circles.iter().any(|asked| asked.roster.entry(&device).is_some()) {
            return self.fail(ProblemCode::UnknownDevice, UNKNOWN_DEVICE);
        }
        for (asked, ask) in self.asked_circles.iter_mut().zip(&header.circles) {
            asked.receive(&device, ask);
        }
        self.state_next(0, conflicts);
    }

    /// Writes what came with the header of the next circle that brought something.
    fn state_next(&mut self, from: usize, conflicts: u32) {
        match (from..self.asked_circles.len()).find(|at| !self.asked_circles[*at].news.is_empty()) {
            Some(asked) => {
                self.effects.push_back(HubEffect::Commit(core::mem::take(&mut self.asked_circles[asked].news)));
                self.state = State::Stating { asked, conflicts };
            }
            None => self.state = State::Ready,
        }
    }

    pub(super) fn handle_stated(&mut self, outcome: CommitOutcome, asked: usize, conflicts: u32) {
        match outcome {
            CommitOutcome::Committed => {
                let circle = self.header.iter().flat_map(|header| &header.circles).nth(asked).map(|ask| ask.circle);
                if let Some(circle) = circle.filter(|_| self.asked_circles[asked].admitted > 0) {
                    self.effects.push_back(HubEffect::Poke { circle, documents: Vec::new() });
                }
                self.state_next(asked + 1, conflicts);
            }
            CommitOutcome::Conflict if conflicts < CONFLICTS_MAX => self.read_circles(conflicts + 1),
            CommitOutcome::Conflict => self.fail(ProblemCode::Busy, "the circle is busy: try again"),
        }
    }
}
