//! The HTTP interface, one file a route.

mod door;
mod engine;
mod enrol;
pub(crate) mod exchange;
mod head;
mod health;
mod live;
mod metrics;
mod problem;
mod security;
mod sync;
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

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::app::App;

/// What frames travel as.
pub const CONTENT_TYPE: &str = "application/x-kith";

/// All routes, with what stands around them.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/sync", post(sync::handle))
        .route("/v1/enrol", post(enrol::handle))
        .route("/v1/live", get(live::handle))
        .route_layer(from_fn_with_state(Arc::clone(&app), door::enter))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::handle))
        .fallback(web::handle)
        .layer(from_fn(head::catch_panic))
        .layer(from_fn_with_state(Arc::clone(&app), head::observe))
        .layer(from_fn_with_state(Arc::clone(&app), security::headers))
        .with_state(app)
}
