use kith_shared::storage::conformance::{Subject, run, suite};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};

use super::*;
use crate::store::MemoryStore;
use crate::testing::Folder;

fn config() -> SledConfig {
    SledConfig { cache_bytes: 16 * 1024 * 1024, reserve_bytes: 0 }
}

fn open(folder: &Folder) -> SledStore {
    SledStore::open(folder.path(), &config()).unwrap()
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(future)
}

struct OnDisk {
    folder: Folder,
    store: Option<SledStore>,
}

impl Subject for OnDisk {
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, String> {
        block(self.store.as_ref().unwrap().read(reads.to_vec())).map_err(|error| error.to_string())
    }

    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, String> {
        block(self.store.as_ref().unwrap().commit(batch)).map_err(|error| error.to_string())
    }

    fn reopen(&mut self) -> Result<(), String> {
        self.store = None;
        self.store = Some(SledStore::open(self.folder.path(), &config()).map_err(|error| error.to_string())?);
        Ok(())
    }
}

struct InMemory(MemoryStore);

impl Subject for InMemory {
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, String> {
        block(self.0.read(reads.to_vec())).map_err(|error| error.to_string())
    }

    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, String> {
        block(self.0.commit(batch)).map_err(|error| error.to_string())
    }

    fn reopen(&mut self) -> Result<(), String> {
        Ok(())
    }
}

#[test]
fn both_stores_conform() {
    for case in suite() {
        run(&case, &mut InMemory(MemoryStore::new())).unwrap();
        let folder = Folder::new();
        let store = Some(open(&folder));
        run(&case, &mut OnDisk { folder, store }).unwrap();
    }
}

fn put(tree: Tree, key: &[u8], value: &[u8]) -> Batch {
    Batch { puts: vec![(tree, key.to_vec(), value.to_vec())], ..Batch::default() }
}

fn get(tree: Tree, key: &[u8]) -> Vec<Read> {
    vec![Read::Get { tree, key: key.to_vec() }]
}

#[test]
fn a_second_opener_is_told_what_to_do() {
    let folder = Folder::new();
    let _store = open(&folder);
    let error = SledStore::open(folder.path(), &config()).err().unwrap();
    assert!(matches!(error, StoreError::Locked { .. }));
    assert!(error.to_string().contains("--data"), "{error}");
}

#[test]
fn a_damaged_record_is_named_and_the_rest_is_read() {
    let folder = Folder::new();
    let store = open(&folder);
    block(async {
        store.commit(put(Tree::Log, b"good", b"value")).await.unwrap();
        store.commit(put(Tree::Log, b"long", &[1; 20_000])).await.unwrap();
        store.commit(put(Tree::Bodies, b"bad", b"value")).await.unwrap();
        store.shared.database(Part::Bodies).unwrap().insert_raw(&record::raw_key(Tree::Bodies, b"bad"), b"....\0other");
        store.shared.database(Part::Records).unwrap().insert_raw(&record::piece_key(Tree::Log, b"long", 2), b"....");
        let error = store.read(get(Tree::Bodies, b"bad")).await.unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt { tree: Tree::Bodies, key, .. } if key == b"bad"), "{error}");
        assert!(matches!(store.read(get(Tree::Log, b"long")).await, Err(StoreError::Corrupt { .. })));
        let good = store.read(get(Tree::Log, b"good")).await.unwrap();
        assert_eq!(good, [ReadResult::Value(Some(b"value".to_vec()))]);
    });
    let report = store.scrub().unwrap();
    assert_eq!((report.records, report.corrupt_count), (2, 2), "format and good; bad and long");
    block(store.commit(put(Tree::Bodies, b"bad", b"mended"))).unwrap();
    block(store.commit(put(Tree::Log, b"long", b"mended"))).unwrap();
    assert_eq!(store.scrub().unwrap().corrupt_count, 0);
}

/// sled drops a damaged end of its log as if it had been interrupted there.
#[test]
fn a_database_that_lost_what_was_durable_is_refused() {
    for (tree, name) in [(Tree::Bodies, "bodies"), (Tree::Log, "main")] {
        let folder = Folder::new();
        block(open(&folder).commit(put(tree, b"k", b"find me"))).unwrap();
        let path = folder.path().join(name).join("db");
        let mut bytes = std::fs::read(&path).unwrap();
        let at = bytes.windows(7).rposition(|window| window == b"find me").unwrap();
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let error = SledStore::open(folder.path(), &config()).err().unwrap();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
}

#[test]
fn a_torn_mark_of_what_is_durable_keeps_nobody_out() {
    let folder = Folder::new();
    block(open(&folder).commit(put(Tree::Log, b"k", b"v"))).unwrap();
    let path = folder.path().join("durable");
    for bytes in [&b"torn"[..], &[9; 20]] {
        std::fs::write(&path, bytes).unwrap();
        drop(open(&folder));
    }
}

#[test]
fn what_an_interrupted_snapshot_left_is_cleared() {
    let folder = Folder::new();
    block(open(&folder).commit(put(Tree::Log, b"k", b"v"))).unwrap();
    for name in ["main", "bodies"] {
        std::fs::write(folder.path().join(name).join("snap.00000000000000AB.generating"), [7; 100]).unwrap();
    }
    let store = open(&folder);
    assert_eq!(block(store.read(get(Tree::Log, b"k"))).unwrap(), [ReadResult::Value(Some(b"v".to_vec()))]);
    assert!(!folder.path().join("main/snap.00000000000000AB.generating").exists());
}

#[test]
fn an_unfinished_beginning_is_begun_again() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path().join("main.new")).unwrap();
    std::fs::write(folder.path().join("main.new/db"), b"half").unwrap();
    assert_eq!(open(&folder).scrub().unwrap().records, 1);
}

#[test]
fn a_store_of_another_format_is_refused() {
    let folder = Folder::new();
    block(open(&folder).commit(put(Tree::Meta, b"format", &[2]))).unwrap();
    let error = SledStore::open(folder.path(), &config()).err().unwrap();
    assert_eq!(error, StoreError::Format { found: 2, expected: 3 });
    assert!(error.to_string().contains("earlier"), "{error}");
}

#[test]
fn a_store_without_its_bodies_is_refused() {
    let folder = Folder::new();
    drop(open(&folder));
    std::fs::remove_dir_all(folder.path().join("bodies")).unwrap();
    let error = SledStore::open(folder.path(), &config()).err().unwrap();
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
}

#[test]
fn below_the_reserve_writing_is_refused_and_reading_goes_on() {
    let folder = Folder::new();
    block(open(&folder).commit(put(Tree::Log, b"k", b"v"))).unwrap();
    let config = SledConfig { reserve_bytes: u64::MAX, ..config() };
    let store = SledStore::open(folder.path(), &config).unwrap();
    block(async {
        let error = store.commit(put(Tree::Log, b"l", b"v")).await.unwrap_err();
        assert!(matches!(error, StoreError::Full { .. }) && error.can_retry(), "{error}");
        let rows = store.read([get(Tree::Log, b"k"), get(Tree::Log, b"l")].concat()).await.unwrap();
        assert_eq!(rows, [ReadResult::Value(Some(b"v".to_vec())), ReadResult::Value(None)]);
        let delete = Batch { deletes: vec![(Tree::Log, b"k".to_vec())], ..Batch::default() };
        assert_eq!(store.commit(delete).await, Ok(CommitOutcome::Committed), "deleting makes room");
    });
}

#[test]
fn concurrent_committers_lose_no_update() {
    let folder = Folder::new();
    let store = Arc::new(open(&folder));
    block(async {
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    for _ in 0..25 {
                        count_one(&store).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let read = store.read(get(Tree::Circles, b"counter")).await.unwrap().remove(0);
        assert_eq!(read.value().unwrap(), 400_u32.to_le_bytes());
    });
}

async fn count_one(store: &SledStore) {
    loop {
        let before = store.read(get(Tree::Circles, b"counter")).await.unwrap().remove(0).value();
        let count = before.clone().map_or(0, |bytes| u32::from_le_bytes(bytes.try_into().unwrap()));
        let mut batch = put(Tree::Circles, b"counter", &(count + 1).to_le_bytes());
        batch.expect(Tree::Circles, *b"counter", before);
        if store.commit(batch).await.unwrap() == CommitOutcome::Committed {
            return;
        }
    }
}

/// sled never syncs what it puts in `blobs`: nothing may ever go there.
#[test]
fn no_value_ever_goes_to_a_file_that_is_never_synced() {
    let folder = Folder::new();
    let store = open(&folder);
    block(async {
        for round in 0..40_u32 {
            let mut batch = Batch::default();
            for at in 0..30_u32 {
                let key = (at.wrapping_mul(2_654_435_761)).to_be_bytes();
                let key = [&key[..], &[0; 100]].concat();
                let len = [5_376, 5_376, 100_000, 40_000, 0][((round + at) % 5) as usize];
                if (round + at) % 7 == 0 {
                    batch.delete(Tree::Log, key);
                } else {
                    batch.put(Tree::Log, key, vec![round as u8; len]);
                }
            }
            store.commit(batch).await.unwrap();
        }
    });
    let blobs = std::fs::read_dir(folder.path().join("main/blobs")).map_or(0, Iterator::count);
    assert_eq!(blobs, 0);
    assert_eq!(store.scrub().unwrap().corrupt_count, 0);
}

/// `mount -t tmpfs -o size=12m none /mnt/small && KITH_SMALL_DISK=/mnt/small cargo test -p kith-server -- --ignored full`
#[test]
#[ignore = "needs a small disk of its own, in KITH_SMALL_DISK"]
fn a_disk_that_is_really_full_loses_nothing_acknowledged() {
    let path = std::path::PathBuf::from(std::env::var_os("KITH_SMALL_DISK").unwrap()).join("store");
    let store = SledStore::open(&path, &config()).unwrap();
    let mut acknowledged = 0_u32;
    let error = block(async {
        loop {
            let batch = put(Tree::Log, &acknowledged.to_be_bytes(), &[acknowledged as u8; 5_000]);
            match store.commit(batch).await {
                Ok(_) => acknowledged += 1,
                Err(error) => return error,
            }
        }
    });
    println!("after {acknowledged}: {error}");
    assert!(block(store.read(get(Tree::Log, &[0; 4]))).is_err(), "it is not known what is durable: it stops");
    drop(store);
    let disk = path.parent().unwrap();
    assert!(matches!(SledStore::open(&path, &config()), Err(StoreError::Io { .. })), "it needs room to start");
    let grown = std::process::Command::new("mount").args(["-o", "remount,size=64m"]).arg(disk).status().unwrap();
    assert!(grown.success());
    let store = SledStore::open(&path, &config()).unwrap();
    for key in 0..acknowledged {
        let found = block(store.read(get(Tree::Log, &key.to_be_bytes()))).unwrap();
        assert_eq!(found, [ReadResult::Value(Some(vec![key as u8; 5_000]))]);
    }
}

/// `cargo test -p kith-server --release -- --ignored --nocapture commit_latency`
#[test]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods, reason = "measures")]
fn commit_latency_and_throughput() {
    let folder = Folder::new();
    let store = Arc::new(open(&folder));
    block(async {
        for committers in [1_u32, 8, 50, 200] {
            let begun = std::time::Instant::now();
            let tasks: Vec<_> = (0..committers)
                .map(|task| {
                    let store = Arc::clone(&store);
                    tokio::spawn(async move {
                        let mut taken = Vec::new();
                        for at in 0..200_u32 {
                            let key = [committers.to_be_bytes(), task.to_be_bytes(), at.to_be_bytes()].concat();
                            let batch = put(Tree::Log, &key, &[at as u8; 300]);
                            let begun = std::time::Instant::now();
                            store.commit(batch).await.unwrap();
                            taken.push(begun.elapsed());
                        }
                        taken
                    })
                })
                .collect();
            let mut taken = Vec::new();
            for task in tasks {
                taken.extend(task.await.unwrap());
            }
            let all = begun.elapsed();
            taken.sort_unstable();
            println!(
                "{committers} committers: median {:?}, p99 {:?}, {:.0} commits/s",
                taken[taken.len() / 2],
                taken[taken.len() * 99 / 100],
                taken.len() as f64 / all.as_secs_f64()
            );
        }
    });
}

#[test]
fn a_write_that_sled_never_ends_is_an_error_and_not_a_store_that_hangs() {
    let time = std::time::Duration::from_millis(30);
    let stuck = super::database::within(time, std::future::pending::<sled::Result<()>>());
    assert!(matches!(&stuck, Err(sled::Error::Io(error)) if error.to_string().contains("did not end")), "{stuck:?}");
    let done = super::database::within(time, async { Ok(7) });
    assert_eq!(done.unwrap(), 7);
}
