//! What stands before the interface: where a request comes from, and whether that network may ask for more. Nothing of
//! the request but its head was read.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Response};
use axum::middleware::Next;
use kith_shared::wire::ProblemCode;
use tokio::sync::SemaphorePermit;

use crate::app::App;
use crate::rate::Peer;

use super::problem::Refused;

/// What proxies name the addresses in that they were asked from.
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Lets a request in, with the [`crate::rate::Prefix`] that it comes from.
pub(super) async fn enter(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response<Body> {
    let peer = request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(address)| *address);
    let lines = request.headers().get_all(FORWARDED).iter();
    let forwarded: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    let prefix = app.rate.prefix_of(peer, &forwarded);
    if let Err(slow) = app.rate.request(prefix) {
        return Refused::slow(&app, slow).respond(&app);
    }
    request.extensions_mut().insert(prefix);
    next.run(request).await
}

/// Waits for leave to decode, verify and look up what nobody has proven to be theirs.
pub(super) async fn look_at(app: &App) -> Result<SemaphorePermit<'_>, Refused> {
    let busy = || Refused::new(ProblemCode::Busy, "too many requests of strangers: try again soon");
    app.rate.unproven().await.ok_or_else(busy)
}
