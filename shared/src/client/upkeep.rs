//! What a phone says by itself so that everyone who may read can, and nobody else.

use crate::ids::{CircleId, DeviceId};
use crate::trust::{Epoch, KeyGroup, StatementBody};

use super::Problem;
use super::engine::{Engine, LocalCircle};
use super::say::{Said, Saying};

/// How long a phone leaves it to others to begin an epoch for somebody who came: mostly that one does it.
const OTHERS_FIRST_MS: u64 = 60_000;

impl Engine {
    /// Shares, and at most one new epoch for each group that this phone is in; nothing when there is nothing to say.
    pub(super) fn upkeep(&mut self, circle: &CircleId) -> Result<Option<Said>, Problem> {
        let own = self.device()?.id();
        let local = self.local(circle)?.clone();
        let keyring = &local.keyring;
        // While the server is proven to tell people different things, no key is given to anyone.
        if !keyring.is_in(&own) || keyring.is_forked() || keyring.is_other_person(&own) {
            return Ok(None);
        }
        let mut groups: Vec<KeyGroup> = keyring.shown.groups();
        groups.push(KeyGroup::Circle);
        groups.extend(keyring.keys.values().filter(|held| held.is_own).map(|held| held.group));
        groups.sort_unstable();
        groups.dedup();
        groups.retain(|group| keyring.shown.reads(&own, group));
        let (mut sayings, mut anew) = (Vec::new(), Vec::new());
        for group in groups {
            self.upkeep_of(circle, &local, group, &mut sayings, &mut anew)?;
        }
        if sayings.is_empty() && anew.is_empty() {
            return Ok(None);
        }
        let device = self.device()?.clone();
        let said = self.say_as(&device, *circle, local, sayings)?;
        let mut all = self.begin_epochs_on(*circle, said.local, &anew)?;
        let mut batch = said.batch;
        batch.puts.append(&mut all.batch.puts);
        Ok(Some(Said { batch, ..all }))
    }

    fn upkeep_of(
        &mut self,
        circle: &CircleId,
        local: &LocalCircle,
        group: KeyGroup,
        sayings: &mut Vec<Saying>,
        anew: &mut Vec<KeyGroup>,
    ) -> Result<(), Problem> {
        let own = self.device()?.id();
        let keyring = &local.keyring;
        let is_said = |epoch| {
            keyring.pending.iter().any(|pending| {
                matches!(&pending.statement.body, StatementBody::Epoch(Epoch { epoch: said, .. }) if said == epoch)
            })
        };
        let here = keyring.history.chain().len();
        // A key that was made here is said until it is on the chain, as itself: what it sealed stays readable.
        let unsaid: Vec<_> = keyring
            .keys
            .iter()
            .filter(|(epoch, held)| held.is_own && held.group == group && !is_said(*epoch))
            .filter(|(epoch, _)| keyring.tried.get(*epoch) != Some(&here))
            .map(|(_, held)| held.key.clone())
            .collect();
        let is_begun = !unsaid.is_empty();
        for epoch_key in unsaid {
            sayings.push(self.epoch_of(circle, local, group, &epoch_key)?);
        }
        self.share_late(circle, local, group, &own, sayings)?;
        if let Some(member) = keyring.rubbish_by(&group, &own).filter(|_| !is_begun) {
            // No share can follow: whoever was given rubbish counts as a holder.
            if keyring.may_answer(&member, self.request_time()) {
                anew.push(group);
            }
            return Ok(());
        }
        let lacking = keyring.shown.lacking(&group);
        if is_begun || (!lacking.new_epoch && lacking.share.is_empty()) {
            return Ok(());
        }
        let waited = self.trust_changed.is_some_and(|at| self.now.since_ms(at) >= OTHERS_FIRST_MS);
        let current = keyring.shown.current_epoch(&group).map(|epoch| epoch.id);
        let mine = match &current {
            None => keyring.shown.epochs(&group).next().is_none(),
            Some(epoch) => !keyring.shown.is_holder(&group, epoch, &own),
        };
        let held = current.and_then(|epoch| keyring.keys.get(&epoch));
        match (lacking.new_epoch, held) {
            (true, _) if mine || waited => anew.push(group),
            (false, Some(held)) if mine || waited => {
                let epoch_key = held.key.clone();
                sayings.push(self.share_of(circle, local, group, &epoch_key, &lacking.share)?);
            }
            _ => self.look_again(),
        }
        Ok(())
    }

    /// This phone's own epochs that came too late: whoever reads the group lacks nothing of what they sealed.
    fn share_late(
        &mut self,
        circle: &CircleId,
        local: &LocalCircle,
        group: KeyGroup,
        own: &DeviceId,
        sayings: &mut Vec<Saying>,
    ) -> Result<(), Problem> {
        let keyring = &local.keyring;
        let late = keyring
            .history
            .epochs()
            .filter(|(_, seen)| seen.is_late && seen.group == Some(group) && seen.author.as_ref() == Some(own));
        let mut shares = Vec::new();
        for (epoch, seen) in late {
            let Some(held) = keyring.keys.get(epoch) else { continue };
            if keyring.tried.get(epoch) == Some(&keyring.history.chain().len()) {
                continue;
            }
            let said = |device: &DeviceId| {
                keyring.pending.iter().any(|pending| match &pending.statement.body {
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
                was_there && !keyring.history.has_key(epoch, device) && !said(device)
            };
            let readers: Vec<DeviceId> = keyring.shown.readers(&group).into_iter().filter(lacks).collect();
            if !readers.is_empty() {
                shares.push((held.key.clone(), readers));
            }
        }
        for (epoch_key, readers) in shares {
            sayings.push(self.share_of(circle, local, group, &epoch_key, &readers)?);
        }
        Ok(())
    }

    /// Asks again once others had their time.
    fn look_again(&mut self) {
        let due = self.trust_changed.unwrap_or(self.now).plus_ms(OTHERS_FIRST_MS);
        self.upkeep_due = Some(self.upkeep_due.map_or(due, |at| at.min(due)));
    }
}
