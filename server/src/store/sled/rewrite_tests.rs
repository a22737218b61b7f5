use std::fs;

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};

use super::*;
use crate::testing::{Folder, files_holding};

const GONE: &[u8] = b"what was taken back and must be gone";

fn open(folder: &Folder) -> SledStore {
    let config = SledConfig { cache_bytes: 16 * 1024 * 1024, reserve_bytes: 0 };
    SledStore::open(folder.path(), &config).unwrap()
}

fn put(tree: Tree, key: &[u8], value: &[u8]) -> Batch {
    Batch { puts: vec![(tree, key.to_vec(), value.to_vec())], ..Batch::default() }
}

async fn get(store: &SledStore, tree: Tree, key: &[u8]) -> Option<Vec<u8>> {
    store.read(vec![Read::Get { tree, key: key.to_vec() }]).await.unwrap().remove(0).value()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_removed_is_in_no_file_after_a_rewrite() {
    for (part, tree) in [(Part::Bodies, Tree::Bodies), (Part::Records, Tree::Log)] {
        let folder = Folder::new();
        let store = open(&folder);
        store.commit(put(tree, b"gone", &GONE.repeat(400))).await.unwrap();
        store.commit(put(tree, b"emptied", GONE)).await.unwrap();
        store.commit(put(tree, b"stays", &[7; 20_000])).await.unwrap();
        let mut batch = put(tree, b"emptied", b"");
        batch.delete(tree, *b"gone");
        store.commit(batch).await.unwrap();
        assert!(files_holding(folder.path(), GONE) > 0, "sled keeps what was removed");
        let report = store.rewrite(part).await.unwrap();
        assert!(report.rows > 0 && report.bytes_before > 0);
        assert_eq!(files_holding(folder.path(), GONE), 0, "{part:?}");
        assert_eq!(get(&store, tree, b"stays").await, Some(vec![7; 20_000]));
        store.commit(put(tree, b"after", b"written")).await.unwrap();
        drop(store);
        let store = open(&folder);
        for (key, value) in
            [(&b"stays"[..], Some(vec![7; 20_000])), (b"emptied", Some(vec![])), (b"after", Some(b"written".to_vec()))]
        {
            assert_eq!(get(&store, tree, key).await, value);
        }
        assert_eq!(store.scrub().unwrap().corrupt_count, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_rows_are_copied_is_kept() {
    let folder = Folder::new();
    let store = Arc::new(open(&folder));
    for at in 0..300_u32 {
        store.commit(put(Tree::Bodies, &at.to_be_bytes(), &vec![at as u8; 20_000])).await.unwrap();
    }
    let writing = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            let lens = [0, 12_000, 300, 5_376, 5_377, 40_000];
            for round in 0..400_u32 {
                let key = (round * 7 % 300).to_be_bytes();
                let mut batch = put(Tree::Bodies, &key, &vec![round as u8; lens[round as usize % lens.len()]]);
                batch.puts.push((Tree::Log, round.to_be_bytes().to_vec(), key.to_vec()));
                batch.delete(Tree::Bodies, (round * 11 % 300).to_be_bytes());
                store.commit(batch).await.unwrap();
            }
        }
    });
    let reading = tokio::spawn({
        let (store, written) = (Arc::clone(&store), writing.abort_handle());
        async move {
            while !written.is_finished() {
                let row = Read::Range {
                    tree: Tree::Bodies,
                    from: Vec::new(),
                    to: Vec::new(),
                    rows_max: 300,
                    bytes_max: usize::MAX,
                    reverse: false,
                };
                let rows = store.read(vec![row]).await.unwrap().remove(0).rows();
                assert!(rows.len() > 100, "a reader meets a whole store, whichever it is");
            }
        }
    });
    let mut rewrites = 0;
    while !writing.is_finished() {
        store.rewrite(Part::Bodies).await.unwrap();
        store.rewrite(Part::Records).await.unwrap();
        rewrites += 1;
    }
    writing.await.unwrap();
    reading.await.unwrap();
    assert!(rewrites > 1);
    let all = || Read::Range {
        tree: Tree::Bodies,
        from: Vec::new(),
        to: Vec::new(),
        rows_max: usize::MAX,
        bytes_max: usize::MAX,
        reverse: false,
    };
    let expected = expected_after_writing();
    let rows = store.read(vec![all()]).await.unwrap().remove(0);
    assert_eq!(rows, ReadResult::Rows { rows: expected.clone(), more: false });
    drop(Arc::into_inner(store).unwrap());
    let store = open(&folder);
    assert_eq!(store.read(vec![all()]).await.unwrap().remove(0), ReadResult::Rows { rows: expected, more: false });
    assert_eq!(store.scrub().unwrap().corrupt_count, 0, "no piece is left without its record");
}

fn expected_after_writing() -> Vec<(Vec<u8>, Vec<u8>)> {
    let lens = [0, 12_000, 300, 5_376, 5_377, 40_000];
    let mut rows: std::collections::BTreeMap<u32, Vec<u8>> = (0..300).map(|at| (at, vec![at as u8; 20_000])).collect();
    for round in 0..400_u32 {
        rows.remove(&(round * 11 % 300));
        rows.insert(round * 7 % 300, vec![round as u8; lens[round as usize % lens.len()]]);
    }
    rows.into_iter().map(|(key, value)| (key.to_be_bytes().to_vec(), value)).collect()
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap().map(|file| file.unwrap().path()) {
        let name = to.join(file.file_name().unwrap());
        if file.is_dir() {
            copy_folder(&file, &name);
        } else {
            fs::copy(&file, &name).unwrap();
        }
    }
}

/// The states that a kill can leave: while copying, whole before the first rename, between the two, after both,
/// while the old one is removed.
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_moment_leaves_a_store_with_all_that_was_acknowledged() {
    for (name, part) in [("bodies", Part::Bodies), ("main", Part::Records)] {
        for state in 0..5 {
            let (folder, other) = (Folder::new(), Folder::new());
            let store = open(&folder);
            store.commit(put(Tree::Bodies, b"k", b"a body")).await.unwrap();
            store.commit(put(Tree::Log, b"k", b"an entry")).await.unwrap();
            drop(store);
            copy_folder(folder.path(), other.path());
            open(&other).rewrite(part).await.unwrap();
            let (place, copy) = (folder.path().join(name), other.path().join(name));
            let (new, old) = (place.with_extension("new"), place.with_extension("old"));
            leave(state, &copy, &place);
            let store = open(&folder);
            assert_eq!(get(&store, Tree::Bodies, b"k").await.as_deref(), Some(&b"a body"[..]), "{name} {state}");
            assert_eq!(get(&store, Tree::Log, b"k").await.as_deref(), Some(&b"an entry"[..]), "{name} {state}");
            let again = store.commit(put(Tree::Bodies, b"l", b"later")).await;
            assert_eq!(again, Ok(CommitOutcome::Committed));
            assert!(!new.exists() && !old.exists(), "{name} {state}");
        }
    }
}

fn leave(state: u32, copy: &std::path::Path, place: &std::path::Path) {
    let (new, old) = (place.with_extension("new"), place.with_extension("old"));
    match state {
        0 => {
            copy_folder(copy, &new);
            fs::write(new.join("db"), b"half").unwrap();
        }
        1 => copy_folder(copy, &new),
        2 => {
            copy_folder(copy, &new);
            fs::rename(place, &old).unwrap();
        }
        3 => {
            fs::rename(place, &old).unwrap();
            copy_folder(copy, place);
        }
        _ => {
            fs::create_dir_all(&old).unwrap();
            fs::write(old.join("conf"), b"left").unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_room_for_a_copy_nothing_is_begun() {
    let folder = Folder::new();
    let store = open(&folder);
    store.commit(put(Tree::Bodies, b"k", b"v")).await.unwrap();
    drop(store);
    let config = SledConfig { cache_bytes: 16 * 1024 * 1024, reserve_bytes: u64::MAX };
    let store = SledStore::open(folder.path(), &config).unwrap();
    assert!(matches!(store.rewrite(Part::Bodies).await, Err(StoreError::Full { .. })));
    assert_eq!(get(&store, Tree::Bodies, b"k").await, Some(b"v".to_vec()));
}

/// `cargo test -p kith-server --release -- --ignored --nocapture rewrite_pause`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods, reason = "measures")]
async fn rewrite_pause() {
    let folder = Folder::new();
    let store = Arc::new(open(&folder));
    for round in 0..200_u32 {
        let mut batch = Batch::default();
        for at in 0..100_u32 {
            let key = (round * 100 + at).wrapping_mul(2_654_435_761).to_be_bytes();
            batch.put(Tree::Bodies, [&key[..], &[0; 44]].concat(), vec![at as u8; 5_000]);
        }
        store.commit(batch).await.unwrap();
    }
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let slowest = |write: bool| {
        let (store, stop) = (Arc::clone(&store), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut slowest = std::time::Duration::ZERO;
            while !stop.load(std::sync::atomic::Ordering::SeqCst) {
                let begun = std::time::Instant::now();
                if write {
                    store.commit(put(Tree::Bodies, b"new", b"value")).await.unwrap();
                } else {
                    get(&store, Tree::Log, b"k").await;
                }
                slowest = slowest.max(begun.elapsed());
            }
            slowest
        })
    };
    let (reading, writing) = (slowest(false), slowest(true));
    let begun = std::time::Instant::now();
    let report = store.rewrite(Part::Bodies).await.unwrap();
    let taken = begun.elapsed();
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    println!("{report:?} in {taken:?}; slowest read {:?}, write {:?}", reading.await.unwrap(), writing.await.unwrap());
}
