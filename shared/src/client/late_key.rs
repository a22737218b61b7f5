//! What this phone sealed with an old key, and the server did not take for it: sealed again with the current key. It
//! comes of a phone that was put back to an older state, and wrote before it heard of the newer key that it had
//! confirmed.

use crate::codec::Writer;
use crate::document::{DocumentName, Message};
use crate::gate::Refusal;
use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EntryId};
use crate::seal::{
    BodyPlace, EntryPlace, EpochId, EpochKey, SaltedText, SealedEntry, epoch_hint, seal_body, seal_entry,
    sealed_entry_id,
};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Tree};
use crate::sync::phone::{unsent_entries, unsent_reads};
use crate::sync::{DocumentState, StoredEntry, key};
use crate::trust::KeyGroup;
use crate::wire::{AnswerHeader, EntryContent};

use super::Problem;
use super::engine::{Engine, Stop};
use super::kind::{group_of, text_group_of};
use super::problem::corrupt;
use super::problems::{edit_problem, key_waiting};

/// Messages that are sealed again in one commit.
const AT_ONCE_MAX: usize = 32;

/// A text that is to be sealed again, and the bodies that it was in.
struct LateText {
    message: String,
    text: SaltedText,
    old: Vec<BodyId>,
}

impl Engine {
    /// What an answer refused of this phone for its old key.
    pub(super) fn late_of(&self, answer: &AnswerHeader) -> Vec<(CircleId, DocumentId)> {
        let mut late = SortedSet::new();
        for circle in &answer.circles {
            let old = circle.refused.iter().filter(|refused| refused.refusal == Refusal::OldEpoch);
            late.extend(old.map(|refused| (circle.circle, refused.document)));
        }
        late.into_iter().collect()
    }

    /// Seals again what is due in a circle; commits it before anything else happens.
    pub(super) fn seal_late(&mut self, circle: &CircleId) -> Result<(), Stop> {
        for document in self.late.due(circle) {
            let name = self.local(circle)?.document(&document).map(|state| state.name);
            match name.map(|name| (name, group_of(&name))) {
                Some((name, None)) => self.seal_late_messages(circle, &name)?,
                Some((name, Some(group))) => self.seal_late_entries(circle, &name, &group)?,
                None => {}
            }
            self.late.done(circle, &document);
        }
        Ok(())
    }

    /// Each text goes into a new body beside its message, and the old one travels empty: so the message stays what it
    /// is, and its entry is taken.
    fn seal_late_messages(&mut self, circle: &CircleId, name: &DocumentName) -> Result<(), Stop> {
        let Some(group) = text_group_of(name) else { return Ok(()) };
        let Some((epoch, seal_key)) = self.local(circle)?.keyring().sealing_key(&group) else { return Ok(()) };
        let (document, device, now) = (name.id(circle), self.device()?.id(), self.now());
        let incarnation = self.incarnation_in(circle, &document, &device);
        let late = self.late_texts(circle, name, epoch)?;
        let (mut bodies, mut gone) = (Vec::new(), Vec::new());
        for LateText { message, text, old } in late.into_iter().take(AT_ONCE_MAX) {
            let place = BodyPlace { circle: *circle, document, device, incarnation, epoch, message_key: &message };
            let Ok(body) = seal_body(&seal_key, &place, &text) else { continue };
            let id = BodyId::of(&body);
            self.open(circle, name)?.handle.reseal(&message, &id, now).map_err(edit_problem)?;
            bodies.push(body);
            gone.extend(old);
        }
        let Some(mut commit) = self.commit_documents(&[document], &bodies)? else { return Ok(()) };
        let mut batch = core::mem::take(&mut commit.batch);
        for body in &gone {
            batch.put(Tree::Bodies, key::body(circle, body), Vec::new());
        }
        let circle = *circle;
        Err(Stop::First(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.settle(commit);
                }
                Err(problem) => {
                    engine.late.done(&circle, &document);
                    engine.give_up(&[document], problem);
                }
            }),
        ))
    }

    /// This phone's unsent texts in a thread's document that are sealed with another key than `epoch`'s.
    fn late_texts(&mut self, circle: &CircleId, name: &DocumentName, epoch: EpochId) -> Result<Vec<LateText>, Stop> {
        let document = name.id(circle);
        let open = self.open(circle, name)?;
        let actor = *open.handle.actor();
        let mut own = open.handle.thread().map_err(edit_problem)?.messages;
        own.retain(|message| message.author == actor && !message.taken_back);
        let wanted: Vec<BodyId> = own.iter().flat_map(Message::bodies).collect();
        self.read_bodies(circle, &wanted)?;
        let chain = self.local(circle)?.document(&document).and_then(|state| state.chains.get(&actor));
        let sent = chain.map_or(0, |chain| chain.remote_max_op);
        let is_unsent = |message: &Message, body: &BodyId| *body != message.body || message.counter() > sent;
        let mut late = Vec::new();
        for message in own {
            let bytes_of = |body: &BodyId| self.body(circle, body);
            let is_old = |body: &BodyId| {
                let hint = bytes_of(body).and_then(epoch_hint);
                hint.is_some_and(|hint| hint != epoch.hint())
            };
            let old: Vec<BodyId> = message.bodies().filter(|body| is_old(body) && is_unsent(&message, body)).collect();
            let opened = |body: BodyId| self.opened(circle, &document, &message, bytes_of(&body)?).ok();
            let text = message.bodies().find_map(opened);
            if let Some(text) = text.filter(|_| !old.is_empty()) {
                late.push(LateText { message: message.key, text, old });
            }
        }
        Ok(late)
    }

    /// The same changes go into new envelopes, at the same places of the chain.
    fn seal_late_entries(&mut self, circle: &CircleId, name: &DocumentName, group: &KeyGroup) -> Result<(), Stop> {
        let document = name.id(circle);
        let Some(state) = self.local(circle)?.document(&document).cloned() else { return Ok(()) };
        let Some((epoch, seal_key)) = self.local(circle)?.keyring().sealing_key(group) else { return Ok(()) };
        let states: SortedMap<DocumentId, DocumentState> = [(document, state.clone())].into_iter().collect();
        let results = self.kernel.rows.take(unsent_reads(circle, &states))?;
        let stored = unsent_entries(circle, &states, &SortedMap::new(), results).map_err(corrupt)?;
        let own = self.device()?.id();
        let mut fresh = Resealing { state, batch: Batch::default(), renamed: SortedMap::new() };
        for (position, entry) in stored.into_iter().filter(|(_, entry)| entry.device == own) {
            let changes = self.open_stored(circle, name, &entry)?;
            fresh.seal_again(circle, (epoch, &seal_key), position, entry, &changes)?;
        }
        let Resealing { state, mut batch, .. } = fresh;
        if batch.is_empty() {
            return Ok(());
        }
        batch.put(Tree::Documents, key::document(circle, &document), state.encode());
        let circle = *circle;
        Err(Stop::First(
            batch,
            Box::new(move |engine, done| {
                engine.late.done(&circle, &document);
                if let (Ok(()), Some(local)) = (done, engine.circles.get_mut(&circle)) {
                    local.set_document(document, state);
                }
            }),
        ))
    }
}

/// A sealed document whose unsent entries get new envelopes.
struct Resealing {
    state: DocumentState,
    batch: Batch,
    /// What each entry that has a new envelope was called before.
    renamed: SortedMap<EntryId, EntryId>,
}

impl Resealing {
    fn seal_again(
        &mut self,
        circle: &CircleId,
        (epoch, seal_key): (EpochId, &EpochKey),
        position: u64,
        entry: StoredEntry,
        changes: &[Vec<u8>],
    ) -> Result<(), Problem> {
        let document = entry.document.id(circle);
        let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
        let envelope = SealedEntry::parse(entry.content.bytes()).map_err(corrupt)?;
        let named = |id: &EntryId| self.renamed.get(id).copied().unwrap_or(*id);
        let mut dependencies: Vec<EntryId> = envelope.dependencies.iter().map(named).collect();
        dependencies.sort_unstable();
        if envelope.hint == epoch.hint() && dependencies == envelope.dependencies {
            return Ok(());
        }
        let place = EntryPlace {
            circle: *circle,
            document,
            device: entry.device,
            incarnation: entry.incarnation,
            epoch,
            seq: envelope.seq,
            dependencies: &dependencies,
        };
        let sealed = seal_entry(seal_key, &place, changes).map_err(|_| key_waiting())?;
        let old = sealed_entry_id(&document, &actor, entry.content.bytes());
        let new = sealed_entry_id(&document, &actor, &sealed);
        self.rename(circle, &document, &actor, old, new);
        let stored = StoredEntry { content: EntryContent::Sealed(sealed), signature: None, ..entry };
        self.batch.put(Tree::DocumentLog, key::document_log(circle, &document, position), stored.encode());
        Ok(())
    }

    fn rename(&mut self, circle: &CircleId, document: &DocumentId, actor: &ActorId, old: EntryId, new: EntryId) {
        // What is sealed counts no ops that its envelope shows.
        let mut counter = Writer::new();
        counter.number(0);
        self.batch.delete(Tree::Hashes, key::hash(circle, document, &old));
        self.batch.put(Tree::Hashes, key::hash(circle, document, &new), counter.into_bytes());
        if let Some(max_op) = self.state.heads.remove(&old) {
            self.state.heads.insert(new, max_op);
        }
        if let Some(chain) = self.state.chains.get_mut(actor)
            && chain.last == old
        {
            chain.last = new;
        }
        self.renamed.insert(old, new);
    }
}
