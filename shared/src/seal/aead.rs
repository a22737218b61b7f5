use aes_gcm_siv::aead::{AeadInOut, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce, Tag};

use crate::ids::tagged_hash;

use super::SealProblem;

/// Bytes of an AEAD's tag.
pub const TAG_BYTES: usize = 16;

/// The first 12 bytes of a hash of what a content is bound to: the same place has the same nonce.
pub(super) fn nonce_of(tag: &str, associated: &[u8]) -> [u8; 12] {
    let hash = tagged_hash(tag, &[associated]);
    let mut nonce = [0; 12];
    nonce.copy_from_slice(&hash[..12]);
    nonce
}

/// AES-256-GCM-SIV (RFC 8452): encrypts all of `content` behind `skip` in place and appends the tag.
///
/// # Errors
/// Above the 64 GiB of the RFC, which no bound of ours comes near.
pub(super) fn seal_behind(
    key: &[u8; 32],
    nonce: &[u8; 12],
    associated: &[u8],
    skip: usize,
    content: &mut Vec<u8>,
) -> Result<(), SealProblem> {
    let open = content.get_mut(skip..).unwrap_or_default();
    let tag = Aes256GcmSiv::new(&(*key).into())
        .encrypt_inout_detached(&Nonce::from(*nonce), associated, open.into())
        .map_err(|_| SealProblem::TooLarge { what: "content", max: usize::MAX })?;
    content.extend_from_slice(&tag);
    Ok(())
}

/// What [`seal_behind`] sealed, without what was skipped.
///
/// # Errors
/// `NotOpened` when the tag does not fit or is not there.
pub(super) fn open(key: &[u8; 32], nonce: &[u8; 12], associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealProblem> {
    let (content, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(SealProblem::NotOpened)?;
    let mut content = content.to_vec();
    Aes256GcmSiv::new(&(*key).into())
        .decrypt_inout_detached(&Nonce::from(*nonce), associated, content.as_mut_slice().into(), &Tag::from(*tag))
        .map_err(|_| SealProblem::NotOpened)?;
    Ok(content)
}
