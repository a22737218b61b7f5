//! What one of them keeps for herself, and whom she talks to alone: what shows to whoever comes back with her printed code.

use kith_shared::document::{Choice, ChoiceKind, DocumentName, OwnEntry, PlanLine, Subject};
use kith_shared::ids::MemberId;
use kith_shared::time::{Day, TimestampMs};
use kith_shared::wire::Entry;

use super::paper::Paper;
use super::people::{Group, HER_PEOPLE, WHO_CAME_BACK};
use super::random::Random;
use super::words::{NOTES, PAGES, PLAN, WITH_KOFI, WITH_NADIA};
use super::{DAY_MS, DemoError};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
/// When she notes how she is.
const EVENING_MS: u64 = 20 * HOUR_MS;
/// Of a hundred evenings, so many have a check-in; of those, so many a note.
const CHECK_INS_PERCENT: u64 = 84;
const NOTES_PERCENT: u64 = 28;
/// So often she answers what; in days.
const PHQ_4_DAYS: u32 = 14;
const GAD_7_DAYS: u32 = 28;
const BARC_10_DAYS: u32 = 42;
const PAGE_DAYS: u32 = 60;
/// Over so long their talks lie apart.
const TALK_MS: u64 = 70 * DAY_MS;
/// Between their last talk and the end.
const UNTIL_NOW_MS: u64 = 3 * HOUR_MS;

/// Her plan, journal and choices, and her talks with her people.
pub(super) fn own(
    group: &Group,
    (begun, until): (TimestampMs, TimestampMs),
    random: &mut Random,
) -> Result<Vec<Vec<Entry>>, DemoError> {
    let member = group.members[WHO_CAME_BACK];
    let mut documents = vec![plan(group, member, begun)?, choices(group, member, begun)?];
    documents.extend(journal(group, member, (begun.day(), until.day()), random)?);
    let [kofi, nadia] = HER_PEOPLE;
    documents.extend(talk(group, kofi, &WITH_KOFI, (begun, until))?);
    documents.extend(talk(group, nadia, &WITH_NADIA, (begun, until))?);
    Ok(documents)
}

fn plan(group: &Group, member: MemberId, begun: TimestampMs) -> Result<Vec<Entry>, DemoError> {
    let mut paper = Paper::new(group, DocumentName::new(Subject::Plan { member }));
    for (nth, (part, text, phone)) in PLAN.into_iter().enumerate() {
        let line = PlanLine { part, text: text.to_owned(), phone: phone.to_owned() };
        let made = begun.plus_ms(DAY_MS + nth as u64 * 3 * MINUTE_MS);
        paper.say(WHO_CAME_BACK, made, &line.encode(), None)?;
    }
    Ok(paper.into_entries())
}

fn choices(group: &Group, member: MemberId, begun: TimestampMs) -> Result<Vec<Entry>, DemoError> {
    let mut paper = Paper::new(group, DocumentName::new(Subject::Choices { member }));
    let buddy = Choice { kind: ChoiceKind::Buddy, member: group.members[HER_PEOPLE[0]] };
    paper.say(WHO_CAME_BACK, begun.plus_ms(2 * DAY_MS), &buddy.encode(), None)?;
    Ok(paper.into_entries())
}

fn journal(
    group: &Group,
    member: MemberId,
    (first, last): (Day, Day),
    random: &mut Random,
) -> Result<Vec<Vec<Entry>>, DemoError> {
    let mut documents = Vec::new();
    let mut open: Option<Paper<'_>> = None;
    for number in first.0..last.0 {
        let (day, evening) = (Day(number), TimestampMs(u64::from(number) * DAY_MS + EVENING_MS));
        let name = DocumentName::new(Subject::Journal { member, month: day.month() });
        if open.as_ref().is_none_or(|paper| *paper.name() != name) {
            documents.extend(open.replace(Paper::new(group, name)).map(Paper::into_entries));
        }
        let Some(paper) = open.as_mut() else { continue };
        let (age, way) = (number - first.0, f64::from(number - first.0) / f64::from((last.0 - first.0).max(1)));
        for (nth, entry) in entries(age, way, random).into_iter().enumerate() {
            let made = evening.plus_ms(nth as u64 * 4 * MINUTE_MS);
            paper.say(WHO_CAME_BACK, made, &entry.encode(day), None)?;
        }
    }
    documents.extend(open.map(Paper::into_entries));
    Ok(documents)
}

/// What she notes on her day of that number, so far on her way, from 0 to 1.
fn entries(age: u32, way: f64, random: &mut Random) -> Vec<OwnEntry> {
    let mut entries = Vec::new();
    if random.percent(CHECK_INS_PERCENT) {
        let mut about = |from: f64, to: f64| Some(step(from + (to - from) * way, random));
        let (mood, craving, sleep, energy) = (about(1.2, 3.1), about(3.0, 0.8), about(1.0, 2.9), about(1.3, 2.8));
        let note = if random.percent(NOTES_PERCENT) { note(way, random) } else { String::new() };
        entries.push(OwnEntry::CheckIn { mood, craving, sleep, energy, note });
    }
    let mut filled = |instrument: &str, items: usize, (from, to): (f64, f64), (least, most): (u8, u8)| {
        let answer = |random: &mut Random| (step(from + (to - from) * way, random)).clamp(least, most);
        let answers = (0..items).map(|_| Some(answer(random))).collect();
        entries.push(OwnEntry::Filled { instrument: instrument.to_owned(), version: 1, answers });
    };
    if age.is_multiple_of(PHQ_4_DAYS) {
        filled("phq-4", 4, (2.0, 0.5), (0, 3));
    }
    if age % GAD_7_DAYS == 3 {
        filled("gad-7", 7, (1.8, 0.6), (0, 3));
    }
    if age % BARC_10_DAYS == 5 {
        filled("barc-10", 10, (2.6, 5.0), (1, 6));
    }
    if age % PAGE_DAYS == 20 {
        entries.push(OwnEntry::Text { text: random.pick(&PAGES).to_owned() });
    }
    entries
}

/// A step about a height, with a good or bad day now and then.
fn step(height: f64, random: &mut Random) -> u8 {
    let off = random.pick(&[-1.2, -0.6, -0.3, 0.0, 0.0, 0.2, 0.4, 0.9]);
    let step = (height + off).round().clamp(0.0, 4.0);
    // From 0 to 4, whole.
    step as u8
}

fn note(way: f64, random: &mut Random) -> String {
    let window = NOTES.len() / 2;
    let first = (way * (NOTES.len() - window) as f64) as usize;
    NOTES[(first + usize::try_from(random.below(window as u64)).unwrap_or(0)).min(NOTES.len() - 1)].to_owned()
}

/// What two say to each other, the last of it in the last days; in documents by month.
fn talk(
    group: &Group,
    other: usize,
    evenings: &[&[(bool, &str)]],
    (begun, until): (TimestampMs, TimestampMs),
) -> Result<Vec<Vec<Entry>>, DemoError> {
    let (hers, theirs) = (group.members[WHO_CAME_BACK], group.members[other]);
    let span = until.since_ms(begun).min(TALK_MS);
    let mut documents = Vec::new();
    let mut open: Option<Paper<'_>> = None;
    for (nth, lines) in evenings.iter().enumerate() {
        let before = span * (evenings.len() - 1 - nth) as u64 / evenings.len() as u64;
        let evening = TimestampMs(until.0.saturating_sub(before + UNTIL_NOW_MS));
        let subject = Subject::pair(hers, theirs, evening.day().month(), 0).ok_or(DemoError::Refused)?;
        let name = DocumentName::new(subject);
        if open.as_ref().is_none_or(|paper| *paper.name() != name) {
            documents.extend(open.replace(Paper::new(group, name)).map(Paper::into_entries));
        }
        let Some(paper) = open.as_mut() else { continue };
        for (at, (is_other, text)) in lines.iter().enumerate() {
            let person = if *is_other { other } else { WHO_CAME_BACK };
            paper.say(person, evening.plus_ms(at as u64 * 7 * MINUTE_MS), text, None)?;
        }
    }
    documents.extend(open.map(Paper::into_entries));
    Ok(documents)
}
