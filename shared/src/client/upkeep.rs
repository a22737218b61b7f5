//! What a phone says by itself so that everyone who may read can, and nobody else.

use crate::ids::{CircleId, DeviceId, EpochId};
use crate::seal::EpochKey;
use crate::storage::Batch;
use crate::trust::{Epoch, KeyGroup, StatementBody};

use super::Problem;
use super::engine::Engine;
use super::parts::keyring::{Keyring, Upkept};
use super::say::SaidBatch;

/// A circle's keyring while a phone says of its keys what it has to, with all that is to be stored of it.
struct Keeping {
    circle: CircleId,
    keyring: Keyring,
    batch: Batch,
}

impl Keeping {
    /// Goes on from what could be said. What could not holds up nothing else, and is tried again when the circle has
    /// changed.
    fn take(&mut self, what: Upkept, said: Result<SaidBatch, Problem>) {
        match said {
            Ok(said) => {
                self.batch.puts.extend(said.batch.puts);
                self.keyring = said.keyring;
            }
            Err(_) => self.keyring.hold_up(what),
        }
    }
}

impl Engine {
    /// Epochs, at most one new one for each group that this phone is in, then shares; nothing when there is nothing to
    /// say. Each is said alone.
    pub(super) fn upkeep(&mut self, circle: &CircleId) -> Result<Option<SaidBatch>, Problem> {
        let own = self.device()?.id();
        let keyring = self.local(circle)?.keyring();
        // While the server is proven to tell people different things, no key is given to anyone.
        if !keyring.is_in(&own) || keyring.is_forked() || keyring.is_other_person(&own) {
            return Ok(None);
        }
        let groups = kept_groups(keyring, &own);
        let mut keeping = Keeping { circle: *circle, keyring: keyring.clone(), batch: Batch::default() };
        let begun = groups.iter().map(|group| self.say_own(&mut keeping, *group)).collect::<Result<Vec<_>, _>>()?;
        for (group, _) in groups.iter().zip(&begun).filter(|(_, is_begun)| !**is_begun) {
            self.begin_due(&mut keeping, *group, &own)?;
        }
        for (group, _) in groups.iter().zip(&begun).filter(|(_, is_begun)| !**is_begun) {
            self.share_current(&mut keeping, *group, &own)?;
        }
        for group in groups {
            self.share_late(&mut keeping, group, &own)?;
        }
        let Keeping { circle, keyring, batch } = keeping;
        if !batch.is_empty() {
            return Ok(Some(SaidBatch { batch, circle, keyring }));
        }
        if let Some(local) = self.circles.get_mut(&circle) {
            local.note_in_keyring(|kept| kept.take_held_up(keyring));
        }
        Ok(None)
    }

    /// Says keys that were made here, until they are on the chain, as themselves: what they sealed stays readable.
    /// Whether one was said.
    fn say_own(&mut self, keeping: &mut Keeping, group: KeyGroup) -> Result<bool, Problem> {
        let device = self.device()?.clone();
        let keyring = &keeping.keyring;
        let is_said = |epoch| {
            keyring.pending().iter().any(|pending| {
                matches!(&pending.statement.body, StatementBody::Epoch(Epoch { epoch: said, .. }) if said == epoch)
            })
        };
        let unsaid: Vec<_> = keyring
            .keys()
            .iter()
            .filter(|(epoch, held)| held.is_own && held.group == group && !is_said(*epoch))
            .filter(|(epoch, _)| !keyring.is_refused(epoch) && !keyring.is_held_up((group, Some(**epoch))))
            .map(|(epoch, held)| (*epoch, held.key.clone()))
            .collect();
        let before = keeping.keyring.pending().len();
        for (epoch, epoch_key) in unsaid {
            let keyring = keeping.keyring.clone();
            let said = self.epoch_of(&keeping.circle, &keyring, group, &epoch_key);
            let said = said.and_then(|saying| self.say_as(&device, keeping.circle, keyring, vec![saying]));
            keeping.take((group, Some(epoch)), said);
        }
        Ok(keeping.keyring.pending().len() > before)
    }

    /// Begins an epoch for a group that lacks one, or whose present one opens to nothing here.
    fn begin_due(&mut self, keeping: &mut Keeping, group: KeyGroup, own: &DeviceId) -> Result<(), Problem> {
        let keyring = &keeping.keyring;
        let is_due = match keyring.rubbish_by(&group, own) {
            Some(member) => keyring.may_answer(&member, self.request_time()),
            None if !keyring.shown().lacking(&group).new_epoch => false,
            None if group.is_for_organisation() && !self.waits_to_be_reported(&keeping.circle, keyring, &group) => {
                false
            }
            None if self.is_for_me(keyring, &group, own) => true,
            None => {
                self.upkeep.look_again(self.clock.steady());
                false
            }
        };
        if is_due && !keeping.keyring.is_held_up((group, None)) {
            let said = self.begin_epoch_on(keeping.circle, keeping.keyring.clone(), group);
            keeping.take((group, None), said);
        }
        Ok(())
    }

    /// Whether the key of what is reported is begun before anything more is: a phone of the same person lacks it, what was
    /// sealed with a lost one waits, or what was taken up does. Else the next report begins it. When the organisation says
    /// another key, all phones of those who had reported would say new ones at once, and whoever is given the lines of
    /// these could count them.
    fn waits_to_be_reported(&self, circle: &CircleId, keyring: &Keyring, group: &KeyGroup) -> bool {
        let Some(local) = self.circles.get(circle) else { return false };
        let is_known = |epoch: &EpochId| keyring.history().epochs().any(|(seen, _)| seen == epoch);
        let is_lost = keyring.keys().iter().any(|(epoch, held)| held.group == *group && !is_known(epoch));
        let is_report = |document| local.document(document).is_some_and(|state| state.name.is_for_organisation());
        is_lost || keyring.shown().current_epoch(group).is_some() || local.lifted().keys().any(is_report)
    }

    /// Gives a group's present key to those who may have it and lack it.
    fn share_current(&mut self, keeping: &mut Keeping, group: KeyGroup, own: &DeviceId) -> Result<(), Problem> {
        let keyring = &keeping.keyring;
        let lacking = keyring.shown().lacking(&group);
        // No share can follow on rubbish: whoever was given it counts as a holder.
        if lacking.new_epoch || lacking.share.is_empty() || keyring.rubbish_by(&group, own).is_some() {
            return Ok(());
        }
        let current = keyring.shown().current_epoch(&group).map(|epoch| epoch.id);
        let held = current.and_then(|epoch| Some((epoch, keyring.keys().get(&epoch)?.key.clone())));
        match held {
            Some((epoch, epoch_key)) if self.is_for_me(keyring, &group, own) => {
                self.say_share(keeping, group, epoch, &epoch_key, &lacking.share)
            }
            _ => {
                self.upkeep.look_again(self.clock.steady());
                Ok(())
            }
        }
    }

    /// Whether a group's upkeep falls to this phone: others had their time, or nobody else can.
    fn is_for_me(&self, keyring: &Keyring, group: &KeyGroup, own: &DeviceId) -> bool {
        let waited = self.upkeep.has_waited(self.steady());
        waited
            || match keyring.shown().current_epoch(group) {
                None => !keyring.shown().had_epoch(group),
                Some(epoch) => !keyring.shown().is_holder(group, &epoch.id, own),
            }
    }

    /// This phone's own epochs that came too late: whoever reads the group lacks nothing of what they sealed.
    fn share_late(&mut self, keeping: &mut Keeping, group: KeyGroup, own: &DeviceId) -> Result<(), Problem> {
        let keyring = &keeping.keyring;
        let late = keyring
            .history()
            .epochs()
            .filter(|(_, seen)| seen.is_late && seen.group == Some(group) && seen.author.as_ref() == Some(own));
        let mut shares = Vec::new();
        for (epoch, seen) in late.filter(|(epoch, _)| !keyring.is_refused(epoch)) {
            let Some(held) = keyring.keys().get(epoch) else { continue };
            let said = |device: &DeviceId| {
                keyring.pending().iter().any(|pending| match &pending.statement.body {
                    StatementBody::Share(share) if share.epoch == *epoch => {
                        let ordinal = keyring.admitted().device(device).map(|record| record.ordinal);
                        share.readers.new.contains(device)
                            || ordinal.is_some_and(|ordinal| share.readers.known.has(ordinal))
                    }
                    _ => false,
                })
            };
            let lacks = |device: &DeviceId| {
                let was_there =
                    keyring.admitted().device(device).is_some_and(|record| record.introduced_at <= seen.position);
                was_there && !keyring.history().has_key(epoch, device) && !said(device)
            };
            let readers: Vec<DeviceId> = keyring.shown().readers(&group).into_iter().filter(lacks).collect();
            if !readers.is_empty() {
                shares.push((*epoch, held.key.clone(), readers));
            }
        }
        for (epoch, epoch_key, readers) in shares {
            self.say_share(keeping, group, epoch, &epoch_key, &readers)?;
        }
        Ok(())
    }

    fn say_share(
        &mut self,
        keeping: &mut Keeping,
        group: KeyGroup,
        epoch: EpochId,
        epoch_key: &EpochKey,
        readers: &[DeviceId],
    ) -> Result<(), Problem> {
        let what = (group, Some(epoch));
        if keeping.keyring.is_held_up(what) {
            return Ok(());
        }
        let (device, keyring) = (self.device()?.clone(), keeping.keyring.clone());
        let said = self.share_of(&keeping.circle, &keyring, group, epoch_key, readers);
        let said = said.and_then(|saying| self.say_as(&device, keeping.circle, keyring, vec![saying]));
        keeping.take(what, said);
        Ok(())
    }
}

/// The groups whose keys a phone looks after: those that it reads. Of what it reports to the organisation also where the
/// chain that had the key was lost: what was sealed with it waits for another one.
fn kept_groups(keyring: &Keyring, own: &DeviceId) -> Vec<KeyGroup> {
    let mut groups: Vec<KeyGroup> = keyring.shown().groups();
    groups.push(KeyGroup::Circle);
    let held = keyring.keys().values().filter(|held| held.is_own || held.group.is_for_organisation());
    groups.extend(held.map(|held| held.group));
    groups.sort_unstable();
    groups.dedup();
    groups.retain(|group| keyring.shown().reads(own, group));
    groups
}
