use kith_shared::document::{DocumentName, ReactionKind, Subject};
use kith_shared::ids::ThreadId;
use kith_shared::time::TimestampMs;
use kith_shared::wire::Entry;

use super::DemoError;
use super::paper::Paper;
use super::people::Group;
use super::random::Random;
use super::words::{NAMES, REPLIES, SLOTS, Talk};

/// Of a hundred messages, so many get a reaction.
const REACTIONS_PERCENT: u64 = 25;
const MINUTE_MS: u64 = 60_000;

/// A message before anybody wrote it.
struct Line {
    person: usize,
    sent: TimestampMs,
    text: String,
    answers: Option<usize>,
}

/// A thread's messages between two times, in documents by month; one at the end may be hidden.
pub(super) fn thread(
    group: &Group,
    thread: ThreadId,
    (talks, hidden): (&[Talk], Option<&(usize, &str, &str)>),
    count: usize,
    (from, to): (TimestampMs, TimestampMs),
    random: &mut Random,
) -> Result<Vec<Vec<Entry>>, DemoError> {
    let lines = lines(talks, group.devices.len(), count, (from, to), random);
    let mut documents = Vec::new();
    let mut rest = lines.as_slice();
    let mut first = 0;
    while let Some(line) = rest.first() {
        let month = line.sent.day().month();
        let here = rest.iter().take_while(|line| line.sent.day().month() == month).count();
        let name = DocumentName::new(Subject::Thread { thread, month, part: 0 });
        let mut paper = write(Paper::new(group, name), &rest[..here], first, random)?;
        if let (Some(hidden), [first, .., last]) = (hidden.filter(|_| here == rest.len()), &rest[..here]) {
            hide(&mut paper, hidden, (first.sent, last.sent))?;
        }
        documents.push(paper.into_entries());
        rest = &rest[here..];
        first += here;
    }
    Ok(documents)
}

fn write<'a>(mut paper: Paper<'a>, lines: &[Line], first: usize, random: &mut Random) -> Result<Paper<'a>, DemoError> {
    let mut keys: Vec<String> = Vec::new();
    for line in lines {
        let answers = line.answers.and_then(|at| keys.get(at.checked_sub(first)?)).cloned();
        let key = paper.say(line.person, line.sent, &line.text, answers.as_deref())?;
        if random.percent(REACTIONS_PERCENT) {
            let person = other(line.person, random);
            let kind = random.pick(&ReactionKind::ALL);
            let sent = line.sent.plus_ms((1 + random.below(40)) * MINUTE_MS);
            paper.write(person, sent, |handle| handle.react(&key, kind, true, sent))?;
        }
        keys.push(key);
    }
    Ok(paper)
}

/// Somebody writes what the facilitator hides, and she says why; all of it within the month, before the last message.
fn hide(
    paper: &mut Paper<'_>,
    (person, text, why): &(usize, &str, &str),
    (first, last): (TimestampMs, TimestampMs),
) -> Result<(), DemoError> {
    let span = last.since_ms(first).min(90 * MINUTE_MS);
    let sent = TimestampMs(last.0 - span);
    let key = paper.say(*person, sent, text, None)?;
    let hidden = sent.plus_ms(span / 3);
    paper.write(0, hidden, |handle| handle.hide(&key, true, hidden))?;
    paper.say(0, sent.plus_ms(span / 2), why, None)?;
    Ok(())
}

fn other(person: usize, random: &mut Random) -> usize {
    let step = 1 + usize::try_from(random.below(NAMES.len() as u64 - 1)).unwrap_or(0);
    (person + step) % NAMES.len()
}

/// Conversations, spread over the time, as one list in the order of sending.
fn lines(
    talks: &[Talk],
    people: usize,
    count: usize,
    (from, to): (TimestampMs, TimestampMs),
    random: &mut Random,
) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut deck: Vec<usize> = Vec::new();
    while lines.len() < count {
        if deck.is_empty() {
            deck = random.some(talks.len(), talks.len());
        }
        let Some(talk) = deck.pop().and_then(|at| talks.get(at)) else { break };
        let span = to.since_ms(from);
        let begun = from.plus_ms(span / count as u64 * lines.len() as u64);
        conversation(talk, people, begun, &mut lines, random);
    }
    lines.truncate(count);
    let mut latest = from;
    for line in &mut lines {
        latest = line.sent.max(latest.plus_ms(1));
        line.sent = latest;
    }
    lines
}

fn conversation(talk: Talk, people: usize, begun: TimestampMs, lines: &mut Vec<Line>, random: &mut Random) {
    let cast = random.some(6, people);
    let first = lines.len();
    let mut sent = begun;
    for (speaker, ways) in talk {
        sent = sent.plus_ms((1 + random.below(35)) * MINUTE_MS);
        let text = filled(random.pick(ways), &cast, random);
        let answers = (lines.len() > first && random.percent(20)).then(|| lines.len() - 1);
        lines.push(Line { person: cast[usize::from(*speaker)], sent, text, answers });
    }
    for reply in 0..random.below(3) {
        sent = sent.plus_ms((10 + random.below(240)) * MINUTE_MS);
        let text = filled(random.pick(&REPLIES), &cast, random);
        let answers = random.percent(50).then_some(first);
        lines.push(Line { person: cast[4 + usize::try_from(reply).unwrap_or(0)], sent, text, answers });
    }
}

fn filled(text: &str, cast: &[usize], random: &mut Random) -> String {
    let mut text = text.replace("{a}", NAMES[cast[5]]).replace("{b}", NAMES[cast[4]]);
    for (slot, ways) in SLOTS {
        if text.contains(slot) {
            text = text.replace(slot, random.pick(ways));
        }
    }
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
