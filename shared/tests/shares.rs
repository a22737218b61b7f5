//! Non-interference in documents: whatever one member adds that gate and admission take, every honest change that is
//! taken without it is taken with it, on the server and on the phone that made it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use kith_shared::document::{
    BodyOp, DocumentName, Handle, KithSchema, Mark, Moment, ReactionKind, StrategyText, Subject, genesis,
};
use kith_shared::gate::{Refusal, parse_change};
use kith_shared::ids::{
    ActorId, BodyId, CircleId, DeviceId, DocumentId, EntryId, Incarnation, MemberId, RecordHash, TextCommitment,
    ThreadId,
};
use kith_shared::seal::{
    EntryPlace, EpochId, EpochKey, SealedEntry, TextSalt, open_entry, seal_entry, sealed_entry_id,
};
use kith_shared::storage::{Batch, MemoryStore, Read, Tree};
use kith_shared::sync::admit::{Admitted, Known, Layout, Origin, Positions, Prepared};
use kith_shared::sync::{
    CHAINS_RESERVED, Chain, Cost, DOCUMENT_BYTES_MAX, DOCUMENT_ENTRIES_MAX, DOCUMENT_WORK_MAX, DocumentState, OldKeys,
    Shares, key,
};
use kith_shared::time::{Day, Month, TimestampMs};
use kith_shared::trust::{CIRCLE_MEMBERS_MAX, DeviceSecret, Knows, Role, Roster, RosterEntry, SignedHead};
use kith_shared::wire::{Entry, EntryContent};

const CIRCLE: CircleId = CircleId([1; 16]);
const NOW: TimestampMs = TimestampMs(1_795_000_000_000);
const KEY: EpochKey = EpochKey([7; 32]);
const EPOCH: EpochId = EpochId([7; 32]);
/// Histories in a run, and with `KITH_FULL`.
const CASES: u64 = 200;
const CASES_FULL: u64 = 20_000;
/// Sequences of bare costs in a run, and with `KITH_FULL`.
const WEIGHINGS: u64 = 3_000;
const WEIGHINGS_FULL: u64 = 100_000;
const HONEST: usize = 3;
const ATTACKER: usize = HONEST;

fn cases(few: u64, many: u64) -> u64 {
    if std::env::var_os("KITH_FULL").is_some() { many } else { few }
}

/// SplitMix64: the same seed gives the same case.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

fn member(at: usize) -> MemberId {
    MemberId([at as u8 + 1; 16])
}

// --- The shares alone ------------------------------------------------------------------------------------------------

fn random_cost(dice: &mut Dice, size: u64) -> Cost {
    let named = dice.below(3);
    Cost {
        chains: u64::from(dice.below(40) == 0),
        entries: 1,
        work: dice.below(4_096 / size),
        bytes: dice.below(10_240 / size) + 1_024 * named,
        named,
        erased: dice.below(2),
    }
}

/// What honest members hold of the lent part stays small enough for the promise: all of it and the largest once more is
/// at most half.
fn keeps_the_promise(honest: &[Cost], next: usize, cost: Cost) -> bool {
    let lent = [
        DOCUMENT_ENTRIES_MAX - 16 * CIRCLE_MEMBERS_MAX as u64,
        DOCUMENT_WORK_MAX - 128 * CIRCLE_MEMBERS_MAX as u64,
        DOCUMENT_BYTES_MAX - 12 * 1_024 * CIRCLE_MEMBERS_MAX as u64,
    ];
    let of = |held: &Cost| {
        let standing = held.named.saturating_sub(held.erased);
        let above = |held: u64, reserved: u64| held.saturating_sub(reserved);
        [
            above(held.entries + 2 * standing, 16),
            above(held.work + 2 * standing, 128),
            above(held.bytes + 2_048 * standing, 12 * 1_024),
        ]
    };
    let after: Vec<[u64; 3]> =
        honest.iter().enumerate().map(|(at, held)| of(&if at == next { held.plus(cost) } else { *held })).collect();
    let fits = |dimension: usize| {
        let held = after.iter().map(|held| held[dimension]);
        held.clone().sum::<u64>() + held.max().unwrap_or(0) <= lent[dimension] / 2
    };
    (0..3).all(fits) && honest[next].chains + cost.chains <= CHAINS_RESERVED
}

#[test]
fn what_one_member_holds_never_takes_anothers_share() {
    for seed in 0..cases(WEIGHINGS, WEIGHINGS_FULL) {
        let mut dice = Dice(seed);
        let name = [note(), month(), facilitators_note(), toolkit()][dice.below(4) as usize];
        let mut shares = Shares::empty(&name);
        let mut honest = vec![Cost::default(); HONEST];
        let size = 1 + dice.below(64);
        for _ in 0..dice.below(60) {
            // The attacker takes as much as there is, in one way or another.
            let greedy = random_cost(&mut dice, 1);
            for _ in 0..dice.below(2_000) {
                if shares.check(&member(ATTACKER), greedy).is_err() {
                    break;
                }
                shares.add(&member(ATTACKER), greedy);
            }
            let next = dice.below(HONEST as u64) as usize;
            let cost = random_cost(&mut dice, size);
            if keeps_the_promise(&honest, next, cost) {
                assert_eq!(shares.check(&member(next), cost), Ok(()), "seed {seed}: {cost:?} of {:?}", honest[next]);
                shares.add(&member(next), cost);
                honest[next] = honest[next].plus(cost);
            }
        }
        // Whoever wrote a text takes it back, however full the document is.
        for (at, held) in honest.iter().enumerate() {
            let back = Cost { entries: 2, work: 1, bytes: 2_000, erased: 1, ..Cost::default() };
            assert!(held.named <= held.erased || shares.check(&member(at), back).is_ok(), "seed {seed}");
        }
    }
}

#[test]
fn what_all_members_hold_together_stays_within_the_document() {
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let mut shares = Shares::empty(&note());
        let mut total = Cost::default();
        for _ in 0..60_000 {
            let of = MemberId([dice.below(CIRCLE_MEMBERS_MAX as u64) as u8; 16]);
            let size = 1 + dice.below(8);
            let cost = random_cost(&mut dice, size);
            if shares.check(&of, cost).is_ok() {
                shares.add(&of, cost);
                total = total.plus(cost);
            }
        }
        assert!(total.entries <= DOCUMENT_ENTRIES_MAX && total.work <= DOCUMENT_WORK_MAX, "{total:?}");
        assert!(total.bytes <= DOCUMENT_BYTES_MAX && total.chains <= 4_000, "{total:?}");
        assert!(total.work > DOCUMENT_WORK_MAX / 2 || total.bytes > DOCUMENT_BYTES_MAX / 2, "it is used: {total:?}");
    }
}

// --- Through gate and admission --------------------------------------------------------------------------------------

fn note() -> DocumentName {
    DocumentName::new(Subject::SessionNote { day: Day(20_700), ordinal: 0 })
}

fn month() -> DocumentName {
    DocumentName::new(Subject::Thread { thread: ThreadId::CIRCLE, month: Month(680), part: 0 })
}

fn toolkit() -> DocumentName {
    DocumentName::new(Subject::Toolkit)
}

fn strategy(dice: &mut Dice) -> StrategyText {
    let salt = TextSalt([dice.below(256) as u8; 16]);
    StrategyText { salt, title: "Walk".to_owned(), text: "Out, and on.".to_owned(), moments: vec![Moment::Panic] }
}

fn facilitators_note() -> DocumentName {
    DocumentName::new(Subject::FacilitatorNote { day: Day(20_700), ordinal: 0 })
}

/// One place where entries are taken in: the server, or a phone.
struct Place {
    store: MemoryStore,
    position: u64,
    layout: Layout,
}

/// One writer: a device with its view of a document.
struct Writer {
    secret: DeviceSecret,
    incarnation: Incarnation,
    phone: Place,
    /// How much of the server's log its phone took in.
    seen: usize,
}

struct World {
    name: DocumentName,
    roster: Roster,
    server: Place,
    writers: Vec<Writer>,
    /// What the server took, in order, with its author.
    log: Vec<(usize, Entry)>,
}

/// A chain of which everybody knows the beginning, and nobody more.
struct Unmoved;

impl Positions for Unmoved {
    fn hash_of(&self, _: u32, position: u64) -> Option<RecordHash> {
        (position == 0).then_some(Knows::NOTHING.hash)
    }

    fn kept_of(&self, _: u32) -> Option<u64> {
        None
    }
}

impl Place {
    fn new(layout: Layout) -> Self {
        Self { store: MemoryStore::new(), position: 0, layout }
    }

    fn admit(&mut self, roster: &Roster, entries: Vec<Entry>, origin: Origin) -> Admitted {
        let prepared = Prepared::new(&CIRCLE, roster, &Unmoved, &KithSchema, entries, origin);
        let reads = prepared.reads();
        let known = Known::from_reads(&reads, self.store.read(&reads)).unwrap();
        let mut admitted = prepared.admit(&known, &KithSchema, self.layout, self.position);
        self.position = admitted.position;
        self.store.commit(core::mem::take(&mut admitted.batch));
        admitted
    }

    fn state(&self, document: &DocumentId) -> Option<DocumentState> {
        let read = Read::Get { tree: Tree::Documents, key: key::document(&CIRCLE, document) };
        let value = self.store.read(&[read]).remove(0).value()?;
        Some(DocumentState::decode(&value).unwrap())
    }
}

impl World {
    fn new(name: DocumentName) -> Self {
        let secrets: Vec<DeviceSecret> = (0..=HONEST).map(|at| DeviceSecret::from_seed([at as u8 + 10; 32])).collect();
        let entries = secrets.iter().enumerate();
        let roster =
            Roster::new(entries.map(|(at, secret)| RosterEntry::new(*secret.public(), member(at), Role::Facilitator)));
        let writer = |secret| Writer { secret, incarnation: Incarnation(0), phone: Place::new(Layout::Phone), seen: 0 };
        let writers = secrets.into_iter().map(writer).collect();
        Self { name, roster, server: Place::new(Layout::Server { now: TimestampMs(0) }), writers, log: Vec::new() }
    }

    fn document(&self) -> DocumentId {
        self.name.id(&CIRCLE)
    }

    fn actor(&self, at: usize) -> ActorId {
        let writer = &self.writers[at];
        ActorId::derive(&writer.secret.id(), &self.document(), writer.incarnation)
    }

    /// The changes that the server took, opened where they are sealed.
    fn changes(&self) -> Vec<Vec<u8>> {
        self.log.iter().flat_map(|(_, entry)| opened(&self.name, entry)).collect()
    }

    fn handle(&self, at: usize) -> Handle {
        Handle::open(&CIRCLE, &self.name, self.actor(at), &self.changes()).unwrap()
    }

    fn entry(&self, at: usize, content: EntryContent) -> Entry {
        let writer = &self.writers[at];
        let (document, actor) = (self.document(), self.actor(at));
        let (seq, entry) = match &content {
            EntryContent::Plain(bytes) => parse_change(bytes).map(|change| (change.seq, change.entry)).unwrap(),
            EntryContent::Sealed(bytes) => {
                (SealedEntry::parse(bytes).unwrap().seq, sealed_entry_id(&document, &actor, bytes))
            }
        };
        let head = SignedHead { circle: CIRCLE, document, actor, seq, entry, knows: Knows::NOTHING };
        let signature = Some(head.sign(&writer.secret));
        let (device, incarnation) = (writer.secret.id(), writer.incarnation);
        // Every text that a message names is said to be taken back, so that none need travel.
        let bodies = vec![Vec::new(); 2];
        Entry { document: self.name, device, incarnation, content, signature, bodies, admitted: None }
    }

    /// What a writer's phone makes of changes, as [`kith_shared::client`] does.
    fn entries(&self, at: usize, changes: Vec<Vec<u8>>) -> Vec<Entry> {
        if !self.name.is_sealed() {
            return changes.into_iter().map(|change| self.entry(at, EntryContent::Plain(change))).collect();
        }
        let (document, actor, state) = (self.document(), self.actor(at), self.server.state(&self.document()));
        let own = state.as_ref().and_then(|state| state.chains.get(&actor));
        let mut heads: Vec<EntryId> = match &state {
            Some(state) => state.heads.keys().copied().collect(),
            None => vec![genesis(&CIRCLE, &self.name).unwrap().entry],
        };
        let (mut seq, mut last) = (own.map_or(0, |chain| chain.seq), own.map(|chain| chain.last));
        let mut entries = Vec::new();
        let mut changes = changes.into_iter().peekable();
        while changes.peek().is_some() {
            let inside: Vec<Vec<u8>> = if heads.len() > 13 { Vec::new() } else { changes.next().into_iter().collect() };
            heads.extend(last);
            heads.sort_unstable();
            heads.dedup();
            seq += 1;
            let sealed = self.sealed(at, seq, &heads, &inside);
            last = Some(sealed_entry_id(&document, &actor, &sealed));
            heads = last.into_iter().collect();
            entries.push(self.entry(at, EntryContent::Sealed(sealed)));
        }
        entries
    }

    fn sealed(&self, at: usize, seq: u64, dependencies: &[EntryId], changes: &[Vec<u8>]) -> Vec<u8> {
        let writer = &self.writers[at];
        let (device, incarnation) = (writer.secret.id(), writer.incarnation);
        let document = self.document();
        let place = EntryPlace { circle: CIRCLE, document, device, incarnation, epoch: EPOCH, seq, dependencies };
        seal_entry(&KEY, &place, changes).unwrap()
    }

    fn offer(&mut self, at: usize, entries: &[Entry]) -> Vec<Refusal> {
        let device: DeviceId = self.writers[at].secret.id();
        let old = OldKeys::decode(&device, None).unwrap();
        let admitted = self.server.admit(&self.roster, entries.to_vec(), Origin::Offered(old));
        let refused: Vec<EntryId> = admitted.refused.iter().map(|refused| refused.entry).collect();
        let is_taken = |entry: &&Entry| !refused.contains(&id_of(&self.name, entry));
        self.log.extend(entries.iter().filter(is_taken).map(|entry| (at, entry.clone())));
        admitted.refused.iter().map(|refused| refused.refusal).collect()
    }

    /// A writer's phone takes in what the server has.
    fn catch_up(&mut self, at: usize) {
        let entries: Vec<Entry> = self.log[self.writers[at].seen..].iter().map(|(_, entry)| entry.clone()).collect();
        self.writers[at].seen = self.log.len();
        let admitted = self.writers[at].phone.admit(&self.roster, entries, Origin::Received);
        assert_eq!(admitted.refused, [], "what the server took every phone takes");
    }

    /// An honest edit on the heads: first through the author's own phone, then to the server.
    fn edits(&mut self, at: usize, dice: &mut Dice) -> Result<(), String> {
        self.catch_up(at);
        let mut handle = self.handle(at);
        edit(&mut handle, dice);
        let entries = self.entries(at, handle.commit(NOW));
        let own: Vec<Entry> = entries.iter().cloned().map(|entry| Entry { signature: None, ..entry }).collect();
        let admitted = self.writers[at].phone.admit(&self.roster, own, Origin::Own);
        if let Some(refused) = admitted.refused.first() {
            return Err(format!("its own phone: {}", refused.refusal));
        }
        let refused = self.offer(at, &entries);
        if refused.is_empty() { Ok(()) } else { Err(format!("the server: {refused:?}")) }
    }

    /// Something that the attacker's program makes: chains, heads, ops, entries, texts.
    fn attacks(&mut self, dice: &mut Dice) {
        let (mut handle, begins) = match dice.below(3) {
            // A further chain that knows of nothing.
            0 => {
                self.writers[ATTACKER].incarnation = Incarnation(dice.below(1 << 20) as u32 + 1);
                (Handle::open::<Vec<u8>>(&CIRCLE, &self.name, self.actor(ATTACKER), &[]).unwrap(), true)
            }
            // A further chain that knows of all.
            1 => {
                self.writers[ATTACKER].incarnation = Incarnation(dice.below(1 << 20) as u32 + 1);
                (self.handle(ATTACKER), false)
            }
            _ => (self.handle(ATTACKER), false),
        };
        for _ in 0..=dice.below(3) {
            greedy_edit(&mut handle, dice);
        }
        let changes = handle.commit(NOW);
        let entries = match self.name.is_sealed() && (begins || dice.below(3) == 0) {
            true => self.sealed_by_hand(changes, dice),
            false => self.entries(ATTACKER, changes),
        };
        self.offer(ATTACKER, &entries);
    }

    /// Sealed entries on whatever the attacker chooses, also of what is no change.
    fn sealed_by_hand(&mut self, changes: Vec<Vec<u8>>, dice: &mut Dice) -> Vec<Entry> {
        self.writers[ATTACKER].incarnation = Incarnation(dice.below(1 << 20) as u32 + 1);
        let inside = if dice.below(4) == 0 { vec![vec![9; 200]] } else { changes };
        let first = [genesis(&CIRCLE, &self.name).unwrap().entry];
        let sealed = self.sealed(ATTACKER, 1, &first, &inside[..inside.len().min(1)]);
        vec![self.entry(ATTACKER, EntryContent::Sealed(sealed))]
    }

    /// As if the attacker had added as much more as is admitted, in many requests: their chain's counts alone.
    fn attacks_for_long(&mut self, dice: &mut Dice) {
        let Some(mut state) = self.server.state(&self.document()) else { return };
        let actor = self.actor(ATTACKER);
        if !state.chains.contains_key(&actor) {
            return;
        }
        let mut shares = Shares::of(&state);
        let size = 1 + dice.below(64);
        let each = random_cost(dice, size);
        let each = Cost { chains: 0, entries: 0, erased: 0, ..each };
        let mut times = 0;
        while times < 5_000 && shares.check(&member(ATTACKER), each).is_ok() {
            shares.add(&member(ATTACKER), each);
            times += 1;
        }
        let chain: &mut Chain = state.chains.get_mut(&actor).unwrap();
        chain.work += times * each.work;
        chain.bytes += times * each.bytes;
        chain.named += times * each.named;
        let put = |place: &mut Place, state: &DocumentState| {
            let mut batch = Batch::default();
            let at = key::document(&CIRCLE, &state.name.id(&CIRCLE));
            batch.put(Tree::Documents, at, state.encode());
            place.store.commit(batch);
        };
        put(&mut self.server, &state);
        for at in 0..HONEST {
            self.catch_up(at);
            let document = self.document();
            let Some(mut here) = self.writers[at].phone.state(&document) else { continue };
            here.chains.insert(actor, state.chains[&actor]);
            put(&mut self.writers[at].phone, &here);
        }
    }
}

fn id_of(name: &DocumentName, entry: &Entry) -> EntryId {
    let document = name.id(&CIRCLE);
    match &entry.content {
        EntryContent::Plain(bytes) => parse_change(bytes).unwrap().entry,
        EntryContent::Sealed(bytes) => {
            sealed_entry_id(&document, &ActorId::derive(&entry.device, &document, entry.incarnation), bytes)
        }
    }
}

/// The changes of an entry that Automerge may see.
fn opened(name: &DocumentName, entry: &Entry) -> Vec<Vec<u8>> {
    let EntryContent::Sealed(bytes) = &entry.content else { return vec![entry.content.bytes().to_vec()] };
    let sealed = SealedEntry::parse(bytes).unwrap();
    let place = EntryPlace {
        circle: CIRCLE,
        document: name.id(&CIRCLE),
        device: entry.device,
        incarnation: entry.incarnation,
        epoch: EPOCH,
        seq: sealed.seq,
        dependencies: &sealed.dependencies,
    };
    let changes = open_entry(&KEY, &place, &sealed).unwrap_or_default();
    changes.into_iter().filter(|change| parse_change(change).is_ok()).collect()
}

fn edit(handle: &mut Handle, dice: &mut Dice) {
    if let Ok(view) = handle.thread() {
        let taken = view.messages.iter().find(|message| message.author == *handle.actor() && !message.taken_back);
        let key = taken.map(|message| message.key.clone());
        match (dice.below(3), key) {
            (0, Some(key)) => handle.take_back(&key, NOW).unwrap(),
            (1, Some(key)) => handle.react(&key, ReactionKind::Thanks, dice.below(2) == 0, NOW).unwrap(),
            _ => drop(handle.post(NOW, &BodyId([dice.below(256) as u8; 32]), &TextCommitment([7; 32]), None).unwrap()),
        }
        return;
    }
    if let Ok(view) = handle.toolkit() {
        let own = view.strategies.iter().find(|known| known.author == *handle.actor() && !known.taken_back);
        let stands = view.strategies.iter().find(|known| !known.taken_back);
        match (dice.below(3), own, stands) {
            (0, Some(own), _) => handle.take_back_strategy(&own.key, NOW).unwrap(),
            (1, _, Some(stands)) => handle.helped(&stands.key, dice.below(2) == 0, &[], NOW).unwrap(),
            _ => drop(handle.add_strategy(NOW, &strategy(dice), None).unwrap()),
        }
        return;
    }
    let len = handle.note_units().unwrap();
    let from = dice.below(len as u64 + 1) as usize;
    let remove = (dice.below(40) as usize).min(len - from);
    let op = match dice.below(5) {
        0 => BodyOp::Mark { from, to: from + remove, mark: Mark::Em, on: dice.below(2) == 0 },
        _ => BodyOp::Splice { index: from, remove, text: "a word, ".repeat(dice.below(12) as usize) },
    };
    handle.edit_body(&[op]).unwrap();
}

fn greedy_edit(handle: &mut Handle, dice: &mut Dice) {
    if handle.thread().is_ok() {
        for _ in 0..dice.below(6) {
            handle.post(NOW, &BodyId([dice.below(256) as u8; 32]), &TextCommitment([7; 32]), None).unwrap();
        }
        return;
    }
    if handle.toolkit().is_ok() {
        for _ in 0..dice.below(6) {
            handle.add_strategy(NOW, &strategy(dice), None).unwrap();
        }
        return;
    }
    let len = handle.note_units().unwrap();
    let text = "x".repeat(dice.below(600) as usize);
    handle.edit_body(&[BodyOp::Splice { index: 0, remove: len.min(300), text }]).unwrap();
}

/// The honest steps of a case with or without the attacker's between them: which were taken.
fn play(seed: u64, attacked: bool) -> Vec<Result<(), String>> {
    let mut dice = Dice(seed);
    let name = [note(), month(), facilitators_note()][dice.below(3) as usize];
    let mut world = World::new(name);
    let mut attack = Dice(!seed);
    let mut taken = Vec::new();
    for _ in 0..3 + dice.below(4) {
        if attacked {
            for _ in 0..attack.below(5) {
                world.attacks(&mut attack);
            }
            if attack.below(3) == 0 {
                world.attacks_for_long(&mut attack);
            }
        }
        let at = dice.below(HONEST as u64) as usize;
        let mut step = Dice(dice.next());
        taken.push(world.edits(at, &mut step));
    }
    (0..HONEST).for_each(|at| world.catch_up(at));
    taken
}

#[test]
fn every_honest_change_is_taken_whatever_one_member_added() {
    for seed in 0..cases(CASES, CASES_FULL) {
        let alone = play(seed, false);
        assert!(alone.iter().all(Result::is_ok), "seed {seed}, alone: {alone:?}");
        let attacked = play(seed, true);
        assert!(attacked.iter().all(Result::is_ok), "seed {seed}, attacked: {attacked:?}");
    }
}

/// The row of a text in a store.
fn body_row(place: &Place, body: &BodyId) -> Option<Vec<u8>> {
    let read = Read::Get { tree: Tree::Bodies, key: key::body(&CIRCLE, body) };
    place.store.read(&[read]).remove(0).value()
}

#[test]
fn a_strategy_that_is_taken_back_is_erased_in_every_store_and_comes_no_more() {
    let mut world = World::new(toolkit());
    let mut handle = world.handle(0);
    let (key, text) = handle.add_strategy(NOW, &strategy(&mut Dice(1)), None).unwrap();
    let body = BodyId::of(&text);
    let content = EntryContent::Plain(handle.commit(NOW).remove(0));
    let said = Entry { bodies: vec![text.clone()], ..world.entry(0, content) };
    assert_eq!(world.offer(0, std::slice::from_ref(&said)), []);
    world.catch_up(1);
    for place in [&world.server, &world.writers[1].phone] {
        assert_eq!(body_row(place, &body), Some(text.clone()));
    }
    // Another names the same text, and takes that back: hers stays.
    for at in [1, 0] {
        let mut handle = world.handle(at);
        let copied = match at {
            1 => handle.add_strategy(NOW, &strategy(&mut Dice(1)), Some(&key)).unwrap().0,
            _ => key.clone(),
        };
        handle.take_back_strategy(&copied, NOW).unwrap();
        let entries = world.entries(at, handle.commit(NOW));
        assert_eq!(world.offer(at, &entries), []);
        (0..HONEST).for_each(|at| world.catch_up(at));
        let left = if at == 1 { text.clone() } else { Vec::new() };
        for place in [&world.server, &world.writers[0].phone, &world.writers[1].phone] {
            assert_eq!(body_row(place, &body), Some(left.clone()));
        }
    }
    world.offer(0, &[said]);
    assert_eq!(body_row(&world.server, &body), Some(Vec::new()), "sent again, it stays away");
    let view = world.handle(1).toolkit().unwrap();
    assert!(view.strategies.iter().all(|strategy| strategy.taken_back));
}

#[test]
fn nobody_takes_back_anothers_strategy_nor_adds_texts_that_none_names() {
    let mut world = World::new(toolkit());
    let mut handle = world.handle(0);
    let (key, text) = handle.add_strategy(NOW, &strategy(&mut Dice(1)), None).unwrap();
    let foreign = strategy(&mut Dice(2)).encode();
    let said = world.entry(0, EntryContent::Plain(handle.commit(NOW).remove(0)));
    let said = Entry { bodies: vec![text.clone(), foreign.clone()], ..said };
    assert_eq!(world.offer(0, &[said]), []);
    assert_eq!(body_row(&world.server, &BodyId::of(&foreign)), None, "no strategy names it");
    let mut handle = world.handle(1);
    handle.take_back_strategy(&key, NOW).unwrap();
    let entries = world.entries(1, handle.commit(NOW));
    assert_eq!(world.offer(1, &entries), [Refusal::NotAllowed]);
    assert_eq!(body_row(&world.server, &BodyId::of(&text)), Some(text));
    // What is not a strategy's text does not lie beside one, whoever names it.
    let mut handle = world.handle(2);
    handle.add_strategy(NOW, &strategy(&mut Dice(3)), None).unwrap();
    let said = world.entry(2, EntryContent::Plain(handle.commit(NOW).remove(0)));
    assert_eq!(world.offer(2, &[Entry { bodies: vec![b"words".to_vec()], ..said }]), [Refusal::Malformed]);
}
