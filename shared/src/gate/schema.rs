use crate::ids::DocumentName;
use crate::ids::{ActorId, BodyId, CircleId, EntryId};
use crate::time::TimestampMs;
use crate::trust::Author;

use super::{Change, Refusal};

/// A document's first change: a pure function of circle and name, the same bytes everywhere. It is never
/// sent: each side makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The change, raw.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub entry: EntryId,
    /// Its reserved actor.
    pub actor: ActorId,
    /// The largest op counter in it.
    pub max_op: u64,
}

/// What the gate learnt of a change that its author may make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// Text bodies that it names: durable before the change counts as acknowledged.
    pub bodies: Vec<BodyId>,
    /// Texts that it takes back, each with the author of its message. Lawful only when both are of one member.
    pub erased: Vec<(BodyId, ActorId)>,
    /// The first and the last time that it states for what is shown in order of time.
    pub dated: Option<(TimestampMs, TimestampMs)>,
}

impl Inspection {
    /// Takes note of a text that it names.
    pub fn name(&mut self, body: BodyId) {
        if !self.bodies.contains(&body) {
            self.bodies.push(body);
        }
    }

    /// Takes note of a time that it states.
    pub fn date(&mut self, at: TimestampMs) {
        let (first, last) = self.dated.unwrap_or((at, at));
        self.dated = Some((first.min(at), last.max(at)));
    }
}

/// What sync must know of documents without knowing any: handed to the engine from outside, which may work
/// on another thread at each step.
pub trait Schema: Sync {
    /// The first change of the document.
    ///
    /// # Errors
    /// [`Refusal::UnknownSchema`] for a schema version that this build does not know.
    fn genesis(&self, circle: &CircleId, name: &DocumentName) -> Result<Genesis, Refusal>;

    /// Whether `author` may make `change`, judged by its ops alone: keys, object ids and predecessors.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::Malformed`], [`Refusal::UnknownSchema`].
    fn inspect(
        &self,
        circle: &CircleId,
        name: &DocumentName,
        author: &Author,
        change: &Change<'_>,
    ) -> Result<Inspection, Refusal>;

    /// Whether `body` has the form of the texts that lie beside the document's changes.
    ///
    /// # Errors
    /// [`Refusal::Unsealed`] where texts are sealed, [`Refusal::Malformed`] where they are not.
    fn check_body(&self, name: &DocumentName, body: &[u8]) -> Result<(), Refusal>;

    /// Whether `author` may write a document of the sealed class, whose changes only phones can read.
    fn may_write_sealed(&self, name: &DocumentName, author: &Author) -> bool;
}
