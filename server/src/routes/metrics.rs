//! `/metrics`: what is counted, for Prometheus.

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
    use super::super::testing::Server;

    #[tokio::test]
    async fn every_label_is_there_from_the_start() {
        let server = Server::new().await;
        let response = server.get("/metrics").await;
        let bytes = axum::body::to_bytes(response.into_body(), 1_000_000).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        for line in ["kith_storage_errors_total{kind=\"full\"} 0", "kith_refusals_total{kind=\"fork\"} 0", "# EOF"] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
    }
}
