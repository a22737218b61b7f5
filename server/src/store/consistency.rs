//! Whether what a store holds hangs together: every entry decodes, is in its document's log, and has its
//! bodies, and no place in a circle's log is empty.

use kith_shared::ids::CircleId;
use kith_shared::storage::{Read, ReadResult, Tree};
use kith_shared::sync::{CircleRecord, StoredEntry, key};

use super::{Store, StoreError};

const ROWS: usize = 500;
const BYTES: usize = 2 * 1024 * 1024;
const LISTED_MAX: usize = 100;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsistencyReport {
    /// Circles looked at.
    pub circles: u64,
    /// Entries looked at.
    pub entries: u64,
    /// Bodies that entries name and that are there.
    pub bodies: u64,
    /// How many things are wrong.
    pub problem_count: u64,
    /// The first of them.
    pub problems: Vec<String>,
}

/// Looks at all circles.
///
/// # Errors
/// What the store says.
pub async fn check(store: &dyn Store, circles: &[(CircleId, CircleRecord)]) -> Result<ConsistencyReport, StoreError> {
    let mut report = ConsistencyReport::default();
    for (circle, record) in circles {
        report.circles += 1;
        check_circle(store, circle, record, &mut report).await?;
    }
    Ok(report)
}

async fn check_circle(
    store: &dyn Store,
    circle: &CircleId,
    record: &CircleRecord,
    report: &mut ConsistencyReport,
) -> Result<(), StoreError> {
    let mut next = 0;
    loop {
        let read = Read::Range {
            tree: Tree::Log,
            from: key::log(circle, next),
            to: key::after_prefix(circle.as_bytes()),
            rows_max: ROWS,
            bytes_max: BYTES,
            reverse: false,
        };
        let rows = store.read(vec![read]).await?.into_iter().next().map(ReadResult::rows).unwrap_or_default();
        if rows.is_empty() {
            break;
        }
        let mut reads = Vec::new();
        for (row, value) in rows {
            let position = key::position_of(&row).unwrap_or(u64::MAX);
            if position != next {
                report.note(format!("circle {circle}: no entry at places {next} to {position}"));
            }
            next = position.saturating_add(1);
            report.entries += 1;
            match StoredEntry::decode(&value) {
                Ok(entry) => reads.extend(expected(circle, position, &entry)),
                Err(error) => report.note(format!("circle {circle}, place {position}: {error}")),
            }
        }
        let results = store.read(reads.clone()).await?;
        for (read, result) in reads.iter().zip(results) {
            let Read::Has { tree, key } = read else { continue };
            match result.value() {
                Some(_) => report.bodies += u64::from(*tree == Tree::Bodies),
                None => report.note(format!("circle {circle}: {tree:?} lacks {}", hex(key))),
            }
        }
    }
    if next != record.position {
        report.note(format!("circle {circle}: its log ends at {next}, its record says {}", record.position));
    }
    Ok(())
}

/// What must be there beside an entry.
fn expected(circle: &CircleId, position: u64, entry: &StoredEntry) -> Vec<Read> {
    let document = entry.document.id(circle);
    let log = Read::Has { tree: Tree::DocumentLog, key: key::document_log(circle, &document, position) };
    let bodies = entry.bodies.iter().map(|body| Read::Has { tree: Tree::Bodies, key: key::body(circle, body) });
    std::iter::once(log).chain(bodies).collect()
}

impl ConsistencyReport {
    fn note(&mut self, problem: String) {
        self.problem_count += 1;
        if self.problems.len() < LISTED_MAX {
            self.problems.push(problem);
        }
    }
}

fn hex(key: &[u8]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}
