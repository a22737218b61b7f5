//! Who writes what, and when: one list of steps for each seed, which phones of any make can replay.

use kith_shared::time::TimestampMs;
use serde::{Deserialize, Serialize};

use super::words::{pieces, text};
use crate::seed::Seed;

/// The circle's people, whoever leads it first.
pub(super) const PEOPLE: usize = 13;
const THREADS: usize = 4;
const NOTES: usize = 50;
const WEEK_MESSAGES: usize = 40;
const MESSAGE_CHARS: usize = 140;
const ITEM_CHARS: usize = 60;
const TITLE_CHARS: usize = 24;
const EDIT_CHARS: usize = 75;
const EDIT_BURSTS: usize = 5;
const AWAY_MESSAGES: usize = 30;
const MEANWHILE_MESSAGES: usize = 60;
/// Messages since the session began.
pub(super) const WEEK_OF_SESSION_MESSAGES: usize = AWAY_MESSAGES + MEANWHILE_MESSAGES;
const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;
/// Between two bursts of whoever types.
const BURST_MS: i64 = 4_000;

/// A note's size.
struct Size {
    chars: usize,
    bursts: usize,
    attendance: usize,
    items: usize,
}

const PAST: Size = Size { chars: 2_000, bursts: 133, attendance: 12, items: 8 };
const SESSION: Size = Size { chars: 3_000, bursts: 200, attendance: 12, items: 8 };

/// All that is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    /// Where it comes from.
    pub seed: u64,
    /// How many people; number 0 leads, and is the one who is away.
    pub people: usize,
    /// What each conversation is called.
    pub threads: Vec<String>,
    /// A year before the session.
    pub history: Vec<Step>,
    /// What the leader does with no network.
    pub away: Vec<Step>,
    /// What the others do meanwhile.
    pub meanwhile: Vec<Step>,
}

/// One thing that somebody writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Milliseconds after the session began; before it, negative.
    pub at: i64,
    /// The person's number.
    pub who: usize,
    /// What they do.
    #[serde(flatten)]
    pub what: Act,
}

/// What somebody writes. Notes, threads and members are numbers, from 0 in the order in which they begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub enum Act {
    /// Begins a note.
    Note {
        /// Its number.
        note: usize,
        /// Days after the session; before it, negative.
        day: i64,
        /// What stands above it.
        title: String,
    },
    /// Types at the end of a note's text.
    Write {
        /// The note.
        note: usize,
        /// Its bursts, each kept before the next.
        bursts: Vec<String>,
        /// Milliseconds from one to the next.
        every: i64,
    },
    /// Says whether somebody came.
    Attend {
        /// The note.
        note: usize,
        /// Who came.
        member: usize,
        /// `present`, `late` or `absent`.
        presence: String,
    },
    /// Adds an action item.
    Item {
        /// The note.
        note: usize,
        /// Who takes it on.
        member: usize,
        /// Its words.
        text: String,
    },
    /// Says something in a conversation.
    Message {
        /// The conversation.
        thread: usize,
        /// Its words.
        text: String,
    },
}

impl Workload {
    /// The work of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self::of_weeks(seed, NOTES)
    }

    /// The same after so many weeks, at least 3.
    #[must_use]
    pub fn of_weeks(seed: u64, weeks: usize) -> Self {
        let mut draw = Draw { seed: Seed::new(seed), weeks };
        let mut history = Vec::new();
        for week in 0..weeks {
            let begun = (week as i64 - weeks as i64) * WEEK_MS;
            draw.note(&mut history, begun, week, &PAST);
            let free = draw.note_ms(&PAST);
            draw.messages(&mut history, WEEK_MESSAGES, (begun + free, begun + WEEK_MS), 0);
        }
        let (mut away, mut meanwhile) = (Vec::new(), Vec::new());
        draw.note(&mut away, 0, weeks, &SESSION);
        let later = draw.note_ms(&SESSION);
        draw.edits(&mut away, later, 0, &[weeks - 1, weeks - 2, weeks - 3]);
        let hour = 3_600_000;
        draw.messages(&mut away, AWAY_MESSAGES, (later + hour, later + 2 * hour), PEOPLE);
        draw.messages(&mut meanwhile, MEANWHILE_MESSAGES, (0, later + hour), 1);
        for member in 1..PEOPLE {
            let what = Act::Attend { note: weeks - 2, member, presence: "late".to_owned() };
            meanwhile.push(Step { at: later + hour + member as i64 * BURST_MS, who: member, what });
        }
        draw.edits(&mut meanwhile, later + hour + hour / 2, 1, &[weeks - 1]);
        let threads = (0..THREADS).map(|number| format!("Conversation {number}")).collect();
        Self { seed, people: PEOPLE, threads, history, away, meanwhile }
    }

    /// Just before the first of it, of a session that begins at `begins`.
    #[must_use]
    pub fn before(&self, begins: TimestampMs) -> TimestampMs {
        let first = self.history.first().map_or(0, |step| step.at);
        TimestampMs(begins.0.saturating_add_signed(first - 1))
    }

    /// How many notes there are in the end, and how many messages.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let all = || [&self.history, &self.away, &self.meanwhile].into_iter().flatten();
        let notes = all().filter(|step| matches!(step.what, Act::Note { .. })).count();
        (notes, all().filter(|step| matches!(step.what, Act::Message { .. })).count())
    }
}

struct Draw {
    seed: Seed,
    /// Before the session, with a note each.
    weeks: usize,
}

impl Draw {
    /// Whoever leads writes a note.
    fn note(&mut self, steps: &mut Vec<Step>, at: i64, note: usize, size: &Size) {
        let day = note as i64 * 7 - self.weeks as i64 * 7;
        let title = text(&mut self.seed, TITLE_CHARS);
        steps.push(Step { at, who: 0, what: Act::Note { note, day, title } });
        self.write(steps, (at + BURST_MS, 0), note, size.chars, size.bursts);
        let mut at = at + BURST_MS * (1 + size.bursts as i64);
        for member in 0..size.attendance {
            let presence = *self.seed.pick(&["present", "present", "late", "absent"]).unwrap_or(&"present");
            let what = Act::Attend { note, member, presence: presence.to_owned() };
            steps.push(Step { at, who: 0, what });
            at += BURST_MS;
        }
        for _ in 0..size.items {
            let (member, text) = (self.seed.below(PEOPLE), text(&mut self.seed, ITEM_CHARS));
            steps.push(Step { at, who: 0, what: Act::Item { note, member, text } });
            at += BURST_MS;
        }
    }

    /// How long [`Self::note`] takes.
    fn note_ms(&self, size: &Size) -> i64 {
        BURST_MS * (1 + size.bursts + size.attendance + size.items) as i64
    }

    fn edits(&mut self, steps: &mut Vec<Step>, at: i64, who: usize, notes: &[usize]) {
        for (place, note) in notes.iter().enumerate() {
            let at = at + BURST_MS * (place * EDIT_BURSTS) as i64;
            self.write(steps, (at, who), *note, EDIT_CHARS, EDIT_BURSTS);
        }
    }

    fn write(&mut self, steps: &mut Vec<Step>, (at, who): (i64, usize), note: usize, chars: usize, bursts: usize) {
        let words = text(&mut self.seed, chars);
        let bursts = pieces(&words, bursts).into_iter().map(str::to_owned).collect();
        steps.push(Step { at, who, what: Act::Write { note, bursts, every: BURST_MS } });
    }

    /// Messages by people from number `first` on, one after another; by the leader where there is none.
    fn messages(&mut self, steps: &mut Vec<Step>, count: usize, (from, until): (i64, i64), first: usize) {
        let mut times: Vec<i64> = (0..count).map(|_| from + self.seed.below((until - from) as usize) as i64).collect();
        times.sort_unstable();
        for at in times {
            let who = if first < PEOPLE { first + self.seed.below(PEOPLE - first) } else { 0 };
            let (thread, text) = (self.seed.below(THREADS), text(&mut self.seed, MESSAGE_CHARS));
            steps.push(Step { at, who, what: Act::Message { thread, text } });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_work_in_json_too_and_another_seed_other_words() {
        let work = Workload::of(7);
        let json = serde_json::to_string(&work).unwrap();
        assert_eq!(serde_json::from_str::<Workload>(&json).unwrap(), Workload::of(7));
        assert_ne!(work, Workload { seed: 7, ..Workload::of(8) });
    }

    #[test]
    fn the_work_is_as_large_as_it_says_and_nobody_writes_before_their_time() {
        let work = Workload::of(1);
        assert_eq!(work.counts(), (51, 2_090));
        for steps in [&work.history, &work.away, &work.meanwhile] {
            assert!(steps.is_sorted_by_key(|step| step.at));
        }
        assert!(work.history.iter().all(|step| step.at < 0) && work.away.iter().all(|step| step.at >= 0));
        assert!(work.away.iter().all(|step| step.who == 0) && work.meanwhile.iter().all(|step| step.who > 0));
        let bursts = |steps: &[Step]| -> Vec<usize> {
            let counts = steps.iter().filter_map(|step| match &step.what {
                Act::Write { bursts, .. } => Some(bursts.len()),
                _ => None,
            });
            counts.collect()
        };
        assert_eq!((bursts(&work.history), bursts(&work.away)), (vec![133; 50], vec![200, 5, 5, 5]));
        assert_eq!(bursts(&work.meanwhile), [5]);
    }
}
