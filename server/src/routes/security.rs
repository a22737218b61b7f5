//! What a browser must know before it trusts a page of ours.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Response, header};
use axum::middleware::Next;

use crate::app::App;

/// Nothing foreign, nothing inline but what the page was built with, by hash, which is written behind this; scripts
/// from here, WASM, and Trusted Types for whatever makes markup.
const POLICY_BEGIN: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
const POLICY_REST: &str = "; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types svelte-trusted-html kith-script kith-paste";

const ALWAYS: [(HeaderName, &str); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// On all that a browser may show or run. Left off the interface, whose answers are neither: a phone that asks
/// whether there is anything new should get its answer in 300 bytes, head included.
const PAGES: [(HeaderName, &str); 3] = [
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

const TWO_YEARS: &str = "max-age=63072000; includeSubDomains";

/// Adds the headers to every response.
pub(super) async fn headers(State(app): State<Arc<App>>, request: Request, next: Next) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let is_page = !path.starts_with("/v1/");
    let mut response = next.run(request).await;
    let pages = PAGES.into_iter().filter(|_| is_page);
    for (name, value) in ALWAYS.into_iter().chain(pages) {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if is_page {
        let inline = app.assets.as_ref().map_or("", |assets| assets.script_sources(&path));
        if let Ok(policy) = HeaderValue::try_from(format!("{POLICY_BEGIN}{inline}{POLICY_REST}")) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    if app.is_https && is_page {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TWO_YEARS));
    }
    response
}
