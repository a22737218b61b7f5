use super::{Case, Step};
use crate::storage::{Batch, CommitOutcome, Read, ReadResult, Row, Tree};

const ANY: usize = 1_000_000;

/// All cases.
#[must_use]
pub fn suite() -> Vec<Case> {
    let mut cases = values();
    cases.extend(ranges());
    cases.extend(conditions());
    cases.extend(sizes());
    cases.extend(trees());
    cases
}

fn values() -> Vec<Case> {
    vec![
        Case {
            name: "an empty store answers every read",
            steps: vec![Step::Read {
                reads: vec![get("a"), has("a"), range("", "", ANY, ANY), down("", "", ANY, ANY)],
                results: vec![none(), none(), rows(&[], false), rows(&[], false)],
            }],
        },
        Case {
            name: "what was put is got, and an empty value is not an absent one",
            steps: vec![
                put(&[("a", "1"), ("b", "")]),
                Step::Read {
                    reads: vec![get("a"), get("b"), get("c"), has("a"), has("b"), has("c")],
                    results: vec![value("1"), value(""), none(), value(""), value(""), none()],
                },
            ],
        },
        Case {
            name: "removals happen before writes, and removing what is absent is no error",
            steps: vec![
                put(&[("a", "1"), ("b", "2")]),
                committed(Batch {
                    deletes: vec![(TREE, bytes("a")), (TREE, bytes("b")), (TREE, bytes("z"))],
                    puts: vec![(TREE, bytes("a"), bytes("new"))],
                    ..Batch::default()
                }),
                Step::Read { reads: vec![get("a"), get("b")], results: vec![value("new"), none()] },
            ],
        },
        Case {
            name: "of several writes to a key the last stays",
            steps: vec![put(&[("a", "1"), ("a", "2"), ("a", "3")]), reads_one("a", value("3"))],
        },
        Case { name: "an empty batch is committed", steps: vec![committed(Batch::default()), reads_one("a", none())] },
        Case {
            name: "an empty key is a key",
            steps: vec![
                put(&[("", "nothing"), ("a", "1")]),
                Step::Read {
                    reads: vec![get(""), range("", "", ANY, ANY)],
                    results: vec![value("nothing"), rows(&[("", "nothing"), ("a", "1")], false)],
                },
            ],
        },
        Case {
            name: "a reopened store holds what was committed",
            steps: vec![
                put(&[("a", "1"), ("b", "2")]),
                committed(Batch { deletes: vec![(TREE, bytes("a"))], ..Batch::default() }),
                Step::Reopen,
                Step::Read { reads: vec![get("a"), get("b")], results: vec![none(), value("2")] },
                put(&[("c", "3")]),
                Step::Reopen,
                Step::Read {
                    reads: vec![range("", "", ANY, ANY)],
                    results: vec![rows(&[("b", "2"), ("c", "3")], false)],
                },
            ],
        },
    ]
}

fn ranges() -> Vec<Case> {
    let five = put(&[("a", "1"), ("b", "22"), ("c", "333"), ("d", "4444"), ("e", "55555")]);
    let case = |name, reads: Vec<(Read, ReadResult)>| {
        let (reads, results) = reads.into_iter().unzip();
        Case { name, steps: vec![five.clone(), Step::Read { reads, results }] }
    };
    vec![
        case(
            "a range holds its first key and not its last",
            vec![
                (range("b", "d", ANY, ANY), rows(&[("b", "22"), ("c", "333")], false)),
                (range("bb", "cc", ANY, ANY), rows(&[("c", "333")], false)),
                (range("b", "", ANY, ANY), rows(&[("b", "22"), ("c", "333"), ("d", "4444"), ("e", "55555")], false)),
                (range("f", "", ANY, ANY), rows(&[], false)),
            ],
        ),
        case(
            "a range that ends before it begins is empty",
            vec![
                (range("d", "b", ANY, ANY), rows(&[], false)),
                (range("b", "b", ANY, ANY), rows(&[], false)),
                (down("d", "b", ANY, ANY), rows(&[], false)),
            ],
        ),
        case(
            "a reversed range goes down from its end",
            vec![
                (down("b", "d", ANY, ANY), rows(&[("c", "333"), ("b", "22")], false)),
                (down("", "", 2, ANY), rows(&[("e", "55555"), ("d", "4444")], true)),
                (down("d", "", ANY, ANY), rows(&[("e", "55555"), ("d", "4444")], false)),
                (down("", "a", ANY, ANY), rows(&[], false)),
            ],
        ),
        case(
            "a limit of rows says whether more were there",
            vec![
                (range("", "", 2, ANY), rows(&[("a", "1"), ("b", "22")], true)),
                (range("a", "c", 2, ANY), rows(&[("a", "1"), ("b", "22")], false)),
                (
                    range("", "", 5, ANY),
                    rows(&[("a", "1"), ("b", "22"), ("c", "333"), ("d", "4444"), ("e", "55555")], false),
                ),
                (range("", "", 0, ANY), rows(&[("a", "1")], true)),
            ],
        ),
        case(
            "a limit of bytes stops after the row that reaches it, and gives at least one",
            vec![
                (range("", "", ANY, 0), rows(&[("a", "1")], true)),
                (range("", "", ANY, 2), rows(&[("a", "1"), ("b", "22")], true)),
                (range("", "", ANY, 3), rows(&[("a", "1"), ("b", "22")], true)),
                (range("", "", ANY, 4), rows(&[("a", "1"), ("b", "22"), ("c", "333")], true)),
                (range("e", "", ANY, 1), rows(&[("e", "55555")], false)),
                (down("", "", ANY, 5), rows(&[("e", "55555")], true)),
            ],
        ),
        case(
            "reads asked for together are answered in their order",
            vec![
                (get("c"), value("333")),
                (range("d", "", 1, ANY), rows(&[("d", "4444")], true)),
                (has("a"), value("")),
            ],
        ),
        Case {
            name: "keys are bytes, ordered as bytes",
            steps: vec![
                committed(Batch {
                    puts: [&[0xff, 0xff][..], &[0xff], &[0x00], &[0x00, 0x00], &[0x7f], &[0x80], &[0xff, 0x00]]
                        .into_iter()
                        .map(|key| (TREE, key.to_vec(), key.to_vec()))
                        .collect(),
                    ..Batch::default()
                }),
                Step::Read {
                    reads: vec![binary(&[], &[]), binary(&[0x80], &[0xff, 0xff]), binary(&[0xff], &[])],
                    results: vec![
                        same(&[&[0], &[0, 0], &[0x7f], &[0x80], &[0xff], &[0xff, 0], &[0xff, 0xff]]),
                        same(&[&[0x80], &[0xff], &[0xff, 0]]),
                        same(&[&[0xff], &[0xff, 0], &[0xff, 0xff]]),
                    ],
                },
            ],
        },
    ]
}

fn conditions() -> Vec<Case> {
    let expecting = |expect: &[(&str, Option<&str>)], key: &str, outcome| Step::Commit {
        batch: Batch {
            expect: expect.iter().map(|(key, value)| (TREE, bytes(key), value.map(bytes))).collect(),
            puts: vec![(TREE, bytes(key), bytes("done"))],
            deletes: vec![(TREE, bytes("b"))],
        },
        outcome,
    };
    let both = |b: ReadResult, x: ReadResult| Step::Read { reads: vec![get("b"), get("x")], results: vec![b, x] };
    let case = |name, outcome, expect: &[(&str, Option<&str>)]| {
        let after = match outcome {
            CommitOutcome::Committed => both(none(), value("done")),
            CommitOutcome::Conflict => both(value("2"), none()),
        };
        Case { name, steps: vec![put(&[("a", "1"), ("b", "2"), ("e", "")]), expecting(expect, "x", outcome), after] }
    };
    use CommitOutcome::{Committed, Conflict};
    vec![
        case("expectations that hold let a batch through", Committed, &[("a", Some("1")), ("z", None)]),
        case("another value than expected: nothing happens", Conflict, &[("a", Some("2"))]),
        case("a value where none was expected: nothing happens", Conflict, &[("a", None)]),
        case("no value where one was expected: nothing happens", Conflict, &[("z", Some("1"))]),
        case("one of several expectations fails: nothing happens", Conflict, &[("a", Some("1")), ("z", Some(""))]),
        case("an empty value is not an absent one to an expectation", Conflict, &[("e", None)]),
        case("an expectation looks at the state before the batch", Committed, &[("x", None), ("b", Some("2"))]),
        Case {
            name: "of two batches that expect the same, one goes through",
            steps: vec![
                expecting(&[("x", None)], "x", Committed),
                expecting(&[("x", None)], "y", Conflict),
                reads_one("y", none()),
            ],
        },
        Case {
            name: "a batch of expectations alone is checked",
            steps: vec![
                put(&[("a", "1")]),
                Step::Commit {
                    batch: Batch { expect: vec![(TREE, bytes("a"), None)], ..Batch::default() },
                    outcome: Conflict,
                },
                Step::Commit {
                    batch: Batch { expect: vec![(TREE, bytes("a"), Some(bytes("1")))], ..Batch::default() },
                    outcome: Committed,
                },
            ],
        },
    ]
}

fn sizes() -> Vec<Case> {
    let large: Vec<u8> = (0..200 * 1024_u32).map(|at| (at % 251) as u8).collect();
    let other: Vec<u8> = (0..100 * 1024_u32).map(|at| (at % 241) as u8).collect();
    let store =
        |value: &[u8]| committed(Batch { puts: vec![(Tree::Bodies, bytes("k"), value.to_vec())], ..Batch::default() });
    let read =
        |result| Step::Read { reads: vec![Read::Get { tree: Tree::Bodies, key: bytes("k") }], results: vec![result] };
    let all = || Read::Range {
        tree: Tree::Bodies,
        from: Vec::new(),
        to: Vec::new(),
        rows_max: ANY,
        bytes_max: ANY,
        reverse: false,
    };
    vec![
        Case {
            name: "a value of 200 KiB is kept whole, replaced by smaller ones, and removed",
            steps: vec![
                store(&large),
                read(ReadResult::Value(Some(large.clone()))),
                Step::Reopen,
                read(ReadResult::Value(Some(large.clone()))),
                store(&other),
                read(ReadResult::Value(Some(other.clone()))),
                store(b"small"),
                Step::Read {
                    reads: vec![all()],
                    results: vec![ReadResult::Rows { rows: vec![(bytes("k"), bytes("small"))], more: false }],
                },
                store(&large),
                committed(Batch { deletes: vec![(Tree::Bodies, bytes("k"))], ..Batch::default() }),
                Step::Read { reads: vec![all()], results: vec![rows(&[], false)] },
            ],
        },
        Case {
            name: "a large value counts as one row, with all its bytes, and can be expected",
            steps: vec![
                store(&large),
                Step::Commit {
                    batch: Batch {
                        expect: vec![(Tree::Bodies, bytes("k"), Some(large.clone()))],
                        puts: vec![(Tree::Bodies, bytes("l"), bytes("after"))],
                        ..Batch::default()
                    },
                    outcome: CommitOutcome::Committed,
                },
                Step::Read {
                    reads: vec![
                        Read::Has { tree: Tree::Bodies, key: bytes("k") },
                        Read::Range {
                            tree: Tree::Bodies,
                            from: Vec::new(),
                            to: Vec::new(),
                            rows_max: ANY,
                            bytes_max: 150 * 1024,
                            reverse: false,
                        },
                    ],
                    results: vec![value(""), ReadResult::Rows { rows: vec![(bytes("k"), large)], more: true }],
                },
            ],
        },
    ]
}

fn trees() -> Vec<Case> {
    let everywhere: Vec<(Tree, Vec<u8>, Vec<u8>)> =
        Tree::ALL.into_iter().map(|tree| (tree, bytes("k"), vec![tree.number()])).collect();
    let gets: Vec<Read> = Tree::ALL.into_iter().map(|tree| Read::Get { tree, key: bytes("k") }).collect();
    let there: Vec<ReadResult> =
        Tree::ALL.into_iter().map(|tree| ReadResult::Value(Some(vec![tree.number()]))).collect();
    vec![
        Case {
            name: "trees are apart, and one batch writes to all of them",
            steps: vec![
                committed(Batch { puts: everywhere, ..Batch::default() }),
                Step::Read { reads: gets.clone(), results: there.clone() },
                Step::Reopen,
                Step::Read { reads: gets, results: there },
                Step::Read {
                    reads: vec![Read::Range {
                        tree: Tree::Log,
                        from: Vec::new(),
                        to: Vec::new(),
                        rows_max: ANY,
                        bytes_max: ANY,
                        reverse: true,
                    }],
                    results: vec![ReadResult::Rows { rows: vec![(bytes("k"), vec![Tree::Log.number()])], more: false }],
                },
            ],
        },
        Case {
            name: "an expectation in one tree guards writes to another",
            steps: vec![
                Step::Commit {
                    batch: Batch {
                        expect: vec![(Tree::Bodies, bytes("k"), Some(bytes("1")))],
                        puts: vec![(Tree::Log, bytes("k"), bytes("1"))],
                        ..Batch::default()
                    },
                    outcome: CommitOutcome::Conflict,
                },
                Step::Read { reads: vec![Read::Get { tree: Tree::Log, key: bytes("k") }], results: vec![none()] },
            ],
        },
    ]
}

const TREE: Tree = Tree::Documents;

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn put(rows: &[(&str, &str)]) -> Step {
    committed(Batch {
        puts: rows.iter().map(|(key, value)| (TREE, bytes(key), bytes(value))).collect(),
        ..Batch::default()
    })
}

fn committed(batch: Batch) -> Step {
    Step::Commit { batch, outcome: CommitOutcome::Committed }
}

fn reads_one(key: &str, result: ReadResult) -> Step {
    Step::Read { reads: vec![get(key)], results: vec![result] }
}

fn get(key: &str) -> Read {
    Read::Get { tree: TREE, key: bytes(key) }
}

fn has(key: &str) -> Read {
    Read::Has { tree: TREE, key: bytes(key) }
}

fn range(from: &str, to: &str, rows_max: usize, bytes_max: usize) -> Read {
    Read::Range { tree: TREE, from: bytes(from), to: bytes(to), rows_max, bytes_max, reverse: false }
}

fn down(from: &str, to: &str, rows_max: usize, bytes_max: usize) -> Read {
    Read::Range { tree: TREE, from: bytes(from), to: bytes(to), rows_max, bytes_max, reverse: true }
}

fn binary(from: &[u8], to: &[u8]) -> Read {
    Read::Range { tree: TREE, from: from.to_vec(), to: to.to_vec(), rows_max: ANY, bytes_max: ANY, reverse: false }
}

fn none() -> ReadResult {
    ReadResult::Value(None)
}

fn value(text: &str) -> ReadResult {
    ReadResult::Value(Some(bytes(text)))
}

fn rows(rows: &[(&str, &str)], more: bool) -> ReadResult {
    ReadResult::Rows { rows: rows.iter().map(|(key, value)| (bytes(key), bytes(value))).collect(), more }
}

fn same(keys: &[&[u8]]) -> ReadResult {
    let rows: Vec<Row> = keys.iter().map(|key| (key.to_vec(), key.to_vec())).collect();
    ReadResult::Rows { rows, more: false }
}
