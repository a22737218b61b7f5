use super::*;
use crate::codec::DecodeError;
use crate::gate::testing::Dice;
use crate::gate::{BODY_BYTES_MAX, Refusal};
use crate::ids::{
    BodyId, CircleId, DeviceId, DocumentId, EntryId, EpochId, Incarnation, PageMark, RecordHash, StatementId, ThreadId,
};
use crate::ids::{DocumentName, Subject};
use crate::time::{Day, Month, TimestampMs};
use crate::trust::{
    CLOCK_SKEW_MS_MAX, ChainHead, DeviceSecret, Knows, MemberState, RECORD_OF_KEYS, RECORD_SET_BACK, RequestProblem,
    Signed, SigningSecret, StatementProblem,
};

const NOW: TimestampMs = TimestampMs(1_790_000_000_000);

fn device() -> DeviceSecret {
    DeviceSecret::from_seed([4; 32])
}

fn note(day: u32) -> DocumentName {
    DocumentName { schema: 1, subject: Subject::SessionNote { day: Day(day), ordinal: 0 } }
}

fn thread(month: u16) -> DocumentName {
    let subject = Subject::Thread { thread: ThreadId([3; 8]), month: Month(month), part: 0 };
    DocumentName { schema: 1, subject }
}

fn ask() -> CircleAsk {
    CircleAsk {
        cursor: vec![2; 20],
        chain: ChainCursor { generation: 0, position: 40, mark: [3; 8] },
        ..CircleAsk::of(CircleId([1; 16]))
    }
}

fn stated(statement: Vec<u8>, attachment: Vec<u8>) -> Stated {
    Stated { statement, attachment }
}

/// The end of a chain, as the server signs it.
fn head(position: u64) -> Signed<ChainHead> {
    let server = SigningSecret::from_seed(&[6; 32]);
    ChainHead::sign(&server, CircleId([1; 16]), Knows { generation: 1, position, hash: RecordHash([6; 32]) }, NOW)
}

fn records() -> Vec<GivenRecord> {
    let given = |fold, text| GivenRecord { time: NOW, fold, text };
    vec![
        given(1, GivenText::Given(stated(vec![4; 300], vec![5; 3]))),
        given(1 | RECORD_OF_KEYS, GivenText::Named(StatementId([6; 32]))),
        GivenRecord {
            time: TimestampMs(NOW.0 - 400_000),
            fold: 1 | RECORD_OF_KEYS | RECORD_SET_BACK,
            text: GivenText::Named(StatementId([7; 32])),
        },
    ]
}

fn chains(dice: &mut Dice, count: usize) -> Vec<ChainTip> {
    let mut chains: Vec<_> = (0..count)
        .map(|n| ChainTip {
            device: DeviceId([n as u8 + 1; 32]),
            incarnation: Incarnation(0),
            seq: 1 + dice.below(60) as u64,
        })
        .collect();
    chains.sort_unstable();
    chains
}

fn request(circles: Vec<CircleAsk>) -> Frame {
    Frame::Request(RequestHeader::sign(&device(), NOW, 65_536, circles, vec![]))
}

fn answer() -> CircleAnswer {
    CircleAnswer { cursor: vec![2; 20], ..CircleAnswer::of(CircleId([1; 16])) }
}

fn full_answer() -> CircleAnswer {
    let mut dice = Dice(3);
    CircleAnswer {
        resync: true,
        state: MemberState::Provisional,
        chain: ChainState::Differs,
        from: 41,
        records: records(),
        head: Some(head(42)),
        parts: vec![head(41), head(42)],
        lacking: vec![Lacking { position: 7, text: true }, Lacking { position: 300, text: false }],
        refused_statements: vec![RefusedStatement {
            statement: StatementId([12; 32]),
            problem: StatementProblem::NotAllowed,
        }],
        warrant: vec![13; 140],
        acks: vec![Ack {
            document: thread(680),
            chains: chains(&mut dice, 3),
            heads_digest: [7; 8],
            clock_digest: [8; 8],
        }],
        refused: vec![RefusedEntry { document: DocumentId([9; 16]), entry: EntryId([10; 32]), refusal: Refusal::Fork }],
        missing: vec![(note(20_001), EntryId([11; 32]))],
        ..answer()
    }
}

fn decode(bytes: &[u8]) -> Result<Option<Frame>, FrameError> {
    let mut decoder = FrameDecoder::default();
    decoder.feed(bytes);
    decoder.next_frame()
}

fn all_frames() -> Vec<Frame> {
    let mut dice = Dice(2);
    let other = CircleAsk { circle: CircleId([2; 16]), ..ask() };
    let full = CircleAsk {
        unsure: vec![note(20_000), DocumentName { schema: 1, subject: Subject::Profile }],
        clocks: (0..60).map(|n| DocumentClock { document: note(n), chains: chains(&mut dice, 12) }).collect(),
        wanted: vec![BodyId([5; 32]), BodyId([6; 32])],
        statements: vec![stated(vec![7; 200], vec![]), stated(vec![8; 1], vec![9; 80])],
        brought_back: Some(BroughtBack { from: 38, records: records(), head: head(40), upto: Some(head(39)) }),
        texts: vec![BroughtText { position: 7, stated: stated(vec![3; 40], vec![4; 2]) }],
        sealing: Some(EpochId([9; 32])),
        wants_warrant: true,
        ..ask()
    };
    let problem = Problem { code: ProblemCode::Clock, time: NOW, detail: "the clock is off".into() };
    vec![
        request(vec![]),
        request(vec![other, full]),
        Frame::Request(RequestHeader::sign(&device(), NOW, 1, vec![ask()], vec![PageMark::of(&[1, 2, 3]); PAGES_MAX])),
        Frame::Page(vec![1, 2, 3]),
        Frame::Answer(AnswerHeader { time: NOW, circles: vec![answer(), full_answer()] }),
        Frame::Bodies(vec![vec![], vec![1; BODY_BYTES_MAX]]),
        Frame::Bodies(vec![vec![7; BODY_BYTES_MAX]; WANTED_BODIES_MAX]),
        Frame::End { more: true },
        Frame::End { more: false },
        Frame::Problem(problem),
    ]
}

#[test]
fn frames_survive_in_pieces_of_any_size() {
    let frames = all_frames();
    let stream: Vec<u8> = frames.iter().flat_map(Frame::encode).collect();
    for piece in [1, 2, 7, 1_000, stream.len()] {
        let mut decoder = FrameDecoder::default();
        let mut read = Vec::new();
        for bytes in stream.chunks(piece) {
            decoder.feed(bytes);
            while decoder.has_frame() {
                read.extend(decoder.next_frame().unwrap());
            }
            assert_eq!(decoder.next_frame(), Ok(None));
        }
        assert!(!decoder.is_mid_frame());
        assert_eq!(read, frames);
    }
}

#[test]
fn a_circle_named_twice_is_refused_when_the_request_is_read() {
    let others = (0..CIRCLES_MAX as u8).map(|at| CircleAsk { circle: CircleId([at; 16]), ..ask() }).collect();
    assert!(decode(&request(others).encode()).is_ok(), "as many circles as may be");
    let named_twice = DecodeError::Invalid { what: "circle named twice" };
    for times in [2, CIRCLES_MAX] {
        let refused = decode(&request(vec![ask(); times]).encode());
        assert_eq!(refused, Err(FrameError::Malformed { kind: 1, cause: named_twice }), "{times} times");
    }
}

#[test]
fn a_claim_above_the_bound_is_refused_before_the_bytes_come() {
    for (kind, bound) in [(1, FRAME_BYTES_MAX), (2, PAGE_BYTES_MAX), (5, 1)] {
        let mut writer = crate::codec::Writer::new();
        writer.byte(kind).count(bound + 1);
        let mut decoder = FrameDecoder::default();
        decoder.feed(&writer.into_bytes());
        decoder.feed(&[0; 100]);
        assert_eq!(decoder.next_frame(), Err(FrameError::TooLarge { kind }));
        assert_eq!(decoder.next_frame(), Err(FrameError::TooLarge { kind }), "and from then on");
    }
    assert_eq!(decode(&[77]), Err(FrameError::UnknownKind { kind: 77 }));
    assert!(matches!(decode(&[5, 0x81, 0]), Err(FrameError::Malformed { kind: 5, .. })));
}

#[test]
fn another_version_is_named() {
    let mut bytes = request(vec![ask()]).encode();
    let at = bytes.iter().position(|byte| *byte == PROTOCOL_VERSION && bytes[0] == 1).unwrap().max(3);
    bytes[at] = PROTOCOL_VERSION + 1;
    let error = decode(&bytes).unwrap_err();
    assert_eq!((error, error.code()), (FrameError::Version { version: PROTOCOL_VERSION + 1 }, ProblemCode::Version));
}

#[test]
fn a_signature_covers_the_whole_header() {
    let Ok(Some(Frame::Request(header))) = decode(&request(vec![ask()]).encode()) else { panic!() };
    let keys = *device().public();
    assert!(header.clone().verify((&keys, NOW)).is_ok());
    let late = NOW.plus_ms(CLOCK_SKEW_MS_MAX + 1);
    assert!(matches!(header.clone().verify((&keys, late)), Err(RequestProblem::ClockSkew { .. })));
    for change in 0..5 {
        let mut other = header.claimed().clone();
        match change {
            0 => other.response_bytes_max += 1,
            1 => other.circles[0].cursor[0] ^= 1,
            2 => other.stamp.time = NOW.plus_ms(1),
            3 => other.pages.push(PageMark::of(b"a page")),
            _ => other.circles[0].wanted.push(BodyId([1; 32])),
        }
        assert_eq!(Signed::new(other).verify((&keys, NOW)), Err(RequestProblem::Signature));
    }
}

#[test]
fn the_order_of_chains_does_not_matter_to_the_writer_and_does_to_the_reader() {
    let mut dice = Dice(9);
    let sorted = chains(&mut dice, 5);
    let mut mixed = sorted.clone();
    mixed.reverse();
    let with = |chains| {
        let clocks = vec![DocumentClock { document: note(1), chains }];
        RequestHeader::sign(&device(), NOW, 1, vec![CircleAsk { clocks, ..ask() }], vec![])
    };
    assert_eq!(with(mixed).claimed().signed_content(), with(sorted.clone()).claimed().signed_content());
    let twice = vec![sorted[0], sorted[0]];
    let bytes = Frame::Request(with(twice)).encode();
    let cause = DecodeError::Invalid { what: "chain order" };
    assert_eq!(decode(&bytes), Err(FrameError::Malformed { kind: 1, cause }));
}

#[test]
fn a_long_detail_is_cut_between_characters() {
    let detail = "é".repeat(400);
    let problem = Problem { code: ProblemCode::Busy, time: NOW, detail };
    let Ok(Some(Frame::Problem(read))) = decode(&Frame::Problem(problem).encode()) else { panic!() };
    assert_eq!(read.detail.len(), PROBLEM_DETAIL_BYTES_MAX);
}

#[test]
fn an_in_sync_check_and_a_resync_are_small() {
    let request_len = request(vec![ask()]).encode().len() + Frame::End { more: false }.encode().len();
    let header = AnswerHeader { time: NOW, circles: vec![answer()] };
    let answer_len = Frame::Answer(header).encode().len() + Frame::End { more: false }.encode().len();
    let mut dice = Dice(1);
    let mut devices: Vec<_> = (0..12).map(|_| DeviceId(dice.bytes(32).try_into().unwrap())).collect();
    devices.sort_unstable();
    let clocks = (0..54)
        .map(|n| DocumentClock {
            document: if n < 50 { note(20_000 + n * 7) } else { thread(680 - n as u16) },
            chains: devices
                .iter()
                .map(|device| ChainTip { device: *device, incarnation: Incarnation(0), seq: dice.next() % 50 + 1 })
                .collect(),
        })
        .collect();
    let resync_len = request(vec![CircleAsk { cursor: vec![], clocks, ..ask() }]).encode().len();
    eprintln!("in sync: {request_len} B up, {answer_len} B down; resync of 54 documents: {resync_len} B");
    assert!(request_len <= 200 && answer_len <= 100 && resync_len <= 2_000);
}

#[test]
fn damaged_frames_are_errors_and_never_panic() {
    let mut dice = Dice(4);
    for frame in all_frames() {
        let bytes = frame.encode();
        for _ in 0..400 {
            let mut damaged = bytes.clone();
            let reach = damaged.len().min(300);
            for _ in 0..=dice.below(3) {
                let at = dice.below(reach);
                damaged[at] = [0, 1, 0x7f, 0x80, 0xff, dice.next() as u8][dice.below(6)];
            }
            let Ok(Some(read)) = decode(&damaged) else { continue };
            let again = read.encode();
            assert_eq!(decode(&again).unwrap().as_ref(), Some(&read), "what is read is written in one form");
        }
        let len = dice.below(200);
        drop(decode(&dice.bytes(len)));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn headers_have_these_bytes() {
    let circles = vec![CircleAsk { unsure: vec![thread(680)], wanted: vec![BodyId([5; 32])], ..ask() }];
    let pages = vec![PageMark::of(b"first"), PageMark::of(b"second")];
    let request = Frame::Request(RequestHeader::sign(&device(), NOW, 65_536, circles, pages));
    let answer = Frame::Answer(AnswerHeader { time: NOW, circles: vec![full_answer()] });
    let problem = Frame::Problem(Problem { code: ProblemCode::Clock, time: NOW, detail: "late".into() });
    let golden: Vec<_> = [request, answer, problem].iter().map(|frame| hex(&frame.encode())).collect();
    assert_eq!(golden, include_str!("header_golden.hex").lines().collect::<Vec<_>>());
}
