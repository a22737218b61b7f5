//! What of a chain is given to a device: each record, its statement where it concerns the device, and of what lies
//! beside only the device's own.

use crate::ids::{DeviceId, InviteKey, StatementId};
use crate::seal::WRAP_BYTES;
use crate::sorted::SortedSet;
use crate::storage::{Read, ReadResult, Tree};
use crate::trust::{Epoch, Knows, MemberState, Share, StatementAuthor, StatementBody};
use crate::wire::{GivenRecord, GivenText, PART_BYTES, Stated};

use super::super::key;
use super::{CircleChain, RecordRow};

/// What of the bytes beside a statement a device is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Nothing of the bytes beside the statement: they are not for this device.
    None,
    /// All of it: a box of keys that is for the device.
    All,
    /// The how-manieth wrap, from 0.
    Wrap(usize),
}

/// A record that is to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Giving {
    /// The record's position on the circle's chain.
    pub position: u64,
    /// With its text, and what of the bytes beside; none is the id alone.
    pub text: Option<Part>,
}

/// To whom a chain is given.
struct Taker<'c> {
    chain: &'c CircleChain,
    device: DeviceId,
    /// The invite that the device came in by.
    joined_by: Option<InviteKey>,
}

impl CircleChain {
    /// The last position that a device is told of: all for an active one, for one that is out up to what took it out,
    /// nothing for others.
    #[must_use]
    pub fn end_for(&self, device: &DeviceId) -> u64 {
        let Some(record) = self.standing().device(device) else { return 0 };
        match record.state {
            MemberState::Active => self.chain.len(),
            MemberState::Provisional => 0,
            MemberState::Removed => self.standing().entry(device).map_or(0, |entry| entry.end()),
        }
    }

    /// The records from `from` to `to`, both included, as `device` is given them. `brought`: statements that it has
    /// already.
    #[must_use]
    pub fn giving(&self, device: &DeviceId, from: u64, to: u64, brought: &SortedSet<StatementId>) -> Vec<Giving> {
        let taker = Taker::new(self, device);
        let first = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
        let count = usize::try_from((to + 1).saturating_sub(from)).unwrap_or(usize::MAX);
        let rows = self.rows.iter().skip(first).take(count);
        let text = |row: &RecordRow| match brought.contains(&row.record.statement) {
            true => None,
            false => taker.text(row),
        };
        rows.map(|row| Giving { position: row.record.position, text: text(row) }).collect()
    }

    /// About how many bytes a record takes in an answer.
    #[must_use]
    pub fn cost_bytes(&self, giving: &Giving) -> usize {
        const LINE_BYTES: usize = 40;
        let text = self.row(giving.position).map_or(0, |row| row.statement.len());
        match giving.text {
            None => LINE_BYTES,
            Some(Part::None) => text,
            Some(Part::Wrap(_)) => text + WRAP_BYTES,
            Some(Part::All) => text + crate::seal::BOX_BYTES_MAX,
        }
    }

    /// What the chain has at a position, as it is signed.
    #[must_use]
    pub fn knows_at(&self, position: u64) -> Option<Knows> {
        let begun = self.standing().restored().iter().rev().find(|(_, from)| *from <= position);
        let generation = begun.map_or(0, |(generation, _)| *generation);
        Some(Knows { generation, position, hash: self.chain.hash(position)? })
    }

    /// Where parts of these records end, which begin at `from` and go on to `end` in the end: about each
    /// [`PART_BYTES`], and where they stop before.
    #[must_use]
    pub fn parts(&self, from: u64, records: &[GivenRecord], end: u64) -> Vec<Knows> {
        let (mut bytes, last) = (0, (from + records.len() as u64).saturating_sub(1));
        let mut is_end = |position: u64, record: &GivenRecord| {
            bytes += record.len_bytes();
            let is_end = bytes >= PART_BYTES || position == last;
            bytes = if is_end { 0 } else { bytes };
            is_end && position != end
        };
        let ends = (from..).zip(records).filter(|(position, record)| is_end(*position, record));
        ends.filter_map(|(position, _)| self.knows_at(position)).collect()
    }

    fn row(&self, position: u64) -> Option<&RecordRow> {
        self.rows.get(usize::try_from(position.checked_sub(1)?).ok()?)
    }

    /// What to read before [`Self::given`].
    #[must_use]
    pub fn attachment_reads(&self, givings: &[Giving]) -> Vec<Read> {
        let has_part = |giving: &&Giving| !matches!(giving.text, None | Some(Part::None));
        let at = |giving: &Giving| key::record(self.circle(), giving.position);
        givings.iter().filter(has_part).map(|giving| Read::Get { tree: Tree::Attachments, key: at(giving) }).collect()
    }

    /// The records as they travel, with the answers to [`Self::attachment_reads`]. What lies beside one that was brought
    /// back may be lost: it travels without.
    #[must_use]
    pub fn given(&self, givings: &[Giving], found: impl IntoIterator<Item = ReadResult>) -> Vec<GivenRecord> {
        let mut found = found.into_iter();
        let mut whole = || found.next().and_then(ReadResult::value).unwrap_or_default();
        let rows = givings.iter().filter_map(|giving| Some((giving, self.row(giving.position)?)));
        rows.map(|(giving, row)| {
            let attachment = match giving.text {
                None => None,
                Some(Part::None) => Some(Vec::new()),
                Some(Part::All) => Some(whole()),
                Some(Part::Wrap(at)) => {
                    let wrap = whole().get(at * WRAP_BYTES..(at + 1) * WRAP_BYTES).map(<[u8]>::to_vec);
                    Some(wrap.unwrap_or_default())
                }
            };
            let text = match attachment.filter(|_| !row.statement.is_empty()) {
                Some(attachment) => GivenText::Given(Stated { statement: row.statement.clone(), attachment }),
                None => GivenText::Named(row.record.statement),
            };
            GivenRecord { time: row.record.time, fold: row.record.fold, text }
        })
        .collect()
    }
}

impl<'c> Taker<'c> {
    fn new(chain: &'c CircleChain, device: &DeviceId) -> Self {
        let record = chain.standing().device(device);
        let introduced = record.and_then(|record| chain.row(record.introduced_at));
        let introduced = introduced.and_then(|row| row.statement().ok()?);
        let joined_by = introduced.and_then(|statement| match statement.author {
            StatementAuthor::Invite(key) => Some(key),
            _ => None,
        });
        Self { chain, device: *device, joined_by }
    }

    fn text(&self, row: &RecordRow) -> Option<Part> {
        // What it wrote was decoded when it was loaded.
        let statement = row.statement().ok()??;
        match &statement.body {
            StatementBody::Epoch(Epoch { group, epoch, readers, .. })
            | StatementBody::Share(Share { group, epoch, readers, .. }) => {
                let standing = self.chain.standing();
                match standing.wrap_place(&self.device, readers) {
                    Some(place) => Some(Part::Wrap(place)),
                    None => standing.is_told_of(&self.device, group, epoch).then_some(Part::None),
                }
            }
            StatementBody::Invite(invite) if self.joined_by == Some(invite.key) && !invite.keys.is_nothing() => {
                Some(Part::All)
            }
            body => {
                let is_own = body.introduces().is_some_and(|keys| keys.id() == self.device);
                Some(if is_own && !body.attached().is_nothing() { Part::All } else { Part::None })
            }
        }
    }
}
