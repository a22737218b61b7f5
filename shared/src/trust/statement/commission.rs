use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{DeviceId, InviteKey, OrganisationKey};
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{InviteSecret, Signature, SignatureInvalid, SigningSecret};

const ROOT_TAG: &str = "kith/commission/1";
const DEVICE_TAG: &str = "kith/commissioned/1";

/// The root's half: whoever has an invite's secret may found circles until it runs out. Travels with the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedCommission {
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
    pub signed: SignedCommission,
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

impl SignedCommission {
    /// The first step, by the root.
    #[must_use]
    pub fn sign(root: &SigningSecret, invite: InviteKey, expires: TimestampMs) -> Self {
        let root = root.sign(ROOT_TAG, &[invite.as_bytes(), &expires.0.to_le_bytes()]);
        Self { invite, expires, root }
    }

    /// Checks the root's half alone.
    ///
    /// # Errors
    /// When the signature does not fit.
    pub fn verify(&self, root: &OrganisationKey) -> Result<(), SignatureInvalid> {
        let parts: [&[u8]; 2] = [self.invite.as_bytes(), &self.expires.0.to_le_bytes()];
        verify_strict(&root.0, ROOT_TAG, &parts, &self.root)
    }

    /// The second step, on the phone that has the secret.
    #[must_use]
    pub fn complete(self, secret: &InviteSecret, device: &DeviceId) -> Commission {
        Commission { signed: self, device: secret.signing().sign(DEVICE_TAG, &[device.as_bytes()]) }
    }

    /// Writes the root's half: signature, invite key, expiry.
    pub fn write(&self, writer: &mut Writer) {
        writer.raw(&self.root.0).raw(self.invite.as_bytes()).number(self.expires.0);
    }

    /// Reads the root's half.
    ///
    /// # Errors
    /// When the bytes end early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let root = Signature(reader.array("commission signature")?);
        let invite = InviteKey(reader.array("commission's invite")?);
        Ok(Self { invite, expires: TimestampMs(reader.number("commission expiry")?), root })
    }
}

impl Commission {
    /// Checks that this root lets that device found a circle at that time.
    ///
    /// # Errors
    /// Says which is wrong.
    pub fn verify(
        &self,
        root: &OrganisationKey,
        device: &DeviceId,
        time: TimestampMs,
    ) -> Result<(), CommissionProblem> {
        if time >= self.signed.expires {
            return Err(CommissionProblem::Expired);
        }
        self.signed.verify(root)?;
        verify_strict(&self.signed.invite.0, DEVICE_TAG, &[device.as_bytes()], &self.device)?;
        Ok(())
    }

    /// Writes both halves.
    pub fn write(&self, writer: &mut Writer) {
        self.signed.write(writer);
        writer.raw(&self.device.0);
    }

    /// Reads both halves; [`Self::verify`] says whether they hold.
    ///
    /// # Errors
    /// When the bytes end early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let signed = SignedCommission::read(reader)?;
        Ok(Self { signed, device: Signature(reader.array("commission's second signature")?) })
    }
}
