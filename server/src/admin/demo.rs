//! soon
use std::sync::Arc;
use kith_shared::ids::CircleId;
use kith_shared::time::TimestampMs;
use crate::store::{Store, StoreError};
/// x
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
/// x
pub async fn seed(_store: &Arc<dyn Store>, _now: TimestampMs, _seed: u64, _progress: &mut dyn FnMut(&str)) -> Result<CircleId, DemoError> {
    Ok(CircleId([0; 16]))
}
