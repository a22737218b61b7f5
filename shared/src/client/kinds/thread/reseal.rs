//! Sealing again what a newcomer is to read: this phone's own messages that were signed after somebody came, and
//! sealed before this phone heard of it. And what the organisation is to read, where the wrap for it was lost.

use crate::document::{DocumentName, Message, Subject};
use crate::ids::{BodyId, CircleId, DeviceId, DocumentId};
use crate::seal::{BodyPlace, EpochId, epoch_hint, seal_body};
use crate::time::Month;
use crate::trust::{KeyGroup, MemberState};

use crate::client::engine::{Engine, Stop};
use crate::client::kind::text_group_of;
use crate::client::problems::edit_problem;

/// Messages that are sealed again at once; more follow at the next exchange.
const AT_ONCE_MAX: usize = 32;

impl Engine {
    /// Seals again what is due in a circle; commits it before anything else happens.
    pub(in crate::client) fn reseal(&mut self, circle: &CircleId) -> Result<(), Stop> {
        let (mut touched, mut bodies) = (Vec::new(), Vec::new());
        for name in self.recent_threads(circle)? {
            let Some(group) = text_group_of(&name) else { continue };
            let found = self.reseal_thread(circle, &name, &group, AT_ONCE_MAX - bodies.len())?;
            if !found.is_empty() {
                touched.push(name.id(circle));
                bodies.extend(found);
            }
            if bodies.len() >= AT_ONCE_MAX {
                break;
            }
        }
        if bodies.len() < AT_ONCE_MAX {
            self.upkeep.note_resealed(circle);
        }
        let Some(mut commit) = self.commit_documents(&touched, &bodies)? else { return Ok(()) };
        let batch = core::mem::take(&mut commit.batch);
        Err(Stop::First(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => engine.settle(commit),
                Err(problem) => engine.give_up(&touched, problem),
            }),
        ))
    }

    /// Documents of this month and the last in which this phone wrote, what it wrote between two or to the organisation,
    /// and its stories.
    fn recent_threads(&self, circle: &CircleId) -> Result<Vec<DocumentName>, Stop> {
        let (own, now) = (self.device()?.id(), self.now().day().month());
        let local = self.local(circle)?;
        let recent = |month: Month| month.0 + 1 >= now.0;
        let states = local.documents().values().filter(|state| match state.name.subject {
            Subject::Thread { month, .. } | Subject::Pair { month, .. } => {
                recent(month) && state.chains.values().any(|chain| chain.device == own)
            }
            Subject::Between { .. } | Subject::Reports { .. } | Subject::Stories => {
                state.chains.values().any(|chain| chain.device == own)
            }
            _ => false,
        });
        Ok(states.map(|state| state.name).collect())
    }

    fn reseal_thread(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        group: &KeyGroup,
        most: usize,
    ) -> Result<Vec<Vec<u8>>, Stop> {
        let Some((epoch, key)) = self.local(circle)?.keyring().sealing_key(group) else { return Ok(Vec::new()) };
        let document = name.id(circle);
        let open = self.open(circle, name)?;
        let actor = *open.handle.actor();
        let messages = open.handle.thread().map_err(edit_problem)?.messages;
        let own = messages
            .into_iter()
            .filter(|message| message.author == actor && !message.taken_back && message.resealed.is_none());
        let own: Vec<_> = own.collect();
        let wanted: Vec<BodyId> = own.iter().map(|message| message.body).collect();
        self.bodies(circle, &wanted)?;
        let (device, now) = (self.device()?.id(), self.now());
        let incarnation = self.incarnation_in(circle, &document, &device);
        let mut sealed = Vec::new();
        for message in own {
            if sealed.len() >= most || !self.is_due(circle, group, &document, &message, epoch)? {
                continue;
            }
            let Some(bytes) = self.body(circle, &message.body) else { continue };
            let Ok(text) = self.opened(circle, &document, &message, bytes) else { continue };
            let place = BodyPlace { circle: *circle, document, device, incarnation, epoch, message_key: &message.key };
            let Ok(body) = seal_body(&key, &place, &text) else { continue };
            let id = BodyId::of(&body);
            self.open(circle, name)?.handle.reseal(&message.key, &id, now).map_err(edit_problem)?;
            sealed.push(body);
        }
        Ok(sealed)
    }

    /// Whether somebody who had come when a message was signed, or is there while it waits to be sent, was not given
    /// its key; or nobody ever will be, since no record of the key is left.
    fn is_due(
        &self,
        circle: &CircleId,
        group: &KeyGroup,
        document: &DocumentId,
        message: &Message,
        epoch: EpochId,
    ) -> Result<bool, Stop> {
        let keyring = self.local(circle)?.keyring();
        let bytes = self.body(circle, &message.body);
        let Some(hint) = bytes.and_then(epoch_hint).filter(|hint| *hint != epoch.hint()) else { return Ok(false) };
        let Some(position) = self.position_of(circle, document, message) else { return Ok(false) };
        let is_known = |epoch: &EpochId| keyring.history().epochs().any(|(seen, _)| seen == epoch);
        let is_own = |epoch: &EpochId| keyring.keys().get(epoch).is_some_and(|held| held.is_own);
        if !keyring.keys_of(hint).any(|(epoch, _)| is_known(epoch) || is_own(epoch)) {
            return Ok(true);
        }
        let has_key = |device: &DeviceId| {
            keyring.keys_of(hint).any(|(epoch, _)| {
                keyring.history().has_key(epoch, device) || keyring.shown().is_holder(group, epoch, device)
            })
        };
        Ok(keyring.admitted().devices().any(|record| {
            // What the past was opened with are the circle's keys: those of two, whoever let them in need not have.
            let is_closed = !record.past_opened || *group != KeyGroup::Circle;
            let is_newcomer = record.state == MemberState::Active && is_closed;
            let reads = keyring.admitted().reads(&record.id, group);
            is_newcomer && reads && record.introduced_at <= position && !has_key(&record.id)
        }))
    }
}
