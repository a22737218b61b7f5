//! Work of several steps, dropped at each place where it waits: nothing may be half there, for this process or the
//! next one, and done again it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kith_shared::ids::{BodyId, CircleId};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};
use kith_shared::sync::key;
use kith_shared::time::TimestampMs;
use kith_shared::trust::Role;

use crate::admin::{rotate, shred};
use crate::audit::{self, Action, Actor, Record};
use crate::clock::FixedClock;
use crate::erase;
use crate::keys::{Environment, Keys};
use crate::merge::read_snapshot;
use crate::open::open;
use crate::open::tests::config;
use crate::routes::testing::{Phone, Server};
use crate::store::sealed::Scope;
use crate::store::{MemoryStore, Part, Sealed, SledConfig, SledStore, Store, StoreError};
use crate::testing::{Folder, Waiting, dropped_after, files_holding};

const CIRCLE: CircleId = CircleId([1; 16]);
const OTHER: CircleId = CircleId([2; 16]);
const WORD: &[u8] = b"everything that was said";
const NOW: TimestampMs = TimestampMs(1);
/// More than anything here is ever polled.
const POLLS_MAX: usize = 400;

type Below = Arc<dyn Store>;

/// What is dropped, and what is true after it was dropped at any place and after it was done again.
trait Deed {
    async fn done(&self, sealed: &Sealed<Below>, keys: &mut Keys);
    /// Whether the first circle is still there.
    fn keeps(&self) -> bool {
        true
    }
    /// Whether a process that knew nothing of it goes on; it was not given an operator's key that came since.
    fn lets_others_go_on(&self) -> bool {
        true
    }
    /// What the audit log holds once, when it has ended.
    fn noted(&self) -> Option<Action>;
}

fn put(circle: CircleId, name: &[u8]) -> Batch {
    let mut batch = Batch::default();
    batch.put(Tree::Log, [circle.as_bytes(), name].concat(), WORD);
    batch
}

async fn get(store: &dyn Store, circle: CircleId, name: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    let key = [circle.as_bytes(), name].concat();
    Ok(store.read(vec![Read::Get { tree: Tree::Log, key }]).await?.pop().and_then(ReadResult::value))
}

async fn count(store: &dyn Store, wanted: Action) -> usize {
    let mut count = 0;
    audit::each(store, &mut |_, bytes| {
        count += usize::from(Record::decode(bytes).unwrap().event.action == wanted);
        true
    })
    .await
    .unwrap();
    count
}

/// Both circles have a row; the first can be shredded.
async fn filled(below: &Below, keys: &Keys) {
    let sealed = Sealed::open(Arc::clone(below), keys).await.unwrap();
    for circle in [CIRCLE, OTHER] {
        let mut batch = put(circle, b"said");
        batch.put(Tree::Circles, circle.as_bytes(), b"a record");
        assert_eq!(sealed.commit(batch).await, Ok(CommitOutcome::Committed));
    }
}

/// Writes and reads, in a process that may have been told half, and in the next one.
async fn check(sealed: &Sealed<Below>, deed: &impl Deed, name: &[u8]) {
    for circle in [CIRCLE, OTHER] {
        let written = sealed.commit(put(circle, name)).await;
        let shredded = Err(StoreError::Shredded { circle: CIRCLE });
        if circle == CIRCLE && !deed.keeps() && written == shredded {
            continue;
        }
        assert_eq!(written, Ok(CommitOutcome::Committed), "{circle}");
        for name in [name, b"said"] {
            assert_eq!(get(sealed, circle, name).await.unwrap().as_deref(), Some(WORD), "{circle}");
        }
    }
    assert_eq!(sealed.check_seals(9).await, Ok((0, Vec::new())));
}

/// Dropped after so many polls, then done again by the same process or the next one.
async fn at_each_poll(deed: impl Deed, same: bool, below: impl Fn() -> Below) {
    for polls in 1..POLLS_MAX {
        let (store, folder) = (below(), Folder::new());
        let mut keys = Keys::make(folder.path(), Environment::default()).unwrap();
        filled(&store, &keys).await;
        let sealed = Sealed::open(Arc::clone(&store), &keys).await.unwrap();
        let whole = dropped_after(polls, deed.done(&sealed, &mut keys)).await.is_some();
        check(&sealed, &deed, b"later").await;
        let mut keys = Keys::load(folder.path(), Environment::default()).unwrap().unwrap();
        let next = Sealed::open(Arc::clone(&store), &keys).await.unwrap();
        check(&next, &deed, b"next").await;
        deed.done(if same { &sealed } else { &next }, &mut keys).await;
        check(if same { &sealed } else { &next }, &deed, b"again").await;
        if deed.lets_others_go_on() {
            check(if same { &next } else { &sealed }, &deed, b"last").await;
        }
        let keys = Keys::load(folder.path(), Environment::default()).unwrap().unwrap();
        check(&Sealed::open(Arc::clone(&store), &keys).await.unwrap(), &deed, b"at the end").await;
        if let Some(action) = deed.noted() {
            let found = count(if same { &sealed } else { &next }, action).await;
            assert!(found == 1 || (whole && found == 2), "{action:?} is noted {found} times after {polls} polls");
        }
        if whole {
            assert!(polls > 1, "it was dropped nowhere");
            return;
        }
    }
    panic!("it never came to its end");
}

/// Over memory, which waits where it need not, and over sled in a folder of its own each time.
async fn over_both<D: Deed>(deed: impl Fn() -> D) {
    let folder = Folder::new();
    let next = AtomicU32::new(0);
    for same in [true, false] {
        at_each_poll(deed(), same, || Arc::new(Waiting(MemoryStore::new()))).await;
        at_each_poll(deed(), same, || {
            let number = next.fetch_add(1, Ordering::SeqCst);
            let config = SledConfig { cache_bytes: 4 * 1024 * 1024, reserve_bytes: 0 };
            Arc::new(SledStore::open(&folder.path().join(number.to_string()), &config).unwrap())
        })
        .await;
    }
}

struct FirstCommit;

impl Deed for FirstCommit {
    async fn done(&self, sealed: &Sealed<Below>, _: &mut Keys) {
        for circle in [CircleId([7; 16]), CIRCLE] {
            assert_eq!(sealed.commit(put(circle, b"first")).await, Ok(CommitOutcome::Committed));
            assert_eq!(get(sealed, circle, b"first").await.unwrap().as_deref(), Some(WORD));
        }
    }

    fn noted(&self) -> Option<Action> {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p29_a_request_dropped_while_its_circle_gets_its_key_leaves_the_circle_open() {
    over_both(|| FirstCommit).await;
}

struct RotateOperator;

impl Deed for RotateOperator {
    async fn done(&self, sealed: &Sealed<Below>, keys: &mut Keys) {
        let used = sealed.operator();
        if sealed.is_under(used).await.unwrap() && keys.settle(used).unwrap() {
            return;
        }
        rotate::operator(sealed, keys, NOW).await.unwrap();
        assert_eq!(keys.operators().len(), 1);
    }

    fn lets_others_go_on(&self) -> bool {
        false
    }

    fn noted(&self) -> Option<Action> {
        Some(Action::KeysRotated)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p29_a_rotation_of_the_operators_key_dropped_anywhere_loses_no_key() {
    over_both(|| RotateOperator).await;
}

struct RotateData;

impl Deed for RotateData {
    async fn done(&self, sealed: &Sealed<Below>, _: &mut Keys) {
        assert!(rotate::data(sealed, Scope::Circle(CIRCLE), NOW).await.unwrap().is_some());
    }

    fn noted(&self) -> Option<Action> {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p29_a_rotation_of_a_data_key_dropped_anywhere_leaves_no_row_closed() {
    over_both(|| RotateData).await;
}

struct Shred;

impl Deed for Shred {
    async fn done(&self, sealed: &Sealed<Below>, _: &mut Keys) {
        assert!(shred::shred(sealed, CIRCLE, NOW).await.unwrap());
        sealed.remove_shredded().await.unwrap();
        assert_eq!(sealed.commit(put(CIRCLE, b"never")).await, Err(StoreError::Shredded { circle: CIRCLE }));
    }

    fn keeps(&self) -> bool {
        false
    }

    fn noted(&self) -> Option<Action> {
        Some(Action::CircleShredded)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p29_a_shredding_dropped_anywhere_takes_no_write_that_nobody_can_read() {
    over_both(|| Shred).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p29_a_rewrite_dropped_anywhere_ends_by_itself_or_when_it_is_done_again() {
    let clock = FixedClock::new(NOW);
    for polls in 1..POLLS_MAX {
        let folder = Folder::new();
        let opened = open(&config(&folder)).await.unwrap();
        let row = |text: &[u8]| key::body(&CIRCLE, &BodyId::of(text));
        let body = |text: &[u8], value: &[u8]| Batch {
            puts: vec![(Tree::Bodies, row(text), value.to_vec())],
            ..Batch::default()
        };
        let store = opened.store.as_ref();
        for text in [WORD, b"stays"] {
            store.commit(body(text, text)).await.unwrap();
        }
        let read = vec![Read::Get { tree: Tree::Bodies, key: row(WORD) }];
        let stood = store.inner().read(read).await.unwrap().remove(0).value().unwrap();
        store.commit(body(WORD, b"")).await.unwrap();
        let whole = dropped_after(polls, erase::run(store, Actor::Operator, &clock)).await.is_some();
        store.commit(body(b"later", b"later")).await.unwrap();
        erase::run(store, Actor::Operator, &clock).await.unwrap();
        assert_eq!(files_holding(folder.path(), &stood), 0, "after {polls} polls");
        for text in [&b"stays"[..], b"later"] {
            let read = vec![Read::Get { tree: Tree::Bodies, key: row(text) }];
            assert_eq!(store.read(read).await.unwrap().remove(0).value().as_deref(), Some(text));
        }
        assert_eq!(store.erased_since_rewrite(Part::Bodies).await, Ok(None));
        assert!(!folder.path().join("data/bodies.new").exists() && !folder.path().join("data/bodies.old").exists());
        assert_eq!(count(store, Action::Erased).await, 1, "it is said once");
        if whole {
            assert!(polls > 1, "it was dropped nowhere");
            return;
        }
    }
    panic!("it never came to its end");
}

#[tokio::test(flavor = "multi_thread")]
async fn p29_a_merge_dropped_anywhere_leaves_a_whole_snapshot_or_none() {
    for polls in 1..POLLS_MAX {
        let server = Server::new().await;
        let mut ana = server.enrolled(1).await;
        let document = ana.name.id(&ana.circle);
        let page = ana.message("hello");
        server.sync(ana.request(&[page])).await;
        let whole = {
            let mut worker = server.worker.lock().await;
            dropped_after(polls, worker.merge(ana.circle, document)).await.is_some()
        };
        let store = server.app.store.as_ref();
        let half = read_snapshot(store, &ana.circle, &document).await.unwrap();
        assert!(half.is_none_or(|snapshot| automerge::Automerge::load(&snapshot.bytes).is_ok()));
        server.worker.lock().await.merge(ana.circle, document).await;
        assert_eq!(read_snapshot(store, &ana.circle, &document).await.unwrap().unwrap().entries, 1);
        if whole {
            return;
        }
    }
    panic!("it never came to its end");
}

#[tokio::test(flavor = "multi_thread")]
async fn p29_an_enrolment_whose_phone_hangs_up_is_done_once_and_answered_when_it_asks_again() {
    for polls in 1..POLLS_MAX {
        let server = Server::new().await;
        let link = server.invite(Role::Member, 1).await;
        let phone = Phone::new(1, server.circle, server.now());
        let mut pokes = server.app.pokes.listen();
        let whole = dropped_after(polls, server.enrol(phone.join(&link))).await.is_some();
        assert_eq!(server.enrol(phone.join(&link)).await.0, 200, "after {polls} polls");
        assert_eq!(pokes.recv().await.unwrap().circle, server.circle, "the others hear of it");
        assert_eq!(server.chain().await.standing().members().count(), 1);
        assert_eq!(count(server.app.store.as_ref(), Action::Enrolled).await, 1);
        if whole {
            return;
        }
    }
    panic!("it never came to its end");
}

#[tokio::test(flavor = "multi_thread")]
async fn p29_whoever_listens_hears_of_a_message_whose_phone_hung_up_before_the_answer() {
    for polls in 1..POLLS_MAX {
        let server = Server::new().await;
        let (mut ana, mut ben) = (server.enrolled(1).await, server.enrolled(2).await);
        let mut pokes = server.app.pokes.listen();
        let page = ana.message("hello");
        let whole = dropped_after(polls, server.sync(ana.request(std::slice::from_ref(&page)))).await.is_some();
        let (_, frames) = server.sync(ben.request(&[])).await;
        ben.take(&frames);
        if Phone::entries(&frames) > 0 {
            let heard = tokio::time::timeout(std::time::Duration::from_secs(5), pokes.recv()).await;
            assert_eq!(heard.unwrap().unwrap().circle, ana.circle, "after {polls} polls");
        }
        let (status, frames) = server.sync(ana.request(&[page])).await;
        assert_eq!((status.as_u16(), Phone::refused(&frames)), (200, 0));
        if whole {
            return;
        }
    }
    panic!("it never came to its end");
}
