use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};

use crate::store::{Store, StoreFuture};

/// Polls a future so many times, then drops it, as a request is dropped whose phone hangs up; `None` when it had not
/// come to its end by then.
pub(crate) async fn dropped_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A store that waits before and after each call, so that a caller can be dropped in front of it and behind it.
pub(crate) struct Waiting<S>(pub(crate) S);

impl<S: Store> Store for Waiting<S> {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let results = self.0.read(reads).await;
            tokio::task::yield_now().await;
            results
        })
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let outcome = self.0.commit(batch).await;
            tokio::task::yield_now().await;
            outcome
        })
    }
}

/// A directory that is removed at the end of its test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("kith-server-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// How many files below a folder hold these bytes.
pub(crate) fn files_holding(path: &Path, bytes: &[u8]) -> usize {
    let files = std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path());
    files
        .map(|file| match file.is_dir() {
            true => files_holding(&file, bytes),
            false => usize::from(std::fs::read(&file).unwrap().windows(bytes.len()).any(|window| window == bytes)),
        })
        .sum()
}
