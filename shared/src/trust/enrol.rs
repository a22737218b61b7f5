use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, InviteToken, MemberId, first_16, tagged_hash};
use crate::time::TimestampMs;

use super::{DevicePublic, DeviceSecret, InvalidKey, Role, RosterEntry, Signature, SignatureInvalid};

const TAG: &str = "kith/enrol/1";

/// What a phone sends to `POST /v1/enrol`: the link's token and its keys, signed with them, so that nobody
/// enrols another's keys. The name that a person chooses is not in it: it lives in the circle's documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnrolRequest {
    /// From the link.
    pub token: InviteToken,
    /// The phone's keys.
    pub device: DevicePublic,
    /// Random, so that a member's id tells nothing about the device.
    pub salt: [u8; 16],
    signature: Signature,
}

/// An [`EnrolRequest`] whose signature and keys are good. The only way to one is [`EnrolRequest::verify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedEnrol(EnrolRequest);

/// Why an enrolment was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InviteProblem {
    /// No such link.
    #[error("the link is not known here: it was mistyped, used up, or made by another server")]
    Unknown,
    /// Too late.
    #[error("the link ran out: ask for a new one")]
    Expired,
    /// Used as often as it may be.
    #[error("the link was used up: ask for a new one")]
    UsedUp,
    /// The keys are not usable.
    #[error(transparent)]
    Key(#[from] InvalidKey),
    /// The signature does not fit.
    #[error(transparent)]
    Signature(#[from] SignatureInvalid),
}

impl EnrolRequest {
    /// Signs a request.
    #[must_use]
    pub fn sign(token: InviteToken, device: &DeviceSecret, salt: [u8; 16]) -> Self {
        let public = *device.public();
        let signature = device.sign(TAG, &[token.as_bytes(), public.id().as_bytes(), &salt]);
        Self { token, device: public, salt, signature }
    }

    /// Checks keys and signature.
    ///
    /// # Errors
    /// Says which is wrong.
    pub fn verify(self) -> Result<VerifiedEnrol, InviteProblem> {
        self.device.check()?;
        let id = self.device.id();
        self.device.verify(TAG, &[self.token.as_bytes(), id.as_bytes(), &self.salt], &self.signature)?;
        Ok(VerifiedEnrol(self))
    }

    /// The request's one encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(1).raw(self.token.as_bytes());
        self.device.write(&mut writer);
        writer.raw(&self.salt).raw(&self.signature.0);
        writer.into_bytes()
    }

    /// Reads a request.
    ///
    /// # Errors
    /// When it is cut short, has bytes left over, or is of another version.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("enrolment version")? != 1 {
            return Err(DecodeError::Invalid { what: "enrolment version" });
        }
        let request = Self {
            token: InviteToken(reader.array("link token")?),
            device: DevicePublic::read(&mut reader)?,
            salt: reader.array("enrolment salt")?,
            signature: Signature(reader.array("enrolment signature")?),
        };
        reader.finish("enrolment")?;
        Ok(request)
    }
}

impl VerifiedEnrol {
    /// The token that it spends.
    #[must_use]
    pub fn token(&self) -> &InviteToken {
        &self.0.token
    }

    /// The place in the circle that an invitation gives to this device.
    #[must_use]
    pub fn entry(&self, invite: &Invite) -> RosterEntry {
        let device = self.0.device;
        let id = tagged_hash("kith/member/1", &[&self.0.salt, device.id().as_bytes()]);
        RosterEntry::new(device, MemberId(first_16(&id)), invite.role)
    }
}

/// An enrolment link as the server keeps it, under the hash of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Into which circle.
    pub circle: CircleId,
    /// As what.
    pub role: Role,
    /// How many more devices.
    pub uses_left: u32,
    /// Until when.
    pub expires: TimestampMs,
}

impl Invite {
    /// The key that an invitation is kept under, so that a copy of the disk holds no working link.
    #[must_use]
    pub fn key(token: &InviteToken) -> [u8; 32] {
        tagged_hash("kith/invite/1", &[token.as_bytes()])
    }

    /// The invitation after one more use.
    ///
    /// # Errors
    /// When it ran out or was used up.
    pub fn spend(self, now: TimestampMs) -> Result<Self, InviteProblem> {
        if now >= self.expires {
            return Err(InviteProblem::Expired);
        }
        let uses_left = self.uses_left.checked_sub(1).ok_or(InviteProblem::UsedUp)?;
        Ok(Self { uses_left, ..self })
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(1).raw(self.circle.as_bytes()).byte(match self.role {
            Role::Member => 0,
            Role::Facilitator => 1,
        });
        writer.number(self.uses_left.into()).number(self.expires.0);
        writer.into_bytes()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("invitation version")? != 1 {
            return Err(DecodeError::Invalid { what: "invitation version" });
        }
        let invite = Self {
            circle: CircleId(reader.array("circle id")?),
            role: match reader.byte("role")? {
                0 => Role::Member,
                1 => Role::Facilitator,
                _ => return Err(DecodeError::Invalid { what: "role" }),
            },
            uses_left: reader.number_as("uses left")?,
            expires: TimestampMs(reader.number("expiry")?),
        };
        reader.finish("invitation")?;
        Ok(invite)
    }
}
