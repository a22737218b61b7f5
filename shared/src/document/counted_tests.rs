//! Counts by a member who keeps to no rule but the gate's: they name whatever of their own they like.

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{AutoCommit, ScalarValue};

use super::columns::{Head, write_change};
use super::thread::Aside;
use super::toolkit::HELPED;
use super::{DocumentName, Handle, KithSchema, StrategyText, Subject, genesis};
use crate::gate::testing::Dice;
use crate::gate::{Schema, parse_change};
use crate::ids::{ActorId, BodyId, CircleId, DeviceId, EntryId, MemberId};
use crate::seal::TextSalt;
use crate::time::TimestampMs;
use crate::trust::{Author, Role};

const CIRCLE: CircleId = CircleId([0xc1; 16]);
const NOW: TimestampMs = TimestampMs(1_790_000_000_000);
const ROGUE: ActorId = ActorId([77; 16]);
const CASES: u64 = 300;
const FORGED: u64 = 14;

fn name() -> DocumentName {
    DocumentName::new(Subject::Toolkit)
}

fn open(seed: u8, changes: &[Vec<u8>]) -> Handle {
    Handle::open(&CIRCLE, &name(), ActorId([seed; 16]), changes).unwrap()
}

/// Whether a server and a phone take it.
fn is_lawful(bytes: &[u8]) -> bool {
    let author = Author { device: DeviceId([1; 32]), member: MemberId([9; 16]), role: Role::Member, begins: true };
    parse_change(bytes).is_ok_and(|change| KithSchema.inspect(&CIRCLE, &name(), &author, &change).is_ok())
}

/// The next change of a chain: counts, or takes back, at one of the member's keys, and says that it replaces any of
/// what the member did before from `first` on.
fn forge(dice: &mut Dice, keys: &[String], first: u64, last: (u64, EntryId, u64)) -> (Vec<u8>, EntryId) {
    let (seq, entry, start_op) = last;
    let action = match dice.below(8) {
        0 | 1 => OpType::Put(ScalarValue::counter([1, -1][dice.below(2)])),
        2 => OpType::Put(ScalarValue::Bytes(Aside::TakenBack(vec![BodyId([5; 32])]).encode())),
        _ => OpType::Increment([1, -1][dice.below(2)]),
    };
    let mut gone: Vec<u64> = (0..dice.below(3)).map(|_| first + dice.next() % (start_op - first).max(1)).collect();
    gone.retain(|counter| *counter < start_op);
    gone.sort_unstable();
    gone.dedup();
    let genesis = genesis(&CIRCLE, &name()).unwrap();
    let op = Op {
        action,
        obj: ObjectId::Id(OpId(HELPED, automerge::ActorId::from(&genesis.actor.0))),
        key: Key::Map(keys[dice.below(keys.len())].as_str().into()),
        pred: gone.into_iter().map(|counter| OpId(counter, automerge::ActorId::from(&ROGUE.0))).collect(),
        insert: false,
    };
    let head = Head { actor: &ROGUE, seq, start_op, time: NOW.0 as i64, dependencies: &[entry] };
    write_change(&head, &[&op])
}

#[test]
fn p25_no_count_of_one_member_closes_a_toolkit_to_the_others() {
    let (mut lawful, mut left_out) = (0, 0);
    for seed in 0..CASES {
        let mut dice = Dice(seed);
        let mut ana = open(1, &[]);
        let said = |title: &str| StrategyText {
            salt: TextSalt([seed as u8; 16]),
            title: title.to_owned(),
            text: String::new(),
            moments: Vec::new(),
        };
        let keys = ["Walk", "Sing"].map(|title| ana.add_strategy(NOW, &said(title), None).unwrap().0);
        let mut changes = ana.commit(NOW);
        let before = parse_change(changes.last().unwrap()).unwrap();
        let (first, own) = (before.max_op() + 1, super::key::encode_id(&ROGUE.0));
        let theirs: Vec<String> = keys.iter().map(|key| format!("{own}{key}")).collect();
        let mut last = (1, before.entry, first);
        for _ in 0..FORGED {
            let (bytes, entry) = forge(&mut dice, &theirs, first, last);
            if is_lawful(&bytes) {
                lawful += 1;
                last = (last.0 + 1, entry, last.2 + 1);
                changes.push(bytes);
            }
        }
        // By the file and by the network, at once and one after another, in any order.
        let mut at_once = open(10, &changes);
        let mut one_by_one = open(11, &[]);
        for change in &changes {
            one_by_one.apply(&[change]).unwrap();
        }
        let mut shuffled = changes.clone();
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, dice.below(at + 1));
        }
        let seen = at_once.toolkit().unwrap();
        assert_eq!(one_by_one.toolkit().unwrap(), seen, "seed {seed}");
        assert_eq!(open(12, &shuffled).toolkit().unwrap(), seen, "seed {seed}");
        left_out += usize::from(at_once.lacks());
        AutoCommit::load(&at_once.doc.save()).unwrap();
        // Everybody goes on, and reads what the others say.
        let count = |handle: &Handle| {
            let view = handle.toolkit().unwrap();
            view.strategies.iter().map(|known| known.has_helped(|of| *of == ActorId([11; 16]))).collect::<Vec<_>>()
        };
        let stands = seen.strategies.iter().find(|known| !known.taken_back).map(|known| known.key.clone());
        if let Some(key) = stands {
            one_by_one.helped(&key, true, &[], NOW).unwrap();
            changes.extend(one_by_one.commit(NOW));
            assert!(count(&one_by_one).contains(&true));
            assert_eq!(count(&open(13, &changes)), count(&one_by_one), "seed {seed}");
        }
    }
    assert!(lawful > 1_000 && left_out > 100, "{lawful} came through the gate, {left_out} toolkits left something out");
}
