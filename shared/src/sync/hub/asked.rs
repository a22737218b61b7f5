//! One circle of an exchange, as the asking device finds it.

use crate::codec::{DecodeError, Reader};
use crate::gate::Refusal;
use crate::ids::DocumentName;
use crate::ids::{ActorId, CircleId, DeviceId, DocumentId, EntryId, RecordHash, StatementId, tagged_hash};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Read, ReadResult, Tree};
use crate::time::TimestampMs;
use crate::trust::{MemberState, Role, Roster, RosterEntry, Statement, StatementProblem};
use crate::wire::{ChainCursor, CircleAsk, RefusedEntry, RefusedStatement};

use super::super::admit::Positions;
use super::super::statements::{self, CircleChain, HubKeys, RecordRow};
use super::super::{CircleRecord, OldKeys, key};
use super::first_contact::{self, Brought};
use super::given::Given;
use super::took::Took;

/// One circle of the exchange.
pub(super) struct AskedCircle {
    /// The asking device alone, until it is known who else is in.
    pub(super) roster: Roster,
    knows_all: bool,
    pub(super) record: CircleRecord,
    pub(super) record_bytes: Option<Vec<u8>>,
    /// The whole chain, once it was needed.
    pub(super) chain: Option<CircleChain>,
    /// Hashes of the chain at positions that entries name.
    hashes: SortedMap<u64, RecordHash>,
    /// The device is not in, and nobody who is vouches for it.
    pub(super) is_strange: bool,
    /// How the asking device stands.
    pub(super) standing: MemberState,
    /// It leads and asked for a warrant.
    pub(super) warranted: bool,
    pub(super) old_keys: OldKeys,
    /// Statements that came with the request, and are on the chain.
    pub(super) brought: SortedSet<StatementId>,
    pub(super) refused_statements: Vec<RefusedStatement>,
    /// How many records were admitted.
    pub(super) admitted: usize,
    /// What follows from them, still to be written.
    pub(super) news: Batch,
    pub(super) given: Option<Given>,
    pub(super) touched: SortedMap<DocumentId, (DocumentName, SortedSet<ActorId>)>,
    /// The first refused entry of each chain, which stands for all that follow it: a phone may send more than an answer
    /// holds, and learns from one what became of the others.
    pub(super) refused: Vec<RefusedEntry>,
    /// How far the device holds chains, as its pages showed.
    pub(super) took: Took,
    refused_chains: SortedSet<(DocumentId, ActorId, bool)>,
    /// One missing entry of each document: the phone sends all of the document again.
    pub(super) missing: SortedMap<DocumentName, EntryId>,
}

/// Most refused entries in one answer, and most missing ones, whatever a request brings: some 50 KB together, so that
/// a frame holds them beside the statements.
const ANSWER_REFUSED_MAX: usize = 512;

impl AskedCircle {
    /// How many results [`Self::reads`] brings.
    pub(super) const READS: usize = 3;

    /// What to read before it is known whose a request is: the circle's record, how the device is in it, and what it
    /// seals with no more. As little as that, however many are in: whoever comes to be refused costs no more.
    pub(super) fn reads(circle: &CircleId, device: &DeviceId) -> [Read; Self::READS] {
        [
            Read::Get { tree: Tree::Circles, key: circle.as_bytes().to_vec() },
            Read::Get { tree: Tree::Roster, key: key::roster(circle, device) },
            Read::Get { tree: Tree::Epochs, key: key::sealing(circle, device) },
        ]
    }

    /// What the answers to [`Self::reads`] say.
    pub(super) fn new(device: &DeviceId, found: Vec<ReadResult>) -> Result<Self, DecodeError> {
        let mut found = found.into_iter();
        let record_bytes = found.next().and_then(ReadResult::value);
        let own = found.next().and_then(ReadResult::value);
        let own = own.map(|bytes| RosterEntry::read(&mut Reader::new(&bytes))).transpose()?;
        let old_keys = found.next().and_then(ReadResult::value);
        Ok(Self {
            roster: Roster::new(own),
            knows_all: false,
            record: record(record_bytes.as_deref())?,
            record_bytes,
            chain: None,
            hashes: SortedMap::new(),
            is_strange: false,
            standing: MemberState::Removed,
            warranted: false,
            old_keys: OldKeys::decode(device, old_keys.as_deref())?,
            brought: SortedSet::new(),
            refused_statements: Vec::new(),
            admitted: 0,
            news: Batch::default(),
            given: None,
            touched: SortedMap::new(),
            refused: Vec::new(),
            took: Took::default(),
            refused_chains: SortedSet::new(),
            missing: SortedMap::new(),
        })
    }

    /// Knows anew how the device is in the circle, after somebody else changed it; the rest stays.
    pub(super) fn refresh(&mut self, device: &DeviceId, found: Vec<ReadResult>) -> Result<(), DecodeError> {
        let fresh = Self::new(device, found)?;
        (self.roster, self.record, self.record_bytes) = (fresh.roster, fresh.record, fresh.record_bytes);
        (self.knows_all, self.old_keys) = (false, fresh.old_keys);
        (self.chain, self.hashes) = (None, SortedMap::new());
        self.standing = self.roster.state(device);
        Ok(())
    }

    /// Takes in what the request says of the circle, once its signature is checked.
    pub(super) fn take_chain(
        &mut self,
        device: &DeviceId,
        ask: &CircleAsk,
        mut chain: CircleChain,
        keys: &HubKeys,
        now: TimestampMs,
    ) {
        if let Some(brought) = &ask.brought_back {
            // Why not, the phone sees by what it is asked for again.
            let _ = chain.bring_back(brought, keys);
        }
        chain.fill(&ask.texts);
        if !self.take_statements(&mut chain, device, ask, keys, now) {
            return;
        }
        self.know_all(&chain);
        if chain.has_news() {
            let (batch, record) = chain.batch();
            self.record_bytes = Some(record.encode());
            (self.news, self.record, self.admitted) = (batch, record, chain.added());
        }
        let confirmed = ask.sealing.and_then(|epoch| chain.confirm(&self.old_keys, &epoch, ask.chain.position));
        if let Some(old) = confirmed.filter(|_| self.roster.may_write(device)) {
            self.news.put(Tree::Epochs, key::sealing(&ask.circle, device), old.encode());
            self.old_keys = old;
        }
        self.chain = Some(chain);
    }

    /// Knows who is in the circle by its chain.
    pub(super) fn know_all(&mut self, chain: &CircleChain) {
        (self.roster, self.knows_all) = (chain.standing().roster(), true);
    }

    /// Knows how the device stands, all that it brought taken into account.
    pub(super) fn receive(&mut self, device: &DeviceId, ask: &CircleAsk) {
        let Some(entry) = self.roster.entry(device) else { return };
        let now = entry.now();
        self.standing = now.state;
        self.warranted = ask.wants_warrant && now.state == MemberState::Active && now.role == Role::Facilitator;
    }

    /// Refuses all that a device brings into a circle that it is not in, unread but for its ids.
    pub(super) fn turn_statements_away(&mut self, ask: &CircleAsk) {
        let (brought, refused) = decode(ask);
        self.refused_statements.extend(refused);
        let problem = StatementProblem::UnknownAuthor;
        let named = brought.into_iter().map(|(statement, ..)| RefusedStatement { statement, problem });
        self.refused_statements.extend(named);
    }

    /// Admits what came, in order; false when nothing of it counts, since the device is not in the circle then.
    fn take_statements(
        &mut self,
        chain: &mut CircleChain,
        device: &DeviceId,
        ask: &CircleAsk,
        keys: &HubKeys,
        now: TimestampMs,
    ) -> bool {
        let (brought, refused) = decode(ask);
        self.refused_statements.extend(refused);
        let refuse = |(statement, problem)| RefusedStatement { statement, problem };
        let mut first = 0;
        if chain.standing().device(device).is_none() {
            match first_contact::bring(chain, device, &brought, keys, now) {
                Ok(taken) => first = taken,
                Err(refused) => {
                    self.refused_statements.extend(refused.into_iter().map(refuse));
                    return false;
                }
            }
        }
        // What brought a device in is judged again with the rest: it is known then.
        first = first.saturating_sub(usize::from(first > 0));
        for (at, (id, statement, attachment)) in brought.into_iter().enumerate() {
            let is_late = at >= first || chain.chain().position_of(&id).is_some();
            let taken = match is_late {
                true => chain.admit(statement, attachment, keys, now).map(|_| ()),
                false => Err(StatementProblem::UnknownAuthor),
            };
            match taken {
                Ok(()) => self.brought.extend([id]),
                Err(problem) => self.refused_statements.push(refuse((id, problem))),
            }
        }
        true
    }

    /// What to read before entries whose signatures name these positions are looked at: who is in the circle, and
    /// hashes of its chain. That none of it is older than the circle's record is seen when the page is laid down.
    pub(super) fn page_reads(&self, circle: &CircleId, positions: &SortedSet<u64>) -> Vec<Read> {
        let everybody = (!self.knows_all).then(|| Read::Range {
            tree: Tree::Roster,
            from: circle.as_bytes().to_vec(),
            to: key::after_prefix(circle.as_bytes()),
            rows_max: Roster::DEVICES_MAX,
            bytes_max: usize::MAX,
            reverse: false,
        });
        let is_known = |position: u64| position == 0 || self.hash_at(position).is_some();
        let lacking = positions.iter().copied().filter(|position| !is_known(*position));
        let hashes = lacking.map(|position| Read::Get { tree: Tree::Statements, key: key::record(circle, position) });
        everybody.into_iter().chain(hashes).collect()
    }

    /// Takes the answers to [`Self::page_reads`].
    pub(super) fn know_for_pages(&mut self, reads: &[Read], found: Vec<ReadResult>) -> Result<(), DecodeError> {
        for (read, result) in reads.iter().zip(found) {
            match (read, result) {
                (Read::Get { key, .. }, ReadResult::Value(Some(bytes))) => {
                    if let Some(position) = key::position_of(key) {
                        self.hashes.insert(position, RecordRow::hash_in(&bytes)?);
                    }
                }
                (Read::Range { .. }, ReadResult::Rows { rows, .. }) => {
                    let entries = rows.iter().map(|(_, value)| RosterEntry::read(&mut Reader::new(value)));
                    self.roster = Roster::new(entries.collect::<Result<Vec<_>, _>>()?);
                    self.knows_all = true;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn hash_at(&self, position: u64) -> Option<RecordHash> {
        let chain = self.chain.as_ref().and_then(|chain| chain.chain().hash(position));
        chain.or_else(|| self.hashes.get(&position).copied())
    }

    /// Notes what the answer says of a refused entry: of each chain the first, and the first that only a refused one signs
    /// for. `circles`: among how many the answer's room is shared.
    pub(super) fn refuse(&mut self, chain: ActorId, refused: RefusedEntry, circles: usize) {
        let has_room = self.refused.len() < (ANSWER_REFUSED_MAX / circles.max(1)).max(1);
        let is_uncovered = refused.refusal == Refusal::Uncovered;
        if has_room && self.refused_chains.insert((refused.document, chain, is_uncovered)) {
            self.refused.push(refused);
        }
    }

    /// Notes what is missing, for the answer.
    pub(super) fn lack(&mut self, missing: SortedSet<(DocumentName, EntryId)>, circles: usize) {
        for (name, entry) in missing {
            if self.missing.len() < (ANSWER_REFUSED_MAX / circles.max(1)).max(1) {
                self.missing.get_or_insert_with(name, || entry);
            }
        }
    }

    /// Whether the device's entries are taken in.
    pub(super) fn writes(&self) -> bool {
        self.standing.writes()
    }

    /// Whether it is given what others wrote: not before it has all of the chain, which says who may write what.
    pub(super) fn is_served(&self) -> bool {
        self.standing == MemberState::Active && self.given.as_ref().is_none_or(|given| !given.is_cut)
    }

    /// Whether the device is told of records: it brought something, or its chain ends elsewhere.
    pub(super) fn needs_records(&self, device: &DeviceId, ask: &CircleAsk) -> bool {
        let Some(entry) = self.roster.entry(device) else { return false };
        match entry.now().state {
            MemberState::Active => self.chain.is_some() || ask.chain != ChainCursor::of(&self.record.chain),
            MemberState::Provisional => false,
            MemberState::Removed => self.chain.is_some() || ask.chain.position < entry.end(),
        }
    }
}

impl Positions for AskedCircle {
    fn hash_of(&self, generation: u32, position: u64) -> Option<RecordHash> {
        let is_lost = self.kept_of(generation).is_some_and(|kept| position > kept);
        if is_lost || generation > self.record.chain.generation || position > self.record.chain.position {
            return None;
        }
        if position == 0 { Some(RecordHash([0; 32])) } else { self.hash_at(position) }
    }

    fn kept_of(&self, generation: u32) -> Option<u64> {
        self.record.kept_of(generation)
    }
}

/// The statements that a request brings, decoded; those that are none, refused.
fn decode(ask: &CircleAsk) -> (Vec<Brought>, Vec<RefusedStatement>) {
    let (mut brought, mut refused) = (Vec::new(), Vec::new());
    for stated in &ask.statements {
        match Statement::decode(&stated.statement) {
            Ok(statement) => brought.push((statement.id(), statement, stated.attachment.clone())),
            Err(_) => refused.push(RefusedStatement {
                statement: StatementId(tagged_hash("kith/unread/1", &[&stated.statement])),
                problem: StatementProblem::Malformed,
            }),
        }
    }
    (brought, refused)
}

/// Whether an exchange takes the chain itself before it can answer, and not only what follows from it.
pub(super) fn needs_chain(ask: &CircleAsk) -> bool {
    !ask.statements.is_empty() || ask.sealing.is_some() || ask.brought_back.is_some() || !ask.texts.is_empty()
}

/// What to read for [`AskedCircle::take_chain`]: the chain, then what its statements ask for.
pub(super) fn chain_reads(ask: &CircleAsk) -> (Vec<Read>, Vec<Read>) {
    let decoded = ask.brings().filter_map(|stated| Statement::decode(&stated.statement).ok());
    (statements::reads(&ask.circle), statements::extra_reads(decoded))
}

pub(super) fn record(bytes: Option<&[u8]>) -> Result<CircleRecord, DecodeError> {
    bytes.map_or(Ok(CircleRecord::default()), CircleRecord::decode)
}
