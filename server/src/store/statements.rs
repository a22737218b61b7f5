//! Whether a circle's chain hangs together: each record decodes and was lawful when it was admitted, each hash stands
//! for all before it, no place is empty, and what follows is what the store says of who is in the circle.

use kith_shared::codec::Reader;
use kith_shared::ids::{CircleId, DeviceId};
use kith_shared::storage::{Read, ReadResult, Row, Tree};
use kith_shared::sync::statements::{RecordRow, way_row};
use kith_shared::sync::{CircleRecord, key};
use kith_shared::trust::{Chain, Roster, RosterEntry, Verified};

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
    let chain = chain_of(circle, record, &statements, &mut problems);
    if roster_of(&roster).as_ref() != Some(&chain.standing().roster()) {
        problems.push(format!("circle {circle}: who is in it is not what its chain says"));
    }
    let stated = statements.iter().filter_map(|(row, bytes)| {
        let position = key::position_of(row)?;
        Some((position, RecordRow::decode(position, bytes).ok()?.1?))
    });
    let ways: Vec<_> =
        stated.filter_map(|(position, statement)| Some((position, way_row(circle, &statement)?))).collect();
    let reads = ways.iter().map(|(_, (at, _))| Read::Get { tree: Tree::Invites, key: at.to_vec() }).collect();
    for ((position, (_, wanted)), found) in ways.iter().zip(store.read(reads).await?) {
        if found.value().is_some_and(|found| found != *wanted) {
            problems.push(format!("circle {circle}, record {position}: its link leads into another circle"));
        }
    }
    Ok(problems)
}

fn chain_of(circle: &CircleId, record: &CircleRecord, rows: &[Row], problems: &mut Vec<String>) -> Chain {
    let mut chain = Chain::new(*circle);
    for (row, bytes) in rows {
        let (position, next) = (key::position_of(row).unwrap_or(u64::MAX), chain.len() + 1);
        if position != next {
            problems.push(format!("circle {circle}: no record at places {next} to {position}"));
            return chain;
        }
        let taken = RecordRow::decode(position, bytes).map_err(|error| error.to_string());
        let taken = taken.and_then(|(row, statement)| {
            // Checked once more: whether the store still holds what it was given is the question here.
            let signed = statement.as_ref().map(Verified::to_signed);
            let checked = chain.verify_record(&row.record, signed).map_err(|problem| problem.to_string())?;
            chain.take(row.record, checked.as_ref()).map_err(|problem| problem.to_string())?;
            let is_same = chain.head().hash == row.hash;
            if is_same { Ok(()) } else { Err("its hash does not stand for the records before it".to_owned()) }
        });
        if let Err(cause) = taken {
            problems.push(format!("circle {circle}, record {position}: {cause}"));
            return chain;
        }
    }
    if chain.head() != record.chain {
        let (end, said) = (chain.len(), record.chain.position);
        problems.push(format!("circle {circle}: its chain ends at {end}, its record says {said}, or another one"));
    }
    chain
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
    use kith_shared::trust::{InviteRow, Role};

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
        let place = |server: &Server, at| (Tree::Statements, key::record(&server.circle, at));
        for (wanted, damage) in [
            ("no record at places 2", 2),
            ("its chain ends at 4, its record says 5", 5),
            ("who is in it", 9),
            ("signature", 3),
        ] {
            let server = Server::new().await;
            let ana = server.enrolled(1).await;
            server.joined(2, Role::Member).await;
            assert_eq!(wrong(&server).await, Vec::<String>::new());
            let mut batch = Batch::default();
            let (tree, at) = place(&server, damage.min(5));
            match damage {
                9 => batch.delete(Tree::Roster, key::roster(&server.circle, &ana.secret.id())),
                3 => {
                    let mut bytes = server.app.get(tree, at.clone()).await.unwrap().unwrap();
                    let (_, statement) = RecordRow::decode(3, &bytes).unwrap();
                    let statement = statement.unwrap();
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

    #[tokio::test]
    async fn a_link_that_leads_into_another_circle_than_its_record_says_is_named() {
        let server = Server::new().await;
        server.enrolled(1).await;
        let rows = server.app.store.read(vec![Read::Range {
            tree: Tree::Invites,
            from: Vec::new(),
            to: Vec::new(),
            rows_max: usize::MAX,
            bytes_max: usize::MAX,
            reverse: false,
        }]);
        let (at, bytes) = rows.await.unwrap().remove(0).rows().remove(0);
        let row = InviteRow { circle: CircleId([9; 16]), ..InviteRow::decode(&bytes).unwrap() };
        let mut batch = Batch::default();
        batch.put(Tree::Invites, at, row.encode());
        server.app.store.commit(batch).await.unwrap();
        let found = wrong(&server).await;
        assert!(matches!(&found[..], [one] if one.contains("leads into another circle")), "{found:?}");
    }
}
