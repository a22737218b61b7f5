//! Places that nobody can hold others off of. When all are taken, whoever comes gets the place of one who waits: of the
//! group that has most, the one who waits longest. Those who are being worked for keep theirs, and those who came a
//! moment ago, while anybody else waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kith_shared::ids::{CircleId, DeviceId, MemberId};
use prometheus_client::metrics::counter::Counter;

use crate::line::Line;
use crate::rate::{Party, Prefix};

/// So long whoever waits is left in peace while others wait longer: a busy server may not have looked yet at what they
/// sent.
const PATIENCE: Duration = Duration::from_secs(1);

/// A group of those who have places.
pub trait Group: Ord + Copy {
    /// How large it counts with so many places.
    fn size(&self, places: usize) -> usize {
        places
    }
}

impl Group for DeviceId {}
impl Group for Prefix {}
impl Group for (CircleId, MemberId) {}
impl Group for Party {
    /// A proxy of ours asks for many, who are not known yet: it is never a crowd.
    fn size(&self, places: usize) -> usize {
        if *self == Self::Proxy { places.min(1) } else { places }
    }
}

/// How many there are, and how many of them one device may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacesMax {
    /// All places, whoever has them.
    pub places: usize,
    /// One device's, of which the newest win; only those count that came in with their device.
    pub of_device: usize,
}

/// So many places, in groups.
pub struct Places<G> {
    max: PlacesMax,
    /// What is done to a line that loses its place.
    evict: fn(&Line),
    evicted: Counter,
    table: Mutex<Table<G>>,
}

struct Table<G> {
    /// Since when a line waits, as far as that may cost it its place.
    since: fn(&Line) -> Option<Duration>,
    groups: BTreeMap<G, BTreeMap<u64, Holder>>,
    count: usize,
    next: u64,
}

struct Holder {
    line: Arc<Line>,
    device: Option<DeviceId>,
}

/// One place. Given back when it is dropped, if it was not lost before.
pub struct Place<G: Group> {
    places: Arc<Places<G>>,
    number: u64,
    group: Mutex<G>,
}

impl<G: Group> Places<G> {
    /// All free; `evict` is called for whoever loses a place, who is counted in `evicted`.
    #[must_use]
    pub fn new(max: PlacesMax, evict: fn(&Line), evicted: Counter) -> Arc<Self> {
        let table = Table { since: Line::waits_since, groups: BTreeMap::new(), count: 0, next: 0 };
        Arc::new(Self { max, evict, evicted, table: Mutex::new(table) })
    }

    /// All free, and lost only by those whose far end owes something.
    #[must_use]
    pub fn of_connections(max: PlacesMax, evict: fn(&Line), evicted: Counter) -> Arc<Self> {
        let table = Table { since: Line::owes_since, groups: BTreeMap::new(), count: 0, next: 0 };
        Arc::new(Self { max, evict, evicted, table: Mutex::new(table) })
    }

    /// Takes a place, where none is free that of another who waits; `None` when everybody is being worked for.
    pub fn enter(self: &Arc<Self>, group: G, device: Option<DeviceId>, line: &Arc<Line>) -> Option<Place<G>> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(device) = device
            && table.count_of(&group, device) >= self.max.of_device
        {
            let oldest = table.take_oldest_of(&group, device)?;
            self.lose(&oldest);
        }
        if table.count >= self.max.places {
            let least = table.take_least(line.now())?;
            self.lose(&least);
        }
        let number = table.next;
        table.next += 1;
        table.put(group, number, Holder { line: Arc::clone(line), device });
        Some(Place { places: Arc::clone(self), number, group: Mutex::new(group) })
    }

    /// Takes the place of one who waits, if there is one, and gives it to nobody: for when the system has less than
    /// was thought.
    pub fn make_room(&self, now: Duration) -> bool {
        let least = self.table.lock().unwrap_or_else(PoisonError::into_inner).take_least(now);
        least.is_some_and(|line| {
            self.lose(&line);
            true
        })
    }

    fn lose(&self, line: &Line) {
        self.evicted.inc();
        (self.evict)(line);
    }

    /// How many are taken.
    #[must_use]
    pub fn count(&self) -> usize {
        self.table.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// Shows every line that has a place.
    pub fn each(&self, mut look: impl FnMut(&Line)) {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.groups.values().flat_map(BTreeMap::values).for_each(|holder| look(&holder.line));
    }
}

impl<G: Group> Table<G> {
    fn put(&mut self, group: G, number: u64, holder: Holder) {
        self.groups.entry(group).or_default().insert(number, holder);
        self.count += 1;
    }

    fn take(&mut self, group: &G, number: u64) -> Option<Holder> {
        let holders = self.groups.get_mut(group)?;
        let holder = holders.remove(&number)?;
        if holders.is_empty() {
            self.groups.remove(group);
        }
        self.count -= 1;
        Some(holder)
    }

    fn count_of(&self, group: &G, device: DeviceId) -> usize {
        let holders = self.groups.get(group).into_iter().flat_map(BTreeMap::values);
        holders.filter(|holder| holder.device == Some(device)).count()
    }

    /// Of a device's places, the oldest of those that wait.
    fn take_oldest_of(&mut self, group: &G, device: DeviceId) -> Option<Arc<Line>> {
        let mut of_device = self.groups.get(group)?.iter().filter(|(_, holder)| holder.device == Some(device));
        let number = *of_device.find(|(_, holder)| holder.line.waits_since().is_some())?.0;
        self.take(group, number).map(|holder| holder.line)
    }

    /// Of the largest groups in which somebody waits, the one who waits longest: of those who wait longer than a
    /// moment, if there are any.
    fn take_least(&mut self, now: Duration) -> Option<Arc<Line>> {
        let (number, group) = self.least(now.checked_sub(PATIENCE)).or_else(|| self.least(Some(now)))?;
        self.take(&group, number).map(|holder| holder.line)
    }

    /// As [`Self::take_least`], of those who wait since this moment or longer.
    fn least(&self, since_max: Option<Duration>) -> Option<(u64, G)> {
        let since_max = since_max?;
        let mut sizes: Vec<(usize, G)> =
            self.groups.iter().map(|(group, holders)| (group.size(holders.len()), *group)).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let mut least: Option<(Duration, u64, G)> = None;
        let mut size_of_least = 0;
        for (size, group) in sizes {
            if least.is_some() && size < size_of_least {
                break;
            }
            let found = self.groups.get(&group).and_then(|holders| {
                let waiting = |(number, holder): (&u64, &Holder)| Some(((self.since)(&holder.line)?, *number));
                holders.iter().filter_map(waiting).filter(|(since, _)| *since <= since_max).min()
            });
            if let Some((since, number)) = found
                && least.is_none_or(|(of_least, ..)| since < of_least)
            {
                (least, size_of_least) = (Some((since, number, group)), size);
            }
        }
        least.map(|(_, number, group)| (number, group))
    }
}

impl<G: Group> Place<G> {
    /// Counts among another group from now on. Nothing is done when the place was lost.
    pub fn move_to(&self, group: G) {
        let mut current = self.group.lock().unwrap_or_else(PoisonError::into_inner);
        if *current == group {
            return;
        }
        let mut table = self.places.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = table.take(&current, self.number) {
            table.put(group, self.number, holder);
        }
        *current = group;
    }
}

impl<G: Group> Drop for Place<G> {
    fn drop(&mut self) {
        let group = *self.group.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.places.table.lock().unwrap_or_else(PoisonError::into_inner).take(&group, self.number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;
    use crate::line::Way;
    use kith_shared::time::TimestampMs;

    impl Group for u8 {}

    /// At 10,000 s, waiting since this second.
    fn line(since_s: Option<u64>) -> Arc<Line> {
        let line = Line::new(Arc::new(FixedClock::new(TimestampMs(10_000_000))));
        if let Some(since) = since_s {
            line.wait(Way::In, Duration::from_secs(since), Duration::MAX);
        }
        line
    }

    fn places(places: usize) -> Arc<Places<u8>> {
        Places::new(PlacesMax { places, of_device: 2 }, Line::evict, Counter::default())
    }

    fn enter(places: &Arc<Places<u8>>, group: u8, line: &Arc<Line>) -> Place<u8> {
        places.enter(group, None, line).unwrap()
    }

    #[test]
    fn the_largest_group_loses_the_one_who_waits_longest() {
        let places = places(4);
        let lines = [line(Some(30)), line(Some(20)), line(Some(10)), line(Some(1))];
        let _held: Vec<_> = [1, 1, 1, 2].iter().zip(&lines).map(|(group, line)| enter(&places, *group, line)).collect();
        let comer = line(Some(60));
        let _place = enter(&places, 2, &comer);
        let evicted: Vec<bool> = lines.iter().map(|line| line.is_evicted()).collect();
        assert_eq!(evicted, [false, false, true, false], "group 1 had most, though 2's was the slowest");
        assert_eq!(places.count(), 4);
    }

    #[test]
    fn a_flood_from_one_group_evicts_its_own() {
        let places = places(8);
        let honest = line(Some(1));
        let _kept = enter(&places, 9, &honest);
        let mut held = Vec::new();
        for at in 0..1_000 {
            let line = line(Some(1_000 + at));
            held.push(enter(&places, 1, &line));
        }
        assert!(!honest.is_evicted());
        assert_eq!(places.count(), 8);
        drop(held);
        assert_eq!(places.count(), 1, "whoever lost a place gives none back");
    }

    #[test]
    fn whoever_is_being_worked_for_keeps_the_place() {
        let places = places(2);
        let (busy, waiting) = (line(None), line(Some(5)));
        let _held = [enter(&places, 1, &busy), enter(&places, 2, &waiting)];
        let comer = line(None);
        let _place = enter(&places, 3, &comer);
        assert!(waiting.is_evicted() && !busy.is_evicted());
        assert!(places.enter(4, None, &line(None)).is_none(), "everybody is being worked for");
    }

    #[test]
    fn of_one_device_the_newest_win() {
        let places = places(100);
        let device = Some(DeviceId([1; 32]));
        let lines: Vec<_> = (0..10).map(|_| line(Some(5))).collect();
        let _held: Vec<_> = lines.iter().map(|line| places.enter(1, device, line).unwrap()).collect();
        let kept = lines.iter().filter(|line| !line.is_evicted()).count();
        assert_eq!((kept, places.count()), (2, 2));
        assert!(!lines[9].is_evicted() && !lines[8].is_evicted());
        let _other = places.enter(1, Some(DeviceId([2; 32])), &line(Some(5))).unwrap();
        assert_eq!(places.count(), 3, "another device of the group has a share of its own");
    }

    #[test]
    fn a_newcomer_is_left_in_peace_while_others_wait_longer() {
        let places = places(5);
        let crowd = [line(Some(10_000)), line(Some(10_000)), line(Some(10_000)), line(Some(10_000))];
        let _held: Vec<_> = crowd.iter().map(|line| enter(&places, 1, line)).collect();
        let dribbles = line(Some(9_000));
        let _place = enter(&places, 2, &dribbles);
        let _first = enter(&places, 3, &line(Some(10_000)));
        assert!(dribbles.is_evicted(), "though its group was small");
        let _second = enter(&places, 4, &line(Some(10_000)));
        assert!(crowd[0].is_evicted(), "then the largest group loses all the same");
    }

    #[test]
    fn a_proxy_is_no_crowd() {
        let places: Arc<Places<Party>> =
            Places::new(PlacesMax { places: 6, of_device: 2 }, Line::cut, Counter::default());
        let prefix = |number| Party::Prefix(Prefix::V4([number; 3]));
        let lines: Vec<_> = (0..6).map(|_| line(Some(9_000))).collect();
        let parties = [Party::Proxy, Party::Proxy, Party::Proxy, Party::Proxy, prefix(1), prefix(1)];
        let held: Vec<_> = parties.iter().zip(&lines).map(|(party, line)| places.enter(*party, None, line)).collect();
        let comer = places.enter(prefix(2), None, &line(Some(10_000)));
        assert!(comer.is_some() && held.iter().all(Option::is_some));
        let lost: Vec<bool> = lines.iter().map(|line| line.is_evicted()).collect();
        assert_eq!(lost, [false, false, false, false, true, false]);
    }

    #[test]
    fn whoever_moves_counts_where_it_went() {
        let places = places(3);
        let lines = [line(Some(3)), line(Some(4)), line(Some(5))];
        let held: Vec<_> = lines.iter().map(|line| enter(&places, 1, line)).collect();
        held[0].move_to(2);
        let _place = enter(&places, 3, &line(Some(9)));
        assert!(!lines[0].is_evicted() && lines[1].is_evicted());
        held[1].move_to(5);
        assert_eq!(places.count(), 3, "who lost a place gets none by moving");
    }
}
