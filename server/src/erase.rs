//! Deleted means gone: what was erased is removed from the files too, by writing them anew within hours.

use std::sync::Arc;
use std::time::Duration;

use kith_shared::storage::{Batch, CommitOutcome};
use tokio::sync::watch;

use crate::audit::{self, Action, Actor, Event};
use crate::clock::Clock;
use crate::store::{Part, RewriteReport, Sealed, SledStore, StoreError};

/// How often it is looked whether there is something to do.
const CHECK_TIME: Duration = Duration::from_secs(60);

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EraseReport {
    /// Rows of shredded circles that were still there.
    pub shredded_rows: u64,
    /// The parts that were written anew.
    pub rewrites: Vec<(Part, RewriteReport)>,
}

/// Removes what is left of shredded circles, and writes the parts anew in which something was erased.
///
/// # Errors
/// What the store says; run again, it goes on.
pub async fn run(store: &Sealed<SledStore>, actor: Actor, clock: &dyn Clock) -> Result<EraseReport, StoreError> {
    let mut report = EraseReport { shredded_rows: store.remove_shredded().await?, rewrites: Vec::new() };
    for part in Part::ALL {
        if let Some(erased) = store.erased_since_rewrite(part).await? {
            report.rewrites.push((part, store.inner().rewrite(part).await?));
            note(store, part, erased, actor, clock).await?;
        }
    }
    Ok(report)
}

/// Notes that a part was written anew, for the next run and for people, in one batch.
async fn note(
    store: &Sealed<SledStore>,
    part: Part,
    erased: u64,
    actor: Actor,
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    loop {
        let (time, action) = (clock.now(), Action::Erased);
        let event = Event { time, actor, action, circle: None, subject: Vec::new() };
        let mut batch = Batch::default();
        audit::append(&mut batch, &audit::head(store).await?, &[event]);
        if store.mark_rewritten(part, erased, batch).await? == CommitOutcome::Committed {
            return Ok(());
        }
    }
}

/// Does so at the start, if something was erased before, and then within `time` of each erasure, until the
/// server shuts down.
pub async fn task(
    store: Arc<Sealed<SledStore>>,
    clock: Arc<dyn Clock>,
    time: Duration,
    mut closing: watch::Receiver<bool>,
) {
    let mut due = Some(Duration::ZERO);
    loop {
        match is_pending(&store).await {
            Ok(false) => due = None,
            Ok(true) => {
                let now = clock.monotonic();
                let at = *due.get_or_insert(now.saturating_add(time));
                if at <= now {
                    match run(&store, Actor::Server, clock.as_ref()).await {
                        Ok(report) => log(&report),
                        Err(error) => tracing::error!(%error, "what was erased is still on the disk: trying again"),
                    }
                }
            }
            Err(error) => tracing::error!(%error, "whether something was erased is not known"),
        }
        let wait = CHECK_TIME.min(time.max(Duration::from_secs(1)));
        if tokio::time::timeout(wait, closing.wait_for(|closing| *closing)).await.is_ok() {
            return;
        }
    }
}

async fn is_pending(store: &Sealed<SledStore>) -> Result<bool, StoreError> {
    for part in Part::ALL {
        if store.erased_since_rewrite(part).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn log(report: &EraseReport) {
    for (part, rewrite) in &report.rewrites {
        let (before, after) = (rewrite.bytes_before, rewrite.bytes_after);
        tracing::info!(erase.part = ?part, erase.rows = rewrite.rows, erase.before_bytes = before, erase.after_bytes = after, "what was erased is gone");
    }
}

#[cfg(test)]
mod tests {
    use kith_shared::ids::{BodyId, CircleId, DeviceId};
    use kith_shared::storage::{Read, Tree};
    use kith_shared::sync::key;
    use kith_shared::time::TimestampMs;

    use super::*;
    use crate::admin::{AdminError, circle, shred};
    use crate::clock::FixedClock;
    use crate::open::tests::config;
    use crate::open::{Opened, open};
    use crate::organisation;
    use crate::store::Store;
    use crate::testing::{Folder, files_holding};
    use kith_shared::trust::StatementProblem;

    const CIRCLE: CircleId = CircleId([1; 16]);
    const TEXT: &[u8] = b"I wish that I had not said this";

    fn body(circle: CircleId, text: &[u8]) -> Vec<u8> {
        key::body(&circle, &BodyId::of(text))
    }

    async fn put(store: &dyn Store, tree: Tree, key: Vec<u8>, value: &[u8]) {
        let mut batch = Batch::default();
        batch.put(tree, key, value);
        store.commit(batch).await.unwrap();
    }

    /// The bytes that stand on the disk for a row.
    async fn sealed(opened: &Opened, tree: Tree, key: Vec<u8>) -> Vec<u8> {
        let read = Read::Get { tree, key };
        opened.store.inner().read(vec![read]).await.unwrap().remove(0).value().unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_erased_body_is_in_no_file_neither_open_nor_sealed() {
        let folder = Folder::new();
        let opened = open(&config(&folder)).await.unwrap();
        put(opened.store.as_ref(), Tree::Bodies, body(CIRCLE, TEXT), TEXT).await;
        put(opened.store.as_ref(), Tree::Bodies, body(CIRCLE, b"stays"), b"stays").await;
        let stood = sealed(&opened, Tree::Bodies, body(CIRCLE, TEXT)).await;
        let clock = FixedClock::new(TimestampMs(1));
        assert_eq!(run(&opened.store, Actor::Operator, &clock).await.unwrap(), EraseReport::default());
        put(opened.store.as_ref(), Tree::Bodies, body(CIRCLE, TEXT), b"").await;
        assert_eq!((files_holding(folder.path(), &stood), files_holding(folder.path(), TEXT)), (1, 0));
        let report = run(&opened.store, Actor::Operator, &clock).await.unwrap();
        assert!(matches!(report.rewrites[..], [(Part::Bodies, _)]), "{report:?}");
        assert_eq!(files_holding(folder.path(), &stood), 0);
        let read = [body(CIRCLE, b"stays"), body(CIRCLE, TEXT)].map(|key| Read::Get { tree: Tree::Bodies, key });
        let values = opened.store.read(read.to_vec()).await.unwrap();
        let values: Vec<_> = values.into_iter().map(|value| value.value().unwrap()).collect();
        assert_eq!(values, [b"stays".to_vec(), Vec::new()]);
        assert_eq!(audit::verify(opened.store.as_ref(), None).await.unwrap().head.count, 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_of_a_shredded_circle_stays_on_the_disk_not_even_its_wrapped_key() {
        let folder = Folder::new();
        let opened = open(&config(&folder)).await.unwrap();
        let store = opened.store.as_ref();
        let (device, position) = (DeviceId([3; 32]), 7);
        let root = organisation::root(&opened.keys).unwrap();
        let found = |salt| circle::create(store, &opened.hub, &root, "Test", [salt; 16], TimestampMs(4));
        let (shredded, other) = (found(1).await.unwrap(), found(2).await.unwrap());
        let membership = [device.as_bytes(), shredded.as_bytes()].concat();
        for circle in [shredded, other] {
            put(store, Tree::Bodies, body(circle, TEXT), TEXT).await;
            put(store, Tree::Log, key::log(&circle, position), TEXT).await;
        }
        put(store, Tree::DeviceCircles, membership.clone(), b"").await;
        put(store, Tree::Epochs, key::sealing(&shredded, &device), TEXT).await;
        let rows = [
            (Tree::Keys, shredded.0.to_vec()),
            (Tree::Circles, shredded.0.to_vec()),
            (Tree::Log, key::log(&shredded, position)),
            (Tree::Statements, key::record(&shredded, 1)),
            (Tree::Epochs, key::sealing(&shredded, &device)),
            (Tree::Bodies, body(shredded, TEXT)),
        ];
        let mut stood = Vec::new();
        for (tree, key) in rows {
            stood.push(sealed(&opened, tree, key).await);
        }
        assert!(shred::shred(store, shredded, TimestampMs(5)).await.unwrap());
        assert!(!shred::shred(store, CircleId([9; 16]), TimestampMs(5)).await.unwrap());
        let clock = FixedClock::new(TimestampMs(6));
        let report = run(store, Actor::Operator, &clock).await.unwrap();
        assert_eq!((report.shredded_rows, report.rewrites.len()), (4, 2));
        for (place, bytes) in stood.iter().enumerate() {
            assert_eq!(files_holding(folder.path(), bytes), 0, "row {place}");
        }
        let circles = circle::list(store).await.unwrap();
        assert_eq!(circles.iter().map(|(circle, _)| *circle).collect::<Vec<_>>(), [other]);
        let has = Read::Has { tree: Tree::DeviceCircles, key: membership };
        assert_eq!(store.read(vec![has]).await.unwrap().remove(0).value(), None);
        let log = Read::Get { tree: Tree::Log, key: key::log(&other, position) };
        assert_eq!(store.read(vec![log]).await.unwrap().remove(0).value().as_deref(), Some(TEXT));
        let again = found(1).await;
        assert!(matches!(again, Err(AdminError::Statement(StatementProblem::Shredded))), "{again:?}");
        assert!(shred::shred(store, shredded, TimestampMs(7)).await.unwrap(), "asked again, it is done");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_server_erases_by_itself_at_its_start() {
        let folder = Folder::new();
        let opened = open(&config(&folder)).await.unwrap();
        put(opened.store.as_ref(), Tree::Bodies, body(CIRCLE, TEXT), TEXT).await;
        let stood = sealed(&opened, Tree::Bodies, body(CIRCLE, TEXT)).await;
        put(opened.store.as_ref(), Tree::Bodies, body(CIRCLE, TEXT), b"").await;
        drop(opened);
        let opened = open(&config(&folder)).await.unwrap();
        let (closing, is_closing) = watch::channel(false);
        let clock = Arc::new(FixedClock::new(TimestampMs(1)));
        let hours = Duration::from_secs(6 * 60 * 60);
        let task = tokio::spawn(task(Arc::clone(&opened.store), clock, hours, is_closing));
        while is_pending(&opened.store).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(files_holding(folder.path(), &stood), 0);
        closing.send_replace(true);
        task.await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_erased_later_waits_its_hours_and_no_longer() {
        let folder = Folder::new();
        let opened = open(&config(&folder)).await.unwrap();
        let (closing, is_closing) = watch::channel(false);
        let clock = Arc::new(FixedClock::new(TimestampMs(1)));
        let task_clock = Arc::clone(&clock) as Arc<dyn Clock>;
        let task = tokio::spawn(task(Arc::clone(&opened.store), task_clock, Duration::from_secs(1), is_closing));
        tokio::time::sleep(Duration::from_millis(200)).await;
        put(opened.store.as_ref(), Tree::Bodies, body(CIRCLE, TEXT), b"").await;
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        assert!(is_pending(&opened.store).await.unwrap(), "by the clock no second has passed");
        clock.advance_ms(1_000);
        while is_pending(&opened.store).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        closing.send_replace(true);
        task.await.unwrap();
    }
}
