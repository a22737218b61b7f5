use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use kith_shared::time::TimestampMs;
use kith_shared::wire::{Frame, Problem, ProblemCode};

use crate::app::App;
use crate::rate::Slow;
use crate::store::StoreError;

use super::CONTENT_TYPE;

/// Seconds after which a busy server may be asked again.
const RETRY_AFTER_S: u64 = 5;

/// What was wrong, before it knows the time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(super) struct Refused {
    pub(super) code: ProblemCode,
    pub(super) detail: String,
    retry_after_s: u64,
}

impl Refused {
    pub(super) fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_s: RETRY_AFTER_S }
    }

    /// Counts that somebody asked for more than there is.
    pub(super) fn slow(app: &App, slow: Slow) -> Self {
        app.metrics.slowed.get_or_create(&crate::metrics::Label { kind: slow.kind }).inc();
        // Rounded up: sooner, it would be refused again.
        let retry_after_s = slow.retry_after.as_secs() + u64::from(slow.retry_after.subsec_nanos() > 0);
        let detail = format!("more than is allowed ({}): go on in {retry_after_s} s", slow.kind);
        Self { code: ProblemCode::Slow, detail, retry_after_s }
    }

    /// The answer, counted.
    pub(super) fn respond(self, app: &App) -> Response<Body> {
        let problem = Problem { code: self.code, time: app.clock.now(), detail: self.detail };
        let mut response = respond(app, &problem);
        if problem.code == ProblemCode::Slow {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(self.retry_after_s));
        }
        response
    }

    pub(super) fn frame(self, time: TimestampMs) -> Frame {
        Frame::Problem(Problem { code: self.code, time, detail: self.detail })
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        // A corrupt record's key stays in the server's log.
        let detail = match &error {
            StoreError::Full { .. } => "the server's disk is full: what you wrote is kept on the phone".to_owned(),
            _ => format!("the server could not use its store ({})", error.label()),
        };
        Self::new(ProblemCode::Storage, detail)
    }
}

/// A problem in place of an answer.
pub(super) fn respond(app: &App, problem: &Problem) -> Response<Body> {
    count(app, problem);
    let mut response = Response::new(Body::from(Frame::Problem(problem.clone()).encode()));
    *response.status_mut() = status(problem.code);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if matches!(problem.code, ProblemCode::Busy | ProblemCode::Storage) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
    }
    response
}

/// Counts and logs a problem.
pub(super) fn count(app: &App, problem: &Problem) {
    let kind = problem.code.label();
    app.metrics.problems.get_or_create(&crate::metrics::Label { kind }).inc();
    tracing::info!(problem.code = kind, problem.detail = problem.detail, "refused");
}

/// The status that goes with a problem.
pub(super) fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::Malformed | ProblemCode::Version => StatusCode::BAD_REQUEST,
        ProblemCode::UnknownDevice | ProblemCode::Signature => StatusCode::FORBIDDEN,
        ProblemCode::Clock => StatusCode::CONFLICT,
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::Busy | ProblemCode::Storage => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::Slow => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::InviteUnknown => StatusCode::NOT_FOUND,
        ProblemCode::InviteExpired | ProblemCode::InviteUsed | ProblemCode::InviteWithdrawn => StatusCode::GONE,
    }
}
