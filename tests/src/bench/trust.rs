//! What trust costs a phone: proving and opening what comes in, and finding out who may do what.

use std::collections::BTreeMap;
use std::rc::Rc;

use kith_shared::document::{Handle, KithSchema, Message};
use kith_shared::ids::{
    ActorId, BodyId, CircleId, DeviceId, DocumentId, EntryId, Incarnation, OrganisationKey, RecordHash, tagged_hash,
};
use kith_shared::seal::{BodyPlace, EpochId, EpochKey, WRAP_BYTES, epoch_hint, open_body};
use kith_shared::storage::{MemoryStore, Tree};
use kith_shared::sync::DocumentState;
use kith_shared::sync::admit::{Known, Layout, Origin, Prepared};
use kith_shared::sync::statements::{self, CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    Attached, DeviceSecret, Draft, Epoch, Found, Founder, Invitation, InviteFor, InviteSecret, Join, KeyGroup, Knows,
    Readers, Remove, Role, SignedHead, Signer, SigningSecret, Statement, StatementAuthor, StatementBody,
};
use kith_shared::wire::unpack_page;
use serde_json::json;

use super::fold::{RECORDS, Row, check_ms, fold_ms, ms, wrong};
use super::worst::worst;
use super::{BenchError, CIRCLE, MESSAGES, Measure, NOW, Place, THREAD, ask, measure, send};
use crate::clock::Stopwatch;
use crate::phone::invite_members;
use crate::tape::{Bodies, Tape, pages};

/// How long it takes to prove (signatures and gate) the pages with 2,000 messages, to open the messages, and to
/// show them, from a cold start and again.
///
/// # Errors
/// When a phone does not do its part.
pub fn unseal() -> Result<Vec<Measure>, BenchError> {
    let place = Place::new();
    let mut writer = place.enrolled(1)?;
    for number in 0..MESSAGES {
        send(&mut writer, number)?;
    }
    ask(&mut writer, json!({"cmd": "sync"}))?;
    let link = invite_members(&mut writer, &CIRCLE.to_string()).map_err(wrong)?;
    let mut reader = place.phone_over(MemoryStore::new(), 2);
    let bodies = Bodies::default();
    reader.set_link(Box::new(Tape { hub: Rc::clone(&place.hub), bodies: Rc::clone(&bodies) }));
    ask(&mut reader, json!({"cmd": "enrol", "link": link, "name": "Ben"}))?;
    for _ in 0..2 {
        ask(&mut writer, json!({"cmd": "sync"}))?;
        ask(&mut reader, json!({"cmd": "sync"}))?;
    }
    let taped: Vec<Vec<u8>> =
        bodies.borrow().iter().filter(|(url, _)| url.is_empty()).flat_map(|(_, body)| pages(body)).collect();
    let (verify_ms, store, changes) = prove(&place, &taped)?;
    let messages = opened_documents(&store, &changes)?;
    let held = Held::of(reader.store(), &store);
    let watch = Stopwatch::start();
    let count = messages.iter().filter(|(at, message)| held.opens(at, message)).count();
    let unseal_ms = ms(&watch);
    if count != MESSAGES {
        return Err(wrong(format!("{count} of {MESSAGES} messages were opened")));
    }
    let stored = reader.store().clone();
    let mut shown = place.phone_over(stored, 3);
    shown.set_online(false);
    let thread = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": MESSAGES});
    let mut took = Vec::new();
    for _ in 0..2 {
        let watch = Stopwatch::start();
        let reply = ask(&mut shown, thread.clone())?;
        took.push(ms(&watch));
        let here = reply["messages"].as_array().map_or(0, |all| all.iter().filter(|one| one["body"] == "here").count());
        if here != MESSAGES {
            return Err(wrong(format!("{here} of {MESSAGES} messages are shown")));
        }
    }
    Ok(vec![
        measure("unseal.verify-2000", verify_ms, "ms, signatures, gate and store"),
        measure("unseal.signatures-2000", signatures()?, "ms more at most, were each signed apart"),
        measure("unseal.unseal-2000", unseal_ms, "ms"),
        measure("unseal.ratio-verify-to-unseal", verify_ms / unseal_ms.max(0.001), "times"),
        measure("unseal.both-2000", verify_ms + unseal_ms, "ms"),
        measure("unseal.show-2000", took[0], "ms from a cold start, unsealed"),
        measure("unseal.show-2000-again", took[1], "ms, unsealed again"),
    ])
}

/// How long 2,000 signatures of chains take to verify: pages bring one for a chain, so few, but a phone that gets each
/// message as it is written meets as many.
fn signatures() -> Result<f64, BenchError> {
    let device = DeviceSecret::from_seed([0xc4; 32]);
    let head = |seq: u64| {
        let (document, actor) = (DocumentId([1; 16]), ActorId([2; 16]));
        SignedHead {
            circle: *CIRCLE,
            document,
            actor,
            seq,
            entry: EntryId(tagged_hash("kith/bench", &[&seq.to_le_bytes()])),
            knows: Knows { generation: 0, position: 1, hash: RecordHash([3; 32]) },
        }
    };
    let signed: Vec<_> = (0..MESSAGES as u64).map(|seq| (head(seq), head(seq).sign(&device))).collect();
    let watch = Stopwatch::start();
    for (head, signature) in &signed {
        head.verify(device.public(), &signature.signature).map_err(wrong)?;
    }
    Ok(ms(&watch))
}

type Changes = BTreeMap<DocumentId, Vec<Vec<u8>>>;

/// Takes the pages as a phone does. How long it took, what then is stored, and the changes.
fn prove(place: &Place, taped: &[Vec<u8>]) -> Result<(f64, MemoryStore, Changes), BenchError> {
    let chain = place.hub.borrow().chain(&CIRCLE);
    let roster = chain.standing().roster();
    let (mut store, mut changes, mut position) = (MemoryStore::new(), Changes::new(), 0);
    let watch = Stopwatch::start();
    for bytes in taped {
        let page = unpack_page(bytes).map_err(wrong)?;
        let prepared = Prepared::new(&CIRCLE, &roster, chain.chain(), &KithSchema, page.entries, Origin::Received);
        let reads = prepared.reads();
        let known = Known::from_reads(&reads, store.read(&reads)).map_err(wrong)?;
        let admitted = prepared.admit(&known, &KithSchema, Layout::Phone, position);
        if let Some(refused) = admitted.refused.first() {
            return Err(wrong(refused));
        }
        position = admitted.position;
        store.commit(admitted.batch);
        for (document, new) in admitted.changes {
            changes.entry(document).or_default().extend(new);
        }
    }
    Ok((ms(&watch), store, changes))
}

/// Where a message's text is sealed at.
struct At {
    document: DocumentId,
    device: DeviceId,
    incarnation: Incarnation,
}

fn opened_documents(store: &MemoryStore, changes: &Changes) -> Result<Vec<(At, Message)>, BenchError> {
    let mut messages = Vec::new();
    for (_, value) in store.rows(Tree::Documents) {
        let state = DocumentState::decode(value).map_err(wrong)?;
        let document = state.name.id(&CIRCLE);
        let mine = changes.get(&document).map(Vec::as_slice).unwrap_or_default();
        let handle = Handle::open(&CIRCLE, &state.name, ActorId([0xaa; 16]), mine).map_err(wrong)?;
        for message in handle.thread().map(|view| view.messages).unwrap_or_default() {
            let chain = state.chains.get(&message.author).ok_or_else(|| wrong("a message without its author"))?;
            messages.push((At { document, device: chain.device, incarnation: chain.incarnation }, message));
        }
    }
    Ok(messages)
}

/// What a phone opens texts with, in memory as it is there.
struct Held {
    keys: Vec<(EpochId, EpochKey)>,
    bodies: BTreeMap<BodyId, Vec<u8>>,
}

impl Held {
    fn of(phone: &MemoryStore, store: &MemoryStore) -> Self {
        let key = |(at, value): (&[u8], &[u8])| Some((EpochId(*at.last_chunk()?), EpochKey(*value.last_chunk()?)));
        let body = |(at, value): (&[u8], &[u8])| Some((BodyId(*at.last_chunk()?), value.to_vec()));
        Self {
            keys: phone.rows(Tree::Epochs).filter_map(key).collect(),
            bodies: store.rows(Tree::Bodies).filter_map(body).collect(),
        }
    }

    fn opens(&self, at: &At, message: &Message) -> bool {
        let Some(bytes) = self.bodies.get(&message.body) else { return false };
        let hint = epoch_hint(bytes);
        let At { document, device, incarnation } = *at;
        let (circle, message_key) = (*CIRCLE, message.key.as_str());
        let place = |epoch| BodyPlace { circle, document, device, incarnation, epoch, message_key };
        let fits = self.keys.iter().filter(|(epoch, _)| Some(epoch.hint()) == hint);
        fits.filter(|(epoch, key)| open_body(key, &place(*epoch), &message.commitment, bytes).is_ok()).count() == 1
    }
}

/// How long it takes to check a chain of 4,096 records as they come, to fold it from its own store, and to load it on
/// the server.
///
/// # Errors
/// When what was made is not lawful.
pub fn chain() -> Result<Vec<Measure>, BenchError> {
    let keys = keys();
    let (store, circle) = written(&keys)?;
    let found = || store.read(&statements::reads(&circle));
    let watch = Stopwatch::start();
    let loaded = CircleChain::load(circle, found()).map_err(wrong)?;
    let server_ms = ms(&watch);
    let rows: Vec<Row> = loaded
        .rows()
        .iter()
        .map(|row| Ok((row.record, Statement::decode(&row.statement).map_err(wrong)?)))
        .collect::<Result<_, BenchError>>()?;
    let check_ms = check_ms(circle, &rows)?;
    let fold_ms = fold_ms(circle, &rows)?;
    let bytes: usize = loaded.rows().iter().map(|row| row.statement.len()).sum();
    if loaded.chain().len() < RECORDS {
        return Err(wrong("the chain is not as it was meant"));
    }
    let mut measures = vec![
        measure("chain.check-4096", check_ms, "ms, signatures included"),
        measure("chain.fold-4096", fold_ms, "ms, decoded, from its own store"),
        measure("chain.load-4096", server_ms, "ms, on the server, rows decoded"),
        measure("chain.bytes-4096", bytes as f64, "bytes, without wraps"),
    ];
    measures.extend(worst()?);
    Ok(measures)
}

fn keys() -> HubKeys {
    let root = SigningSecret::from_seed(&[0xc1; 32]);
    HubKeys { root: OrganisationKey(root.public()), server: SigningSecret::from_seed(&[0xc2; 32]) }
}

/// A circle through which many people go: each is invited and joins; most are taken out again, and an epoch begins now
/// and then.
fn written(keys: &HubKeys) -> Result<(MemoryStore, CircleId), BenchError> {
    let (root, leader) = (SigningSecret::from_seed(&[0xc1; 32]), DeviceSecret::from_seed([0xc3; 32]));
    let founder = Some(Founder { device: *leader.public(), salt: [1; 16], commission: None });
    let found = Found { root: keys.root, server: keys.server_key(), salt: [2; 16], founder };
    let (circle, knows) = (CircleId([0; 16]), Knows::NOTHING);
    let draft = Draft { circle, number: 0, knows, time: NOW, body: StatementBody::Found(found) };
    let found = draft.sign(Signer::Root(&root));
    let (circle, mut store) = (Statement::circle_of(&found.id()), MemoryStore::new());
    let mut chain = CircleChain::load(circle, store.read(&statements::reads(&circle))).map_err(wrong)?;
    chain.admit(found, Vec::new(), keys, NOW).map_err(wrong)?;
    let (mut person, mut now) = (0_u16, NOW);
    while chain.chain().len() < RECORDS {
        // So that nobody says more than one may in a day.
        now = now.plus_ms(10 * 60_000);
        go_through(&mut chain, keys, (&root, &leader), person, now)?;
        person += 1;
    }
    store.commit(chain.batch().0);
    Ok((store, circle))
}

fn go_through(
    chain: &mut CircleChain,
    keys: &HubKeys,
    (root, leader): (&SigningSecret, &DeviceSecret),
    number: u16,
    now: TimestampMs,
) -> Result<(), BenchError> {
    let (mut seed, mut secret) = ([1; 32], InviteSecret([3; 16]));
    seed[..2].copy_from_slice(&number.to_le_bytes());
    secret.0[..2].copy_from_slice(&number.to_le_bytes());
    let (circle, phone, key) = (*chain.circle(), DeviceSecret::from_seed(seed), secret.public());
    let to = InviteFor::Role(Role::Member);
    let (expires, possession) = (now.plus_ms(1_000), Invitation::prove(&secret, &circle, &StatementAuthor::Root));
    let invitation = Invitation { key, to, uses: 1, expires, past: false, keys: Attached::NOTHING, possession };
    let invite = chain.draft(None, StatementBody::Invite(invitation), now).sign(Signer::Root(root));
    chain.admit(invite, Vec::new(), keys, now).map_err(wrong)?;
    let join = StatementBody::Join(Join::sign(&circle, &key, &phone, [7; 16]));
    let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: now, body: join };
    chain.admit(draft.sign(Signer::Invite(&secret)), Vec::new(), keys, now).map_err(wrong)?;
    if number >= 24 {
        let body = StatementBody::Remove(Remove::Device(phone.id()));
        let out = chain.draft(Some(&phone.id()), body, now).sign(Signer::Device(&phone));
        chain.admit(out, Vec::new(), keys, now).map_err(wrong)?;
        let member = chain.standing().device(&phone.id()).map(|record| record.member).ok_or_else(|| wrong("nobody"))?;
        let body = StatementBody::Remove(Remove::Member(member));
        let out = chain.draft(None, body, now).sign(Signer::Root(root));
        chain.admit(out, Vec::new(), keys, now).map_err(wrong)?;
    }
    if number.is_multiple_of(16) {
        let group = KeyGroup::Circle;
        let readers = Readers { known: chain.standing().readers_said(&group), new: Vec::new() };
        let wraps = vec![7; readers.len() * WRAP_BYTES];
        let epoch = EpochKey(seed).id(&circle, &group);
        let body = StatementBody::Epoch(Epoch { group, epoch, readers, wraps: Attached::of(&wraps) });
        let epoch = chain.draft(Some(&leader.id()), body, now).sign(Signer::Device(leader));
        chain.admit(epoch, wraps, keys, now).map_err(wrong)?;
    }
    Ok(())
}
