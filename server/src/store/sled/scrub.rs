use std::collections::BTreeMap;
use std::sync::Arc;

use kith_shared::storage::Tree;

use crate::store::StoreError;

use super::database::Database;
use super::record;

/// Most damaged records that are listed; all are counted.
const LISTED_MAX: usize = 1_000;

/// What a scrub found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScrubReport {
    /// Records that were read.
    pub records: u64,
    /// Bytes of values that were read.
    pub bytes: u64,
    /// Records by tree.
    pub trees: BTreeMap<Tree, u64>,
    /// Damaged records.
    pub corrupt_count: u64,
    /// The first of them.
    pub corrupt: Vec<StoreError>,
}

/// Reads all of these databases.
pub(super) fn scrub(databases: &[Arc<Database>]) -> Result<ScrubReport, StoreError> {
    let mut report = ScrubReport::default();
    for database in databases {
        for row in database.raw_rows() {
            let (key, sealed) = row?;
            if key == record::GROUP_KEY {
                continue;
            }
            match check(database, &key, &sealed) {
                Ok(Some((tree, bytes))) => {
                    report.records += 1;
                    report.bytes += bytes as u64;
                    *report.trees.entry(tree).or_default() += 1;
                }
                Ok(None) => {}
                Err(error @ StoreError::Corrupt { .. }) => {
                    report.corrupt_count += 1;
                    if report.corrupt.len() < LISTED_MAX {
                        report.corrupt.push(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(report)
}

/// The tree and size of a whole record; `None` for a piece that its record counts.
fn check(database: &Database, raw: &[u8], sealed: &[u8]) -> Result<Option<(Tree, usize)>, StoreError> {
    let stray = |tree, key: &[u8], cause| StoreError::Corrupt { tree, key: key.to_vec(), cause };
    let (tree, key, is_piece) =
        record::parse_key(raw).ok_or_else(|| stray(Tree::Meta, raw, "its key is none that this store writes"))?;
    if !is_piece {
        return Ok(Some((tree, database.whole(tree, key, sealed)?.len())));
    }
    let piece = raw.last_chunk::<2>().map_or(u16::MAX, |bytes| u16::from_be_bytes(*bytes));
    let pieces = database.pieces(tree, key)?;
    if piece < pieces { Ok(None) } else { Err(stray(tree, key, "a piece without its record")) }
}
