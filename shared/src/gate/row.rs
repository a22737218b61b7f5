use crate::codec::Reader;

use super::column::{Deltas, Flags, Runs, ensure, well};
use super::value::read_value;
use super::{Action, CHANGE_PREDECESSORS_MAX, Refusal, Scalar};

const SPECS: [u32; Columns::COUNT] = [1, 2, 17, 19, 21, 52, 66, 86, 87, 112, 113, 115, 148, 165];
const ACTION: usize = 6;

/// The columns of a change's ops, empty where one is absent, in the order of their specifications.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns<'a>([&'a [u8]; Columns::COUNT]);

impl<'a> Columns<'a> {
    const COUNT: usize = 14;

    /// Reads the columns' specifications and lengths, then the columns, which must fill the rest.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Refusal> {
        let present = well(reader.count(Self::COUNT, "columns"))?;
        let mut lens = [0; Self::COUNT];
        let mut next = 0;
        for _ in 0..present {
            let spec = well(reader.number_as::<u32>("column"))?;
            let place = SPECS.iter().position(|known| *known == spec).ok_or(Refusal::Malformed)?;
            ensure(place >= next)?;
            next = place + 1;
            lens[place] = well(reader.count(reader.rest().len(), "column"))?;
            ensure(lens[place] > 0)?;
        }
        let mut columns = [&[][..]; Self::COUNT];
        for (column, len) in columns.iter_mut().zip(lens) {
            *column = well(reader.take(len, "column"))?;
        }
        well(reader.finish("change"))?;
        Ok(Self(columns))
    }

    /// The column that says how many ops there are.
    pub(super) fn action(&self) -> &'a [u8] {
        self.0[ACTION]
    }

    /// Whether there is none at all.
    pub(super) fn are_empty(&self) -> bool {
        self.0.iter().all(|column| column.is_empty())
    }
}

/// An op's id with the actor as its place in the change: 0 is the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RawId {
    pub(super) counter: u64,
    pub(super) actor: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RawKey<'a> {
    Map(&'a str),
    Head,
    Element(RawId),
}

/// One op as the columns have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row<'a> {
    pub(super) object: Option<RawId>,
    pub(super) key: RawKey<'a>,
    pub(super) insert: bool,
    pub(super) action: Action,
    pub(super) value: Scalar<'a>,
    pub(super) mark_name: Option<&'a str>,
    pub(super) expand: bool,
}

/// Reads rows off the columns. Every id has a counter from 1 and an actor that the change names.
#[derive(Clone)]
pub(super) struct Rows<'a> {
    actors: usize,
    object_actor: Runs<'a, u64>,
    object_counter: Runs<'a, u64>,
    key_actor: Runs<'a, u64>,
    key_counter: Deltas<'a>,
    key_text: Runs<'a, &'a str>,
    insert: Flags<'a>,
    action: Runs<'a, u64>,
    meta: Runs<'a, u64>,
    values: Reader<'a>,
    group: Runs<'a, u64>,
    predecessor_actor: Runs<'a, u64>,
    predecessor_counter: Deltas<'a>,
    expand: Flags<'a>,
    mark_name: Runs<'a, &'a str>,
    predecessors_left: u64,
}

impl<'a> Rows<'a> {
    /// The rows of `columns` in a change that names `actors` actors with its author.
    pub(super) fn new(columns: &Columns<'a>, actors: usize) -> Self {
        let c = &columns.0;
        Self {
            actors,
            object_actor: Runs::new(c[0]),
            object_counter: Runs::new(c[1]),
            key_actor: Runs::new(c[2]),
            key_counter: Deltas::new(c[3]),
            key_text: Runs::new(c[4]),
            insert: Flags::new(c[5]),
            action: Runs::new(c[ACTION]),
            meta: Runs::new(c[7]),
            values: Reader::new(c[8]),
            group: Runs::new(c[9]),
            predecessor_actor: Runs::new(c[10]),
            predecessor_counter: Deltas::new(c[11]),
            expand: Flags::new(c[12]),
            mark_name: Runs::new(c[13]),
            predecessors_left: CHANGE_PREDECESSORS_MAX,
        }
    }

    /// The next row; its predecessors go to `predecessors`.
    pub(super) fn read(&mut self, predecessors: &mut Vec<RawId>) -> Result<Row<'a>, Refusal> {
        let object = self.id(|rows| Ok((rows.object_actor.next()?, rows.object_counter.next()?)))?;
        let key = self.key()?;
        let insert = self.insert.next()?;
        let action = action(self.action.some()?)?;
        let meta = self.meta.some()?;
        let value = read_value(meta, &mut self.values)?;
        predecessors.clear();
        let count = self.group.some()?;
        self.predecessors_left = self.predecessors_left.checked_sub(count).ok_or(Refusal::TooManyOps)?;
        for _ in 0..count {
            let id = self.id(|rows| Ok((rows.predecessor_actor.next()?, rows.predecessor_counter.next()?)))?;
            predecessors.push(id.ok_or(Refusal::Malformed)?);
        }
        let (expand, mark_name) = (self.expand.next()?, self.mark_name.next()?);
        Ok(Row { object, key, insert, action, value, mark_name, expand })
    }

    /// Demands that every column ends here and none is there for nothing.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        for numbers in
            [&self.object_actor, &self.object_counter, &self.key_actor, &self.action, &self.meta, &self.group]
        {
            numbers.finish()?;
        }
        self.predecessor_actor.finish()?;
        self.predecessor_counter.runs.finish()?;
        self.key_counter.runs.finish()?;
        self.key_text.finish()?;
        self.mark_name.finish()?;
        self.insert.finish()?;
        self.expand.finish()?;
        ensure(self.values.is_empty() && self.expand.any())
    }

    fn id(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(Option<u64>, Option<u64>), Refusal>,
    ) -> Result<Option<RawId>, Refusal> {
        match read(self)? {
            (None, None) => Ok(None),
            (Some(actor), Some(counter)) => self.checked(actor, counter).map(Some),
            _ => Err(Refusal::Malformed),
        }
    }

    fn key(&mut self) -> Result<RawKey<'a>, Refusal> {
        match (self.key_text.next()?, self.key_actor.next()?, self.key_counter.next()?) {
            (Some(text), None, None) => Ok(RawKey::Map(text)),
            (None, None, Some(0)) => Ok(RawKey::Head),
            (None, Some(actor), Some(counter)) => self.checked(actor, counter).map(RawKey::Element),
            _ => Err(Refusal::Malformed),
        }
    }

    fn checked(&self, actor: u64, counter: u64) -> Result<RawId, Refusal> {
        let actor = usize::try_from(actor).map_err(|_| Refusal::Malformed)?;
        ensure(actor < self.actors && counter > 0)?;
        Ok(RawId { counter, actor })
    }
}

fn action(number: u64) -> Result<Action, Refusal> {
    Ok(match number {
        0 => Action::MakeMap,
        1 => Action::Put,
        2 => Action::MakeList,
        3 => Action::Delete,
        4 => Action::MakeText,
        5 => Action::Increment,
        7 => Action::Mark,
        _ => return Err(Refusal::Malformed),
    })
}
