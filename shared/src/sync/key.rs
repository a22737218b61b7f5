//! The keys of the trees that sync reads and writes.

use crate::ids::{BodyId, CircleId, DeviceId, DocumentId, EntryId, EpochId, StatementId};

/// circle ‖ document: of `Documents`, and the prefix of a document's rows elsewhere.
#[must_use]
pub fn document(circle: &CircleId, document: &DocumentId) -> Vec<u8> {
    [circle.as_bytes(), document.as_bytes()].concat()
}

/// circle ‖ position (8 bytes, big-endian): of `Log`.
#[must_use]
pub fn log(circle: &CircleId, position: u64) -> Vec<u8> {
    [circle.as_bytes(), &position.to_be_bytes()].concat()
}

/// circle ‖ document ‖ position (8 bytes, big-endian): of `DocumentLog`.
#[must_use]
pub fn document_log(circle: &CircleId, document: &DocumentId, position: u64) -> Vec<u8> {
    [circle.as_bytes(), document.as_bytes(), &position.to_be_bytes()].concat()
}

/// circle ‖ document ‖ entry: of `Hashes`.
#[must_use]
pub fn hash(circle: &CircleId, document: &DocumentId, entry: &EntryId) -> Vec<u8> {
    [circle.as_bytes(), document.as_bytes(), entry.as_bytes()].concat()
}

/// circle ‖ position (8 bytes, big-endian): of `Statements`, and of a server's `Attachments`.
#[must_use]
pub fn record(circle: &CircleId, position: u64) -> Vec<u8> {
    log(circle, position)
}

/// circle ‖ 0xff ‖ statement: of what a phone has said and the server has not admitted, in `Statements` and
/// `Attachments`. No position begins with that byte.
#[must_use]
pub fn pending(circle: &CircleId, statement: &StatementId) -> Vec<u8> {
    [circle.as_bytes(), &[0xff], statement.as_bytes()].concat()
}

/// circle ‖ 0xfe ‖ generation (4 bytes, big-endian) ‖ position (8 bytes, big-endian): of a record that a restored server
/// lost, in a phone's `Statements`. No position begins with that byte.
#[must_use]
pub fn lost(circle: &CircleId, generation: u32, position: u64) -> Vec<u8> {
    [circle.as_bytes(), &[0xfe][..], &generation.to_be_bytes(), &position.to_be_bytes()].concat()
}

/// circle ‖ epoch: of a phone's keys in `Epochs`.
#[must_use]
pub fn epoch(circle: &CircleId, epoch: &EpochId) -> Vec<u8> {
    [circle.as_bytes(), epoch.as_bytes()].concat()
}

/// circle ‖ device: of a server's `Epochs`, and of `Roster`.
#[must_use]
pub fn sealing(circle: &CircleId, device: &DeviceId) -> Vec<u8> {
    roster(circle, device)
}

/// circle ‖ body: of `Bodies` and `Owners`.
#[must_use]
pub fn body(circle: &CircleId, body: &BodyId) -> Vec<u8> {
    [circle.as_bytes(), body.as_bytes()].concat()
}

/// circle ‖ device: of `Roster`.
#[must_use]
pub fn roster(circle: &CircleId, device: &DeviceId) -> Vec<u8> {
    [circle.as_bytes(), device.as_bytes()].concat()
}

/// The position at the end of a `Log` or `DocumentLog` key.
#[must_use]
pub fn position_of(key: &[u8]) -> Option<u64> {
    key.last_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))
}

/// The first key after all keys that begin with `prefix`; empty (the tree's end) when there is none.
#[must_use]
pub fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_past_all_its_keys() {
        assert_eq!(after_prefix(&[1, 2]), vec![1, 3]);
        assert_eq!(after_prefix(&[1, 0xff]), vec![2]);
        assert_eq!(after_prefix(&[0xff, 0xff]), Vec::<u8>::new());
    }
}
