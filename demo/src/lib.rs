//! A circle that reads like real life: a facilitator, 12 members, 50 session notes, 2,000 messages in 4 threads,
//! and a toolkit. The same seed, time and keys give the same circle. All of it goes in as from phones: stated, sealed, signed,
//! packed, posted to the server's routes, through the gate, committed page by page.
//!
//! No server that people use has any of this in it: whoever has this program has the keys of the circle's facilitator.

mod belong;
mod kept;
mod links;
mod note;
mod own;
mod paper;
mod people;
mod post;
mod random;
mod talk;
mod toolkit;
mod words;

use std::sync::Arc;

use kith_shared::document::EditProblem;
use kith_shared::ids::{CircleId, ThreadId};
use kith_shared::storage::{Batch, Read, ReadResult, Tree};
use kith_shared::sync::statements::HubKeys;
use kith_shared::time::{Day, TimestampMs};
use kith_shared::trust::{DeviceSecret, SigningSecret, StatementProblem};

use kith_server::admin::AdminError;
use kith_server::keys::KeyError;
use kith_server::store::{Store, StoreError};

pub use links::{Printed, links};

use people::come_together;
use post::Post;
use random::Random;
use words::{CIRCLE, HIDDEN, NAMES, THREADS, TOLD, WAYS};

/// Weeks that the circle has met, unless another number is asked for.
pub const WEEKS: u32 = 50;
/// Messages in each thread, of each week.
const WEEK_MESSAGES: usize = 10;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// Stands in [`Tree::Meta`] from before the circle's first row until after its last.
const SEEDING_KEY: &[u8] = b"demo-seeding";

/// Why a demo circle was not made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An edit.
    #[error("the demo circle could not be written: {0}")]
    Edit(#[from] EditProblem),
    /// A statement.
    #[error("the demo circle could not be founded: {0}")]
    Statement(#[from] StatementProblem),
    /// A link.
    #[error("no link to the demo circle could be made: {0}")]
    Link(#[from] AdminError),
    /// The operator's keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// An invented circle that was broken off.
    #[error(
        "the demo circle here was begun and not finished, since its seeding was stopped: remove the data directory \
         and begin anew"
    )]
    Half,
    /// The server's own gate.
    #[error("the demo circle was refused by this server: that is a defect, please report it")]
    Refused,
}

/// The facilitator's device of the demo circle of a seed: known to everyone who has this program.
fn facilitator(seed: u64) -> DeviceSecret {
    DeviceSecret::from_seed(Random::new(seed).bytes())
}

/// The printed code with which one of its members comes back, by the circle's seed.
fn printed_code(seed: u64) -> [u8; 16] {
    Random::new(!seed).bytes()
}

/// What circle is made.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// Another number gives another one.
    pub seed: u64,
    /// How many weeks it has met: so many sessions, and forty messages for each.
    pub weeks: u32,
}

/// Fills a store. `progress` is told what is being done.
///
/// # Errors
/// What the store says; anything else is a defect.
pub async fn seed(
    store: &Arc<dyn Store>,
    keys: &Arc<HubKeys>,
    root: &SigningSecret,
    now: TimestampMs,
    Made { seed, weeks }: Made,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<CircleId, DemoError> {
    refuse_half(store.as_ref()).await?;
    let mut batch = Batch::default();
    batch.put(Tree::Meta, SEEDING_KEY, []);
    store.commit(batch).await?;
    let mut random = Random::new(seed);
    let people: Vec<DeviceSecret> = NAMES.iter().map(|_| DeviceSecret::from_seed(random.bytes())).collect();
    let last = last_thursday(now);
    let begun = TimestampMs(u64::from(last.0.saturating_sub(7 * weeks.saturating_sub(1))) * DAY_MS);
    let paper = DeviceSecret::from_paper(&printed_code(seed));
    let group = come_together(store.as_ref(), keys, root, (people, &paper), begun, &mut random).await?;
    let (circle, post) = (group.circle, Post::new(store, keys, &group, now)?);
    progress(&format!("the circle \"{CIRCLE}\" with {} people", group.devices.len()));
    let threads: Vec<ThreadId> = THREADS
        .iter()
        .map(|(title, _)| if title.is_empty() { ThreadId::CIRCLE } else { ThreadId(random.bytes()) })
        .collect();
    let until = TimestampMs(now.0.saturating_sub(DAY_MS / 4));
    post.send(belong::profile(&group, &threads, (begun, until))?).await?;
    for number in 0..weeks {
        let day = Day(last.0.saturating_sub(7 * (weeks - 1 - number)));
        post.send(note::session(&group, (number as usize, day), &mut random)?).await?;
        if (number + 1) % 10 == 0 {
            progress(&format!("{} of {weeks} session notes", number + 1));
        }
    }
    post.send(toolkit::toolkit(&group, begun)?).await?;
    progress(&format!("{} strategies", WAYS.len()));
    post.send(belong::stories(&group, (begun, until))?).await?;
    progress(&format!("{} stories and milestones", TOLD.len()));
    let thread_messages = weeks as usize * WEEK_MESSAGES;
    for (nth, (thread, (_, talks))) in threads.iter().zip(THREADS).enumerate() {
        let (span, hidden) = ((begun, until), (*thread == ThreadId::CIRCLE).then_some(&HIDDEN));
        for document in talk::thread(&group, *thread, (talks, hidden), thread_messages, span, &mut random)? {
            post.send(document).await?;
        }
        progress(&format!("{} of {} messages", (nth + 1) * thread_messages, THREADS.len() * thread_messages));
    }
    for document in own::own(&group, (begun, until), &mut random)? {
        post.send(document).await?;
    }
    for document in kept::kept(&group, (begun, until), &mut random)? {
        post.send(document).await?;
    }
    progress(&format!("the plan, the journal, what is taken on and the talks of {}", NAMES[people::WHO_CAME_BACK]));
    let mut batch = Batch::default();
    batch.delete(Tree::Meta, SEEDING_KEY);
    store.commit(batch).await?;
    Ok(circle)
}

/// Sees to it that half a circle is not shown as a whole one.
///
/// # Errors
/// [`DemoError::Half`] when [`seed`] was stopped in this store.
async fn refuse_half(store: &dyn Store) -> Result<(), DemoError> {
    let read = Read::Has { tree: Tree::Meta, key: SEEDING_KEY.to_vec() };
    let is_there = store.read(vec![read]).await?.pop().and_then(ReadResult::value).is_some();
    if is_there { Err(DemoError::Half) } else { Ok(()) }
}

/// The last Thursday before today. Day 0 was one.
fn last_thursday(now: TimestampMs) -> Day {
    let today = now.day().0.saturating_sub(1);
    Day(today - today % 7)
}

#[cfg(test)]
mod life_tests;

#[cfg(test)]
mod tests {
    use kith_shared::document::{DocumentName, Handle, StrategyText, Subject};

    use kith_shared::ids::{ActorId, OrganisationKey};
    use kith_shared::seal::{BodyPlace, open_body};
    use kith_shared::storage::{Read, Tree};
    use kith_shared::sync::{StoredEntry, key as at};

    use std::sync::atomic::{AtomicU32, Ordering};

    use kith_server::admin::circle;
    use kith_server::store::{MemoryStore, StoreFuture, consistency};
    use kith_shared::storage::CommitOutcome;

    use super::words::{FOLLOW_UP, HELPLINES};
    use super::*;

    pub(crate) const NOW: TimestampMs = TimestampMs(1_795_500_000_000);
    pub(crate) const FIRST: Made = Made { seed: 1, weeks: WEEKS };

    pub(crate) fn keys() -> (Arc<HubKeys>, SigningSecret) {
        let root = SigningSecret::from_seed(&[1; 32]);
        let server = SigningSecret::from_seed(&[2; 32]);
        (Arc::new(HubKeys { root: OrganisationKey(root.public()), server }), root)
    }

    #[tokio::test]
    async fn the_demo_circle_is_whole_and_the_same_each_time() {
        let mut positions = Vec::new();
        let (keys, root) = keys();
        for _ in 0..2 {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
            let id = seed(&store, &keys, &root, NOW, FIRST, &mut |_| {}).await.unwrap();
            let circles = circle::list(store.as_ref()).await.unwrap();
            assert_eq!((circles[0].0, circles[0].1.roster_len, circles[0].1.chain.position), (id, 14, 19));
            let report = consistency::check(store.as_ref(), &circles).await.unwrap();
            assert!(report.problems.is_empty(), "{:?}", report.problems);
            assert!(report.bodies > 2_300 + WAYS.len() as u64, "{} bodies", report.bodies);
            positions.push((id, circles[0].1.position, note_units(store.as_ref(), &id).await, report.bodies));
        }
        assert_eq!(positions[0], positions[1]);
        let units = positions[0].2;
        assert!((1_600..2_600).contains(&units), "a note has {units} characters");
    }

    #[tokio::test]
    async fn whoever_gets_the_past_reads_the_words_and_nobody_else_does() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (keys, root) = keys();
        let id = seed(&store, &keys, &root, NOW, FIRST, &mut |_| {}).await.unwrap();
        let chain = kith_server::admin::chain::load(store.as_ref(), id).await.unwrap();
        let past = people::past(store.as_ref(), &chain, &facilitator(1)).await.unwrap();
        assert_eq!(past.len(), 1);
        assert_eq!(people::past(store.as_ref(), &chain, &facilitator(2)).await, Ok(Vec::new()));
        let (group, key) = &past[0];
        let month = NOW.day().month();
        let name = DocumentName::new(Subject::Thread { thread: ThreadId::CIRCLE, month, part: 0 });
        let entries = entries(store.as_ref(), &id, &name).await;
        let said = entries.iter().find(|entry| !entry.bodies.is_empty()).unwrap();
        let changes: Vec<&[u8]> = entries.iter().map(|entry| entry.content.bytes()).collect();
        let handle = Handle::open(&id, &name, ActorId([9; 16]), &changes).unwrap();
        let messages = handle.thread().unwrap().messages;
        let message = messages.iter().find(|message| message.body == said.bodies[0]).unwrap();
        let place = BodyPlace {
            circle: id,
            document: name.id(&id),
            device: said.device,
            incarnation: said.incarnation,
            epoch: key.id(&id, group),
            message_key: &message.key,
        };
        let read = Read::Get { tree: Tree::Bodies, key: at::body(&id, &message.body) };
        let body = store.read(vec![read]).await.unwrap().remove(0).value().unwrap();
        let text = open_body(key, &place, &message.commitment, &body).unwrap().text;
        assert!(text.contains(' '), "{text}");
        let other = BodyPlace { message_key: "another", ..place };
        assert!(open_body(key, &other, &message.commitment, &body).is_err());
    }

    #[tokio::test]
    async fn what_one_keeps_for_herself_can_be_written_again_and_is_sealed_for_her_alone() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (keys, root) = keys();
        let id = seed(&store, &keys, &root, NOW, Made { weeks: 9, ..FIRST }, &mut |_| {}).await.unwrap();
        let chain = kith_server::admin::chain::load(store.as_ref(), id).await.unwrap();
        let paper = DeviceSecret::from_paper(&printed_code(1));
        let member = chain.standing().device(&paper.id()).unwrap().member;
        let alone = kith_shared::trust::KeyGroup::Alone(member);
        let reads = chain.standing().devices().filter(|device| chain.standing().reads(&device.id, &alone));
        assert_eq!(reads.count(), 2, "her phone and her printed code");
        let (_, circle_key) = people::past(store.as_ref(), &chain, &facilitator(1)).await.unwrap()[0].clone();
        let month = Day(NOW.day().0 - 10).month();
        for subject in [Subject::Plan { member }, Subject::Choices { member }, Subject::Journal { member, month }] {
            let name = DocumentName::new(subject);
            let entries = entries(store.as_ref(), &id, &name).await;
            let said: Vec<&StoredEntry> = entries.iter().filter(|entry| !entry.bodies.is_empty()).collect();
            assert!(!said.is_empty(), "{name:?}");
            let changes: Vec<&[u8]> = entries.iter().map(|entry| entry.content.plain().unwrap()).collect();
            let messages = Handle::open(&id, &name, ActorId([9; 16]), &changes).unwrap().thread().unwrap().messages;
            let message = messages.iter().find(|message| message.body == said[0].bodies[0]).unwrap();
            let read = Read::Get { tree: Tree::Bodies, key: at::body(&id, &message.body) };
            let body = store.read(vec![read]).await.unwrap().remove(0).value().unwrap();
            let place = BodyPlace {
                circle: id,
                document: name.id(&id),
                device: said[0].device,
                incarnation: said[0].incarnation,
                epoch: circle_key.id(&id, &kith_shared::trust::KeyGroup::Circle),
                message_key: &message.key,
            };
            assert!(open_body(&circle_key, &place, &message.commitment, &body).is_err(), "{name:?}");
        }
        for (part, text, phone) in words::PLAN {
            let line = kith_shared::document::PlanLine { part, text: text.to_owned(), phone: phone.to_owned() };
            assert_eq!(line.check(), Ok(()), "{text}");
            assert!(phone.is_empty() || phone.starts_with("+1 202 555 01"), "{phone}");
        }
    }

    #[tokio::test]
    async fn its_toolkit_is_of_several_people_who_made_more_of_it_and_say_what_helped() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (keys, root) = keys();
        let id = seed(&store, &keys, &root, NOW, FIRST, &mut |_| {}).await.unwrap();
        let name = DocumentName::new(Subject::Toolkit);
        let entries = entries(store.as_ref(), &id, &name).await;
        let changes: Vec<&[u8]> = entries.iter().map(|entry| entry.content.plain().unwrap()).collect();
        let strategies = Handle::open(&id, &name, ActorId([9; 16]), &changes).unwrap().toolkit().unwrap().strategies;
        for (strategy, way) in strategies.iter().zip(&WAYS) {
            let read = Read::Get { tree: Tree::Bodies, key: at::body(&id, &strategy.body) };
            let body = store.read(vec![read]).await.unwrap().remove(0).value().unwrap();
            let said = StrategyText::decode(&body).unwrap();
            assert_eq!((said.title.as_str(), said.check()), (way.title, Ok(())));
            assert_eq!(strategy.adapted_from, way.adapted_from.map(|at| strategies[at].key.clone()));
            assert_eq!(strategy.helped.len(), way.helped.len());
            assert!(!way.helped.contains(&way.person) && strategy.made < NOW);
        }
        let authors: std::collections::BTreeSet<ActorId> = strategies.iter().map(|it| it.author).collect();
        assert_eq!((strategies.len(), authors.len()), (WAYS.len(), WAYS.len()));
    }

    #[tokio::test]
    async fn its_helplines_are_examples_with_numbers_that_nobody_has() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (keys, root) = keys();
        let id = seed(&store, &keys, &root, NOW, FIRST, &mut |_| {}).await.unwrap();
        let name = DocumentName::new(Subject::Profile);
        let entries = entries(store.as_ref(), &id, &name).await;
        let changes: Vec<&[u8]> = entries.iter().map(|entry| entry.content.plain().unwrap()).collect();
        let profile = Handle::open(&id, &name, ActorId([9; 16]), &changes).unwrap().profile().unwrap();
        assert_eq!(profile.helplines.len(), HELPLINES.len());
        for line in &profile.helplines {
            assert!(line.name.value.starts_with("Example"), "{line:?}");
            for number in [&line.phone.value, &line.sms.value] {
                // 555-0100 to 555-0199 are reserved for fiction in North America.
                assert!(number.is_empty() || number.starts_with("+1 202 555 01"), "{number}");
            }
        }
        assert_eq!(profile.follow_up.who.value, FOLLOW_UP[0]);
        assert!(profile.about_alcohol[0].0);
    }

    /// A store that stands still after so many commits.
    struct Stopping {
        store: MemoryStore,
        commits_left: AtomicU32,
    }

    impl Store for Stopping {
        fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
            self.store.read(reads)
        }

        fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome> {
            let left = self.commits_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            match left {
                Ok(_) => self.store.commit(batch),
                Err(_) => Box::pin(async { Err(StoreError::Damaged { cause: "stopped".to_owned() }) }),
            }
        }
    }

    #[tokio::test]
    async fn half_a_demo_circle_is_refused_by_name_and_never_shown_as_a_whole_one() {
        for commits in [1, 2, 9] {
            let stopping = Arc::new(Stopping { store: MemoryStore::new(), commits_left: AtomicU32::new(commits) });
            let store: Arc<dyn Store> = Arc::clone(&stopping) as _;
            let (keys, root) = keys();
            let mut quiet = |_: &str| {};
            assert!(seed(&store, &keys, &root, NOW, FIRST, &mut quiet).await.is_err());
            stopping.commits_left.store(u32::MAX, Ordering::SeqCst);
            assert!(matches!(refuse_half(store.as_ref()).await, Err(DemoError::Half)), "after {commits}");
            assert!(matches!(seed(&store, &keys, &root, NOW, FIRST, &mut quiet).await, Err(DemoError::Half)));
        }
    }

    async fn note_units(store: &dyn Store, circle: &CircleId) -> usize {
        let name = DocumentName::new(Subject::SessionNote { day: last_thursday(NOW), ordinal: 0 });
        let entries = entries(store, circle, &name).await;
        let changes: Vec<&[u8]> = entries.iter().map(|entry| entry.content.plain().unwrap()).collect();
        Handle::open(circle, &name, ActorId([9; 16]), &changes).unwrap().note_units().unwrap()
    }

    pub(crate) async fn entries(store: &dyn Store, circle: &CircleId, name: &DocumentName) -> Vec<StoredEntry> {
        let prefix = at::document(circle, &name.id(circle));
        let rows = store
            .read(vec![Read::Range {
                tree: Tree::DocumentLog,
                from: prefix.clone(),
                to: at::after_prefix(&prefix),
                rows_max: 1_000,
                bytes_max: usize::MAX,
                reverse: false,
            }])
            .await
            .unwrap()
            .remove(0)
            .rows();
        let at = |row: &[u8]| Read::Get { tree: Tree::Log, key: at::log(circle, at::position_of(row).unwrap()) };
        let found = store.read(rows.iter().map(|(row, _)| at(row)).collect()).await.unwrap();
        found.into_iter().map(|value| StoredEntry::decode(&value.value().unwrap()).unwrap()).collect()
    }
}
