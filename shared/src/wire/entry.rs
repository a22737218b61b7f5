use crate::document::DocumentName;
use crate::ids::{DeviceId, Incarnation};
use crate::trust::Signature;

/// What the wire and the store carry of a change: the change itself, or a sealed envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryContent {
    /// An Automerge change, raw bytes of one plain change chunk.
    Plain(Vec<u8>),
    // Tag 1 is reserved for the sealed class.
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
    pub signature: Option<Signature>,
    /// Text bodies that the change names and that travel with it, as stored.
    pub bodies: Vec<Vec<u8>>,
}
