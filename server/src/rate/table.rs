use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use super::bucket::Bucket;

/// How long after looking for full buckets it is looked again.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// The buckets of many, at most so many. Those that are full are let go when there is no room, which forgets
/// nothing. When none is full, whoever is new shares one row with all who are: a flood of addresses can neither
/// grow the table nor have it forget what was used.
#[derive(Debug)]
pub(super) struct Table<K, const N: usize> {
    rows: HashMap<K, [Bucket; N]>,
    rows_max: usize,
    shared: [Bucket; N],
    sweep_from: Duration,
}

impl<K: Copy + Eq + Hash, const N: usize> Table<K, N> {
    pub(super) fn new(rows_max: usize) -> Self {
        Self { rows: HashMap::new(), rows_max, shared: [Bucket::default(); N], sweep_from: Duration::ZERO }
    }

    /// The buckets of one.
    pub(super) fn row(&mut self, key: K, now: Duration) -> &mut [Bucket; N] {
        if self.rows.len() >= self.rows_max && !self.rows.contains_key(&key) {
            self.sweep(now);
            if self.rows.len() >= self.rows_max {
                return &mut self.shared;
            }
        }
        self.rows.entry(key).or_insert([Bucket::default(); N])
    }

    /// The buckets of one that has any of its own.
    pub(super) fn known(&self, key: &K) -> Option<&[Bucket; N]> {
        self.rows.get(key)
    }

    fn sweep(&mut self, now: Duration) {
        if now >= self.sweep_from {
            self.rows.retain(|_, row| !row.iter().all(|bucket| bucket.is_full(now)));
            self.sweep_from = now + SWEEP_EVERY;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Allowance;
    use super::*;

    const TEN: Allowance = Allowance::per_minute(10);

    fn take(table: &mut Table<u32, 1>, key: u32, cost: u64, second: u64) -> bool {
        let now = Duration::from_secs(second);
        table.row(key, now)[0].take(&TEN, cost, now).is_ok()
    }

    #[test]
    fn full_buckets_make_room_and_what_was_used_is_not_forgotten() {
        let mut table = Table::new(3);
        assert!(take(&mut table, 1, 1, 0) && take(&mut table, 2, 1, 0) && take(&mut table, 3, 10, 0));
        assert!(take(&mut table, 4, 1, 10), "1 and 2 are full again");
        assert_eq!(table.rows.len(), 2);
        assert!(!take(&mut table, 3, 10, 10));
        assert!(take(&mut table, 3, 1, 10));
    }

    #[test]
    fn newcomers_share_when_nobody_can_go() {
        let mut table = Table::new(3);
        for key in 0..3 {
            assert!(take(&mut table, key, 10, 0));
        }
        assert_eq!((10..30).filter(|key| take(&mut table, *key, 1, 0)).count(), 10, "one row for all of them");
        assert_eq!(table.rows.len(), 3);
        assert!(!take(&mut table, 0, 1, 0), "and those who are known stay known");
        assert!(take(&mut table, 30, 1, 60), "room comes back with time");
        assert_eq!(table.rows.len(), 1);
    }
}
