use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{ActorId, CircleId, DocumentId, EntryId, RecordHash};

use super::{DevicePublic, DeviceSecret, Knows, Signature, SignatureInvalid, Signed, Verified};

const TAG: &str = "kith/head/2";

/// What an author signs: the last entry of its chain in a document. It covers the whole chain, since every
/// entry depends on its actor's one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// The circle of the document.
    pub circle: CircleId,
    /// The document.
    pub document: DocumentId,
    /// The chain.
    pub actor: ActorId,
    /// The entry's number in the chain, from 1.
    pub seq: u64,
    /// The entry.
    pub entry: EntryId,
    /// The circle's chain as its author knew it: the entry counts by its author's standing there. Only generation and
    /// position travel; whoever reads it puts in the hash of their own chain, so that people to whom the server showed
    /// different histories notice.
    pub knows: Knows,
}

/// The signature of a [`SignedHead`], with as much of what its author knew as travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntrySignature {
    /// The author's.
    pub signature: Signature,
    /// The generation of the author's chain.
    pub generation: u32,
    /// Where the author's chain ended.
    pub position: u64,
    /// The hash there, of a record that was lost when a backup was restored: no chain can tell it any more.
    pub lost_hash: Option<RecordHash>,
}

impl EntrySignature {
    /// Writes signature, generation, position, and the lost hash behind a flag.
    pub fn write(&self, writer: &mut Writer) {
        writer.raw(&self.signature.0).number(self.generation.into()).number(self.position);
        writer.flag(self.lost_hash.is_some());
        if let Some(hash) = &self.lost_hash {
            writer.raw(hash.as_bytes());
        }
    }

    /// Reads what [`Self::write`] wrote.
    ///
    /// # Errors
    /// When the bytes end early or a number does not fit.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            signature: Signature(reader.array("entry signature")?),
            generation: reader.number_as("entry's generation")?,
            position: reader.number("entry's position")?,
            lost_hash: match reader.flag("entry's lost hash")? {
                true => Some(RecordHash(reader.array("entry's lost hash")?)),
                false => None,
            },
        })
    }
}

impl SignedHead {
    /// Signs as the device that the actor belongs to.
    #[must_use]
    pub fn sign(&self, device: &DeviceSecret) -> EntrySignature {
        let signature = self.over(|parts| device.sign(TAG, parts));
        EntrySignature { signature, generation: self.knows.generation, position: self.knows.position, lost_hash: None }
    }

    /// Verifies, against the device that the actor belongs to, what was put together from what came. That the actor does
    /// belong to it is for the gate to check.
    ///
    /// # Errors
    /// When the signature does not fit.
    pub fn verify(self, device: &DevicePublic, signature: &Signature) -> Result<Verified<Self>, SignatureInvalid> {
        Signed::new(self).verify_by(|head| head.over(|parts| device.verify(TAG, parts, signature)))
    }

    fn over<T>(&self, f: impl FnOnce(&[&[u8]]) -> T) -> T {
        f(&[
            self.circle.as_bytes(),
            self.document.as_bytes(),
            self.actor.as_bytes(),
            &self.seq.to_le_bytes(),
            self.entry.as_bytes(),
            &self.knows.generation.to_le_bytes(),
            &self.knows.position.to_le_bytes(),
            self.knows.hash.as_bytes(),
        ])
    }
}
