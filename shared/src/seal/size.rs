//! What a sealed entry says it costs.

/// The smallest work and the fewest bytes that an entry's size tells: its numbers double from there.
const SIZE_WORK_MIN: u64 = 8;
const SIZE_BYTES_MIN: u64 = 256;
const SIZE_STEPS: u8 = 16;

/// What a sealed entry may cost once it is open, as its author says where everybody reads it, so that a store can
/// weigh it and every phone holds it to it. One byte: 4 bits each, powers of two, since padding hides as much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntrySize(pub(super) u8);

impl EntrySize {
    /// The size that holds this much.
    pub(super) fn of(work: u64, bytes: u64) -> Self {
        let steps = |of: u64, min: u64| (0..SIZE_STEPS - 1).find(|step| of <= min << step).unwrap_or(SIZE_STEPS - 1);
        Self(steps(work, SIZE_WORK_MIN) << 4 | steps(bytes, SIZE_BYTES_MIN))
    }

    /// The one byte that it is written as.
    #[must_use]
    pub fn byte(self) -> u8 {
        self.0
    }

    /// Most that its changes take to merge, in ops ([`crate::gate::Change::work`]).
    #[must_use]
    pub fn work_max(self) -> u64 {
        SIZE_WORK_MIN << (self.0 >> 4)
    }

    /// Most bytes that the list of its changes takes.
    #[must_use]
    pub fn bytes_max(self) -> u64 {
        SIZE_BYTES_MIN << (self.0 & 0xf)
    }
}
