use crate::ids::DocumentName;
use crate::ids::{DeviceId, Incarnation};
use crate::time::TimestampMs;
use crate::trust::EntrySignature;

/// What the wire and the store carry of a change: the change itself, or a sealed envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryContent {
    /// An Automerge change, raw bytes of one plain change chunk.
    Plain(Vec<u8>),
    /// A sealed envelope around one or more changes: see `docs/TRUST.md`, "Sealed entry".
    Sealed(Vec<u8>),
}

impl EntryContent {
    /// The bytes, of either class.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(bytes) | Self::Sealed(bytes) => bytes,
        }
    }

    /// The change, when it is a plain one.
    #[must_use]
    pub fn plain(&self) -> Option<&[u8]> {
        match self {
            Self::Plain(bytes) => Some(bytes),
            Self::Sealed(_) => None,
        }
    }
}

/// One entry of a document, with what proves and completes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The document.
    pub document: DocumentName,
    /// The device that wrote it; with document and incarnation this gives the actor.
    pub device: DeviceId,
    /// The device's incarnation in the document.
    pub incarnation: Incarnation,
    /// The change.
    pub content: EntryContent,
    /// The author's signature over the chain up to this entry; absent when a later entry of the same chain
    /// in the same page has one.
    pub signature: Option<EntrySignature>,
    /// Text bodies that the change names and that travel with it, as stored.
    pub bodies: Vec<Vec<u8>>,
    /// When the server took it, where what its author's clock said is far from that. Only ever of the server's saying.
    pub admitted: Option<TimestampMs>,
}
