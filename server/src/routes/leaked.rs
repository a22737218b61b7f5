//! Links whose secret came to the server, in the path or query of an address: something on the way wrote `%23` for `#`.
//! Whoever can read the log of a proxy could come in by them, so they are closed, and whoever opened one is told.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};
use kith_shared::client::Link;
use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};
use kith_shared::sync::enrol::{circle_reads, reads};
use kith_shared::sync::statements::{CircleChain, CommissionRow};
use kith_shared::trust::bounds::GRANT_GRACE_MS;
use kith_shared::trust::{InviteFor, InviteRow, Signer, StatementBody, Withdraw};
use kith_shared::wire::ProblemCode;

use crate::app::App;
use crate::metrics::Label;
use crate::rate::Peer;

use super::door::{look_at, prefix_of};
use super::exchange::commit;
use super::problem::Refused;

/// How often a link is closed anew when somebody else was faster.
const CONFLICTS_MAX: usize = 16;

const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
    <meta name=\"color-scheme\" content=\"light dark\">\n<title>This link was changed on its way</title>\n\
    <h1>This link was changed on its way</h1>\n\
    <p>The app that brought you this link wrote some of its signs differently. Because of that, its secret part came \
    to us where others may be able to read it.</p>\n";
const CLOSED: &str =
    "<p><strong>To keep your circle safe, the link was closed. Nobody can come in by it any more.</strong></p>\n";
const OPEN: &str = "<p><strong>The link could not be closed just now. Please tell your facilitator, who can withdraw it \
    under “People”.</strong></p>\n";
const NEXT: &str = "<p>Ask your facilitator for a new link. Best scan it as a code from their phone, or have it sent \
    with another app, and copy the whole of it.</p>\n<p>Nothing that you or your circle wrote is lost.</p>\n</html>\n";

/// The link whose secret an address has where it goes to servers.
pub(super) fn in_address(uri: &Uri) -> Option<Link> {
    Link::find(uri.path_and_query()?.as_str())
}

/// Closes a link, and answers with a page that says so.
pub(super) async fn handle(
    app: &Arc<App>,
    peer: Option<Peer>,
    method: &Method,
    headers: &HeaderMap,
    link: &Link,
) -> Response<Body> {
    app.metrics.problems.get_or_create(&Label { kind: "link_in_address" }).inc();
    let peer = peer.unwrap_or(Peer(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
    let closed = close(app, peer, headers, link).await;
    match &closed {
        Ok(()) => tracing::warn!("a link came with its secret in the address, where proxies log it: it was closed"),
        Err(refused) => tracing::error!(
            problem.code = refused.code.label(),
            problem.detail = refused.detail,
            "a link came with its secret in the address, where proxies log it, and could not be closed"
        ),
    }
    let page = [PAGE, if closed.is_ok() { CLOSED } else { OPEN }, NEXT].concat();
    let length = HeaderValue::from(page.len());
    let mut response = Response::new(if method == Method::HEAD { Body::empty() } else { Body::from(page) });
    *response.status_mut() = StatusCode::GONE;
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    head.insert(header::CONTENT_LENGTH, length);
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Ends the link's invite, and its right to found circles. What is over, or was never known here, needs no closing.
async fn close(app: &Arc<App>, peer: Peer, headers: &HeaderMap, link: &Link) -> Result<(), Refused> {
    let prefix = prefix_of(app, peer, headers);
    app.rate.enrolment(prefix).map_err(|slow| Refused::slow(app, slow))?;
    let _unproven = look_at(app, prefix).await?;
    for _ in 0..CONFLICTS_MAX {
        let mut found = app.store.read(reads(&link.secret.public())).await?.into_iter();
        let row = found.next().and_then(ReadResult::value).and_then(|bytes| InviteRow::decode(&bytes).ok());
        let mut batch = match row.map(|row| row.circle).or(link.circle) {
            Some(circle) => ended(app, circle, link).await?,
            None => Batch::default(),
        };
        spend_commission(app, link, &mut batch).await?;
        let is_done = batch.puts.is_empty();
        if is_done || commit(app, batch, None).await? == CommitOutcome::Committed {
            return Ok(());
        }
    }
    Err(Refused::new(ProblemCode::Busy, "the circle is busy"))
}

/// What ends the invite in a circle.
async fn ended(app: &App, circle: CircleId, link: &Link) -> Result<Batch, Refused> {
    let damaged = |_| Refused::new(ProblemCode::Storage, "the server could not read its store");
    let mut chain = CircleChain::load(circle, app.store.read(circle_reads(&circle)).await?).map_err(damaged)?;
    let (invite, now) = (link.secret.public(), app.clock.now());
    let is_open = chain.standing().invite(&invite).is_some_and(|record| {
        let stated = &record.invitation;
        let uses = if matches!(stated.to, InviteFor::Role(_)) { stated.uses } else { 1 };
        !record.is_withdrawn && record.used < uses && now < stated.expires
    });
    if !is_open {
        return Ok(Batch::default());
    }
    let withdraw = StatementBody::Withdraw(Withdraw { invite });
    let statement = chain.draft(None, withdraw, now).sign(Signer::Invite(&link.secret));
    let refused = |problem: kith_shared::trust::StatementProblem| Refused::new(ProblemCode::Busy, problem.to_string());
    chain.admit(statement, Vec::new(), &app.keys, now).map_err(refused)?;
    Ok(chain.batch().0)
}

/// Notes the right to found circles as used, so that nobody founds any by it.
async fn spend_commission(app: &App, link: &Link, batch: &mut Batch) -> Result<(), Refused> {
    let right = link.commission.and_then(|signed| signed.verify(&app.keys.root).ok());
    let Some(right) = right.filter(|right| right.invite == link.secret.public()) else { return Ok(()) };
    let end = right.expires.plus_ms(GRANT_GRACE_MS);
    if end <= app.clock.now() {
        return Ok(());
    }
    let key = CommissionRow::key(&right.invite).to_vec();
    let found = app.store.read(vec![Read::Get { tree: Tree::Invites, key: key.clone() }]).await?;
    if found.into_iter().next().and_then(ReadResult::value).is_none() {
        batch.expect(Tree::Invites, key.clone(), None);
        let row = CommissionRow { circle: link.circle.unwrap_or(CircleId([0; 16])), expires: end };
        batch.put(Tree::Invites, key, row.encode());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
