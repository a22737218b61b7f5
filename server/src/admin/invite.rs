//! Enrolment links: invites that the root, or a device of the circle, states in its log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kith_shared::ids::{CircleId, first_16, tagged_hash};
use kith_shared::seal::{EpochKey, seal_box};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Row, Tree};
use kith_shared::sync::statements::{CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    Attached, Invitation, InviteFor, InviteRow, InviteSecret, KeyGroup, Role, RootCommission, Signed, Signer,
    SigningSecret, StatementBody, StatementProblem,
};

use tokio::sync::watch;

use crate::clock::Clock;
use crate::store::{Store, StoreError};

use super::AdminError;
use super::chain::{edit, load};

/// Invites that are read at once.
const ROWS: usize = 1_000;
/// How often rows that are of no use are removed.
const PRUNE_TIME: Duration = Duration::from_secs(60 * 60);
/// A day.
pub const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// How long a facilitator's phone may found circles.
const COMMISSION_MS: u64 = 366 * DAY_MS;
/// A link is not shown again when it runs out within so long.
const SOON_MS: u64 = 7 * DAY_MS;

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

/// Who makes a link, and what it opens.
#[derive(Clone, Copy, Debug)]
pub struct Issuer<'a> {
    /// The root, or a device that may.
    pub signer: Signer<'a>,
    /// The earlier keys of the circle, for a link that opens the past; the root has none.
    pub past: &'a [(KeyGroup, EpochKey)],
}

impl<'a> Issuer<'a> {
    /// The organisation's root.
    #[must_use]
    pub fn root(root: &'a SigningSecret) -> Self {
        Self { signer: Signer::Root(root), past: &[] }
    }
}

/// States an invite with this secret.
///
/// # Errors
/// [`AdminError::NoCircle`]; what the log or the store says.
pub async fn create(
    store: &dyn Store,
    keys: &HubKeys,
    issuer: &Issuer<'_>,
    circle: CircleId,
    secret: &InviteSecret,
    terms: InviteTerms,
    now: TimestampMs,
) -> Result<(), AdminError> {
    edit(store, circle, now, |chain| state(chain, keys, issuer, circle, secret, terms, now)).await
}

/// The secret of an invite that stays the same until it is used up or soon runs out, so that a server that prints
/// links at every start does not fill the log. `seed` is secret and the issuer's.
///
/// # Errors
/// As [`create`].
pub async fn lasting(
    store: &dyn Store,
    keys: &HubKeys,
    issuer: &Issuer<'_>,
    circle: CircleId,
    seed: &[u8; 32],
    terms: InviteTerms,
    now: TimestampMs,
) -> Result<InviteSecret, AdminError> {
    edit(store, circle, now, |chain| {
        let mut number = 0_u64;
        loop {
            let parts: [&[u8]; 3] = [seed, circle.as_bytes(), &number.to_le_bytes()];
            let secret = InviteSecret(first_16(&tagged_hash("kith/lasting-link/1", &parts)));
            let Some(record) = chain.standing().invite(&secret.public()) else {
                state(chain, keys, issuer, circle, &secret, terms, now)?;
                return Ok(secret);
            };
            let invite = &record.invitation;
            let is_lasting = record.used < invite.uses && invite.expires > now.plus_ms(SOON_MS);
            if is_lasting && !record.is_withdrawn && InviteFor::Role(terms.role) == invite.to {
                return Ok(secret);
            }
            number += 1;
        }
    })
    .await
}

/// States an invitation at the end of a circle's chain; the caller keeps the chain.
///
/// # Errors
/// What the chain refuses, by name; a box of earlier keys that can't be sealed.
pub fn state(
    chain: &mut CircleChain,
    keys: &HubKeys,
    issuer: &Issuer<'_>,
    circle: CircleId,
    secret: &InviteSecret,
    terms: InviteTerms,
    now: TimestampMs,
) -> Result<(), AdminError> {
    let key = secret.public();
    let sealed_box = match issuer.past {
        [] => Vec::new(),
        past => seal_box(&secret.box_key(), &circle, &key.0, past).map_err(|_| StatementProblem::Malformed)?,
    };
    let author = match issuer.signer {
        Signer::Device(device) => Some(device.id()),
        Signer::Root(_) | Signer::Invite(_) => None,
    };
    let body = StatementBody::Invite(Invitation {
        key,
        to: InviteFor::Role(terms.role),
        uses: terms.uses,
        expires: terms.expires,
        past: !issuer.past.is_empty(),
        keys: Attached::of(&sealed_box),
        possession: Invitation::prove(secret, &circle, &issuer.signer.author()),
    });
    let statement = chain.draft(author.as_ref(), body, now).sign(issuer.signer);
    chain.admit(statement, sealed_box, keys, now)?;
    Ok(())
}

/// Removes rows of invites that were used up or withdrawn, as the circle's chain says; what was stated stays, and says
/// so to whoever asks. What only ran out stays: a clock that jumps ahead for one start would take every open link with
/// it, and its row is what says that it ran out. There are no more such rows than records. Gives how many were removed;
/// what changes meanwhile is left to the next time.
///
/// # Errors
/// What the store says.
pub async fn prune(store: &dyn Store, now: TimestampMs) -> Result<usize, StoreError> {
    let (mut pruned, mut from) = (0, Vec::new());
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
        let Some((last, _)) = rows.last() else { return Ok(pruned) };
        from = [last.as_slice(), &[0]].concat();
        let mut batch = Batch::default();
        let mut of_circle: BTreeMap<CircleId, Vec<Row>> = BTreeMap::new();
        for (key, value) in rows {
            // By what ran out nobody comes in meanwhile: a chain is not read for it.
            if let Some(row) = InviteRow::decode(&value).ok().filter(|row| row.expires > now) {
                of_circle.entry(row.circle).or_default().push((key, value));
            }
        }
        // A circle at a time: a chain may take megabytes.
        for (circle, rows) in of_circle {
            let chain = load(store, circle).await?;
            rows.into_iter().filter(|(key, _)| is_over(&chain, key)).for_each(|row| forget(&mut batch, row));
        }
        let removed = batch.deletes.len();
        if removed > 0 && store.commit(batch).await? == CommitOutcome::Committed {
            pruned += removed;
        }
    }
}

fn forget(batch: &mut Batch, (key, value): Row) {
    batch.expect(Tree::Invites, key.clone(), Some(value));
    batch.delete(Tree::Invites, key);
}

/// Whether nobody more comes in by the invite of a row.
fn is_over(chain: &CircleChain, key: &[u8]) -> bool {
    let mut invites = chain.standing().invites();
    invites.find(|invite| InviteRow::key(&invite.invitation.key) == *key).is_some_and(|invite| {
        let uses = if matches!(invite.invitation.to, InviteFor::Role(_)) { invite.invitation.uses } else { 1 };
        invite.is_withdrawn || invite.used >= uses
    })
}

/// Prunes every hour, until the server closes.
pub async fn task(store: Arc<dyn Store>, clock: Arc<dyn Clock>, mut closing: watch::Receiver<bool>) {
    loop {
        if let Err(error) = prune(store.as_ref(), clock.now()).await {
            tracing::error!(%error, "links that are of no use could not be forgotten: trying again later");
        }
        if tokio::time::timeout(PRUNE_TIME, closing.wait_for(|closing| *closing)).await.is_ok() {
            return;
        }
    }
}

/// The right to found circles, for whoever has a facilitator's link.
#[must_use]
pub fn commission(root: &SigningSecret, secret: &InviteSecret, now: TimestampMs) -> Signed<RootCommission> {
    RootCommission::sign(root, secret.public(), now.plus_ms(COMMISSION_MS))
}

#[cfg(test)]
mod tests {
    use kith_shared::client::{commission_text, link_text};
    use kith_shared::ids::OrganisationKey;

    use super::*;
    use crate::admin::{chain, circle};
    use crate::routes::testing::Server;
    use crate::store::MemoryStore;

    const NOW: TimestampMs = TimestampMs(1_795_500_000_000);

    async fn store() -> (MemoryStore, HubKeys, SigningSecret, CircleId) {
        let (store, root) = (MemoryStore::new(), SigningSecret::from_seed(&[1; 32]));
        let keys = HubKeys { root: OrganisationKey(root.public()), server: SigningSecret::from_seed(&[2; 32]) };
        let circle = circle::create(&store, &keys, &root, "Test", [1; 16], NOW).await.unwrap();
        (store, keys, root, circle)
    }

    fn terms(days: u64) -> InviteTerms {
        InviteTerms { role: Role::Member, uses: 1, expires: NOW.plus_ms(days * DAY_MS) }
    }

    #[tokio::test]
    async fn p28_a_clock_that_is_years_ahead_for_one_start_takes_no_link_with_it() {
        let (store, keys, root, id) = store().await;
        for number in 1..=5_u8 {
            let secret = InviteSecret([number; 16]);
            let issuer = Issuer::root(&root);
            create(&store, &keys, &issuer, id, &secret, terms(number.into()), NOW).await.unwrap();
        }
        let before = chain::load(&store, id).await.unwrap().chain().len();
        for days in [3, 90, 5 * 366] {
            assert_eq!(prune(&store, NOW.plus_ms(days * DAY_MS)).await, Ok(0), "{days} days ahead");
        }
        assert_eq!(chain::load(&store, id).await.unwrap().chain().len(), before);
        let read = Read::Range {
            tree: Tree::Invites,
            from: Vec::new(),
            to: Vec::new(),
            rows_max: ROWS,
            bytes_max: usize::MAX,
            reverse: false,
        };
        assert_eq!(store.read(vec![read]).await.unwrap().remove(0).rows().len(), 5);
    }

    #[tokio::test]
    async fn p28_after_a_start_with_a_clock_years_ahead_codes_still_let_people_in_and_say_when_they_ran_out() {
        let server = Server::new().await;
        let link = server.invite(Role::Member, 2).await;
        let store = server.app.store.as_ref();
        assert_eq!(prune(store, server.now().plus_ms(5 * 366 * DAY_MS)).await, Ok(0));
        let find = |now| kith_shared::trust::EnrolRequest::find(&link, now).encode();
        assert_eq!(server.enrol(find(server.now())).await.0, 200);
        let phone = crate::routes::testing::Phone::new(1, server.circle, server.now());
        assert_eq!(server.enrol(phone.join(&link)).await.0, 200);
        server.clock.advance_ms(400 * DAY_MS);
        assert_eq!(prune(store, server.now()).await, Ok(0));
        assert_eq!(server.enrol(find(server.now())).await.0.as_u16(), 410, "it ran out, and is not unknown");
    }

    #[tokio::test]
    async fn rows_of_links_that_were_used_up_are_removed_and_others_stay() {
        let server = Server::new().await;
        let (once, twice) = (server.invite(Role::Member, 1).await, server.invite(Role::Member, 2).await);
        for (seed, link) in [(1, &once), (2, &twice)] {
            let phone = crate::routes::testing::Phone::new(seed, server.circle, server.now());
            assert_eq!(server.enrol(phone.join(link)).await.0, 200);
        }
        let store = server.app.store.as_ref();
        assert_eq!(prune(store, server.now()).await, Ok(1));
        assert_eq!(prune(store, server.now()).await, Ok(0));
        let third = crate::routes::testing::Phone::new(3, server.circle, server.now());
        assert_eq!(server.enrol(third.join(&twice)).await.0, 200);
        assert_eq!(prune(store, server.now()).await, Ok(1));
    }

    #[tokio::test]
    async fn a_link_stays_the_same_until_it_is_used_up_or_soon_runs_out() {
        let server = Server::new().await;
        let (store, keys) = (server.app.store.as_ref(), &server.app.keys);
        let issuer = Issuer::root(&server.root);
        let terms = InviteTerms { expires: server.now().plus_ms(30 * DAY_MS), ..terms(0) };
        let lasting = |now| lasting(store, keys, &issuer, server.circle, &[6; 32], terms, now);
        let first = lasting(server.now()).await.unwrap();
        assert_eq!(lasting(server.now().plus_ms(20 * DAY_MS)).await.unwrap(), first);
        assert_eq!(server.chain().await.chain().len(), 2);
        let phone = crate::routes::testing::Phone::new(1, server.circle, server.now());
        assert_eq!(server.enrol(phone.join(&first)).await.0, 200);
        let second = lasting(server.now()).await.unwrap();
        assert_ne!(second, first);
        assert_ne!(lasting(server.now().plus_ms(24 * DAY_MS)).await.unwrap(), second);
    }

    #[tokio::test]
    async fn an_unknown_circle_is_named_and_nothing_is_made() {
        let (store, keys, root, _) = store().await;
        let (issuer, secret) = (Issuer::root(&root), InviteSecret([1; 16]));
        let error = create(&store, &keys, &issuer, CircleId([9; 16]), &secret, terms(1), NOW).await.unwrap_err();
        assert!(matches!(error, AdminError::NoCircle(CircleId([9, ..]))), "{error}");
        assert_eq!(circle::list(&store).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_circle_of_another_root_is_not_founded() {
        let (store, keys, _, _) = store().await;
        let other = SigningSecret::from_seed(&[7; 32]);
        let keys = HubKeys { root: OrganisationKey(other.public()), ..keys };
        let error = circle::create(&store, &keys, &SigningSecret::from_seed(&[1; 32]), "No", [2; 16], NOW).await;
        assert!(matches!(error, Err(AdminError::Statement(StatementProblem::BadSignature))), "{error:?}");
        assert_eq!(circle::list(&store).await.unwrap().len(), 1);
    }

    #[test]
    fn a_link_keeps_its_secret_behind_the_hash_and_brings_a_facilitators_right() {
        let (secret, root) = (InviteSecret([1; 16]), SigningSecret::from_seed(&[1; 32]));
        let commission = commission(&root, &secret, NOW);
        let checked = commission.verify(&OrganisationKey(root.public())).unwrap();
        assert_eq!(checked.expires, NOW.plus_ms(366 * DAY_MS));
        let link = link_text("https://kith.example", &secret, &CircleId([2; 16]), "Our circle", Some(&commission));
        let (before, after) = link.split_once('#').unwrap();
        assert_eq!(before, "https://kith.example/");
        let (plain, right) = after.split_once("&k=").unwrap();
        assert_eq!(plain, format!("/join?t={}&c={}&n=Our%20circle", "01".repeat(16), "02".repeat(16)));
        assert_eq!(right, commission_text(&commission));
    }
}
