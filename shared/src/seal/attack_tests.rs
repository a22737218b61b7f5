//! What must not open, or not be taken.

use crate::codec::{DecodeError, Writer};
use crate::gate::CHANGE_BYTES_MAX;
use crate::gate::testing::Dice;
use crate::ids::{ActorId, CircleId, DeviceId, DocumentId, EntryId, Incarnation, MemberId, SealingKey};
use crate::trust::{DevicePublic, DeviceSecret, KeyGroup};

use super::testing::{DEPENDENCIES, array, body_place, committed, entry_place, key, opened, salted, sealed};
use super::*;

/// Montgomery u-coordinates of small order, as RFC 7748 and curve25519-dalek list them, and their other forms.
const SMALL_ORDER: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/// The group that takes the most bytes.
const LONGEST: KeyGroup = KeyGroup::Pair(MemberId([1; 16]), MemberId([2; 16]));

fn circle() -> CircleId {
    CircleId([1; 16])
}

/// The epoch of the circle that a key makes.
fn id_of(key: &EpochKey) -> EpochId {
    key.id(&circle(), &KeyGroup::Circle)
}

/// Every bit changed, every shorter form, one byte more.
fn damaged(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let flipped = (0..bytes.len() * 8).map(|bit| {
        let mut bytes = bytes.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    });
    let cut = (0..bytes.len()).map(|len| bytes[..len].to_vec());
    flipped.chain(cut).chain([[bytes, &[0]].concat(), [bytes, &[0x80]].concat()])
}

/// A body whose inside is `inside`, sealed with the right key for the right place.
fn sealed_inside(inside: &[u8]) -> Vec<u8> {
    let mut body = [&[2][..], &body_place().epoch.hint(), inside].concat();
    body_place().lock(&key()).seal_behind(5, &mut body).unwrap();
    body
}

fn entry_inside(content: &[u8]) -> SealedEntry {
    let mut ciphertext = Vec::new();
    content::pack(content, &mut ciphertext);
    let size = EntrySize::default();
    entry_place().lock(&key(), size).seal_behind(0, &mut ciphertext).unwrap();
    SealedEntry { hint: entry_place().epoch.hint(), size, seq: 300, dependencies: DEPENDENCIES.to_vec(), ciphertext }
}

#[test]
fn a_body_moved_anywhere_else_does_not_open() {
    let place = body_place();
    let body = sealed("hello").unwrap();
    assert_eq!(opened("hello", &body).as_deref(), Ok("hello"));
    let mut same_hint = place.epoch;
    same_hint.0[31] ^= 1;
    let moved = [
        BodyPlace { circle: CircleId([9; 16]), ..place },
        BodyPlace { document: DocumentId([9; 16]), ..place },
        BodyPlace { device: DeviceId([9; 32]), ..place },
        BodyPlace { incarnation: Incarnation(5), ..place },
        BodyPlace { epoch: same_hint, ..place },
        BodyPlace { message_key: "m2", ..place },
        BodyPlace { message_key: "", ..place },
    ];
    for place in moved {
        let commitment = committed(&place, &salted("hello"));
        assert_eq!(open_body(&key(), &place, &commitment, &body), Err(SealProblem::NotOpened), "{place:?}");
    }
    let commitment = committed(&place, &salted("hello"));
    assert_eq!(open_body(&EpochKey([0x12; 32]), &place, &commitment, &body), Err(SealProblem::NotOpened));
    let other = BodyPlace { epoch: EpochId([9; 32]), ..place };
    assert_eq!(open_body(&key(), &other, &commitment, &body), Err(SealProblem::OtherEpoch));
}

#[test]
fn a_body_whose_hint_is_changed_to_another_epochs_does_not_open_there() {
    let mut body = sealed("hello").unwrap();
    let commitment = committed(&body_place(), &salted("hello"));
    let other = BodyPlace { epoch: EpochId([9; 32]), ..body_place() };
    body[1..5].copy_from_slice(&other.epoch.hint());
    assert_eq!(epoch_hint(&body), Some([9; 4]));
    for key in [key(), EpochKey([9; 32])] {
        assert_eq!(open_body(&key, &other, &commitment, &body), Err(SealProblem::NotOpened));
    }
}

#[test]
fn a_damaged_body_never_opens() {
    let text = "It was a good evening. Hard, but good.";
    for bytes in damaged(&sealed(text).unwrap()) {
        assert!(opened(text, &bytes).is_err());
    }
    assert_eq!(epoch_hint(&[]), None);
    assert_eq!(epoch_hint(&[1, 2, 3, 4]), None);
    assert_eq!(epoch_hint(&[3, 2, 3, 4, 5]), None);
}

#[test]
fn an_author_with_the_key_cannot_seal_what_is_no_text() {
    let bad = Err(SealProblem::BadContent { what: "message" });
    let too_large = Err(SealProblem::TooLarge { what: "message", max: 4_000 });
    let open = |packed: &[u8]| opened("a", &sealed_inside(&[&salted("").salt.0, packed].concat()));
    assert_eq!(open(&[0, b'a', 0x80]).as_deref(), Ok("a"));
    for no_salt in [&[][..], &[7; 15]] {
        assert_eq!(opened("a", &sealed_inside(no_salt)), bad);
    }
    for packed in [&[][..], &[0], &[0, 0, 0], &[0x80], &[0, b'a'], &[2, b'a', 0x80], &[0, 0xff, 0x80], &[1, 0xff, 0x80]]
    {
        assert_eq!(open(packed), bad, "{packed:?}");
    }
    assert_eq!(open(&[0, b'a', 0x80, 0]), bad, "more padding than Padmé has");
    let unpadded = [&[0][..], &[b'a'; 33], &[0x80]].concat();
    assert_eq!(open(&unpadded), bad, "less padding than Padmé has");
    let mut long = vec![];
    content::pack(&Dice(1).bytes(4_001).iter().map(|byte| byte & 0x7f).collect::<Vec<u8>>(), &mut long);
    assert_eq!(open(&long), too_large);
    let mut bomb = vec![];
    content::pack(&vec![b'a'; 10 << 20], &mut bomb);
    assert_eq!(open(&bomb), too_large);
    let mut after = vec![];
    content::pack(b"how are you today? how are you today?", &mut after);
    let end = after.iter().rposition(|byte| *byte != 0).unwrap();
    let trailing = [&after[..end], &[1, 0x80]].concat();
    let padded = content::padded_len(trailing.len());
    let trailing = [&trailing[..], &vec![0; padded - trailing.len()]].concat();
    assert_eq!(open(&trailing), bad, "bytes behind the deflated text");
}

#[test]
fn every_length_fits_its_bounds() {
    let mut dice = Dice(7);
    for len in 1..=4_000 {
        // Letters by chance: DEFLATE can shorten them, by little.
        let random: String = dice.bytes(len).iter().map(|byte| char::from(33 + byte % 94)).collect();
        let body = sealed(&random).unwrap();
        let beside = body.len() - random.len().min(body.len());
        let padding_max = (random.len() + 2) * 12 / 100;
        assert!(beside <= BODY_OVERHEAD_BYTES + padding_max, "{len}");
        assert!(body.len() <= crate::gate::BODY_BYTES_MAX);
        assert_eq!(opened(&random, &body).as_deref(), Ok(&*random));
    }
    for len in (1..4_000).step_by(97) {
        let (same, text) = ("a".repeat(len), "See you next Thursday, then. ".repeat(len / 29 + 1));
        for text in [same, text.chars().take(len).collect()] {
            let body = sealed(&text).unwrap();
            assert_eq!(opened(&text, &body).as_deref(), Ok(&*text));
        }
    }
    const { assert!(BODY_OVERHEAD_BYTES <= 40) };
    assert_eq!(sealed(" \n"), Err(SealProblem::Empty { what: "message" }));
    assert_eq!(sealed(&"x".repeat(4_001)), Err(SealProblem::TooLarge { what: "message", max: 4_000 }));
}

#[test]
fn one_length_stands_for_many() {
    let lens = (100..=1_000).map(|len| content::padded_len(len + 2));
    let distinct = lens.collect::<std::collections::BTreeSet<_>>().len();
    assert!(distinct <= 48, "{distinct}");
}

#[test]
fn an_entry_moved_anywhere_else_does_not_open() {
    let (place, changes) = (entry_place(), vec![vec![1; 50], vec![2; 70]]);
    let bytes = seal_entry(&key(), &place, &changes).unwrap();
    let entry = SealedEntry::parse(&bytes).unwrap();
    assert_eq!(open_entry(&key(), &place, &entry), Ok(changes));
    assert_eq!(entry_epoch_hint(&bytes), Some(entry.hint));
    let mut same_hint = place.epoch;
    same_hint.0[31] ^= 1;
    let moved = [
        EntryPlace { circle: CircleId([9; 16]), ..place },
        EntryPlace { document: DocumentId([9; 16]), ..place },
        EntryPlace { device: DeviceId([9; 32]), ..place },
        EntryPlace { incarnation: Incarnation(5), ..place },
        EntryPlace { epoch: same_hint, ..place },
        EntryPlace { seq: 301, ..place },
        EntryPlace { dependencies: &DEPENDENCIES[..1], ..place },
    ];
    for place in moved {
        assert_eq!(open_entry(&key(), &place, &entry), Err(SealProblem::NotOpened), "{place:?}");
    }
    // The server may rewrite what it can read, and the place with it.
    let rewritten = SealedEntry { seq: 301, ..entry.clone() };
    let moved = EntryPlace { seq: 301, ..place };
    assert_eq!(open_entry(&key(), &moved, &rewritten), Err(SealProblem::NotOpened));
    let other = EntryPlace { epoch: EpochId([9; 32]), ..place };
    assert_eq!(open_entry(&key(), &other, &entry), Err(SealProblem::OtherEpoch));
}

#[test]
fn a_body_is_no_entry_and_an_entry_no_body() {
    // Places that agree in all that both have, and a message key that spells the rest.
    let rest = [&300_u64.to_le_bytes()[..], &[0]].concat();
    let spelled = String::from_utf8(rest.iter().map(|byte| byte & 0x7f).collect()).unwrap();
    let place = BodyPlace { message_key: &spelled, ..body_place() };
    let body = seal_body(&key(), &place, &salted("hello")).unwrap();
    let (size, ciphertext) = (EntrySize::default(), body[5..].to_vec());
    let entry = SealedEntry { hint: [5; 4], size, seq: 300, dependencies: vec![], ciphertext };
    let place = EntryPlace { dependencies: &[], ..entry_place() };
    assert_eq!(open_entry(&key(), &place, &entry), Err(SealProblem::NotOpened));
}

#[test]
fn a_damaged_entry_is_refused_or_does_not_open() {
    let bytes = seal_entry(&key(), &entry_place(), &[b"a change, a change".to_vec()]).unwrap();
    for damaged in damaged(&bytes) {
        let opened =
            SealedEntry::parse(&damaged).ok().and_then(|entry| open_entry(&key(), &entry_place(), &entry).ok());
        assert_eq!(opened, None);
    }
}

#[test]
fn an_entry_has_one_form_and_bounds() {
    let form = |format: u8, seq: u64, dependencies: &[EntryId], content: &[u8]| {
        let mut writer = Writer::new();
        writer.byte(format).raw(&[5; 4]).byte(0).number(seq).count(dependencies.len());
        dependencies.iter().for_each(|entry| _ = writer.raw(entry.as_bytes()));
        writer.bytes(content);
        SealedEntry::parse(&writer.into_bytes())
    };
    let invalid = |what| Err(DecodeError::Invalid { what });
    assert!(form(2, 1, &DEPENDENCIES, &[0; 18]).is_ok());
    assert_eq!(form(1, 1, &DEPENDENCIES, &[0; 18]), invalid("sealed entry's format"));
    assert_eq!(form(2, 0, &DEPENDENCIES, &[0; 18]), invalid("sealed entry's seq"));
    assert_eq!(form(2, (1 << 31) + 1, &DEPENDENCIES, &[0; 18]), invalid("sealed entry's seq"));
    let [one, other] = DEPENDENCIES;
    assert_eq!(form(2, 1, &[other, one], &[0; 18]), invalid("sealed entry's dependencies"));
    assert_eq!(form(2, 1, &[one, one], &[0; 18]), invalid("sealed entry's dependencies"));
    let many: Vec<EntryId> = (0..129).map(|at| EntryId([at; 32])).collect();
    assert!(form(2, 1, &many[..128], &[0; 18]).is_ok());
    let too_many = DecodeError::TooLarge { what: "sealed entry's dependencies", max: 128 };
    assert_eq!(form(2, 1, &many, &[0; 18]), Err(too_many));
    for len in [0, 15, 16, 17, 16 + 33] {
        assert_eq!(form(2, 1, &[], &vec![0; len]), invalid("sealed entry's content"), "{len}");
    }
    let too_large = DecodeError::TooLarge { what: "sealed entry", max: SEALED_BYTES_MAX };
    assert_eq!(SealedEntry::parse(&vec![1; SEALED_BYTES_MAX + 1]), Err(too_large));
}

#[test]
fn an_entry_in_another_encoding_is_refused() {
    let place = EntryPlace { seq: 1, dependencies: &[], ..entry_place() };
    let bytes = seal_entry(&key(), &place, &[vec![1, 2, 3]]).unwrap();
    let [head, rest] = [&bytes[..6], &bytes[9..]];
    let len = bytes[8];
    assert_eq!(bytes[6..9], [1, 0, len]);
    assert!(SealedEntry::parse(&[head, &[1, 0, len], rest].concat()).is_ok());
    for numbers in [&[0x81, 0, 0, len][..], &[1, 0x80, 0, len], &[1, 0, len | 0x80, 0]] {
        let what = SealedEntry::parse(&[head, numbers, rest].concat());
        assert!(matches!(what, Err(DecodeError::Invalid { .. })), "{numbers:?} {what:?}");
    }
    let mut dice = Dice(11);
    for len in 0..400 {
        assert!(SealedEntry::parse(&[head, &dice.bytes(len)].concat()).is_err() || len >= 20);
    }
}

#[test]
fn the_largest_change_fits_and_more_is_refused() {
    let change = Dice(3).bytes(CHANGE_BYTES_MAX);
    let bytes = seal_entry(&key(), &entry_place(), std::slice::from_ref(&change)).unwrap();
    let entry = SealedEntry::parse(&bytes).unwrap();
    assert_eq!(open_entry(&key(), &entry_place(), &entry), Ok(vec![change.clone()]));
    let seal = |changes: &[Vec<u8>]| seal_entry(&key(), &entry_place(), changes);
    let too_large = |what, max| Err(SealProblem::TooLarge { what, max });
    assert_eq!(seal(&vec![vec![0]; 65]), too_large("list of changes", SEALED_CHANGES_MAX));
    assert_eq!(seal(&[vec![0; CHANGE_BYTES_MAX + 1]]), too_large("change", CHANGE_BYTES_MAX));
    assert_eq!(seal(&[change, Dice(4).bytes(CHANGE_BYTES_MAX)]), too_large("sealed entry", SEALED_BYTES_MAX));
    assert_eq!(seal(&vec![vec![0; CHANGE_BYTES_MAX]; 7]), too_large("list of changes", SEALED_CONTENT_BYTES_MAX));
    let place = EntryPlace { seq: 0, ..entry_place() };
    assert_eq!(seal_entry(&key(), &place, &[vec![1]]), Err(SealProblem::Damaged { what: "sealed entry" }));
    let [one, other] = DEPENDENCIES;
    let place = EntryPlace { dependencies: &[other, one], ..entry_place() };
    assert_eq!(seal_entry(&key(), &place, &[vec![1]]), Err(SealProblem::Damaged { what: "sealed entry" }));
}

#[test]
fn an_entry_of_no_changes_joins_what_it_depends_on() {
    let heads: Vec<EntryId> = (0..128).map(|at| EntryId([at; 32])).collect();
    let place = EntryPlace { dependencies: &heads, ..entry_place() };
    let entry = SealedEntry::parse(&seal_entry(&key(), &place, &[]).unwrap()).unwrap();
    assert_eq!(open_entry(&key(), &place, &entry), Ok(vec![]));
    assert_eq!((entry.size.work_max(), entry.size.bytes_max()), (8, 256), "it costs next to nothing");
}

#[test]
fn an_author_with_the_key_cannot_seal_more_than_the_entry_says() {
    let content = [&[1, 0x80, 8][..], &[7; 1_024]].concat();
    let mut ciphertext = Vec::new();
    content::pack(&content, &mut ciphertext);
    let size = EntrySize::default();
    entry_place().lock(&key(), size).seal_behind(0, &mut ciphertext).unwrap();
    let hint = entry_place().epoch.hint();
    let entry = SealedEntry { hint, size, seq: 300, dependencies: DEPENDENCIES.to_vec(), ciphertext };
    let bad = Err(SealProblem::BadContent { what: "list of changes" });
    assert_eq!(open_entry(&key(), &entry_place(), &entry), bad);
}

#[test]
fn an_author_with_the_key_cannot_seal_what_is_no_list() {
    let bad = Err(SealProblem::BadContent { what: "list of changes" });
    let open = |content: &[u8]| open_entry(&key(), &entry_place(), &entry_inside(content));
    assert_eq!(open(&[1, 1, 7]), Ok(vec![vec![7]]));
    for content in [&[][..], &[1], &[1, 2, 7], &[1, 1, 7, 0], &[0x81, 0, 1, 7], &[65], &[1, 0xff, 0xff, 0x7f]] {
        assert_eq!(open(content), bad, "{content:?}");
    }
    let too_large = Err(SealProblem::TooLarge { what: "list of changes", max: SEALED_CONTENT_BYTES_MAX });
    assert_eq!(open(&vec![0; 10 << 20]), too_large);
}

#[test]
fn an_entrys_id_is_of_its_document_and_author() {
    let id = |document: u8, actor: u8, bytes: &[u8]| {
        sealed_entry_id(&DocumentId([document; 16]), &ActorId([actor; 16]), bytes)
    };
    let first = id(1, 2, b"entry");
    assert!(![id(9, 2, b"entry"), id(1, 9, b"entry"), id(1, 2, b"entrz")].contains(&first));
}

#[test]
fn a_wrap_opens_for_its_device_and_circle_only() {
    let (ana, ben) = (DeviceSecret::from_seed([1; 32]), DeviceSecret::from_seed([2; 32]));
    let wrapped = wrap(&key(), &circle(), ana.public(), [3; 32]).unwrap();
    assert_eq!(unwrap(&ana, &circle(), &wrapped, &KeyGroup::Circle, &id_of(&key())), Ok(key()));
    assert_eq!(unwrap(&ben, &circle(), &wrapped, &KeyGroup::Circle, &id_of(&key())), Err(SealProblem::NotOpened));
    assert_eq!(
        unwrap(&ana, &CircleId([9; 16]), &wrapped, &KeyGroup::Circle, &id_of(&key())),
        Err(SealProblem::NotOpened)
    );
    let again = wrap(&key(), &circle(), ana.public(), [4; 32]).unwrap();
    assert_ne!(wrapped[..32], again[..32]);
    assert_ne!(wrapped[32..64], again[32..64]);
    for damaged in damaged(&wrapped).filter_map(|bytes| <[u8; 80]>::try_from(bytes).ok()) {
        // The highest bit of an X25519 key counts for nothing in the exchange, and yet in the derivation.
        assert_eq!(unwrap(&ana, &circle(), &damaged, &KeyGroup::Circle, &id_of(&key())), Err(SealProblem::NotOpened));
    }
}

#[test]
fn what_is_wrapped_for_an_organisation_opens_for_it_and_its_circle_only() {
    let (ours, other) = (SealingSecret([3; 32]), SealingSecret([4; 32]));
    let (group, wrong) = (KeyGroup::Reports(MemberId([1; 16])), KeyGroup::Reports(MemberId([2; 16])));
    let epoch = key().id(&circle(), &group);
    let wrapped = wrap_for_organisation(&key(), &circle(), &ours.public(), [3; 32]).unwrap();
    let open = |secret: &SealingSecret, circle: &CircleId, group: &KeyGroup, wrapped: &[u8; 80]| {
        unwrap_for_organisation(secret, circle, wrapped, group, &epoch)
    };
    assert_eq!(open(&ours, &circle(), &group, &wrapped), Ok(key()));
    assert_eq!(open(&other, &circle(), &group, &wrapped), Err(SealProblem::NotOpened));
    assert_eq!(open(&ours, &CircleId([9; 16]), &group, &wrapped), Err(SealProblem::NotOpened));
    assert_eq!(open(&ours, &circle(), &wrong, &wrapped), Err(SealProblem::OtherKey), "another member's");
    for damaged in damaged(&wrapped).filter_map(|bytes| <[u8; 80]>::try_from(bytes).ok()) {
        assert_eq!(open(&ours, &circle(), &group, &damaged), Err(SealProblem::NotOpened));
    }
    let weak = wrap_for_organisation(&key(), &circle(), &SealingKey([0; 32]), [3; 32]);
    assert_eq!(weak, Err(SealProblem::WeakKey));
    let ana = DeviceSecret::from_seed([1; 32]);
    let as_device = wrap(&key(), &circle(), ana.public(), [3; 32]).unwrap();
    let taken = SealingSecret(ana.agreement());
    assert_eq!(open(&taken, &circle(), &group, &as_device), Err(SealProblem::NotOpened), "under a label of its own");
}

#[test]
fn a_wrap_to_this_agreement_key_under_another_signing_key_does_not_open() {
    let ana = DeviceSecret::from_seed([1; 32]);
    let stolen = DevicePublic { signing: DeviceSecret::from_seed([2; 32]).public().signing, ..*ana.public() };
    let wrapped = wrap(&key(), &circle(), &stolen, [3; 32]).unwrap();
    assert_eq!(unwrap(&ana, &circle(), &wrapped, &KeyGroup::Circle, &id_of(&key())), Err(SealProblem::NotOpened));
}

#[test]
fn a_wrap_that_opens_to_another_key_than_announced_is_refused() {
    let ana = DeviceSecret::from_seed([1; 32]);
    let other = EpochKey::from_entropy([9; 32]);
    let wrapped = wrap(&other, &circle(), ana.public(), [3; 32]).unwrap();
    assert_eq!(unwrap(&ana, &circle(), &wrapped, &KeyGroup::Circle, &id_of(&key())), Err(SealProblem::OtherKey));
    assert_eq!(unwrap(&ana, &circle(), &wrapped, &KeyGroup::Circle, &id_of(&other)), Ok(other));
}

#[test]
fn nothing_is_agreed_on_with_a_key_of_small_order() {
    let ana = DeviceSecret::from_seed([1; 32]);
    for point in SMALL_ORDER.map(array::<32>) {
        let weak = DevicePublic { agreement: point, ..*ana.public() };
        assert!(weak.check().is_err());
        assert_eq!(wrap(&key(), &circle(), &weak, [3; 32]), Err(SealProblem::WeakKey));
        // Who knows that the secret is zero can seal for anyone who does not look.
        let mut wrapped = wrap(&key(), &circle(), ana.public(), [3; 32]).unwrap();
        wrapped[..32].copy_from_slice(&point);
        assert_eq!(unwrap(&ana, &circle(), &wrapped, &KeyGroup::Circle, &id_of(&key())), Err(SealProblem::NotOpened));
    }
}

#[test]
fn a_box_opens_for_its_circle_and_invite_only() {
    let keys = vec![(KeyGroup::Circle, key()), (KeyGroup::Facilitators, EpochKey([3; 32]))];
    let sealed = seal_box(&[4; 32], &circle(), &[5; 32], &keys).unwrap();
    assert_eq!(open_box(&[4; 32], &circle(), &[5; 32], &sealed), Ok(keys));
    let not_opened = Err(SealProblem::NotOpened);
    assert_eq!(open_box(&[9; 32], &circle(), &[5; 32], &sealed), not_opened);
    assert_eq!(open_box(&[4; 32], &CircleId([9; 16]), &[5; 32], &sealed), not_opened);
    assert_eq!(open_box(&[4; 32], &circle(), &[9; 32], &sealed), not_opened);
    for damaged in damaged(&sealed) {
        assert_eq!(open_box(&[4; 32], &circle(), &[5; 32], &damaged), not_opened);
    }
    let many = vec![(LONGEST, key()); BOX_KEYS_MAX];
    assert!(seal_box(&[4; 32], &circle(), &[5; 32], &many).is_ok_and(|sealed| sealed.len() <= BOX_BYTES_MAX));
    let too_many = vec![(LONGEST, key()); BOX_KEYS_MAX + 1];
    let problem = SealProblem::TooLarge { what: "box of keys", max: BOX_KEYS_MAX };
    assert_eq!(seal_box(&[4; 32], &circle(), &[5; 32], &too_many), Err(problem));
}

#[test]
fn keys_for_a_device_open_for_it_and_its_circle_only() {
    let (ana, ben) = (DeviceSecret::from_seed([1; 32]), DeviceSecret::from_seed([2; 32]));
    let keys = vec![(KeyGroup::Circle, key()), (LONGEST, EpochKey([3; 32]))];
    let sealed = seal_keys(&keys, &circle(), ana.public(), [3; 32]).unwrap();
    assert_eq!(open_keys(&ana, &circle(), &sealed), Ok(keys));
    let not_opened = Err(SealProblem::NotOpened);
    assert_eq!(open_keys(&ben, &circle(), &sealed), not_opened);
    assert_eq!(open_keys(&ana, &CircleId([9; 16]), &sealed), not_opened);
    for damaged in damaged(&sealed) {
        assert_eq!(open_keys(&ana, &circle(), &damaged), not_opened);
    }
    let many = vec![(LONGEST, key()); BOX_KEYS_MAX];
    assert!(seal_keys(&many, &circle(), ana.public(), [3; 32]).is_ok_and(|sealed| sealed.len() <= BOX_BYTES_MAX));
    let wrapped = wrap(&key(), &circle(), ana.public(), [3; 32]).unwrap();
    assert_eq!(open_keys(&ana, &circle(), &wrapped), not_opened, "a wrap is no box");
}

#[test]
fn a_key_makes_another_epoch_in_each_circle_and_group() {
    let here = id_of(&key());
    assert_ne!(key().id(&CircleId([9; 16]), &KeyGroup::Circle), here);
    assert_ne!(key().id(&circle(), &KeyGroup::Facilitators), here);
    let ana = DeviceSecret::from_seed([1; 32]);
    let wrapped = wrap(&key(), &circle(), ana.public(), [3; 32]).unwrap();
    assert_eq!(unwrap(&ana, &circle(), &wrapped, &KeyGroup::Facilitators, &here), Err(SealProblem::OtherKey));
}

#[test]
fn no_key_is_printed() {
    assert_eq!(format!("{:?}", EpochKey([0xab; 32])), "EpochKey(…)");
    assert_ne!(EpochKey::from_entropy([1; 32]).0, [1; 32]);
    assert_ne!(id_of(&key()).0, key().0);
}
