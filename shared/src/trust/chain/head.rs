use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, RecordHash, ServerKey};
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{Check, Knows, Signature, SignatureInvalid, Signed, SigningSecret, Verified};

const TAG: &str = "kith/chain-head/1";

/// Where a circle's chain ends, with the server's signature: two of them for one generation and position, with two
/// hashes, prove that the server told people different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// The circle.
    pub circle: CircleId,
    /// The last record.
    pub last: Knows,
    /// When the server signed, by its clock.
    pub time: TimestampMs,
    signature: Signature,
}

impl ChainHead {
    /// Signs, once the record is durable.
    #[must_use]
    pub fn sign(server: &SigningSecret, circle: CircleId, last: Knows, time: TimestampMs) -> Signed<Self> {
        let unsigned = Self { circle, last, time, signature: Signature([0; 64]) };
        Signed::new(Self { signature: unsigned.over(|parts| server.sign(TAG, parts)), ..unsigned })
    }

    fn over<T>(&self, f: impl FnOnce(&[&[u8]]) -> T) -> T {
        f(&[
            self.circle.as_bytes(),
            &self.last.generation.to_le_bytes(),
            &self.last.position.to_le_bytes(),
            self.last.hash.as_bytes(),
            &self.time.0.to_le_bytes(),
        ])
    }

    /// Writes all but the circle, which is known where it stands.
    pub fn write(&self, writer: &mut Writer) {
        self.last.write(writer);
        writer.number(self.time.0).raw(&self.signature.0);
    }

    /// Reads what [`Self::write`] wrote; [`Signed::verify`] says whether it is the server's.
    ///
    /// # Errors
    /// When the bytes end early.
    pub fn read(circle: CircleId, reader: &mut Reader<'_>) -> Result<Signed<Self>, DecodeError> {
        Ok(Signed::new(Self {
            circle,
            last: Knows::read(reader)?,
            time: TimestampMs(reader.number("chain head's time")?),
            signature: Signature(reader.array("chain head's signature")?),
        }))
    }

    /// The hash that the head states.
    #[must_use]
    pub fn hash(&self) -> &RecordHash {
        &self.last.hash
    }
}

/// That this server signed it.
impl Check for ChainHead {
    type Against<'a> = &'a ServerKey;
    type Problem = SignatureInvalid;

    fn check(&self, server: &ServerKey) -> Result<(), SignatureInvalid> {
        self.over(|parts| verify_strict(&server.0, TAG, parts, &self.signature))
    }
}

impl Signed<ChainHead> {
    /// Writes all but the circle, as it came.
    pub fn write(&self, writer: &mut Writer) {
        self.claimed().write(writer);
    }

    /// Where it says that the chain ends: what it would prove is looked for there.
    #[must_use]
    pub fn claimed_end(&self) -> &Knows {
        &self.claimed().last
    }
}

impl Verified<ChainHead> {
    /// Whether both are of one circle, generation and position, and say different things of it: then the server told
    /// people different things.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        let place = |head: &Self| (head.circle, head.last.generation, head.last.position);
        place(self) == place(other) && self.last.hash != other.last.hash
    }
}
