//! The phone's log file: `KITHLOG1`, then records, each a batch: length (4 bytes, little-endian), CRC-32 of
//! that length, CRC-32 of the content, content. The content lists removals, then writes.

use kith_shared::codec::{DecodeError, Reader, Writer};
use kith_shared::storage::{Batch, Tree};

/// How a log file begins.
pub(super) const MAGIC: &[u8; 8] = b"KITHLOG1";
/// Bytes before a record's content.
const HEAD_BYTES: usize = 12;
/// Longest key, in bytes.
const KEY_BYTES_MAX: usize = 1_024;
/// Longest value, in bytes.
const VALUE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most keys that a batch changes.
const ROWS_MAX: usize = 4 * 1024 * 1024;

/// What a log file holds.
pub(super) struct Parsed {
    /// The batches, in order.
    pub(super) batches: Vec<Batch>,
    /// Where the last whole record ends.
    pub(super) whole_bytes: usize,
}

/// A batch as a record.
pub(super) fn record(batch: &Batch) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.count(batch.deletes.len());
    for (tree, key) in &batch.deletes {
        writer.byte(tree.number()).bytes(key);
    }
    writer.count(batch.puts.len());
    for (tree, key, value) in &batch.puts {
        writer.byte(tree.number()).bytes(key).bytes(value);
    }
    let content = writer.into_bytes();
    let len = u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes();
    let (head, sum) = (crc32fast::hash(&len), crc32fast::hash(&content));
    [&len[..], &head.to_le_bytes(), &sum.to_le_bytes(), &content].concat()
}

/// Reads all records. What is cut off or unfinished at the end was never acknowledged and is left out.
///
/// # Errors
/// When something before the end is damaged: then a record that was acknowledged would be lost.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, String> {
    let mut at = MAGIC.len();
    if bytes.get(..at) != Some(MAGIC) {
        return Err("it does not begin as a phone's log".to_owned());
    }
    let mut batches = Vec::new();
    while let Some((content, end)) = record_at(bytes, at) {
        batches.push(decode(content).map_err(|error| format!("the record at byte {at}: {error}"))?);
        at = end;
    }
    let damaged = (at + 1..bytes.len()).any(|later| record_at(bytes, later).is_some());
    if damaged {
        return Err(format!("the record at byte {at} is damaged, and whole ones follow it"));
    }
    Ok(Parsed { batches, whole_bytes: at })
}

fn record_at(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let (len, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
    let (head, rest) = rest.split_first_chunk::<4>()?;
    if u32::from_le_bytes(*head) != crc32fast::hash(len) {
        return None;
    }
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    let content = rest.get(..u32::from_le_bytes(*len) as usize)?;
    let end = at + HEAD_BYTES + content.len();
    (u32::from_le_bytes(*sum) == crc32fast::hash(content)).then_some((content, end))
}

fn decode(content: &[u8]) -> Result<Batch, DecodeError> {
    let mut reader = Reader::new(content);
    let mut batch = Batch::default();
    for _ in 0..reader.count(ROWS_MAX, "removals")? {
        batch.deletes.push((tree(&mut reader)?, reader.bytes(KEY_BYTES_MAX, "key")?.to_vec()));
    }
    for _ in 0..reader.count(ROWS_MAX, "writes")? {
        let at = (tree(&mut reader)?, reader.bytes(KEY_BYTES_MAX, "key")?.to_vec());
        batch.puts.push((at.0, at.1, reader.bytes(VALUE_BYTES_MAX, "value")?.to_vec()));
    }
    reader.finish("record")?;
    Ok(batch)
}

fn tree(reader: &mut Reader<'_>) -> Result<Tree, DecodeError> {
    Tree::from_number(reader.byte("tree")?).ok_or(DecodeError::Invalid { what: "tree" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(value: u8) -> Batch {
        let mut batch = Batch::default();
        batch.put(Tree::Log, vec![value], vec![value; 40]);
        batch.delete(Tree::Meta, vec![value]);
        batch
    }

    #[test]
    fn every_cut_leaves_the_whole_records() {
        let (one, two) = (record(&batch(1)), record(&batch(2)));
        let all = [&MAGIC[..], &one, &two].concat();
        for cut in MAGIC.len()..all.len() {
            let parsed = parse(&all[..cut]).unwrap();
            let whole = usize::from(cut >= MAGIC.len() + one.len());
            assert_eq!(parsed.batches.len(), whole, "cut at {cut}");
            assert_eq!(parsed.whole_bytes, MAGIC.len() + whole * one.len());
        }
        assert_eq!(parse(&all).unwrap().batches, [batch(1), batch(2)]);
    }

    #[test]
    fn damage_before_the_end_is_named_and_an_unfinished_end_is_not_damage() {
        let (one, two) = (record(&batch(1)), record(&batch(2)));
        let mut all = [&MAGIC[..], &one, &two].concat();
        let last = all.len() - 1;
        all[last] ^= 1;
        assert_eq!(parse(&all).unwrap().batches.len(), 1);
        all[last] ^= 1;
        all[MAGIC.len() + 20] ^= 1;
        assert!(parse(&all).err().unwrap().contains("damaged"));
        assert!(parse(b"something").is_err());
    }
}
