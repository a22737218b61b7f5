//! The layout of a page's content, shared by writer and reader.
//!
//! A page is its version, a byte that says whether the rest is deflated, and the content: circle, cursor,
//! tables, then four streams, each with its length. Like stands beside like, so that deflating finds it.

use std::borrow::Cow;

use crate::codec::{DecodeError, Reader, Writer};
use crate::gate::{Change, wrap_content};
use crate::ids::{BodyId, CircleId, EntryId};

use super::Entry;

/// Entries of one circle in causal order, small enough to be repeated after a cut. Unverified: each entry
/// still has to pass the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The circle of all its entries.
    pub circle: CircleId,
    /// What a phone may remember after storing this page; empty on the way up.
    pub cursor: Vec<u8>,
    /// In causal order; the last entry of each chain carries a signature.
    pub entries: Vec<Entry>,
}

/// The version of the layout.
pub(super) const PAGE_VERSION: u8 = 2;
/// The same where an entry says when the server took it.
pub(super) const ADMITTED_VERSION: u8 = 3;

/// What an entry's first byte says of it.
pub(super) mod form {
    /// A plain change, its fields packed.
    pub(crate) const PACKED: u8 = 0;
    /// A sealed envelope, as it is.
    pub(crate) const SEALED: u8 = 1;
    /// A plain change, as it is.
    pub(crate) const RAW: u8 = 2;
    /// Set on top of the form when the entry is signed.
    pub(crate) const SIGNED: u8 = 4;
    /// Set on top of that when the hash of a lost record comes with the signature.
    pub(crate) const LOST: u8 = 8;
    /// Set when it is said when the server took the entry.
    pub(crate) const ADMITTED: u8 = 16;
    /// Set on top of a packed change when ids of its bodies, which follow from these, are left out of its columns.
    pub(crate) const BODIES: u8 = 32;
    /// All that is set on top of a form.
    pub(crate) const FLAGS: u8 = SIGNED | LOST | ADMITTED | BODIES;
}

/// A change's columns without the ids of its bodies, and where each stood in what is left, from 1; 0 for one that does not
/// stand there.
pub(super) fn leave_out<'a>(columns: &'a [u8], bodies: &[Vec<u8>]) -> (Cow<'a, [u8]>, Vec<usize>) {
    let mut left = Cow::Borrowed(columns);
    let places = bodies.iter().map(|body| {
        let id = BodyId::of(body);
        let Some(at) = left.windows(BodyId::LEN).position(|bytes| bytes == id.as_bytes()) else { return 0 };
        left.to_mut().drain(at..at + BodyId::LEN);
        at + 1
    });
    let places = places.collect();
    (left, places)
}

/// Reverses [`leave_out`]; refuses places that lie outside.
pub(super) fn put_back(mut left: Vec<u8>, bodies: &[Vec<u8>], places: &[usize]) -> Result<Vec<u8>, DecodeError> {
    for (body, place) in bodies.iter().zip(places).rev() {
        let Some(at) = place.checked_sub(1) else { continue };
        if at > left.len() {
            return Err(DecodeError::Invalid { what: "place of a body" });
        }
        left.splice(at..at, BodyId::of(body).0);
    }
    Ok(left)
}

/// The four streams, in their order on the wire.
#[derive(Default)]
pub(super) struct Streams<T> {
    /// Small numbers: which actor, which dependencies, where in the chain.
    pub(super) fields: T,
    /// The changes' columns, or whole changes.
    pub(super) columns: T,
    /// What holds signatures of chains' ends.
    pub(super) signatures: T,
    /// What holds bodies of messages.
    pub(super) bodies: T,
}

impl Streams<Writer> {
    /// Writes them; the length of all that stands before the signatures, which like bodies resemble nothing.
    pub(super) fn write(self, writer: Writer) -> (Vec<u8>, usize) {
        let mut writer = writer;
        for stream in [self.fields, self.columns] {
            writer.bytes(&stream.into_bytes());
        }
        let mut content = writer.into_bytes();
        let alike = content.len();
        let mut rest = Writer::new();
        for stream in [self.signatures, self.bodies] {
            rest.bytes(&stream.into_bytes());
        }
        content.extend(rest.into_bytes());
        (content, alike)
    }
}

impl<'a> Streams<Reader<'a>> {
    /// Reads them; how many bytes stand from the signatures on.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<(Self, usize), DecodeError> {
        let stream = |reader: &mut Reader<'a>, what| {
            let max = reader.rest().len();
            reader.bytes(max, what).map(Reader::new)
        };
        let (fields, columns) = (stream(reader, "page fields")?, stream(reader, "page columns")?);
        let rest = reader.rest().len();
        let (signatures, bodies) = (stream(reader, "page signatures")?, stream(reader, "page bodies")?);
        Ok((Self { fields, columns, signatures, bodies }, rest))
    }

    pub(super) fn finish(&self) -> Result<(), DecodeError> {
        for stream in [&self.fields, &self.columns, &self.signatures, &self.bodies] {
            stream.finish("page stream")?;
        }
        Ok(())
    }
}

/// What both sides remember of an entry for those after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past {
    /// Its id; `None` when its bytes are no change.
    pub(super) entry: Option<EntryId>,
    /// Its place in the actors' table.
    pub(super) actor: usize,
    /// Its number in its chain, or 0.
    pub(super) seq: u64,
    /// Its largest op counter, or 0.
    pub(super) max_op: u64,
    /// Its time, or 0.
    pub(super) time: i64,
    /// The chain's position that the last signature so far names.
    pub(super) position: u64,
}

impl Past {
    /// What to remember of a change, or of bytes that are none. The same on both sides.
    pub(super) fn of(change: Option<&Change<'_>>, actor: usize) -> Self {
        Self {
            entry: change.map(|change| change.entry),
            actor,
            seq: change.map_or(0, |change| change.seq),
            max_op: change.map_or(0, Change::max_op),
            time: change.map_or(0, |change| change.time),
            position: 0,
        }
    }
}

/// The seq, start op and time that are expected after `past`; what is written is the difference from them.
pub(super) fn expected(past: &[Past], actor: usize, dependencies: &[usize]) -> (u64, u64, i64) {
    let seq = past.iter().rev().find(|past| past.actor == actor).map_or(1, |past| past.seq.wrapping_add(1));
    let max_op = dependencies.iter().filter_map(|at| past.get(*at)).map(|past| past.max_op).max();
    (seq, max_op.unwrap_or(0).wrapping_add(1), past.last().map_or(0, |past| past.time))
}

/// A difference as a small number: 0, -1, 1, -2, 2 … become 0, 1, 2, 3, 4 ….
pub(super) fn fold(value: u64, expected: u64) -> u64 {
    let difference = value.wrapping_sub(expected) as i64;
    (difference << 1 ^ difference >> 63) as u64
}

/// Reverses [`fold`].
pub(super) fn unfold(folded: u64, expected: u64) -> u64 {
    expected.wrapping_add((folded >> 1) ^ (folded & 1).wrapping_neg())
}

/// A change's fields, from which its bytes are rebuilt.
pub(super) struct Fields<'a> {
    pub(super) dependencies: &'a [EntryId],
    pub(super) actor: &'a [u8],
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) time: i64,
    pub(super) others: &'a [[u8; 16]],
    pub(super) columns: &'a [u8],
}

impl Fields<'_> {
    /// The whole chunk.
    pub(super) fn rebuild(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.count(self.dependencies.len());
        for dependency in self.dependencies {
            writer.raw(dependency.as_bytes());
        }
        writer.bytes(self.actor).number(self.seq).number(self.start_op);
        write_signed(&mut writer, self.time);
        writer.count(0).count(self.others.len());
        for other in self.others {
            writer.bytes(other);
        }
        writer.raw(self.columns);
        wrap_content(&writer.into_bytes()).0
    }
}

fn write_signed(writer: &mut Writer, mut value: i64) {
    while !(-64..64).contains(&value) {
        writer.byte((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    writer.byte((value & 0x7f) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_bodies_are_left_out_and_put_back_where_they_stood() {
        let bodies = [vec![1; 40], vec![2; 50]];
        let [one, other] = [0, 1].map(|at: usize| BodyId::of(&bodies[at]).0);
        let cases = [
            (vec![7; 30], [0, 0]),
            ([&[7; 5][..], &one, &[8; 5]].concat(), [6, 0]),
            ([&[7; 5][..], &one, &[8; 5], &other].concat(), [6, 11]),
            ([&other[..], &[7; 5], &one].concat(), [38, 1]),
            ([&one[..], &one, &other].concat(), [1, 33]),
        ];
        for (columns, places) in cases {
            let (left, found) = leave_out(&columns, &bodies);
            assert_eq!(found, places);
            assert_eq!(put_back(left.into_owned(), &bodies, &found), Ok(columns));
        }
        assert!(put_back(vec![7; 3], &bodies, &[5, 0]).is_err());
        assert!(put_back(vec![7; 3], &bodies, &[4, 0]).is_ok());
    }

    #[test]
    fn differences_survive_folding() {
        for (value, expected) in [(0, 0), (1, 0), (0, 1), (u64::MAX, 0), (0, u64::MAX), (7, 1 << 63), (1 << 63, 7)] {
            assert_eq!(unfold(fold(value, expected), expected), value);
        }
        assert_eq!((fold(5, 5), fold(4, 5), fold(6, 5)), (0, 1, 2));
    }
}
