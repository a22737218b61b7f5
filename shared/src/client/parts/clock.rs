//! The time as this phone knows it. The clock that people set decides nothing: what is due is counted by a clock that
//! runs on, and what is written is dated by the server's time, as it was last heard.

#[cfg(test)]
mod tests;

use crate::codec::{DecodeError, Reader, Writer};
use crate::storage::{Batch, Tree};
use crate::time::{Now, SteadyMs, TimestampMs};

use super::super::view::ClockState;

const KEY: &[u8] = b"clock";
const VERSION: u8 = 1;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// No server of ours tells a time before this, 2026-01-01.
const SERVER_MIN: TimestampMs = TimestampMs(1_767_225_600_000);
/// Nor after this, 2200-01-01.
const SERVER_MAX: TimestampMs = TimestampMs(7_258_118_400_000);
/// No clock of a phone shows a later time; differences from it fit.
const WALL_MAX: TimestampMs = TimestampMs(1 << 62);
/// A clock that is further off than this is called wrong.
const WRONG_MS: u64 = 5 * 60_000;
/// By more than this the phone's clock was set, not corrected a little.
const SET_MS: u64 = 2_000;
/// A phone does not sleep for longer than this while an engine runs on it.
const SLEEP_MS_MAX: u64 = 30 * DAY_MS;
/// What lies further after the time that was heard last is doubted.
const AWAY_MS_MAX: u64 = 180 * DAY_MS;
/// An answer that took longer says nothing of when in between it was made.
const ANSWER_MS_MAX: u64 = 60_000;

/// A phone's clocks, and how far the one that people set is from the server's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::client) struct Clock {
    last: Option<Now>,
    elapsed: SteadyMs,
    wall: TimestampMs,
    /// What is to be added to the wall's time.
    offset_ms: i64,
    /// The server's time when it was last heard.
    heard: Option<TimestampMs>,
    /// It was heard in this run, so that the time is right if the server's is.
    is_sure: bool,
    /// The offset that this phone's person was told of.
    told_ms: Option<i64>,
}

impl Clock {
    /// Takes what the shell's clocks say; whether more time passed than its steady one shows, as when it slept.
    ///
    /// Time passes by whichever clock went further: the steady one stands still while a phone sleeps, the wall's may have
    /// been set back. What is due when somebody sets it ahead is done early, once.
    pub(in crate::client) fn tick(&mut self, now: Now) -> bool {
        let now = Now { wall: now.wall.min(WALL_MAX), ..now };
        let last = self.last.replace(now).unwrap_or(now);
        let (steady_ms, wall_ms) = (now.steady.since_ms(last.steady), now.wall.since_ms(last.wall));
        self.elapsed = self.elapsed.plus_ms(steady_ms.max(wall_ms));
        let lost_ms = last.wall.plus_ms(steady_ms).since_ms(now.wall);
        let gained_ms = now.wall.since_ms(last.wall.plus_ms(steady_ms));
        self.wall = now.wall;
        if self.heard.is_some() {
            if lost_ms > SET_MS {
                self.offset_ms = self.offset_ms.saturating_add_unsigned(lost_ms);
            }
            if gained_ms > SLEEP_MS_MAX {
                self.offset_ms = self.offset_ms.saturating_sub_unsigned(gained_ms);
            }
        }
        gained_ms > SET_MS
    }

    /// The time as this phone knows it: what is written is dated by it. No clock, however it is set, dates anything to
    /// where no server's could.
    pub(in crate::client) fn now(&self) -> TimestampMs {
        let time = self.wall.0.saturating_add_signed(self.offset_ms);
        TimestampMs(time.min(SERVER_MAX.0 - 1))
    }

    /// The server said its time in an answer to what was asked `took_ms` ago: then or later, and not after now.
    pub(in crate::client) fn hear(&mut self, server: TimestampMs, took_ms: u64) {
        if !(SERVER_MIN..SERVER_MAX).contains(&server) {
            return;
        }
        let took_ms = took_ms.min(ANSWER_MS_MAX);
        let known = self.now();
        if self.heard.is_none() || known < server || known > server.plus_ms(took_ms) {
            self.offset_ms = difference(server.plus_ms(took_ms / 2), self.wall);
        }
        (self.heard, self.is_sure) = (Some(server), true);
        if !self.is_wrong() {
            self.told_ms = None;
        }
    }

    /// Time that runs on: what is due is counted by it.
    pub(in crate::client) fn steady(&self) -> SteadyMs {
        self.elapsed
    }

    /// Whether the server's time was heard in this run, so that the time is right if the server's is.
    pub(in crate::client) fn is_sure(&self) -> bool {
        self.is_sure
    }

    /// The clock once its person was told how far off it is.
    pub(in crate::client) fn told(self) -> Self {
        Self { told_ms: Some(self.offset_ms), ..self }
    }

    /// Its person was told what `told` says.
    pub(in crate::client) fn note_told(&mut self, told: Self) {
        self.told_ms = told.told_ms;
    }

    /// Takes the record that an earlier run left, if it is that; one that does not decode is made anew.
    pub(in crate::client) fn load(&mut self, at: &[u8], value: &[u8]) {
        if at == KEY {
            let _ = self.restore(value);
        }
    }

    fn is_wrong(&self) -> bool {
        self.heard.is_some() && self.offset_ms.unsigned_abs() > WRONG_MS
    }

    /// How it stands, as people are told.
    pub(in crate::client) fn shown(&self) -> ClockState {
        let is_told = |told: i64| told.abs_diff(self.offset_ms) <= WRONG_MS;
        let is_wrong = self.is_wrong();
        ClockState { offset_ms: self.offset_ms, is_wrong, is_news: is_wrong && !self.told_ms.is_some_and(is_told) }
    }

    /// Keeps what is known of the server's time.
    pub(in crate::client) fn put(&self, batch: &mut Batch) {
        if let Some(heard) = self.heard {
            let mut writer = Writer::new();
            writer.byte(VERSION).raw(&self.offset_ms.to_be_bytes()).number(heard.0).flag(self.told_ms.is_some());
            writer.raw(&self.told_ms.unwrap_or(0).to_be_bytes());
            batch.put(Tree::Meta, KEY.to_vec(), writer.into_bytes());
        }
    }

    /// Takes what an earlier run kept. The phone's clock may have been set since: then the offset leads to a time that is
    /// past, or far ahead, and the clock itself is believed where it does not.
    fn restore(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("clock version")? != VERSION {
            return Err(DecodeError::Invalid { what: "clock version" });
        }
        let offset_ms = i64::from_be_bytes(reader.array("clock offset")?);
        let heard = TimestampMs(reader.number("server time")?);
        let is_told = reader.flag("clock told")?;
        let told_ms = i64::from_be_bytes(reader.array("clock told")?);
        reader.finish("clock")?;
        (self.offset_ms, self.heard, self.told_ms) = (offset_ms, Some(heard), is_told.then_some(told_ms));
        let is_likely = |time: TimestampMs| time >= heard && time <= heard.plus_ms(AWAY_MS_MAX);
        if !is_likely(self.now()) && is_likely(self.wall) {
            self.offset_ms = 0;
        } else if self.now() < heard {
            self.offset_ms = difference(heard, self.wall);
        }
        Ok(())
    }
}

fn difference(one: TimestampMs, other: TimestampMs) -> i64 {
    i64::try_from(i128::from(one.0) - i128::from(other.0)).unwrap_or(0)
}
