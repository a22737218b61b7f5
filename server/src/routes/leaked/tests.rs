use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::Request;
use kith_shared::client::link_text;
use kith_shared::trust::{InviteSecret, Role, RootCommission};
use kith_shared::wire::{Frame, ProblemCode};

use super::super::testing::{Phone, Server};
use super::*;
use crate::rate::{Allowance, RateLimits};

/// What logs say, to be looked through.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn body(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The address that is asked for when `#` was written as something else.
fn address(server: &Server, secret: &InviteSecret, hash: &str) -> String {
    link_text("", secret, &server.circle, "Our circle", None).replace('#', hash)
}

async fn joins(server: &Server, seed: u8, secret: &InviteSecret) -> Option<ProblemCode> {
    let (_, frames) = server.enrol(Phone::new(seed, server.circle, server.now()).join(secret)).await;
    match frames.as_slice() {
        [Frame::Problem(problem)] => Some(problem.code),
        _ => None,
    }
}

#[tokio::test]
async fn p18_a_link_whose_secret_came_in_the_address_is_closed_told_and_never_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let _logs = tracing::subscriber::set_default(subscriber.finish());
    tracing::info!("somebody listens");
    for (uses, hash) in [(1, "%23"), (2, "%2523"), (3, "?"), (4, "%2F%23"), (5, "?u=https%3A%2F%2Fkith.example%2F%23")]
    {
        let server = Server::new().await;
        let secret = server.invite(Role::Member, uses).await;
        let response = server.get(&address(&server, &secret, hash)).await;
        assert_eq!(response.status(), StatusCode::GONE, "{hash}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[header::REFERRER_POLICY], "no-referrer");
        let page = body(response).await;
        assert!(page.contains("changed on its way") && page.contains("Nobody can come in by it"), "{page}");
        assert!(page.contains("Ask your facilitator for a new link") && !page.contains("join"), "{page}");
        assert_eq!(joins(&server, 1, &secret).await, Some(ProblemCode::InviteWithdrawn), "{hash}");
        let records = server.chain().await.chain().len();
        assert_eq!(server.get(&address(&server, &secret, hash)).await.status(), StatusCode::GONE);
        assert_eq!(server.chain().await.chain().len(), records, "closed once");
    }
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("somebody listens"), "{text}");
    for secret in ["8181818181818181", "8282828282828282", "join?t", "%23"] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_link_that_asks_as_it_should_or_is_of_nobody_stays_as_it_is() {
    let server = Server::new().await;
    let secret = server.invite(Role::Member, 5).await;
    assert_eq!(server.get("/").await.status(), 200);
    let records = server.chain().await.chain().len();
    let unknown = address(&server, &InviteSecret([0x77; 16]), "%23");
    assert_eq!(server.get(&unknown).await.status(), StatusCode::GONE);
    assert_eq!(server.chain().await.chain().len(), records);
    assert_eq!(joins(&server, 1, &secret).await, None);
}

#[tokio::test]
async fn a_link_that_could_not_be_closed_says_so() {
    let one = RateLimits { prefix_enrolments: Allowance::per_hour(1), ..RateLimits::default() };
    let server = Server::with_rate(one).await;
    let secret = server.invite(Role::Member, 5).await;
    server.get(&address(&server, &InviteSecret([0x77; 16]), "%23")).await;
    let page = body(server.get(&address(&server, &secret, "%23")).await).await;
    assert!(page.contains("could not be closed") && page.contains("withdraw it"), "{page}");
}

#[tokio::test]
async fn a_right_to_found_circles_that_came_in_the_address_founds_none() {
    let server = Server::new().await;
    let secret = server.invite(Role::Facilitator, 1).await;
    let end = server.now().plus_ms(1_000_000);
    let right = RootCommission::sign(&server.root, secret.public(), end);
    let link = link_text("", &secret, &server.circle, "", Some(&right)).replace('#', "%23");
    let request = Request::head(link).body(Body::empty()).unwrap();
    let response = server.send(request).await;
    assert_eq!(response.status(), StatusCode::GONE);
    assert!(body(response).await.is_empty());
    let row = server.app.get(Tree::Invites, CommissionRow::key(&secret.public()).to_vec()).await.unwrap().unwrap();
    assert_eq!(CommissionRow::decode(&row).unwrap().expires, end.plus_ms(GRANT_GRACE_MS));
}
