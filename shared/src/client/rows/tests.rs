use super::*;
use crate::storage::MemoryStore;

fn range(tree: Tree, from: &[u8], to: &[u8]) -> Read {
    let (from, to) = (from.to_vec(), to.to_vec());
    Read::Range { tree, from, to, rows_max: usize::MAX, bytes_max: usize::MAX, reverse: false }
}

fn get(tree: Tree, key: &[u8]) -> Read {
    Read::Get { tree, key: key.to_vec() }
}

/// What a task that asks for these is told to read.
fn lacking(rows: &Rows, reads: Vec<Read>) -> Vec<Read> {
    rows.need(reads).err().map(|Unread(reads)| reads).unwrap_or_default()
}

fn learn(rows: &mut Rows, store: &MemoryStore, reads: &[Read]) {
    let lacking = lacking(rows, reads.to_vec());
    rows.learn(&lacking, store.read(&lacking));
}

#[test]
fn what_was_read_is_not_read_again_and_what_was_taken_is() {
    let (mut rows, mut store) = (Rows::default(), MemoryStore::default());
    let mut batch = Batch::default();
    batch.put(Tree::Meta, *b"a", *b"1");
    store.commit(batch);
    let reads = vec![get(Tree::Meta, b"a"), get(Tree::Meta, b"b"), range(Tree::Meta, b"", b"")];
    assert_eq!(lacking(&rows, reads.clone()), reads);
    learn(&mut rows, &store, &reads);
    assert_eq!(lacking(&rows, reads), []);
    assert_eq!(rows.get(Tree::Meta, b"a"), Some(&b"1"[..]));
    assert_eq!(rows.value(Tree::Meta, b"b".to_vec()), Ok(None), "it was read that there is none");
    assert!(rows.value(Tree::Meta, b"c".to_vec()).is_err(), "nobody knows");
    assert_eq!(rows.get(Tree::Bodies, b"a"), None);
    let taken = rows.take_range(range(Tree::Meta, b"", b""));
    assert_eq!(taken.ok(), Some(vec![(b"a".to_vec(), b"1".to_vec())]));
    assert!(rows.take_range(range(Tree::Meta, b"", b"")).is_err());
}

/// Whatever is read, committed and let go of, in any order: what the cache answers is what the store would.
#[test]
fn no_answer_differs_from_the_stores_whatever_is_committed() {
    for seed in 0..400_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = move |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 16) % below
        };
        let trees = [Tree::Meta, Tree::Bodies, Tree::DocumentLog];
        let (mut rows, mut store) = (Rows::default(), MemoryStore::default());
        for step in 0..60 {
            let mut key = || (0..=next(3)).map(|_| next(3) as u8).collect::<Vec<u8>>();
            let (one, other, third) = (key(), key(), key());
            let tree = trees[next(3) as usize];
            if next(2) == 0 {
                let (from, to) = if one < other { (one, other) } else { (other, one) };
                let to = if next(4) == 0 { Vec::new() } else { to };
                let reads = vec![get(tree, &third), Read::Has { tree, key: from.clone() }, range(tree, &from, &to)];
                learn(&mut rows, &store, &reads);
                let Ok(answers) = rows.answers(&reads) else { panic!("seed {seed}, step {step}: not learnt") };
                assert_eq!(answers, store.read(&reads), "seed {seed}, step {step}: {reads:?}");
            } else {
                let mut batch = Batch::default();
                batch.put(tree, one, vec![step]);
                batch.delete(tree, other);
                batch.put(trees[next(3) as usize], third, vec![step, step]);
                let changes = rows.changes(&batch);
                // A commit that fails changes nothing.
                if next(4) > 0 {
                    store.commit(batch);
                    rows.apply(changes);
                }
            }
            if next(8) == 0 {
                rows.rest();
            }
        }
    }
}

#[test]
fn no_task_loses_what_it_read_and_little_stays_behind_it() {
    let (mut rows, store) = (Rows::default(), MemoryStore::default());
    let large = ReadResult::Value(Some(vec![7; BYTES_MAX]));
    let reads = [get(Tree::Bodies, b"one"), get(Tree::Bodies, b"two")];
    rows.learn(&reads, vec![large.clone(), large]);
    assert_eq!(lacking(&rows, reads.to_vec()), []);
    rows.rest();
    assert_eq!(lacking(&rows, reads.to_vec()), reads);
    assert_eq!(rows.bytes, 0);
    learn(&mut rows, &store, &reads);
    rows.rest();
    assert_eq!(lacking(&rows, reads.to_vec()), [], "little stays");
}

#[test]
fn texts_that_are_gone_or_empty_are_told_once_and_nothing_else_is() {
    let mut rows = Rows::default();
    let mut batch = Batch::default();
    batch.put(Tree::Bodies, *b"kept", *b"text");
    batch.put(Tree::Bodies, *b"emptied", *b"");
    batch.put(Tree::Meta, *b"empty", *b"");
    batch.delete(Tree::Bodies, b"gone".to_vec());
    batch.delete(Tree::Owners, b"owner".to_vec());
    let changes = rows.changes(&batch);
    assert_eq!(rows.take_erased(), Vec::<Vec<u8>>::new(), "it is not durable yet");
    rows.apply(changes);
    let mut erased = rows.take_erased();
    erased.sort();
    assert_eq!(erased, [b"emptied".to_vec(), b"gone".to_vec()]);
    assert_eq!(rows.take_erased(), Vec::<Vec<u8>>::new());
}
