//! What keys cost on the way: a new epoch, coming in, and both with keys that a quantum computer opens nothing of.
//!
//! The latter is reckoned over what is really sent: X-Wing (ML-KEM-768 with X25519, draft-connolly-cfrg-xwing-kem) has
//! sizes that do not depend on anything.

use kith_shared::ids::{CircleId, EpochId, RecordHash};
use kith_shared::seal::WRAP_BYTES;
use kith_shared::storage::MemoryStore;
use kith_shared::trust::{Attached, DeviceSecret, Draft, Epoch, KeyGroup, Knows, Readers, Signer, StatementBody};
use serde_json::json;

use super::fold::wrong;
use super::{BenchError, CIRCLE, Measure, NOW, Place, ask, measure};

/// Bytes of an X-Wing public key, which would stand beside a device's two keys.
const XWING_PUBLIC_BYTES: usize = 1_216;
/// Bytes that an X-Wing wrap has more than one of X25519: its encapsulated key has 1,120 for 32.
const XWING_WRAP_MORE_BYTES: usize = 1_120 - 32;
/// Circles that are reckoned with.
const SIZES: [(u32, [&str; 2]); 2] =
    [(12, ["epoch.bytes-12", "epoch.x-wing-12"]), (200, ["epoch.bytes-200", "epoch.x-wing-200"])];
/// People in the circle that one comes into, that one included.
const PEOPLE: usize = 12;

/// Bytes up of an epoch for 12 devices and for 200, and of coming into a circle of twelve, as it is and with X-Wing.
///
/// # Errors
/// When a phone does not do its part.
pub fn keys() -> Result<Vec<Measure>, BenchError> {
    let mut measures = Vec::new();
    for (devices, names) in SIZES {
        let bytes = epoch(devices);
        measures.push(measure(names[0], bytes as f64, "bytes up"));
        let more = devices as usize * XWING_WRAP_MORE_BYTES;
        measures.push(measure(names[1], (bytes + more) as f64, "bytes up, were it X-Wing"));
    }
    measures.extend(enrolment()?);
    Ok(measures)
}

/// The statement of an epoch, and the wraps that lie beside it.
fn epoch(devices: u32) -> usize {
    let leader = DeviceSecret::from_seed([0xc3; 32]);
    let wraps = vec![7; devices as usize * WRAP_BYTES];
    let readers = Readers { known: (0..devices).collect(), new: Vec::new() };
    let epoch = Epoch { group: KeyGroup::Circle, epoch: EpochId([9; 32]), readers, wraps: Attached::of(&wraps) };
    let (circle, knows) = (CircleId([1; 16]), Knows { generation: 0, position: 1, hash: RecordHash([2; 32]) });
    let draft = Draft { circle, number: 1, knows, time: NOW, body: StatementBody::Epoch(epoch) };
    draft.sign(Signer::Device(&leader)).encode().len() + wraps.len()
}

/// What the twelfth person's phone sends and gets from its link to the circle, and how much more with X-Wing: were it
/// given its own wrap alone and nobody's key, so that it could wrap to nobody; with everybody's keys; and as it is done,
/// where the newcomer begins an epoch, and wraps it for everybody.
fn enrolment() -> Result<[Measure; 5], BenchError> {
    let place = Place::new();
    let mut leader = place.enrolled(1)?;
    let circle = CIRCLE.to_string();
    let invite = json!({"cmd": "invite", "circle": circle, "role": "member", "past": false, "uses": 100, "days": 7});
    let link = ask(&mut leader, invite)?["link"].clone();
    ask(&mut leader, json!({"cmd": "sync"}))?;
    let mut before = 0;
    for number in 2..=PEOPLE {
        before = place.requests();
        let mut phone = place.phone_over(MemoryStore::new(), number as u8);
        ask(&mut phone, json!({"cmd": "enrol", "link": link, "name": "Ben"}))?;
        ask(&mut phone, json!({"cmd": "sync"}))?;
    }
    let (up, down) = place.bytes_since(before);
    let chain = place.hub.borrow().chain(&CIRCLE);
    let people = chain.standing().devices().count();
    if people != PEOPLE {
        return Err(wrong(format!("{people} people are in")));
    }
    let last = chain.standing().current_epoch(&KeyGroup::Circle).ok_or_else(|| wrong("no key is in force"))?;
    let wraps = chain.standing().readers(&last.group).len();
    let more = |keys: usize, wraps: usize| {
        let bytes = keys * XWING_PUBLIC_BYTES + wraps * XWING_WRAP_MORE_BYTES;
        100.0 * bytes as f64 / (up + down) as f64
    };
    Ok([
        measure("enrol.up-12", up as f64, "bytes of body"),
        measure("enrol.down-12", down as f64, "bytes of body"),
        measure("enrol.x-wing-own", more(1, 1), "% more, were it X-Wing: one's own key and wrap alone"),
        measure("enrol.x-wing-keys", more(PEOPLE, 1), "% more: everybody's keys"),
        measure(
            "enrol.x-wing-all",
            more(PEOPLE, wraps),
            "% more: everybody's keys and an epoch for all, as it is done",
        ),
    ])
}
