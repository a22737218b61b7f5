//! What stands around every route: a span, a count, and a net below a panic.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::middleware::Next;
use futures_util::FutureExt;
use tracing::Instrument;

use crate::app::App;
use crate::metrics::RouteLabel;

/// The routes that are counted by name; anything else is a file of the web app.
const ROUTES: [&str; 5] = ["/v1/sync", "/v1/enrol", "/v1/live", "/healthz", "/readyz"];

/// Gives a request its span and counts it. Neither has contents, keys or network addresses in it.
pub(super) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response<Body> {
    let route = ROUTES.into_iter().find(|route| *route == request.uri().path()).unwrap_or("web");
    let span = tracing::info_span!("request", request.id = app.request_id(), route, device.id = tracing::field::Empty);
    let begun = app.clock.monotonic();
    let response = next.run(request).instrument(span.clone()).await;
    let taken = app.clock.monotonic().saturating_sub(begun);
    let status = response.status().as_u16();
    app.metrics.requests.get_or_create(&RouteLabel { route, status }).inc();
    app.metrics.request_seconds.observe(taken.as_secs_f64());
    let _in_span = span.enter();
    tracing::debug!(status, taken_ms = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX), "answered");
    response
}

/// A handler that panics answers with a plain 500, and the server goes on.
pub(super) async fn catch_panic(request: Request, next: Next) -> Response<Body> {
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("a handler panicked");
        let mut response = Response::new(Body::from("the server made a mistake\n"));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}
