use crate::hash::mix;
use crate::tables::Tables;

/// In how many places a bit is looked up.
pub(crate) const CONTEXTS: usize = 8;

/// 8 MiB. A group of sixteen belongs to half a byte in one context: its mark, then a slot for each bit read so far.
const SLOTS: usize = 1 << 22;
const GROUP: usize = 16;
/// A slot: a probability of twelve bits, then how often it was met, up to fifteen.
const UNKNOWN: u16 = 2_048 << 4;
const MET_MAX: u16 = 15;
/// What a slot says is not believed at once: by what it says, and how often it was met, it is looked up what came of
/// such slots. Six bits of the one, four of the other.
const CASES: usize = 1 << 10;
/// How fast a case follows: a 64th each time.
const FOLLOW_SHIFT: u32 = 6;

/// What came so far in each of the contexts of a byte.
pub(crate) struct Contexts {
    slots: Vec<u16>,
    /// By how many an estimate moves, in 65,536ths of what it is off.
    rates: [i32; MET_MAX as usize + 1],
    cases: [[u16; CASES]; CONTEXTS],
    groups: [usize; CONTEXTS],
    seen: [Seen; CONTEXTS],
}

/// The slot and the case that the present bit was looked up in.
#[derive(Clone, Copy, Default)]
struct Seen {
    slot: usize,
    case: usize,
}

impl Contexts {
    pub(crate) fn new() -> Self {
        let case = |at: usize| (at >> 4) as u16 * 1_024 + 512;
        Self {
            slots: vec![0; SLOTS],
            rates: std::array::from_fn(|met| (65_536.0 / (met as f64 + 1.6)) as i32),
            cases: [std::array::from_fn(case); CONTEXTS],
            groups: [0; CONTEXTS],
            seen: [Seen::default(); CONTEXTS],
        }
    }

    /// Begins half a byte: `hashes` of the contexts, and what of the byte was read.
    pub(crate) fn begin(&mut self, hashes: &[u32; CONTEXTS], read: u32) {
        for (at, (group, hash)) in self.groups.iter_mut().zip(hashes).enumerate() {
            let hash = mix(mix(*hash, at as u32 + 1), read);
            *group = find(&mut self.slots, hash);
        }
    }

    /// Gives each context's logit for the next bit; `read` is one, then what of the half byte was read.
    pub(crate) fn predict(&mut self, read: usize, tables: &Tables, logits: &mut [f32]) {
        let places = self.groups.iter().zip(&self.cases).zip(&mut self.seen);
        for (((group, cases), seen), logit) in places.zip(logits) {
            let slot = (group + read) % SLOTS;
            let value = self.slots[slot];
            let case = usize::from((value >> 6) & !MET_MAX | value & MET_MAX) % CASES;
            *seen = Seen { slot, case };
            *logit = tables.stretch(cases[case]) as f32;
        }
    }

    /// Learns what the bit was.
    pub(crate) fn learn(&mut self, bit: bool) {
        for (seen, cases) in self.seen.iter().zip(&mut self.cases) {
            follow(&mut cases[seen.case % CASES], bit, FOLLOW_SHIFT);
            let slot = &mut self.slots[seen.slot % SLOTS];
            let (part, met) = (i32::from(*slot >> 4), *slot & MET_MAX);
            let off = if bit { 4_095 - part } else { -part };
            let moved = part + ((off * self.rates[usize::from(met)]) >> 16);
            *slot = (moved as u16) << 4 | (met + 1).min(MET_MAX);
        }
    }
}

/// Moves a probability toward what came.
pub(crate) fn follow(part: &mut u16, bit: bool, shift: u32) {
    let off = if bit { 65_535 } else { 0 } - i32::from(*part);
    *part = (i32::from(*part) + (off >> shift)) as u16;
}

/// Where the group with this hash begins; of two neighbours the one that was met less gives way to a new one.
fn find(slots: &mut [u16], hash: u32) -> usize {
    let mark = (hash >> 17) as u16 | 1;
    let group = ((hash ^ (hash >> 13)) as usize * GROUP) % SLOTS;
    let beside = group ^ GROUP;
    if slots[group] == mark {
        return group;
    }
    if slots[beside] == mark {
        return beside;
    }
    let met = |group: usize| slots[group + 1] & MET_MAX;
    let taken = if met(group) > met(beside) { beside } else { group };
    slots[taken..taken + GROUP].fill(UNKNOWN);
    slots[taken] = mark;
    taken
}
