//! A request's body as it comes: slowly, on a bad link, but not as slowly as its sender likes.

use std::sync::Arc;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::StreamExt;
use kith_shared::wire::ProblemCode;
use tokio::time::sleep;

use crate::app::App;
use crate::line::{Line, Pace, Way};

use super::problem::Refused;

/// Why no more of a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stopped {
    #[error("the request was cut off")]
    CutOff,
    #[error("the request came too slowly: try again on a better link, or send less at once")]
    Slow,
    #[error("the request kept others waiting, who got its place: try again soon")]
    Evicted,
    #[error("the request is too large")]
    TooLarge,
}

impl From<Stopped> for Refused {
    fn from(stopped: Stopped) -> Self {
        let code = match stopped {
            Stopped::CutOff => ProblemCode::Malformed,
            Stopped::Slow | Stopped::Evicted => ProblemCode::Busy,
            Stopped::TooLarge => ProblemCode::TooLarge,
        };
        Self::new(code, stopped.to_string())
    }
}

/// What is read of a request. While it waits it holds no thread, and its line says until when it waits.
pub(super) struct Upload {
    body: BodyDataStream,
    pace: Pace,
    line: Arc<Line>,
}

impl Upload {
    pub(super) fn new(app: &App, line: &Arc<Line>, body: Body) -> Self {
        Self { body: body.into_data_stream(), pace: Pace::new(app.limits.pace_in), line: Arc::clone(line) }
    }

    /// The next bytes; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Stopped> {
        let begun = self.line.now();
        self.line.wait_for(Way::In, self.pace.left(), self.pace.full());
        let next = tokio::select! {
            biased;
            () = self.line.evicted() => Err(Stopped::Evicted),
            chunk = self.body.next() => chunk.transpose().map_err(|_| Stopped::CutOff),
            () = sleep(self.pace.left()) => Err(Stopped::Slow),
        };
        self.line.go_on(Way::In);
        self.pace.waited(self.line.now().saturating_sub(begun));
        if let Ok(Some(chunk)) = &next {
            self.pace.moved(chunk.len());
        }
        next
    }

    /// All of it, at most so many bytes.
    pub(super) async fn whole(mut self, bytes_max: usize) -> Result<Vec<u8>, Stopped> {
        let mut whole = Vec::new();
        while let Some(chunk) = self.next().await? {
            if whole.len() + chunk.len() > bytes_max {
                return Err(Stopped::TooLarge);
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole)
    }
}
