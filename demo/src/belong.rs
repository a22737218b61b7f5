//! What holds the circle together: its profile with the agreement, rituals and roles; stories and milestones.

use kith_shared::document::{DocumentName, EditProblem, Handle, HelplineEdit, ReactionKind, Subject, Told};
use kith_shared::ids::ThreadId;
use kith_shared::time::TimestampMs;
use kith_shared::wire::Entry;

use super::paper::Paper;
use super::people::Group;
use super::words::{
    ADDED, AGREED_BEFORE, AGREEMENT, CIRCLE, CLOSING, FOLLOW_UP, HELPLINES, NAMES, NOT_AGREED, OPENING, ROLES, THREADS,
    TOLD,
};
use super::{DAY_MS, DemoError};

const MINUTE_MS: u64 = 60_000;

/// The circle's profile, as it came to be: names and agreement in the beginning, a line more halfway.
pub(super) fn profile(
    group: &Group,
    threads: &[ThreadId],
    (begun, until): (TimestampMs, TimestampMs),
) -> Result<Vec<Entry>, DemoError> {
    let mut paper = Paper::new(group, DocumentName::new(Subject::Profile));
    for (person, name) in NAMES.iter().enumerate() {
        let now = begun.plus_ms(person as u64 * MINUTE_MS);
        paper.write(person, now, |handle| {
            if person == 0 {
                lead(handle, threads, group, now)?;
            }
            handle.set_own_name(name, now)
        })?;
    }
    let agreeing = |paper: &mut Paper<'_>, begun: TimestampMs, left_out: &[usize]| {
        let agree = |person: &usize| !NOT_AGREED.contains(person) && !left_out.contains(person);
        for person in (0..NAMES.len()).filter(agree) {
            let now = begun.plus_ms((1 + person as u64) * 9 * MINUTE_MS);
            paper.write(person, now, |handle| {
                let all = handle.profile()?.agreement_digest();
                handle.agree(&all, now)
            })?;
        }
        Ok::<_, DemoError>(())
    };
    agreeing(&mut paper, begun.plus_ms(DAY_MS), &[])?;
    let halfway = begun.plus_ms(until.since_ms(begun) / 2);
    paper.write(0, halfway, |handle| handle.add_agreement_line(ADDED, halfway))?;
    agreeing(&mut paper, halfway, &AGREED_BEFORE)?;
    Ok(paper.into_entries())
}

/// What the facilitator writes when the circle begins.
fn lead(handle: &mut Handle, threads: &[ThreadId], group: &Group, now: TimestampMs) -> Result<(), EditProblem> {
    handle.set_circle_name(CIRCLE, now)?;
    for line in AGREEMENT {
        handle.add_agreement_line(line, now)?;
    }
    for (name, person) in ROLES {
        handle.add_role(name, person.map(|person| &group.members[person]), now)?;
    }
    handle.set_rituals(Some(OPENING), Some(CLOSING), now)?;
    let [who, by] = FOLLOW_UP;
    handle.set_follow_up(Some(who), Some(by), now)?;
    handle.set_about_alcohol(true, now)?;
    for line in HELPLINES {
        handle.add_helpline(&HelplineEdit { checked: Some(now.day()), ..line }, now)?;
    }
    for (thread, (title, _)) in threads.iter().zip(THREADS).skip(1) {
        handle.set_thread(thread, title, now)?;
    }
    Ok(())
}

/// What people told the circle, and what others said to it.
pub(super) fn stories(group: &Group, (begun, until): (TimestampMs, TimestampMs)) -> Result<Vec<Entry>, DemoError> {
    let mut paper = Paper::new(group, DocumentName::new(Subject::Stories));
    for telling in &TOLD {
        let made = begun.plus_ms(until.since_ms(begun) / 100 * telling.at);
        let text = telling.text.to_owned();
        let told = match telling.title {
            Some(title) => {
                let ends_ms = telling.days.map(|days| until.plus_ms(days * DAY_MS).0);
                Told::Story { title: title.to_owned(), text, ends_ms }
            }
            None => Told::Milestone { day: made.day().0, text },
        };
        let key = paper.say(telling.person, made, &told.encode(), None)?;
        for (nth, person) in telling.with.iter().enumerate() {
            let kind = ReactionKind::ALL[(nth + telling.person) % ReactionKind::ALL.len()];
            let said = made.plus_ms((nth as u64 + 1) * 50 * MINUTE_MS);
            paper.write(*person, said, |handle| handle.react(&key, kind, true, said))?;
        }
    }
    Ok(paper.into_entries())
}
