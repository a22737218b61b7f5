use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Line, Pace, Pacing, Way};

/// A stream that tells its [`Line`] when the other side does not take what is written, and until when it must.
pub struct Watched<S> {
    stream: S,
    line: Arc<Line>,
    pace: Pace,
    blocked_at: Option<Duration>,
}

impl<S> Watched<S> {
    /// Nothing was written yet.
    pub fn new(stream: S, line: Arc<Line>, pacing: Pacing) -> Self {
        Self { stream, line, pace: Pace::new(pacing), blocked_at: None }
    }

    fn note(&mut self, written: &Poll<io::Result<usize>>) {
        let now = self.line.now();
        match (written, self.blocked_at) {
            (Poll::Pending, None) => {
                self.blocked_at = Some(now);
                self.line.wait_for(Way::Out, self.pace.left(), self.pace.full());
            }
            (Poll::Pending, Some(_)) => {}
            (Poll::Ready(written), blocked_at) => {
                if let Some(at) = blocked_at {
                    self.pace.waited(now.saturating_sub(at));
                    self.blocked_at = None;
                    self.line.go_on(Way::Out);
                }
                self.pace.moved(*written.as_ref().unwrap_or(&0));
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.note(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use kith_shared::time::TimestampMs;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::clock::FixedClock;
    use crate::config::Limits;

    #[tokio::test]
    async fn whoever_does_not_read_is_waited_for_and_whoever_does_is_not() {
        let clock = Arc::new(FixedClock::new(TimestampMs(0)));
        let line = Line::new(Arc::clone(&clock) as _);
        let (server, mut phone) = tokio::io::duplex(64);
        let mut stream = Watched::new(server, Arc::clone(&line), Limits::default().pace_out);
        let writing = tokio::spawn(async move { stream.write_all(&[7; 1_000]).await });
        while line.waits_since().is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(line.waits_since(), Some(Duration::ZERO));
        clock.advance_ms(50_000);
        let mut taken = vec![0; 1_000];
        phone.read_exact(&mut taken).await.unwrap();
        writing.await.unwrap().unwrap();
        assert_eq!(line.waits_since(), None);
    }
}
