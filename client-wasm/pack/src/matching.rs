use crate::contexts::follow;
use crate::hash::mix;
use crate::tables::{ONE, Tables};

/// So many bytes alike begin a match.
const BYTES_MIN: usize = 6;
/// A match is not looked at further back.
const BYTES_MAX: usize = 64;
const PLACES_BITS: u32 = 18;
/// How many lengths are told apart.
pub(crate) const CASES: usize = 64;
const FOLLOW_SHIFT: u32 = 6;

/// The longest stretch that was like this before, and what came after it.
pub(crate) struct Matching {
    places: Vec<u32>,
    trust: [u16; CASES],
    at: usize,
    length: usize,
    /// One, then the byte that is expected; zero when none is.
    expected: u32,
    /// The length as it counts for the present bit; zero when nothing is expected.
    pub(crate) case: usize,
}

impl Matching {
    pub(crate) fn new() -> Self {
        Self {
            places: vec![0; 1 << PLACES_BITS],
            trust: [(ONE / 2) as u16; CASES],
            at: 0,
            length: 0,
            expected: 0,
            case: 0,
        }
    }

    /// Looks what of `bytes` is like their end.
    pub(crate) fn begin(&mut self, bytes: &[u8]) {
        if self.length > 0 {
            self.at += 1;
            self.length += 1;
        }
        if bytes.len() >= BYTES_MIN {
            let hash = bytes.iter().rev().take(BYTES_MIN).fold(0, |hash, byte| mix(hash, u32::from(*byte)));
            let place = (hash >> (32 - PLACES_BITS)) as usize;
            if self.length == 0 {
                self.at = self.places[place] as usize;
                let before = bytes.iter().take(self.at).rev();
                let alike = before.zip(bytes.iter().rev()).take(BYTES_MAX).take_while(|(a, b)| a == b).count();
                self.length = if alike >= BYTES_MIN - 1 { alike } else { 0 };
            }
            self.places[place] = bytes.len() as u32;
        }
        let expected = bytes.get(self.at).filter(|_| self.length > 0);
        self.expected = expected.map_or(0, |byte| 256 | u32::from(*byte));
    }

    /// The logit of the next bit; `read` is one, then what of the byte was read, and `left` how many bits are not.
    pub(crate) fn predict(&mut self, read: u32, left: u32, tables: &Tables) -> f32 {
        if self.expected == 0 || self.expected >> left != read {
            self.case = 0;
            return 0.0;
        }
        self.case = (self.length.min(31) + (self.length.saturating_sub(31) >> 4).min(16)) % CASES;
        let sure = tables.stretch(self.trust[self.case]) as f32;
        if self.expected >> (left - 1) & 1 == 1 { sure } else { -sure }
    }

    /// Learns what the bit was, of which `left` were not read.
    pub(crate) fn learn(&mut self, bit: bool, left: u32) {
        if self.case == 0 {
            return;
        }
        let right = (self.expected >> (left - 1) & 1 == 1) == bit;
        follow(&mut self.trust[self.case], right, FOLLOW_SHIFT);
        if !right {
            self.length = 0;
        }
    }
}
