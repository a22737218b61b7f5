//! Arithmetic coding: a stretch of numbers is narrowed with each bit, the likelier the less. Carryless, 32 bits.
//!
//! Source: Mahoney, "Data Compression Explained", 3.2.

/// What of both ends is settled and may leave.
const SETTLED: u32 = 0xff00_0000;
const STATE_BYTES: usize = 4;

/// The stretch that is left, both ends within it.
#[derive(Clone, Copy)]
struct Stretch {
    low: u32,
    high: u32,
}

impl Stretch {
    const ALL: Self = Self { low: 0, high: u32::MAX };

    /// The last of those that mean a one, which has `part` 65,536ths of them.
    fn middle(self, part: u32) -> u32 {
        self.low + ((u64::from(self.high - self.low) * u64::from(part)) >> 16) as u32
    }

    fn narrow(&mut self, middle: u32, bit: bool) {
        if bit { self.high = middle } else { self.low = middle + 1 }
    }

    fn is_settled(self) -> bool {
        (self.low ^ self.high) & SETTLED == 0
    }

    fn shift(&mut self) {
        self.low <<= 8;
        self.high = self.high << 8 | 0xff;
    }
}

/// Writes bits.
pub(crate) struct Encoder {
    stretch: Stretch,
    bytes: Vec<u8>,
}

impl Encoder {
    /// Goes on behind `bytes`.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { stretch: Stretch::ALL, bytes }
    }

    /// Writes a bit that is a one with a probability of `part` 65,536ths, which is neither none nor all.
    pub(crate) fn encode(&mut self, bit: bool, part: u32) {
        self.stretch.narrow(self.stretch.middle(part), bit);
        while self.stretch.is_settled() {
            self.bytes.push((self.stretch.high >> 24) as u8);
            self.stretch.shift();
        }
    }

    /// All bytes, with what the decoder looks ahead.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.bytes.extend(self.stretch.low.to_be_bytes());
        self.bytes
    }
}

/// Reads bits from bytes that come in parts.
pub(crate) struct Decoder {
    stretch: Stretch,
    value: u32,
    lacking: usize,
}

impl Decoder {
    pub(crate) fn new() -> Self {
        Self { stretch: Stretch::ALL, value: 0, lacking: STATE_BYTES }
    }

    /// Takes from `bytes` what the next bit needs; false when there is not enough.
    pub(crate) fn is_ready(&mut self, bytes: &mut &[u8]) -> bool {
        while self.lacking > 0 || self.stretch.is_settled() {
            let Some((byte, rest)) = bytes.split_first() else { return false };
            *bytes = rest;
            self.value = self.value << 8 | u32::from(*byte);
            if self.lacking > 0 { self.lacking -= 1 } else { self.stretch.shift() }
        }
        true
    }

    /// The next bit; of use after [`Self::is_ready`] alone.
    pub(crate) fn decode(&mut self, part: u32) -> bool {
        let middle = self.stretch.middle(part);
        let bit = self.value <= middle;
        self.stretch.narrow(middle, bit);
        bit
    }
}
