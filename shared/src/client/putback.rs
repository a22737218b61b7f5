//! A phone that was put back to an older state, or is not the only one that writes with its keys. What it wrote since
//! stands where the server holds something else of the same device: it is taken up from there before the server's is
//! taken in, and written again behind it.

mod led;
mod told;

use crate::document::{Again, ApplyProblem, DocumentName, KithSchema, MovedText, MovedTexts, Rewritten};
use crate::gate::Schema;
use crate::ids::{ActorId, BodyId, CircleId, DeviceId, DocumentId, EntryId, Incarnation, TextCommitment};
use crate::seal::{BodyPlace, EpochId, EpochKey, SaltedText, epoch_hint, open_body, seal_body};
use crate::sorted::SortedMap;
use crate::storage::{Batch, Tree};
use crate::sync::admit::{Known, Layout, Origin, Prepared};
use crate::sync::{DocumentState, StoredEntry, key, unwind};
use crate::wire::{Entry, Page};

use super::engine::{Engine, Stop};
use super::kind::{group_of, text_group_of};
use super::parts::lifted::{self, put_lifted, seq_of};
use super::parts::search::{Made, page_key};
use super::problem::corrupt;
use super::problems::{apply_problem, key_waiting};
use super::rows::rows_of;
use super::{Problem, ProblemCode};

/// What is stored of a document, each entry with its place.
type Log = Vec<(u64, StoredEntry)>;

fn offered(stored: &StoredEntry, bodies: Vec<Vec<u8>>) -> Entry {
    Entry { signature: None, ..stored.clone().with_bodies(bodies) }
}

impl Engine {
    /// Takes up what this phone wrote where a page brings something else of its own; run again when that is durable.
    pub(super) fn lift(&mut self, page: &Page) -> Result<(), Stop> {
        let (own, circle) = (self.device()?.id(), page.circle);
        let mut places: SortedMap<DocumentId, Vec<(&Entry, u64)>> = SortedMap::new();
        for entry in page.entries.iter().filter(|entry| entry.device == own) {
            let document = entry.document.id(&circle);
            let state = self.local(&circle)?.document(&document);
            let chain = state.and_then(|state| state.chain_of(&own, entry.incarnation));
            let is_unsent = |seq: &u64| chain.is_some_and(|chain| chain.remote_seq < *seq && *seq <= chain.seq);
            if let Some(seq) = seq_of(&entry.content).filter(is_unsent) {
                places.get_or_insert_with(document, Vec::new).push((entry, seq));
            }
        }
        self.kernel.rows.need(places.keys().map(|document| rows_of(Tree::DocumentLog, &circle, document)))?;
        for (document, entries) in &places {
            let rows = self.log_of(&circle, document)?;
            let differs = |(_, stored): &&(u64, StoredEntry)| {
                let theirs = entries.iter().find(|(entry, seq)| {
                    stored.device == own && stored.incarnation == entry.incarnation && stored.seq == *seq
                });
                theirs.is_some_and(|(entry, _)| entry.content != stored.content)
            };
            if let Some((from, _)) = rows.iter().find(differs) {
                let from = *from;
                // What can't be taken up stays where it is: the page's entry is refused, and named.
                match self.lift_from(circle, *document, from, rows) {
                    Ok(stop) => return Err(stop),
                    Err(problem) => self.circles.note_problem(&circle, document, problem),
                }
            }
        }
        Ok(())
    }

    /// What is stored of a document, each entry with its place.
    fn log_of(&self, circle: &CircleId, document: &DocumentId) -> Result<Log, Stop> {
        let mut log = Vec::new();
        for result in self.kernel.rows.answers(&[rows_of(Tree::DocumentLog, circle, document)])? {
            for (at, value) in result.rows() {
                let position = key::position_of(&at).ok_or_else(|| corrupt("a log's key"))?;
                log.push((position, StoredEntry::decode(&value).map_err(corrupt)?));
            }
        }
        Ok(log)
    }

    /// Whether what was taken up of a document can be written again: all that this device wrote before is here, a key to
    /// seal it with is, and it was not tried in vain since the engine started.
    pub(super) fn can_write_again(&self, circle: &CircleId, document: &DocumentId, own: &DeviceId) -> bool {
        let Some(local) = self.circles.get(circle) else { return false };
        let is_held = local.problem(document).is_some() || self.documents.is_aside(document);
        let has_keys = |state: &DocumentState| {
            let groups = [group_of(&state.name), text_group_of(&state.name)];
            groups.iter().flatten().all(|group| local.keyring().sealing_key(group).is_some())
        };
        let is_ready = |state: &DocumentState| !state.waits_for_own(own) && has_keys(state);
        let is_closed = |state: &DocumentState| state.name.is_sealed() && local.unshown(document).is_some();
        !is_held && local.document(document).is_some_and(|state| is_ready(state) && !is_closed(state))
    }

    /// Takes this phone's unsent entries of a document out of it, from a place on, and keeps them.
    fn lift_from(&mut self, circle: CircleId, document: DocumentId, from: u64, rows: Log) -> Result<Stop, Problem> {
        let own = self.device()?.id();
        let local = self.local(&circle)?;
        let Some(state) = local.document(&document) else { return Err(corrupt("a document's state")) };
        let name = state.name;
        let (taken, kept): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(position, stored)| *position >= from && state.is_unsent(&own, stored));
        let parts = |rows: &[(u64, StoredEntry)]| rows.iter().map(|(_, stored)| stored.clone()).collect::<Vec<_>>();
        let (taken_entries, kept_entries) = (parts(&taken), parts(&kept));
        let entries = taken_entries.iter().map(|stored| offered(stored, Vec::new())).collect();
        let chain = local.keyring().history().chain();
        let costs = Prepared::new(&circle, local.roster(), chain, &KithSchema, entries, Origin::Again).costs();
        let genesis = KithSchema.genesis(&circle, &name).map_err(corrupt)?;
        let unwound = unwind(
            &circle,
            state,
            &genesis,
            &kept_entries.iter().collect::<Vec<_>>(),
            &taken_entries.iter().collect::<Vec<_>>(),
            &costs,
        );
        let (next, ids) = unwound.ok_or_else(|| corrupt("others' changes build on what was never sent"))?;
        let (changes, _) = self.changes_of(&circle, &name, kept_entries)?;
        let mut batch = Batch::default();
        for (position, _) in &taken {
            batch.delete(Tree::DocumentLog, key::document_log(&circle, &document, *position));
        }
        for id in &ids {
            batch.delete(Tree::Hashes, key::hash(&circle, &document, id));
        }
        batch.put(Tree::Documents, key::document(&circle, &document), next.encode());
        let mut all = self.local(&circle)?.lifted_of(&document).to_vec();
        all.extend(taken_entries);
        put_lifted(&circle, &document, &all, &mut batch);
        // Other words will stand at the keys of what was taken up.
        batch.delete(Tree::Snapshots, page_key(&circle, &document));
        batch.delete(Tree::Meta, Made::key(&circle, &document));
        Ok(Stop::First(
            batch,
            Box::new(move |engine, done| {
                if done.is_err() {
                    return;
                }
                if let Some(local) = engine.circles.get_mut(&circle) {
                    local.lift(document, next, all);
                }
                engine.places.forget_others(&document);
                engine.search.forget(&document);
                engine.show_instead(&circle, &name, &changes);
            }),
        ))
    }

    /// Writes again what was taken up, behind what the server holds of this device, before anything is sent.
    pub(super) fn write_again(&mut self, circle: &CircleId) -> Result<(), Stop> {
        let own = self.device()?.id();
        let local = self.local(circle)?;
        if local.cursor().is_empty() || !local.sends(&own) {
            return Ok(());
        }
        let documents: Vec<DocumentId> = local.lifted().keys().copied().collect();
        for document in documents {
            let Some(state) = self.local(circle)?.document(&document).cloned() else { continue };
            if !self.can_write_again(circle, &document, &own) {
                continue;
            }
            match self.write_document_again(*circle, document, state) {
                // What can't be written again must not keep back all else there is to send.
                Err(Stop::Fail(problem)) => self.circles.note_problem(circle, &document, problem),
                other => other?,
            }
        }
        Ok(())
    }

    fn write_document_again(
        &mut self,
        circle: CircleId,
        document: DocumentId,
        state: DocumentState,
    ) -> Result<(), Stop> {
        let (own, name) = (self.device()?.id(), state.name);
        let lifted = self.local(&circle)?.lifted_of(&document).to_vec();
        let stored: Vec<StoredEntry> = self.log_of(&circle, &document)?.into_iter().map(|(_, stored)| stored).collect();
        let wanted: Vec<BodyId> = lifted.iter().flat_map(|entry| entry.bodies.iter().copied()).collect();
        self.bodies(&circle, &wanted)?;
        let seal = match text_group_of(&name) {
            Some(group) => Some(self.local(&circle)?.keyring().sealing_key(&group).ok_or_else(key_waiting)?),
            None => None,
        };
        let (changes, problem) = self.changes_of(&circle, &name, stored)?;
        if let Some(problem) = problem {
            return Err(problem.into());
        }
        let incarnation = state.incarnation_of(&own);
        let actor = ActorId::derive(&own, &document, incarnation);
        let mut inside = Vec::new();
        for entry in &lifted {
            inside.push(match entry.content.plain() {
                Some(change) => vec![change.to_vec()],
                None => self.open_stored(&circle, &name, entry)?,
            });
        }
        let of_own = state.chains.values().filter(|chain| chain.device == own).map(|chain| chain.incarnation);
        let all = of_own.chain(lifted.iter().map(|entry| entry.incarnation)).chain([incarnation]);
        let written_as: SortedMap<ActorId, Incarnation> =
            all.map(|it| (ActorId::derive(&own, &document, it), it)).collect();
        let former: Vec<ActorId> = written_as.keys().copied().filter(|it| *it != actor).collect();
        let mut again =
            Again::new(&circle, &name, actor, &former, &changes, &inside.concat()).map_err(apply_problem)?;
        if !self.leads(&circle) {
            again.lead_nothing();
        }
        let counters = again.counters().iter().map(|(entry, max_op)| ((document, *entry), *max_op)).collect();
        self.bodies(&circle, &again.twin_bodies())?;
        let mut texts = Texts {
            engine: self,
            circle,
            name,
            own,
            seal: seal.as_ref(),
            written_as,
            incarnation,
            made: SortedMap::new(),
            gone: Vec::new(),
        };
        let written = write_all(&mut again, &inside, &mut texts).map_err(apply_problem)?;
        let Texts { made, gone, .. } = texts;
        let bytes_of = |body: &BodyId| match made.get(body) {
            Some(bytes) => bytes.clone(),
            None => self.body(&circle, body).map(<[u8]>::to_vec).unwrap_or_default(),
        };
        let bodies: Vec<Vec<Vec<u8>>> = written.iter().map(|it| it.bodies.iter().map(bytes_of).collect()).collect();
        let contents = self.contents(&circle, &name, written.into_iter().map(|it| it.change).collect())?;
        let bodies = bodies.into_iter().chain(core::iter::repeat(Vec::new()));
        let entries = contents.into_iter().zip(bodies).map(|(content, bodies)| Entry {
            document: name,
            device: own,
            incarnation,
            content,
            signature: None,
            bodies,
            admitted: None,
        });
        let entries = entries.collect();
        Err(self.store_again(circle, state, entries, counters, &gone)?)
    }

    fn store_again(
        &mut self,
        circle: CircleId,
        state: DocumentState,
        entries: Vec<Entry>,
        counters: SortedMap<(DocumentId, EntryId), u64>,
        gone: &[BodyId],
    ) -> Result<Stop, Problem> {
        let document = state.name.id(&circle);
        let local = self.local(&circle)?;
        let chain = local.keyring().history().chain();
        let prepared = Prepared::new(&circle, local.roster(), chain, &KithSchema, entries, Origin::Again);
        let known =
            Known { documents: [(document, state)].into_iter().collect(), entries: counters, ..Known::default() };
        let mut admitted = prepared.admit(&known, &KithSchema, Layout::Phone, local.position());
        if let Some(refused) = admitted.refused.first() {
            return Err(Problem::new(ProblemCode::Refused, refused.refusal));
        }
        let mut batch = core::mem::take(&mut admitted.batch);
        for body in gone {
            batch.delete(Tree::Bodies, key::body(&circle, body));
            batch.delete(Tree::Owners, key::body(&circle, body));
        }
        batch.delete(Tree::Meta, lifted::record_key(&circle, &document));
        batch.put(Tree::Circles, circle.as_bytes(), local.encode_at(admitted.position));
        Ok(Stop::First(
            batch,
            Box::new(move |engine, done| {
                if done.is_err() {
                    return;
                }
                if let Some(local) = engine.circles.get_mut(&circle) {
                    local.put_down(&document, admitted.position, admitted.documents);
                }
                engine.show_changes(&circle, admitted.changes);
            }),
        ))
    }
}

/// Seals texts again for their new places.
struct Texts<'a> {
    engine: &'a Engine,
    circle: CircleId,
    name: DocumentName,
    own: DeviceId,
    /// None where texts are not sealed.
    seal: Option<&'a (EpochId, EpochKey)>,
    /// The incarnations of the actors that the device wrote as.
    written_as: SortedMap<ActorId, Incarnation>,
    incarnation: Incarnation,
    made: SortedMap<BodyId, Vec<u8>>,
    gone: Vec<BodyId>,
}

impl Texts<'_> {
    fn place<'k>(&self, incarnation: Incarnation, epoch: EpochId, message_key: &'k str) -> BodyPlace<'k> {
        let (circle, document) = (self.circle, self.name.id(&self.circle));
        BodyPlace { circle, document, device: self.own, incarnation, epoch, message_key }
    }

    fn open(&self, text: &MovedText) -> Option<SaltedText> {
        let incarnation = *self.written_as.get(&text.author()?)?;
        let bytes = self.engine.body(&self.circle, &text.body)?;
        let keyring = self.engine.circles.get(&self.circle)?.keyring();
        keyring.keys_of(epoch_hint(bytes)?).find_map(|(epoch, key)| {
            open_body(key, &self.place(incarnation, *epoch, &text.before), &text.commitment, bytes).ok()
        })
    }
}

impl MovedTexts for Texts<'_> {
    fn seal_again(&mut self, text: &MovedText) -> Option<(BodyId, TextCommitment)> {
        let opened = self.open(text)?;
        let (epoch, key) = self.seal?;
        let body = seal_body(key, &self.place(self.incarnation, *epoch, &text.key), &opened).ok()?;
        let id = BodyId::of(&body);
        self.gone.extend((id != text.body).then_some(text.body));
        self.made.insert(id, body);
        Some((id, opened.commitment(&self.circle, &self.name.id(&self.circle), &text.key)))
    }

    fn is_same(&self, text: &MovedText, other: &MovedText) -> bool {
        let opened = self.open(text);
        opened.is_some() && opened == self.open(other)
    }
}

/// Writes entries again, each behind what it stands on: what was taken up later may stand before what was earlier.
fn write_all(
    again: &mut Again,
    inside: &[Vec<Vec<u8>>],
    texts: &mut Texts<'_>,
) -> Result<Vec<Rewritten>, ApplyProblem> {
    let mut written = Vec::new();
    let mut waiting: Vec<&Vec<u8>> = inside.iter().flatten().collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut later = Vec::new();
        for change in waiting {
            match again.write(change, texts) {
                Ok(more) => written.extend(more),
                Err(ApplyProblem::MissingDependency) => later.push(change),
                Err(problem) => return Err(problem),
            }
        }
        if later.len() == before {
            return Err(ApplyProblem::MissingDependency);
        }
        waiting = later;
    }
    Ok(written)
}
