//! Enrolment links.

use kith_shared::ids::{CircleId, InviteToken};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{Invite, Role};

use crate::store::{Store, StoreError};

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

    #[test]
    fn a_link_keeps_its_token_behind_the_hash() {
        let link = link("https://kith.example", &InviteToken([1; 16]), &CircleId([2; 16]), Some("Our circle"));
        let (before, after) = link.split_once('#').unwrap();
        assert_eq!(before, "https://kith.example/");
        assert_eq!(after, format!("/join?t={}&c={}&n=Our%20circle", "01".repeat(16), "02".repeat(16)));
    }
}
