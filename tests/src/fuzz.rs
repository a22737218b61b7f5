//! Hostile bytes for everything that reads bytes: honest ones, mutated from a seed. A reader may refuse, never
//! panic, hang, or accept what it does not write the same again.

mod codes;
mod own;
mod rows;
mod sealed;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::LazyLock;

use kith_pack::{Unpacker, pack};
use kith_server::audit::{Action, Actor, Event, Record};
use kith_shared::codec::{DecodeError, Reader, Writer};
use kith_shared::document::{
    Choice, DocumentName, EditProblem, Handle, Kept, MessageRecord, Moment, OwnEntry, PlanLine, Reporting,
    StrategyRecord, StrategyText, Subject, Told,
};
use kith_shared::gate::{Scalar, parse_change};
use kith_shared::ids::{ActorId, CircleId, DeviceId, DocumentId, EntryId, RecordHash, StatementId};
use kith_shared::seal::TextSalt;
use kith_shared::storage::{MemoryStore, Tree};
use kith_shared::sync::statements::{CommissionRow, RecordRow, ShreddedRow};
use kith_shared::sync::{CircleRecord, DocumentState, OldKeys, StoredEntry};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    Chain, ChainHead, DeviceSecret, EnrolRequest, EntrySignature, InviteRow, InviteSecret, Knows, RECORD_LATE,
    RECORD_OF_KEYS, RECORD_SET_BACK, Role, RosterEntry, Signed, SignedHead, Statement, Verified, Warrant,
};
use kith_shared::wire::{
    BroughtBack, BroughtText, ChainCursor, CircleAsk, EntryContent, Frame, FrameDecoder, GivenRecord, GivenText,
    RequestHeader, Stated, unpack_page, unpack_page_behind,
};
use serde_json::json;

use crate::clock::PhoneClock;
use crate::hub::{Hub, ORIGIN};
use crate::phone::{NoLink, Options, Phone};
use crate::seed::Seed;
use crate::tape::{Tape, pages};

/// Longest input, in bytes.
const INPUT_BYTES_MAX: usize = 64 * 1024;
const CIRCLE_SALT: u8 = 0xf2;
static CIRCLE: LazyLock<CircleId> = LazyLock::new(|| Hub::new(NOW).add_circle(CIRCLE_SALT));
const NOW: TimestampMs = TimestampMs(1_795_000_000_000);

/// What reads bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Target {
    /// A raw change.
    Change,
    /// A packed page.
    Page,
    /// A stream of frames.
    Frames,
    /// An enrolment.
    Enrol,
    /// A stored entry.
    StoredEntry,
    /// A document's stored state.
    DocumentState,
    /// A circle's stored record.
    CircleRecord,
    /// A record of a circle's chain, as the server stores it.
    RecordRow,
    /// That a commission founded a circle.
    UsedCommission,
    /// What stays of a shredded circle.
    Shredded,
    /// A stored invitation.
    Invite,
    /// What a device seals with no more, as the server keeps it.
    OldKeys,
    /// A place in a circle.
    RosterEntry,
    /// A document's name.
    DocumentName,
    /// What a document holds of a message.
    MessageRecord,
    /// What a document holds of a strategy.
    StrategyRecord,
    /// What a strategy says.
    StrategyText,
    /// A line of somebody's plan.
    PlanLine,
    /// An entry of somebody's journal.
    OwnEntry,
    /// What somebody chose about another member.
    Choice,
    /// What somebody keeps their word by.
    Kept,
    /// A story, or a milestone.
    Story,
    /// A report to a facilitator, a part of it, or that it was dealt with.
    Reporting,
    /// A statement.
    Statement,
    /// A statement with what lies beside it.
    Stated,
    /// The end of a chain, signed by the server.
    ChainHead,
    /// The signature of an entry, with what its author knew.
    EntrySignature,
    /// A facilitator's right to let people in with no network.
    Warrant,
    /// A message's sealed text, with its key.
    Body,
    /// A sealed entry, with its key.
    SealedEntry,
    /// A wrapped key.
    Wrap,
    /// A key that is wrapped for an organisation, with its secret.
    OrganisationWrap,
    /// An invite's box.
    Box,
    /// Keys in a box for one device.
    KeysForDevice,
    /// A code that people type.
    Code,
    /// A value at rest, with its key.
    AtRest,
    /// What a new phone shows, read by a facilitator's.
    QrAsk,
    /// What a facilitator's phone shows, read by a new one.
    QrAnswer,
    /// A link to come in by.
    Link,
    /// A circle as a phone keeps it.
    PhoneCircle,
    /// A record of a circle's chain as a phone keeps it.
    PhoneRecord,
    /// What a restored server lost, as a phone keeps it.
    PhoneLost,
    /// What a phone said and no server admitted.
    Pending,
    /// A key as a phone keeps it.
    PhoneKey,
    /// Edits that are not yet a change.
    Draft,
    /// What lists show of a document.
    Summary,
    /// What search reads of a document.
    TextsPage,
    /// This phone's entries that were taken up when it turned out to be put back.
    Lifted,
    /// That a phone was put back or copied.
    Resumed,
    /// A record of the audit log.
    AuditRecord,
    /// The client's core as it is downloaded.
    PackedCore,
}

/// An input that broke a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which reader.
    pub target: Target,
    /// With what, in hex.
    pub input: String,
    /// The panic's message, or how it was written otherwise than it was read.
    pub how: String,
}

impl Target {
    /// Reads; `Err` when what was accepted is written otherwise.
    fn read(self, bytes: &[u8]) -> Result<(), String> {
        let same = |written: Option<Vec<u8>>| match written {
            Some(written) if written != bytes => Err("it is written otherwise than it was read".to_owned()),
            _ => Ok(()),
        };
        match self {
            Self::Change => {
                let _ = parse_change(bytes);
                Ok(())
            }
            Self::Page => {
                let _ = unpack_page(bytes);
                let _ = unpack_page_behind(bytes, bytes);
                Ok(())
            }
            Self::Frames => {
                let mut decoder = FrameDecoder::default();
                for piece in bytes.chunks(1 + bytes.len() / 3) {
                    decoder.feed(piece);
                    while let Ok(Some(_)) = decoder.next_frame() {}
                }
                Ok(())
            }
            Self::Enrol => {
                let request = EnrolRequest::decode(bytes).ok();
                let _ = request.clone().map(|request| request.verify(NOW));
                same(request.map(|request| Verified::from_own_store(request).encode()))
            }
            Self::StoredEntry => same(StoredEntry::decode(bytes).ok().map(|entry| entry.encode())),
            Self::DocumentState => {
                let _ = DocumentState::decode(bytes).map(|state| state.encode());
                Ok(())
            }
            Self::CircleRecord => same(CircleRecord::decode(bytes).ok().map(|record| record.encode())),
            Self::RecordRow => same(RecordRow::decode(1, bytes).ok().map(|(row, _)| row.encode())),
            Self::UsedCommission => same(CommissionRow::decode(bytes).ok().map(|row| row.encode())),
            Self::Shredded => same(ShreddedRow::decode(bytes).ok().map(|row| row.encode())),
            Self::Invite => same(InviteRow::decode(bytes).ok().map(|invite| invite.encode())),
            Self::OldKeys => same(OldKeys::decode(&DeviceId([7; 32]), Some(bytes)).ok().map(|old| old.encode())),
            Self::RosterEntry => same(whole(bytes, RosterEntry::read, RosterEntry::write)),
            Self::DocumentName => {
                let _ = DocumentName::read(&mut Reader::new(bytes));
                Ok(())
            }
            Self::MessageRecord => same(MessageRecord::decode(bytes).ok().map(|record| record.encode())),
            Self::StrategyRecord => same(StrategyRecord::decode(bytes).ok().map(|record| record.encode())),
            Self::StrategyText => {
                let text = StrategyText::decode(bytes).ok();
                let _ = text.as_ref().map(StrategyText::check);
                same(text.map(|text| text.encode()))
            }
            Self::PlanLine => {
                let line = str::from_utf8(bytes).ok().and_then(|text| PlanLine::decode(text).ok());
                let _ = line.as_ref().map(PlanLine::check);
                same(line.map(|line| line.encode().into_bytes()))
            }
            Self::OwnEntry => {
                let read = str::from_utf8(bytes).ok().and_then(|text| OwnEntry::decode(text).ok());
                same(read.map(|(day, entry)| entry.encode(day).into_bytes()))
            }
            Self::Choice => {
                let read = str::from_utf8(bytes).ok().and_then(|text| Choice::decode(text).ok());
                same(read.map(|choice| choice.encode().into_bytes()))
            }
            Self::Kept => {
                let read = str::from_utf8(bytes).ok().and_then(|text| Kept::decode(text).ok());
                same(read.map(|kept| kept.encode().into_bytes()))
            }
            Self::Story => {
                let read = str::from_utf8(bytes).ok().and_then(|text| Told::decode(text).ok());
                same(read.map(|told| told.encode().into_bytes()))
            }
            Self::Reporting => {
                let read = str::from_utf8(bytes).ok().and_then(|text| Reporting::decode(text).ok());
                same(read.map(|it| it.encode().into_bytes()))
            }
            Self::Statement => {
                let statement = Statement::decode(bytes).ok();
                if let Some(statement) = &statement {
                    let circle = Statement::circle_of(&statement.id());
                    for circle in [circle, *CIRCLE] {
                        let mut chain = Chain::new(circle);
                        let checked = chain.verify(statement.clone());
                        let _ = checked.and_then(|statement| chain.admit(&statement, NOW));
                    }
                }
                same(statement.map(|statement| statement.encode()))
            }
            Self::Stated => same(whole(bytes, Stated::read, Stated::write)),
            Self::ChainHead => {
                same(whole(bytes, |reader| ChainHead::read(*CIRCLE, reader), Signed::<ChainHead>::write))
            }
            Self::EntrySignature => same(whole(bytes, EntrySignature::read, EntrySignature::write)),
            Self::Warrant => same(whole(bytes, Warrant::read, Signed::<Warrant>::write)),
            Self::AuditRecord => same(Record::decode(bytes).ok().map(|record| record.encode())),
            Self::PackedCore => {
                let mut unpacker = Unpacker::new();
                let whole = bytes.chunks(1 + bytes.len() / 3).try_for_each(|part| unpacker.take(part));
                let module = whole.and_then(|()| unpacker.end()).ok();
                let again = module.map(|module| pack(module).map(|packed| packed.len()));
                // The last four bytes may hold more than the last bits need.
                let fits = |length: usize| length.abs_diff(bytes.len()) <= 4;
                let differs = again.is_some_and(|length| !length.is_ok_and(fits));
                if differs { Err("it is packed otherwise than it was".to_owned()) } else { Ok(()) }
            }
            Self::QrAsk | Self::QrAnswer => codes::read(self, bytes),
            Self::Link
            | Self::PhoneCircle
            | Self::PhoneRecord
            | Self::PhoneLost
            | Self::Pending
            | Self::PhoneKey
            | Self::Draft
            | Self::Summary
            | Self::TextsPage
            | Self::Lifted
            | Self::Resumed => rows::read(self, bytes),
            Self::Body
            | Self::SealedEntry
            | Self::Wrap
            | Self::OrganisationWrap
            | Self::Box
            | Self::KeysForDevice
            | Self::Code
            | Self::AtRest => sealed::read(self, bytes),
        }
    }
}

/// A fuzzer with its corpus of honest inputs.
pub struct Fuzzer {
    corpus: Vec<(Target, Vec<u8>)>,
    /// Where each target's inputs are.
    places: BTreeMap<Target, Vec<usize>>,
    seed: Seed,
}

impl Fuzzer {
    /// A fuzzer whose choices grow from a number.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let corpus = corpus();
        let mut places: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
        for (at, (target, _)) in corpus.iter().enumerate() {
            places.entry(*target).or_default().push(at);
        }
        Self { corpus, places, seed: Seed::new(seed) }
    }

    /// How many honest inputs it mutates.
    #[must_use]
    pub fn corpus_len(&self) -> usize {
        self.corpus.len()
    }

    /// Tries one input for a reader.
    pub fn step(&mut self, target: Target) -> Option<Found> {
        let at = *self.seed.pick(self.places.get(&target)?)?;
        let honest = self.corpus[at].1.clone();
        let input = self.mutate(honest);
        let outcome = catch_unwind(AssertUnwindSafe(|| target.read(&input)));
        let how = match outcome {
            Ok(Ok(())) => return None,
            Ok(Err(how)) => how,
            Err(_) => "it panicked".to_owned(),
        };
        Some(Found { target, input: input.iter().map(|byte| format!("{byte:02x}")).collect(), how })
    }

    fn mutate(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..=self.seed.below(4) {
            let at = self.seed.below(bytes.len() + 1);
            match self.seed.below(8) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, self.seed.next_u64() as u8),
                2 if at < bytes.len() => drop(bytes.remove(at)),
                3 if at < bytes.len() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][self.seed.below(5)],
                4 => {
                    let (_, other) = &self.corpus[self.seed.below(self.corpus.len())];
                    let from = self.seed.below(other.len());
                    let piece = other[from..].iter().take(1 + self.seed.below(40)).copied().collect::<Vec<_>>();
                    bytes.splice(at..at, piece);
                }
                5 => {
                    let len = self.seed.below(16).min(bytes.len() - at.min(bytes.len()));
                    let repeated = bytes[at..at + len].repeat(1 + self.seed.below(20));
                    bytes.splice(at..at, repeated);
                }
                _ if at < bytes.len() => bytes[at] ^= 1 << self.seed.below(8),
                _ => {}
            }
            bytes.truncate(INPUT_BYTES_MAX);
        }
        bytes
    }
}

/// What two phones and a hub write when people use them.
fn corpus() -> Vec<(Target, Vec<u8>)> {
    let now = NOW;
    let mut hub = Hub::new(now);
    hub.add_circle(CIRCLE_SALT);
    let links = [hub.invite(&CIRCLE, Role::Facilitator, 1), hub.invite(&CIRCLE, Role::Member, 9)];
    let (hub, bodies) = (Rc::new(RefCell::new(hub)), crate::tape::Bodies::default());
    for (number, link) in links.iter().enumerate() {
        let options = Options { origin: ORIGIN.to_owned(), seed: None, clock: PhoneClock::Fixed(now) };
        let link_to = Box::new(Tape { hub: Rc::clone(&hub), bodies: Rc::clone(&bodies) });
        let mut phone = Phone::over(MemoryStore::new(), link_to, &options, [number as u8 + 1; 32]);
        let circle = CIRCLE.to_string();
        let commands = [
            json!({"cmd": "enrol", "link": link, "name": "Ana"}),
            json!({"cmd": "createNote", "circle": circle, "day": 20_775, "ordinal": 0, "title": "Monday"}),
            json!({"cmd": "send", "circle": circle, "thread": "0000000000000000", "text": "I slept, ñ and 🙂."}),
            json!({"cmd": "sync"}),
            json!({"cmd": "send", "circle": circle, "thread": "0000000000000000", "text": "word ".repeat(80)}),
            json!({"cmd": "sync"}),
        ];
        // A command that fails leaves a smaller corpus, and the test of its size says so.
        commands.into_iter().for_each(|command| drop(phone.json(command)));
        // A year ahead: the server says when it took what is written now.
        phone.clock = PhoneClock::Fixed(now.plus_ms(31_536_000_000));
        let late = json!({"cmd": "send", "circle": circle, "thread": "0000000000000000", "text": "Ahead."});
        [late, json!({"cmd": "sync"})].into_iter().for_each(|command| drop(phone.json(command)));
        phone.set_link(Box::new(NoLink));
    }
    let hub = hub.borrow();
    let old = OldKeys { device: None, confirmed: 300, hints: [[1; 4], [2; 4]].into_iter().collect() };
    let used = CommissionRow { circle: *CIRCLE, expires: NOW };
    let shredded = ShreddedRow { last: Knows { generation: 1, position: 300, hash: RecordHash([6; 32]) } };
    let mut corpus: Vec<(Target, Vec<u8>)> = vec![
        (Target::OldKeys, old.encode()),
        (Target::UsedCommission, used.encode()),
        (Target::Shredded, shredded.encode()),
    ];
    for (url, body) in bodies.borrow().iter() {
        let target = if url.ends_with("/v1/enrol") { Target::Enrol } else { Target::Frames };
        corpus.push((target, body.clone()));
        let pages = if target == Target::Frames { pages(body) } else { Vec::new() };
        corpus.extend(pages.into_iter().map(|page| (Target::Page, page)));
    }
    let trees = [
        (Tree::Log, Target::StoredEntry),
        (Tree::Documents, Target::DocumentState),
        (Tree::Circles, Target::CircleRecord),
        (Tree::Invites, Target::Invite),
        (Tree::Roster, Target::RosterEntry),
        (Tree::Statements, Target::RecordRow),
    ];
    for (tree, target) in trees {
        corpus.extend(hub.store.rows(tree).map(|(_, value)| (target, value.to_vec())));
    }
    for (_, value) in hub.store.rows(Tree::Log) {
        if let Ok(entry) = StoredEntry::decode(value) {
            if let EntryContent::Plain(change) = &entry.content {
                corpus.push((Target::Change, change.clone()));
                corpus.extend(records(change));
            }
            let mut writer = Writer::new();
            entry.document.write(&mut writer);
            corpus.push((Target::DocumentName, writer.into_bytes()));
        }
    }
    let device = DeviceSecret::from_seed([5; 32]);
    corpus.push((Target::Enrol, EnrolRequest::find(&InviteSecret([6; 16]), NOW).encode()));
    corpus.push((Target::Enrol, EnrolRequest::come_back(&device, NOW).encode()));
    let statements = include_str!("../../shared/src/trust/statement_golden.hex").lines();
    corpus.extend(statements.map(|line| (Target::Statement, unhex(line))));
    corpus.extend(parts(&hub));
    corpus.extend(sealed::corpus());
    corpus.extend(codes::corpus());
    corpus.extend(rows::corpus());
    // What can't be written leaves a smaller corpus, and the test of its size says so.
    corpus.extend(toolkit().unwrap_or_default());
    corpus.extend(own::own());
    let (actor, circle) = (Actor::Device(device.id()), Some(*CIRCLE));
    let event = Event { time: NOW, actor, action: Action::Enrolled, circle, subject: vec![5; 16] };
    let module =
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x09\x01\x07\x01\x01\x7f\x20\0\x1a\x0b\x0b\x05words";
    corpus.extend(pack(module).map(|packed| (Target::PackedCore, packed)));
    corpus.push((Target::AuditRecord, Record { previous: [9; 32], event }.encode()));
    corpus
}

fn records(change: &[u8]) -> Vec<(Target, Vec<u8>)> {
    let Ok(change) = parse_change(change) else { return Vec::new() };
    let records = change.ops().filter_map(|op| match op.ok()?.value {
        Scalar::Bytes(bytes) if MessageRecord::decode(bytes).is_ok() => Some((Target::MessageRecord, bytes.to_vec())),
        Scalar::Bytes(bytes) if StrategyRecord::decode(bytes).is_ok() => Some((Target::StrategyRecord, bytes.to_vec())),
        _ => None,
    });
    records.collect()
}

/// A toolkit's changes, with what is in and beside them.
fn toolkit() -> Result<Vec<(Target, Vec<u8>)>, EditProblem> {
    let name = DocumentName::new(Subject::Toolkit);
    let opened = Handle::open::<Vec<u8>>(&CIRCLE, &name, ActorId([7; 16]), &[]);
    let mut handle = opened.map_err(|_| EditProblem::Engine)?;
    let moments = vec![Moment::Panic, Moment::Own { word: "rain".to_owned() }, Moment::Later { code: 200 }];
    let (salt, text) = (TextSalt([9; 16]), "Out, and on: ñ and 🙂.".to_owned());
    let said = StrategyText { salt, title: "Walk".to_owned(), text, moments };
    let (first, body) = handle.add_strategy(NOW, &said, None)?;
    let (second, other) = handle.add_strategy(NOW, &StrategyText { moments: Vec::new(), ..said }, Some(&first))?;
    handle.helped(&second, true, &[], NOW)?;
    handle.helped(&second, false, &[], NOW)?;
    handle.take_back_strategy(&first, NOW)?;
    let mut corpus = vec![(Target::StrategyText, body), (Target::StrategyText, other)];
    let mut writer = Writer::new();
    name.write(&mut writer);
    corpus.push((Target::DocumentName, writer.into_bytes()));
    for change in handle.commit(NOW) {
        corpus.extend(records(&change));
        corpus.push((Target::Change, change));
    }
    Ok(corpus)
}

/// What is written of what all these bytes were read as.
fn whole<T>(
    bytes: &[u8],
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, DecodeError>,
    write: impl FnOnce(&T, &mut Writer),
) -> Option<Vec<u8>> {
    let (mut reader, mut writer) = (Reader::new(bytes), Writer::new());
    let value = read(&mut reader).ok()?;
    reader.finish("input").ok()?;
    write(&value, &mut writer);
    Some(writer.into_bytes())
}

/// What stands between other things in frames and rows.
fn parts(hub: &Hub) -> Vec<(Target, Vec<u8>)> {
    let (mut head, mut signature, mut warrant) = (Writer::new(), Writer::new(), Writer::new());
    let (device, chain) = (DeviceSecret::from_seed([5; 32]), hub.chain(&CIRCLE));
    let knows = chain.chain().head();
    let signed = hub.keys.head(&CIRCLE, knows, NOW);
    signed.write(&mut head);
    let (document, actor, entry) = (DocumentId([1; 16]), ActorId([2; 16]), EntryId([3; 32]));
    SignedHead { circle: *CIRCLE, document, actor, seq: 3, entry, knows }.sign(&device).write(&mut signature);
    hub.keys.warrant(&CIRCLE, &device.id(), NOW, knows.position).write(&mut warrant);
    let row = |row: &RecordRow| {
        let text = GivenText::Given(Stated { statement: row.statement.clone(), attachment: vec![7; 80] });
        GivenRecord { time: row.record.time, fold: row.record.fold, text }
    };
    let mut records: Vec<GivenRecord> = chain.rows().iter().map(row).collect();
    let late = GivenText::Named(StatementId([4; 32]));
    records.push(GivenRecord { time: NOW, fold: 1 | RECORD_OF_KEYS | RECORD_LATE, text: late });
    let back = GivenText::Named(StatementId([5; 32]));
    records.push(GivenRecord { time: TimestampMs(NOW.0 / 2), fold: 1 | RECORD_OF_KEYS | RECORD_SET_BACK, text: back });
    let stated = records.iter().filter_map(|record| match &record.text {
        GivenText::Given(stated) => {
            let mut writer = Writer::new();
            stated.write(&mut writer);
            Some((Target::Stated, writer.into_bytes()))
        }
        GivenText::Named(_) => None,
    });
    let mut parts: Vec<_> = stated.collect();
    let brought_back = Some(BroughtBack { from: 1, records, head: signed, upto: Some(signed) });
    let stated = Stated { statement: chain.rows()[0].statement.clone(), attachment: vec![7; 80] };
    let texts = vec![BroughtText { position: 1, stated }];
    let ask = CircleAsk { brought_back, texts, chain: ChainCursor::of(&knows), ..CircleAsk::of(*CIRCLE) };
    let request = RequestHeader::sign(&device, NOW, 1_000, vec![ask], Vec::new());
    parts.extend([
        (Target::Frames, Frame::Request(request).encode()),
        (Target::ChainHead, head.into_bytes()),
        (Target::EntrySignature, signature.into_bytes()),
        (Target::Warrant, warrant.into_bytes()),
    ]);
    parts
}

fn unhex(line: &str) -> Vec<u8> {
    let digit = |digit: u8| (digit as char).to_digit(16).unwrap_or(0) as u8;
    line.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    /// A phone is started anew after each code that it took, and for each row; an unpacker fills 10 MB.
    fn steps(target: Target) -> usize {
        match target {
            Target::QrAsk | Target::QrAnswer | Target::Link | Target::PhoneCircle => 200,
            Target::PhoneRecord | Target::PhoneLost | Target::Pending | Target::PhoneKey => 200,
            Target::Draft | Target::Summary | Target::TextsPage | Target::Lifted => 200,
            Target::Resumed | Target::PackedCore => 200,
            _ => 6_000,
        }
    }

    #[test]
    fn hostile_bytes_are_refused_or_read_and_nothing_else() {
        let mut fuzzer = Fuzzer::new(1);
        let lacking = |target: &&Target| !fuzzer.places.contains_key(target);
        let lacking: Vec<&Target> = Target::value_variants().iter().filter(lacking).collect();
        assert!(lacking.is_empty(), "every reader has honest inputs: {lacking:?}");
        assert!(fuzzer.corpus_len() > 50);
        for (target, honest) in &fuzzer.corpus {
            assert_eq!(target.read(honest), Ok(()), "{target:?}");
        }
        for target in Target::value_variants() {
            for _ in 0..steps(*target) {
                assert_eq!(fuzzer.step(*target), None);
            }
        }
    }
}
