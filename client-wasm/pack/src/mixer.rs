use crate::contexts::CONTEXTS;
use crate::matching::CASES as MATCH_CASES;
use crate::module::KINDS_MAX;
use crate::tables::{LOGIT_MAX, ONE, Tables};

/// The contexts' logits, the match's, and a constant; then room to a multiple of four.
pub(crate) const INPUTS: usize = CONTEXTS + 4;
/// Where the match's logit stands.
pub(crate) const MATCH: usize = CONTEXTS;
/// Where the constant stands, and what it is.
const BIAS: (usize, f32) = (CONTEXTS + 1, 256.0);

const NETS: usize = 2;
/// How many sets of weights each net has.
const SETS: [usize; NETS] = [KINDS_MAX * 256, MATCH_CASES * KINDS_MAX];
const WEIGHT_FIRST: f32 = 0.3;
/// By how much a weight changes for each part that the probability is off and each unit of its input.
const LEARNING_RATE: f32 = 14.0 / (16_384.0 * 65_536.0 * 16.0);

/// Weighs the logits by how right they were. Two nets each choose their weights by something else, and are heard alike.
pub(crate) struct Mixer {
    pub(crate) inputs: [f32; INPUTS],
    weights: [Vec<[f32; INPUTS]>; NETS],
    chosen: [usize; NETS],
    said: [u32; NETS],
}

impl Mixer {
    pub(crate) fn new() -> Self {
        let mut inputs = [0.0; INPUTS];
        inputs[BIAS.0] = BIAS.1;
        Self {
            inputs,
            weights: SETS.map(|sets| vec![[WEIGHT_FIRST; INPUTS]; sets]),
            chosen: [0; NETS],
            said: [0; NETS],
        }
    }

    /// The logit of the next bit; `chosen` are the sets of weights.
    pub(crate) fn mix(&mut self, chosen: [usize; NETS], tables: &Tables) -> i32 {
        let mut total = 0;
        for net in 0..NETS {
            self.chosen[net] = chosen[net] % SETS[net];
            let logit = dot(&self.weights[net][self.chosen[net]], &self.inputs) as i32;
            self.said[net] = tables.squash(logit);
            total += logit.clamp(-LOGIT_MAX, LOGIT_MAX);
        }
        total / NETS as i32
    }

    /// Learns what the bit was.
    pub(crate) fn learn(&mut self, bit: bool) {
        for net in 0..NETS {
            let right = if bit { ONE } else { 0 };
            let error = (right as f32 - self.said[net] as f32) * LEARNING_RATE;
            for (weight, input) in self.weights[net][self.chosen[net]].iter_mut().zip(&self.inputs) {
                *weight += error * input;
            }
        }
    }
}

/// Four sums side by side, as vectors of four add them: the order is part of the format.
fn dot(weights: &[f32; INPUTS], inputs: &[f32; INPUTS]) -> f32 {
    let mut sums = [0.0; 4];
    for (weights, inputs) in weights.chunks_exact(4).zip(inputs.chunks_exact(4)) {
        for lane in 0..4 {
            sums[lane] += weights[lane] * inputs[lane];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}
