use sha2::{Digest, Sha256};

use crate::gate::{Genesis, Refusal};
use crate::ids::{ActorId, CircleId, DocumentId, EntryId, first_16, tagged_hash};

use super::migrate::{Reading, reading};
use super::{DocumentName, Shape};

/// The ops of each kind's genesis, as Automerge's change columns hold them: one container per op, in order,
/// so that the n-th container is the object that op n made.
const PROFILE: &[u8] = &[5, 21, 7, 52, 1, 66, 2, 86, 2, 112, 2, 125, 1, 105, 1, 110, 1, 116, 3, 3, 0, 3, 0, 3, 0];
const NOTE: &[u8] =
    &[5, 21, 11, 52, 1, 66, 4, 86, 2, 112, 2, 123, 1, 98, 1, 102, 1, 97, 1, 112, 1, 99, 5, 127, 4, 4, 0, 5, 0, 5, 0];
const THREAD: &[u8] = &[5, 21, 5, 52, 1, 66, 2, 86, 2, 112, 2, 126, 1, 109, 1, 114, 2, 2, 0, 2, 0, 2, 0];
const TOOLKIT: &[u8] = &[5, 21, 5, 52, 1, 66, 2, 86, 2, 112, 2, 126, 1, 115, 1, 104, 2, 2, 0, 2, 0, 2, 0];

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;

/// The reserved actor of a document's first change.
pub(super) fn genesis_actor(document: &DocumentId) -> ActorId {
    ActorId(first_16(&tagged_hash("kith/genesis/1", &[document.as_bytes()])))
}

/// The document's first change, which creates every container of its kind: a pure function of circle and name.
/// Costs three hashes; no Automerge document is made.
///
/// # Errors
/// [`Refusal::UnknownSchema`] for a schema that this build does not know.
pub fn genesis(circle: &CircleId, name: &DocumentName) -> Result<Genesis, Refusal> {
    let Reading::Full = reading(name) else { return Err(Refusal::UnknownSchema) };
    let (columns, max_op) = match name.shape() {
        Shape::Profile => (PROFILE, 3),
        Shape::Note => (NOTE, 5),
        Shape::Thread => (THREAD, 2),
        Shape::Toolkit => (TOOLKIT, 2),
    };
    let actor = genesis_actor(&name.id(circle));
    let content_len = 23 + columns.len();
    let mut hashed = Vec::with_capacity(content_len + 2);
    hashed.push(CHANGE_CHUNK);
    hashed.push(content_len as u8);
    hashed.extend_from_slice(&[0, 16]);
    hashed.extend_from_slice(actor.as_bytes());
    hashed.extend_from_slice(&[1, 1, 0, 0, 0]);
    hashed.extend_from_slice(columns);
    let entry = EntryId(Sha256::digest(&hashed).into());
    let mut bytes = Vec::with_capacity(hashed.len() + 8);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&entry.0[..4]);
    bytes.extend_from_slice(&hashed);
    Ok(Genesis { bytes, entry, actor, max_op })
}
