//! What was worked out and may be asked for again: what was used last stays, up to some bytes.
//!
//! Nothing goes while a task is on its way: what it found here once, it finds again. Between tasks what was not used
//! since the last time that a third of the room was filled makes place; what one task fills more than two thirds with
//! goes, all of it.

use crate::sorted::SortedMap;

/// Things by key, in two halves: those that were used lately, and those that were before.
pub(in crate::client) struct Recent<K, V> {
    late: SortedMap<K, Weighed<V>>,
    late_bytes: usize,
    before: SortedMap<K, Weighed<V>>,
    bytes_max: usize,
}

struct Weighed<V> {
    value: V,
    bytes: usize,
}

impl<K: Ord + Clone, V> Recent<K, V> {
    /// Room for `bytes_max` bytes between tasks.
    pub(in crate::client) const fn new(bytes_max: usize) -> Self {
        Self { late: SortedMap::new(), late_bytes: 0, before: SortedMap::new(), bytes_max }
    }

    /// What stands at a key, used now.
    pub(in crate::client) fn get(&mut self, key: &K) -> Option<&V> {
        if let Some(found) = self.before.remove(key) {
            self.put(key.clone(), found.value, found.bytes);
        }
        self.late.get(key).map(|found| &found.value)
    }

    /// Whether anything stands at a key; that does not use it.
    pub(in crate::client) fn has(&self, key: &K) -> bool {
        self.late.contains_key(key) || self.before.contains_key(key)
    }

    /// Sets what stands at a key, which takes so many bytes.
    pub(in crate::client) fn put(&mut self, key: K, value: V, bytes: usize) {
        self.remove(&key);
        self.late_bytes += bytes;
        self.late.insert(key, Weighed { value, bytes });
    }

    /// Lets go of what stands at a key.
    pub(in crate::client) fn remove(&mut self, key: &K) {
        self.before.remove(key);
        if let Some(gone) = self.late.remove(key) {
            self.late_bytes -= gone.bytes;
        }
    }

    /// Lets go of all that is so.
    pub(in crate::client) fn remove_all(&mut self, is_gone: impl Fn(&V) -> bool) {
        let all = self.late.iter().chain(self.before.iter());
        let gone: Vec<K> = all.filter(|(_, found)| is_gone(&found.value)).map(|(key, _)| key.clone()).collect();
        gone.iter().for_each(|key| self.remove(key));
    }

    /// No task is on its way.
    pub(in crate::client) fn rest(&mut self) {
        let third = self.bytes_max / 3;
        if self.late_bytes > third {
            self.before = core::mem::take(&mut self.late);
            if self.late_bytes > 2 * third {
                self.before = SortedMap::new();
            }
            self.late_bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(recent: &Recent<u8, &'static str>) -> Vec<u8> {
        let mut keys: Vec<u8> = recent.late.keys().chain(recent.before.keys()).copied().collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn what_is_used_stays_and_what_nobody_used_makes_place() {
        let mut recent = Recent::new(10);
        recent.put(1, "often", 3);
        recent.put(2, "once", 3);
        recent.rest();
        for round in 3..20 {
            assert_eq!(recent.get(&1), Some(&"often"));
            recent.put(round, "another", 3);
            recent.rest();
            let held = holds(&recent);
            assert!(held.contains(&1) && held.contains(&round) && held.len() <= 6, "{held:?}");
        }
        assert_eq!(recent.get(&2), None);
    }

    #[test]
    fn nothing_goes_before_the_task_has_ended_and_then_no_more_stays_than_there_is_room_for() {
        let mut recent = Recent::new(10);
        for key in 0..100 {
            recent.put(key, "much", 2);
        }
        assert!((0..100).all(|key| recent.get(&key).is_some()));
        recent.rest();
        assert!(holds(&recent).is_empty());
        recent.put(100, "more", 6);
        recent.rest();
        assert_eq!(holds(&recent), [100]);
    }

    #[test]
    fn what_is_set_anew_counts_once_and_what_was_let_go_of_is_nowhere() {
        let mut recent = Recent::new(20);
        for _ in 0..9 {
            recent.put(1, "first", 4);
        }
        recent.rest();
        assert_eq!((recent.late.len(), recent.late_bytes), (1, 4));
        recent.put(2, "second", 3);
        recent.rest();
        assert_eq!((recent.late.len(), recent.late_bytes, recent.before.len()), (0, 0, 2));
        recent.put(1, "third", 4);
        recent.remove_all(|value| *value == "first");
        assert_eq!(recent.get(&1), Some(&"third"));
        recent.remove_all(|value| *value == "second");
        assert_eq!(recent.get(&2), None);
        assert_eq!(holds(&recent), [1]);
        assert_eq!((recent.has(&1), recent.has(&2)), (true, false));
    }
}
