//! Statements that this phone makes: who comes in and who goes, and the keys' epochs that follow.

use crate::ids::{CircleId, DeviceId, StatementId};
use crate::seal::EpochKey;
use crate::storage::{Batch, Tree};
use crate::time::TimestampMs;
use crate::trust::{
    DeviceSecret, Draft, Epoch, Inserted, KeyGroup, Share, Signer, State, Statement, StatementBody, Verdict, Wrap,
};

use super::engine::{Engine, LocalCircle, Stop};
use super::view::ListName;
use super::{Problem, ProblemCode};

/// How long a phone leaves it to others to begin an epoch for one who came: mostly that one does it.
const OTHERS_FIRST_MS: u64 = 60_000;

/// Statements that are ready to be stored.
pub(super) struct Said {
    pub batch: Batch,
    pub circle: CircleId,
    pub local: LocalCircle,
    pub ids: Vec<StatementId>,
}

impl Engine {
    /// Says these, one after the other, as this device.
    pub(super) fn say(&mut self, circle: &CircleId, bodies: Vec<StatementBody>) -> Result<Said, Problem> {
        let device = self.device()?.clone();
        let local = self.local(circle)?.clone();
        self.say_as(&device, *circle, local, bodies, false)
    }

    /// Says these on top of a circle's state as some device. With `said_only` the first names only parents that the
    /// server holds, so that whoever brings it can bring it alone.
    pub(super) fn say_as(
        &mut self,
        device: &DeviceSecret,
        circle: CircleId,
        mut local: LocalCircle,
        bodies: Vec<StatementBody>,
        said_only: bool,
    ) -> Result<Said, Problem> {
        let mut log = local.keyring.log.as_deref().cloned().ok_or_else(not_here)?;
        let (time, mut made, mut alone) = (self.request_time(), Vec::<Statement>::new(), said_only);
        for body in bodies {
            let parents = if alone { local.keyring.said_parents() } else { log.parents(Some(&device.id())) };
            alone = false;
            let statement = Draft { circle, parents, time, body }.sign(Signer::Device(device));
            match log.insert(statement.clone()) {
                Ok(Inserted::New) => made.push(statement),
                Ok(Inserted::Known) => {}
                Ok(Inserted::Waiting) => return Err(not_here()),
                Err(problem) => return Err(Problem::new(ProblemCode::NotAllowed, problem.to_string())),
            }
        }
        local.keyring.set_log(log);
        for statement in &made {
            if let Verdict::Void(problem) = local.keyring.standing.verdict(&statement.id()) {
                return Err(Problem::new(ProblemCode::NotAllowed, problem.to_string()));
            }
        }
        let ids: Vec<StatementId> = made.iter().map(Statement::id).collect();
        local.keyring.unsaid.extend(ids.iter().copied());
        let own = self.device()?.clone();
        let keys = local.keyring.unwrap_all(&circle, &own);
        let mut batch = Batch::default();
        local.keyring.put(&circle, &mut batch, &made, &keys);
        local.roster = local.keyring.roster(own.public());
        batch.put(Tree::Circles, circle.as_bytes(), local.encode());
        Ok(Said { batch, circle, local, ids })
    }

    /// Makes statements known that are durable now.
    pub(super) fn settle_said(&mut self, said: Said) {
        let Said { circle, local, .. } = said;
        if let Some(kept) = self.circles.get_mut(&circle) {
            kept.keyring = local.keyring;
            kept.roster = local.roster;
        } else {
            self.circles.insert(circle, local);
        }
        self.trust_changed = Some(self.now);
        self.notify_lists(&circle, &[ListName::Circles, ListName::Circle, ListName::People]);
        self.sync_soon(super::exchange::SEND_AFTER_MS);
    }

    /// The key to seal with for a group; a first or new epoch is begun when there is none that everyone who may holds.
    pub(super) fn ensure_key(&mut self, circle: &CircleId, group: KeyGroup) -> Result<(StatementId, EpochKey), Stop> {
        let device = self.device()?.clone();
        let keyring = &self.local(circle)?.keyring;
        if let Some(held) = keyring.sealing_key(&group) {
            return Ok(held);
        }
        let readers = keyring.standing.readers(&group);
        let is_there = keyring.standing.current_epoch(&group).is_some() && !keyring.went_back(&group);
        if !readers.contains(&device.id()) || is_there {
            return Err(key_waiting().into());
        }
        let body = self.new_epoch(circle, group)?;
        let mut said = self.say(circle, vec![body])?;
        let batch = core::mem::take(&mut said.batch);
        Err(Stop::First(
            batch,
            Box::new(move |engine, done| {
                if done.is_ok() {
                    engine.settle_said(said);
                }
            }),
        ))
    }

    /// A new epoch of a group, wrapped to all who may read, on top of the deepest.
    pub(super) fn new_epoch(&mut self, circle: &CircleId, group: KeyGroup) -> Result<StatementBody, Problem> {
        let key = EpochKey::from_entropy(self.random.bytes());
        let keyring = &self.local(circle)?.keyring;
        let readers = keyring.standing.readers(&group);
        let previous = keyring.standing.deepest_epoch(&group).map(|epoch| epoch.id);
        let wraps = self.wraps(circle, &key, &readers)?;
        Ok(StatementBody::Epoch(Epoch { group, previous, check: key.check(), wraps }))
    }

    /// Wraps a key to devices of a circle.
    pub(super) fn wraps(
        &mut self,
        circle: &CircleId,
        key: &EpochKey,
        devices: &[DeviceId],
    ) -> Result<Vec<(DeviceId, Wrap)>, Problem> {
        let mut wraps = Vec::new();
        for device in devices {
            let known = self.local(circle)?.keyring.standing.device(device).map(|record| record.keys);
            let entropy = self.random.bytes();
            let wrapped = known.and_then(|keys| crate::seal::wrap(key, circle, &keys, entropy).ok());
            wraps.extend(wrapped.map(|wrap| (*device, Wrap(wrap))));
        }
        wraps.sort_unstable_by_key(|(device, _)| *device);
        Ok(wraps)
    }

    /// What this phone should say so that everyone who may read can, and nobody else: shares and new epochs of the
    /// groups that it is in.
    pub(super) fn upkeep(&mut self, circle: &CircleId) -> Result<Vec<StatementBody>, Problem> {
        let own = self.device()?.id();
        let local = self.local(circle)?;
        let standing = std::sync::Arc::clone(&local.keyring.standing);
        if standing.device(&own).is_none_or(|device| device.state != State::Active) {
            return Ok(Vec::new());
        }
        let mut groups: Vec<KeyGroup> = standing.groups();
        if !groups.contains(&KeyGroup::Circle) {
            groups.push(KeyGroup::Circle);
        }
        let waited = self.trust_changed.is_some_and(|at| self.now.since_ms(at) >= OTHERS_FIRST_MS);
        let mut bodies = Vec::new();
        for group in groups {
            let readers = standing.readers(&group);
            if !readers.contains(&own) {
                continue;
            }
            let mut lacking = standing.lacking(&group);
            lacking.new_epoch |= self.local(circle)?.keyring.went_back(&group);
            let mine = lacking.share.contains(&own) || (lacking.new_epoch && self.lacks(circle, &group, &own)?);
            if lacking.new_epoch && (mine || waited) {
                bodies.push(self.new_epoch(circle, group)?);
            } else if !lacking.share.is_empty() && (mine || waited) {
                let held = self.local(circle)?.keyring.sealing_key(&group);
                if let Some((epoch, key)) = held {
                    let wraps = self.wraps(circle, &key, &lacking.share)?;
                    bodies.push(StatementBody::Share(Share { epoch, wraps }));
                }
            } else if lacking.new_epoch || !lacking.share.is_empty() {
                let due = self.trust_changed.unwrap_or(self.now).plus_ms(OTHERS_FIRST_MS);
                self.exchange.due = Some(self.exchange.due.map_or(due, |at| at.min(due)));
            }
        }
        Ok(bodies)
    }

    /// Whether this device is why a new epoch is due: there is none, or it has no wrap of the current one.
    fn lacks(&self, circle: &CircleId, group: &KeyGroup, own: &DeviceId) -> Result<bool, Problem> {
        let standing = &self.local(circle)?.keyring.standing;
        let current = standing.current_epoch(group);
        Ok(current.is_none_or(|epoch| epoch.wraps_of(own).next().is_none()))
    }

    /// Statements to send, those that others name first; at most so many bytes.
    pub(super) fn unsaid(&self, circle: &CircleId, bytes_max: usize) -> Vec<Vec<u8>> {
        let Some(local) = self.circles.get(circle) else { return Vec::new() };
        let Some(log) = &local.keyring.log else { return Vec::new() };
        let mut left = bytes_max;
        let unsaid = log.all().filter(|statement| local.keyring.unsaid.contains(&statement.id()));
        let encoded = unsaid.map(Statement::encode).take(crate::wire::STATEMENTS_MAX);
        encoded
            .take_while(|bytes| {
                let fits = left > 0;
                left = left.saturating_sub(bytes.len());
                fits
            })
            .collect()
    }
}

fn not_here() -> Problem {
    Problem::new(
        ProblemCode::KeyWaiting,
        "This phone has not yet heard who is in the circle. It will with the next connection.",
    )
}

pub(super) fn key_waiting() -> Problem {
    Problem::new(
        ProblemCode::KeyWaiting,
        "The circle's key has not come to this phone yet. It comes by itself when another phone of the circle is online.",
    )
}

/// The time that a statement of a joining phone says: none, so that asking again makes the same statement.
pub(super) const JOIN_TIME: TimestampMs = TimestampMs(0);
