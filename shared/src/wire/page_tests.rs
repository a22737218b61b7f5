use super::page::PAGE_VERSION;
use super::*;
use crate::codec::DecodeError;
use crate::gate::testing::{Dice, history};
use crate::ids::{ActorId, CircleId, DeviceId, Incarnation, RecordHash, ThreadId};
use crate::ids::{DocumentName, Subject};
use crate::time::{Day, Month};
use crate::trust::{EntrySignature, Signature};

const CIRCLE: CircleId = CircleId([0xc1; 16]);

/// A signature of these bytes, at some position of the circle's chain.
fn signed(bytes: [u8; 64]) -> EntrySignature {
    EntrySignature { signature: Signature(bytes), generation: 0, position: 300, lost_hash: None }
}

/// A signature that nobody foresees, at some position, rarely one that is lost.
fn any_signature(dice: &mut Dice) -> EntrySignature {
    let signature = signed(dice.bytes(64).try_into().unwrap());
    let lost_hash = (dice.below(9) == 0).then(|| RecordHash(dice.bytes(32).try_into().unwrap()));
    EntrySignature { generation: dice.below(2) as u32, position: 300 + dice.below(3) as u64, lost_hash, ..signature }
}

fn note(day: u32) -> DocumentName {
    DocumentName { schema: 1, subject: Subject::SessionNote { day: Day(day), ordinal: 0 } }
}

fn thread() -> DocumentName {
    let subject = Subject::Thread { thread: ThreadId::CIRCLE, month: Month(680), part: 0 };
    DocumentName { schema: 1, subject }
}

/// Honest changes as entries; each is signed, and a signature covers what its chain has before it.
fn entries(seed: u64, document: DocumentName, steps: usize) -> Vec<Entry> {
    let devices: Vec<_> = (1..5).map(|n| DeviceId([n; 32])).collect();
    let actors: Vec<_> =
        devices.iter().map(|device| ActorId::derive(device, &document.id(&CIRCLE), Incarnation(0))).collect();
    let mut dice = Dice(seed);
    let changes = history(seed, &actors, steps);
    changes
        .iter()
        .filter_map(|change| {
            let device = actors.iter().position(|actor| actor.as_bytes() == change.actor_id().to_bytes())?;
            let bodies = (0..dice.below(3)).map(|n| dice.bytes(n * 60)).collect();
            let signature = Some(any_signature(&mut dice));
            let admitted = (dice.below(7) == 0).then(|| crate::time::TimestampMs(dice.below(1 << 40) as u64));
            Some(Entry {
                document,
                device: devices[device],
                incarnation: Incarnation(0),
                content: EntryContent::Plain(change.raw_bytes().to_vec()),
                signature,
                bodies,
                admitted,
            })
        })
        .collect()
}

/// What a page must bring: signatures are left out where the next of the chain names the same place.
fn without_superseded(entries: &[Entry]) -> Vec<Entry> {
    let mut expected = entries.to_vec();
    let place = |signed: &EntrySignature| (signed.generation, signed.position, signed.lost_hash);
    for at in 0..expected.len() {
        let later = |other: &&Entry| other.device == entries[at].device && other.document == entries[at].document;
        let next = entries[at + 1..].iter().filter(later).find_map(|other| other.signature);
        expected[at].signature =
            expected[at].signature.filter(|own| next.is_none_or(|next| place(&next) != place(own)));
    }
    expected
}

#[test]
fn pages_bring_every_entry_byte_for_byte() {
    for seed in 0..12 {
        let mut all = entries(seed, note(20_000), 90);
        all.extend(entries(seed + 100, thread(), 40));
        let (mut rest, mut pages) = (&all[..], 0);
        while !rest.is_empty() {
            let (bytes, count) = pack_page(&CIRCLE, b"cursor", rest);
            assert!(count > 0 && bytes.len() <= PAGE_BYTES_MAX);
            let page = unpack_page(&bytes).unwrap();
            assert_eq!((page.circle, &page.cursor[..]), (CIRCLE, &b"cursor"[..]));
            assert_eq!(page.entries, without_superseded(&rest[..count]));
            rest = &rest[count..];
            pages += 1;
        }
        assert!(pages < 6, "{pages} pages");
    }
}

#[test]
fn a_page_ends_where_every_chain_is_covered() {
    let mut all = entries(3, note(20_000), 60);
    for (at, entry) in all.iter_mut().enumerate() {
        if at != 20 {
            entry.signature = None;
        }
    }
    let last = all[20].device;
    all.truncate(30);
    let covered = all[..21].iter().all(|entry| entry.device == last);
    let (_, count) = pack_page(&CIRCLE, &[], &all);
    assert_eq!(count, if covered { 21 } else { 0 });
    let of_one: Vec<_> = all[..21].iter().filter(|entry| entry.device == last).cloned().collect();
    let (bytes, count) = pack_page(&CIRCLE, &[], &of_one);
    assert_eq!(count, of_one.len());
    assert_eq!(unpack_page(&bytes).unwrap().entries, of_one);
    assert_eq!(pack_page(&CIRCLE, &[], &of_one[..count - 1]).1, 0);
    assert_eq!(pack_page(&CIRCLE, &[], &[]).1, 0);
}

#[test]
fn bytes_that_are_no_canonical_change_travel_as_they_are() {
    let mut all = entries(4, thread(), 12);
    all.truncate(8);
    all[2].content = EntryContent::Plain(b"no change".to_vec());
    all[4].incarnation = Incarnation(7);
    all[5].content = EntryContent::Plain(vec![]);
    let (bytes, count) = pack_page(&CIRCLE, &[], &all);
    let page = unpack_page(&bytes).unwrap();
    assert_eq!(count, 8);
    for (entry, sent) in page.entries.iter().zip(&all) {
        assert_eq!((&entry.content, entry.incarnation), (&sent.content, sent.incarnation));
    }
}

#[test]
fn what_cannot_be_squeezed_is_cut_to_pages() {
    let mut dice = Dice(8);
    let mut all = entries(5, thread(), 40);
    for entry in &mut all {
        entry.bodies = vec![dice.bytes(1_000)];
    }
    let (bytes, count) = pack_page(&CIRCLE, &[], &all);
    assert!(count > 10 && bytes.len() <= PAGE_BYTES_MAX);
    let (down, again) = pack_page(&CIRCLE, &[0xcc; CURSOR_BYTES_MAX], &all[..count]);
    assert!(again == count && down.len() <= PAGE_BYTES_MAX, "what came up in a page goes down in one");
    for entry in &mut all {
        entry.bodies = (0..4).map(|_| dice.bytes(5_000)).collect();
    }
    assert_eq!(pack_page(&CIRCLE, &[], &all).1, 0);
}

#[test]
fn damaged_pages_and_garbage_are_errors_and_never_panic() {
    let mut dice = Dice(6);
    let (bytes, _) = pack_page(&CIRCLE, b"c", &entries(6, thread(), 40));
    let content = super::squeeze::unsqueeze(&bytes[1..], PAGE_INFLATED_BYTES_MAX, &[], "page").unwrap().into_owned();
    for _ in 0..4_000 {
        let mut damaged = content.clone();
        for _ in 0..=dice.below(3) {
            let reach = if dice.below(2) == 0 { 400 } else { damaged.len() };
            let at = dice.below(reach);
            damaged[at] = [0, 1, 0x7f, 0x80, 0xff, dice.next() as u8][dice.below(6)];
        }
        if dice.below(8) == 0 {
            damaged.truncate(dice.below(damaged.len()));
        }
        let page = [&[PAGE_VERSION, 0][..], &damaged].concat();
        drop(unpack_page(&page));
        let mut squeezed = vec![PAGE_VERSION];
        super::squeeze::squeeze(&damaged, 0, &[], &mut squeezed);
        drop(unpack_page(&squeezed));
        let len = dice.below(300);
        drop(unpack_page(&dice.bytes(len)));
    }
    assert_eq!(unpack_page(&[9, 0]), Err(DecodeError::Invalid { what: "page version" }));
    assert!(unpack_page(&vec![0; PAGE_BYTES_MAX + 1]).is_err());
}

#[test]
fn a_page_that_inflates_too_far_is_refused() {
    let mut page = vec![PAGE_VERSION];
    super::squeeze::squeeze(&vec![0; PAGE_INFLATED_BYTES_MAX + 1], 0, &[], &mut page);
    assert!(page.len() < 200);
    assert_eq!(unpack_page(&page), Err(DecodeError::TooLarge { what: "page", max: PAGE_INFLATED_BYTES_MAX }));
}

#[test]
fn sealed_entries_travel_as_they_are_beside_plain_ones() {
    let mut all = entries(2, thread(), 3);
    let name = DocumentName { schema: 1, subject: Subject::FacilitatorNote { day: Day(20_000), ordinal: 0 } };
    for (at, entry) in all.iter_mut().enumerate() {
        if at % 2 == 0 {
            *entry = Entry {
                document: name,
                content: EntryContent::Sealed(vec![at as u8; 300 + at]),
                signature: Some(signed([9; 64])),
                bodies: Vec::new(),
                ..entry.clone()
            };
        } else {
            entry.signature = Some(signed([8; 64]));
        }
    }
    let (bytes, count) = pack_page(&CIRCLE, &[], &all);
    assert_eq!(count, all.len());
    let page = unpack_page(&bytes).unwrap();
    let contents = |entries: &[Entry]| entries.iter().map(|entry| entry.content.clone()).collect::<Vec<_>>();
    assert_eq!(contents(&page.entries), contents(&all));
    for cut in 0..bytes.len() {
        assert!(unpack_page(&bytes[..cut]).is_err());
    }
}

#[test]
fn a_small_page_has_these_bytes() {
    let entry = Entry { bodies: vec![b"hello".to_vec()], admitted: None, ..entries(1, thread(), 3).remove(0) };
    let (bytes, count) = pack_page(&CIRCLE, b"cur", &[Entry { signature: Some(signed([0x55; 64])), ..entry }]);
    assert_eq!((count, bytes[0]), (1, PAGE_VERSION));
    let content = super::squeeze::unsqueeze(&bytes[1..], PAGE_INFLATED_BYTES_MAX, &[], "page").unwrap();
    let hex: String = content.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("page_golden.hex").trim());
}

#[test]
fn a_page_that_says_when_an_entry_was_admitted_has_these_bytes() {
    let admitted = Some(crate::time::TimestampMs(1_795_000_000_000));
    let entry = Entry { bodies: vec![b"hello".to_vec()], admitted, ..entries(1, thread(), 3).remove(0) };
    let all = [Entry { signature: Some(signed([0x55; 64])), ..entry }];
    let (bytes, count) = pack_page(&CIRCLE, b"cur", &all);
    assert_eq!((count, bytes[0]), (1, super::page::ADMITTED_VERSION));
    assert_eq!(unpack_page(&bytes).unwrap().entries, all);
    let content = super::squeeze::unsqueeze(&bytes[1..], PAGE_INFLATED_BYTES_MAX, &[], "page").unwrap();
    let hex: String = content.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("page_admitted_golden.hex").trim());
    let mut before = bytes;
    before[0] = PAGE_VERSION;
    assert_eq!(unpack_page(&before), Err(DecodeError::Invalid { what: "page version" }), "each page has one form");
}

/// Messages of 100 characters by 12 people, as they are sent to a phone that was away.
#[allow(clippy::disallowed_methods, reason = "time is an argument")]
fn messages(count: usize) -> Vec<Entry> {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{AutoCommit, ObjType, ROOT, ReadDoc};

    let words: Vec<_> = "I walked down to the river again today and thought of what you said about the first week how hard \
        mornings were for all of us she called me yesterday we talked for an hour nothing special but it helped the craving \
        came back at night so I wrote it down as we agreed on Tuesday thank you everyone see you next time bring tea"
        .split_whitespace()
        .collect();
    let mut dice = Dice(12);
    let devices: Vec<_> = (0..12).map(|_| DeviceId(dice.bytes(32).try_into().unwrap())).collect();
    let actor = |device: &DeviceId| ActorId::derive(device, &thread().id(&CIRCLE), Incarnation(0));
    let mut base = AutoCommit::new().with_actor(automerge::ActorId::from(&[0; 16][..]));
    let messages = base.put_object(ROOT, "m", ObjType::Map).unwrap();
    base.commit_with(CommitOptions::default().with_time(0));
    let mut entries = Vec::new();
    for n in 0..count {
        let device = devices[dice.below(12)];
        let mut body = String::new();
        while body.len() < 100 {
            body += words[dice.below(words.len())];
            body.push(' ');
        }
        let mut document = AutoCommit::new().with_actor(automerge::ActorId::from(actor(&device).as_bytes()));
        document.merge(&mut base).unwrap();
        let key = format!("{}.{n:x}", &actor(&device).to_string()[..8]);
        let message = document.put_object(&messages, key, ObjType::Map).unwrap();
        let time = 1_790_000_000_000 + n as i64 * 977_123;
        document.put(&message, "t", time).unwrap();
        document.put(&message, "b", crate::ids::BodyId::of(body.as_bytes()).as_bytes().to_vec()).unwrap();
        document.commit_with(CommitOptions::default().with_time(time));
        base.merge(&mut document).unwrap();
        assert!(base.length(&messages) == n + 1);
        let change = base.get_changes(&[]).pop().unwrap();
        entries.push(Entry {
            document: thread(),
            device,
            incarnation: Incarnation(0),
            content: EntryContent::Plain(change.raw_bytes().to_vec()),
            signature: Some(signed(dice.bytes(64).try_into().unwrap())),
            bodies: vec![body.into_bytes()],
            admitted: None,
        });
    }
    entries
}

#[test]
#[allow(clippy::disallowed_methods, reason = "measures")]
fn a_chat_message_costs_less_than_200_bytes_in_a_page() {
    let entries = messages(100);
    let begin = std::time::Instant::now();
    let (bytes, count) = pack_page(&CIRCLE, &[1; 20], &entries);
    let packed = begin.elapsed();
    let begin = std::time::Instant::now();
    let page = unpack_page(&bytes).unwrap();
    let unpacked = begin.elapsed();
    let raw_of = |entry: &Entry| entry.content.bytes().len() + entry.bodies[0].len() + 64 + 32;
    let raw: usize = entries.iter().map(raw_of).sum();
    assert_eq!((count, page.entries.len()), (100, 100));
    let each = bytes.len() / count;
    eprintln!("{each} B a message, {} B raw; packed in {packed:?}, unpacked in {unpacked:?}", raw / count);
    assert!(each < 200, "{each}");
}

#[test]
fn the_id_of_a_body_that_comes_along_does_not() {
    let mut all = messages(20);
    // One text was taken back, one is another than its message says, one stands beside another.
    all[3].bodies = vec![Vec::new()];
    all[5].bodies = vec![b"another".to_vec()];
    all[7].bodies.insert(0, b"before".to_vec());
    let (bytes, count) = pack_page(&CIRCLE, b"cursor", &all);
    assert_eq!(count, all.len());
    assert_eq!(unpack_page(&bytes).unwrap().entries, without_superseded(&all));
    let content = super::squeeze::unsqueeze(&bytes[1..], PAGE_INFLATED_BYTES_MAX, &[], "page").unwrap();
    for (at, entry) in all.iter().enumerate() {
        let text = entry.bodies.last().unwrap();
        let id = crate::ids::BodyId::of(text);
        assert!(!content.windows(id.0.len()).any(|bytes| bytes == id.0), "{at}");
    }
    let [entry, ..] = &all[..] else { unreachable!() };
    let (bytes, _) = pack_page(&CIRCLE, b"cur", &[Entry { signature: Some(signed([0x55; 64])), ..entry.clone() }]);
    let content = super::squeeze::unsqueeze(&bytes[1..], PAGE_INFLATED_BYTES_MAX, &[], "page").unwrap();
    let hex: String = content.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("page_bodies_golden.hex").trim());
}

#[test]
fn a_page_behind_another_is_smaller_and_read_behind_it_alone() {
    let all = messages(700);
    let (mut rest, mut before, mut pages) = (&all[..], Vec::new(), Vec::new());
    let mut alone = 0;
    while !rest.is_empty() {
        let (page, taken) = pack_page_behind(&CIRCLE, &|taken| vec![taken as u8], rest, &mut before);
        alone += pack_page(&CIRCLE, &[taken as u8], &rest[..taken]).0.len();
        assert!(taken > 0 && page.len() <= PAGE_BYTES_MAX);
        assert_eq!(page[1], if pages.is_empty() { 1 } else { 2 }, "the form");
        pages.push((page, &rest[..taken]));
        rest = &rest[taken..];
    }
    assert!(pages.len() > 2);
    let mut before = Vec::new();
    for (at, (page, entries)) in pages.iter().enumerate() {
        assert_eq!(unpack_page(page).is_ok(), at == 0, "by itself");
        let (read, left) = unpack_page_behind(page, &before).unwrap();
        assert_eq!(read.entries, without_superseded(entries));
        assert_eq!(unpack_page_behind(page, &left).is_ok(), at == 0, "behind another");
        before = left;
    }
    let behind: usize = pages.iter().map(|(page, _)| page.len()).sum();
    assert!(behind * 100 < alone * 99, "{behind} of {alone}");
    // What is cut or damaged is an error, and a page that holds nothing leaves what was left.
    let (page, _) = &pages[1];
    let (_, first) = unpack_page_behind(&pages[0].0, &[]).unwrap();
    for cut in (0..page.len()).step_by(97) {
        assert!(unpack_page_behind(&page[..cut], &first).is_err());
    }
    let mut kept = first.clone();
    assert_eq!(pack_page_behind(&CIRCLE, &|_| Vec::new(), &[], &mut kept).1, 0);
    assert_eq!(kept, first);
}
