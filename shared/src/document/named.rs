//! What ops name, and whether it is there.
//!
//! Automerge stops at an op on an element or a block that is not there, and with it stops whoever has the document: one
//! change of one member, lawful in every byte, closed a note to its whole circle for good. An op that replaces what
//! stands elsewhere takes that away on the phones that load both at once, and on no others. Whether a thing is there is
//! no matter of whose changes came first: it must have been made in what the change itself builds on, which is the same
//! on every phone. What names anything else is left out of the document, with all that builds on it.

use std::rc::Rc;

use crate::gate::{Action, Change, Genesis, Key, ObjectId, Op, OpId, parse_change};
use crate::ids::{ActorId, EntryId, tagged_hash};
use crate::sorted::SortedMap;

/// What an op made in a text: nothing, where a mark begins or ends, a character, an object (a block is one). What it put
/// into a map is the place there, and whether it is an object.
const NOTHING: u64 = 0;
const EDGE: u64 = 1;
const CHARACTER: u64 = 2;
const OBJECT: u64 = 3;
const IN_MAP: u64 = 1 << 63;
const OBJECT_IN_MAP: u64 = 1 << 62;

/// What a change stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// All that it names is there.
    Firm,
    /// It names what is not there, or builds on such a change.
    Missing,
    /// What it builds on has not come yet.
    Unknown,
}

/// All changes of a document, by what can be named of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    /// The first is the one of the document's first change.
    chains: Vec<MadeBy>,
    /// `None` of those that were left out.
    changes: SortedMap<EntryId, Option<BuiltOn>>,
}

/// What one actor made: for each change the counter of its first op, and what each op made.
#[derive(Clone, Debug)]
struct MadeBy {
    actor: ActorId,
    parts: Vec<(u64, Vec<u64>)>,
}

/// How far a change knew the chains: its own up to its last op, of each other one up to a counter.
#[derive(Clone, Debug)]
struct BuiltOn {
    chain: usize,
    end: u64,
    others: Rc<[u64]>,
}

impl Named {
    /// Takes in the document's first change, which names nothing.
    pub(super) fn begin(&mut self, genesis: &Genesis) {
        let chain = self.chain_of(&genesis.actor);
        self.changes.insert(genesis.entry, Some(BuiltOn { chain, end: genesis.max_op, others: Rc::from([]) }));
    }

    /// Whether anything was left out.
    pub(super) fn lacks(&self) -> bool {
        self.changes.values().any(Option::is_none)
    }

    /// Takes in a change that passed the gate; one that is there already stays what it was found to be.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Ground {
        let Ok(change) = parse_change(bytes) else { return Ground::Missing };
        let found = match self.changes.get(&change.entry) {
            Some(Some(_)) => return Ground::Firm,
            Some(None) => return Ground::Missing,
            None => self.built_on(&change).and_then(|on| self.make(&change, &on).map(|()| on)),
        };
        let ground = found.as_ref().err().copied().unwrap_or(Ground::Firm);
        if ground != Ground::Unknown {
            self.changes.insert(change.entry, found.ok());
        }
        ground
    }

    fn built_on(&mut self, change: &Change<'_>) -> Result<BuiltOn, Ground> {
        let chain = self.chain_of(&ActorId::from_slice(change.actor).ok_or(Ground::Missing)?);
        let mut on = Vec::with_capacity(change.dependencies.len());
        for dependency in &change.dependencies {
            on.push(self.changes.get(dependency).ok_or(Ground::Unknown)?.as_ref());
        }
        let on: Vec<&BuiltOn> = on.into_iter().collect::<Option<_>>().ok_or(Ground::Missing)?;
        let others = match on[..] {
            // Most go on with their own.
            [own] if own.chain == chain => own.others.clone(),
            _ => {
                let mut others = vec![0; self.chains.len()];
                for one in on {
                    for (known, end) in others.iter_mut().zip(one.others.iter()) {
                        *known = (*known).max(*end);
                    }
                    others[one.chain] = others[one.chain].max(one.end);
                }
                others.into()
            }
        };
        Ok(BuiltOn { chain, end: change.max_op(), others })
    }

    /// Notes what a change makes, unless it names what is not there.
    fn make(&mut self, change: &Change<'_>, on: &BuiltOn) -> Result<(), Ground> {
        // Automerge stops at the name of somebody unknown, too, whatever is named of theirs.
        let knows = |actor: &&[u8]| self.known_of(on, actor).is_some_and(|(_, end)| end > 0);
        if !change.others.iter().all(knows) {
            return Err(Ground::Missing);
        }
        let mut made = Vec::new();
        for op in change.ops() {
            let op = op.map_err(|_| Ground::Missing)?;
            made.push(self.made_by(change, on, &op).ok_or(Ground::Missing)?);
        }
        if !made.is_empty() {
            self.chains[on.chain].parts.push((change.start_op, made));
        }
        Ok(())
    }

    /// What an op makes; `None` when it names what is not there.
    fn made_by(&self, change: &Change<'_>, on: &BuiltOn, op: &Op<'_>) -> Option<u64> {
        // Of what it made itself the gate has looked at all.
        let is_own = |id: &OpId<'_>| id.actor == change.actor && id.counter >= change.start_op;
        let kind = |id: &OpId<'_>| self.kind_of(on, id);
        if let ObjectId::Id(object) = &op.object {
            let is_first = self.chains.first().is_some_and(|first| first.actor.as_bytes() == object.actor);
            if !is_first && !is_own(object) && !is_object(kind(object)) {
                return None;
            }
        }
        match op.key {
            Key::Map(key) => {
                let place = place(&op.object, key);
                let is_there = op.predecessors.iter().all(|id| is_own(id) || kind(id) & !OBJECT_IN_MAP == place);
                is_there.then_some(match op.action {
                    // What is counted stays the counter's: nothing else names it.
                    Action::Delete | Action::Increment => NOTHING,
                    _ if makes_object(op.action) => place | OBJECT_IN_MAP,
                    _ => place,
                })
            }
            Key::Element(id) => {
                let fits = |kind: u64| if op.action == Action::Delete { kind >= CHARACTER } else { kind >= EDGE };
                let is_there = is_own(&id) || (kind(&id) < IN_MAP && fits(kind(&id)));
                (is_there && op.predecessors.iter().all(|gone| *gone == id)).then(|| element(op))
            }
            Key::Head => Some(element(op)),
        }
    }

    /// What an op made that a change builds on.
    fn kind_of(&self, on: &BuiltOn, id: &OpId<'_>) -> u64 {
        let Some((chain, _)) = self.known_of(on, id.actor).filter(|(_, end)| id.counter <= *end) else {
            return NOTHING;
        };
        let before = chain.parts.partition_point(|(start, _)| *start <= id.counter);
        let part = before.checked_sub(1).and_then(|at| chain.parts.get(at));
        let kind = part.and_then(|(start, made)| made.get(usize::try_from(id.counter - start).ok()?));
        kind.copied().unwrap_or(NOTHING)
    }

    /// What an actor made, and up to which counter it is known; of its own, all.
    fn known_of(&self, on: &BuiltOn, actor: &[u8]) -> Option<(&MadeBy, u64)> {
        let at = self.chains.iter().position(|chain| chain.actor.as_bytes() == actor)?;
        let end = if at == on.chain { on.end } else { on.others.get(at).copied().unwrap_or(0) };
        Some((&self.chains[at], end))
    }

    fn chain_of(&mut self, actor: &ActorId) -> usize {
        match self.chains.iter().position(|chain| chain.actor == *actor) {
            Some(at) => at,
            None => {
                self.chains.push(MadeBy { actor: *actor, parts: Vec::new() });
                self.chains.len() - 1
            }
        }
    }
}

fn element(op: &Op<'_>) -> u64 {
    match op.action {
        _ if !op.insert => NOTHING,
        Action::Mark => EDGE,
        action if makes_object(action) => OBJECT,
        _ => CHARACTER,
    }
}

/// Also such as no document of this build has: a later one's are read as far as they are understood.
fn makes_object(action: Action) -> bool {
    matches!(action, Action::MakeMap | Action::MakeList | Action::MakeText | Action::MakeTable)
}

fn is_object(kind: u64) -> bool {
    kind == OBJECT || kind & (IN_MAP | OBJECT_IN_MAP) == IN_MAP | OBJECT_IN_MAP
}

/// A place in a map, such that nobody finds another that is called the same.
fn place(object: &ObjectId<'_>, key: &str) -> u64 {
    let (actor, counter) = match object {
        ObjectId::Root => (&[][..], 0),
        ObjectId::Id(id) => (id.actor, id.counter),
    };
    let hash = tagged_hash("kith/place/1", &[actor, &counter.to_be_bytes(), key.as_bytes()]);
    (hash[..8].iter().fold(0, |place, byte| place << 8 | u64::from(*byte)) | IN_MAP) & !OBJECT_IN_MAP
}
