use kith_shared::ids::{CircleId, MemberId};
use kith_shared::seal::{EpochId, EpochKey, unwrap, wrap};
use kith_shared::sync::statements::{CircleLog, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    DeviceSecret, Draft, Epoch, Founder, InviteRow, InviteSecret, Join, KeyGroup, Role, Signer, SigningSecret,
    Standing, StatementBody, StatementProblem, Wrap,
};

use crate::admin::invite::{DAY_MS, InviteTerms, Issuer};
use crate::admin::{circle, invite, log};
use crate::store::Store;

use super::words::CIRCLE;
use super::{DemoError, random::Random};

/// Most earlier keys that a link's box holds.
const PAST_MAX: usize = 120;

/// The people of the demo circle, and the key that they share.
pub(super) struct Group {
    pub(super) circle: CircleId,
    /// One each; the first leads.
    pub(super) devices: Vec<DeviceSecret>,
    /// Whose device is whose.
    pub(super) members: Vec<MemberId>,
    pub(super) epoch: EpochId,
    pub(super) key: EpochKey,
}

/// The root founds a circle with its facilitator, everyone else comes in by their link, and their key's first period
/// begins.
pub(super) async fn come_together(
    store: &dyn Store,
    keys: &HubKeys,
    root: &SigningSecret,
    devices: Vec<DeviceSecret>,
    begun: TimestampMs,
    random: &mut Random,
) -> Result<Group, DemoError> {
    let Some((leader, others)) = devices.split_first() else { return Err(DemoError::Refused) };
    let founder = Founder { device: *leader.public(), salt: random.bytes(), commission: None };
    let (circle, statement) = circle::found(keys, root, random.bytes(), Some(founder), begun);
    let mut log = log::load(store, circle).await?;
    log.add(statement, keys)?;
    let (secret, uses) = (InviteSecret(random.bytes()), u32::try_from(others.len()).unwrap_or(u32::MAX));
    let terms = InviteTerms { role: Role::Member, uses, expires: begun.plus_ms(DAY_MS) };
    let issuer = Issuer { signer: Signer::Device(leader), past: &[] };
    invite::state(&mut log, keys, &issuer, circle, &secret, terms, begun).map_err(|_| DemoError::Refused)?;
    for device in others {
        let body = StatementBody::Join(Join::sign(&circle, &secret.public(), device, random.bytes()));
        let draft = Draft { circle, parents: Vec::new(), time: begun, body };
        let row = InviteRow { circle, joined: 0, expires: terms.expires };
        log.admit_join(draft.sign(Signer::Invite(&secret)), row, keys, begun)?;
    }
    let (epoch, key) = begin_epoch(&mut log, keys, leader, begun, random)?;
    let member = |device: &DeviceSecret| log.standing().device(&device.id()).map(|record| record.member);
    let members = devices.iter().map(member).collect::<Option<_>>().ok_or(DemoError::Refused)?;
    circle::commit_founded(store, log, CIRCLE, begun).await.map_err(|_| DemoError::Refused)?;
    Ok(Group { circle, devices, members, epoch, key })
}

fn begin_epoch(
    log: &mut CircleLog,
    keys: &HubKeys,
    leader: &DeviceSecret,
    begun: TimestampMs,
    random: &mut Random,
) -> Result<(EpochId, EpochKey), DemoError> {
    let (circle, key) = (*log.log().circle(), EpochKey::from_entropy(random.bytes()));
    let mut wraps = Vec::new();
    for (device, record) in log.standing().devices() {
        let wrapped = wrap(&key, &circle, &record.keys, random.bytes()).map_err(|_| StatementProblem::WeakKey)?;
        wraps.push((*device, Wrap(wrapped)));
    }
    let epoch = Epoch { group: KeyGroup::Circle, previous: None, check: key.check(), wraps };
    let parents = log.log().parents(Some(&leader.id()));
    let draft = Draft { circle, parents, time: begun, body: StatementBody::Epoch(epoch) };
    let statement = draft.sign(Signer::Device(leader));
    let id = EpochId(statement.id().0);
    log.add(statement, keys)?;
    Ok((id, key))
}

/// The keys that a device of a circle holds, the oldest first: what opens the past to whoever comes next.
#[must_use]
pub fn past(circle: &CircleId, standing: &Standing, device: &DeviceSecret) -> Vec<(EpochId, EpochKey)> {
    let (own, mut keys) = (device.id(), Vec::new());
    for epoch in standing.epochs(&KeyGroup::Circle).into_iter().take(PAST_MAX) {
        let mut wraps = epoch.wraps_of(&own);
        let opened = wraps.find_map(|wrap| unwrap(device, circle, &wrap.0, &epoch.check).ok());
        keys.extend(opened.map(|key| (EpochId(epoch.id.0), key)));
    }
    keys.reverse();
    keys
}
