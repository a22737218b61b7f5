//! Readers that hold a key: what was not sealed by somebody with it opens nowhere.

use std::sync::LazyLock;

use kith_shared::codec::Writer;
use kith_shared::ids::{CircleId, DeviceId, DocumentId, EntryId, Incarnation, MemberId};
use kith_shared::seal::{
    AtRestKey, BodyPlace, EntryPlace, EpochId, EpochKey, SaltedText, SealedEntry, SealingSecret, TextSalt, WRAP_BYTES,
    decode_code, encode_code, open_body, open_box, open_entry, open_keys, seal_body, seal_box, seal_entry, seal_keys,
    unwrap, unwrap_for_organisation, wrap, wrap_for_organisation,
};
use kith_shared::trust::{DeviceSecret, KeyGroup};

use super::Target;

const DEPENDENCIES: [EntryId; 2] = [EntryId([6; 32]), EntryId([7; 32])];
const CIRCLE: CircleId = CircleId([1; 16]);
const EPOCH: EpochId = EpochId([5; 32]);
const BOX_KEY: [u8; 32] = [8; 32];
const INVITE_KEY: [u8; 32] = [10; 32];
const TEXTS: [&str; 3] = [
    "I slept.",
    "ñ and 🙂",
    "word word word word word word word word word word word word word word word word word word word word word word",
];
const AT: (u8, &[u8]) = (3, b"some key");

/// What is honest, and thus may open.
static HONEST: LazyLock<Vec<(Target, Vec<u8>)>> = LazyLock::new(honest);

fn key() -> EpochKey {
    EpochKey([0x11; 32])
}

fn device() -> DeviceSecret {
    DeviceSecret::from_seed([9; 32])
}

fn organisation() -> SealingSecret {
    SealingSecret([0x13; 32])
}

fn at_rest() -> AtRestKey {
    AtRestKey::new([7; 32])
}

fn body_place() -> BodyPlace<'static> {
    let (document, device, incarnation) = (DocumentId([2; 16]), DeviceId([3; 32]), Incarnation(4));
    BodyPlace { circle: CIRCLE, document, device, incarnation, epoch: EPOCH, message_key: "m1" }
}

fn entry_place(seq: u64, dependencies: &[EntryId]) -> EntryPlace<'_> {
    let (document, device, incarnation) = (DocumentId([2; 16]), DeviceId([3; 32]), Incarnation(4));
    EntryPlace { circle: CIRCLE, document, device, incarnation, epoch: EPOCH, seq, dependencies }
}

fn salted(text: &str) -> SaltedText {
    SaltedText { salt: TextSalt([4; 16]), text: text.to_owned() }
}

/// Whether a body holds one of the texts that somebody committed to.
fn opens_to_its_text(body: &[u8]) -> bool {
    let place = body_place();
    TEXTS.iter().any(|text| {
        let commitment = salted(text).commitment(&place.circle, &place.document, place.message_key);
        open_body(&key(), &place, &commitment, body).is_ok_and(|opened| opened == salted(text))
    })
}

fn honest() -> Vec<(Target, Vec<u8>)> {
    let mut all = Vec::new();
    for text in TEXTS {
        all.extend(seal_body(&key(), &body_place(), &salted(text)).map(|body| (Target::Body, body)));
        all.push((Target::AtRest, at_rest().seal(AT.0, AT.1, text.as_bytes())));
    }
    for (seq, dependencies) in [(1, &DEPENDENCIES[..0]), (300, &DEPENDENCIES[..])] {
        let changes = [b"one change".to_vec(), vec![7; 300]];
        let sealed = seal_entry(&key(), &entry_place(seq, dependencies), &changes);
        all.extend(sealed.map(|entry| (Target::SealedEntry, entry)));
    }
    all.extend(wrap(&key(), &CIRCLE, device().public(), [4; 32]).map(|wrap| (Target::Wrap, wrap.to_vec())));
    let wrapped = wrap_for_organisation(&key(), &CIRCLE, &organisation().public(), [4; 32]);
    all.extend(wrapped.map(|wrap| (Target::OrganisationWrap, wrap.to_vec())));
    let held = [(KeyGroup::Circle, key()), (KeyGroup::Slice(MemberId([6; 16])), EpochKey([0x12; 32]))];
    all.extend(seal_box(&BOX_KEY, &CIRCLE, &INVITE_KEY, &held).map(|sealed| (Target::Box, sealed)));
    let to_device = seal_keys(&held, &CIRCLE, device().public(), [4; 32]);
    all.extend(to_device.map(|sealed| (Target::KeysForDevice, sealed)));
    for bytes in [&[1; 10][..], &[0xe7; 16], &[0x55; 64]] {
        all.push((Target::Code, encode_code(bytes).into_bytes()));
    }
    all
}

/// Honest inputs of the readers here.
pub(super) fn corpus() -> Vec<(Target, Vec<u8>)> {
    HONEST.clone()
}

fn only_honest(target: Target, bytes: &[u8], opened: bool) -> Result<(), String> {
    let is_honest = || HONEST.iter().any(|(of, honest)| *of == target && honest == bytes);
    if opened && !is_honest() { Err("it opens and nobody sealed it".to_owned()) } else { Ok(()) }
}

/// Reads with the key.
pub(super) fn read(target: Target, bytes: &[u8]) -> Result<(), String> {
    let opened = match target {
        Target::Body => opens_to_its_text(bytes),
        Target::AtRest => at_rest().open(AT.0, AT.1, bytes).is_ok(),
        Target::Wrap => {
            let epoch = key().id(&CIRCLE, &KeyGroup::Circle);
            let opens = |wrap| unwrap(&device(), &CIRCLE, wrap, &KeyGroup::Circle, &epoch).is_ok();
            <&[u8; WRAP_BYTES]>::try_from(bytes).is_ok_and(opens)
        }
        Target::OrganisationWrap => {
            let group = KeyGroup::Reports(MemberId([6; 16]));
            let epoch = key().id(&CIRCLE, &group);
            let opens = |wrap| unwrap_for_organisation(&organisation(), &CIRCLE, wrap, &group, &epoch).is_ok();
            <&[u8; WRAP_BYTES]>::try_from(bytes).is_ok_and(opens)
        }
        Target::KeysForDevice => open_keys(&device(), &CIRCLE, bytes).is_ok(),
        Target::Box => open_box(&BOX_KEY, &CIRCLE, &INVITE_KEY, bytes).is_ok(),
        Target::SealedEntry => return sealed_entry(bytes),
        Target::Code => return code(bytes),
        _ => return Err("no reader for it here".to_owned()),
    };
    only_honest(target, bytes, opened)
}

fn sealed_entry(bytes: &[u8]) -> Result<(), String> {
    let Ok(entry) = SealedEntry::parse(bytes) else { return Ok(()) };
    let mut writer = Writer::new();
    writer.byte(2).raw(&entry.hint).byte(entry.size.byte()).number(entry.seq).count(entry.dependencies.len());
    for dependency in &entry.dependencies {
        writer.raw(dependency.as_bytes());
    }
    writer.bytes(&entry.ciphertext);
    if writer.into_bytes() != bytes {
        return Err("it is written otherwise than it was read".to_owned());
    }
    let opened = open_entry(&key(), &entry_place(entry.seq, &entry.dependencies), &entry).is_ok();
    only_honest(Target::SealedEntry, bytes, opened)
}

fn code(bytes: &[u8]) -> Result<(), String> {
    let Ok(read) = decode_code(&String::from_utf8_lossy(bytes)) else { return Ok(()) };
    match decode_code(&encode_code(&read)) {
        Ok(again) if again == read => Ok(()),
        other => Err(format!("its own code is read as {other:?}")),
    }
}
