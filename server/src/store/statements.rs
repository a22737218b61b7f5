//! Whether a circle's statements hang together: each decodes, none comes before its parents, no place is empty, and
//! what follows from them is what the store says of who is in the circle.

use kith_shared::codec::Reader;
use kith_shared::ids::{CircleId, DeviceId};
use kith_shared::storage::{Read, ReadResult, Row, Tree};
use kith_shared::sync::{CircleRecord, key};
use kith_shared::trust::{GrantLog, Inserted, Roster, RosterEntry, Statement};

use super::{Store, StoreError};

/// What is wrong with a circle's statements, one sentence each.
///
/// # Errors
/// What the store says.
pub(super) async fn problems(
    store: &dyn Store,
    circle: &CircleId,
    record: &CircleRecord,
) -> Result<Vec<String>, StoreError> {
    let range = |tree| Read::Range {
        tree,
        from: circle.as_bytes().to_vec(),
        to: key::after_prefix(circle.as_bytes()),
        rows_max: usize::MAX,
        bytes_max: usize::MAX,
        reverse: false,
    };
    let mut results = store.read(vec![range(Tree::Statements), range(Tree::Roster)]).await?.into_iter();
    let mut rows = || results.next().map(ReadResult::rows).unwrap_or_default();
    let (statements, roster) = (rows(), rows());
    let mut problems = Vec::new();
    let log = log_of(circle, record, &statements, &mut problems);
    if roster_of(&roster).as_ref() != Some(&log.evaluate().roster()) {
        problems.push(format!("circle {circle}: who is in it is not what its statements say"));
    }
    Ok(problems)
}

fn log_of(circle: &CircleId, record: &CircleRecord, rows: &[Row], problems: &mut Vec<String>) -> GrantLog {
    let mut log = GrantLog::new(*circle);
    let mut next = 0;
    for (row, bytes) in rows {
        let position = key::position_of(row).unwrap_or(u64::MAX);
        if position != next {
            problems.push(format!("circle {circle}: no statement at places {next} to {position}"));
        }
        next = position.saturating_add(1);
        let inserted = match Statement::decode(bytes) {
            Ok(statement) => log.insert(statement).map_err(|problem| problem.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match inserted {
            Ok(Inserted::New | Inserted::Known) => {}
            Ok(Inserted::Waiting) => {
                problems.push(format!("circle {circle}, statement {position}: it comes before its parents"));
            }
            Err(cause) => problems.push(format!("circle {circle}, statement {position}: {cause}")),
        }
    }
    if next != record.statements {
        let said = record.statements;
        problems.push(format!("circle {circle}: its statements end at {next}, its record says {said}"));
    }
    log
}

fn roster_of(rows: &[Row]) -> Option<Roster> {
    let entry = |(row, bytes): &Row| {
        let entry = RosterEntry::read(&mut Reader::new(bytes)).ok()?;
        let device = row.get(CircleId::LEN..).and_then(DeviceId::from_slice)?;
        (entry.device.id() == device).then_some(entry)
    };
    Some(Roster::new(rows.iter().map(entry).collect::<Option<Vec<_>>>()?))
}

#[cfg(test)]
mod tests {
    use kith_shared::storage::Batch;
    use kith_shared::trust::Role;

    use super::*;
    use crate::admin::circle;
    use crate::routes::testing::Server;
    use crate::store::consistency;

    async fn wrong(server: &Server) -> Vec<String> {
        let store = server.app.store.as_ref();
        consistency::check(store, &circle::list(store).await.unwrap()).await.unwrap().problems
    }

    #[tokio::test]
    async fn what_does_not_hang_together_is_named() {
        let place = |server: &Server, at| (Tree::Statements, key::statement(&server.circle, at));
        for (wanted, damage) in [
            ("no statement at places 1", 1),
            ("its statements end at 4, its record says 5", 4),
            ("who is in it", 9),
            ("signature", 2),
        ] {
            let server = Server::new().await;
            let ana = server.enrolled(1).await;
            server.joined(2, Role::Member).await;
            assert_eq!(wrong(&server).await, Vec::<String>::new());
            let mut batch = Batch::default();
            let (tree, at) = place(&server, damage.min(4));
            match damage {
                9 => batch.delete(Tree::Roster, key::roster(&server.circle, &ana.secret.id())),
                2 => {
                    let mut bytes = server.app.get(tree, at.clone()).await.unwrap().unwrap();
                    let statement = Statement::decode(&bytes).unwrap();
                    let at_signature = bytes.windows(64).position(|bytes| *bytes == statement.signature.0).unwrap();
                    bytes[at_signature] ^= 1;
                    batch.put(tree, at, bytes);
                }
                _ => batch.delete(tree, at),
            }
            server.app.store.commit(batch).await.unwrap();
            let found = wrong(&server).await;
            assert!(found.iter().any(|problem| problem.contains(wanted)), "{wanted}: {found:?}");
        }
    }
}
