use crate::ids::tagged_hash;

/// Random bytes grown from a seed that the shell drew: SHA-256 in counter mode.
#[derive(Clone, Default)]
pub(in crate::client) struct Random {
    seed: [u8; 32],
    counter: u64,
}

impl Random {
    pub(in crate::client) fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }

    pub(in crate::client) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(32) {
            self.counter += 1;
            let block = tagged_hash("kith/random/1", &[&self.seed, &self.counter.to_le_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_never_the_same_twice() {
        let (mut a, mut b) = (Random::new([7; 32]), Random::new([7; 32]));
        let first: [u8; 48] = a.bytes();
        assert_eq!(first, b.bytes::<48>());
        assert_ne!(first, a.bytes::<48>());
    }
}
