use zeroize::Zeroize;

use crate::ids::CircleId;
use crate::trust::{DevicePublic, DeviceSecret, KeyGroup};

use super::{EpochId, EpochKey, SealProblem, hpke};

/// Bytes of a wrap: the encapsulated key (32), the sealed key (32), the tag (16).
pub const WRAP_BYTES: usize = 80;

const LABEL: &[u8] = b"kith/wrap/1";

/// `key` for `device` alone, and for this circle: HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA256),
/// HKDF-SHA256, AES-256-GCM. `entropy` is 32 bytes of the system's randomness that are used for nothing else.
///
/// Nothing in it says who wrapped; the statement that holds it is signed.
///
/// # Errors
/// `WeakKey` when the device's agreement key is of small order, which [`DevicePublic::check`] refuses before.
pub fn wrap(
    key: &EpochKey,
    circle: &CircleId,
    device: &DevicePublic,
    entropy: [u8; 32],
) -> Result<[u8; WRAP_BYTES], SealProblem> {
    let (enc, sealed) =
        hpke::seal(&device.agreement, &info(circle, device), &[], &key.0, entropy).ok_or(SealProblem::WeakKey)?;
    let mut wrap = [0; WRAP_BYTES];
    wrap[..32].copy_from_slice(&enc);
    wrap[32..].copy_from_slice(&sealed);
    Ok(wrap)
}

/// The key in a wrap for this device, when it makes this epoch of this group.
///
/// # Errors
/// `NotOpened` when it is for another device or circle or damaged, `OtherKey` when the key makes another epoch.
pub fn unwrap(
    secret: &DeviceSecret,
    circle: &CircleId,
    wrap: &[u8; WRAP_BYTES],
    group: &KeyGroup,
    epoch: &EpochId,
) -> Result<EpochKey, SealProblem> {
    let mut enc = [0; 32];
    enc.copy_from_slice(&wrap[..32]);
    let mut opened = hpke::open(&secret.agreement(), &enc, &info(circle, secret.public()), &[], &wrap[32..])
        .ok_or(SealProblem::NotOpened)?;
    let key = opened.as_slice().try_into().map(EpochKey);
    opened.zeroize();
    let key = key.map_err(|_| SealProblem::BadContent { what: "key" })?;
    if key.id(circle, group) == *epoch { Ok(key) } else { Err(SealProblem::OtherKey) }
}

fn info(circle: &CircleId, device: &DevicePublic) -> Vec<u8> {
    [LABEL, circle.as_bytes(), device.id().as_bytes()].concat()
}
