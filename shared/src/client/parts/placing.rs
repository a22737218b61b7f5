//! Where entries stand that were written by a clock that is far off: by the server's word, or as this phone found it.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{ActorId, DocumentId};
use crate::sorted::SortedMap;
use crate::storage::{Batch, Tree};
use crate::sync::placing::Placed;
use crate::time::TimestampMs;

const PREFIX: &[u8] = b"placed";

/// Places in time, of each document by author and op.
#[derive(Default)]
pub(in crate::client) struct Placing {
    known: SortedMap<DocumentId, Vec<Placed>>,
    /// Those that this phone found itself, and that are not written yet.
    found: Vec<Placed>,
    /// How often a place was taken.
    taken: u64,
}

impl Placing {
    /// Takes a place.
    pub(in crate::client) fn know(&mut self, at: Placed) {
        self.taken += 1;
        let placed = self.known.get_or_insert_with(at.document, Vec::new);
        match placed.binary_search_by(|other| (other.actor, other.start_op).cmp(&(at.actor, at.start_op))) {
            Ok(same) => placed[same] = at,
            Err(next) => placed.insert(next, at),
        }
    }

    /// How often a place was taken: what followed from the places still does while that is the same.
    pub(in crate::client) fn taken(&self) -> u64 {
        self.taken
    }

    /// Takes one that this phone found itself.
    pub(in crate::client) fn find(&mut self, at: Placed) {
        self.know(at);
        self.found.push(at);
    }

    /// When what an author wrote by an op was admitted, where that was asked.
    pub(in crate::client) fn admitted(
        &self,
        document: &DocumentId,
        author: &ActorId,
        counter: u64,
    ) -> Option<TimestampMs> {
        let placed = self.known.get(document)?;
        let after = placed.partition_point(|at| (at.actor, at.start_op) <= (*author, counter));
        let found = &placed[after.checked_sub(1)?];
        (found.actor == *author && counter <= found.max_op).then_some(found.admitted)
    }

    /// Writes those that this phone found, for later runs.
    pub(in crate::client) fn put_found(&mut self, batch: &mut Batch) {
        for at in core::mem::take(&mut self.found) {
            put_place(&at, batch);
        }
    }

    /// Takes a record that an earlier run left, if it is one.
    pub(in crate::client) fn load(&mut self, at: &[u8], value: &[u8]) {
        if let Some(Ok(placed)) = at.strip_prefix(PREFIX).map(|at| decode(at, value)) {
            self.know(placed);
        }
    }
}

/// Writes a place.
pub(in crate::client) fn put_place(at: &Placed, batch: &mut Batch) {
    let mut value = Writer::new();
    value.number(at.max_op).number(at.admitted.0);
    batch.put(Tree::Meta, place_key(at), value.into_bytes());
}

fn place_key(at: &Placed) -> Vec<u8> {
    [PREFIX, at.document.as_bytes(), at.actor.as_bytes(), &at.start_op.to_be_bytes()].concat()
}

fn decode(at: &[u8], value: &[u8]) -> Result<Placed, DecodeError> {
    const WHAT: &str = "place of an entry";
    let (mut at, mut value) = (Reader::new(at), Reader::new(value));
    let placed = Placed {
        document: DocumentId(at.array(WHAT)?),
        actor: ActorId(at.array(WHAT)?),
        start_op: u64::from_be_bytes(at.array(WHAT)?),
        max_op: value.number(WHAT)?,
        admitted: TimestampMs(value.number(WHAT)?),
    };
    at.finish(WHAT)?;
    value.finish(WHAT)?;
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_bytes_and_survives_them() {
        let (document, actor) = (DocumentId([1; 16]), ActorId([2; 16]));
        let placed = Placed { document, actor, start_op: 300, max_op: 301, admitted: TimestampMs(1_000) };
        let mut batch = Batch::default();
        put_place(&placed, &mut batch);
        let (tree, at, value) = batch.puts.remove(0);
        let hex: String = [&at[PREFIX.len()..], &value].concat().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, format!("{}{}000000000000012cad02e807", "01".repeat(16), "02".repeat(16)));
        assert_eq!(tree, Tree::Meta);
        assert_eq!(decode(&at[PREFIX.len()..], &value), Ok(placed));
        assert!(decode(&at[PREFIX.len() + 1..], &value).is_err() && decode(&at[PREFIX.len()..], &[1]).is_err());
    }
}
