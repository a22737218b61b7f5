use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{DeviceId, InviteKey, OrganisationKey};
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{Check, InviteSecret, Signature, SignatureInvalid, Signed, SigningSecret};

const ROOT_TAG: &str = "kith/commission/1";
const DEVICE_TAG: &str = "kith/commissioned/1";

/// The root's half: whoever has an invite's secret may found circles until it runs out. Travels with the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootCommission {
    /// Whose secret speaks.
    pub invite: InviteKey,
    /// Until when: the founding statement's time is below it.
    pub expires: TimestampMs,
    root: Signature,
}

/// Both halves: the root named an invite, and the invite named a device, which may found circles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commission {
    /// The root's half.
    pub by_root: RootCommission,
    device: Signature,
}

/// Why a commission lets nobody found a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommissionProblem {
    /// The founding statement says a later time.
    #[error("the commission ran out: ask the organisation for a new one")]
    Expired,
    /// Not the root's, or for another device.
    #[error(transparent)]
    Signature(#[from] SignatureInvalid),
}

impl RootCommission {
    /// The first step, by the root.
    #[must_use]
    pub fn sign(root: &SigningSecret, invite: InviteKey, expires: TimestampMs) -> Signed<Self> {
        let root = root.sign(ROOT_TAG, &[invite.as_bytes(), &expires.0.to_le_bytes()]);
        Signed::new(Self { invite, expires, root })
    }

    /// Writes the root's half: signature, invite key, expiry.
    pub fn write(&self, writer: &mut Writer) {
        writer.raw(&self.root.0).raw(self.invite.as_bytes()).number(self.expires.0);
    }

    /// Reads the root's half.
    ///
    /// # Errors
    /// When the bytes end early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Signed<Self>, DecodeError> {
        let root = Signature(reader.array("commission signature")?);
        let invite = InviteKey(reader.array("commission's invite")?);
        Ok(Signed::new(Self { invite, expires: TimestampMs(reader.number("commission expiry")?), root }))
    }
}

/// That this root signed it.
impl Check for RootCommission {
    type Against<'a> = &'a OrganisationKey;
    type Problem = SignatureInvalid;

    fn check(&self, root: &OrganisationKey) -> Result<(), SignatureInvalid> {
        let parts: [&[u8]; 2] = [self.invite.as_bytes(), &self.expires.0.to_le_bytes()];
        verify_strict(&root.0, ROOT_TAG, &parts, &self.root)
    }
}

impl Signed<RootCommission> {
    /// The second step, on the phone that has the secret: whoever is asked to found by it checks both.
    #[must_use]
    pub fn complete(self, secret: &InviteSecret, device: &DeviceId) -> Signed<Commission> {
        let device = secret.signing().sign(DEVICE_TAG, &[device.as_bytes()]);
        Signed::new(Commission { by_root: *self.claimed(), device })
    }

    /// Writes the root's half, as it came.
    pub fn write(&self, writer: &mut Writer) {
        self.claimed().write(writer);
    }
}

impl Commission {
    /// Writes both halves.
    pub fn write(&self, writer: &mut Writer) {
        self.by_root.write(writer);
        writer.raw(&self.device.0);
    }

    /// Reads both halves; [`Signed::verify`] says whether they hold.
    ///
    /// # Errors
    /// When the bytes end early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Signed<Self>, DecodeError> {
        let by_root = *RootCommission::read(reader)?.claimed();
        Ok(Signed::new(Self { by_root, device: Signature(reader.array("commission's second signature")?) }))
    }
}

/// That this root lets that device found a circle at that time.
impl Check for Commission {
    type Against<'a> = (&'a OrganisationKey, &'a DeviceId, TimestampMs);
    type Problem = CommissionProblem;

    fn check(&self, (root, device, time): Self::Against<'_>) -> Result<(), CommissionProblem> {
        if time >= self.by_root.expires {
            return Err(CommissionProblem::Expired);
        }
        self.by_root.check(root)?;
        verify_strict(&self.by_root.invite.0, DEVICE_TAG, &[device.as_bytes()], &self.device)?;
        Ok(())
    }
}

impl Signed<Commission> {
    /// Writes both halves, as they came.
    pub fn write(&self, writer: &mut Writer) {
        self.claimed().write(writer);
    }

    /// Whether both have one right: a phone founds one circle by it.
    #[must_use]
    pub fn is_same_right(&self, other: &Self) -> bool {
        self.claimed().by_root == other.claimed().by_root
    }
}
