//! The disk format of a value: `docs/PROTOCOL.md`, "Storage".
//!
//! sled writes a leaf of up to some 20 values as one message, and a message above 131,052 bytes (a quarter of a
//! segment) goes to a file that it never syncs. So no value may be larger than a leaf's share of that: longer
//! ones are kept in pieces.

use kith_shared::storage::Tree;

use crate::store::StoreError;

/// Longest value that is kept in one, and longest piece, in bytes: 23 of them with their keys fit a message.
pub(super) const PIECE_BYTES_MAX: usize = 5_376;
/// Longest key, in bytes.
pub(super) const KEY_BYTES_MAX: usize = 128;
/// Longest value, in bytes.
pub(super) const VALUE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Where a database counts the groups that were written to it. No tree has the number 0.
pub(super) const GROUP_KEY: &[u8] = &[0];

const WHOLE: u8 = 0;
const PIECES: u8 = 1;
const PIECE_TREES: u8 = 0x80;

/// A key or value as sled has it.
pub(super) type Raw = Vec<u8>;

/// What stands at a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head<'a> {
    /// The value.
    Whole(&'a [u8]),
    /// The value is in so many pieces, so many bytes long.
    Pieces { bytes: usize, pieces: u16 },
}

/// The key of a value: its tree's number before it.
pub(super) fn raw_key(tree: Tree, key: &[u8]) -> Raw {
    [&[tree.number()], key].concat()
}

/// The key of a piece: apart from the values, so that ranges never meet one.
pub(super) fn piece_key(tree: Tree, key: &[u8], piece: u16) -> Raw {
    let len = u16::try_from(key.len()).unwrap_or(u16::MAX);
    [&[tree.number() | PIECE_TREES][..], &len.to_be_bytes(), key, &piece.to_be_bytes()].concat()
}

/// The tree and key that a raw key belongs to, and whether it is a piece's.
pub(super) fn parse_key(raw: &[u8]) -> Option<(Tree, &[u8], bool)> {
    let (number, rest) = raw.split_first()?;
    if number & PIECE_TREES == 0 {
        return Some((Tree::from_number(*number)?, rest, false));
    }
    let (len, rest) = rest.split_first_chunk::<2>()?;
    let key = rest.strip_suffix(rest.last_chunk::<2>()?.as_slice())?;
    (key.len() == usize::from(u16::from_be_bytes(*len))).then_some((
        Tree::from_number(number & !PIECE_TREES)?,
        key,
        true,
    ))
}

/// Refuses what is longer than this store keeps.
pub(super) fn check_size(key: &[u8], value: &[u8]) -> Result<(), StoreError> {
    let bounds = [("a key", key.len(), KEY_BYTES_MAX), ("a value", value.len(), VALUE_BYTES_MAX)];
    match bounds.into_iter().find(|(_, bytes, max)| bytes > max) {
        Some((what, bytes, bytes_max)) => Err(StoreError::TooLarge { what, bytes, bytes_max }),
        None => Ok(()),
    }
}

/// What to write at [`GROUP_KEY`].
pub(super) fn encode_group(group: u64) -> Raw {
    seal(GROUP_KEY, &[&group.to_le_bytes()])
}

/// The number at [`GROUP_KEY`]; 0 when it is damaged.
pub(super) fn decode_group(sealed: &[u8]) -> u64 {
    open(GROUP_KEY, sealed).ok().and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// What to write for a value: its head, then its pieces.
pub(super) fn encode(tree: Tree, key: &[u8], value: &[u8]) -> Result<Vec<(Raw, Raw)>, StoreError> {
    check_size(key, value)?;
    let head = raw_key(tree, key);
    if value.len() <= PIECE_BYTES_MAX {
        let sealed = seal(&head, &[&[WHOLE], value]);
        return Ok(vec![(head, sealed)]);
    }
    let mut rows = Vec::new();
    let mut pieces = 0_u16;
    for piece in value.chunks(PIECE_BYTES_MAX) {
        let at = piece_key(tree, key, pieces);
        let sealed = seal(&at, &[piece]);
        rows.push((at, sealed));
        pieces = pieces.saturating_add(1);
    }
    let len = u32::try_from(value.len()).unwrap_or(u32::MAX);
    let sealed = seal(&head, &[&[PIECES], &len.to_le_bytes(), &pieces.to_le_bytes()]);
    rows.push((head, sealed));
    Ok(rows)
}

/// Reads what stands at a key.
pub(super) fn decode<'a>(tree: Tree, key: &[u8], sealed: &'a [u8]) -> Result<Head<'a>, StoreError> {
    let broken = |cause| StoreError::Corrupt { tree, key: key.to_vec(), cause };
    let content = open(&raw_key(tree, key), sealed).map_err(broken)?;
    match content.split_first() {
        Some((&WHOLE, value)) => Ok(Head::Whole(value)),
        Some((&PIECES, rest)) => {
            let (len, pieces) = rest.split_first_chunk::<4>().ok_or(broken("the list of its pieces is cut short"))?;
            let pieces = pieces.try_into().map_err(|_| broken("the list of its pieces is cut short"))?;
            let bytes = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
            Ok(Head::Pieces { bytes, pieces: u16::from_le_bytes(pieces) })
        }
        _ => Err(broken("its kind is unknown")),
    }
}

/// The bytes under a checksum over raw key and bytes.
fn seal(raw_key: &[u8], parts: &[&[u8]]) -> Raw {
    let content = parts.concat();
    [&checksum(raw_key, &content)[..], &content].concat()
}

/// The bytes whose checksum holds.
pub(super) fn open<'a>(raw_key: &[u8], sealed: &'a [u8]) -> Result<&'a [u8], &'static str> {
    let (sum, content) = sealed.split_first_chunk::<4>().ok_or("it is shorter than its checksum")?;
    if *sum == checksum(raw_key, content) { Ok(content) } else { Err("its checksum does not fit") }
}

fn checksum(raw_key: &[u8], content: &[u8]) -> [u8; 4] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(raw_key);
    hasher.update(content);
    hasher.finalize().to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_format_is_as_documented() {
        let rows = encode(Tree::Meta, b"format", &[1]).unwrap();
        let crc = crc32fast::hash(b"\x01format\x00\x01");
        assert_eq!(rows, [(b"\x01format".to_vec(), [&crc.to_le_bytes()[..], &[0, 1]].concat())]);
        assert_eq!(crc, 0x1a25_ea97, "golden: a change here is a change of the disk format");
    }

    #[test]
    fn a_long_value_is_in_pieces_below_the_bound() {
        let value = vec![7; 3 * PIECE_BYTES_MAX + 1];
        let rows = encode(Tree::Bodies, b"k", &value).unwrap();
        assert_eq!(rows.len(), 5);
        assert!(rows.iter().all(|(key, value)| key.len() + value.len() <= PIECE_BYTES_MAX + KEY_BYTES_MAX));
        let (key, head) = &rows[4];
        assert_eq!(parse_key(key), Some((Tree::Bodies, b"k".as_slice(), false)));
        assert_eq!(decode(Tree::Bodies, b"k", head), Ok(Head::Pieces { bytes: value.len(), pieces: 4 }));
        assert_eq!(parse_key(&rows[0].0), Some((Tree::Bodies, b"k".as_slice(), true)));
    }

    #[test]
    fn a_value_that_was_moved_or_changed_is_named() {
        let (_, sealed) = encode(Tree::Log, b"a", b"value").unwrap().remove(0);
        assert_eq!(decode(Tree::Log, b"a", &sealed), Ok(Head::Whole(b"value")));
        for (key, bytes) in [(b"b", sealed.clone()), (b"a", [&sealed[..], b"x"].concat()), (b"a", vec![1, 2])] {
            let error = decode(Tree::Log, key, &bytes).unwrap_err();
            assert!(matches!(error, StoreError::Corrupt { tree: Tree::Log, .. }), "{error}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused_by_name() {
        let error = encode(Tree::Log, &[0; KEY_BYTES_MAX + 1], b"").unwrap_err();
        assert_eq!(error.to_string(), "a key is 129 bytes, above the 128 allowed");
    }
}
