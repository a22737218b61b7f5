//! Changes of one device that are written again behind what it wrote elsewhere: the phone was put back to an older
//! state, or copied, and went on where its chain goes on differently. The same ops, on what they were on, with new
//! places in the chain; whatever names one of them by its counter names it by the new one.

mod moved;
mod strategies;

use automerge::ExpandedChange;
use automerge::ScalarValue;
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};

use crate::gate::{CHANGE_BYTES_MAX, parse_change};
use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EntryId, TextCommitment};
use crate::sorted::{SortedMap, SortedSet};
use crate::time::TimestampMs;

use super::columns::{Head, write_change};
use super::genesis::genesis_actor;
use super::hidden::{hidden_key, hidden_record};
use super::join::empty_change;
use super::key::{ID_CHARS, encode_id, message_author, message_key, message_op, split_id};
use super::note::{AGENDA, COMMITMENTS};
use super::profile::{CIRCLE, NAMES, THREADS};
use super::thread::{Aside, MESSAGES, REACTIONS};
use super::toolkit::{HELPED, STRATEGIES};
use super::{ApplyProblem, DocumentName, ItemId, MessageRecord, Shape, genesis};
use moved::Moved;
use strategies::strategy_of;

/// A text whose message gets another key: it is to be sealed again for its new place.
#[derive(Clone, Debug)]
pub struct MovedText {
    /// The message's key before.
    pub before: String,
    /// The message's key from now on.
    pub key: String,
    /// The body that it is in now.
    pub body: BodyId,
    /// What that body must open to.
    pub commitment: TextCommitment,
}

impl MovedText {
    /// Who wrote the message, as its key before proves.
    #[must_use]
    pub fn author(&self) -> Option<ActorId> {
        message_author(&self.before)
    }
}

/// What holds the texts of messages.
pub trait MovedTexts {
    /// The new body of a text and what it commits to; none when it does not open, or was taken back: then its body stays
    /// what it is.
    fn seal_again(&mut self, text: &MovedText) -> Option<(BodyId, TextCommitment)>;

    /// Whether a text is the same, salt and all, as the one in the message of another key.
    fn is_same(&self, text: &MovedText, other: &MovedText) -> bool;
}

/// A change of the device that writes that may be what another phone, or this one before it was put back, wrote again of
/// the same.
struct Twin {
    actor: ActorId,
    time: i64,
    start_op: u64,
    ops: Vec<Op>,
    entry: EntryId,
}

/// A change that was written again.
#[derive(Clone, Debug)]
pub struct Rewritten {
    /// The raw change.
    pub change: Vec<u8>,
    /// The text bodies that it names.
    pub bodies: Vec<BodyId>,
}

/// Who writes changes again, and what became of those before.
pub struct Again {
    document: DocumentId,
    shape: Shape,
    actor: ActorId,
    seq: u64,
    last: Option<EntryId>,
    /// The largest op counter of each change of the document.
    counters: SortedMap<EntryId, u64>,
    /// The changes of the actor: all are before its last.
    own: SortedSet<EntryId>,
    ops: Moved,
    /// Ops that stand where those stood that are written again.
    instead: SortedMap<(ActorId, u64), (Op, EntryId)>,
    twins: Vec<Twin>,
    /// Where what follows on twins stands, by where it follows here.
    behind: SortedMap<(ActorId, u64), (ActorId, u64)>,
    /// All that was written again so far stands there just so: both came of one draft.
    is_same: bool,
    entries: SortedMap<EntryId, EntryId>,
    bodies: SortedMap<BodyId, BodyId>,
    /// What the records of moved messages commit to, by their old keys.
    commitments: SortedMap<String, TextCommitment>,
    /// What the actor put beside strategies: the op's counter, and whether it counts.
    beside: SortedMap<String, (u64, bool)>,
    /// The actor may write what facilitators alone may.
    leads: bool,
}

impl Again {
    /// Someone who writes `again` as `actor` behind `changes`, which are all of the document, its genesis not among them.
    /// `former`: the other actors that the device wrote as.
    ///
    /// # Errors
    /// `Malformed` for what is no change, `Refused` for a schema that this build does not know.
    pub fn new(
        circle: &CircleId,
        name: &DocumentName,
        actor: ActorId,
        former: &[ActorId],
        changes: &[Vec<u8>],
        again: &[Vec<u8>],
    ) -> Result<Self, ApplyProblem> {
        let (begun, times) = (begun(again)?, times(again));
        let first = genesis(circle, name)?;
        let mut it = Self {
            document: name.id(circle),
            shape: name.shape(),
            actor,
            seq: 0,
            last: None,
            counters: [(first.entry, first.max_op)].into_iter().collect(),
            own: SortedSet::new(),
            ops: Moved::new(),
            instead: SortedMap::new(),
            twins: Vec::new(),
            behind: SortedMap::new(),
            is_same: true,
            entries: SortedMap::new(),
            bodies: SortedMap::new(),
            commitments: SortedMap::new(),
            beside: SortedMap::new(),
            leads: true,
        };
        for (index, bytes) in changes.iter().enumerate() {
            let change = parse_change(bytes).map_err(|_| ApplyProblem::Malformed { index })?;
            it.counters.insert(change.entry, change.max_op());
            if change.actor == actor.as_bytes() {
                it.own.insert(change.entry);
                it.note_beside(&change);
                if change.seq > it.seq {
                    (it.seq, it.last) = (change.seq, Some(change.entry));
                }
            }
            let author = ActorId::from_slice(change.actor);
            let stands_there = |author: &ActorId| begun.get(author).is_some_and(|from| change.max_op() >= *from);
            if let Some(author) = author.filter(stands_there) {
                let expanded = automerge::Change::try_from(bytes.as_slice());
                let expanded = expanded.map_err(|_| ApplyProblem::Malformed { index })?.decode();
                let ops = (expanded.start_op.get()..).map(|counter| (author, counter)).zip(expanded.operations);
                let ops = ops.map(|(at, op)| (at, (op, change.entry)));
                it.instead.extend(ops);
            }
            let is_own = |author: &ActorId| *author == actor || former.contains(author);
            if let Some(actor) = author.filter(is_own).filter(|_| times.contains(&change.time)) {
                let ops = automerge::Change::try_from(bytes.as_slice());
                let ops = ops.map_err(|_| ApplyProblem::Malformed { index })?.decode().operations;
                it.twins.push(Twin { actor, time: change.time, start_op: change.start_op, ops, entry: change.entry });
            }
        }
        Ok(it)
    }

    /// Leaves out what the writer hid or showed again, and what they said of the circle: they are no facilitator any more.
    pub fn lead_nothing(&mut self) {
        self.leads = false;
    }

    /// The largest op counter of each change that is in the document.
    #[must_use]
    pub fn counters(&self) -> &SortedMap<EntryId, u64> {
        &self.counters
    }

    /// Writes a change again: mostly as one, as several where it grew too large.
    ///
    /// # Errors
    /// `Malformed` for what is no change; `MissingDependency` when something that it depends on is not here.
    pub fn write(&mut self, bytes: &[u8], seal: &mut dyn MovedTexts) -> Result<Vec<Rewritten>, ApplyProblem> {
        let malformed = ApplyProblem::Malformed { index: 0 };
        let change = automerge::Change::try_from(bytes).map_err(|_| malformed)?;
        let before = ActorId::from_slice(change.actor_id().to_bytes()).ok_or(malformed)?;
        let old = EntryId(change.hash().0);
        let expanded = change.decode();
        self.ops.begin(old, expanded.deps.iter().map(|hash| EntryId(hash.0)).collect());
        if self.is_written(&expanded, &before, old, seal) {
            return Ok(Vec::new());
        }
        let dependencies = self.dependencies(&expanded)?;
        let counters = dependencies.iter().filter_map(|entry| self.counters.get(entry));
        let start_op = counters.max().copied().unwrap_or(0) + 1;
        let mut ops = Vec::new();
        let is_join = expanded.operations.is_empty();
        let shared = if self.is_same { self.shared(&before, &expanded) } else { 0 };
        self.is_same &= shared == expanded.operations.len();
        let start = expanded.start_op.get();
        let (author, there) = self.place_of(&before, start);
        let last = (shared as u64).checked_sub(1).and_then(|at| self.instead.get(&(author, there + at)));
        self.entries.extend(last.map(|(_, entry)| (old, *entry)));
        if (author, there) != (before, start) {
            (0..shared as u64).for_each(|at| self.ops.put((before, start + at), (author, there + at)));
            self.behind.insert((before, start + shared as u64), (author, there + shared as u64));
        }
        let rest = expanded.operations.into_iter().zip(expanded.start_op.get()..).skip(shared);
        for (op, counter) in rest {
            let next = start_op + ops.len() as u64;
            self.ops.put((before, counter), (self.actor, next));
            match self.op(op, &before, next, seal) {
                Some(op) => ops.push(op),
                None => self.ops.forget((before, counter)),
            }
        }
        if self.is_same && !is_join {
            return Ok(Vec::new());
        }
        let written = self.emit(&ops, dependencies, start_op, expanded.time);
        self.entries.extend(self.last.map(|last| (old, last)));
        Ok(written)
    }

    /// How many ops of a change stand there just so, one after another from its first. They are of one draft then, but
    /// only up to where both went on with another word or thing: what two people began with the same letters are two.
    fn shared(&self, before: &ActorId, change: &ExpandedChange) -> usize {
        let start = change.start_op.get();
        let (author, base) = self.place_of(before, start);
        let ours: Vec<Op> =
            change.operations.iter().map(|op| self.as_there(op, before, start, &author, base)).collect();
        let there = |at: usize| self.instead.get(&(author, base + at as u64));
        let alike = (0..ours.len()).take_while(|at| there(*at).is_some_and(|(op, _)| *op == ours[*at])).count();
        let may_part = |at: &usize| {
            let Some(last) = at.checked_sub(1) else { return true };
            let inserted = (0..*at).rfind(|at| ours[*at].insert);
            let is_letter = inserted.is_some_and(|at| !is_space(&ours[at]));
            let id = |at: usize| OpId(base + at as u64, automerge::ActorId::from(&author.0));
            let goes_on =
                |op: Option<&Op>| op.map_or(GoesOn::Not, |op| goes_on(op, &id(last), inserted.map(id).as_ref(), base));
            // Where both changes end, both had made a pause.
            let is_of_one = |(_, entry): &&(Op, EntryId)| there(last).is_some_and(|(_, before)| before == entry);
            let theirs = there(*at).filter(|it| *at < ours.len() || is_of_one(it)).map(|(op, _)| op);
            match (goes_on(ours.get(*at)), goes_on(theirs)) {
                (GoesOn::Inside, _) | (_, GoesOn::Inside) => false,
                (GoesOn::Word, GoesOn::Not) | (GoesOn::Not, GoesOn::Word) => !is_letter,
                // A space that both have would stand before the first of their words alone.
                (GoesOn::Word, _) | (_, GoesOn::Word) => false,
                (GoesOn::Apart, GoesOn::Apart) => is_letter,
                _ => true,
            }
        };
        (0..=alike).rev().find(may_part).unwrap_or(0)
    }

    /// Whose op stands where one is written again, and its counter.
    fn place_of(&self, before: &ActorId, start: u64) -> (ActorId, u64) {
        self.behind.get(&(*before, start)).copied().unwrap_or((*before, start))
    }

    /// An op of a change that began at `start` as it is if the change begins at `base`.
    fn as_there(&self, op: &Op, before: &ActorId, start: u64, author: &ActorId, base: u64) -> Op {
        if (author, base) == (before, start) {
            return op.clone();
        }
        let moved = |id: &OpId| match id.0.checked_sub(start) {
            Some(at) if id.1.to_bytes() == before.as_bytes() => OpId(base + at, automerge::ActorId::from(&author.0)),
            _ => self.moved(id),
        };
        let mut op = op.clone();
        if let ObjectId::Id(id) = &op.obj {
            op.obj = ObjectId::Id(moved(id));
        }
        if let Key::Seq(ElementId::Id(id)) = &op.key {
            op.key = Key::Seq(ElementId::Id(moved(id)));
        }
        op.pred = op.pred.iter().map(moved).collect();
        op
    }

    /// The bodies of messages that may be what is written again.
    #[must_use]
    pub fn twin_bodies(&self) -> Vec<BodyId> {
        let ops = self.twins.iter().flat_map(|twin| &twin.ops);
        ops.filter_map(|op| record_of(op).map(|(_, record)| record.body)).collect()
    }

    /// Whether a copy of this phone, or this phone in a state that is gone, wrote the change again already: then what
    /// follows stands on that.
    fn is_written(&mut self, change: &ExpandedChange, before: &ActorId, old: EntryId, texts: &dyn MovedTexts) -> bool {
        let found = self.twins.iter().position(|twin| {
            let ops = twin.ops.iter().zip(&change.operations);
            let is_alike = twin.entry != old && twin.time == change.time && twin.ops.len() == change.operations.len();
            // Without words it tells too little to be known again, and does little harm twice.
            is_alike
                && twin.ops.iter().any(is_telling)
                && ops.into_iter().all(|(twin, op)| is_alike_op(twin, op, texts))
        });
        let Some(found) = found else { return false };
        let twin = self.twins.remove(found);
        let counters = (change.start_op.get()..).zip(twin.start_op..);
        for ((op, new), (counter, next)) in change.operations.iter().zip(&twin.ops).zip(counters) {
            self.ops.put((*before, counter), (twin.actor, next));
            if let (Some((key, record)), Some((_, new))) = (record_of(op), record_of(new)) {
                self.bodies.insert(record.body, new.body);
                self.commitments.insert(key.to_owned(), record.commitment);
            }
        }
        let end = |start: u64| start + change.operations.len() as u64;
        self.behind.insert((*before, end(change.start_op.get())), (twin.actor, end(twin.start_op)));
        self.entries.insert(old, twin.entry);
        true
    }

    /// What the change stands on from now on: its author's last among it, and none of what is before that.
    fn dependencies(&self, change: &ExpandedChange) -> Result<Vec<EntryId>, ApplyProblem> {
        let mut found = SortedSet::new();
        for hash in &change.deps {
            let entry = EntryId(hash.0);
            let entry = self.entries.get(&entry).copied().unwrap_or(entry);
            if !self.counters.contains_key(&entry) {
                return Err(ApplyProblem::MissingDependency);
            }
            if !self.own.contains(&entry) {
                found.insert(entry);
            }
        }
        found.extend(self.last);
        Ok(found.into_iter().collect())
    }

    fn emit(
        &mut self,
        ops: &[(Op, Option<BodyId>)],
        dependencies: Vec<EntryId>,
        start_op: u64,
        time: i64,
    ) -> Vec<Rewritten> {
        let seq = self.seq + 1;
        let (bytes, entry) = if ops.is_empty() {
            let time = TimestampMs(u64::try_from(time).unwrap_or(0));
            empty_change(&dependencies, &self.actor, seq, start_op, time)
        } else {
            let head = Head { actor: &self.actor, seq, start_op, time, dependencies: &dependencies };
            write_change(&head, &ops.iter().map(|(op, _)| op).collect::<Vec<_>>())
        };
        if bytes.len() > CHANGE_BYTES_MAX && ops.len() > 1 {
            let (first, second) = ops.split_at(ops.len() / 2);
            let mut written = self.emit(first, dependencies, start_op, time);
            let after = self.last.into_iter().collect();
            written.extend(self.emit(second, after, start_op + first.len() as u64, time));
            return written;
        }
        (self.seq, self.last) = (seq, Some(entry));
        self.own.insert(entry);
        self.counters.insert(entry, start_op + ops.len() as u64 - 1);
        vec![Rewritten { change: bytes, bodies: ops.iter().filter_map(|(_, body)| *body).collect() }]
    }

    /// An op as it is from now on, and the body that it names; none when it means nothing there.
    fn op(
        &mut self,
        mut op: Op,
        before: &ActorId,
        next: u64,
        seal: &mut dyn MovedTexts,
    ) -> Option<(Op, Option<BodyId>)> {
        let container = match &op.obj {
            ObjectId::Id(id) if id.1.to_bytes() == genesis_actor(&self.document).as_bytes() => id.0,
            _ => 0,
        };
        if let ObjectId::Id(id) = &op.obj {
            op.obj = ObjectId::Id(self.moved(id));
        }
        if let Key::Seq(ElementId::Id(id)) = &op.key {
            op.key = Key::Seq(ElementId::Id(self.moved(id)));
        }
        op.pred = op.pred.iter().map(|id| self.moved(id)).collect();
        let Key::Map(key) = &op.key else { return Some((op, None)) };
        let key = key.to_string();
        let mut body = None;
        if let (Some(record), (Shape::Thread, REACTIONS) | (Shape::Toolkit, HELPED)) =
            (hidden_record(&key), (self.shape, container))
        {
            op.key = Key::Map(hidden_key(&self.message(record)).into());
            return self.leads.then_some((op, None));
        }
        match (self.shape, container) {
            (Shape::Profile, CIRCLE | THREADS) if !self.leads => return None,
            (Shape::Note, AGENDA | COMMITMENTS) | (Shape::Profile, CIRCLE) => op.key = Key::Map(self.item(&key).into()),
            (Shape::Profile, NAMES) if key.starts_with(&encode_id(&before.0)) => {
                op.key = Key::Map((encode_id(&self.actor.0) + &key[ID_CHARS..]).into());
                self.keep_own(&mut op, before)?;
            }
            (Shape::Thread, MESSAGES) => {
                let new = message_key(&self.actor, next);
                if let OpType::Put(ScalarValue::Bytes(record)) = &mut op.action {
                    body = self.record(record, &key, &new, seal);
                }
                op.key = Key::Map(new.into());
            }
            (Shape::Thread, REACTIONS) => {
                let (_, message) = split_id(&key)?;
                let new = self.message(message);
                if let OpType::Put(ScalarValue::Bytes(aside)) = &mut op.action {
                    body = self.aside(aside, message, &new, before, seal)?;
                }
                op.key = Key::Map((encode_id(&self.actor.0) + &new).into());
                self.keep_own(&mut op, before)?;
            }
            (Shape::Toolkit, STRATEGIES) => {
                if let OpType::Put(ScalarValue::Bytes(record)) = &mut op.action {
                    body = self.strategy(record);
                }
                op.key = Key::Map(message_key(&self.actor, next).into());
            }
            (Shape::Toolkit, HELPED) => {
                let new = encode_id(&self.actor.0) + &self.message(split_id(&key)?.1);
                self.beside(&mut op, &new, next)?;
                op.key = Key::Map(new.into());
            }
            (Shape::Note | Shape::Profile | Shape::Thread | Shape::Toolkit, _) => {}
        }
        Some((op, body))
    }

    /// Under another actor's key there is nothing to replace yet, nor to remove.
    fn keep_own(&self, op: &mut Op, before: &ActorId) -> Option<()> {
        if *before != self.actor {
            let own = self.actor;
            op.pred = op.pred.iter().filter(|id| id.1.to_bytes() == own.as_bytes()).cloned().collect();
        }
        (!op.pred.is_empty() || op.action != OpType::Delete).then_some(())
    }

    fn moved(&self, id: &OpId) -> OpId {
        let new = ActorId::from_slice(id.1.to_bytes()).and_then(|actor| self.ops.get(&(actor, id.0)));
        new.map_or_else(|| id.clone(), |(actor, new)| OpId(new, automerge::ActorId::from(&actor.0)))
    }

    /// A message's key as it is from now on.
    fn message(&self, key: &str) -> String {
        let new = message_op(key).and_then(|at| self.ops.get(&at));
        new.map_or_else(|| key.to_owned(), |(actor, new)| message_key(&actor, new))
    }

    /// The key of an item's field as it is from now on.
    fn item(&self, key: &str) -> String {
        let moved = self.ops.iter().find_map(|((actor, counter), (writer, new))| {
            let field = key.strip_prefix(ItemId::new(*counter, actor).as_str())?;
            Some(ItemId::new(new, &writer).field(field))
        });
        moved.unwrap_or_else(|| key.to_owned())
    }

    /// A message's record with its text in a body for its new key.
    fn record(&mut self, bytes: &mut Vec<u8>, before: &str, key: &str, seal: &mut dyn MovedTexts) -> Option<BodyId> {
        let MessageRecord { sent, mut body, mut commitment, reply_to } = MessageRecord::decode(bytes).ok()?;
        self.commitments.insert(before.to_owned(), commitment);
        let text = MovedText { before: before.to_owned(), key: key.to_owned(), body, commitment };
        if let Some(sealed) = seal.seal_again(&text) {
            self.bodies.insert(body, sealed.0);
            (body, commitment) = sealed;
        }
        let reply_to = reply_to.map(|key| self.message(key));
        let record = MessageRecord { sent, body, commitment, reply_to: reply_to.as_deref() };
        *bytes = record.encode();
        Some(body)
    }

    /// What stands beside a message, with the bodies as they are from now on. None when only the message's own actor
    /// may put it there, and that is another one now.
    fn aside(
        &mut self,
        bytes: &mut Vec<u8>,
        before: &str,
        key: &str,
        actor: &ActorId,
        seal: &mut dyn MovedTexts,
    ) -> Option<Option<BodyId>> {
        let mut named = None;
        let aside = match Aside::decode(bytes)? {
            Aside::TakenBack(bodies) => {
                let new = |body: BodyId| self.bodies.get(&body).copied().unwrap_or(body);
                Aside::TakenBack(bodies.into_iter().map(new).collect())
            }
            Aside::Resealed(_) if before == key && *actor != self.actor => return None,
            Aside::Resealed(mut body) => {
                let commitment = self.commitments.get(before).copied();
                if let Some(commitment) = commitment.filter(|_| before != key) {
                    let text = MovedText { before: before.to_owned(), key: key.to_owned(), body, commitment };
                    if let Some((sealed, _)) = seal.seal_again(&text) {
                        self.bodies.insert(body, sealed);
                        body = sealed;
                    }
                }
                named = Some(body);
                Aside::Resealed(body)
            }
        };
        *bytes = aside.encode();
        Some(named)
    }
}

/// The first op counter of each author in changes.
fn begun(changes: &[Vec<u8>]) -> Result<SortedMap<ActorId, u64>, ApplyProblem> {
    let mut begun: SortedMap<ActorId, u64> = SortedMap::new();
    for (index, bytes) in changes.iter().enumerate() {
        let change = parse_change(bytes).map_err(|_| ApplyProblem::Malformed { index })?;
        let Some(author) = ActorId::from_slice(change.actor) else { continue };
        let first = begun.get_or_insert_with(author, || change.start_op);
        *first = change.start_op.min(*first);
    }
    Ok(begun)
}

fn times(changes: &[Vec<u8>]) -> SortedSet<i64> {
    changes.iter().filter_map(|bytes| parse_change(bytes).ok()).map(|change| change.time).collect()
}

/// The key and record of a message, when the op writes one.
fn record_of(op: &Op) -> Option<(&str, MessageRecord<'_>)> {
    let (Key::Map(key), OpType::Put(ScalarValue::Bytes(bytes))) = (&op.key, &op.action) else { return None };
    message_op(key)?;
    Some((key.as_str(), MessageRecord::decode(bytes).ok()?))
}

/// Whether one op is another, but for what naming places anew changes.
fn is_alike_op(twin: &Op, op: &Op, texts: &dyn MovedTexts) -> bool {
    let text = |key: &str, record: &MessageRecord<'_>| MovedText {
        before: key.to_owned(),
        key: key.to_owned(),
        body: record.body,
        commitment: record.commitment,
    };
    if let (Some(there), Some(record)) = (strategy_of(twin), strategy_of(op)) {
        // A body has a salt of its own: who wrote the same one wrote the same text.
        return (there.made, there.body) == (record.made, record.body);
    }
    match (record_of(twin), record_of(op)) {
        (Some((twin, there)), Some((key, record))) => {
            there.sent == record.sent && texts.is_same(&text(key, &record), &text(twin, &there))
        }
        (None, None) => twin.action == op.action && twin.insert == op.insert,
        _ => false,
    }
}

/// How an op goes on from the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum GoesOn {
    /// It is about something else.
    Not,
    /// It says more of something that was made in the same change.
    Inside,
    /// It is the next letter of a text.
    Word,
    /// It is a space, or something else than a letter, in a text.
    Apart,
}

fn goes_on(op: &Op, last: &OpId, inserted: Option<&OpId>, start: u64) -> GoesOn {
    match (&op.obj, &op.key) {
        (ObjectId::Id(id), _) if id.1 == last.1 && (start..=last.0).contains(&id.0) => GoesOn::Inside,
        (_, Key::Seq(ElementId::Id(id))) if op.insert && Some(id) == inserted => match &op.action {
            OpType::Put(ScalarValue::Str(_)) if !is_space(op) => GoesOn::Word,
            _ => GoesOn::Apart,
        },
        _ => GoesOn::Not,
    }
}

fn is_space(op: &Op) -> bool {
    matches!(&op.action, OpType::Put(ScalarValue::Str(text)) if text.chars().all(char::is_whitespace))
}

/// Whether an op has words in it.
fn is_telling(op: &Op) -> bool {
    matches!(op.action, OpType::Put(ScalarValue::Str(_))) || record_of(op).is_some() || strategy_of(op).is_some()
}
