use core::fmt;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DeviceId, ServerKey};
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{Check, Signature, SignatureInvalid, Signed, SigningSecret};

const TAG: &str = "kith/warrant/2";

/// A warrant's id: random, drawn by the server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WarrantId(pub [u8; 16]);

impl fmt::Debug for WarrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WarrantId({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// The server's word that a device may enrol people with no network: how many, until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warrant {
    /// In which circle.
    pub circle: CircleId,
    /// Which device may.
    pub device: DeviceId,
    /// Which warrant; the first `count` grants under it that the chain admits are in.
    pub id: WarrantId,
    /// How many grants.
    pub count: u32,
    /// Until when the device may grant under it, by its own clock.
    pub until: TimestampMs,
    /// The chain's position when the server signed it: whether that was before its device was taken out.
    pub position: u64,
    signature: Signature,
}

impl Warrant {
    /// Signs a warrant.
    #[must_use]
    pub fn sign(
        server: &SigningSecret,
        circle: CircleId,
        device: DeviceId,
        id: WarrantId,
        count: u32,
        until: TimestampMs,
        position: u64,
    ) -> Signed<Self> {
        let unsigned = Self { circle, device, id, count, until, position, signature: Signature([0; 64]) };
        Signed::new(Self { signature: unsigned.over(|parts| server.sign(TAG, parts)), ..unsigned })
    }

    fn over<T>(&self, f: impl FnOnce(&[&[u8]]) -> T) -> T {
        f(&[
            self.circle.as_bytes(),
            self.device.as_bytes(),
            &self.id.0,
            &self.count.to_le_bytes(),
            &self.until.0.to_le_bytes(),
            &self.position.to_le_bytes(),
        ])
    }

    /// Writes all fields: as in a Grant, and as the server hands it out.
    pub fn write(&self, writer: &mut Writer) {
        writer.raw(self.circle.as_bytes()).raw(self.device.as_bytes()).raw(&self.id.0);
        writer.number(self.count.into()).number(self.until.0).number(self.position).raw(&self.signature.0);
    }

    /// Reads a warrant; [`Signed::verify`] says whether it is one.
    ///
    /// # Errors
    /// When the bytes end early or a number does not fit.
    pub fn read(reader: &mut Reader<'_>) -> Result<Signed<Self>, DecodeError> {
        Ok(Signed::new(Self {
            circle: CircleId(reader.array("warrant's circle")?),
            device: DeviceId(reader.array("warrant's device")?),
            id: WarrantId(reader.array("warrant id")?),
            count: reader.number_as("warrant count")?,
            until: TimestampMs(reader.number("warrant end")?),
            position: reader.number("warrant position")?,
            signature: Signature(reader.array("warrant signature")?),
        }))
    }
}

/// That this server signed it. Circle, device, count and time are for the chain to compare.
impl Check for Warrant {
    type Against<'a> = &'a ServerKey;
    type Problem = SignatureInvalid;

    fn check(&self, server: &ServerKey) -> Result<(), SignatureInvalid> {
        self.over(|parts| verify_strict(&server.0, TAG, parts, &self.signature))
    }
}

impl Signed<Warrant> {
    /// Its id: the members that it lets in are named by it.
    #[must_use]
    pub fn claimed_id(&self) -> &WarrantId {
        &self.claimed().id
    }

    /// Writes all fields, as they came.
    pub fn write(&self, writer: &mut Writer) {
        self.claimed().write(writer);
    }
}
