//! The way down: acknowledgements first, then what the phone lacks, page by page, each with its cursor.

use crate::sorted::{SortedMap, SortedSet};

use crate::codec::Writer;
use crate::ids::DocumentName;
use crate::ids::{ActorId, BodyId, CircleId, DocumentId, MemberId};
use crate::storage::{Read, ReadResult, Row, Tree};
use crate::trust::MemberState;
use crate::wire::{
    ANSWER_STATEMENTS_BYTES, Ack, AnswerHeader, ChainState, CircleAnswer, CircleAsk, DocumentClock, Entry, Frame,
    PAGE_BYTES_MAX, PAGE_ENTRIES_MAX, PARTS_MAX, ProblemCode, pack_page_behind,
};

use super::super::statements::{self, CircleChain};
use super::super::{Chain, DocumentState, StoredEntry, key};
use super::answering::{Answering, Step};
use super::asked::record;
use super::given::Given;
use super::walk::{Mark, Walk};
use super::{Exchange, HubEffect, LOG_READ_BYTES, RESPONSE_BYTES_MAX, State};

/// Most rows of log that are read at once.
const LOG_READ_ROWS: usize = 1_024;
/// Most entries that one page is tried with.
const PAGE_TRY_MAX: usize = 256;

impl Exchange<'_> {
    pub(super) fn begin_answer(&mut self) {
        let Some(header) = &self.header else { return };
        let device = header.stamp.device;
        let asks = header.circles.iter().zip(&self.asked_circles).enumerate();
        let asked_circles =
            asks.filter(|(_, (ask, asked))| asked.needs_records(&device, ask)).map(|(at, _)| at).collect();
        let answering = Answering {
            step: Step::Log,
            asked: 0,
            position: 0,
            walk: None,
            waiting: Vec::new(),
            held: SortedMap::new(),
            fresh: false,
            drained: false,
            sent_bytes: 0,
            before: Vec::new(),
            more: false,
            going_back: SortedSet::new(),
        };
        self.read_chains_given(answering, asked_circles);
    }

    /// Reads the chains that the answer tells of. What is said of one, and signed, is what the store holds by then: of
    /// a chain that is in memory the circle's record says so, since a hash stands for all before it.
    fn read_chains_given(&mut self, mut answering: Answering, asked_circles: Vec<usize>) {
        let Some(header) = &self.header else { return };
        if asked_circles.is_empty() {
            return self.read_documents(answering);
        }
        let reads = asked_circles.iter().flat_map(|at| {
            let circle = &header.circles[*at].circle;
            match &self.asked_circles[*at].chain {
                Some(_) => vec![Read::Get { tree: Tree::Circles, key: circle.as_bytes().to_vec() }],
                None => statements::reads(circle),
            }
        });
        self.effects.push_back(HubEffect::Read(reads.collect()));
        answering.step = Step::Chains { asked_circles };
        self.state = State::Answering(answering);
    }

    fn take_chains(&mut self, mut answering: Answering, asked_circles: &[usize], results: Vec<ReadResult>) {
        let Some(header) = &self.header else { return };
        let (device, mut results, mut again) = (header.stamp.device, results.into_iter(), Vec::new());
        for at in asked_circles {
            let (ask, asked) = (&header.circles[*at], &mut self.asked_circles[*at]);
            let checked = match &asked.chain {
                Some(chain) => {
                    let stored = results.next().and_then(ReadResult::value);
                    record(stored.as_deref()).map(|stored| stored.chain == chain.chain().head())
                }
                None => {
                    let found = results.by_ref().take(statements::READS).collect();
                    CircleChain::load(ask.circle, found).map(|chain| {
                        asked.know_all(&chain);
                        asked.standing = asked.roster.state(&device);
                        asked.chain = Some(chain);
                        true
                    })
                }
            };
            match checked {
                Ok(true) => {}
                Ok(false) => {
                    asked.chain = None;
                    again.push(*at);
                }
                Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
            }
        }
        if !again.is_empty() {
            return self.read_chains_given(answering, again);
        }
        let told: Vec<usize> =
            (0..self.asked_circles.len()).filter(|at| self.asked_circles[*at].chain.is_some()).collect();
        let share = ANSWER_STATEMENTS_BYTES / told.len().max(1);
        for at in told {
            let (ask, asked) = (&header.circles[at], &mut self.asked_circles[at]);
            if let Some(chain) = &asked.chain {
                let given = Given::new(chain, &device, &ask.chain, &asked.brought, share);
                answering.more |= given.is_cut;
                asked.given = Some(given);
            }
        }
        self.read_documents(answering);
    }

    fn read_documents(&mut self, mut answering: Answering) {
        let Some(header) = &self.header else { return };
        let mut documents = Vec::new();
        let mut wanted = Vec::new();
        for (at, (ask, asked)) in header.circles.iter().zip(&self.asked_circles).enumerate() {
            if asked.writes() {
                let touched = asked.touched.values().map(|(name, _)| *name);
                let member = self.member(at);
                let unsure = ask.unsure.iter().copied();
                let told = unsure.filter(|name| member.is_some_and(|member| name.is_for(&member)));
                let mut names: Vec<_> = touched.chain(told).collect();
                names.sort_unstable();
                names.dedup();
                documents.extend(names.into_iter().map(|name| (at, name)));
            }
            if asked.is_served() {
                wanted.extend(ask.wanted.iter().map(|body| (at, *body)));
            }
        }
        let circle = |at: &usize| &header.circles[*at].circle;
        let beside = self.asked_circles.iter().filter_map(|asked| Some((asked.chain.as_ref()?, asked.given.as_ref()?)));
        let reads = documents
            .iter()
            .map(|(at, name)| Read::Get { tree: Tree::Documents, key: key::document(circle(at), &name.id(circle(at))) })
            .chain(wanted.iter().map(|(at, body)| Read::Get { tree: Tree::Bodies, key: key::body(circle(at), body) }))
            .chain(beside.flat_map(|(chain, given)| chain.attachment_reads(&given.givings)))
            .collect();
        self.effects.push_back(HubEffect::Read(reads));
        answering.step = Step::Documents { documents, wanted };
        self.state = State::Answering(answering);
    }

    pub(super) fn answer(&mut self, mut answering: Answering, results: Vec<ReadResult>) {
        match core::mem::replace(&mut answering.step, Step::Log) {
            Step::Chains { asked_circles } => self.take_chains(answering, &asked_circles, results),
            Step::Documents { documents, wanted } => self.send_answer(answering, &documents, &wanted, results),
            Step::Index => self.take_index(answering, results),
            Step::Places { documents } => self.take_places(answering, documents, results),
            Step::Entries { marks } => self.take_entries(answering, marks, results),
            Step::Log => self.take_log(answering, results),
            Step::Bodies { rows } => self.take_bodies(answering, rows, results),
            Step::Pages => self.send_pages(answering),
        }
    }

    fn send_answer(
        &mut self,
        answering: Answering,
        documents: &[(usize, DocumentName)],
        wanted: &[(usize, BodyId)],
        mut results: Vec<ReadResult>,
    ) {
        let Some(header) = &self.header else { return };
        let mut beside = results.split_off(documents.len() + wanted.len()).into_iter();
        let mut results = results.into_iter().map(ReadResult::value);
        let mut circles: Vec<CircleAnswer> =
            header.circles.iter().enumerate().map(|(at, ask)| self.circle_answer(at, ask)).collect();
        for ((at, name), value) in documents.iter().zip(results.by_ref()) {
            match value.map(|bytes| DocumentState::decode(&bytes)).transpose() {
                Ok(state) => circles[*at].acks.push(self.ack(*at, name, state)),
                Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
            }
        }
        for (at, answer) in circles.iter_mut().enumerate() {
            self.give_records(at, &mut beside, answer);
        }
        let bodies: Vec<Vec<u8>> = wanted.iter().zip(results).filter_map(|(_, value)| value).collect();
        self.effects.push_back(HubEffect::Send(Frame::Answer(AnswerHeader { time: self.now, circles })));
        if !bodies.is_empty() {
            self.effects.push_back(HubEffect::Send(Frame::Bodies(bodies)));
        }
        self.begin_circle(answering);
    }

    fn circle_answer(&self, at: usize, ask: &CircleAsk) -> CircleAnswer {
        let asked = &self.asked_circles[at];
        let known = self.place_of(&ask.cursor, asked.record.position);
        let current = self.cursor_at(asked.record.position);
        let mut warrant = Writer::new();
        if let Some(device) = self.header.as_ref().map(|header| header.stamp.device).filter(|_| asked.warranted) {
            self.keys.warrant(&ask.circle, &device, self.now, asked.record.chain.position).write(&mut warrant);
        }
        CircleAnswer {
            lacking: match asked.standing {
                MemberState::Active => asked.record.lacking_at(self.now),
                _ => Vec::new(),
            },
            resync: asked.is_served() && known.is_none(),
            state: asked.standing,
            refused_statements: asked.refused_statements.clone(),
            warrant: warrant.into_bytes(),
            refused: asked.refused.clone(),
            missing: asked.missing.iter().map(|(name, entry)| (*name, *entry)).collect(),
            cursor: match asked.is_served() {
                true if known.is_some() => current,
                true => Vec::new(),
                // What did not fit comes first: the pages wait where they were.
                false if asked.standing == MemberState::Active => ask.cursor.clone(),
                false => Vec::new(),
            },
            ..CircleAnswer::of(ask.circle)
        }
    }

    /// Puts records into an answer, with the head that the server signs for them.
    fn give_records(&self, at: usize, beside: &mut impl Iterator<Item = ReadResult>, answer: &mut CircleAnswer) {
        let asked = &self.asked_circles[at];
        let (Some(chain), Some(given), Some(header)) = (&asked.chain, &asked.given, &self.header) else { return };
        let ask = &header.circles[at];
        let found: Vec<ReadResult> = beside.take(chain.attachment_reads(&given.givings).len()).collect();
        answer.chain = given.state;
        answer.records = chain.given(&given.givings, found);
        answer.from = given.from;
        let signed = chain.parts(given.from, &answer.records, given.last.position).into_iter().chain(given.there);
        answer.parts = signed.take(PARTS_MAX).map(|knows| self.keys.head(&ask.circle, knows, self.now)).collect();
        let is_asked = !ask.statements.is_empty() || ask.brought_back.is_some();
        if !answer.records.is_empty() || is_asked || given.state != ChainState::Follows {
            answer.head = Some(self.keys.head(&ask.circle, given.last, self.now));
        }
    }

    fn ack(&self, at: usize, name: &DocumentName, state: Option<DocumentState>) -> Ack {
        let Some(state) = state else {
            let nothing = [0; 8];
            return Ack { document: *name, chains: Vec::new(), heads_digest: nothing, clock_digest: nothing };
        };
        let circle = &self.header.as_ref().map_or(CircleId([0; 16]), |header| header.circles[at].circle);
        let unsure = self.header.iter().any(|header| header.circles[at].unsure.contains(name));
        let touched = self.asked_circles[at].touched.get(&name.id(circle));
        let wanted = |actor: &ActorId| unsure || touched.is_some_and(|(_, actors)| actors.contains(actor));
        let mut chains: Vec<_> =
            state.chains.iter().filter(|(actor, _)| wanted(actor)).map(|(_, chain)| Chain::tip(chain)).collect();
        chains.sort_unstable();
        Ack { document: *name, chains, heads_digest: state.heads_digest(), clock_digest: state.clock_digest() }
    }

    /// Goes to the next circle that has something, or ends.
    fn begin_circle(&mut self, mut answering: Answering) {
        let Some(header) = &self.header else { return };
        while let Some(ask) = header.circles.get(answering.asked) {
            let asked = &self.asked_circles[answering.asked];
            let end = asked.record.position;
            let place = self.place_of(&ask.cursor, end).filter(|_| asked.is_served());
            match place.filter(|place| place.walk.is_some() || place.position < end) {
                Some(_) if answering.sent_bytes >= self.budget() => answering.more = true,
                Some(place) => {
                    answering.position = place.position;
                    answering.walk = place.walk;
                    answering.fresh = ask.cursor.is_empty();
                    answering.drained = false;
                    answering.held = held(&ask.circle, &ask.clocks);
                    asked.took.add_to(&mut answering.held);
                    return self.read_on(answering);
                }
                None => {}
            }
            answering.asked += 1;
        }
        self.effects.push_back(HubEffect::Send(Frame::End { more: answering.more }));
        self.effects.push_back(HubEffect::Done);
        self.state = State::Over;
    }

    fn budget(&self) -> u32 {
        let asked = self.header.as_ref().map_or(0, |header| header.response_bytes_max);
        asked.clamp(u32::try_from(PAGE_BYTES_MAX).unwrap_or(u32::MAX), RESPONSE_BYTES_MAX)
    }

    /// Reads what comes next of a circle.
    fn read_on(&mut self, answering: Answering) {
        match &answering.walk {
            Some(walk) if !walk.is_known() => self.read_index(answering, None),
            Some(_) => self.read_places(answering),
            None => self.read_log(answering),
        }
    }

    pub(super) fn read_log(&mut self, mut answering: Answering) {
        let Some(header) = &self.header else { return };
        let circle = &header.circles[answering.asked].circle;
        let end = self.asked_circles[answering.asked].record.position;
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
        match rows.iter().map(stored).collect() {
            Ok(rows) => self.read_bodies(answering, rows),
            Err(error) => self.fail(ProblemCode::Storage, &error.to_string()),
        }
    }

    /// Reads the texts of those entries that the phone is given.
    pub(super) fn read_bodies(&mut self, mut answering: Answering, mut rows: Vec<(Mark, StoredEntry)>) {
        rows.retain(|(_, entry)| self.is_for(&answering, &entry.document));
        rows.retain(|(_, entry)| self.goes_back(&mut answering, entry) || self.lacks(&answering, entry));
        let Some(header) = &self.header else { return };
        let circle = &header.circles[answering.asked].circle;
        let reads = rows
            .iter()
            .flat_map(|(_, entry)| &entry.bodies)
            .map(|body| Read::Get { tree: Tree::Bodies, key: key::body(circle, body) })
            .collect();
        answering.step = Step::Bodies { rows };
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::Answering(answering);
    }

    /// Whether an entry may go to the phone: of what somebody keeps for themself only their own phones are told, of what
    /// two say to each other only theirs.
    pub(super) fn is_for(&self, answering: &Answering, name: &DocumentName) -> bool {
        self.member(answering.asked).is_some_and(|member| name.is_for(&member))
    }

    /// As whom the phone is in a circle.
    fn member(&self, asked: usize) -> Option<MemberId> {
        let device = self.header.as_ref()?.stamp.device;
        self.asked_circles[asked].roster.entry(&device).map(|entry| entry.member)
    }

    /// Whether the phone wrote an entry and gets it back all the same: by a clock that is far off, so that it hears where
    /// that stands. What follows in its chain goes with it: signatures cover what comes right before them.
    fn goes_back(&self, answering: &mut Answering, entry: &StoredEntry) -> bool {
        let Some(header) = self.header.as_ref().filter(|header| header.stamp.device == entry.device) else {
            return false;
        };
        let document = entry.document.id(&header.circles[answering.asked].circle);
        let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
        if entry.admitted.is_some() {
            answering.going_back.insert(actor);
        }
        answering.going_back.contains(&actor)
    }

    /// Whether the phone lacks an entry: of what others wrote all that comes after its cursor, but in a resync what its
    /// clocks say that it holds; of its own, what it neither brought just now nor says that it holds. It was put back to
    /// an older state, or is not the only one that writes as this device.
    fn lacks(&self, answering: &Answering, entry: &StoredEntry) -> bool {
        let Some(header) = &self.header else { return false };
        if !answering.fresh && entry.device != header.stamp.device {
            return true;
        }
        let document = entry.document.id(&header.circles[answering.asked].circle);
        let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
        let seq = answering.held.get(&document).and_then(|chains| chains.get(&actor));
        seq.is_none_or(|seq| *seq < entry.seq)
    }

    fn take_bodies(&mut self, mut answering: Answering, rows: Vec<(Mark, StoredEntry)>, results: Vec<ReadResult>) {
        let mut bodies = results.into_iter().map(ReadResult::value);
        for (mark, entry) in rows {
            // A text that is not here was taken back before a backup was restored: its place travels empty.
            let here = bodies.by_ref().take(entry.bodies.len()).map(Option::unwrap_or_default).collect();
            answering.waiting.push((mark, entry.with_bodies(here)));
        }
        self.send_pages(answering);
    }

    /// Makes one page, and the next when it is asked for that: a page takes milliseconds, in which others wait, and for
    /// whoever takes no more none is made.
    fn send_pages(&mut self, mut answering: Answering) {
        let made = self.send_page(&mut answering);
        if made && !answering.waiting.is_empty() && answering.sent_bytes < self.budget() {
            answering.step = Step::Pages;
            self.effects.push_back(HubEffect::Read(Vec::new()));
            self.state = State::Answering(answering);
            return;
        }
        if !made && answering.waiting.len() >= PAGE_ENTRIES_MAX {
            return self.fail(ProblemCode::Storage, "a run of entries fits no page");
        }
        let Some(was_last) = self.after_pages(&mut answering) else { return };
        if was_last {
            answering.asked += 1;
            self.begin_circle(answering);
        } else {
            self.read_on(answering);
        }
    }

    /// Whether the circle is done; `None` when the exchange failed.
    fn after_pages(&mut self, answering: &mut Answering) -> Option<bool> {
        let over = answering.sent_bytes >= self.budget();
        let is_walked = answering.walk.as_ref().is_some_and(Walk::is_over);
        if (answering.drained || is_walked) && !answering.waiting.is_empty() && !over {
            self.fail(ProblemCode::Storage, "the log ends in entries that no signature covers");
            return None;
        }
        if is_walked && answering.waiting.is_empty() {
            answering.walk = None;
            answering.drained = answering.position >= self.asked_circles[answering.asked].record.position;
        }
        if over && (!answering.drained || !answering.waiting.is_empty()) {
            answering.more = true;
            answering.waiting.clear();
            return Some(true);
        }
        Some(answering.drained)
    }

    /// Sends a page of what waits; false when there is nothing that a page can end with.
    fn send_page(&mut self, answering: &mut Answering) -> bool {
        let Some(header) = &self.header else { return false };
        let circle = header.circles[answering.asked].circle;
        let waiting = core::mem::take(&mut answering.waiting);
        let (marks, mut entries): (Vec<Mark>, Vec<Entry>) = waiting.into_iter().unzip();
        let cursor = |taken: usize| {
            let is_whole = taken == marks.len();
            match (&answering.walk, &marks[taken - 1]) {
                (Some(walk), _) if is_whole && walk.is_over() => self.cursor_at(answering.position),
                (Some(walk), mark) => self.cursor_behind(answering.position, mark, walk),
                (None, _) if is_whole && answering.drained => self.cursor_at(answering.position),
                (None, mark) => self.cursor_at(mark.position + 1),
            }
        };
        let before = &mut answering.before;
        let mut pack = |entries: &[Entry], tried: usize| {
            pack_page_behind(&circle, &cursor, &entries[..entries.len().min(tried)], before)
        };
        let (mut bytes, mut taken) = pack(&entries, PAGE_TRY_MAX);
        if taken == 0 && entries.len() > PAGE_TRY_MAX {
            (bytes, taken) = pack(&entries, PAGE_ENTRIES_MAX);
        }
        // When it was taken is said where there is room.
        if taken == 0 && entries.iter().any(|entry| entry.admitted.is_some()) {
            let bare = entries.iter().take(PAGE_ENTRIES_MAX).map(|entry| Entry { admitted: None, ..entry.clone() });
            (bytes, taken) = pack(&bare.collect::<Vec<_>>(), PAGE_ENTRIES_MAX);
        }
        if taken > 0 {
            answering.sent_bytes = answering.sent_bytes.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            self.effects.push_back(HubEffect::Send(Frame::Page(bytes)));
        }
        answering.waiting = marks.into_iter().skip(taken).zip(entries.drain(taken..)).collect();
        taken > 0
    }
}

fn stored(row: &Row) -> Result<(Mark, StoredEntry), crate::codec::DecodeError> {
    let position = key::position_of(&row.0).ok_or(crate::codec::DecodeError::Invalid { what: "log key" })?;
    Ok((Mark { position, document: None, done: 0 }, StoredEntry::decode(&row.1)?))
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
