//! Sealed content on the phone: texts of messages, and documents that only their group reads.

use crate::document::{DocumentName, KithSchema, Message, Subject};
use crate::ids::{ActorId, CircleId, DeviceId, DocumentId, Incarnation, MemberId};
use crate::seal::{BodyPlace, EntryPlace, SaltedText, SealProblem, SealedEntry, epoch_hint, open_body, open_entry};
use crate::storage::Tree;
use crate::sync::StoredEntry;
use crate::sync::admit::{Known, Layout, Prepared};
use crate::trust::Role;
use crate::wire::{Entry, EntryContent};

use super::engine::{Attempt, Engine, Step, Stop};
use super::input::checked_day;
use super::kernel::Task;
use super::kind::group_of;
use super::problem::corrupt;
use super::problems::{key_waiting, unverified};
use super::rows::rows_of;
use super::view::BodyState;
use super::{CommandId, Problem, ProblemCode, SealedKind, Why};

/// Why a body shows no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unopened {
    /// It was erased.
    Gone,
    /// Its key is not on this phone.
    Waiting,
    /// No key of this phone fits, though one should; or it is unknown who wrote it.
    NotOpened,
    /// Its author sealed something else than the text that the message's record commits to.
    False,
}

impl From<Unopened> for BodyState {
    fn from(why: Unopened) -> Self {
        match why {
            Unopened::Gone => Self::Gone,
            Unopened::Waiting => Self::Waiting,
            Unopened::NotOpened | Unopened::False => Self::Unverified,
        }
    }
}

/// Takes sealed entries that came into a document that is open.
pub(super) struct Unseal {
    pub(super) circle: CircleId,
    pub(super) name: DocumentName,
}

impl Task<Engine> for Unseal {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.unseal_news(&self.circle, &self.name)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.exchange.set_problem(problem);
    }
}

impl Engine {
    /// The text of one of a message's bodies.
    pub(super) fn opened(
        &self,
        circle: &CircleId,
        document: &DocumentId,
        message: &Message,
        bytes: &[u8],
    ) -> Result<SaltedText, Unopened> {
        if bytes.is_empty() {
            return Err(Unopened::Gone);
        }
        let writer = self.writer_of(circle, document, &message.author).ok_or(Unopened::NotOpened)?;
        let (device, incarnation) = writer;
        let (local, hint) = self.circles.get(circle).zip(epoch_hint(bytes)).ok_or(Unopened::NotOpened)?;
        let mut found = Err(Unopened::Waiting);
        for (epoch, key) in local.keyring().keys_of(hint) {
            let place = BodyPlace {
                circle: *circle,
                document: *document,
                device,
                incarnation,
                epoch: *epoch,
                message_key: &message.key,
            };
            match open_body(key, &place, &message.commitment, bytes) {
                Ok(text) => found = Ok(text),
                // The tag fits, so the key is right: what is inside is what the author meant for whoever has it.
                Err(SealProblem::OtherText | SealProblem::BadContent { .. } | SealProblem::TooLarge { .. }) => {
                    return Err(Unopened::False);
                }
                Err(_) if found.is_err() => found = Err(Unopened::NotOpened),
                Err(_) => {}
            }
        }
        found
    }

    /// Whether what no key of this phone opens is closed to it for good: sealed with keys that were there before it
    /// came in, by somebody who had not heard of it when they signed. (Who had, and sealed before, seals it again.)
    pub(super) fn is_closed(&self, circle: &CircleId, document: &DocumentId, message: &Message, bytes: &[u8]) -> bool {
        let (Some(local), Some(own_id), Some(hint)) = (self.circles.get(circle), self.phone.id(), epoch_hint(bytes))
        else {
            return false;
        };
        let Some(own) = local.keyring().shown().device(&own_id) else { return false };
        let history = local.keyring().history();
        let is_later = history.epochs().any(|(epoch, seen)| {
            let began_later = seen.position >= own.introduced_at;
            epoch.hint() == hint && (began_later || history.has_key(epoch, &own_id))
        });
        let position = self.position_of(circle, document, message);
        !own.past_opened && position.is_some_and(|position| position < own.introduced_at) && !is_later
    }

    /// The device and incarnation behind an actor of a document.
    fn writer_of(&self, circle: &CircleId, document: &DocumentId, actor: &ActorId) -> Option<(DeviceId, Incarnation)> {
        let chain = self.circles.get(circle)?.document(document).and_then(|state| state.chains.get(actor));
        if let Some(chain) = chain {
            return Some((chain.device, chain.incarnation));
        }
        let (own, open) = (self.phone.id()?, self.documents.get(document)?);
        let incarnation = self.incarnation_in(circle, document, &own);
        (open.handle.actor() == actor).then_some((own, incarnation))
    }

    /// What `device` writes as in a document.
    pub(super) fn incarnation_in(&self, circle: &CircleId, document: &DocumentId, device: &DeviceId) -> Incarnation {
        self.circles.get(circle).map_or_else(Default::default, |local| local.incarnation_of(document, device))
    }

    /// The changes in a document's stored entries. Those of a sealed document are opened, and the whole of them goes
    /// through the gate before Automerge sees one. What does not open, or is refused, is left out with what builds on
    /// it, and comes as the problem: one entry closes no document.
    ///
    /// # Errors
    /// When nothing of it can be shown.
    pub(super) fn changes_of(
        &self,
        circle: &CircleId,
        name: &DocumentName,
        stored: Vec<StoredEntry>,
    ) -> Result<(Vec<Vec<u8>>, Option<Problem>), Problem> {
        if !name.is_sealed() {
            return Ok((stored.into_iter().map(|entry| entry.content.bytes().to_vec()).collect(), None));
        }
        let (mut entries, mut problem) = (Vec::new(), None);
        for entry in stored {
            let opened = self.open_stored(circle, name, &entry).unwrap_or_else(|why| {
                problem.get_or_insert(why);
                Vec::new()
            });
            for change in opened {
                entries.push(Entry {
                    document: *name,
                    device: entry.device,
                    incarnation: entry.incarnation,
                    content: EntryContent::Plain(change),
                    signature: entry.signature,
                    bodies: Vec::new(),
                    admitted: None,
                });
            }
        }
        let local = self.local(circle)?;
        let prepared =
            Prepared::inside(circle, local.roster(), local.keyring().history().chain(), &KithSchema, entries);
        let admitted = prepared.admit(&Known::default(), &KithSchema, Layout::Phone, 0);
        let refused = admitted.refused.iter().find(|refused| !refused.refusal.can_retry());
        problem = problem.or_else(|| refused.or(admitted.refused.first()).map(|refused| unverified(&refused.refusal)));
        let changes: Vec<Vec<u8>> = admitted.changes.into_iter().flat_map(|(_, changes)| changes).collect();
        match problem {
            Some(problem) if changes.is_empty() => Err(problem),
            problem => Ok((changes, problem)),
        }
    }

    /// Names what of an open document could not be shown, or that all of it can.
    pub(super) fn note_unshown(&mut self, circle: &CircleId, document: &DocumentId, problem: Option<Problem>) {
        if let Some(local) = self.circles.get_mut(circle) {
            local.note_unshown(document, problem);
        }
    }

    /// Opens again what was not shown of documents that are open: a key may have come.
    pub(super) fn show_unshown(&mut self) {
        let open = self.documents.iter().filter(|(document, open)| {
            self.circles.get(open.circle()).is_some_and(|local| local.unshown(document).is_some())
        });
        let again: Vec<_> = open.map(|(_, open)| (*open.circle(), *open.handle.name())).collect();
        for (circle, name) in again {
            self.kernel.enqueue(Unseal { circle, name });
        }
    }

    pub(super) fn open_stored(
        &self,
        circle: &CircleId,
        name: &DocumentName,
        entry: &StoredEntry,
    ) -> Result<Vec<Vec<u8>>, Problem> {
        let envelope = SealedEntry::parse(entry.content.bytes()).map_err(corrupt)?;
        let (mut problem, mut found) = (key_waiting(), None);
        for (epoch, key) in self.local(circle)?.keyring().keys_of(envelope.hint) {
            let place = EntryPlace {
                circle: *circle,
                document: name.id(circle),
                device: entry.device,
                incarnation: entry.incarnation,
                epoch: *epoch,
                seq: envelope.seq,
                dependencies: &envelope.dependencies,
            };
            match open_entry(key, &place, &envelope) {
                // Sealed to open differently under two keys: a trick, since the cipher does not commit to its key.
                Ok(_) if found.is_some() => return Err(unverified(&SealProblem::NotOpened)),
                Ok(changes) => found = Some(changes),
                Err(error) => problem = unverified(&error),
            }
        }
        found.ok_or(problem)
    }

    /// Takes sealed entries that came for an open document into it.
    pub(super) fn unseal_news(&mut self, circle: &CircleId, name: &DocumentName) -> Attempt {
        let document = name.id(circle);
        if let Some((batch, after)) = self.commit_pending()? {
            return Err(Stop::First(batch, after));
        }
        let rows = self.kernel.rows.take_range(rows_of(Tree::DocumentLog, circle, &document))?;
        let stored: Result<Vec<_>, _> = rows.iter().map(|(_, value)| StoredEntry::decode(value)).collect();
        let (changes, unshown) = self.changes_of(circle, name, stored.map_err(corrupt)?)?;
        self.note_unshown(circle, &document, unshown);
        let news = [(document, changes)].into_iter().collect();
        self.apply_changes(circle, news);
        Ok(Step::Done)
    }

    /// Opens a document of the sealed class, making it if it is new.
    pub(super) fn open_sealed(
        &mut self,
        id: CommandId,
        circle: CircleId,
        kind: SealedKind,
        member: Option<MemberId>,
        day: u32,
    ) -> Attempt {
        let (me, _) = self.me(&circle)?;
        let member = member.unwrap_or(me);
        let subject = match kind {
            SealedKind::FacilitatorNote => Subject::FacilitatorNote { day: checked_day(day)?, ordinal: 0 },
            SealedKind::Slice => Subject::Slice { member },
        };
        let name = DocumentName::new(subject);
        let group = group_of(&name).ok_or_else(key_waiting)?;
        let (_, role) = self.me(&circle)?;
        if !group.holds(&me, role == Role::Facilitator) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::NotToRead).into());
        }
        self.ensure_key(&circle, group)?;
        self.open_note_named(id, &circle, &name)
    }
}
