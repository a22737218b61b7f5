//! Changes by a member who keeps to no rule but the gate's: their ops name whatever they like.

use super::note::{BODY, FIELDS};
use super::{Block, BlockKind, BodyOp, DocumentName, Handle, KithSchema, Mark, NoteField, Span, Subject, genesis};
use crate::codec::Writer;
use crate::gate::testing::Dice;
use crate::gate::{Schema, parse_change, wrap_content};
use crate::ids::{ActorId, CircleId, DeviceId, EntryId, MemberId};
use crate::time::{Day, TimestampMs};
use crate::trust::{Author, Role};

const CIRCLE: CircleId = CircleId([0xc1; 16]);
const NOW: TimestampMs = TimestampMs(1_790_000_000_000);
const CASES: u64 = 400;
const FORGED: usize = 12;

type Id = (ActorId, u64);

fn name() -> DocumentName {
    DocumentName::new(Subject::SessionNote { day: Day(20_700), ordinal: 0 })
}

fn open(seed: u8, changes: &[Vec<u8>]) -> Handle {
    Handle::open(&CIRCLE, &name(), ActorId([seed; 16]), changes).unwrap()
}

/// A change of one op.
#[derive(Clone, Debug)]
struct Forged {
    actor: ActorId,
    dependencies: Vec<EntryId>,
    start_op: u64,
    object: Id,
    key: Result<&'static str, Option<Id>>,
    insert: bool,
    /// 0 makes a block, 1 puts, 3 removes.
    action: u8,
    /// As Automerge has it: its length and kind, and its bytes.
    value: (u64, &'static [u8]),
    gone: Option<Id>,
}

impl Forged {
    fn bytes(&self) -> Vec<u8> {
        let at = if let Err(Some(id)) = self.key { Some(id) } else { None };
        let mut others: Vec<ActorId> =
            [Some(self.object), at, self.gone].into_iter().flatten().map(|id| id.0).collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|other| *other != self.actor);
        let place = |actor: ActorId| others.iter().position(|other| *other == actor).map_or(0, |at| at as u64 + 1);
        let number = |value: u64| one(Writer::new().number(value));
        let difference = |value: u64| one(Writer::new().raw(&signed(value)));
        let mut columns = vec![(1, number(place(self.object.0))), (2, number(self.object.1))];
        match self.key {
            Ok(key) => columns.push((21, one(Writer::new().bytes(key.as_bytes())))),
            Err(None) => columns.push((19, difference(0))),
            Err(Some((actor, counter))) => columns.extend([(17, number(place(actor))), (19, difference(counter))]),
        }
        columns.push((52, if self.insert { vec![0, 1] } else { vec![1] }));
        columns.extend([(66, number(self.action.into())), (86, number(self.value.0))]);
        if !self.value.1.is_empty() {
            columns.push((87, self.value.1.to_vec()));
        }
        columns.push((112, number(self.gone.is_some().into())));
        if let Some((actor, counter)) = self.gone {
            columns.extend([(113, number(place(actor))), (115, difference(counter))]);
        }
        let mut writer = Writer::new();
        writer.count(self.dependencies.len());
        for dependency in &self.dependencies {
            writer.raw(&dependency.0);
        }
        writer.bytes(&self.actor.0).number(1).number(self.start_op).byte(0).bytes(&[]).count(others.len());
        for other in &others {
            writer.bytes(&other.0);
        }
        writer.count(columns.len());
        for (spec, column) in &columns {
            writer.number(*spec).count(column.len());
        }
        for (_, column) in &columns {
            writer.raw(column);
        }
        wrap_content(&writer.into_bytes()).0
    }
}

/// A run of one value.
fn one(value: &mut Writer) -> Vec<u8> {
    [vec![0x7f], core::mem::take(value).into_bytes()].concat()
}

fn signed(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 64 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Whether a server and a phone take it.
fn is_lawful(bytes: &[u8]) -> bool {
    let author = Author { device: DeviceId([1; 32]), member: MemberId([9; 16]), role: Role::Member, begins: true };
    parse_change(bytes).is_ok_and(|change| KithSchema.inspect(&CIRCLE, &name(), &author, &change).is_ok())
}

/// A note of three people who write apart and together.
fn written(dice: &mut Dice) -> Vec<Vec<u8>> {
    let mut phones: Vec<Handle> = (1..=3).map(|seed| open(seed, &[])).collect();
    let mut all: Vec<Vec<u8>> = Vec::new();
    for _ in 0..4 + dice.below(5) {
        let phone = &mut phones[dice.below(3)];
        if dice.below(2) == 0 {
            phone.apply(&all).unwrap();
        }
        let units = phone.note_units().unwrap();
        let at = dice.below(units + 1);
        let ops = match dice.below(4) {
            0 => vec![BodyOp::Block { index: at, block: Block { kind: BlockKind::Bullet, level: 0, checked: false } }],
            1 if units > 1 => vec![BodyOp::Mark { from: 0, to: units, mark: Mark::Strong, on: true }],
            2 if units > 2 => vec![BodyOp::Splice { index: units - 2, remove: 1, text: String::new() }],
            _ => vec![BodyOp::Splice { index: at, remove: 0, text: "tea ".to_owned() }],
        };
        phone.edit_body(&ops).unwrap();
        phone.set_field(NoteField::Title, ["Rain", "Sun"][dice.below(2)], NOW).unwrap();
        all.extend(phone.commit(NOW));
    }
    all
}

fn forge(dice: &mut Dice, nth: usize, changes: &[Vec<u8>]) -> Forged {
    let first = genesis(&CIRCLE, &name()).unwrap();
    let known: Vec<_> = changes.iter().map(|bytes| parse_change(bytes).unwrap()).collect();
    let actors: Vec<ActorId> = known.iter().filter_map(|change| ActorId::from_slice(change.actor)).collect();
    let most = known.iter().map(crate::gate::Change::max_op).max().unwrap_or(5);
    let any = |dice: &mut Dice| {
        let actor = if dice.below(9) == 0 { first.actor } else { actors[dice.below(actors.len())] };
        (actor, 1 + dice.next() % (most + 2))
    };
    let on = (dice.below(6) > 0).then(|| &known[dice.below(known.len())]);
    let (entry, max_op) = on.map_or((first.entry, first.max_op), |change| (change.entry, change.max_op()));
    let id = any(dice);
    let (action, insert, value): (u8, bool, (u64, &[u8])) = match dice.below(4) {
        0 => (0, true, (0, b"")),
        1 => (3, false, (0, b"")),
        2 => (1, false, ((1 << 4) | 3, &[1])),
        _ => (1, true, ((1 << 4) | 6, b"x")),
    };
    let mut forged = Forged {
        actor: ActorId([100 + nth as u8; 16]),
        dependencies: vec![entry],
        start_op: max_op + 1,
        object: (first.actor, BODY),
        key: Err(if dice.below(5) == 0 { None } else { Some(id) }),
        insert,
        action,
        value,
        gone: (action == 3).then(|| if dice.below(4) == 0 { any(dice) } else { id }),
    };
    match dice.below(6) {
        0 => (forged.object, forged.key) = (any(dice), Ok(["k", "l", "c"][dice.below(3)])),
        1 => {
            (forged.object, forged.key) = ((first.actor, FIELDS), Ok(["t", "p", "d"][dice.below(3)]));
            forged.gone = (dice.below(2) == 0).then(|| any(dice));
        }
        _ => {}
    }
    forged
}

#[test]
fn p25_no_op_of_one_member_closes_a_note_to_the_others() {
    let (mut lawful, mut left_out) = (0, 0);
    for seed in 0..CASES {
        let mut dice = Dice(seed);
        let mut changes = written(&mut dice);
        for nth in 0..FORGED {
            let bytes = forge(&mut dice, nth, &changes).bytes();
            if is_lawful(&bytes) {
                lawful += 1;
                changes.push(bytes);
            }
        }
        // By the file and by the network, at once and one after another, in any order.
        let at_once = open(10, &changes);
        let mut one_by_one = open(11, &[]);
        for change in &changes {
            one_by_one.apply(&[change]).unwrap();
        }
        let mut shuffled = changes.clone();
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, dice.below(at + 1));
        }
        let any_order = open(12, &shuffled);
        let seen = at_once.note().unwrap();
        assert_eq!(one_by_one.note().unwrap(), seen, "seed {seed}");
        assert_eq!(any_order.note().unwrap(), seen, "seed {seed}");
        left_out += usize::from(at_once.lacks());
        // Everybody goes on writing, and reads what the others write.
        let (mut ana, units) = (one_by_one, at_once.note_units().unwrap());
        ana.edit_body(&[BodyOp::Splice { index: units, remove: 0, text: "and on".to_owned() }]).unwrap();
        changes.extend(ana.commit(NOW));
        let again = open(13, &changes).note().unwrap();
        assert_eq!(again, ana.note().unwrap(), "seed {seed}");
        assert!(matches!(again.spans.last(), Some(Span::Text { text, .. }) if text.ends_with("and on")), "seed {seed}");
    }
    assert!(lawful > 1_000 && left_out > 100, "{lawful} came through the gate, {left_out} notes left something out");
}
