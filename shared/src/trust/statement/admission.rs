use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{ServerKey, StatementId};
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{Signature, SignatureInvalid, SigningSecret};

const TAG: &str = "kith/admission/1";

/// The server's word that a Join came in time, by which Invite and as which of its uses. It names the Invite, so
/// that another one with the same key changes nothing. Beside the statement, not part
/// of its id, so that a phone can join first and be admitted when it reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The Invite: the join's only parent.
    pub invite: StatementId,
    /// Which use of the invite, from 0.
    pub serial: u32,
    /// When, by the server's clock.
    pub time: TimestampMs,
    signature: Signature,
}

impl Admission {
    /// Admits a join.
    #[must_use]
    pub fn sign(
        server: &SigningSecret,
        join: &StatementId,
        invite: StatementId,
        serial: u32,
        time: TimestampMs,
    ) -> Self {
        let unsigned = Self { invite, serial, time, signature: Signature([0; 64]) };
        Self { signature: unsigned.over(join, |parts| server.sign(TAG, parts)), ..unsigned }
    }

    /// Checks that this server admitted that join.
    ///
    /// # Errors
    /// When the signature does not fit.
    pub fn verify(&self, server: &ServerKey, join: &StatementId) -> Result<(), SignatureInvalid> {
        self.over(join, |parts| verify_strict(&server.0, TAG, parts, &self.signature))
    }

    fn over<T>(&self, join: &StatementId, f: impl FnOnce(&[&[u8]]) -> T) -> T {
        let (serial, time) = (self.serial.to_le_bytes(), self.time.0.to_le_bytes());
        f(&[join.as_bytes(), self.invite.as_bytes(), &serial, &time])
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.raw(self.invite.as_bytes()).number(self.serial.into()).number(self.time.0).raw(&self.signature.0);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            invite: StatementId(reader.array("admission's invite")?),
            serial: reader.number_as("admission serial")?,
            time: TimestampMs(reader.number("admission time")?),
            signature: Signature(reader.array("admission signature")?),
        })
    }
}
