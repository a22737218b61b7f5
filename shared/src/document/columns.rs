//! A change with ops, written in the one form in which Automerge writes it and the gate reads it. Automerge's own writer
//! of expanded changes would do it too, and bring its encoders of every type a second time: 20 KB of what every phone
//! downloads.

use automerge::ScalarValue;
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};

use crate::codec::Writer;
use crate::gate::wrap_content;
use crate::ids::{ActorId, EntryId};

/// What stands before a change's ops.
pub(super) struct Head<'a> {
    pub actor: &'a ActorId,
    pub seq: u64,
    pub start_op: u64,
    /// As Automerge has it; Kith writes milliseconds since 1970.
    pub time: i64,
    /// Sorted, no two alike.
    pub dependencies: &'a [EntryId],
}

/// A change of `ops`, of which there is at least one, and its hash.
pub(super) fn write_change(head: &Head<'_>, ops: &[&Op]) -> (Vec<u8>, EntryId) {
    let author: &[u8] = head.actor.as_bytes();
    let ids = ops.iter().flat_map(|op| object(op).into_iter().chain(element(op)).chain(op.pred.iter()));
    let mut others: Vec<&[u8]> = ids.map(|id| id.1.to_bytes()).filter(|actor| *actor != author).collect();
    others.sort_unstable();
    others.dedup();
    let mut content = Writer::new();
    content.count(head.dependencies.len());
    for entry in head.dependencies {
        content.raw(entry.as_bytes());
    }
    content.bytes(author).number(head.seq).number(head.start_op).raw(&signed(head.time));
    // No message.
    content.number(0).count(others.len());
    for other in &others {
        content.bytes(other);
    }
    let mut columns = Columns::default();
    for op in ops {
        columns.push(op, &|id| others.binary_search(&id.1.to_bytes()).map_or(0, |at| at as u64 + 1));
    }
    columns.write(&mut content);
    wrap_content(&content.into_bytes())
}

fn object(op: &Op) -> Option<&OpId> {
    if let ObjectId::Id(id) = &op.obj { Some(id) } else { None }
}

fn element(op: &Op) -> Option<&OpId> {
    if let Key::Seq(ElementId::Id(id)) = &op.key { Some(id) } else { None }
}

/// A run-length column: its cells as encoded, or null. Equal values have equal bytes.
type Cells = Vec<Option<Vec<u8>>>;

#[derive(Default)]
struct Columns {
    object_actor: Cells,
    object_counter: Cells,
    key_actor: Cells,
    key_counter: Deltas,
    key_text: Cells,
    insert: Vec<bool>,
    action: Cells,
    meta: Cells,
    values: Vec<u8>,
    group: Cells,
    predecessor_actor: Cells,
    predecessor_counter: Deltas,
    expand: Vec<bool>,
    mark_name: Cells,
}

impl Columns {
    fn push(&mut self, op: &Op, actor: &dyn Fn(&OpId) -> u64) {
        self.object_actor.push(object(op).map(|id| number(actor(id))));
        self.object_counter.push(object(op).map(|id| number(id.0)));
        self.key_actor.push(element(op).map(|id| number(actor(id))));
        let head = if op.key == Key::Seq(ElementId::Head) { Some(0) } else { None };
        self.key_counter.push(element(op).map(|id| id.0).or(head));
        self.key_text.push(if let Key::Map(text) = &op.key { Some(text_cell(text)) } else { None });
        self.insert.push(op.insert);
        let (action, (kind, bytes), name, expand) = parts(&op.action);
        self.action.push(Some(number(action)));
        self.meta.push(Some(number((bytes.len() as u64) << 4 | kind)));
        self.values.extend_from_slice(&bytes);
        self.group.push(Some(number(op.pred.len() as u64)));
        for id in op.pred.iter() {
            self.predecessor_actor.push(Some(number(actor(id))));
            self.predecessor_counter.push(Some(id.0));
        }
        self.expand.push(expand);
        self.mark_name.push(name.map(text_cell));
    }

    /// Specifications and lengths of the columns that are not empty, then the columns.
    fn write(&self, content: &mut Writer) {
        let expand = if self.expand.contains(&true) { flags(&self.expand) } else { Vec::new() };
        let columns = [
            (1, runs(&self.object_actor)),
            (2, runs(&self.object_counter)),
            (17, runs(&self.key_actor)),
            (19, runs(&self.key_counter.cells)),
            (21, runs(&self.key_text)),
            (52, flags(&self.insert)),
            (66, runs(&self.action)),
            (86, runs(&self.meta)),
            (87, self.values.clone()),
            (112, runs(&self.group)),
            (113, runs(&self.predecessor_actor)),
            (115, runs(&self.predecessor_counter.cells)),
            (148, expand),
            (165, runs(&self.mark_name)),
        ];
        content.count(columns.iter().filter(|(_, bytes)| !bytes.is_empty()).count());
        for (specification, bytes) in columns.iter().filter(|(_, bytes)| !bytes.is_empty()) {
            content.number(*specification).count(bytes.len());
        }
        for (_, bytes) in &columns {
            content.raw(bytes);
        }
    }
}

/// Numbers, each as the difference from the last that was not null.
#[derive(Default)]
struct Deltas {
    cells: Cells,
    last: u64,
}

impl Deltas {
    fn push(&mut self, value: Option<u64>) {
        let last = self.last;
        self.cells.push(value.map(|value| signed((value as i64).wrapping_sub(last as i64))));
        self.last = value.unwrap_or(last);
    }
}

/// An action's number, its value as encoded, and a mark's name and whether it grows.
fn parts(action: &OpType) -> (u64, (u64, Vec<u8>), Option<&str>, bool) {
    let none = || value_bytes(&ScalarValue::Null);
    match action {
        OpType::Make(automerge::ObjType::Map) => (0, none(), None, false),
        OpType::Put(value) => (1, value_bytes(value), None, false),
        OpType::Make(automerge::ObjType::List) => (2, none(), None, false),
        OpType::Delete => (3, none(), None, false),
        OpType::Make(automerge::ObjType::Text) => (4, none(), None, false),
        OpType::Increment(by) => (5, value_bytes(&ScalarValue::Int(*by)), None, false),
        // No document of Kith has tables, and the gate lets none in.
        OpType::Make(automerge::ObjType::Table) => (6, none(), None, false),
        OpType::MarkBegin(mark) => (7, value_bytes(&mark.value), Some(&mark.name), mark.expand),
        OpType::MarkEnd(expand) => (7, none(), None, *expand),
    }
}

fn value_bytes(value: &ScalarValue) -> (u64, Vec<u8>) {
    match value {
        ScalarValue::Null => (0, Vec::new()),
        ScalarValue::Boolean(truth) => (1 + u64::from(*truth), Vec::new()),
        ScalarValue::Uint(value) => (3, number(*value)),
        ScalarValue::Int(value) => (4, signed(*value)),
        ScalarValue::F64(value) => (5, value.to_le_bytes().to_vec()),
        ScalarValue::Str(text) => (6, text.as_bytes().to_vec()),
        ScalarValue::Bytes(bytes) => (7, bytes.clone()),
        ScalarValue::Counter(counter) => (8, signed(i64::from(counter))),
        ScalarValue::Timestamp(ms) => (9, signed(*ms)),
        ScalarValue::Unknown { type_code, bytes } => (u64::from(*type_code), bytes.clone()),
    }
}

/// The cells in runs: nulls, one value again and again, or values of which none is the one before.
fn runs(cells: &[Option<Vec<u8>>]) -> Vec<u8> {
    if cells.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut writer = Writer::new();
    let mut rest = cells;
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|cell| *cell == first).count();
        let len = match first {
            None => {
                writer.raw(&signed(0)).count(same);
                same
            }
            Some(value) if same > 1 => {
                writer.raw(&signed(same as i64)).raw(value);
                same
            }
            Some(_) => {
                let goes_on = |at: &usize| rest[*at].is_some() && rest.get(at + 1) != Some(&rest[*at]);
                let len = (0..rest.len()).take_while(goes_on).count();
                writer.raw(&signed(-(len as i64)));
                rest[..len].iter().flatten().for_each(|value| _ = writer.raw(value));
                len
            }
        };
        rest = &rest[len..];
    }
    writer.into_bytes()
}

/// Lengths of runs, false first.
fn flags(values: &[bool]) -> Vec<u8> {
    let mut writer = Writer::new();
    let (mut value, mut rest) = (false, values);
    while !rest.is_empty() {
        let len = rest.iter().take_while(|other| **other == value).count();
        writer.count(len);
        (value, rest) = (!value, &rest[len..]);
    }
    writer.into_bytes()
}

fn number(value: u64) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.number(value);
    writer.into_bytes()
}

fn text_cell(text: &str) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.text(text);
    writer.into_bytes()
}

/// A signed LEB128 number in its shortest form.
fn signed(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        let is_last = (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0);
        bytes.push(if is_last { byte } else { byte | 0x80 });
        if is_last {
            return bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use automerge::marks::{ExpandMark, Mark};
    use automerge::transaction::Transactable;
    use automerge::{AutoCommit, ObjType, ROOT, ReadDoc};

    use super::*;

    /// Numbers that look random and come again.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, max: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % max
        }
    }

    fn act(doc: &mut AutoCommit, dice: &mut Dice) {
        let key = format!("k{}", dice.below(4));
        let text = match doc.get(ROOT, "text").unwrap() {
            Some((_, id)) => id,
            None => doc.put_object(ROOT, "text", ObjType::Text).unwrap(),
        };
        let length = doc.length(&text);
        match dice.below(14) {
            12 => doc.put(ROOT, "count", ScalarValue::counter(1)).unwrap(),
            13 if doc.get(ROOT, "count").unwrap().is_some() => {
                doc.increment(ROOT, "count", dice.below(3) as i64 - 1).unwrap();
            }
            0 => doc.put(ROOT, key, dice.below(3) as i64 - 1).unwrap(),
            1 => doc.put(ROOT, key, "words").unwrap(),
            2 => doc.put(ROOT, key, ScalarValue::Bytes(vec![7; dice.below(20)])).unwrap(),
            3 => doc.put(ROOT, key, dice.below(2) == 1).unwrap(),
            4 => doc.put(ROOT, key, ScalarValue::Timestamp(-300)).unwrap(),
            5 => doc.put(ROOT, key, ScalarValue::Null).unwrap(),
            6 => _ = doc.put_object(ROOT, key, ObjType::Map).unwrap(),
            7 => doc.delete(ROOT, key).unwrap(),
            8 => _ = doc.split_block(&text, dice.below(length + 1)).unwrap(),
            9 if length > 1 => {
                let (start, expand) = (dice.below(length - 1), [ExpandMark::Both, ExpandMark::None][dice.below(2)]);
                doc.mark(&text, Mark::new("strong".into(), true, start, length), expand).unwrap();
            }
            _ => {
                let (at, remove) = (dice.below(length + 1), dice.below(3));
                let remove = remove.min(length - at) as isize;
                doc.splice_text(&text, at, remove, &"aab cö"[..dice.below(5)]).unwrap();
            }
        }
    }

    #[test]
    fn changes_have_just_the_bytes_that_automerge_writes() {
        let mut written = 0;
        for seed in 0..120 {
            let mut dice = Dice(seed);
            let actor = |of: u8| automerge::ActorId::from(&[of; 16]);
            let mut docs = [5, 3, 9].map(|of| AutoCommit::new().with_actor(actor(of)));
            for _ in 0..40 {
                let (one, other) = (dice.below(3), dice.below(3));
                for _ in 0..dice.below(4) {
                    act(&mut docs[one], &mut dice);
                }
                docs[one].commit();
                if one != other {
                    let mut from = docs[other].clone();
                    docs[one].merge(&mut from).unwrap();
                }
            }
            for doc in &mut docs {
                for change in doc.get_changes(&[]) {
                    let expanded = change.decode();
                    if expanded.operations.is_empty() {
                        continue;
                    }
                    let head = Head {
                        actor: &ActorId::from_slice(change.actor_id().to_bytes()).unwrap(),
                        seq: change.seq(),
                        start_op: change.start_op().get(),
                        time: change.timestamp(),
                        dependencies: &change.deps().iter().map(|hash| EntryId(hash.0)).collect::<Vec<_>>(),
                    };
                    let ops: Vec<&Op> = expanded.operations.iter().collect();
                    let (bytes, entry) = write_change(&head, &ops);
                    assert_eq!(bytes, change.raw_bytes(), "seed {seed}");
                    assert_eq!(entry.0, change.hash().0);
                    written += 1;
                }
            }
        }
        assert!(written > 2_000, "{written}");
    }
}
