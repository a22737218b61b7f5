use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Frame, SizeHint};

use crate::line::{Line, Way};

/// An answer's body at whose end the line waits for the next request.
pub(super) struct Ends<B> {
    body: B,
    line: Arc<Line>,
    idle_time: Duration,
}

impl<B> Ends<B> {
    pub(super) fn new(body: B, line: Arc<Line>, idle_time: Duration) -> Self {
        Self { body, line, idle_time }
    }
}

impl<B: Body + Unpin> Body for Ends<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B> Drop for Ends<B> {
    fn drop(&mut self) {
        self.line.go_on(Way::Next);
        self.line.wait_for(Way::In, self.idle_time, self.idle_time);
    }
}
