//! What is seen of an entry without a store: its bytes, its author, what that author may write.

use crate::gate::{BODY_BYTES_MAX, CHANGE_BODIES_MAX, Inspection, Refusal, Schema, parse_change};
use crate::ids::DocumentName;
use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EntryId, MemberId, tagged_hash};
use crate::seal::{SealedEntry, entry_epoch_hint, epoch_hint, sealed_entry_id};
use crate::time::TimestampMs;
use crate::trust::{Author, EntrySignature, Knows, Roster, SignedHead};
use crate::wire::{Entry, EntryContent};

use super::origin::{Origin, Positions};
use super::placing::{Placed, is_far};
use super::{BODY_COST_BYTES, Cost, OldKeys};

/// An entry whose bytes are understood, and what it stands on.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) name: DocumentName,
    pub(super) document: DocumentId,
    pub(super) actor: ActorId,
    /// Whose share it counts in.
    pub(super) member: MemberId,
    pub(super) entry: EntryId,
    pub(super) seq: u64,
    /// `None` of a sealed entry: phones check the ops that are in it.
    pub(super) start_op: Option<u64>,
    pub(super) max_op: u64,
    /// What it takes to merge, in ops.
    pub(super) work: u64,
    /// Of a sealed entry: the bytes that it may take once it is open.
    pub(super) inflated_max: u64,
    pub(super) dependencies: Vec<EntryId>,
    pub(super) others: Vec<ActorId>,
    pub(super) named: Vec<BodyId>,
    pub(super) bodies: Vec<(BodyId, Vec<u8>)>,
    /// How many of the named texts its sender says were taken back.
    pub(super) absent: usize,
    /// Its sender is its author.
    pub(super) is_own: bool,
    /// It is signed, or one that comes behind it in its chain is.
    pub(super) is_signed_behind: bool,
    /// Texts that it takes back, each with the author of its message.
    pub(super) erased: Vec<(BodyId, ActorId)>,
    /// The first and the last time that it states.
    pub(super) dated: Option<(TimestampMs, TimestampMs)>,
    pub(super) source: Entry,
}

/// What an entry's author is judged by.
pub(super) struct Stand<'a> {
    pub(super) roster: &'a Roster,
    pub(super) chain: &'a dyn Positions,
    /// The one that covers the entry.
    pub(super) signature: Option<EntrySignature>,
}

impl Stand<'_> {
    /// As whom the author wrote: at the position that the signature names; what this device just made, now.
    fn author(&self, origin: &Origin, device: &crate::ids::DeviceId) -> Result<Author, Refusal> {
        let (now, _) = self.roster.author(device).ok_or(Refusal::NotInCircle)?;
        let signature = match (&self.signature, origin) {
            (Some(signature), _) => signature,
            (None, Origin::Own | Origin::Again | Origin::Inside) => return Ok(now),
            (None, _) => return Err(Refusal::Unsigned),
        };
        let kept = self.chain.kept_of(signature.generation);
        let position = kept.map_or(signature.position, |kept| kept.min(signature.position));
        let then = self.roster.author_at(device, position);
        then.map(|(author, _)| author).ok_or(Refusal::NotInThen)
    }
}

pub(super) fn candidate(
    circle: &CircleId,
    stand: &Stand<'_>,
    schema: &dyn Schema,
    origin: &Origin,
    document: DocumentId,
    entry: Entry,
) -> Result<Candidate, (EntryId, Refusal)> {
    let unread = EntryId(tagged_hash("kith/unread/1", &[entry.content.bytes()]));
    let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
    let roster = stand.roster;
    let author = stand.author(origin, &entry.device).map_err(|refusal| (unread, refusal))?;
    let mut authors = [author; 2];
    if let Origin::Offered(old) = origin {
        check_offered(roster, schema, old, &entry).map_err(|refusal| (unread, refusal))?;
        // What they could do then they must be able to do now.
        authors[1] = roster.author(&entry.device).map_or(author, |(now, _)| now);
    }
    let is_own = matches!(origin, Origin::Offered(old) if old.device == Some(entry.device));
    match (&entry.content, entry.document.is_sealed()) {
        (EntryContent::Plain(_), is_sealed) if is_sealed == (*origin == Origin::Inside) => {
            let candidate = plain(circle, schema, document, actor, &authors, entry)?;
            Ok(Candidate { is_own, ..candidate })
        }
        (EntryContent::Sealed(_), true) => sealed(schema, document, actor, &authors, entry),
        _ => Err((unread, Refusal::Unsealed)),
    }
}

/// What the server demands beside what everyone does.
fn check_offered(roster: &Roster, schema: &dyn Schema, old: &OldKeys, entry: &Entry) -> Result<(), Refusal> {
    if !roster.may_write(&entry.device) {
        return Err(Refusal::Removed);
    }
    let mut hints = Vec::new();
    for body in entry.bodies.iter().filter(|body| !body.is_empty()) {
        schema.check_body(&entry.document, body)?;
        hints.extend(epoch_hint(body));
    }
    if let EntryContent::Sealed(bytes) = &entry.content {
        hints.extend(entry_epoch_hint(bytes));
    }
    let is_old = old.device == Some(entry.device) && hints.iter().any(|hint| old.hints.contains(hint));
    if is_old { Err(Refusal::OldEpoch) } else { Ok(()) }
}

fn plain(
    circle: &CircleId,
    schema: &dyn Schema,
    document: DocumentId,
    actor: ActorId,
    authors: &[Author; 2],
    entry: Entry,
) -> Result<Candidate, (EntryId, Refusal)> {
    let unread = EntryId(tagged_hash("kith/unread/1", &[entry.content.bytes()]));
    let change = parse_change(entry.content.bytes()).map_err(|refusal| (unread, refusal))?;
    let id = change.entry;
    let refused = |refusal| (id, refusal);
    if change.actor != actor.as_bytes() {
        return Err(refused(Refusal::WrongActor));
    }
    let mut inspected = Inspection::default();
    for author in authors {
        inspected = schema.inspect(circle, &entry.document, author, &change).map_err(refused)?;
    }
    let Inspection { bodies: named, erased, dated } = inspected;
    let bodies = bodies_of(&entry, &named).map_err(refused)?;
    let absent = entry.bodies.iter().filter(|body| body.is_empty()).count();
    let others = change.others.iter().copied().filter_map(ActorId::from_slice).collect();
    Ok(Candidate {
        name: entry.document,
        document,
        actor,
        member: authors[0].member,
        entry: id,
        seq: change.seq,
        start_op: Some(change.start_op),
        max_op: change.max_op(),
        work: change.work,
        inflated_max: 0,
        dependencies: change.dependencies,
        others,
        named,
        bodies,
        absent,
        is_own: false,
        is_signed_behind: false,
        erased,
        dated,
        source: entry,
    })
}

fn sealed(
    schema: &dyn Schema,
    document: DocumentId,
    actor: ActorId,
    authors: &[Author; 2],
    entry: Entry,
) -> Result<Candidate, (EntryId, Refusal)> {
    let bytes = entry.content.bytes();
    let id = sealed_entry_id(&document, &actor, bytes);
    let envelope = SealedEntry::parse(bytes).map_err(|_| (id, Refusal::Malformed))?;
    if !authors.iter().all(|author| schema.may_write_sealed(&entry.document, author)) {
        return Err((id, Refusal::NotAllowed));
    }
    Ok(Candidate {
        name: entry.document,
        document,
        actor,
        member: authors[0].member,
        entry: id,
        seq: envelope.seq,
        start_op: None,
        max_op: 0,
        work: envelope.size.work_max(),
        inflated_max: envelope.size.bytes_max(),
        dependencies: envelope.dependencies,
        others: Vec::new(),
        named: Vec::new(),
        bodies: Vec::new(),
        absent: 0,
        is_own: false,
        is_signed_behind: false,
        erased: Vec::new(),
        dated: None,
        source: Entry { bodies: Vec::new(), ..entry },
    })
}

impl Candidate {
    /// When the server takes it, if one of the times that it states is far from that.
    pub(super) fn far_from(&self, now: TimestampMs) -> Option<TimestampMs> {
        self.dated.filter(|(first, last)| is_far(*first, now) || is_far(*last, now)).map(|_| now)
    }

    /// Where it stands by what the server said, if it said so.
    pub(super) fn placed(&self) -> Option<Placed> {
        let (admitted, start_op) = (self.source.admitted?, self.start_op?);
        Some(Placed { document: self.document, actor: self.actor, start_op, max_op: self.max_op, admitted })
    }

    /// What it takes of its author's share.
    pub(super) fn cost(&self) -> Cost {
        let bytes = match &self.source.content {
            EntryContent::Plain(bytes) => bytes.len() as u64,
            EntryContent::Sealed(bytes) => self.inflated_max.max(bytes.len() as u64),
        };
        let (named, erased) = (self.named.len() as u64, self.erased.len() as u64);
        let bytes = bytes + named * BODY_COST_BYTES;
        Cost { chains: u64::from(self.seq == 1), entries: 1, work: self.work, bytes, named, erased }
    }
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
    chain: &dyn Positions,
    candidate: &Candidate,
    by_next: bool,
) -> Result<(), Refusal> {
    let Some(signature) = &candidate.source.signature else {
        return if by_next { Ok(()) } else { Err(Refusal::Unsigned) };
    };
    let (generation, position) = (signature.generation, signature.position);
    let is_lost = chain.kept_of(generation).is_some_and(|kept| position > kept);
    // Nobody's chain can tell the hash of a lost record any more: then its author's word stands.
    let hash = chain.hash_of(generation, position).or(signature.lost_hash.filter(|_| is_lost));
    let head = SignedHead {
        circle: *circle,
        document: candidate.document,
        actor: candidate.actor,
        seq: candidate.seq,
        entry: candidate.entry,
        knows: Knows { generation, position, hash: hash.ok_or(Refusal::UnknownPosition)? },
    };
    let (_, keys) = roster.author(&candidate.source.device).ok_or(Refusal::NotInCircle)?;
    head.verify(&keys, &signature.signature).map(|_| ()).map_err(|_| Refusal::BadSignature)
}
