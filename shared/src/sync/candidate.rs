//! What is seen of an entry without a store: its bytes, its author, what that author may write.

use crate::document::DocumentName;
use crate::gate::{BODY_BYTES_MAX, CHANGE_BODIES_MAX, Inspection, Refusal, Schema, parse_change};
use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EntryId, Incarnation, tagged_hash};
use crate::seal::{SealedEntry, entry_epoch_hint, epoch_hint, sealed_entry_id};
use crate::trust::{Author, Roster, SignedHead};
use crate::wire::{Entry, EntryContent};

use super::OldKeys;
use super::admit::Origin;

/// How many incarnations of a member's devices are looked through for the author of a message taken back.
const INCARNATIONS_MAX: u32 = 8;

/// An entry whose bytes are understood, and what it stands on.
pub(super) struct Candidate {
    pub(super) name: DocumentName,
    pub(super) document: DocumentId,
    pub(super) actor: ActorId,
    pub(super) entry: EntryId,
    pub(super) seq: u64,
    /// `None` of a sealed entry: phones check the ops that are in it.
    pub(super) start_op: Option<u64>,
    pub(super) max_op: u64,
    pub(super) dependencies: Vec<EntryId>,
    pub(super) others: Vec<ActorId>,
    pub(super) named: Vec<BodyId>,
    pub(super) bodies: Vec<(BodyId, Vec<u8>)>,
    /// How many of the named texts its sender says were taken back.
    pub(super) absent: usize,
    /// Its sender is its author.
    pub(super) is_own: bool,
    /// Texts that it takes back, each with the author of its message.
    pub(super) erased: Vec<(BodyId, ActorId)>,
    pub(super) source: Entry,
}

pub(super) fn candidate(
    circle: &CircleId,
    roster: &Roster,
    schema: &dyn Schema,
    origin: &Origin,
    document: DocumentId,
    entry: Entry,
) -> Result<Candidate, (EntryId, Refusal)> {
    let unread = EntryId(tagged_hash("kith/unread/1", &[entry.content.bytes()]));
    let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
    let (author, _) = roster.author(&entry.device).ok_or((unread, Refusal::NotInCircle))?;
    if let Origin::Offered(old) = origin {
        check_offered(roster, old, &entry).map_err(|refusal| (unread, refusal))?;
    }
    let is_own = matches!(origin, Origin::Offered(old) if old.device == Some(entry.device));
    match (&entry.content, entry.document.is_sealed()) {
        (EntryContent::Plain(_), is_sealed) if is_sealed == (*origin == Origin::Inside) => {
            let candidate = plain(circle, roster, schema, document, actor, author, entry)?;
            Ok(Candidate { is_own, ..candidate })
        }
        (EntryContent::Sealed(_), true) => sealed(schema, document, actor, &author, entry),
        _ => Err((unread, Refusal::Unsealed)),
    }
}

/// What the server demands beside what everyone does.
fn check_offered(roster: &Roster, old: &OldKeys, entry: &Entry) -> Result<(), Refusal> {
    if !roster.may_write(&entry.device) {
        return Err(Refusal::Removed);
    }
    let mut hints = Vec::new();
    for body in entry.bodies.iter().filter(|body| !body.is_empty()) {
        hints.push(epoch_hint(body).ok_or(Refusal::Unsealed)?);
    }
    if let EntryContent::Sealed(bytes) = &entry.content {
        hints.extend(entry_epoch_hint(bytes));
    }
    let is_old = old.device == Some(entry.device) && hints.iter().any(|hint| old.hints.contains(hint));
    if is_old { Err(Refusal::OldEpoch) } else { Ok(()) }
}

fn plain(
    circle: &CircleId,
    roster: &Roster,
    schema: &dyn Schema,
    document: DocumentId,
    actor: ActorId,
    author: Author,
    entry: Entry,
) -> Result<Candidate, (EntryId, Refusal)> {
    let unread = EntryId(tagged_hash("kith/unread/1", &[entry.content.bytes()]));
    let change = parse_change(entry.content.bytes()).map_err(|refusal| (unread, refusal))?;
    let id = change.entry;
    let refused = |refusal| (id, refusal);
    if change.actor != actor.as_bytes() {
        return Err(refused(Refusal::WrongActor));
    }
    let Inspection { bodies: named, erased } =
        schema.inspect(circle, &entry.document, &author, &change).map_err(refused)?;
    if !erased.iter().all(|(_, writer)| is_of_member(roster, &author, &document, writer)) {
        return Err(refused(Refusal::NotAllowed));
    }
    let bodies = bodies_of(&entry, &named).map_err(refused)?;
    let absent = entry.bodies.iter().filter(|body| body.is_empty()).count();
    let others = change.others.iter().copied().filter_map(ActorId::from_slice).collect();
    Ok(Candidate {
        name: entry.document,
        document,
        actor,
        entry: id,
        seq: change.seq,
        start_op: Some(change.start_op),
        max_op: change.max_op(),
        dependencies: change.dependencies,
        others,
        named,
        bodies,
        absent,
        is_own: false,
        erased,
        source: entry,
    })
}

/// Whether an actor is a device of the author's member.
fn is_of_member(roster: &Roster, author: &Author, document: &DocumentId, actor: &ActorId) -> bool {
    let mut devices = roster.devices_of(&author.member).into_iter();
    devices.any(|device| {
        (0..INCARNATIONS_MAX).any(|number| ActorId::derive(&device, document, Incarnation(number)) == *actor)
    })
}

fn sealed(
    schema: &dyn Schema,
    document: DocumentId,
    actor: ActorId,
    author: &Author,
    entry: Entry,
) -> Result<Candidate, (EntryId, Refusal)> {
    let bytes = entry.content.bytes();
    let id = sealed_entry_id(&document, &actor, bytes);
    let envelope = SealedEntry::parse(bytes).map_err(|_| (id, Refusal::Malformed))?;
    if !schema.may_write_sealed(&entry.document, author) {
        return Err((id, Refusal::NotAllowed));
    }
    Ok(Candidate {
        name: entry.document,
        document,
        actor,
        entry: id,
        seq: envelope.seq,
        start_op: None,
        max_op: 0,
        dependencies: envelope.dependencies,
        others: Vec::new(),
        named: Vec::new(),
        bodies: Vec::new(),
        absent: 0,
        is_own: false,
        erased: Vec::new(),
        source: Entry { bodies: Vec::new(), ..entry },
    })
}

/// The bodies that travel with an entry: only those that its change names, so that nobody fills a store
/// with bytes that no document holds.
fn bodies_of(entry: &Entry, named: &[BodyId]) -> Result<Vec<(BodyId, Vec<u8>)>, Refusal> {
    if named.len() > CHANGE_BODIES_MAX || entry.bodies.iter().any(|body| body.len() > BODY_BYTES_MAX) {
        return Err(Refusal::TooLarge);
    }
    let bodies = entry.bodies.iter().map(|bytes| (BodyId::of(bytes), bytes.clone()));
    Ok(bodies.filter(|(id, bytes)| !bytes.is_empty() && named.contains(id)).collect())
}

pub(super) fn check_signature(
    circle: &CircleId,
    roster: &Roster,
    candidate: &Candidate,
    by_next: bool,
) -> Result<(), Refusal> {
    let Some(signature) = &candidate.source.signature else {
        return if by_next { Ok(()) } else { Err(Refusal::Unsigned) };
    };
    let head = SignedHead {
        circle: *circle,
        document: candidate.document,
        actor: candidate.actor,
        seq: candidate.seq,
        entry: candidate.entry,
    };
    let (_, keys) = roster.author(&candidate.source.device).ok_or(Refusal::NotInCircle)?;
    head.verify(&keys, signature).map_err(|_| Refusal::BadSignature)
}
