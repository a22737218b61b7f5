//! Places by id. The ids are of somebody else's choosing, and there may be many: what is there does not move for each
//! new one, as it would in one sorted list.

/// Where each key's record stands: sorted runs, each longer than the next, so that n keys cost n log n in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places<K> {
    runs: Vec<Vec<(K, usize)>>,
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self { runs: Vec::new() }
    }
}

impl<K: Ord + Copy> Places<K> {
    /// The place of a key.
    pub(super) fn get(&self, key: &K) -> Option<usize> {
        let find = |run: &Vec<(K, usize)>| run.binary_search_by(|(at, _)| at.cmp(key)).ok().map(|at| run[at].1);
        self.runs.iter().find_map(find)
    }

    /// Whether a key has a place.
    pub(super) fn has(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Gives a key that has none a place.
    pub(super) fn add(&mut self, key: K, place: usize) {
        let mut run = vec![(key, place)];
        while self.runs.last().is_some_and(|last| last.len() <= run.len()) {
            let before = self.runs.pop().unwrap_or_default();
            run = merged(before, run);
        }
        self.runs.push(run);
    }
}

fn merged<K: Ord + Copy>(one: Vec<(K, usize)>, other: Vec<(K, usize)>) -> Vec<(K, usize)> {
    let mut both = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    loop {
        let is_one = match (one.peek(), other.peek()) {
            (Some(one), Some(other)) => one.0 < other.0,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return both,
        };
        both.extend(if is_one { one.next() } else { other.next() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::tagged_hash;

    #[test]
    fn each_key_is_found_at_its_place_in_few_runs() {
        let key = |n: usize| tagged_hash("key", &[&n.to_le_bytes()]);
        let mut places = Places::default();
        for n in 0..1_000 {
            places.add(key(n), n);
        }
        assert!((0..1_000).all(|n| places.get(&key(n)) == Some(n)));
        assert!(!places.has(&key(1_000)));
        assert!(places.runs.len() <= 10, "{} runs", places.runs.len());
    }
}
