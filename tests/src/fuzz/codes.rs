//! QR codes: two phones side by side, and what one of them shows, changed. The checksum is made anew, so that the
//! reader behind it is reached.

use std::cell::RefCell;
use std::rc::Rc;

use kith_shared::ids::tagged_hash;
use kith_shared::seal::{base32, from_base32};
use kith_shared::storage::MemoryStore;
use kith_shared::trust::Role;
use serde_json::json;

use crate::clock::PhoneClock;
use crate::hub::{Hub, ORIGIN};
use crate::phone::{HubLink, NoLink, Options, Phone};

use super::{CIRCLE, CIRCLE_SALT, NOW, Target};

const CHECK_BYTES: usize = 4;

/// A facilitator and a newcomer, as they were before the codes.
struct Session {
    leader: Phone<MemoryStore>,
    leader_store: MemoryStore,
    newcomer: Phone<MemoryStore>,
    ask: Vec<u8>,
    answer: Vec<u8>,
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = RefCell::new(Session::begin());
}

fn framed(bytes: &[u8]) -> String {
    base32(&[bytes, &tagged_hash("kith/qr/1", &[bytes])[..CHECK_BYTES]].concat())
}

fn inside(code: &serde_json::Value) -> Option<Vec<u8>> {
    let mut bytes = from_base32(code.as_str()?)?;
    bytes.truncate(bytes.len().checked_sub(CHECK_BYTES)?);
    Some(bytes)
}

fn phone(store: MemoryStore, seed: u8) -> Phone<MemoryStore> {
    let options = Options { origin: ORIGIN.to_owned(), seed: None, clock: PhoneClock::Fixed(NOW) };
    Phone::over(store, Box::new(NoLink), &options, [seed; 32])
}

fn newcomer() -> Option<(Phone<MemoryStore>, Vec<u8>)> {
    let mut newcomer = phone(MemoryStore::new(), 0x42);
    newcomer.set_online(false);
    let ask = inside(&newcomer.json(json!({"cmd": "qrAsk", "name": "Ben"})).ok()?["qr"])?;
    Some((newcomer, ask))
}

impl Session {
    fn begin() -> Option<Self> {
        let mut hub = Hub::new(NOW);
        hub.add_circle(CIRCLE_SALT);
        let link = hub.invite(&CIRCLE, Role::Facilitator, 1);
        let mut leader = phone(MemoryStore::new(), 0x41);
        leader.set_link(Box::new(HubLink(Rc::new(RefCell::new(hub)))));
        leader.json(json!({"cmd": "enrol", "link": link, "name": "Ana"})).ok()?;
        leader.json(json!({"cmd": "sync"})).ok()?;
        leader.set_link(Box::new(NoLink));
        leader.set_online(false);
        let (newcomer, ask) = newcomer()?;
        let leader_store = leader.store().clone();
        let mut session = Self { leader, leader_store, newcomer, ask, answer: Vec::new() };
        session.answer = inside(&session.grant(&session.ask.clone())?)?;
        Some(session)
    }

    /// The facilitator's phone reads a code; what it then says is forgotten.
    fn grant(&mut self, ask: &[u8]) -> Option<serde_json::Value> {
        let command = json!({"cmd": "qrGrant", "circle": CIRCLE.to_string(), "qr": framed(ask), "role": "member", "past": true, "member": null});
        let granted = self.leader.json(command).ok()?;
        self.leader = phone(self.leader_store.clone(), 0x43);
        self.leader.set_online(false);
        Some(granted["qr"].clone())
    }

    fn take(&mut self, answer: &[u8]) -> Option<()> {
        self.newcomer.json(json!({"cmd": "qrTake", "qr": framed(answer)})).ok()?;
        self.newcomer = newcomer()?.0;
        Some(())
    }
}

/// What honest phones showed.
pub(super) fn corpus() -> Vec<(Target, Vec<u8>)> {
    SESSION.with_borrow(|session| {
        let codes =
            |session: &Session| [(Target::QrAsk, session.ask.clone()), (Target::QrAnswer, session.answer.clone())];
        session.iter().flat_map(codes).collect()
    })
}

/// A phone reads it; `Err` when the two phones could not be made, or an honest code is refused.
pub(super) fn read(target: Target, bytes: &[u8]) -> Result<(), String> {
    SESSION.with_borrow_mut(|session| {
        let session = session.as_mut().ok_or("there are no phones")?;
        let (honest, taken) = match target {
            Target::QrAsk => (bytes == session.ask, session.grant(bytes).is_some()),
            _ => (bytes == session.answer, session.take(bytes).is_some()),
        };
        if honest && !taken { Err("an honest code is refused".to_owned()) } else { Ok(()) }
    })
}
