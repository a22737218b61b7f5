use kith_shared::document::{DocumentName, Moment, Subject};
use kith_shared::time::TimestampMs;
use kith_shared::wire::Entry;

use super::DemoError;
use super::paper::Paper;
use super::people::Group;
use super::words::WAYS;

const HOUR_MS: u64 = 60 * 60_000;
const WEEK_MS: u64 = 7 * 24 * HOUR_MS;
/// How long after a session people sit down to write.
const AFTER_MS: u64 = 20 * HOUR_MS;

/// The toolkit: what helps these people, what some made of it, and whom it helped in the days after.
pub(super) fn toolkit(group: &Group, begun: TimestampMs) -> Result<Vec<Entry>, DemoError> {
    let mut paper = Paper::new(group, DocumentName::new(Subject::Toolkit));
    let mut keys: Vec<String> = Vec::new();
    for way in &WAYS {
        let made = begun.plus_ms(way.week as u64 * WEEK_MS + AFTER_MS);
        let own = way.own.map(|word| Moment::Own { word: word.to_owned() });
        let moments = way.moments.iter().cloned().chain(own).collect();
        let adapted_from = way.adapted_from.and_then(|at| keys.get(at)).cloned();
        let key = paper.share(way.person, made, (way.title, way.text), moments, adapted_from.as_deref())?;
        for (nth, person) in way.helped.iter().enumerate() {
            let said = made.plus_ms((nth as u64 + 1) * 30 * HOUR_MS);
            paper.write(*person, said, |handle| handle.helped(&key, true, &[], said))?;
        }
        keys.push(key);
    }
    Ok(paper.into_entries())
}
