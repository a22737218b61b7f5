use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kith_shared::ids::DeviceId;
use tokio::sync::oneshot;

use crate::clock::Clock;

use super::Prefix;

/// Whom something counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A proxy of ours, which did not say yet for whom it asks.
    Proxy,
    /// A network of addresses.
    Prefix(Prefix),
    /// A device whose signature was verified.
    Device(DeviceId),
}

/// What part of a processor each party may have, evenly over time, and owe nothing: one in so many. A phone's sync takes
/// some milliseconds, now and then; whoever takes more waits while others ask.
const SHARES: u32 = 64;
/// What a party can owe at most: so long it stands behind whoever used nothing.
const OWED_MAX: Duration = Duration::from_secs(10);
/// Most parties that are remembered; beyond it those are forgotten that owe nothing.
const PARTIES_MAX: usize = 65_536;

/// Work for many, so much at a time. Whoever had least of it lately is next, so that one who asks for little waits for
/// no one who asks for much (as in fair queueing by virtual time; Demers, Keshav, Shenker 1989).
pub struct Turns {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    free: usize,
    /// Until when the work that a party had would have taken, had it had its share and no more.
    used_until: BTreeMap<Party, Duration>,
    waiting: BTreeMap<(Duration, u64), (Party, oneshot::Sender<Turn>)>,
    next: u64,
}

/// Leave to work, given back when it is dropped; the time between is what it cost.
pub struct Turn {
    /// None for a turn that nobody took.
    turns: Option<Arc<Turns>>,
    party: Party,
    begun: Duration,
}

impl Turns {
    /// Nobody had anything yet; so many may work at a time.
    #[must_use]
    pub fn new(at_a_time: usize, clock: Arc<dyn Clock>) -> Arc<Self> {
        let state = State { free: at_a_time, used_until: BTreeMap::new(), waiting: BTreeMap::new(), next: 0 };
        Arc::new(Self { clock, state: Mutex::new(state) })
    }

    /// How much longer a party stands behind whoever had nothing.
    pub fn owed(&self, party: Party) -> Duration {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let until = state.used_until.get(&party).copied().unwrap_or_default();
        until.saturating_sub(self.clock.monotonic())
    }

    /// Waits for a turn; `None` is never given while the server lives.
    pub async fn take(self: &Arc<Self>, party: Party) -> Option<Turn> {
        let waiting = {
            let now = self.clock.monotonic();
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.free > 0 {
                state.free -= 1;
                return Some(Turn { turns: Some(Arc::clone(self)), party, begun: now });
            }
            let (send, receive) = oneshot::channel();
            let place = (state.used_until.get(&party).map_or(now, |until| now.max(*until)), state.next);
            state.next += 1;
            state.waiting.insert(place, (party, send));
            receive
        };
        waiting.await.ok()
    }

    /// Gives the turn to whoever waits and had least.
    fn pass_on(self: &Arc<Self>, party: Party, begun: Duration) {
        let now = self.clock.monotonic();
        self.state.lock().unwrap_or_else(PoisonError::into_inner).charge(party, begun, now);
        loop {
            let next = {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                let next = state.waiting.pop_first();
                if next.is_none() {
                    state.free += 1;
                }
                next
            };
            let Some((_, (party, send))) = next else { return };
            let turn = Turn { turns: Some(Arc::clone(self)), party, begun: now };
            match send.send(turn) {
                Ok(()) => return,
                // Whoever waited went away: this loop passes the turn on, and not the turn itself.
                Err(mut turn) => turn.turns = None,
            }
        }
    }
}

impl State {
    fn charge(&mut self, party: Party, begun: Duration, now: Duration) {
        let cost = now.saturating_sub(begun);
        if cost.is_zero() {
            return;
        }
        if self.used_until.len() >= PARTIES_MAX {
            self.used_until.retain(|_, until| *until > now);
        }
        let until = self.used_until.entry(party).or_insert(begun);
        *until = (*until).max(begun).saturating_add(cost.saturating_mul(SHARES)).min(now.saturating_add(OWED_MAX));
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.take() {
            turns.pass_on(self.party, self.begun);
        }
    }
}

#[cfg(test)]
mod tests {
    use kith_shared::time::TimestampMs;

    use super::*;
    use crate::clock::FixedClock;

    fn party(number: u8) -> Party {
        Party::Device(DeviceId([number; 32]))
    }

    #[tokio::test]
    async fn whoever_had_least_is_next_however_many_wait_who_had_much() {
        let clock = Arc::new(FixedClock::new(TimestampMs(1_000)));
        let turns = Turns::new(1, Arc::clone(&clock) as Arc<dyn Clock>);
        let held = turns.take(party(1)).await.unwrap();
        clock.advance_ms(500);
        drop(held);
        let held = turns.take(party(9)).await.unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = Vec::new();
        for number in [1, 1, 1, 1, 2] {
            let (turns, order) = (Arc::clone(&turns), Arc::clone(&order));
            waiting.push(tokio::spawn(async move {
                let _turn = turns.take(party(number)).await;
                order.lock().unwrap().push(number);
            }));
            tokio::task::yield_now().await;
        }
        drop(held);
        for waiter in waiting {
            waiter.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [2, 1, 1, 1, 1]);
    }

    #[tokio::test]
    async fn who_goes_away_while_waiting_keeps_nobody_from_a_turn() {
        let turns = Turns::new(2, Arc::new(FixedClock::new(TimestampMs(1_000))));
        let held = [turns.take(party(1)).await, turns.take(party(1)).await];
        for number in 0..10 {
            let gone = tokio::time::timeout(Duration::ZERO, turns.take(party(number))).await;
            assert!(gone.is_err());
        }
        drop(held);
        let both = [turns.take(party(3)).await, turns.take(party(3)).await];
        assert!(both.iter().all(Option::is_some));
        assert_eq!(turns.state.lock().unwrap().free, 0);
        drop(both);
        assert_eq!(turns.state.lock().unwrap().free, 2);
    }
}
