use std::collections::BTreeMap;

use kith_shared::codec::Reader;
use kith_shared::document::KithSchema;
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, BodyId, DeviceId};
use kith_shared::storage::{MemoryStore, Read, ReadResult, Tree};
use kith_shared::sync::admit::{Known, Layout, Origin, Prepared};
use kith_shared::sync::{DocumentState, StoredEntry};
use kith_shared::trust::{Chain, DeviceSecret, Roster, RosterEntry, SignedHead};
use kith_shared::wire::{Entry, pack_page, unpack_page};
use kith_tests::hub::Hub;
use kith_tests::phone::PhoneStore;
use kith_tests::seed::Seed;

use crate::support::{Ask, CIRCLE, MemoryPhone, Place};

fn secret(phone: &mut MemoryPhone) -> DeviceSecret {
    let read = Read::Get { tree: Tree::Meta, key: b"device".to_vec() };
    let seed = phone.store().read(&[read]).unwrap().pop().and_then(ReadResult::value).unwrap();
    DeviceSecret::from_seed(seed.try_into().unwrap())
}

/// Everything that was written, each entry with its own signature and its bodies, in the server's order.
fn all_entries(hub: &Hub, secrets: &BTreeMap<DeviceId, DeviceSecret>) -> Vec<Entry> {
    let knows = hub.chain(&CIRCLE).chain().head();
    let bodies: BTreeMap<BodyId, Vec<u8>> =
        hub.store.rows(Tree::Bodies).map(|(_, bytes)| (BodyId::of(bytes), bytes.to_vec())).collect();
    let signed = |(_, value): (&[u8], &[u8])| {
        let stored = StoredEntry::decode(value).unwrap();
        let change = parse_change(stored.content.bytes()).unwrap();
        let document = stored.document.id(&CIRCLE);
        let actor = ActorId::derive(&stored.device, &document, stored.incarnation);
        let (seq, entry) = (change.seq, change.entry);
        let head = SignedHead { circle: *CIRCLE, document, actor, seq, entry, knows };
        let signature = Some(head.sign(&secrets[&stored.device]));
        let here = stored.bodies.iter().map(|body| bodies[body].clone()).collect();
        Entry { signature, ..stored.with_bodies(here) }
    };
    hub.store.rows(Tree::Log).map(signed).collect()
}

fn roster(hub: &Hub) -> Roster {
    Roster::new(hub.store.rows(Tree::Roster).map(|(_, value)| RosterEntry::read(&mut Reader::new(value)).unwrap()))
}

/// Takes a page as a phone does; what it lacks is refused by name and comes again.
fn take(store: &mut MemoryStore, chain: &Chain, roster: &Roster, bytes: &[u8], position: &mut u64) -> bool {
    let page = unpack_page(bytes).unwrap();
    let prepared = Prepared::new(chain.circle(), roster, chain, &KithSchema, page.entries, Origin::Received);
    let reads = prepared.reads();
    let known = Known::from_reads(&reads, MemoryStore::read(store, &reads)).unwrap();
    let admitted = prepared.admit(&known, &KithSchema, Layout::Phone, *position);
    for refused in &admitted.refused {
        assert!(refused.refusal.can_retry(), "{}", refused.refusal);
    }
    *position = admitted.position;
    store.commit(admitted.batch);
    admitted.refused.is_empty()
}

/// A document's key, entries, digest of its clock, digest of its heads.
type State = (Vec<u8>, u64, [u8; 8], [u8; 8]);

fn states(store: &MemoryStore) -> Vec<State> {
    let row = |(key, value): (&[u8], &[u8])| {
        let state = DocumentState::decode(value).unwrap();
        (key.to_vec(), state.entries, state.clock_digest(), state.heads_digest())
    };
    store.rows(Tree::Documents).map(row).collect()
}

#[test]
fn p03_pages_in_any_order_in_pieces_and_twice_give_the_same() {
    let place = Place::new();
    let mut phones = [(1, "Ana"), (2, "Ben"), (3, "Cleo")].map(|(seed, name)| place.enrolled(seed, name));
    for round in 0..4 {
        for (number, phone) in phones.iter_mut().enumerate() {
            let note = phone.create_note("Monday");
            phone.splice(&note, 0, 0, &format!("Line {round} by {number}. "));
            phone.send(&format!("Message {round} by {number}"));
            phone.sync().unwrap();
        }
    }
    phones.iter_mut().for_each(|phone| assert_eq!(phone.sync().unwrap().unsent_items, 0));
    let secrets = phones.iter_mut().map(secret).map(|secret| (secret.id(), secret)).collect();
    let hub = place.hub.borrow();
    let (entries, roster, chain) = (all_entries(&hub, &secrets), roster(&hub), hub.chain(&CIRCLE));
    assert!(entries.len() > 20);
    for seed in 0..60 {
        let mut seed = Seed::new(seed);
        let mut pages = Vec::new();
        let mut rest = entries.as_slice();
        while !rest.is_empty() {
            let (piece, later) = rest.split_at((1 + seed.below(5)).min(rest.len()));
            let (page, taken) = pack_page(&CIRCLE, &[], piece);
            assert_eq!(taken, piece.len());
            pages.push(page);
            rest = later;
        }
        let twice = pages.iter().filter(|_| seed.percent(30)).cloned().collect::<Vec<_>>();
        pages.extend(twice);
        let (mut store, mut position) = (MemoryStore::new(), 0);
        while !pages.is_empty() {
            let page = pages.swap_remove(seed.below(pages.len()));
            if !take(&mut store, chain.chain(), &roster, &page, &mut position) {
                pages.push(page);
            }
        }
        assert_eq!(states(&store), states(&hub.store));
        assert_eq!(store.rows(Tree::DocumentLog).count(), entries.len(), "each once");
        assert!(store.rows(Tree::Bodies).eq(hub.store.rows(Tree::Bodies)));
    }
}
