//! What the tests of sealing share.

use crate::ids::{CircleId, DeviceId, DocumentId, EntryId, Incarnation, TextCommitment};

use super::{BodyPlace, EntryPlace, EpochId, EpochKey, SaltedText, SealProblem, TextSalt, open_body, seal_body};

pub(super) const DEPENDENCIES: [EntryId; 2] = [EntryId([6; 32]), EntryId([7; 32])];

pub(super) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn array<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().unwrap()
}

pub(super) fn key() -> EpochKey {
    EpochKey([0x11; 32])
}

pub(super) fn body_place() -> BodyPlace<'static> {
    BodyPlace {
        circle: CircleId([1; 16]),
        document: DocumentId([2; 16]),
        device: DeviceId([3; 32]),
        incarnation: Incarnation(4),
        epoch: EpochId([5; 32]),
        message_key: "m1",
    }
}

pub(super) fn entry_place() -> EntryPlace<'static> {
    EntryPlace {
        circle: CircleId([1; 16]),
        document: DocumentId([2; 16]),
        device: DeviceId([3; 32]),
        incarnation: Incarnation(4),
        epoch: EpochId([5; 32]),
        seq: 300,
        dependencies: &DEPENDENCIES,
    }
}

pub(super) fn salted(text: &str) -> SaltedText {
    SaltedText { salt: TextSalt([9; 16]), text: text.to_owned() }
}

/// What a message at `place` says of its text.
pub(super) fn committed(place: &BodyPlace<'_>, salted: &SaltedText) -> TextCommitment {
    salted.commitment(&place.circle, &place.document, place.message_key)
}

/// A body of `text`, at the one place of these tests.
pub(super) fn sealed(text: &str) -> Result<Vec<u8>, SealProblem> {
    seal_body(&key(), &body_place(), &salted(text))
}

/// The text that comes out of a body whose message says that it is `text`.
pub(super) fn opened(text: &str, body: &[u8]) -> Result<String, SealProblem> {
    let commitment = committed(&body_place(), &salted(text));
    open_body(&key(), &body_place(), &commitment, body).map(|opened| opened.text)
}
