use zeroize::Zeroize;

use crate::ids::{CircleId, SealingKey};
use crate::trust::{DevicePublic, DeviceSecret, KeyGroup};

use super::{EpochId, EpochKey, SealProblem, hpke};

/// Bytes of a wrap: the encapsulated key (32), the sealed key (32), the tag (16).
pub const WRAP_BYTES: usize = 80;

const LABEL: &[u8] = b"kith/wrap/1";
const ORGANISATION_LABEL: &[u8] = b"kith/organisation-wrap/1";

/// What opens what is wrapped for an organisation: 32 bytes of the system's randomness. Erased from memory when dropped.
pub struct SealingSecret(pub [u8; 32]);

impl SealingSecret {
    /// What keys are wrapped to.
    #[must_use]
    pub fn public(&self) -> SealingKey {
        SealingKey(curve25519_dalek::MontgomeryPoint::mul_base_clamped(self.0).0)
    }
}

impl Drop for SealingSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

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
    wrap_to(key, &device.agreement, &info(circle, device), entropy)
}

/// `key` for whoever has the secret of an organisation's sealing key, and for this circle: as [`wrap`], under a label of
/// its own.
///
/// # Errors
/// `WeakKey` when the organisation's key is of small order, which no statement says.
pub fn wrap_for_organisation(
    key: &EpochKey,
    circle: &CircleId,
    to: &SealingKey,
    entropy: [u8; 32],
) -> Result<[u8; WRAP_BYTES], SealProblem> {
    wrap_to(key, &to.0, &organisation_info(circle, to), entropy)
}

fn wrap_to(key: &EpochKey, to: &[u8; 32], info: &[u8], entropy: [u8; 32]) -> Result<[u8; WRAP_BYTES], SealProblem> {
    let (enc, sealed) = hpke::seal(to, info, &[], &key.0, entropy).ok_or(SealProblem::WeakKey)?;
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
    unwrap_with(&secret.agreement(), &info(circle, secret.public()), wrap, (circle, group, epoch))
}

/// The key in a wrap for this organisation, when it makes this epoch of this group.
///
/// # Errors
/// As [`unwrap`].
pub fn unwrap_for_organisation(
    secret: &SealingSecret,
    circle: &CircleId,
    wrap: &[u8; WRAP_BYTES],
    group: &KeyGroup,
    epoch: &EpochId,
) -> Result<EpochKey, SealProblem> {
    unwrap_with(&secret.0, &organisation_info(circle, &secret.public()), wrap, (circle, group, epoch))
}

fn unwrap_with(
    secret: &[u8; 32],
    info: &[u8],
    wrap: &[u8; WRAP_BYTES],
    (circle, group, epoch): (&CircleId, &KeyGroup, &EpochId),
) -> Result<EpochKey, SealProblem> {
    let mut enc = [0; 32];
    enc.copy_from_slice(&wrap[..32]);
    let mut opened = hpke::open(secret, &enc, info, &[], &wrap[32..]).ok_or(SealProblem::NotOpened)?;
    let key = opened.as_slice().try_into().map(EpochKey);
    opened.zeroize();
    let key = key.map_err(|_| SealProblem::BadContent { what: "key" })?;
    if key.id(circle, group) == *epoch { Ok(key) } else { Err(SealProblem::OtherKey) }
}

fn organisation_info(circle: &CircleId, to: &SealingKey) -> Vec<u8> {
    [ORGANISATION_LABEL, circle.as_bytes(), to.as_bytes()].concat()
}

fn info(circle: &CircleId, device: &DevicePublic) -> Vec<u8> {
    [LABEL, circle.as_bytes(), device.id().as_bytes()].concat()
}
