//! Enrolment links.

use kith_shared::ids::{CircleId, InviteToken};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{Invite, Role};

use crate::store::{Store, StoreError};

/// Invitations that are read at once.
const ROWS: usize = 1_000;
/// A day.
pub const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InviteTerms {
    /// As what.
    pub role: Role,
    /// For how many devices.
    pub uses: u32,
    /// Until when.
    pub expires: TimestampMs,
}

/// Keeps an invitation under the hash of its token. False when there is no such circle.
///
/// # Errors
/// What the store says.
pub async fn create(
    store: &dyn Store,
    circle: CircleId,
    token: &InviteToken,
    terms: InviteTerms,
) -> Result<bool, StoreError> {
    loop {
        let read = Read::Get { tree: Tree::Circles, key: circle.as_bytes().to_vec() };
        let record = store.read(vec![read]).await?.into_iter().next().and_then(ReadResult::value);
        if record.is_none() {
            return Ok(false);
        }
        let invite = Invite { circle, role: terms.role, uses_left: terms.uses, expires: terms.expires };
        let mut batch = Batch::default();
        batch.expect(Tree::Circles, circle.as_bytes(), record);
        batch.put(Tree::Invites, Invite::key(token), invite.encode());
        if store.commit(batch).await? == CommitOutcome::Committed {
            return Ok(true);
        }
    }
}

/// Removes invitations that ran out. Used-up ones stay until then: a phone whose answer was cut off asks again.
///
/// # Errors
/// What the store says.
pub async fn prune(store: &dyn Store, now: TimestampMs) -> Result<usize, StoreError> {
    let mut batch = Batch::default();
    let mut from = Vec::new();
    loop {
        let read = Read::Range {
            tree: Tree::Invites,
            from,
            to: Vec::new(),
            rows_max: ROWS,
            bytes_max: usize::MAX,
            reverse: false,
        };
        let rows = store.read(vec![read]).await?.into_iter().next().map(ReadResult::rows).unwrap_or_default();
        let Some((last, _)) = rows.last() else { break };
        from = [last.as_slice(), &[0]].concat();
        for (key, value) in rows {
            if Invite::decode(&value).is_ok_and(|invite| invite.expires <= now) {
                batch.delete(Tree::Invites, key);
            }
        }
    }
    let pruned = batch.deletes.len();
    if pruned > 0 {
        store.commit(batch).await?;
    }
    Ok(pruned)
}

/// The address that a phone opens. The token is behind the `#`, so that it is in no server's log.
#[must_use]
pub fn link(origin: &str, token: &InviteToken, circle: &CircleId, name: Option<&str>) -> String {
    let name = name.map(|name| format!("&n={}", percent_encoded(name))).unwrap_or_default();
    format!("{origin}/#/join?t={token}&c={circle}{name}")
}

fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::circle;
    use crate::store::MemoryStore;

    #[tokio::test]
    async fn links_that_ran_out_are_removed() {
        let (store, id) = (MemoryStore::new(), CircleId([1; 16]));
        circle::create(&store, id, "Test").await.unwrap();
        for token in 1..=5 {
            let expires = TimestampMs(u64::from(token) * 100);
            let terms = InviteTerms { role: Role::Member, uses: 1, expires };
            assert!(create(&store, id, &InviteToken([token; 16]), terms).await.unwrap());
        }
        assert_eq!(prune(&store, TimestampMs(300)).await, Ok(3));
        assert_eq!(prune(&store, TimestampMs(300)).await, Ok(0));
    }

    #[test]
    fn a_link_keeps_its_token_behind_the_hash() {
        let link = link("https://kith.example", &InviteToken([1; 16]), &CircleId([2; 16]), Some("Our circle"));
        let (before, after) = link.split_once('#').unwrap();
        assert_eq!(before, "https://kith.example/");
        assert_eq!(after, format!("/join?t={}&c={}&n=Our%20circle", "01".repeat(16), "02".repeat(16)));
    }
}
