/// What a probability is a part of.
pub(crate) const ONE: u32 = 65_536;
/// Probabilities as the mixer has them: ln(p / (1 - p)) in 256ths, from -2,047 to 2,047.
pub(crate) const LOGIT_MAX: i32 = 2_047;
/// How many of them there are.
pub(crate) const LOGITS: usize = 4_096;

/// e to the power of a 256th.
const STEP: f64 = 1.003_913_889_338_347_5;
/// No probability is less, or nearer to one.
const PART_MIN: u16 = 32;
/// What `stretch` knows apart.
const PARTS: usize = 4_096;

/// The way between probabilities and logits. Made of additions, products and quotients alone, which are the same on
/// every machine, as `exp` is not.
pub(crate) struct Tables {
    squash: [u16; LOGITS],
    stretch: [i16; PARTS],
}

impl Tables {
    pub(crate) fn new() -> Self {
        let mut squash = [PART_MIN; LOGITS];
        let middle = LOGITS / 2;
        let mut odds = 1.0;
        for distance in 0..middle {
            let unlikely = ((f64::from(ONE) / (1.0 + odds)) as u16).max(PART_MIN);
            squash[middle - distance] = unlikely;
            squash[middle + distance] = (ONE - u32::from(unlikely)) as u16;
            odds *= STEP;
        }
        let mut stretch = [0; PARTS];
        let mut at = 0;
        for (part, logit) in stretch.iter_mut().enumerate() {
            while at < LOGITS - 1 && usize::from(squash[at] >> 4) < part {
                at += 1;
            }
            *logit = (at as i32 - middle as i32) as i16;
        }
        Self { squash, stretch }
    }

    /// The probability of a one, in [`ONE`]ths. A logit beyond the bounds is taken as the bound.
    pub(crate) fn squash(&self, logit: i32) -> u32 {
        u32::from(self.squash[place(logit)])
    }

    /// The logit of a probability in [`ONE`]ths.
    pub(crate) fn stretch(&self, part: u16) -> i32 {
        i32::from(self.stretch[usize::from(part >> 4) % PARTS])
    }
}

/// Where among [`LOGITS`] a logit stands.
pub(crate) fn place(logit: i32) -> usize {
    (logit.clamp(-LOGIT_MAX, LOGIT_MAX) + LOGIT_MAX + 1) as usize % LOGITS
}
