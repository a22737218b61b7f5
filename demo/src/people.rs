use kith_shared::ids::{CircleId, MemberId};
use kith_shared::seal::{EpochId, EpochKey, WRAP_BYTES, unwrap, wrap};
use kith_shared::sorted::SortedSet;
use kith_shared::sync::statements::{CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    Attached, DeviceSecret, Draft, Epoch, Founder, InviteSecret, Join, KeyGroup, Knows, Readers, Role, Signer,
    SigningSecret, StatementBody, StatementProblem,
};
use kith_shared::wire::GivenText;

use kith_server::admin::invite::{DAY_MS, InviteTerms, Issuer};
use kith_server::admin::{chain, circle, invite};
use kith_server::store::{Store, StoreError};

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
    /// The chain when all were there: what everyone knew who wrote.
    pub(super) knows: Knows,
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
    let mut chain = chain::load(store, circle).await?;
    chain.admit(statement, Vec::new(), keys, begun)?;
    let (secret, uses) = (InviteSecret(random.bytes()), u32::try_from(others.len()).unwrap_or(u32::MAX));
    let terms = InviteTerms { role: Role::Member, uses, expires: begun.plus_ms(DAY_MS) };
    let issuer = Issuer { signer: Signer::Device(leader), past: &[] };
    invite::state(&mut chain, keys, &issuer, circle, &secret, terms, begun).map_err(|_| DemoError::Refused)?;
    for device in others {
        let body = StatementBody::Join(Join::sign(&circle, &secret.public(), device, random.bytes()));
        let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: begun, body };
        chain.admit(draft.sign(Signer::Invite(&secret)), Vec::new(), keys, begun)?;
    }
    let (epoch, key) = begin_epoch(&mut chain, keys, leader, begun, random)?;
    let member = |device: &DeviceSecret| chain.standing().device(&device.id()).map(|record| record.member);
    let members = devices.iter().map(member).collect::<Option<_>>().ok_or(DemoError::Refused)?;
    let knows = chain.chain().head();
    circle::commit_founded(store, chain, CIRCLE, begun).await.map_err(|_| DemoError::Refused)?;
    Ok(Group { circle, devices, members, epoch, key, knows })
}

fn begin_epoch(
    chain: &mut CircleChain,
    keys: &HubKeys,
    leader: &DeviceSecret,
    begun: TimestampMs,
    random: &mut Random,
) -> Result<(EpochId, EpochKey), DemoError> {
    let (circle, key, group) = (*chain.circle(), EpochKey::from_entropy(random.bytes()), KeyGroup::Circle);
    let mut wraps = Vec::new();
    for device in chain.standing().devices() {
        let wrapped = wrap(&key, &circle, &device.keys, random.bytes()).map_err(|_| StatementProblem::WeakKey)?;
        wraps.extend(wrapped);
    }
    let epoch = key.id(&circle, &group);
    let readers = Readers { known: chain.standing().readers_said(&group), new: Vec::new() };
    let body = StatementBody::Epoch(Epoch { group, epoch, readers, wraps: Attached::of(&wraps) });
    let statement = chain.draft(Some(&leader.id()), body, begun).sign(Signer::Device(leader));
    chain.admit(statement, wraps, keys, begun)?;
    Ok((epoch, key))
}

/// The keys of a circle that a device was given, the oldest first: what opens the past to whoever comes next.
///
/// # Errors
/// What the store says.
pub(super) async fn past(
    store: &dyn Store,
    chain: &CircleChain,
    device: &DeviceSecret,
) -> Result<Vec<(KeyGroup, EpochKey)>, StoreError> {
    let givings = chain.giving(&device.id(), 1, chain.chain().len(), &SortedSet::new());
    let found = store.read(chain.attachment_reads(&givings)).await?;
    let mut keys = Vec::new();
    for (row, record) in chain.rows().iter().zip(chain.given(&givings, found)) {
        let GivenText::Given(stated) = record.text else { continue };
        let Ok(Some(statement)) = row.statement() else { continue };
        let StatementBody::Epoch(epoch) = &statement.body else { continue };
        let wrap = <[u8; WRAP_BYTES]>::try_from(stated.attachment).ok();
        let key = wrap.and_then(|wrap| unwrap(device, chain.circle(), &wrap, &epoch.group, &epoch.epoch).ok());
        keys.extend(key.map(|key| (epoch.group, key)));
    }
    Ok(keys.split_off(keys.len().saturating_sub(PAST_MAX)))
}
