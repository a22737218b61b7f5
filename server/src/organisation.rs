//! Whose server this is: the organisation's root, of which it knows the public key, and the key that it signs with.

use kith_shared::ids::OrganisationKey;
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};
use kith_shared::sync::statements::HubKeys;
use kith_shared::trust::SigningSecret;

use crate::keys::{KeyError, Keys, ROOT_FILE, ServerSeed};
use crate::store::{Store, StoreError};

/// Where the root's public key is kept in [`Tree::Meta`], so that the server runs without `root.key`.
const ROOT_KEY: &[u8] = b"root";

/// Why it is not known whose server this is.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// The operator's keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A root is there, and it is another one.
    #[error(
        "the circles in this store are of another organisation than {path}: bring back the root.key that the store \
         was made with, or name its folder with --keys"
    )]
    OtherRoot {
        /// Where the wrong one is.
        path: String,
    },
}

/// What the hub is given: the root's public key, from `root.key` at the first start and from the store ever after,
/// and the server's own key.
///
/// # Errors
/// See [`OrganisationError`].
pub async fn hub_keys(store: &dyn Store, keys: &Keys, server: &ServerSeed) -> Result<HubKeys, OrganisationError> {
    let server = SigningSecret::from_seed(&server.0);
    let read = Read::Get { tree: Tree::Meta, key: ROOT_KEY.to_vec() };
    let kept = store.read(vec![read]).await?.pop().and_then(ReadResult::value);
    let here = match keys.root() {
        Ok(seed) => Some(SigningSecret::from_seed(&seed.0).public()),
        Err(KeyError::NoRoot { .. }) if kept.is_some() => None,
        Err(error) => return Err(error.into()),
    };
    let cause = "a root's public key is 32 bytes";
    let corrupt = || StoreError::Corrupt { tree: Tree::Meta, key: ROOT_KEY.to_vec(), cause };
    let root = match (kept, here) {
        (Some(kept), here) => {
            let kept: [u8; 32] = kept.try_into().map_err(|_| corrupt())?;
            if here.is_some_and(|here| here != kept) {
                let path = keys.folder().join(ROOT_FILE).display().to_string();
                return Err(OrganisationError::OtherRoot { path });
            }
            kept
        }
        (None, Some(here)) => {
            let mut batch = Batch::default();
            batch.expect(Tree::Meta, ROOT_KEY, None);
            batch.put(Tree::Meta, ROOT_KEY, here);
            if store.commit(batch).await? == CommitOutcome::Conflict {
                return Err(StoreError::Damaged { cause: "the root's key was written twice at once".to_owned() }.into());
            }
            here
        }
        (None, None) => return Err(corrupt().into()),
    };
    Ok(HubKeys { root: OrganisationKey(root), server })
}

/// The root itself, for admin commands.
///
/// # Errors
/// [`KeyError::NoRoot`] names the file that is to be brought.
pub fn root(keys: &Keys) -> Result<SigningSecret, KeyError> {
    Ok(SigningSecret::from_seed(&keys.root()?.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Environment;
    use crate::store::MemoryStore;
    use crate::testing::Folder;

    #[tokio::test]
    async fn the_root_may_be_away_once_the_store_knows_it_and_no_other_takes_its_place() {
        let (store, folder, seed) = (MemoryStore::new(), Folder::new(), ServerSeed([3; 32]));
        let keys = Keys::make(folder.path(), Environment::default()).unwrap();
        let made = hub_keys(&store, &keys, &seed).await.unwrap();
        assert_eq!(made.root.0, root(&keys).unwrap().public());
        let path = folder.path().join(ROOT_FILE);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(hub_keys(&store, &keys, &seed).await.unwrap().root, made.root);
        assert!(root(&keys).unwrap_err().to_string().contains(&path.display().to_string()));
        let empty = hub_keys(&MemoryStore::new(), &keys, &seed).await.unwrap_err();
        assert!(empty.to_string().contains("bring root.key"), "{empty}");
        let elsewhere = Folder::new();
        let keys = Keys::make(elsewhere.path(), Environment::default()).unwrap();
        let other = hub_keys(&store, &keys, &seed).await.unwrap_err();
        assert!(other.to_string().contains("another organisation"), "{other}");
    }
}
