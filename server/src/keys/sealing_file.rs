//! The organisation's sealing secret: a file that its operator keeps, in no folder that the server looks into.

use std::path::Path;

use kith_shared::seal::SealingSecret;

use super::{KeyError, file};

/// Writes a secret durably to a file that is not there yet, for its owner alone.
///
/// # Errors
/// [`KeyError::File`], of a file that is there too.
pub(crate) fn create(path: &Path, secret: &SealingSecret) -> Result<(), KeyError> {
    file::write(path, &secret.0)?;
    file::sync_folder(path)
}

/// The secret in a file; none when there is no such file.
///
/// # Errors
/// [`KeyError::Exposed`] for one that others can read, [`KeyError::Malformed`] for one that holds no key.
pub(crate) fn read(path: &Path) -> Result<Option<SealingSecret>, KeyError> {
    Ok(file::read(path)?.map(SealingSecret))
}
