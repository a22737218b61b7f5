//! `/healthz`: the process answers. `/readyz`: the store answers too.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use kith_shared::storage::Tree;
use tokio::time::timeout;

use crate::app::App;
use crate::store::identity::GENERATION_KEY;

/// How long the store may take to answer.
const READY_TIME: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The store answers, and the server is not shutting down.
pub(super) async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, String) {
    let unready = |why: &str| (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n"));
    if *app.closing.borrow() {
        return unready("shutting down");
    }
    match timeout(READY_TIME, app.get(Tree::Meta, GENERATION_KEY.to_vec())).await {
        Ok(Ok(_)) => (StatusCode::OK, "ok\n".to_owned()),
        Ok(Err(error)) => unready(&format!("the store answers with an error: {}", error.label())),
        Err(_) => unready("the store does not answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Server;
    use crate::store::StoreError;

    #[tokio::test]
    async fn ready_means_that_the_store_answers() {
        let server = Server::new().await;
        assert_eq!(server.get("/readyz").await.status(), 200);
        server.faults.fail_reads(StoreError::Stopped { cause: "test".to_owned() });
        assert_eq!(server.get("/readyz").await.status(), 503);
        assert_eq!(server.get("/healthz").await.status(), 200);
        server.faults.mend();
        server.closing.send_replace(true);
        assert_eq!(server.get("/readyz").await.status(), 503);
    }
}
