//! Opens the store under its seal: keys first, then data, and nothing is written before the two fit.

use std::sync::Arc;

use kith_shared::sync::statements::HubKeys;

use crate::config::Config;
use crate::entropy::{self, NoEntropy};
use crate::keys::{Environment, KeyError, Keys, OperatorKeyId, ServerSeed};
use crate::organisation::{self, OrganisationError};
use crate::store::identity::{self, Generation};
use crate::store::sealed::{SealedError, sealed_under};
use crate::store::{Claim, Sealed, SledStore, StoreError};

/// Why the store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The operator's keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whose server it is.
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    /// The system gave no randomness: see [`NoEntropy`].
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// A part of the start that broke off.
    #[error("a part of the start broke off: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// An open store and what it was opened with.
pub struct Opened {
    /// The store.
    pub store: Arc<Sealed<SledStore>>,
    /// The operator's keys.
    pub keys: Keys,
    /// Whose server it is, and what it signs with.
    pub hub: Arc<HubKeys>,
    /// Whether the keys are new: they may have no copy yet.
    pub keys_are_new: bool,
    /// Whether a rotation of the operator's key that was stopped came to its end just now.
    pub rotation_ended: bool,
}

impl From<SealedError> for OpenError {
    fn from(error: SealedError) -> Self {
        match error {
            SealedError::Key(error) => Self::Key(error),
            SealedError::Store(error) => Self::Store(error),
        }
    }
}

/// Opens the store at `config`'s directory. Where there is neither a store nor a key, both are made.
///
/// # Errors
/// [`KeyError`] when key and data do not fit, before anything is written; see [`StoreError`].
pub async fn open(config: &Config) -> Result<Opened, OpenError> {
    let environment = Environment::read()?;
    let claim = claim(config).await?;
    let found = Keys::load(&config.keys, environment.clone())?;
    let is_given = environment.operator.is_some();
    let (store, keys, keys_are_new) = if claim.is_begun() {
        let store = open_claimed(claim, config).await?;
        match (found, sealed_under(&store).await?) {
            (Some(keys), Some(_)) => (store, keys, false),
            (None, Some(expected)) => return Err(missing(&config.keys, expected).into()),
            (_, None) => (store, Keys::make(&config.keys, environment)?, !is_given),
        }
    } else {
        claim.check_whole()?;
        let keys = Keys::make(&config.keys, environment)?;
        (open_claimed(claim, config).await?, keys, !is_given)
    };
    Ok(Opened { keys_are_new, ..seal(store, keys).await? })
}

/// The operator's keys for data that is sealed under the key `expected`, as a backup is.
///
/// # Errors
/// When that key is not there.
pub fn keys_for(config: &Config, expected: OperatorKeyId) -> Result<Keys, KeyError> {
    let keys = Keys::load(&config.keys, Environment::read()?)?.ok_or_else(|| missing(&config.keys, expected))?;
    keys.operator(expected).cloned()?;
    Ok(keys)
}

/// Takes the data directory for this process.
async fn claim(config: &Config) -> Result<Claim, OpenError> {
    let path = config.data.clone();
    Ok(tokio::task::spawn_blocking(move || Claim::take(&path)).await??)
}

/// Opens the store without its seal, which [`seal`] puts on.
async fn open_claimed(claim: Claim, config: &Config) -> Result<SledStore, OpenError> {
    let store = config.store.clone();
    Ok(tokio::task::spawn_blocking(move || SledStore::open_claimed(claim, &store)).await??)
}

/// An empty store to restore into, without its seal; `None` when there is one already. What a restore that was
/// broken off left is removed first. Until [`SledStore::end_restore`] it opens as nothing else.
///
/// # Errors
/// See [`StoreError`].
pub async fn open_to_restore(config: &Config) -> Result<Option<SledStore>, OpenError> {
    let mut claim = claim(config).await?;
    if claim.is_begun() {
        return Ok(None);
    }
    claim.begin_restore()?;
    open_claimed(claim, config).await.map(Some)
}

/// Puts the seal on a store, and gives it what every store has.
///
/// # Errors
/// As [`open`].
pub async fn seal(store: SledStore, mut keys: Keys) -> Result<Opened, OpenError> {
    let store = Sealed::open(store, &keys).await?;
    let used = store.operator();
    keys.prefer(used);
    let rotation_ended = store.is_under(used).await? && keys.settle(used)?;
    identity::ensure(&store, Generation(entropy::draw()?)).await?;
    let server = identity::server_seed(&store, &ServerSeed(entropy::draw()?)).await?;
    let hub = Arc::new(organisation::hub_keys(&store, &keys, &server).await?);
    Ok(Opened { store: Arc::new(store), keys, hub, keys_are_new: false, rotation_ended })
}

fn missing(folder: &std::path::Path, expected: OperatorKeyId) -> KeyError {
    KeyError::Missing { folder: folder.display().to_string(), expected }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::store::backup;
    use crate::testing::Folder;

    /// A store in `data` and keys in `data-keys` of a folder.
    pub(crate) fn config(folder: &Folder) -> Config {
        let settings = Settings {
            data: Some(folder.path().join("data")),
            cache_bytes: Some(16 * 1024 * 1024),
            disk_reserve_bytes: Some(0),
            ..Settings::default()
        };
        Config::check(settings).unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_store_is_begun_with_its_keys_and_opens_with_the_same_ones() {
        let folder = Folder::new();
        let first = open(&config(&folder)).await.unwrap();
        assert!(first.keys_are_new);
        let (hub, root) = (Arc::clone(&first.hub), first.keys.root().unwrap());
        drop(first.store);
        let second = open(&config(&folder)).await.unwrap();
        assert!(!second.keys_are_new);
        assert_eq!((second.hub.server_key(), second.hub.root), (hub.server_key(), hub.root));
        assert_eq!(second.keys.root().unwrap(), root);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn data_without_its_key_is_never_given_another() {
        let folder = Folder::new();
        let config = config(&folder);
        let id = open(&config).await.unwrap().keys.operators()[0].id();
        let away = folder.path().join("away");
        std::fs::rename(&config.keys, &away).unwrap();
        let error = open(&config).await.err().unwrap();
        assert!(matches!(&error, OpenError::Key(KeyError::Missing { expected, .. }) if *expected == id), "{error}");
        assert!(!config.keys.exists(), "no new key was made");
        Keys::make(&config.keys, Environment::default()).unwrap();
        let error = open(&config).await.err().unwrap();
        assert!(matches!(&error, OpenError::Key(KeyError::Wrong { expected, .. }) if *expected == id), "{error}");
        std::fs::remove_dir_all(&config.keys).unwrap();
        std::fs::rename(&away, &config.keys).unwrap();
        assert!(open(&config).await.is_ok());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_start_that_was_killed_between_keys_and_store_goes_on() {
        let folder = Folder::new();
        let config = config(&folder);
        let keys = Keys::make(&config.keys, Environment::default()).unwrap();
        drop(SledStore::open(&config.data, &config.store).unwrap());
        let opened = open(&config).await.unwrap();
        assert_eq!(opened.keys.operators(), keys.operators());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_backup_is_sealed_and_restored_with_its_own_key_alone() {
        let (folder, other, copy) = (Folder::new(), Folder::new(), Folder::new());
        let opened = open(&config(&folder)).await.unwrap();
        let (root, now) = (organisation::root(&opened.keys).unwrap(), kith_shared::time::TimestampMs(1));
        let label = "A name nobody shall read";
        let store = opened.store.as_ref();
        let circle = crate::admin::circle::create(store, &opened.hub, &root, label, [1; 16], now).await.unwrap();
        backup::backup(opened.store.inner(), copy.path()).await.unwrap();
        assert_eq!(crate::testing::files_holding(copy.path(), b"nobody shall read"), 0);
        let expected = backup::sealed_under(&copy.path().join(backup::FILE)).unwrap().unwrap();
        assert_eq!(expected, opened.keys.operators()[0].id());
        let target = config(&other);
        assert!(matches!(keys_for(&target, expected), Err(KeyError::Missing { .. })));
        Keys::make(&target.keys, Environment::default()).unwrap();
        assert!(matches!(keys_for(&target, expected), Err(KeyError::Wrong { .. })));
        let target = Config { keys: config(&folder).keys, ..target };
        let keys = keys_for(&target, expected).unwrap();
        let below = open_to_restore(&target).await.unwrap().unwrap();
        backup::restore(&below, copy.path()).await.unwrap();
        let restored = seal(below, keys).await.unwrap();
        let circles = crate::admin::circle::list(restored.store.as_ref()).await.unwrap();
        assert_eq!((circles[0].0, circles[0].1.label.as_str()), (circle, label));
        assert_eq!(restored.hub.server_key(), opened.hub.server_key());
    }
}
