//! What one member with their own keys does to a document that others write in.

use kith_shared::document::{BodyOp, DocumentName, Handle, ReactionKind, Subject};
use kith_shared::gate::{Refusal, parse_change};
use kith_shared::ids::{ActorId, BodyId, Incarnation, TextCommitment};
use kith_shared::seal::{BodyPlace, EpochKey, SaltedText, TextSalt, seal_body};
use kith_shared::storage::Tree;
use kith_shared::sync::{CHAINS_RESERVED, DOCUMENT_WORK_MAX, DocumentState, key};
use kith_shared::time::{Day, TimestampMs};
use kith_shared::trust::{Remove, Role, SignedHead, Signer, StatementBody};
use kith_shared::wire::{Entry, EntryContent, Frame, pack_page};

use super::testing::{Phone, Server};

fn refusals(frames: &[Frame]) -> Vec<Refusal> {
    Phone::answer(frames).refused.iter().map(|refused| refused.refusal).collect()
}

fn opened(phone: &Phone, name: DocumentName, incarnation: u32, before: &[Vec<u8>]) -> Handle {
    let actor = ActorId::derive(&phone.secret.id(), &name.id(&phone.circle), Incarnation(incarnation));
    Handle::open(&phone.circle, &name, actor, before).unwrap()
}

fn entry(phone: &Phone, name: DocumentName, incarnation: u32, change: &[u8]) -> Entry {
    let (document, incarnation) = (name.id(&phone.circle), Incarnation(incarnation));
    let actor = ActorId::derive(&phone.secret.id(), &document, incarnation);
    let parsed = parse_change(change).unwrap();
    let head =
        SignedHead { circle: phone.circle, document, actor, seq: parsed.seq, entry: parsed.entry, knows: phone.knows };
    Entry {
        document: name,
        device: phone.secret.id(),
        incarnation,
        content: EntryContent::Plain(change.to_vec()),
        signature: Some(head.sign(&phone.secret)),
        bodies: Vec::new(),
        admitted: None,
    }
}

/// What an edit of one of a device's incarnations comes to.
fn edited(
    phone: &Phone,
    name: DocumentName,
    incarnation: u32,
    before: &[Vec<u8>],
    edit: impl FnOnce(&mut Handle),
) -> Vec<(Entry, Vec<u8>)> {
    let mut handle = opened(phone, name, incarnation, before);
    edit(&mut handle);
    let changes = handle.commit(phone.now);
    changes.into_iter().map(|change| (entry(phone, name, incarnation, &change), change)).collect()
}

async fn send(server: &Server, phone: &Phone, entries: &[Entry]) -> Vec<Refusal> {
    let (mut from, mut refused) = (0, Vec::new());
    while from < entries.len() {
        let mut pages = Vec::new();
        while from < entries.len() && pages.len() < 12 {
            let (page, taken) = pack_page(&phone.circle, &[], &entries[from..entries.len().min(from + 256)]);
            assert!(taken > 0);
            from += taken;
            pages.push(Frame::Page(page).encode());
        }
        let (status, frames) = server.sync(phone.request(&pages)).await;
        assert_eq!(status, 200);
        refused.extend(refusals(&frames));
    }
    refused
}

async fn state(server: &Server, name: DocumentName) -> DocumentState {
    stored(server, name).await.unwrap()
}

async fn stored(server: &Server, name: DocumentName) -> Option<DocumentState> {
    let at = key::document(&server.circle, &name.id(&server.circle));
    let bytes = server.app.get(Tree::Documents, at).await.unwrap()?;
    Some(DocumentState::decode(&bytes).unwrap())
}

async fn chains(server: &Server, name: DocumentName) -> u64 {
    state(server, name).await.chains.len() as u64
}

fn note() -> DocumentName {
    DocumentName::new(Subject::SessionNote { day: Day(20_000), ordinal: 0 })
}

#[tokio::test]
async fn a_member_with_a_thousand_beginnings_leaves_everybody_room_for_theirs() {
    let server = Server::new().await;
    let (mallory, ana) = (server.joined(2, Role::Member).await, server.joined(3, Role::Facilitator).await);
    let name = DocumentName::new(Subject::Profile);
    let named = |phone: &Phone, incarnation: u32| {
        let named = |handle: &mut Handle| handle.set_own_name("x", TimestampMs(1)).unwrap();
        edited(phone, name, incarnation, &[], named).remove(0).0
    };
    let entries: Vec<Entry> = (0..1_024).map(|incarnation| named(&mallory, incarnation)).collect();
    let refused = send(&server, &mallory, &entries).await;
    assert_eq!(chains(&server, name).await, CHAINS_RESERVED);
    assert!(!refused.is_empty() && refused.iter().all(|refusal| *refusal == Refusal::FullChains));
    assert_eq!(send(&server, &ana, &[named(&ana, 0)]).await, []);
    let renamed = edited(&ana, name, 1, &[], |handle| handle.set_circle_name("Tuesday", TimestampMs(2)).unwrap());
    assert_eq!(send(&server, &ana, &[renamed[0].0.clone()]).await, []);
}

#[tokio::test]
async fn heads_of_many_side_by_side_are_joined_and_everybody_writes_on() {
    let server = Server::new().await;
    let mut ana = server.joined(3, Role::Facilitator).await;
    let (name, page) = (ana.name, ana.message("hello"));
    assert_eq!(refusals(&server.sync(ana.request(&[page])).await.1), []);
    let before = ana.changes.clone();
    let message = opened(&ana, name, 0, &before).thread().unwrap().messages[0].key.clone();
    let mut all = before.clone();
    for seed in 10..20 {
        let ben = server.joined(seed, Role::Member).await;
        let mut entries = Vec::new();
        for incarnation in 0..CHAINS_RESERVED as u32 {
            let react =
                |handle: &mut Handle| handle.react(&message, ReactionKind::Thanks, true, TimestampMs(5)).unwrap();
            let (entry, change) = edited(&ben, name, incarnation, &before, react).remove(0);
            entries.push(entry);
            all.push(change);
        }
        assert_eq!(send(&server, &ben, &entries).await, []);
    }
    let mut handle = opened(&ana, name, 0, &all);
    assert_eq!(handle.heads().len(), 160, "more than a change may name");
    handle.post(ana.now, &BodyId([1; 32]), &TextCommitment([2; 32]), None).unwrap();
    let changes = handle.commit(ana.now);
    assert_eq!(changes.len(), 3, "two that join, and the message");
    let mut entries: Vec<Entry> = changes.iter().map(|change| entry(&ana, name, 0, change)).collect();
    // Its text was taken back meanwhile, so that it needs none here.
    entries[2].bodies = vec![Vec::new()];
    assert_eq!(send(&server, &ana, &entries).await, []);
    assert_eq!(opened(&ana, name, 0, &[all, changes].concat()).heads().len(), 1);
}

#[tokio::test]
async fn a_note_that_one_member_fills_stays_small_and_others_write_in_it() {
    let server = Server::new().await;
    let (mallory, ana) = (server.joined(2, Role::Member).await, server.joined(3, Role::Facilitator).await);
    let document = note().id(&server.circle);
    let mut handle = opened(&mallory, note(), 0, &[]);
    let (mut entries, mut all, mut units) = (Vec::new(), Vec::new(), 0);
    for _ in 0..60 {
        let typed = BodyOp::Splice { index: 0, remove: units, text: "a".repeat(2_000) };
        handle.edit_body(&[typed]).unwrap();
        units = 2_000;
        for change in handle.commit(mallory.now) {
            entries.push(entry(&mallory, note(), 0, &change));
            all.push(change);
        }
    }
    let refused = send(&server, &mallory, &entries).await;
    assert!(refused.contains(&Refusal::FullOps), "{refused:?}");
    let uncovered = refused.iter().filter(|refusal| **refusal == Refusal::Uncovered).count();
    assert!(uncovered > 0, "the page in which the note became full was signed at its end alone");
    let taken = stored(&server, note()).await.map_or(0, |state| state.entries as usize);
    // The answer names the first of a chain; what comes before the one that is too much is signed by itself.
    let mut all_taken = taken;
    while send(&server, &mallory, &entries[all_taken..=all_taken]).await.is_empty() {
        all_taken += 1;
    }
    let state = state(&server, note()).await;
    let work: u64 = state.chains.values().map(|chain| chain.work).sum();
    assert!((20_000..DOCUMENT_WORK_MAX / 2).contains(&work), "{work}");
    let taken = usize::try_from(state.entries).unwrap();
    assert_eq!(taken, all_taken);
    let words = |handle: &mut Handle| {
        let said = BodyOp::Splice { index: 0, remove: 0, text: "What we agreed. ".repeat(500) };
        handle.edit_body(&[said]).unwrap();
    };
    let hers: Vec<Entry> = edited(&ana, note(), 0, &all[..taken], words).into_iter().map(|(entry, _)| entry).collect();
    assert_eq!(send(&server, &ana, &hers).await, []);
    let (_, given) = server.sync(ana.request(&[])).await;
    assert!(given.iter().any(|frame| matches!(frame, Frame::End { .. })), "all that was taken is given on");
    server.worker.lock().await.merge(server.circle, document).await;
    assert_eq!(server.app.metrics.snapshots.get(), 1);
}

#[tokio::test]
async fn what_any_incarnation_wrote_its_member_takes_back_whatever_others_added() {
    let server = Server::new().await;
    let ana = server.joined(3, Role::Facilitator).await;
    let mallory = server.joined(2, Role::Member).await;
    let (name, document) = (ana.name, ana.name.id(&ana.circle));
    for incarnation in [7, 8, 900] {
        let mut handle = opened(&ana, name, incarnation, &[]);
        let message_key = handle.next_message_key(ana.now).unwrap();
        let place = BodyPlace {
            circle: ana.circle,
            document,
            device: ana.secret.id(),
            incarnation: Incarnation(incarnation),
            epoch: ana.epoch,
            message_key: &message_key,
        };
        let salted = SaltedText { salt: TextSalt([5; 16]), text: "words".to_owned() };
        let commitment = salted.commitment(&ana.circle, &document, &message_key);
        let body = seal_body(&EpochKey([7; 32]), &place, &salted).unwrap();
        let id = BodyId::of(&body);
        handle.post(ana.now, &id, &commitment, None).unwrap();
        let posted = handle.commit(ana.now);
        let mut said = entry(&ana, name, incarnation, &posted[0]);
        said.bodies = vec![body];
        assert_eq!(send(&server, &ana, &[said]).await, []);
        handle.take_back(&message_key, ana.now).unwrap();
        let back = entry(&ana, name, incarnation, &handle.commit(ana.now)[0]);
        let theirs = edited(&mallory, name, incarnation, &posted, |handle| {
            handle.take_back(&message_key, TimestampMs(9)).unwrap();
        });
        assert_eq!(send(&server, &mallory, &[theirs[0].0.clone()]).await, [Refusal::NotAllowed]);
        assert_eq!(send(&server, &ana, &[back]).await, []);
        let left = server.app.get(Tree::Bodies, key::body(&server.circle, &id)).await.unwrap().unwrap();
        assert!(left.is_empty(), "{incarnation}");
    }
}

#[tokio::test]
async fn the_answer_to_any_number_of_refused_entries_is_read() {
    let server = Server::new().await;
    let (ana, ben) = (server.joined(3, Role::Facilitator).await, server.joined(4, Role::Member).await);
    let out = StatementBody::Remove(Remove::Device(ben.secret.id()));
    let out = server.statement(Signer::Device(&ana.secret), out).await;
    server.sync(ana.stating(&[&out])).await;
    let name = DocumentName::new(Subject::Profile);
    let named = |handle: &mut Handle| handle.set_own_name("x", TimestampMs(1)).unwrap();
    let entries: Vec<Entry> =
        (0..4_200).map(|incarnation| edited(&ben, name, incarnation, &[], named).remove(0).0).collect();
    let pages: Vec<Vec<u8>> = entries.chunks(60).map(|entries| ben.page(entries)).collect();
    let (status, frames) = server.sync(ben.request(&pages)).await;
    assert_eq!(status, 200);
    let refused = refusals(&frames);
    assert!(!refused.is_empty() && refused.len() <= 512, "{}", refused.len());
    assert!(refused.iter().all(|refusal| *refusal == Refusal::Removed));
    // Of one chain the first stands for all.
    let mut handle = opened(&ben, name, 0, &[]);
    let chain: Vec<Entry> = ["a", "b", "c"]
        .into_iter()
        .map(|text| {
            handle.set_own_name(text, TimestampMs(1)).unwrap();
            entry(&ben, name, 0, &handle.commit(ben.now)[0])
        })
        .collect();
    let (_, frames) = server.sync(ben.request(&[ben.page(&chain)])).await;
    assert_eq!(refusals(&frames), [Refusal::Removed]);
}
