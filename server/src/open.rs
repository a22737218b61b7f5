//! Opens the store with the operator's keys.

use std::sync::Arc;

use crate::config::Config;
use crate::entropy::{self, NoEntropy};
use crate::keys::{Environment, KeyError, Keys, ServerSeed};
use crate::store::identity::{self, Generation};
use crate::store::{SledStore, StoreError};

/// Why the store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The operator's keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Randomness.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// A part of the start that broke off.
    #[error("a part of the start broke off: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// An open store and what it was opened with.
pub struct Opened {
    /// The store.
    pub store: Arc<SledStore>,
    /// The operator's keys.
    pub keys: Keys,
    /// The seed of the server's signing key.
    pub server: ServerSeed,
    /// Whether the keys were made just now: they have no copy yet.
    pub keys_are_new: bool,
}

/// Opens the store at `config`'s directory. Where there is neither a store nor a key, both are made.
///
/// # Errors
/// [`KeyError`], [`StoreError`].
pub async fn open(config: &Config) -> Result<Opened, OpenError> {
    let environment = Environment::read()?;
    let found = Keys::load(&config.keys, environment.clone())?;
    let keys_are_new = found.is_none();
    let keys = found.map_or_else(|| Keys::make(&config.keys, environment), Ok)?;
    let (path, store) = (config.data.clone(), config.store.clone());
    let store = tokio::task::spawn_blocking(move || SledStore::open(&path, &store)).await??;
    identity::ensure(&store, Generation(entropy::draw()?)).await?;
    let server = identity::server_seed(&store, &ServerSeed(entropy::draw()?)).await?;
    Ok(Opened { store: Arc::new(store), keys, server, keys_are_new })
}
