use std::collections::BTreeMap;

use kith_shared::document::DocumentName;
use kith_shared::ids::{CircleId, MemberId};
use kith_shared::seal::{EpochId, EpochKey, WRAP_BYTES, unwrap, wrap};
use kith_shared::sorted::SortedSet;
use kith_shared::sync::statements::{CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    AddDevice, Attached, DeviceSecret, Draft, Epoch, Founder, InviteSecret, Join, KeyGroup, Knows, Readers, Role,
    Signer, SigningSecret, StatementBody, StatementProblem,
};
use kith_shared::wire::GivenText;

use kith_server::admin::invite::{DAY_MS, InviteTerms, Issuer};
use kith_server::admin::{chain, circle, invite};
use kith_server::store::{Store, StoreError};

use super::words::CIRCLE;
use super::{DemoError, random::Random};

/// Most earlier keys that a link's box holds.
const PAST_MAX: usize = 120;

/// Whose own records and talks between two the demo has, by her place among the names: Amina.
pub(super) const WHO_CAME_BACK: usize = 1;
/// With whom she talks alone: her buddy, and the facilitator.
pub(super) const HER_PEOPLE: [usize; 2] = [6, 0];

/// The people of the demo circle, and the keys that they share.
pub(super) struct Group {
    pub(super) circle: CircleId,
    /// One each; the first leads.
    pub(super) devices: Vec<DeviceSecret>,
    /// Whose device is whose.
    pub(super) members: Vec<MemberId>,
    /// The keys of the groups that something is sealed for.
    pub(super) keys: BTreeMap<KeyGroup, (EpochId, EpochKey)>,
    /// The chain when all were there: what everyone knew who wrote.
    pub(super) knows: Knows,
}

impl Group {
    /// The key that a document's texts are sealed with.
    pub(super) fn key_of(&self, name: &DocumentName) -> Option<&(EpochId, EpochKey)> {
        let group = match (name.owner(), name.pair()) {
            (Some(owner), _) => KeyGroup::Alone(owner),
            (None, Some((one, other))) => KeyGroup::Pair(one, other),
            (None, None) => KeyGroup::Circle,
        };
        self.keys.get(&group)
    }
}

/// The root founds a circle with its facilitator, everyone else comes in by their link, one of them prints a code to come
/// back with, and the first period of each key begins.
pub(super) async fn come_together(
    store: &dyn Store,
    keys: &HubKeys,
    root: &SigningSecret,
    (devices, paper): (Vec<DeviceSecret>, &DeviceSecret),
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
    let member = |device: &DeviceSecret| chain.standing().device(&device.id()).map(|record| record.member);
    let members: Vec<MemberId> = devices.iter().map(member).collect::<Option<_>>().ok_or(DemoError::Refused)?;
    let (she, hers) = (&devices[WHO_CAME_BACK], members[WHO_CAME_BACK]);
    let add = AddDevice::sign(&circle, &hers, paper, true, Attached::NOTHING);
    let printed = chain.draft(Some(&she.id()), StatementBody::AddDevice(add), begun).sign(Signer::Device(she));
    chain.admit(printed, Vec::new(), keys, begun)?;
    let between = HER_PEOPLE.iter().filter_map(|person| KeyGroup::pair(hers, members[*person]));
    let groups: Vec<KeyGroup> = [KeyGroup::Circle, KeyGroup::Alone(hers)].into_iter().chain(between).collect();
    let mut held = BTreeMap::new();
    for group in groups {
        let author = if group == KeyGroup::Circle { leader } else { she };
        held.insert(group, begin_epoch(&mut chain, keys, (author, group), begun, random)?);
    }
    let knows = chain.chain().head();
    circle::commit_founded(store, chain, CIRCLE, begun).await.map_err(|_| DemoError::Refused)?;
    Ok(Group { circle, devices, members, keys: held, knows })
}

fn begin_epoch(
    chain: &mut CircleChain,
    keys: &HubKeys,
    (author, group): (&DeviceSecret, KeyGroup),
    begun: TimestampMs,
    random: &mut Random,
) -> Result<(EpochId, EpochKey), DemoError> {
    let (circle, key) = (*chain.circle(), EpochKey::from_entropy(random.bytes()));
    let mut wraps = Vec::new();
    for device in chain.standing().devices().filter(|device| chain.standing().reads(&device.id, &group)) {
        let wrapped = wrap(&key, &circle, &device.keys, random.bytes()).map_err(|_| StatementProblem::WeakKey)?;
        wraps.extend(wrapped);
    }
    let epoch = key.id(&circle, &group);
    let readers = Readers { known: chain.standing().readers_said(&group), new: Vec::new() };
    let body = StatementBody::Epoch(Epoch { group, epoch, readers, wraps: Attached::of(&wraps) });
    let statement = chain.draft(Some(&author.id()), body, begun).sign(Signer::Device(author));
    chain.admit(statement, wraps, keys, begun)?;
    Ok((epoch, key))
}

/// The keys of what the whole circle reads that a device was given, the oldest first: what opens the past to whoever comes
/// next.
///
/// # Errors
/// What the store says.
pub(super) async fn past(
    store: &dyn Store,
    chain: &CircleChain,
    device: &DeviceSecret,
) -> Result<Vec<(KeyGroup, EpochKey)>, StoreError> {
    let mut keys = given(store, chain, device).await?;
    keys.retain(|(group, _)| *group == KeyGroup::Circle);
    Ok(keys.split_off(keys.len().saturating_sub(PAST_MAX)))
}

/// All keys that a device was given, the oldest first.
///
/// # Errors
/// What the store says.
pub(super) async fn given(
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
    Ok(keys)
}
