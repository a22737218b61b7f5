//! What trust costs a phone: proving and opening what comes in, and finding out who may do what.

use std::collections::BTreeMap;
use std::rc::Rc;

use kith_shared::document::{Handle, KithSchema, Message};
use kith_shared::ids::{
    ActorId, BodyId, DeviceId, DocumentId, EntryId, Incarnation, OrganisationKey, ServerKey, StatementId, tagged_hash,
};
use kith_shared::seal::{BodyPlace, EpochId, EpochKey, epoch_hint, open_body};
use kith_shared::storage::{MemoryStore, Tree};
use kith_shared::sync::DocumentState;
use kith_shared::sync::admit::{Known, Layout, Origin, Prepared};
use kith_shared::trust::{
    AddDevice, Admission, DeviceSecret, Draft, Epoch, Found, Founder, GrantLog, Inserted, Invitation, InviteFor,
    InviteSecret, Join, KeyGroup, Remove, Role, SignedHead, Signer, SigningSecret, Statement, StatementBody, Wrap,
};
use kith_shared::wire::unpack_page;
use serde_json::json;

use super::{BenchError, CIRCLE, MESSAGES, Measure, NOW, Place, THREAD, ask, measure, send};
use crate::clock::Stopwatch;
use crate::phone::invite_members;
use crate::tape::{Bodies, Tape, pages};

/// Statements of the log that is evaluated.
const STATEMENTS: usize = 1_000;
/// Statements from one epoch to the next, about, and how many devices each wraps for.
const EPOCH_EVERY: usize = 50;
const WRAPS: usize = 24;

pub(super) fn wrong(what: impl core::fmt::Debug) -> BenchError {
    BenchError::Wrong(format!("{what:?}"))
}

fn ms(watch: &Stopwatch) -> f64 {
    watch.elapsed().as_secs_f64() * 1_000.0
}

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
        }
    };
    let signed: Vec<_> = (0..MESSAGES as u64).map(|seq| (head(seq), head(seq).sign(&device))).collect();
    let watch = Stopwatch::start();
    for (head, signature) in &signed {
        head.verify(device.public(), signature).map_err(wrong)?;
    }
    Ok(ms(&watch))
}

type Changes = BTreeMap<DocumentId, Vec<Vec<u8>>>;

/// Takes the pages as a phone does. How long it took, what then is stored, and the changes.
fn prove(place: &Place, taped: &[Vec<u8>]) -> Result<(f64, MemoryStore, Changes), BenchError> {
    let roster = place.hub.borrow().log(&CIRCLE).log().evaluate().roster();
    let (mut store, mut changes, mut position) = (MemoryStore::new(), Changes::new(), 0);
    let watch = Stopwatch::start();
    for bytes in taped {
        let page = unpack_page(bytes).map_err(wrong)?;
        let prepared = Prepared::new(&CIRCLE, &roster, &KithSchema, page.entries, Origin::Received);
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
        let key = |(at, value): (&[u8], &[u8])| {
            Some((EpochId(*at.last_chunk()?), EpochKey(<[u8; 32]>::try_from(value).ok()?)))
        };
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

/// How long a phone takes to check a log of 1,000 statements as they come, to take them from its own store, and to
/// find out who may do what.
///
/// # Errors
/// When what was made is not lawful.
pub fn log() -> Result<Vec<Measure>, BenchError> {
    let (found, statements) = written()?;
    let take = |trusted: bool| -> Result<(f64, GrantLog), BenchError> {
        let watch = Stopwatch::start();
        let (_, mut log) = GrantLog::found(found.clone()).map_err(wrong)?;
        for statement in &statements {
            let statement = statement.clone();
            let taken = if trusted { log.insert_trusted(statement) } else { log.insert(statement) };
            if taken.map_err(wrong)? != Inserted::New {
                return Err(wrong(taken));
            }
        }
        Ok((ms(&watch), log))
    };
    let ((check_ms, _), (load_ms, log)) = (take(false)?, take(true)?);
    let watch = Stopwatch::start();
    let standing = log.evaluate();
    let evaluate_ms = ms(&watch);
    if log.len() != STATEMENTS || standing.all_epochs().count() < STATEMENTS / EPOCH_EVERY {
        return Err(wrong("the log is not as it was meant"));
    }
    Ok(vec![
        measure("log.check-1000", check_ms, "ms, signatures included"),
        measure("log.load-1000", load_ms, "ms, from its own store"),
        measure("log.evaluate-1000", evaluate_ms, "ms"),
        measure("log.bytes-1000", log.len_bytes() as f64, "bytes"),
    ])
}

/// Who writes the log of the bench, and what they know.
struct Scribe {
    log: GrantLog,
    leader: DeviceSecret,
    server: SigningSecret,
    readers: Vec<DeviceId>,
    epoch: Option<StatementId>,
    said: Vec<Statement>,
}

/// A circle through which many people go: each is invited, joins, adds a phone; most are taken out again, and an
/// epoch begins now and then.
fn written() -> Result<(Statement, Vec<Statement>), BenchError> {
    let (root, server) = (SigningSecret::from_seed(&[0xc1; 32]), SigningSecret::from_seed(&[0xc2; 32]));
    let leader = DeviceSecret::from_seed([0xc3; 32]);
    let founder = Some(Founder { device: *leader.public(), salt: [1; 16], commission: None });
    let (root_key, server_key) = (OrganisationKey(root.public()), ServerKey(server.public()));
    let found = Found { root: root_key, server: server_key, salt: [2; 16], founder };
    let circle = kith_shared::ids::CircleId([0; 16]);
    let draft = Draft { circle, parents: Vec::new(), time: NOW, body: StatementBody::Found(found) };
    let found = draft.sign(Signer::Root(&root));
    let (_, log) = GrantLog::found(found.clone()).map_err(wrong)?;
    let readers = vec![leader.id()];
    let mut scribe = Scribe { log, leader, server, readers, epoch: None, said: Vec::new() };
    let mut person = 0_u16;
    while scribe.log.len() < STATEMENTS {
        scribe.person(person)?;
        person += 1;
    }
    Ok((found, scribe.said))
}

impl Scribe {
    fn say(&mut self, by: Option<&DeviceSecret>, body: StatementBody) -> Result<StatementId, BenchError> {
        let author = by.unwrap_or(&self.leader);
        let parents = self.log.parents(Some(&author.id()));
        let draft = Draft { circle: *self.log.circle(), parents, time: NOW, body };
        let statement = draft.sign(Signer::Device(author));
        self.take(statement)
    }

    fn take(&mut self, statement: Statement) -> Result<StatementId, BenchError> {
        let id = statement.id();
        if self.log.len() < STATEMENTS {
            self.log.insert(statement.clone()).map_err(wrong)?;
            self.said.push(statement);
        }
        Ok(id)
    }

    fn person(&mut self, number: u16) -> Result<(), BenchError> {
        let bytes = |kind: u8| {
            let mut seed = [kind; 32];
            seed[..2].copy_from_slice(&number.to_le_bytes());
            seed
        };
        let (phone, second) = (DeviceSecret::from_seed(bytes(1)), DeviceSecret::from_seed(bytes(2)));
        let mut secret = InviteSecret([3; 16]);
        secret.0[..2].copy_from_slice(&number.to_le_bytes());
        let (key, to, expires) = (secret.public(), InviteFor::Role(Role::Member), NOW.plus_ms(1_000));
        let invitation = Invitation { key, to, uses: 1, expires, past: false, sealed_box: Vec::new() };
        let invite = self.say(None, StatementBody::Invite(invitation))?;
        let circle = *self.log.circle();
        let join = StatementBody::Join(Join::sign(&circle, &key, &phone, [7; 16]));
        let draft = Draft { circle, parents: Vec::new(), time: NOW, body: join };
        let mut join = draft.sign(Signer::Invite(&secret));
        join.admission = Some(Admission::sign(&self.server, &join.id(), invite, 0, NOW));
        self.take(join)?;
        self.say(Some(&phone), StatementBody::AddDevice(AddDevice { device: *second.public(), paper: false }))?;
        if number < WRAPS as u16 {
            self.readers.push(phone.id());
        } else if !number.is_multiple_of(8) {
            self.say(None, StatementBody::Remove(Remove::Device(second.id())))?;
        }
        if usize::from(number).is_multiple_of(EPOCH_EVERY / 4) {
            let mut wraps: Vec<_> = self.readers.iter().map(|reader| (*reader, Wrap([7; 80]))).collect();
            wraps.sort_unstable_by_key(|(reader, _)| *reader);
            let epoch = Epoch { group: KeyGroup::Circle, previous: self.epoch, check: [9; 32], wraps };
            self.epoch = Some(self.say(None, StatementBody::Epoch(epoch))?);
        }
        Ok(())
    }
}
