//! What stands before the interface: where a request comes from, and whether that network may ask for more. Nothing of
//! the request but its head was read.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};
use axum::middleware::Next;
use kith_shared::ids::DeviceId;
use kith_shared::wire::ProblemCode;

use crate::app::App;
use crate::caller::Caller;
use crate::line::Line;
use crate::rate::{Peer, Prefix, Slow, Turn};

use super::problem::Refused;

/// What proxies name the addresses in that they were asked from.
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Routes that say whose a request is. The network's requests are used up by whoever is in it; a device that proved
/// itself before has its own.
const KNOW_DEVICES: [&str; 2] = ["/v1/sync", "/v1/live"];

/// The network's requests are used up: a request goes on only as a device's that proved itself before.
#[derive(Clone, Copy)]
pub(super) struct Overdrawn(Slow);

impl Overdrawn {
    /// Refuses all but a device that proved itself before and may ask; nothing was read for it so far.
    pub(super) fn admit(self, app: &App, device: &DeviceId) -> Result<(), Refused> {
        if app.rate.may_ask(device) { Ok(()) } else { Err(self.refuse(app)) }
    }

    /// Too much is asked for from its network.
    pub(super) fn refuse(self, app: &App) -> Refused {
        Refused::slow(app, self.0)
    }
}

/// The network that a request comes from, by its connection's far end and its head.
pub(crate) fn prefix_of(app: &App, peer: Peer, headers: &HeaderMap) -> Prefix {
    let forwarded: Vec<&[u8]> = headers.get_all(FORWARDED).iter().map(HeaderValue::as_bytes).collect();
    app.rate.prefix_of(peer, &forwarded)
}

/// Lets a request in, with the [`Prefix`] and the [`Caller`] that it comes from.
pub(super) async fn enter(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response<Body> {
    let peer = request.extensions().get().copied().unwrap_or(Peer(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
    let known = request.extensions().get::<Prefix>().copied();
    let prefix = known.unwrap_or_else(|| prefix_of(&app, peer, request.headers()));
    if let Err(slow) = app.rate.request(prefix) {
        if !KNOW_DEVICES.contains(&request.uri().path()) {
            return Refused::slow(&app, slow).respond(&app);
        }
        request.extensions_mut().insert(Overdrawn(slow));
    }
    request.extensions_mut().insert(prefix);
    if request.extensions().get::<Caller>().is_none() {
        request.extensions_mut().insert(Caller::alone(Line::new(Arc::clone(&app.clock))));
    }
    next.run(request).await
}

/// Waits for leave to decode, verify and look up what nobody has proven to be theirs.
pub(super) async fn look_at(app: &App, prefix: Prefix) -> Result<Turn, Refused> {
    let busy = || Refused::new(ProblemCode::Busy, "too many requests of strangers: try again soon");
    app.rate.unproven(prefix).await.ok_or_else(busy)
}
