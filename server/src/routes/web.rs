//! Every other path: the files of the web app, and its page for the places that it shows.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header};
use bytes::Bytes;

use crate::app::App;
use crate::rate::Peer;
use crate::web::{Accepted, Asset, Encoding};

use super::leaked;

/// Says from which byte of the file on a response is, when it is a rest.
const FROM: HeaderName = HeaderName::from_static("kith-from");

/// Answers with a file.
pub(super) async fn handle(
    State(app): State<Arc<App>>,
    peer: Option<Extension<Peer>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    if let Some(link) = leaked::in_address(&uri) {
        return leaked::handle(&app, peer.map(|Extension(peer)| peer), &method, &headers, &link).await;
    }
    if method != Method::GET && method != Method::HEAD {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    }
    let Some(assets) = &app.assets else {
        return plain(StatusCode::NOT_FOUND, "this server serves no web app: start it with --web DIR\n");
    };
    let Some(asset) = assets.find(uri.path(), is_navigation(&headers)) else {
        return plain(StatusCode::NOT_FOUND, "there is nothing here\n");
    };
    let from = uri.query().and_then(|query| query.strip_prefix("from=")?.parse().ok());
    match from {
        Some(from) => match asset.rest(from, accepted(&headers)).await {
            Some((encoding, bytes)) => rest(asset, &method, from, encoding, bytes),
            None => file(asset, &method, &headers),
        },
        None => file(asset, &method, &headers),
    }
}

fn accepted(headers: &HeaderMap) -> Accepted {
    Accepted::of(headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()))
}

/// What a phone lacks of a file whose download was cut. Not to be kept: the phone puts the whole together.
fn rest(asset: &Asset, method: &Method, from: usize, encoding: Encoding, bytes: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let head = response.headers_mut();
    head.insert(FROM, HeaderValue::from(from));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    fill(&mut response, asset.mime, method, encoding, bytes);
    response
}

fn is_navigation(headers: &HeaderMap) -> bool {
    let says = |name: &str, part: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(part))
    };
    says("sec-fetch-mode", "navigate") || (!headers.contains_key("sec-fetch-mode") && says("accept", "text/html"))
}

fn file(asset: &Asset, method: &Method, headers: &HeaderMap) -> Response<Body> {
    let Some((encoding, version)) = asset.best(accepted(headers)) else {
        return plain(StatusCode::NOT_ACCEPTABLE, "there is this as gzip or br, or as it is: accept one of them\n");
    };
    let mut response = Response::new(Body::empty());
    let unchanged = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|tag| is_same(tag.trim(), &version.etag)));
    let head = response.headers_mut();
    let etag = HeaderValue::from_str(version.etag.as_str()).unwrap_or(HeaderValue::from_static("\"\""));
    head.insert(header::ETAG, etag);
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static(asset.cache));
    head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    fill(&mut response, asset.mime, method, encoding, version.bytes.clone());
    response
}

/// Whether a tag that a client has is the file's. Proxies on the way that pack or change a page make its tag a weak one.
fn is_same(tag: &str, etag: &str) -> bool {
    tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
}

fn fill(response: &mut Response<Body>, mime: &'static str, method: &Method, encoding: Encoding, bytes: Bytes) {
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    head.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    match encoding {
        Encoding::Identity => {}
        Encoding::Gzip => drop(head.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))),
        Encoding::Brotli => drop(head.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"))),
    }
    if method == Method::GET {
        *response.body_mut() = Body::from(bytes);
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::super::testing::Server;
    use super::*;
    use crate::web::REST_STEP_BYTES;

    fn get(path: &str) -> Request<Body> {
        Request::get(path).header("accept-encoding", "br").body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_page_comes_with_its_policy_and_is_not_sent_twice() {
        let server = Server::new().await;
        let response = server.send(get("/")).await;
        assert_eq!(response.status(), 200);
        let head = response.headers();
        assert_eq!(head[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(head[header::CONTENT_ENCODING], "br");
        assert_eq!(head[header::CACHE_CONTROL], "no-cache");
        let policy = head[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        assert!(!policy.contains("unsafe-inline"));
        for name in ["x-content-type-options", "referrer-policy", "permissions-policy", "cross-origin-opener-policy"] {
            assert!(head.contains_key(name), "{name}");
        }
        assert!(!head.contains_key(header::STRICT_TRANSPORT_SECURITY), "only behind https");
        let mut again = get("/");
        again.headers_mut().insert(header::IF_NONE_MATCH, head[header::ETAG].clone());
        assert_eq!(server.send(again).await.status(), 304);
        let etag = head[header::ETAG].to_str().unwrap();
        for (tags, status) in [(format!("\"x\", W/{etag}"), 304), ("*".to_owned(), 304), ("W/\"x\"".to_owned(), 200)] {
            let mut again = get("/");
            again.headers_mut().insert(header::IF_NONE_MATCH, HeaderValue::from_str(&tags).unwrap());
            assert_eq!(server.send(again).await.status(), status, "{tags}");
        }
    }

    #[tokio::test]
    async fn only_places_of_the_app_fall_back_to_its_page() {
        let server = Server::new().await;
        let navigation = |path: &str| {
            let mut request = get(path);
            request.headers_mut().insert("sec-fetch-mode", HeaderValue::from_static("navigate"));
            request
        };
        assert_eq!(server.send(navigation("/circle/talk")).await.status(), 200);
        assert_eq!(server.send(get("/circle/talk")).await.status(), 404);
        for path in ["/missing.js", "/..%2f..%2fetc/passwd", "/%2e%2e/secret.txt", "/v1/other"] {
            assert_eq!(server.send(navigation(path)).await.status(), 404, "{path}");
        }
        let post = Request::post("/").body(Body::empty()).unwrap();
        assert_eq!(server.send(post).await.status(), 405);
    }

    #[tokio::test]
    async fn what_a_client_forbids_is_not_sent() {
        let server = Server::new().await;
        for (lines, status, encoding) in [
            (&["gzip;q=0", "br ; Q=0.001"][..], 200, Some("br")),
            (&["*;q=0, GZIP"], 200, Some("gzip")),
            (&["*"], 200, Some("br")),
            (&[], 200, None),
            (&["br;q=0.000"], 200, None),
            (&["br;q=0.5, gzip"], 200, Some("gzip")),
            (&["gzip;q=0.2, br;q=0.1, identity;q=0.3"], 200, None),
            (&["*;q=0.5, gzip;q=0.5"], 200, Some("br")),
            (&["identity;q=0, *;q=0"], 406, None),
        ] {
            let mut request = Request::get("/large.txt");
            for line in lines {
                request = request.header(header::ACCEPT_ENCODING, *line);
            }
            let response = server.send(request.body(Body::empty()).unwrap()).await;
            let said = response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!((response.status().as_u16(), said), (status, encoding), "{lines:?}");
        }
    }

    #[tokio::test]
    async fn head_has_the_length_and_no_body() {
        let server = Server::new().await;
        let request = Request::head("/").body(Body::empty()).unwrap();
        let response = server.send(request).await;
        assert_ne!(response.headers()[header::CONTENT_LENGTH], "0");
        assert!(axum::body::to_bytes(response.into_body(), 1_000).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_cut_download_goes_on_from_where_it_was() {
        let server = Server::new().await;
        let whole: Vec<u8> = (0..Server::LARGE_FILE_BYTES).map(Server::large_file_byte).collect();
        let bytes_of = async |request| {
            let response = server.send(request).await;
            assert_eq!(response.status(), 200);
            let head = response.headers().clone();
            (head, axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec())
        };
        let from = 3 * REST_STEP_BYTES;
        let (head, packed) = bytes_of(get(&format!("/large.txt?from={from}"))).await;
        assert_eq!((&head[FROM], head[header::CACHE_CONTROL].as_bytes()), (&HeaderValue::from(from), &b"no-store"[..]));
        assert_eq!(head[header::CONTENT_ENCODING], "br");
        let mut rest = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut rest).unwrap();
        assert_eq!(rest, whole[from..]);
        let plain = Request::get(format!("/large.txt?from={from}")).body(Body::empty()).unwrap();
        let (head, rest) = bytes_of(plain).await;
        assert_eq!((&head[FROM], rest.as_slice()), (&HeaderValue::from(from), &whole[from..]));
        for elsewhere in ["from=5", "from=0", "from=1073741824", "from=x", "from=-16384", "other=16384"] {
            let (head, _) = bytes_of(get(&format!("/large.txt?{elsewhere}"))).await;
            assert!(!head.contains_key(FROM), "{elsewhere}: no rest begins there, so the whole comes");
        }
        let (head, _) = bytes_of(get(&format!("/?from={from}"))).await;
        assert!(!head.contains_key(FROM), "a small file comes whole");
    }

    #[tokio::test]
    async fn a_file_that_does_not_pack_goes_on_from_any_byte() {
        let server = Server::new().await;
        let whole: Vec<u8> = (0..Server::LARGE_FILE_BYTES).map(Server::large_file_byte).collect();
        for from in [1, 5, whole.len() - 1] {
            let response = server.send(get(&format!("/large.bin?from={from}"))).await;
            assert_eq!(response.headers()[FROM], HeaderValue::from(from));
            assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
            assert_eq!(axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap(), whole[from..]);
        }
        let response = server.send(get(&format!("/large.bin?from={}", whole.len()))).await;
        assert!(!response.headers().contains_key(FROM), "nothing follows the end");
    }
}
