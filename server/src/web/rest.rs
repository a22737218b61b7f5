use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OnceCell, Semaphore};

use super::compress;

/// Rests of a file that is packed on its way begin at multiples of so many of its bytes: some 5 KB as sent.
pub const REST_STEP_BYTES: usize = 16 * 1024;
/// A smaller file comes whole again.
const FILE_BYTES_MIN: usize = 64 * 1024;

/// The rests of a large file, each packed by itself: for phones whose download was cut. Browsers keep nothing of a
/// packed file that did not come whole, and what a script has of it is unpacked, so a range of the packed bytes
/// would be of no use to it. A rest is packed when it is first asked for, one at a time, and kept: so that
/// whoever asks for all of them costs no more than that, once. Somebody waits for it: packed better, it would come 10 %
/// smaller, after seconds. A file that no packing makes smaller comes as it is, from any byte on.
#[derive(Debug)]
pub(super) struct Rests {
    file: Bytes,
    step_bytes: usize,
    packed: Vec<OnceCell<Option<Bytes>>>,
    turn: Semaphore,
}

impl Rests {
    /// The rests of a file; none when it is small.
    pub(super) fn new(file: &Bytes, packs: bool) -> Option<Arc<Self>> {
        let step_bytes = if packs { REST_STEP_BYTES } else { 1 };
        let count = if packs { file.len().div_ceil(REST_STEP_BYTES) } else { 0 };
        let packed = (0..count).map(|_| OnceCell::new()).collect();
        let rests = Self { file: file.clone(), step_bytes, packed, turn: Semaphore::new(1) };
        (file.len() >= FILE_BYTES_MIN).then(|| Arc::new(rests))
    }

    /// What follows `from`, as it is; `None` where no rest begins.
    pub(super) fn plain(&self, from: usize) -> Option<Bytes> {
        let begins = from > 0 && from.is_multiple_of(self.step_bytes) && from < self.file.len();
        begins.then(|| self.file.slice(from..))
    }

    /// What follows `from`, in brotli; `None` where no rest begins or it does not shrink.
    pub(super) async fn brotli(self: &Arc<Self>, from: usize) -> Option<Bytes> {
        if self.packed.is_empty() {
            return None;
        }
        let rest = self.plain(from)?;
        let rests = Arc::clone(self);
        // A task of its own: who asked may be cut off meanwhile, and asks for the same again.
        let packing = tokio::spawn(async move {
            let pack = || async {
                let _turn = rests.turn.acquire().await;
                let packed = tokio::task::spawn_blocking(move || compress::brotli(&rest)).await;
                packed.ok().flatten().map(Bytes::from)
            };
            rests.packed.get(from / REST_STEP_BYTES)?.get_or_init(pack).await.clone()
        });
        packing.await.ok().flatten()
    }
}
