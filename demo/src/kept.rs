//! What one of them takes on, alone and with her people, and how it goes; what one of these told her alone.

use kith_shared::document::{DocumentName, Kept, Outcome, Subject, TakenOn, Told};
use kith_shared::time::{Day, TimestampMs};
use kith_shared::wire::Entry;

use super::paper::Paper;
use super::people::{Group, HER_PEOPLE, WHO_CAME_BACK};
use super::random::Random;
use super::words::{ASKED, TAKEN, TOLD_HER, Taken, Whose};
use super::{DAY_MS, DemoError};

const HOUR_MS: u64 = 60 * 60_000;
/// When how it went is noted.
const EVENING_MS: u64 = 19 * HOUR_MS;
/// Of a hundred days that it was meant for, so many have an attempt; where it has no days, of all days.
const MEANT_PERCENT: u64 = 85;
const WHENEVER_PERCENT: u64 = 6;
const NOTES_PERCENT: u64 = 35;

/// The documents of what Amina takes on: her own, and one with each of her people.
pub(super) fn kept(
    group: &Group,
    (begun, until): (TimestampMs, TimestampMs),
    random: &mut Random,
) -> Result<Vec<Vec<Entry>>, DemoError> {
    let member = group.members[WHO_CAME_BACK];
    let mut documents = Vec::new();
    for with in [None, Some(0), Some(1)] {
        let subject = match with {
            None => Some(Subject::Commitments { member, part: 0 }),
            Some(other) => Subject::between(member, group.members[HER_PEOPLE[other]], 0),
        };
        let mut paper = Paper::new(group, DocumentName::new(subject.ok_or(DemoError::Refused)?));
        for taken in TAKEN.iter().filter(|taken| taken.whose.with() == with) {
            take_on(&mut paper, taken, (begun, until), random)?;
        }
        if with == Some(0) {
            let [title, text] = TOLD_HER.map(str::to_owned);
            let made = TimestampMs(until.0.saturating_sub(9 * DAY_MS).max(begun.0));
            paper.say(HER_PEOPLE[0], made, &Told::Story { title, text, ends_ms: None }.encode(), None)?;
        }
        if with == Some(1) {
            let asked = TakenOn {
                since: until.day(),
                days: 0,
                due: Some(Day(until.day().0 + (7 - until.day().0 % 7) % 7)),
                from: String::new(),
                words: ASKED.to_owned(),
            };
            let made = TimestampMs(until.0.saturating_sub(2 * HOUR_MS));
            paper.say(HER_PEOPLE[1], made, &Kept::Commitment(asked).encode(), None)?;
        }
        documents.push(paper.into_entries());
    }
    Ok(documents)
}

/// It is taken on, answered, tried on its days, and maybe done with.
fn take_on(
    paper: &mut Paper<'_>,
    taken: &Taken,
    (begun, until): (TimestampMs, TimestampMs),
    random: &mut Random,
) -> Result<(), DemoError> {
    let since = Day(until.day().0.saturating_sub(7 * taken.weeks).max(begun.day().0));
    let end = Day(until.day().0.saturating_sub(7 * taken.ended.unwrap_or(0)).max(since.0));
    let (who, other) = taken.whose.people();
    let made = TimestampMs(u64::from(since.0) * DAY_MS + EVENING_MS);
    let (days, words) = (taken.days, taken.words.to_owned());
    let commitment = TakenOn { since, days, due: None, from: String::new(), words };
    let key = paper.say(who, made, &Kept::Commitment(commitment).encode(), None)?;
    if let Some(other) = other {
        let yes = Kept::Answer { accepted: true }.encode();
        paper.say(other, made.plus_ms(HOUR_MS), &yes, Some(&key))?;
    }
    for number in since.0 + 1..end.0 {
        let percent = match days {
            0 => WHENEVER_PERCENT,
            days if days >> weekday(number) & 1 == 1 => MEANT_PERCENT,
            _ => 0,
        };
        let way = u64::from(number - since.0) * 100 / u64::from((end.0 - since.0).max(1));
        for (nth, person) in [Some(who), other].into_iter().flatten().enumerate() {
            if !random.percent(percent) {
                continue;
            }
            let attempt = attempt(Day(number), taken, way, random).encode();
            let noted = TimestampMs(u64::from(number) * DAY_MS + EVENING_MS + nth as u64 * HOUR_MS);
            paper.say(person, noted, &attempt, Some(&key))?;
        }
    }
    if taken.ended.is_some() {
        let ended = TimestampMs(u64::from(end.0) * DAY_MS + EVENING_MS);
        paper.say(who, ended, &Kept::End.encode(), Some(&key))?;
    }
    Ok(())
}

/// How it went on a day, so far on the way, in hundredths: oftener done towards the end, and never each time.
fn attempt(day: Day, taken: &Taken, way: u64, random: &mut Random) -> Kept {
    let (outcome, notes) = match random.below(100) {
        at if at < 40 + way * 3 / 10 => (Outcome::Done, taken.notes[0]),
        at if at < 85 => (Outcome::Tried, taken.notes[1]),
        _ => (Outcome::NotThisTime, taken.notes[2]),
    };
    let note = if random.percent(NOTES_PERCENT) { random.pick(notes) } else { "" };
    Kept::Attempt { day, outcome, note: note.to_owned() }
}

/// Monday is 0. Day 0 was a Thursday.
fn weekday(day: u32) -> u32 {
    (day + 3) % 7
}

impl Whose {
    /// Which of her people it is with.
    pub(super) fn with(self) -> Option<usize> {
        match self {
            Self::Hers => None,
            Self::WithHer(other) | Self::AskedHer(other) => Some(other),
        }
    }

    /// Who took it on, and whom they asked, by their places among the names.
    fn people(self) -> (usize, Option<usize>) {
        match self {
            Self::Hers => (WHO_CAME_BACK, None),
            Self::WithHer(other) => (WHO_CAME_BACK, Some(HER_PEOPLE[other])),
            Self::AskedHer(other) => (HER_PEOPLE[other], Some(WHO_CAME_BACK)),
        }
    }
}
