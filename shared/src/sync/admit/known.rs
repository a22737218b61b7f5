//! What a store answered, by what it is asked for.

use crate::codec::{DecodeError, Reader};
use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EntryId};
use crate::storage::{Read, ReadResult, Tree};

use super::super::DocumentState;
use super::Known;

impl Known {
    /// What the answers to [`super::Prepared::reads`] say.
    ///
    /// # Errors
    /// When a stored document state does not decode.
    pub fn from_reads(reads: &[Read], results: Vec<ReadResult>) -> Result<Self, DecodeError> {
        let mut known = Self::default();
        for (read, result) in reads.iter().zip(results) {
            let (Read::Get { tree, key } | Read::Has { tree, key }, Some(value)) = (read, result.value()) else {
                continue;
            };
            let tail = &key[CircleId::LEN..];
            match tree {
                Tree::Documents => {
                    if let Some(document) = DocumentId::from_slice(tail) {
                        known.documents.insert(document, DocumentState::decode(&value)?);
                    }
                }
                Tree::Hashes => {
                    if let (Some(document), Some(entry)) = (
                        DocumentId::from_slice(&tail[..DocumentId::LEN]),
                        EntryId::from_slice(&tail[DocumentId::LEN..]),
                    ) {
                        let max_op = Reader::new(&value).number("entry counter")?;
                        known.entries.insert((document, entry), max_op);
                    }
                }
                Tree::Bodies => known.bodies.extend(BodyId::from_slice(tail)),
                Tree::Owners => {
                    if let (Some(body), Some(owner)) = (BodyId::from_slice(tail), ActorId::from_slice(&value)) {
                        known.owners.insert(body, owner);
                    }
                }
                _ => {}
            }
        }
        Ok(known)
    }
}
