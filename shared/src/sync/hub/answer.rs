//! The way down: acknowledgements first, then what the phone lacks, page by page, each with its cursor.

use crate::sorted::SortedMap;

use crate::codec::Writer;
use crate::document::DocumentName;
use crate::ids::{ActorId, BodyId, CircleId, DocumentId};
use crate::storage::{Read, ReadResult, Row, Tree};
use crate::trust::{LOG_STATEMENTS_MAX, State as Standing, Statement};
use crate::wire::{
    ANSWER_STATEMENTS_BYTES, Ack, AnswerHeader, CircleAnswer, CircleAsk, DocumentClock, Entry, Frame, PAGE_BYTES_MAX,
    ProblemCode, pack_page,
};

use super::super::{Chain, DocumentState, StoredEntry, key};
use super::{Exchange, HubEffect, LOG_READ_BYTES, RESPONSE_BYTES_MAX, State};

/// A cursor is the store's generation and a position, 8 bytes each.
pub const CURSOR_BYTES: usize = 16;

/// Most rows of log that are read at once.
const LOG_READ_ROWS: usize = 1_024;
/// Most entries that one page is tried with.
const PAGE_TRY_MAX: usize = 256;

pub(super) struct Answering {
    step: Step,
    hall: usize,
    position: u64,
    /// Entries read but not yet in a page, each with its position.
    waiting: Vec<(u64, Entry)>,
    /// The phone's chains in this circle, for a resync.
    held: SortedMap<DocumentId, SortedMap<ActorId, u64>>,
    fresh: bool,
    drained: bool,
    sent_bytes: u32,
    more: bool,
}

enum Step {
    Documents { documents: Vec<(usize, DocumentName)>, wanted: Vec<(usize, BodyId)>, stated: Vec<usize> },
    Log,
    Bodies { rows: Vec<(u64, StoredEntry)> },
}

impl Exchange<'_> {
    pub(super) fn begin_answer(&mut self) {
        let Some(header) = &self.header else { return };
        let mut documents = Vec::new();
        let mut wanted = Vec::new();
        for (at, (ask, hall)) in header.circles.iter().zip(&self.halls).enumerate() {
            if hall.writes() {
                let touched = hall.touched.values().map(|(name, _)| *name);
                let mut names: Vec<_> = touched.chain(ask.unsure.iter().copied()).collect();
                names.sort_unstable();
                names.dedup();
                documents.extend(names.into_iter().map(|name| (at, name)));
            }
            if hall.is_served() {
                wanted.extend(ask.wanted.iter().map(|body| (at, *body)));
            }
        }
        let circle = |at: &usize| &header.circles[*at].circle;
        let stated: Vec<usize> = (0..self.halls.len()).filter(|at| self.has_statements_for(*at)).collect();
        let share = ANSWER_STATEMENTS_BYTES / stated.len().max(1);
        let logs = stated.iter().map(|at| Read::Range {
            tree: Tree::Statements,
            from: key::statement(circle(at), self.statements_from(*at)),
            to: key::after_prefix(circle(at).as_bytes()),
            rows_max: LOG_STATEMENTS_MAX,
            bytes_max: share,
            reverse: false,
        });
        let reads = documents
            .iter()
            .map(|(at, name)| Read::Get { tree: Tree::Documents, key: key::document(circle(at), &name.id(circle(at))) })
            .chain(wanted.iter().map(|(at, body)| Read::Get { tree: Tree::Bodies, key: key::body(circle(at), body) }))
            .chain(logs)
            .collect();
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::Answering(Answering {
            step: Step::Documents { documents, wanted, stated },
            hall: 0,
            position: 0,
            waiting: Vec::new(),
            held: SortedMap::new(),
            fresh: false,
            drained: false,
            sent_bytes: 0,
            more: false,
        });
    }

    pub(super) fn answer(&mut self, mut answering: Answering, results: Vec<ReadResult>) {
        match core::mem::replace(&mut answering.step, Step::Log) {
            Step::Documents { documents, wanted, stated } => {
                self.send_answer(answering, &documents, &wanted, &stated, results);
            }
            Step::Log => self.take_log(answering, results),
            Step::Bodies { rows } => self.take_bodies(answering, rows, results),
        }
    }

    fn send_answer(
        &mut self,
        mut answering: Answering,
        documents: &[(usize, DocumentName)],
        wanted: &[(usize, BodyId)],
        stated: &[usize],
        mut results: Vec<ReadResult>,
    ) {
        let Some(header) = &self.header else { return };
        let logs = results.split_off(documents.len() + wanted.len());
        let mut results = results.into_iter().map(ReadResult::value);
        let mut circles: Vec<CircleAnswer> =
            header.circles.iter().enumerate().map(|(at, ask)| self.circle_answer(at, ask)).collect();
        for ((at, name), value) in documents.iter().zip(results.by_ref()) {
            match value.map(|bytes| DocumentState::decode(&bytes)).transpose() {
                Ok(state) => circles[*at].acks.push(self.ack(*at, name, state)),
                Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
            }
        }
        for (at, log) in stated.iter().zip(logs) {
            answering.more |= self.give_statements(*at, log, &mut circles[*at]);
        }
        let bodies: Vec<Vec<u8>> = wanted.iter().zip(results).filter_map(|(_, value)| value).collect();
        self.effects.push_back(HubEffect::Send(Frame::Answer(AnswerHeader { time: self.now, circles })));
        if !bodies.is_empty() {
            self.effects.push_back(HubEffect::Send(Frame::Bodies(bodies)));
        }
        self.begin_hall(answering);
    }

    fn circle_answer(&self, at: usize, ask: &CircleAsk) -> CircleAnswer {
        let hall = &self.halls[at];
        let known = self.position_of(&ask.cursor, hall.record.position);
        let current = self.cursor_at(hall.record.position);
        let mut warrant = Writer::new();
        if let Some(device) = self.header.as_ref().map(|header| header.stamp.device).filter(|_| hall.warranted) {
            self.keys.warrant(&ask.circle, &device, self.now).write(&mut warrant);
        }
        CircleAnswer {
            resync: hall.is_served() && known.is_none(),
            state: hall.standing,
            refused_statements: hall.refused_statements.clone(),
            warrant: warrant.into_bytes(),
            refused: hall.refused.clone(),
            missing: hall.missing.iter().map(|(name, entry)| (*name, *entry)).collect(),
            cursor: if hall.is_served() && known.is_some() { current } else { Vec::new() },
            ..CircleAnswer::of(ask.circle)
        }
    }

    /// Whether there are statements that the phone does not know, and may.
    fn has_statements_for(&self, at: usize) -> bool {
        self.halls[at].standing != Standing::Removed && self.statements_from(at) < self.halls[at].record.statements
    }

    /// From where on the phone lacks the circle's statements; from the beginning when its cursor is not this store's.
    pub(super) fn statements_from(&self, at: usize) -> u64 {
        let cursor = self.header.iter().flat_map(|header| &header.circles).nth(at).map(|ask| &ask.statements_cursor);
        cursor.and_then(|cursor| self.position_of(cursor, self.halls[at].record.statements)).unwrap_or(0)
    }

    /// Puts statements into an answer, but for those that came with the request; whether there are more.
    fn give_statements(&self, at: usize, log: ReadResult, answer: &mut CircleAnswer) -> bool {
        let ReadResult::Rows { rows, more } = log else { return false };
        let Some(last) = rows.last().and_then(|(key, _)| key::position_of(key)) else { return false };
        answer.statements_cursor = self.cursor_at(last + 1);
        let brought = |bytes: &[u8]| Statement::decode(bytes).is_ok_and(|it| self.halls[at].brought.contains(&it.id()));
        answer.statements = rows.into_iter().map(|(_, bytes)| bytes).filter(|bytes| !brought(bytes)).collect();
        more
    }

    fn ack(&self, at: usize, name: &DocumentName, state: Option<DocumentState>) -> Ack {
        let Some(state) = state else {
            let nothing = [0; 8];
            return Ack { document: *name, chains: Vec::new(), heads_digest: nothing, clock_digest: nothing };
        };
        let circle = &self.header.as_ref().map_or(CircleId([0; 16]), |header| header.circles[at].circle);
        let unsure = self.header.iter().any(|header| header.circles[at].unsure.contains(name));
        let touched = self.halls[at].touched.get(&name.id(circle));
        let wanted = |actor: &ActorId| unsure || touched.is_some_and(|(_, actors)| actors.contains(actor));
        let mut chains: Vec<_> =
            state.chains.iter().filter(|(actor, _)| wanted(actor)).map(|(_, chain)| Chain::tip(chain)).collect();
        chains.sort_unstable();
        Ack { document: *name, chains, heads_digest: state.heads_digest(), clock_digest: state.clock_digest() }
    }

    fn cursor_at(&self, position: u64) -> Vec<u8> {
        [self.generation, position.to_be_bytes()].concat()
    }

    /// Where a cursor points: 0 for the empty one, `None` when it is not this store's.
    fn position_of(&self, cursor: &[u8], end: u64) -> Option<u64> {
        if cursor.is_empty() {
            return Some(0);
        }
        let (generation, position) = cursor.split_first_chunk::<8>()?;
        let position = u64::from_be_bytes(position.try_into().ok()?);
        (*generation == self.generation && position <= end).then_some(position)
    }

    /// Goes to the next circle that has something, or ends.
    fn begin_hall(&mut self, mut answering: Answering) {
        let Some(header) = &self.header else { return };
        while let Some(ask) = header.circles.get(answering.hall) {
            let hall = &self.halls[answering.hall];
            let position = self.position_of(&ask.cursor, hall.record.position);
            match position.filter(|position| hall.is_served() && *position < hall.record.position) {
                Some(_) if answering.sent_bytes >= self.budget() => answering.more = true,
                Some(position) => {
                    answering.position = position;
                    answering.fresh = ask.cursor.is_empty();
                    answering.drained = false;
                    answering.held = held(&ask.circle, &ask.clocks);
                    return self.read_log(answering);
                }
                None => {}
            }
            answering.hall += 1;
        }
        self.effects.push_back(HubEffect::Send(Frame::End { more: answering.more }));
        self.effects.push_back(HubEffect::Done);
        self.state = State::Over;
    }

    fn budget(&self) -> u32 {
        let asked = self.header.as_ref().map_or(0, |header| header.response_bytes_max);
        asked.clamp(u32::try_from(PAGE_BYTES_MAX).unwrap_or(u32::MAX), RESPONSE_BYTES_MAX)
    }

    fn read_log(&mut self, mut answering: Answering) {
        let Some(header) = &self.header else { return };
        let circle = &header.circles[answering.hall].circle;
        let end = self.halls[answering.hall].record.position;
        answering.step = Step::Log;
        self.effects.push_back(HubEffect::Read(vec![Read::Range {
            tree: Tree::Log,
            from: key::log(circle, answering.position),
            to: key::log(circle, end),
            rows_max: LOG_READ_ROWS,
            bytes_max: LOG_READ_BYTES,
            reverse: false,
        }]));
        self.state = State::Answering(answering);
    }

    fn take_log(&mut self, mut answering: Answering, results: Vec<ReadResult>) {
        let Some(ReadResult::Rows { rows, more }) = results.into_iter().next() else {
            return self.fail(ProblemCode::Storage, "the log could not be read");
        };
        answering.drained = !more;
        if let Some(last) = rows.last().and_then(|(key, _)| key::position_of(key)) {
            answering.position = last + 1;
        }
        let decoded: Result<Vec<_>, _> = rows.iter().map(stored).collect();
        let rows: Vec<(u64, StoredEntry)> = match decoded {
            Ok(rows) => rows.into_iter().filter(|(_, entry)| self.lacks(&answering, entry)).collect(),
            Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
        };
        let Some(header) = &self.header else { return };
        let circle = &header.circles[answering.hall].circle;
        let reads = rows
            .iter()
            .flat_map(|(_, entry)| &entry.bodies)
            .map(|body| Read::Get { tree: Tree::Bodies, key: key::body(circle, body) })
            .collect();
        answering.step = Step::Bodies { rows };
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::Answering(answering);
    }

    /// Whether the phone lacks an entry: it holds what it wrote itself, unless it begins anew, and in a
    /// resync what its clocks say.
    fn lacks(&self, answering: &Answering, entry: &StoredEntry) -> bool {
        let Some(header) = &self.header else { return false };
        if !answering.fresh {
            return entry.device != header.stamp.device;
        }
        let document = entry.document.id(&header.circles[answering.hall].circle);
        let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
        let seq = answering.held.get(&document).and_then(|chains| chains.get(&actor));
        seq.is_none_or(|seq| *seq < entry.seq)
    }

    fn take_bodies(&mut self, mut answering: Answering, rows: Vec<(u64, StoredEntry)>, results: Vec<ReadResult>) {
        let mut bodies = results.into_iter().map(ReadResult::value);
        for (position, entry) in rows {
            // A text that is not here was taken back before a backup was restored: its place travels empty.
            let here = bodies.by_ref().take(entry.bodies.len()).map(Option::unwrap_or_default).collect();
            answering.waiting.push((position, entry.with_bodies(here)));
        }
        self.send_pages(&mut answering);
        let Some(last_of_hall) = self.after_pages(&mut answering) else { return };
        if last_of_hall {
            answering.hall += 1;
            self.begin_hall(answering);
        } else {
            self.read_log(answering);
        }
    }

    /// Whether the circle is done; `None` when the exchange failed.
    fn after_pages(&mut self, answering: &mut Answering) -> Option<bool> {
        let over = answering.sent_bytes >= self.budget();
        if answering.drained && !answering.waiting.is_empty() && !over {
            self.fail(ProblemCode::Storage, "the log ends in entries that no signature covers");
            return None;
        }
        if over && (!answering.drained || !answering.waiting.is_empty()) {
            answering.more = true;
            answering.waiting.clear();
            return Some(true);
        }
        Some(answering.drained)
    }

    fn send_pages(&mut self, answering: &mut Answering) {
        let Some(header) = &self.header else { return };
        let circle = header.circles[answering.hall].circle;
        let waiting = core::mem::take(&mut answering.waiting);
        let (positions, entries): (Vec<u64>, Vec<Entry>) = waiting.into_iter().unzip();
        let mut from = 0;
        while from < entries.len() && answering.sent_bytes < self.budget() {
            let tried = &entries[from..entries.len().min(from + PAGE_TRY_MAX)];
            let (_, taken) = pack_page(&circle, &self.cursor_at(u64::MAX), tried);
            if taken == 0 {
                break;
            }
            from += taken;
            let whole = from == entries.len() && answering.drained;
            let next = if whole { answering.position } else { positions[from - 1] + 1 };
            let (bytes, _) = pack_page(&circle, &self.cursor_at(next), &tried[..taken]);
            answering.sent_bytes = answering.sent_bytes.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            self.effects.push_back(HubEffect::Send(Frame::Page(bytes)));
        }
        answering.waiting = positions.into_iter().zip(entries).skip(from).collect();
    }
}

fn stored(row: &Row) -> Result<(u64, StoredEntry), crate::codec::DecodeError> {
    let position = key::position_of(&row.0).ok_or(crate::codec::DecodeError::Invalid { what: "log key" })?;
    Ok((position, StoredEntry::decode(&row.1)?))
}

fn held(circle: &CircleId, clocks: &[DocumentClock]) -> SortedMap<DocumentId, SortedMap<ActorId, u64>> {
    let mut held: SortedMap<DocumentId, SortedMap<ActorId, u64>> = SortedMap::new();
    for clock in clocks {
        let document = clock.document.id(circle);
        let chains = held.get_or_insert_with(document, SortedMap::new);
        for tip in &clock.chains {
            chains.insert(ActorId::derive(&tip.device, &document, tip.incarnation), tip.seq);
        }
    }
    held
}
