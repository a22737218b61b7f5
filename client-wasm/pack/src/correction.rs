use crate::contexts::follow;
use crate::tables::{LOGITS, ONE, Tables, place};

const PLACES_BITS: u32 = 12;
/// At every so many logits one is kept.
const WIDTH: usize = 128;
const STEPS: usize = LOGITS / WIDTH + 1;
const FOLLOW_SHIFT: u32 = 6;

/// What came of such a guess before in the same place.
pub(crate) struct Correction {
    steps: Vec<[u16; STEPS]>,
    used: (usize, usize),
}

impl Correction {
    pub(crate) fn new(tables: &Tables) -> Self {
        let step = |at: usize| tables.squash((at * WIDTH) as i32 - (LOGITS / 2) as i32) as u16;
        Self { steps: vec![std::array::from_fn(step); 1 << PLACES_BITS], used: (0, 0) }
    }

    /// How likely a one is, in [`ONE`]ths, never none and never all.
    pub(crate) fn correct(&mut self, logit: i32, context: u32, tables: &Tables) -> u32 {
        let at = context as usize % (1 << PLACES_BITS);
        let (step, part) = (place(logit) / WIDTH, (place(logit) % WIDTH) as u32);
        let steps = &self.steps[at];
        self.used = (at, if part >= WIDTH as u32 / 2 { step + 1 } else { step });
        let between =
            (u32::from(steps[step]) * (WIDTH as u32 - part) + u32::from(steps[step + 1]) * part) / WIDTH as u32;
        (tables.squash(logit).midpoint(between)).clamp(1, ONE - 1)
    }

    /// Learns what the bit was.
    pub(crate) fn learn(&mut self, bit: bool) {
        follow(&mut self.steps[self.used.0][self.used.1], bit, FOLLOW_SHIFT);
    }
}
