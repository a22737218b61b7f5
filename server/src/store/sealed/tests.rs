use kith_shared::ids::CircleId;
use kith_shared::storage::conformance::{Subject, run, suite};

use super::*;
use crate::keys::{Environment, KeyError, OperatorKey};
use crate::store::{MemoryStore, Part, SledConfig, SledStore};
use crate::testing::Folder;

const CIRCLE: CircleId = CircleId([1; 16]);
const OTHER: CircleId = CircleId([2; 16]);
const WORD: &[u8] = b"everything that was said";

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(future)
}

fn keys(byte: u8) -> Keys {
    let given = Environment { operator: Some(OperatorKey([byte; 32])), new: None };
    Keys::load(std::path::Path::new("nowhere"), given).unwrap().unwrap()
}

fn both(first: u8, second: u8) -> Keys {
    let given = Environment { operator: Some(OperatorKey([first; 32])), new: Some(OperatorKey([second; 32])) };
    Keys::load(std::path::Path::new("nowhere"), given).unwrap().unwrap()
}

fn row(circle: CircleId, rest: &[u8]) -> Vec<u8> {
    [circle.as_bytes(), rest].concat()
}

fn put(tree: Tree, key: &[u8], value: &[u8]) -> Batch {
    Batch { puts: vec![(tree, key.to_vec(), value.to_vec())], ..Batch::default() }
}

/// Two circles with rows in every tree of theirs, and rows of the store's own.
async fn filled() -> Sealed<MemoryStore> {
    let sealed = Sealed::open(MemoryStore::new(), &keys(1)).await.unwrap();
    for circle in [CIRCLE, OTHER] {
        let mut batch = Batch::default();
        for tree in Tree::ALL.into_iter().filter(|tree| place::begins_with_circle(*tree)) {
            batch.put(tree, circle.as_bytes(), WORD);
            batch.put(tree, row(circle, b"x"), WORD);
        }
        batch.put(Tree::DocumentLog, row(circle, b"marker"), []);
        batch.put(Tree::Invites, circle.as_bytes(), WORD);
        batch.put(Tree::Meta, circle.as_bytes(), WORD);
        sealed.commit(batch).await.unwrap();
    }
    sealed
}

async fn raw_rows(store: &impl Store) -> Vec<(Tree, Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    for tree in Tree::ALL {
        rows.extend(walk(store, tree, &[]).await.unwrap().into_iter().map(|(key, value)| (tree, key, value)));
    }
    rows
}

async fn opens(sealed: &Sealed<MemoryStore>) -> usize {
    assert_eq!(sealed.check_seals(9).await.unwrap(), (0, Vec::new()));
    let mut count = 0;
    for tree in Tree::ALL.into_iter().filter(|tree| place::begins_with_circle(*tree)) {
        count += walk(sealed, tree, &[]).await.unwrap().iter().filter(|(_, value)| value == WORD).count();
    }
    count
}

enum Below {
    Memory,
    Sled(Folder),
}

struct Under {
    below: Below,
    memory: Option<Sealed<MemoryStore>>,
    sled: Option<Sealed<SledStore>>,
}

impl Under {
    fn new(below: Below) -> Self {
        let mut under = Self { below, memory: None, sled: None };
        under.reopen().unwrap();
        under
    }

    fn store(&self) -> &dyn Store {
        match (&self.memory, &self.sled) {
            (Some(store), _) => store,
            (None, store) => store.as_ref().unwrap(),
        }
    }
}

impl Subject for Under {
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, String> {
        block(self.store().read(reads.to_vec())).map_err(|error| error.to_string())
    }

    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, String> {
        block(self.store().commit(batch)).map_err(|error| error.to_string())
    }

    fn reopen(&mut self) -> Result<(), String> {
        match &self.below {
            Below::Memory => {
                let store = self.memory.take().map_or_else(MemoryStore::new, Sealed::into_inner);
                self.memory = Some(block(Sealed::open(store, &keys(1))).map_err(|error| error.to_string())?);
            }
            Below::Sled(folder) => {
                self.sled = None;
                let config = SledConfig { cache_bytes: 16 * 1024 * 1024, reserve_bytes: 0 };
                let store = SledStore::open(folder.path(), &config).map_err(|error| error.to_string())?;
                self.sled = Some(block(Sealed::open(store, &keys(1))).map_err(|error| error.to_string())?);
            }
        }
        Ok(())
    }
}

#[test]
fn sealed_stores_conform() {
    for case in suite() {
        run(&case, &mut Under::new(Below::Memory)).unwrap();
        run(&case, &mut Under::new(Below::Sled(Folder::new()))).unwrap();
    }
}

#[tokio::test]
async fn no_value_stands_as_it_is_and_none_looks_empty() {
    let sealed = filled().await;
    for (tree, key, value) in raw_rows(sealed.inner()).await {
        assert!(!value.windows(8).any(|window| WORD.windows(8).any(|word| word == window)), "{tree:?}");
        assert!(value.len() >= AtRestKey::OVERHEAD_BYTES, "{tree:?} {key:?}");
    }
    let marker = Read::Get { tree: Tree::DocumentLog, key: row(CIRCLE, b"marker") };
    assert_eq!(sealed.read(vec![marker]).await.unwrap(), [ReadResult::Value(Some(Vec::new()))]);
}

#[tokio::test]
async fn a_circle_has_a_key_of_its_own() {
    let sealed = filled().await;
    let raw = get(sealed.inner(), Tree::Log, &row(CIRCLE, b"x")).await.unwrap().unwrap();
    let open = |tree, circle| sealed.key(tree, &row(circle, b"x")).unwrap().open(Tree::Log, &row(CIRCLE, b"x"), &raw);
    assert_eq!(open(Tree::Log, CIRCLE).unwrap(), WORD);
    assert!(open(Tree::Log, OTHER).is_err() && open(Tree::Meta, CIRCLE).is_err());
}

#[tokio::test]
async fn a_row_that_was_moved_or_changed_is_named() {
    let sealed = filled().await;
    let raw = get(sealed.inner(), Tree::Log, &row(CIRCLE, b"x")).await.unwrap().unwrap();
    let mut flipped = raw.clone();
    flipped[5] ^= 1;
    for (tree, key, value) in [(Tree::Log, row(CIRCLE, b"y"), raw), (Tree::Log, row(CIRCLE, b"x"), flipped)] {
        sealed.inner().commit(put(tree, &key, &value)).await.unwrap();
        let error = get(&sealed, tree, &key).await.unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt { key: named, .. } if *named == key), "{error}");
    }
    assert_eq!(sealed.check_seals(1).await.unwrap().0, 2);
}

#[tokio::test]
async fn another_operators_key_is_refused_by_name_before_anything_is_written() {
    let store = Arc::new(filled().await.into_inner());
    let before = raw_rows(&store).await;
    let error = Sealed::open(Arc::clone(&store), &keys(2)).await.err().unwrap();
    let expected = OperatorKey([1; 32]).id();
    assert!(matches!(&error, SealedError::Key(KeyError::Wrong { expected: named, .. }) if *named == expected));
    assert!(error.to_string().contains(&expected.to_string()), "{error}");
    Sealed::open(Arc::clone(&store), &keys(1)).await.unwrap();
    assert_eq!(raw_rows(&store).await, before, "nor does opening with the right one write");
}

#[tokio::test]
async fn rows_without_the_key_that_seals_them_are_not_taken_for_a_new_store() {
    let store = filled().await.into_inner();
    store.commit(Batch { deletes: vec![(Tree::Keys, Vec::new())], ..Batch::default() }).await.unwrap();
    assert!(matches!(Sealed::open(store, &keys(1)).await, Err(SealedError::Store(StoreError::Damaged { .. }))));
}

#[tokio::test]
async fn an_operators_key_is_rotated_and_the_old_one_opens_nothing() {
    let sealed = filled().await;
    let all = opens(&sealed).await;
    assert_eq!((rewrap(&sealed).await.unwrap(), rewrap(&sealed).await.unwrap()), (2, 0));
    sealed.commit(put(Tree::Log, &row(CircleId([3; 16]), b"later"), b"value")).await.unwrap();
    let store = Arc::new(sealed.into_inner());
    assert!(Sealed::open(Arc::clone(&store), &keys(1)).await.is_err());
    let store = Arc::into_inner(store).unwrap();
    assert_eq!(opens(&Sealed::open(store, &keys(2)).await.unwrap()).await, all);
}

#[tokio::test]
async fn while_the_old_operators_key_is_still_named_first_new_circles_go_under_the_new_one() {
    let sealed = filled().await;
    rewrap(&sealed).await.unwrap();
    let sealed = Sealed::open(sealed.into_inner(), &both(1, 2)).await.unwrap();
    sealed.commit(put(Tree::Log, &row(CircleId([3; 16]), b"later"), WORD)).await.unwrap();
    let sealed = Sealed::open(sealed.into_inner(), &keys(2)).await.unwrap();
    assert_eq!(get(&sealed, Tree::Log, &row(CircleId([3; 16]), b"later")).await.unwrap().as_deref(), Some(WORD));
}

/// Wraps all under the operator's key 2; gives how many circles' keys that were.
async fn rewrap<S: Store>(sealed: &Sealed<S>) -> Result<u64, SealedError> {
    let new = OperatorKey([2; 32]);
    let count = sealed.rewrap(&new).await?;
    assert_eq!(sealed.adopt(&new, Batch::default()).await?, CommitOutcome::Committed);
    Ok(count)
}

async fn rotate_data<S: Store>(sealed: &Sealed<S>, scope: Scope) -> Result<Option<u64>, SealedError> {
    let rows = sealed.rotate_data(scope).await?;
    sealed.drop_previous(scope, Batch::default()).await?;
    Ok(rows)
}

/// Fails the n-th commit and all after it, as a kill would.
struct Dying {
    store: Arc<MemoryStore>,
    left: std::sync::Mutex<u32>,
}

impl Store for Dying {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        self.store.read(reads)
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        let mut left = self.left.lock().unwrap();
        if *left == 0 {
            return Box::pin(async { Err(StoreError::Stopped { cause: "killed".to_owned() }) });
        }
        *left -= 1;
        self.store.commit(batch)
    }
}

#[tokio::test]
async fn rotations_that_are_killed_at_any_batch_open_and_go_on() {
    for left in 0..100 {
        let sealed = filled().await;
        let all = opens(&sealed).await;
        let store = Arc::new(sealed.into_inner());
        let dying = Dying { store: Arc::clone(&store), left: left.into() };
        let dying = Sealed::open(dying, &keys(1)).await.unwrap();
        let mut whole = rewrap(&dying).await.is_ok();
        for scope in dying.scopes() {
            whole &= rotate_data(&dying, scope).await.is_ok();
        }
        drop(dying);
        let sealed = Sealed::open(Arc::into_inner(store).unwrap(), &both(1, 2)).await.unwrap();
        assert_eq!(opens(&sealed).await, all, "after {left} batches");
        for circle in [CIRCLE, OTHER] {
            let mut batch = put(Tree::Log, &row(circle, b"x"), WORD);
            batch.expect(Tree::Log, row(circle, b"x"), Some(WORD.to_vec()));
            assert_eq!(sealed.commit(batch).await, Ok(CommitOutcome::Committed), "under whichever key it is");
            let mut batch = put(Tree::Log, &row(circle, b"x"), b"wrong");
            batch.expect(Tree::Log, row(circle, b"x"), Some(b"another".to_vec()));
            assert_eq!(sealed.commit(batch).await, Ok(CommitOutcome::Conflict));
        }
        rewrap(&sealed).await.unwrap();
        for scope in sealed.scopes() {
            rotate_data(&sealed, scope).await.unwrap();
        }
        let sealed = Sealed::open(sealed.into_inner(), &keys(2)).await.unwrap();
        assert_eq!(opens(&sealed).await, all);
        if whole {
            return;
        }
    }
    panic!("a rotation never came to its end");
}

#[tokio::test]
async fn a_rotation_of_the_operators_key_that_is_killed_finds_its_keys_in_the_folder() {
    for left in 0..20 {
        let folder = Folder::new();
        let mut keys = Keys::make(folder.path(), Environment::default()).unwrap();
        let before = keys.operators()[0].clone();
        let store = Arc::new(MemoryStore::new());
        let sealed = Sealed::open(Arc::clone(&store), &keys).await.unwrap();
        sealed.commit(put(Tree::Log, &row(CIRCLE, b"x"), WORD)).await.unwrap();
        let dying = Dying { store: Arc::clone(&store), left: left.into() };
        let dying = Sealed::open(dying, &keys).await.unwrap();
        let whole = rotate_operator(&dying, &mut keys).await.is_ok();
        let mut keys = Keys::load(folder.path(), Environment::default()).unwrap().unwrap();
        let sealed = Sealed::open(Arc::clone(&store), &keys).await.unwrap();
        assert_eq!(get(&sealed, Tree::Log, &row(CIRCLE, b"x")).await.unwrap().as_deref(), Some(WORD), "{left}");
        rotate_operator(&sealed, &mut keys).await.unwrap();
        let keys = Keys::load(folder.path(), Environment::default()).unwrap().unwrap();
        assert!(keys.operators().len() == 1 && keys.operators()[0] != before);
        let sealed = Sealed::open(store, &keys).await.unwrap();
        assert_eq!(get(&sealed, Tree::Log, &row(CIRCLE, b"x")).await.unwrap().as_deref(), Some(WORD), "{left}");
        if whole {
            return;
        }
    }
    panic!("a rotation never came to its end");
}

async fn rotate_operator<S: Store>(sealed: &Sealed<S>, keys: &mut Keys) -> Result<OperatorKeyId, SealedError> {
    crate::admin::rotate::operator(sealed, keys, kith_shared::time::TimestampMs(1)).await
}

#[tokio::test]
async fn after_a_rotation_the_old_data_key_opens_nothing() {
    let sealed = filled().await;
    let before = sealed.key(Tree::Log, &row(CIRCLE, b"x")).unwrap();
    let count = rotate_data(&sealed, Scope::Circle(CIRCLE)).await.unwrap();
    assert_eq!(count, Some(27), "two rows in each of 13 trees, and a marker");
    for (tree, key, value) in raw_rows(sealed.inner()).await {
        assert!(before.open(tree, &key, &value).is_err(), "{tree:?}");
    }
    assert_eq!(sealed.rotate_data(Scope::Circle(CircleId([9; 16]))).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_of_a_shredded_circle_opens_and_it_never_gets_a_key_again() {
    let sealed = filled().await;
    let before = raw_rows(sealed.inner()).await;
    sealed.drop_key(&CIRCLE, Batch::default()).await.unwrap();
    let refused = get(&sealed, Tree::Log, &row(CIRCLE, b"x")).await;
    assert_eq!(refused, Err(StoreError::Shredded { circle: CIRCLE }), "its rows are still there");
    assert_eq!(sealed.check_seals(9).await, Ok((0, Vec::new())), "which is no damage");
    let sealed = Sealed::open(sealed.into_inner(), &keys(1)).await.unwrap();
    let refused = sealed.commit(put(Tree::Log, &row(CIRCLE, b"again"), b"value")).await;
    assert_eq!(refused, Err(StoreError::Shredded { circle: CIRCLE }));
    assert_eq!(sealed.remove_shredded().await, Ok(27));
    let left = raw_rows(sealed.inner()).await;
    let of_circle = left.iter().filter(|(tree, key, _)| place::begins_with_circle(*tree) && key.starts_with(&CIRCLE.0));
    assert_eq!(of_circle.count(), 0);
    assert_eq!(opens(&sealed).await, 26, "the other circle stays");
    let operators = keys(1);
    for (_, key, value) in before.iter().filter(|(tree, ..)| *tree == Tree::Keys) {
        let kept = left.iter().any(|(tree, other, bytes)| *tree == Tree::Keys && other == key && bytes == value);
        assert_eq!(kept, key != &CIRCLE.0, "the wrapped key is gone: {operators:?}");
    }
}

#[tokio::test]
async fn an_erased_body_asks_for_a_rewrite_in_the_same_batch() {
    let sealed = filled().await;
    assert_eq!(sealed.erased_since_rewrite(Part::Bodies).await, Ok(None));
    let mut refused = put(Tree::Bodies, &row(CIRCLE, b"x"), b"");
    refused.expect(Tree::Bodies, row(CIRCLE, b"x"), None);
    assert_eq!(sealed.commit(refused).await, Ok(CommitOutcome::Conflict));
    assert_eq!(sealed.erased_since_rewrite(Part::Bodies).await, Ok(None));
    sealed.commit(put(Tree::Bodies, &row(CIRCLE, b"x"), b"")).await.unwrap();
    let erased = sealed.erased_since_rewrite(Part::Bodies).await.unwrap().unwrap();
    sealed.commit(put(Tree::Bodies, &row(OTHER, b"x"), b"")).await.unwrap();
    sealed.mark_rewritten(Part::Bodies, erased, Batch::default()).await.unwrap();
    let sealed = Sealed::open(sealed.into_inner(), &keys(1)).await.unwrap();
    let erased = sealed.erased_since_rewrite(Part::Bodies).await.unwrap().expect("the second came after");
    sealed.mark_rewritten(Part::Bodies, erased, Batch::default()).await.unwrap();
    assert_eq!(sealed.erased_since_rewrite(Part::Bodies).await, Ok(None));
    assert_eq!(sealed.erased_since_rewrite(Part::Records).await, Ok(None));
}

/// `cargo test -p kith-server --release -- --ignored --nocapture sealing_costs`
#[tokio::test]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods, reason = "measures")]
async fn sealing_costs() {
    for bytes in [0, 300, 5_000] {
        let (plain, sealed) = (MemoryStore::new(), Sealed::open(MemoryStore::new(), &keys(1)).await.unwrap());
        for (name, store) in [("plain", &plain as &dyn Store), ("sealed", &sealed)] {
            let begun = std::time::Instant::now();
            for at in 0..20_000_u32 {
                store.commit(put(Tree::Log, &row(CIRCLE, &at.to_be_bytes()), &vec![7; bytes])).await.unwrap();
            }
            let written = begun.elapsed();
            let begun = std::time::Instant::now();
            let (from, to) = (Vec::new(), Vec::new());
            let all =
                Read::Range { tree: Tree::Log, from, to, rows_max: ROWS * 100, bytes_max: usize::MAX, reverse: false };
            store.read(vec![all]).await.unwrap();
            println!(
                "{bytes} bytes, {name}: written {:?}, read {:?} a row",
                written / 20_000,
                begun.elapsed() / 20_000
            );
        }
    }
}
