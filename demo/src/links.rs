//! Links to the demo circle.

use kith_server::admin::invite::{self, DAY_MS, InviteTerms, Issuer};
use kith_server::admin::{chain, circle};
use kith_server::keys::Keys;
use kith_server::organisation;
use kith_server::store::{Store, StoreError};
use kith_shared::client::link_text;
use kith_shared::ids::{CircleId, DeviceId};
use kith_shared::seal::encode_code;
use kith_shared::sync::CircleRecord;
use kith_shared::sync::statements::{CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{MemberState, Role, Signer};

use crate::people::{WHO_CAME_BACK, past};
use crate::words::NAMES;
use crate::{DemoError, facilitator, printed_code};

/// Days that the links are good for.
const DAYS: u64 = 30;
/// Devices that the members' link is good for.
const MEMBERS: u32 = 100;

/// What people are told of the demo circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The circle's name, as the server knows it.
    pub name: String,
    /// A link for one more facilitator's device.
    pub facilitator: String,
    /// A link for [`Self::devices`] members' devices.
    pub members: String,
    /// Who comes back with [`Self::code`].
    pub person: &'static str,
    /// The code that she printed: whoever types it is her, with her own records, and her phone of before is out.
    pub code: String,
    /// How many devices the members' link is good for.
    pub devices: u32,
    /// Days that both are good for.
    pub days: u64,
}

/// Links by the facilitator of the demo circle of `seed`, so that whoever opens one reads what is there; the same ones
/// each time while they are good. None where that one is in no circle of the store any more.
///
/// # Errors
/// [`DemoError::Half`] when the circle was begun and not finished; without `root.key`; what the store says.
pub async fn links(
    store: &dyn Store,
    (hub, operator): (&HubKeys, &Keys),
    origin: &str,
    now: TimestampMs,
    seed: u64,
) -> Result<Option<Printed>, DemoError> {
    crate::refuse_half(store).await?;
    let (leader, root) = (facilitator(seed), organisation::root(operator)?);
    let Some((id, record, chain)) = demo_circle(store, &leader.id()).await? else { return Ok(None) };
    let past = past(store, &chain, &leader).await?;
    let issuer = Issuer { signer: Signer::Device(&leader), past: &past };
    let lasting_seed = operator.root()?.0;
    let mut made = Vec::new();
    for (role, uses, name) in [(Role::Facilitator, 1, record.label.as_str()), (Role::Member, MEMBERS, "")] {
        let terms = InviteTerms { role, uses, expires: now.plus_ms(DAYS * DAY_MS) };
        let secret = invite::lasting(store, hub, &issuer, id, &lasting_seed, terms, now).await?;
        let commission = (role == Role::Facilitator).then(|| invite::commission(&root, &secret, now));
        made.push(link_text(origin, &secret, &id, name, commission.as_ref()));
    }
    let [facilitator, members] = <[String; 2]>::try_from(made).map_err(|_| DemoError::Refused)?;
    let (person, code) = (NAMES[WHO_CAME_BACK], encode_code(&printed_code(seed)));
    Ok(Some(Printed { name: record.label, facilitator, members, person, code, devices: MEMBERS, days: DAYS }))
}

/// The circle that the demo's facilitator is in, among those that the server has a name of.
async fn demo_circle(
    store: &dyn Store,
    facilitator: &DeviceId,
) -> Result<Option<(CircleId, CircleRecord, CircleChain)>, StoreError> {
    for (id, record) in circle::list(store).await? {
        let chain = chain::load(store, id).await?;
        let device = chain.standing().device(facilitator);
        if !record.label.is_empty() && device.is_some_and(|device| device.state == MemberState::Active) {
            return Ok(Some((id, record, chain)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kith_server::store::MemoryStore;
    use kith_shared::ids::OrganisationKey;
    use kith_shared::trust::SigningSecret;

    use super::*;

    const NOW: TimestampMs = TimestampMs(1_795_500_000_000);

    #[tokio::test]
    async fn the_demo_circle_is_found_among_others() {
        let root = SigningSecret::from_seed(&[1; 32]);
        let server = SigningSecret::from_seed(&[2; 32]);
        let hub = Arc::new(HubKeys { root: OrganisationKey(root.public()), server });
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        assert!(demo_circle(store.as_ref(), &facilitator(1).id()).await.unwrap().is_none());
        for salt in 10..18_u8 {
            let label = if salt == 17 { "Another of the organisation's" } else { "" };
            circle::create(store.as_ref(), &hub, &root, label, [salt; 16], NOW).await.unwrap();
        }
        let id = crate::seed(&store, &hub, &root, NOW, crate::Made { seed: 1, weeks: 3 }, &mut |_| {}).await.unwrap();
        let found = demo_circle(store.as_ref(), &facilitator(1).id()).await.unwrap();
        assert_eq!(found.map(|(found, ..)| found), Some(id));
        assert!(demo_circle(store.as_ref(), &facilitator(2).id()).await.unwrap().is_none());
    }
}
