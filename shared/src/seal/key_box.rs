use zeroize::Zeroize;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::CircleId;
use crate::trust::{DevicePublic, DeviceSecret, KeyGroup};

use super::{EpochKey, SealProblem, TAG_BYTES, aead, hpke};

/// Largest box, in bytes.
pub const BOX_BYTES_MAX: usize = 8 * 1024;
/// Most keys in a box: each takes at most 65 bytes, its group included.
pub const BOX_KEYS_MAX: usize = (BOX_BYTES_MAX - 32 - TAG_BYTES - 2) / KEY_BYTES_MAX;

const KEY_BYTES_MAX: usize = 65;
const WHAT: &str = "box of keys";
const LABEL: &[u8] = b"kith/keys/1";

/// Keys of earlier epochs for whoever joins by an invite that opens the past: AES-256-GCM-SIV under a key that the
/// link's secret gives, with a nonce of zeros, since that key seals one box. It opens for this circle and invite only.
///
/// # Errors
/// `TooLarge` above [`BOX_KEYS_MAX`] keys.
pub fn seal_box(
    box_key: &[u8; 32],
    circle: &CircleId,
    invite_key: &[u8; 32],
    keys: &[(KeyGroup, EpochKey)],
) -> Result<Vec<u8>, SealProblem> {
    let mut content = content(keys)?;
    content.reserve_exact(TAG_BYTES);
    aead::seal_behind(box_key, &[0; 12], &bound_to(circle, invite_key), 0, &mut content)?;
    Ok(content)
}

/// The keys in a box, in the order in which they were put there; each proves itself by the epoch that it makes.
///
/// # Errors
/// `NotOpened` when key, circle or invite is another or a byte changed; `BadContent` when the author's program sealed
/// no list of keys.
pub fn open_box(
    box_key: &[u8; 32],
    circle: &CircleId,
    invite_key: &[u8; 32],
    sealed: &[u8],
) -> Result<Vec<(KeyGroup, EpochKey)>, SealProblem> {
    if sealed.len() > BOX_BYTES_MAX {
        return Err(SealProblem::TooLarge { what: WHAT, max: BOX_BYTES_MAX });
    }
    read_keys(aead::open(box_key, &[0; 12], &bound_to(circle, invite_key), sealed)?)
}

/// Keys for one device, as [`super::wrap`] wraps one: HPKE in base mode, of the same suite; the encapsulated key (32)
/// stands first. `entropy` is 32 bytes of the system's randomness that are used for nothing else.
///
/// # Errors
/// `TooLarge` above [`BOX_KEYS_MAX`] keys, `WeakKey` when the device's agreement key is of small order.
pub fn seal_keys(
    keys: &[(KeyGroup, EpochKey)],
    circle: &CircleId,
    device: &DevicePublic,
    entropy: [u8; 32],
) -> Result<Vec<u8>, SealProblem> {
    let mut content = content(keys)?;
    let sealed = hpke::seal(&device.agreement, &info(circle, device), &[], &content, entropy);
    content.zeroize();
    let (enc, sealed) = sealed.ok_or(SealProblem::WeakKey)?;
    Ok([&enc[..], &sealed].concat())
}

/// What [`seal_keys`] sealed for this device.
///
/// # Errors
/// As of [`open_box`].
pub fn open_keys(
    secret: &DeviceSecret,
    circle: &CircleId,
    sealed: &[u8],
) -> Result<Vec<(KeyGroup, EpochKey)>, SealProblem> {
    if sealed.len() > BOX_BYTES_MAX {
        return Err(SealProblem::TooLarge { what: WHAT, max: BOX_BYTES_MAX });
    }
    let (enc, sealed) = sealed.split_first_chunk::<32>().ok_or(SealProblem::NotOpened)?;
    let opened = hpke::open(&secret.agreement(), enc, &info(circle, secret.public()), &[], sealed);
    read_keys(opened.ok_or(SealProblem::NotOpened)?)
}

fn content(keys: &[(KeyGroup, EpochKey)]) -> Result<Vec<u8>, SealProblem> {
    if keys.len() > BOX_KEYS_MAX {
        return Err(SealProblem::TooLarge { what: WHAT, max: BOX_KEYS_MAX });
    }
    let mut writer = Writer::new();
    writer.count(keys.len());
    for (group, key) in keys {
        group.write(&mut writer);
        writer.raw(&key.0);
    }
    Ok(writer.into_bytes())
}

fn read_keys(mut content: Vec<u8>) -> Result<Vec<(KeyGroup, EpochKey)>, SealProblem> {
    let keys = read_list(&content).map_err(|_| SealProblem::BadContent { what: "list of keys" });
    content.zeroize();
    keys
}

fn read_list(content: &[u8]) -> Result<Vec<(KeyGroup, EpochKey)>, DecodeError> {
    let mut reader = Reader::new(content);
    let count = reader.count(BOX_KEYS_MAX, WHAT)?;
    let keys = (0..count)
        .map(|_| Ok((KeyGroup::read(&mut reader)?, EpochKey(reader.array("epoch's key")?))))
        .collect::<Result<Vec<_>, DecodeError>>()?;
    reader.finish(WHAT)?;
    Ok(keys)
}

fn bound_to(circle: &CircleId, invite_key: &[u8; 32]) -> Vec<u8> {
    [circle.as_bytes(), invite_key].concat()
}

fn info(circle: &CircleId, device: &DevicePublic) -> Vec<u8> {
    [LABEL, circle.as_bytes(), device.id().as_bytes()].concat()
}
