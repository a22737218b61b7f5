//! What keys cost on the way: a new epoch, coming in, and both with keys that a quantum computer opens nothing of.
//!
//! The latter is reckoned over what is really sent: X-Wing (ML-KEM-768 with X25519, draft-connolly-cfrg-xwing-kem) has
//! sizes that do not depend on anything.

use kith_shared::ids::{CircleId, DeviceId};
use kith_shared::seal::WRAP_BYTES;
use kith_shared::storage::MemoryStore;
use kith_shared::trust::{
    DeviceSecret, Draft, Epoch, EpochRecord, KeyGroup, Signer, Statement, StatementBody, Wrap, Wraps,
};
use serde_json::json;

use super::trust::wrong;
use super::{BenchError, CIRCLE, Measure, NOW, Place, ask, measure};

/// Bytes of an X-Wing public key, which would stand beside a device's two keys.
const XWING_PUBLIC_BYTES: usize = 1_216;
/// Bytes that an X-Wing wrap has more than one of X25519: its encapsulated key has 1,120 for 32.
const XWING_WRAP_MORE_BYTES: usize = 1_120 - 32;
/// Circles that are reckoned with.
const SIZES: [(usize, [&str; 2]); 2] =
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
        let bytes = epoch(devices).encode().len();
        measures.push(measure(names[0], bytes as f64, "bytes up"));
        let more = devices * XWING_WRAP_MORE_BYTES;
        measures.push(measure(names[1], (bytes + more) as f64, "bytes up, were it X-Wing"));
    }
    measures.extend(enrolment()?);
    Ok(measures)
}

fn epoch(devices: usize) -> Statement {
    let leader = DeviceSecret::from_seed([0xc3; 32]);
    let device = |number: usize| {
        let mut id = [0; DeviceId::LEN];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        DeviceId(id)
    };
    let wraps: Wraps = (0..devices).map(|number| (device(number), Wrap([7; WRAP_BYTES]))).collect();
    let epoch = Epoch { group: KeyGroup::Circle, previous: None, check: [9; 32], wraps };
    let body = StatementBody::Epoch(epoch);
    Draft { circle: CircleId([1; 16]), parents: Vec::new(), time: NOW, body }.sign(Signer::Device(&leader))
}

/// What the twelfth person's phone sends and gets from its link to the circle, and how much more with X-Wing: were it
/// given its own wrap alone and nobody's key, so that it could wrap to nobody; with everybody's keys; and as it is done,
/// where the statements that come hold all wraps of all epochs, and the newcomer begins one.
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
    let log = place.hub.borrow().log(&CIRCLE);
    let devices: Vec<DeviceId> = log.standing().devices().map(|(device, _)| *device).collect();
    if devices.len() != PEOPLE {
        return Err(wrong(format!("{} people are in", devices.len())));
    }
    let wraps_in = |epoch: &EpochRecord| devices.iter().map(|device| epoch.wraps_of(device).count()).sum::<usize>();
    let wraps: usize = log.standing().all_epochs().map(wraps_in).sum();
    let more = |keys: usize, wraps: usize| {
        let bytes = keys * XWING_PUBLIC_BYTES + wraps * XWING_WRAP_MORE_BYTES;
        100.0 * bytes as f64 / (up + down) as f64
    };
    Ok([
        measure("enrol.up-12", up as f64, "bytes of body"),
        measure("enrol.down-12", down as f64, "bytes of body"),
        measure("enrol.x-wing-own", more(1, 1), "% more, were it X-Wing: one's own key and wrap alone"),
        measure("enrol.x-wing-keys", more(PEOPLE, 1), "% more: everybody's keys"),
        measure("enrol.x-wing-all", more(PEOPLE, wraps), "% more: everybody's keys and all wraps, as it is done"),
    ])
}
