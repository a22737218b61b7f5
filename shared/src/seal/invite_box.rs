use zeroize::Zeroize;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::CircleId;

use super::{EpochId, EpochKey, SealProblem, TAG_BYTES, aead};

/// Largest box, in bytes, as an invite's statement allows.
pub const BOX_BYTES_MAX: usize = 8 * 1024;
/// Most keys in a box.
pub const BOX_KEYS_MAX: usize = (BOX_BYTES_MAX - TAG_BYTES - 2) / KEY_BYTES;

const KEY_BYTES: usize = 64;
const WHAT: &str = "invite's box";

/// The keys of earlier epochs for whoever joins by an invite that opens the past: AES-256-GCM-SIV under a key that the
/// link's secret gives, with a nonce of zeros, since that key seals one box. It opens for this circle and invite only.
///
/// # Errors
/// `TooLarge` above [`BOX_KEYS_MAX`] keys.
pub fn seal_box(
    box_key: &[u8; 32],
    circle: &CircleId,
    invite_key: &[u8; 32],
    keys: &[(EpochId, EpochKey)],
) -> Result<Vec<u8>, SealProblem> {
    if keys.len() > BOX_KEYS_MAX {
        return Err(SealProblem::TooLarge { what: WHAT, max: BOX_KEYS_MAX });
    }
    let mut writer = Writer::new();
    writer.count(keys.len());
    for (epoch, key) in keys {
        writer.raw(&epoch.0).raw(&key.0);
    }
    let mut content = writer.into_bytes();
    content.reserve_exact(TAG_BYTES);
    aead::seal_behind(box_key, &[0; 12], &bound_to(circle, invite_key), 0, &mut content)?;
    Ok(content)
}

/// The keys in a box, in the order in which they were put there. Whether a key is its epoch's, [`EpochKey::check`]
/// against the epoch's statement tells.
///
/// # Errors
/// `NotOpened` when key, circle or invite is another or a byte changed; `BadContent` when the author's program sealed
/// no list of keys.
pub fn open_box(
    box_key: &[u8; 32],
    circle: &CircleId,
    invite_key: &[u8; 32],
    sealed: &[u8],
) -> Result<Vec<(EpochId, EpochKey)>, SealProblem> {
    if sealed.len() > BOX_BYTES_MAX {
        return Err(SealProblem::TooLarge { what: WHAT, max: BOX_BYTES_MAX });
    }
    let mut content = aead::open(box_key, &[0; 12], &bound_to(circle, invite_key), sealed)?;
    let keys = read_keys(&content).map_err(|_| SealProblem::BadContent { what: "list of keys" });
    content.zeroize();
    keys
}

fn read_keys(content: &[u8]) -> Result<Vec<(EpochId, EpochKey)>, DecodeError> {
    let mut reader = Reader::new(content);
    let count = reader.count(BOX_KEYS_MAX, WHAT)?;
    let keys = (0..count)
        .map(|_| Ok((EpochId(reader.array("epoch")?), EpochKey(reader.array("epoch's key")?))))
        .collect::<Result<Vec<_>, DecodeError>>()?;
    reader.finish(WHAT)?;
    Ok(keys)
}

fn bound_to(circle: &CircleId, invite_key: &[u8; 32]) -> Vec<u8> {
    [circle.as_bytes(), invite_key].concat()
}
