//! Whether what a store holds hangs together: every entry decodes, is in its document's log, and has its
//! bodies, no place in a circle's log is empty, and its statements follow from each other.

use std::collections::BTreeSet;

use kith_shared::document::{KithSchema, Shape};
use kith_shared::gate::{Schema, parse_change};
use kith_shared::ids::{BodyId, CircleId, MemberId};
use kith_shared::storage::{Read, ReadResult, Tree};
use kith_shared::sync::{CircleRecord, StoredEntry, key};
use kith_shared::trust::{Author, Role};

use super::{Store, StoreError, statements};

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
    for problem in statements::problems(store, circle, record).await? {
        report.note(problem);
    }
    let (mut next, mut taken_back, mut lacking) = (0, BTreeSet::new(), BTreeSet::new());
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
                Ok(entry) => {
                    reads.extend(expected(circle, position, &entry));
                    taken_back.extend(erased(circle, &entry));
                }
                Err(error) => report.note(format!("circle {circle}, place {position}: {error}")),
            }
        }
        let results = store.read(reads.clone()).await?;
        for (read, result) in reads.iter().zip(results) {
            let Read::Has { tree, key } = read else { continue };
            match result.value() {
                Some(_) => report.bodies += u64::from(*tree == Tree::Bodies),
                None if *tree == Tree::Bodies => lacking.extend(BodyId::from_slice(&key[CircleId::LEN..])),
                None => report.note(format!("circle {circle}: {tree:?} lacks {}", hex(key))),
            }
        }
    }
    // A text that was taken back before a backup was restored comes no more.
    for body in lacking.difference(&taken_back) {
        report.note(format!("circle {circle}: Bodies lacks {}", hex(body.as_bytes())));
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

/// Texts that an entry takes back.
fn erased(circle: &CircleId, entry: &StoredEntry) -> Vec<BodyId> {
    let names_texts = match entry.document.shape() {
        Shape::Thread | Shape::Toolkit => true,
        Shape::Note | Shape::Profile => false,
    };
    let change = entry.content.plain().filter(|_| names_texts);
    let Some(Ok(change)) = change.map(parse_change) else { return Vec::new() };
    let author = Author { device: entry.device, member: MemberId([0; 16]), role: Role::Member, begins: false };
    let inspection = KithSchema.inspect(circle, &entry.document, &author, &change);
    inspection.map(|found| found.erased.into_iter().map(|(body, _)| body).collect()).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use kith_shared::storage::Batch;

    use super::*;
    use crate::admin::circle;
    use crate::routes::testing::Server;

    async fn wrong(server: &Server) -> u64 {
        let store = server.app.store.as_ref();
        check(store, &circle::list(store).await.unwrap()).await.unwrap().problem_count
    }

    #[tokio::test]
    async fn a_text_that_is_not_there_is_missed_until_it_is_taken_back() {
        let server = Server::new().await;
        let mut ana = server.enrolled(1).await;
        let (said, message) = ana.post("hello");
        server.sync(ana.request(&[ana.page(std::slice::from_ref(&said))])).await;
        assert_eq!(wrong(&server).await, 0);
        let at = key::body(&server.circle, &BodyId::of(&said.bodies[0]));
        let gone = || {
            let mut batch = Batch::default();
            batch.delete(Tree::Bodies, at.clone());
            server.app.store.commit(batch)
        };
        gone().await.unwrap();
        assert_eq!(wrong(&server).await, 1);
        let now = ana.now;
        let back = ana.edit(Vec::new(), |handle| {
            handle.take_back(&message, now).unwrap();
        });
        server.sync(ana.request(&[ana.page(&[back])])).await;
        assert_eq!(wrong(&server).await, 0, "an empty text in its place");
        gone().await.unwrap();
        assert_eq!(wrong(&server).await, 0, "nor is the place needed");
    }
}
