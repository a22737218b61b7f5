//! The HTTP interface, one file a route.

mod door;
mod engine;
mod enrol;
pub(crate) mod exchange;
mod head;
mod health;
mod leaked;
mod live;
mod metrics;
mod problem;
mod security;
mod sync;
mod upload;
mod web;

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod binding_tests;
#[cfg(test)]
mod rate_tests;
#[cfg(test)]
mod share_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod trust_attack_tests;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use door::prefix_of;

/// Routes that can be served.
pub type Routes = Router;
/// What they answer with.
pub type AnswerBody = axum::body::Body;

/// What frames travel as.
pub const CONTENT_TYPE: &str = "application/x-kith";

/// What the server's operator alone shall see, for a listener of its own.
pub fn inner_router(app: Arc<App>) -> Router {
    Router::new().route("/metrics", get(metrics::handle)).layer(from_fn(head::catch_panic)).with_state(app)
}

/// All routes for everybody, with what stands around them.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/sync", post(sync::handle))
        .route("/v1/enrol", post(enrol::handle))
        .route("/v1/live", get(live::handle))
        .route_layer(from_fn_with_state(Arc::clone(&app), door::enter))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(web::handle)
        .layer(from_fn(head::catch_panic))
        .layer(from_fn_with_state(Arc::clone(&app), head::observe))
        .layer(from_fn_with_state(Arc::clone(&app), security::headers))
        .with_state(app)
}
