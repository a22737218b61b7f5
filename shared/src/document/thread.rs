use crate::codec::Writer;
use crate::contract::Contract;
use crate::ids::{ActorId, BodyId, TextCommitment};
use crate::time::TimestampMs;

use super::Hidden;
use super::key::counter_of;

/// Containers, by the op of the genesis that makes them.
pub(super) const MESSAGES: u64 = 1;
pub(super) const REACTIONS: u64 = 2;

/// A reaction that carries who, never how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(from_page, to_page)]
pub enum ReactionKind {
    /// "I relate."
    Relate = 0,
    /// "Thank you."
    Thanks = 1,
    /// "You are strong."
    Strength = 2,
    /// "I am with you."
    WithYou = 3,
}

impl ReactionKind {
    /// All kinds, at their bit's place.
    pub const ALL: [Self; 4] = [Self::Relate, Self::Thanks, Self::Strength, Self::WithYou];
}

/// One person's reactions to one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReactionSet(pub(super) u8);

impl ReactionSet {
    /// That its person read as far as this message; between two alone, and where they wish it.
    const READ: u8 = 0b1_0000;
    /// All kinds as bits, and [`Self::READ`].
    const MASK: u8 = 0b1_1111;

    /// Whether `kind` is in it.
    #[must_use]
    pub fn has(self, kind: ReactionKind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    /// Adds or removes a kind.
    pub fn set(&mut self, kind: ReactionKind, on: bool) {
        if on { self.0 |= 1 << kind as u8 } else { self.0 &= !(1 << kind as u8) }
    }

    /// Whether its person says that they read as far as this.
    #[must_use]
    pub fn has_read(self) -> bool {
        self.0 & Self::READ != 0
    }

    pub(super) fn set_read(&mut self) {
        self.0 |= Self::READ;
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set in a stored value, when it has no unknown bits.
    pub(super) fn from_bits(bits: u64) -> Option<Self> {
        u8::try_from(bits).ok().filter(|bits| bits & !Self::MASK == 0).map(Self)
    }
}

/// A message, without its text: that is in its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its key: the author's actor and a counter.
    pub key: String,
    /// Who wrote it, which the key proves.
    pub author: ActorId,
    /// When, by the author's clock; at most [`TimestampMs::LAST`].
    pub sent: TimestampMs,
    /// Its text.
    pub body: BodyId,
    /// What every body of it must open to.
    pub commitment: TextCommitment,
    /// The key of the message that it answers, perhaps of another month.
    pub reply_to: Option<String>,
    /// Who reacted, and how; by actor, none empty.
    pub reactions: Vec<(ActorId, ReactionSet)>,
    /// Its author took it back.
    pub taken_back: bool,
    /// A facilitator hides it.
    pub hidden: Option<Hidden>,
    /// The same text, sealed again by its author for those who came before it was known to them.
    pub resealed: Option<BodyId>,
}

impl Message {
    /// The counter of the op that made it, which its key ends with; the largest number when it does not.
    #[must_use]
    pub fn counter(&self) -> u64 {
        counter_of(&self.key)
    }

    /// The bodies that its text is in, the one that it came with first.
    pub fn bodies(&self) -> impl Iterator<Item = BodyId> + use<> {
        [self.body].into_iter().chain(self.resealed)
    }
}

/// A thread's document as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadView {
    /// Oldest first, by sending time, then key.
    pub messages: Vec<Message>,
    /// Records that this build could not read.
    pub skipped: usize,
}

/// What an author puts beside a message of theirs, in the place of a reaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aside {
    /// It was taken back, with these texts: one, or two when it was sealed again.
    TakenBack(Vec<BodyId>),
    /// The same text in another body.
    Resealed(BodyId),
}

impl Aside {
    const TAKEN_BACK: u8 = 0;
    const RESEALED: u8 = 1;

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        match self {
            Self::TakenBack(bodies) => {
                writer.byte(Self::TAKEN_BACK);
                bodies.iter().for_each(|body| {
                    writer.raw(body.as_bytes());
                });
            }
            Self::Resealed(body) => {
                writer.byte(Self::RESEALED).raw(body.as_bytes());
            }
        }
        writer.into_bytes()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        let (ids, left) = rest.as_chunks::<{ BodyId::LEN }>();
        let bodies: Vec<BodyId> = ids.iter().map(|id| BodyId(*id)).collect();
        match (*kind, bodies.as_slice(), left.is_empty()) {
            (Self::TAKEN_BACK, [_] | [_, _], true) => Some(Self::TakenBack(bodies)),
            (Self::RESEALED, [body], true) => Some(Self::Resealed(*body)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reaction_is_stored_as_the_bit_that_it_always_was() {
        let kinds = [ReactionKind::Relate, ReactionKind::Thanks, ReactionKind::Strength, ReactionKind::WithYou];
        assert_eq!(ReactionKind::ALL, kinds);
        for (at, kind) in kinds.into_iter().enumerate() {
            let mut set = ReactionSet::default();
            set.set(kind, true);
            assert_eq!((set.0, ReactionSet::from_bits(1 << at)), (1 << at, Some(set)));
        }
    }
}
