//! A circle that reads like real life: a facilitator, 12 members, 50 session notes, 2,000 messages in 4 threads.
//! The same seed and time give the same circle. All of it goes in as from phones: signed, packed, through the
//! gate, committed page by page.

mod note;
mod paper;
mod post;
mod random;
mod talk;
mod words;

use std::sync::Arc;

use kith_shared::document::{DocumentName, EditProblem, Subject};
use kith_shared::ids::{CircleId, MemberId, ThreadId};
use kith_shared::time::{Day, TimestampMs};
use kith_shared::trust::DeviceSecret;

use crate::store::{Store, StoreError};

use paper::Paper;
use post::Post;
use random::Random;
use words::{AGREEMENT, CIRCLE, NAMES, THREADS};

/// Sessions, one a week.
const SESSIONS: usize = 50;
/// Messages in each thread.
const THREAD_MESSAGES: usize = 500;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Why a demo circle was not made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An edit.
    #[error("the demo circle could not be written: {0}")]
    Edit(#[from] EditProblem),
    /// The server's own gate.
    #[error("the demo circle was refused by this server: that is a defect, please report it")]
    Refused,
}

/// Fills a store. `progress` is told what is being done.
///
/// # Errors
/// What the store says; anything else is a defect.
pub async fn seed(
    store: &Arc<dyn Store>,
    now: TimestampMs,
    seed: u64,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<CircleId, DemoError> {
    let mut random = Random::new(seed);
    let circle = CircleId(random.bytes());
    let people: Vec<DeviceSecret> = NAMES.iter().map(|_| DeviceSecret::from_seed(random.bytes())).collect();
    let post = Post::begin(store, circle, CIRCLE, &people, now, &mut random).await?;
    progress(&format!("the circle \"{CIRCLE}\" with {} people", people.len()));
    let members = post.members();
    let threads: Vec<ThreadId> = THREADS
        .iter()
        .map(|(title, _)| if title.is_empty() { ThreadId::CIRCLE } else { ThreadId(random.bytes()) })
        .collect();
    let last = last_thursday(now);
    let begun = TimestampMs(u64::from(last.0 - 7 * (SESSIONS as u32 - 1)) * DAY_MS);
    post.send(profile(circle, &people, &threads, begun)?).await?;
    for number in 0..SESSIONS {
        let day = Day(last.0 - 7 * (SESSIONS - 1 - number) as u32);
        post.send(note::session(circle, &people, &members, (number, day), &mut random)?).await?;
        if (number + 1) % 10 == 0 {
            progress(&format!("{} of {SESSIONS} session notes", number + 1));
        }
    }
    let until = TimestampMs(now.0.saturating_sub(DAY_MS / 4));
    for (nth, (thread, (_, talks))) in threads.iter().zip(THREADS).enumerate() {
        let span = (begun, until);
        for document in talk::thread(circle, &people, *thread, talks, THREAD_MESSAGES, span, &mut random)? {
            post.send(document).await?;
        }
        progress(&format!("{} of {} messages", (nth + 1) * THREAD_MESSAGES, THREADS.len() * THREAD_MESSAGES));
    }
    Ok(circle)
}

fn profile(
    circle: CircleId,
    people: &[DeviceSecret],
    threads: &[ThreadId],
    begun: TimestampMs,
) -> Result<Vec<kith_shared::wire::Entry>, DemoError> {
    let mut paper = Paper::new(circle, DocumentName::new(Subject::Profile), people);
    for (person, name) in NAMES.iter().enumerate() {
        let now = begun.plus_ms(person as u64 * 60_000);
        paper.write(person, now, Vec::new(), |handle| {
            if person == 0 {
                handle.set_circle_name(CIRCLE, now)?;
                handle.set_agreement(AGREEMENT, now)?;
                for (thread, (title, _)) in threads.iter().zip(THREADS).skip(1) {
                    handle.set_thread(thread, title, now)?;
                }
            }
            handle.set_own_name(name, now)
        })?;
    }
    Ok(paper.into_entries())
}

/// The last Thursday before today. Day 0 was one.
fn last_thursday(now: TimestampMs) -> Day {
    let today = now.day().0.saturating_sub(1);
    Day(today - today % 7)
}

/// Whose device is whose.
type Members = Vec<MemberId>;

#[cfg(test)]
mod tests {
    use kith_shared::document::Handle;
    use kith_shared::ids::ActorId;
    use kith_shared::storage::{Read, Tree};
    use kith_shared::sync::{StoredEntry, key};
    use kith_shared::wire::EntryContent;

    use super::*;
    use crate::admin::circle;
    use crate::store::{MemoryStore, consistency};

    const NOW: TimestampMs = TimestampMs(1_795_500_000_000);

    #[tokio::test]
    async fn the_demo_circle_is_whole_and_the_same_each_time() {
        let mut positions = Vec::new();
        for _ in 0..2 {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
            let id = seed(&store, NOW, 1, &mut |_| {}).await.unwrap();
            let circles = circle::list(store.as_ref()).await.unwrap();
            assert_eq!((circles[0].0, circles[0].1.roster_len), (id, 13));
            let report = consistency::check(store.as_ref(), &circles).await.unwrap();
            assert_eq!((report.problem_count, report.bodies), (0, 2_000));
            positions.push((id, circles[0].1.position, note_units(store.as_ref(), &id).await));
        }
        assert_eq!(positions[0], positions[1]);
        let units = positions[0].2;
        assert!((1_600..2_600).contains(&units), "a note has {units} characters");
    }

    async fn note_units(store: &dyn Store, circle: &CircleId) -> usize {
        let name = DocumentName::new(Subject::SessionNote { day: last_thursday(NOW), ordinal: 0 });
        let prefix = key::document(circle, &name.id(circle));
        let rows = store
            .read(vec![Read::Range {
                tree: Tree::DocumentLog,
                from: prefix.clone(),
                to: key::after_prefix(&prefix),
                rows_max: 1_000,
                bytes_max: usize::MAX,
                reverse: false,
            }])
            .await
            .unwrap()
            .remove(0)
            .rows();
        let at = |row: &[u8]| Read::Get { tree: Tree::Log, key: key::log(circle, key::position_of(row).unwrap()) };
        let found = store.read(rows.iter().map(|(row, _)| at(row)).collect()).await.unwrap();
        let changes: Vec<Vec<u8>> = found
            .into_iter()
            .map(|value| {
                let EntryContent::Plain(change) = StoredEntry::decode(&value.value().unwrap()).unwrap().content;
                change
            })
            .collect();
        Handle::open(circle, &name, ActorId([9; 16]), &changes).unwrap().note_units().unwrap()
    }
}
