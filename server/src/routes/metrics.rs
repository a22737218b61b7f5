//! `/metrics`: what is counted, for Prometheus, on a listener of its own: the numbers say when a circle meets.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::app::App;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The counters as text.
pub(super) async fn handle(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, OPEN_METRICS), (header::CACHE_CONTROL, "no-store")], app.metrics.text())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    use super::super::testing::Server;
    use super::*;

    #[tokio::test]
    async fn every_label_is_there_from_the_start() {
        let server = Server::new().await;
        assert_eq!(server.get("/metrics").await.status(), 404, "strangers are told nothing");
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let response = super::super::inner_router(Arc::clone(&server.app)).oneshot(request).await.unwrap();
        let bytes = axum::body::to_bytes(response.into_body(), 1_000_000).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        for line in ["kith_storage_errors_total{kind=\"full\"} 0", "kith_refusals_total{kind=\"fork\"} 0", "# EOF"] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
    }
}
