use crate::codec::{DecodeError, Reader, Writer};
use crate::gate::{CHANGE_BYTES_MAX, CHANGE_DEPS_MAX, SEQ_MAX, UNSIGNED_RUN_MAX, parse_change};
use crate::ids::{ActorId, DocumentId, EntryId, tagged_hash};

use super::content::{pack, padded_len, unpack};
use super::place::write_dependencies;
use super::{EntryPlace, EntrySize, EpochKey, HINT_BYTES, SealProblem, TAG_BYTES};

/// What a sealed entry begins with: 2 since it says its size.
const FORMAT: u8 = 2;

/// Largest sealed entry, in bytes: a change that DEFLATE cannot shorten, padded, behind some 15 dependencies.
pub const SEALED_BYTES_MAX: usize = CHANGE_BYTES_MAX + 1024;
/// Most changes in a sealed entry.
pub const SEALED_CHANGES_MAX: usize = UNSIGNED_RUN_MAX;
/// Most bytes that a sealed entry's changes take, inflated.
pub const SEALED_CONTENT_BYTES_MAX: usize = 64 * 1024;

const WHAT: &str = "sealed entry";
const INSIDE: &str = "list of changes";

/// What changes take to merge; bytes that are none take nothing, since the gate lets none of them through.
fn work_of(changes: &[Vec<u8>]) -> u64 {
    changes.iter().filter_map(|change| parse_change(change).ok()).map(|change| change.work).sum()
}

/// A sealed entry as it can be read without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedEntry {
    /// The first 4 bytes of its epoch's id.
    pub hint: [u8; HINT_BYTES],
    /// What it may cost.
    pub size: EntrySize,
    /// Its number in its author's chain, from 1.
    pub seq: u64,
    /// The entries that it follows, ascending, no two alike.
    pub dependencies: Vec<EntryId>,
    /// What is sealed, with its tag.
    pub ciphertext: Vec<u8>,
}

impl SealedEntry {
    /// Reads an entry: bounded, and in its one form. Whether it opens only its key tells.
    ///
    /// # Errors
    /// `TooLarge` above a bound; `Invalid` for another format, a seq out of range, dependencies out of order, a
    /// ciphertext that is not padded; `Short`, `Trailing`.
    pub fn parse(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > SEALED_BYTES_MAX {
            return Err(DecodeError::TooLarge { what: WHAT, max: SEALED_BYTES_MAX });
        }
        let mut reader = Reader::new(bytes);
        if reader.byte("sealed entry's format")? != FORMAT {
            return Err(DecodeError::Invalid { what: "sealed entry's format" });
        }
        let hint = reader.array("sealed entry's epoch")?;
        let size = EntrySize(reader.byte("sealed entry's size")?);
        let seq = reader.number("sealed entry's seq")?;
        if !(1..=SEQ_MAX).contains(&seq) {
            return Err(DecodeError::Invalid { what: "sealed entry's seq" });
        }
        let dependencies = read_dependencies(&mut reader)?;
        let ciphertext = reader.bytes(SEALED_BYTES_MAX, "sealed entry's content")?.to_vec();
        reader.finish(WHAT)?;
        let is_padded = |len: usize| len >= 2 && padded_len(len) == len;
        if !ciphertext.len().checked_sub(TAG_BYTES).is_some_and(is_padded) {
            return Err(DecodeError::Invalid { what: "sealed entry's content" });
        }
        Ok(Self { hint, size, seq, dependencies, ciphertext })
    }
}

fn read_dependencies(reader: &mut Reader<'_>) -> Result<Vec<EntryId>, DecodeError> {
    let what = "sealed entry's dependencies";
    let count = reader.count(CHANGE_DEPS_MAX, what)?;
    let bytes = reader.take(count * EntryId::LEN, what)?;
    let dependencies: Vec<EntryId> = bytes.chunks_exact(EntryId::LEN).filter_map(EntryId::from_slice).collect();
    if is_ascending(&dependencies) { Ok(dependencies) } else { Err(DecodeError::Invalid { what }) }
}

fn is_ascending(dependencies: &[EntryId]) -> bool {
    dependencies.is_sorted_by(|one, next| one < next)
}

/// An entry of a sealed document: format (1 byte, 2), hint (4 bytes), size (1 byte), seq, dependencies, ciphertext with
/// tag. Inside is a list of raw changes, deflated when that is shorter, and padded by at most 12 %. A list of none joins
/// what it depends on.
///
/// # Errors
/// `TooLarge` for too many or too large changes, dependencies, or an entry above
/// [`SEALED_BYTES_MAX`] (seal fewer changes at a time); `Damaged` when the place's seq or dependencies are none.
pub fn seal_entry(key: &EpochKey, place: &EntryPlace<'_>, changes: &[Vec<u8>]) -> Result<Vec<u8>, SealProblem> {
    if place.dependencies.len() > CHANGE_DEPS_MAX {
        return Err(SealProblem::TooLarge { what: "sealed entry's dependencies", max: CHANGE_DEPS_MAX });
    }
    if !(1..=SEQ_MAX).contains(&place.seq) || !is_ascending(place.dependencies) {
        return Err(SealProblem::Damaged { what: WHAT });
    }
    let mut ciphertext = Vec::new();
    let content = write_changes(changes)?;
    let size = EntrySize::of(work_of(changes), content.len() as u64);
    pack(&content, &mut ciphertext);
    place.lock(key, size).seal_behind(0, &mut ciphertext)?;
    let mut writer = Writer::new();
    writer.byte(FORMAT).raw(&place.epoch.hint()).byte(size.byte()).number(place.seq);
    write_dependencies(place.dependencies, &mut writer);
    writer.bytes(&ciphertext);
    let entry = writer.into_bytes();
    if entry.len() > SEALED_BYTES_MAX {
        return Err(SealProblem::TooLarge { what: WHAT, max: SEALED_BYTES_MAX });
    }
    Ok(entry)
}

/// The changes in an entry at its place. They are bytes that some author's program wrote: they go through the whole
/// gate before Automerge sees one.
///
/// # Errors
/// `OtherEpoch`; `NotOpened` when key, place or content is another; `TooLarge` and `BadContent` when the author's
/// program sealed no list of changes, or one that costs more than the entry says.
pub fn open_entry(key: &EpochKey, place: &EntryPlace<'_>, entry: &SealedEntry) -> Result<Vec<Vec<u8>>, SealProblem> {
    if entry.hint != place.epoch.hint() {
        return Err(SealProblem::OtherEpoch);
    }
    if entry.seq != place.seq || entry.dependencies != place.dependencies {
        return Err(SealProblem::NotOpened);
    }
    let bad = SealProblem::BadContent { what: INSIDE };
    let content = unpack(&place.lock(key, entry.size).open(&entry.ciphertext)?, SEALED_CONTENT_BYTES_MAX, INSIDE)?;
    let changes = read_changes(&content).map_err(|_| bad)?;
    let is_as_said = content.len() as u64 <= entry.size.bytes_max() && work_of(&changes) <= entry.size.work_max();
    if is_as_said { Ok(changes) } else { Err(bad) }
}

fn write_changes(changes: &[Vec<u8>]) -> Result<Vec<u8>, SealProblem> {
    let too_large = |what, max| Err(SealProblem::TooLarge { what, max });
    if changes.len() > SEALED_CHANGES_MAX {
        return too_large(INSIDE, SEALED_CHANGES_MAX);
    }
    let mut writer = Writer::new();
    writer.count(changes.len());
    for change in changes {
        if change.len() > CHANGE_BYTES_MAX {
            return too_large("change", CHANGE_BYTES_MAX);
        }
        writer.bytes(change);
    }
    if writer.len() > SEALED_CONTENT_BYTES_MAX {
        return too_large(INSIDE, SEALED_CONTENT_BYTES_MAX);
    }
    Ok(writer.into_bytes())
}

fn read_changes(content: &[u8]) -> Result<Vec<Vec<u8>>, DecodeError> {
    let mut reader = Reader::new(content);
    let count = reader.count(SEALED_CHANGES_MAX, INSIDE)?;
    let changes = (0..count)
        .map(|_| reader.bytes(CHANGE_BYTES_MAX, "change").map(<[u8]>::to_vec))
        .collect::<Result<Vec<_>, _>>()?;
    reader.finish(INSIDE)?;
    Ok(changes)
}

/// The id of a sealed entry: over all its bytes, for this document and author alone.
#[must_use]
pub fn sealed_entry_id(document: &DocumentId, actor: &ActorId, bytes: &[u8]) -> EntryId {
    EntryId(tagged_hash("kith/sealed/1", &[document.as_bytes(), actor.as_bytes(), bytes]))
}

/// The first 4 bytes of the id of the epoch that a sealed entry says it was sealed in; `None` when it is none.
#[must_use]
pub fn entry_epoch_hint(bytes: &[u8]) -> Option<[u8; HINT_BYTES]> {
    match *bytes {
        [FORMAT, a, b, c, d, ..] => Some([a, b, c, d]),
        _ => None,
    }
}
