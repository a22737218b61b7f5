use crate::sorted::SortedMap;

use super::column::ensure;
use super::row::{RawId, RawKey, Row, Rows};
use super::{Action, COUNTER_MAX, Change, INCREMENT_MAX, OBJECT_WORK, Refusal, Scalar};

/// What later ops of the same change may refer to.
struct Made<'a> {
    object: Option<RawId>,
    key: RawKey<'a>,
    insert: bool,
    action: Action,
}

/// Checks each op of a change by itself and against the ops before it in the change. What lies in other
/// changes is for the chain's state and the document's schema.
struct Rules<'c, 'a> {
    change: &'c Change<'a>,
    made: Vec<Made<'a>>,
    used: Vec<bool>,
    mark_open: bool,
    /// What stands at a key of a map, of what this change put there: what is put there next replaces it. Values that lie
    /// side by side come of changes side by side, so that whoever chooses among them has few to name.
    standing: SortedMap<(Option<RawId>, &'a str), usize>,
}

/// Reads every row of the change and checks it; gives what the change takes to merge ([`Change::work`]).
pub(super) fn check(change: &Change<'_>) -> Result<u64, Refusal> {
    if change.ops_count == 0 {
        ensure(change.columns.are_empty() && change.others.is_empty())?;
        return Ok(0);
    }
    let mut work = 0;
    let mut rules = Rules {
        change,
        made: Vec::new(),
        used: vec![false; change.others.len()],
        mark_open: false,
        standing: SortedMap::new(),
    };
    let mut rows = Rows::new(&change.columns, change.others.len() + 1);
    let mut predecessors = Vec::new();
    for _ in 0..change.ops_count {
        let row = rows.read(&mut predecessors)?;
        rules.check(&row, &predecessors)?;
        rules.check_standing(&row, &predecessors)?;
        work += work_of(row.action, predecessors.len());
        rules.made.push(Made { object: row.object, key: row.key, insert: row.insert, action: row.action });
    }
    rows.finish()?;
    ensure(!rules.mark_open && rules.used.iter().all(|used| *used))?;
    Ok(work)
}

fn work_of(action: Action, predecessors: usize) -> u64 {
    let makes = matches!(action, Action::MakeMap | Action::MakeList | Action::MakeText | Action::MakeTable);
    let object = if makes { OBJECT_WORK } else { 0 };
    1 + object + predecessors.saturating_sub(1) as u64
}

impl<'a> Rules<'_, 'a> {
    fn check(&mut self, row: &Row<'a>, predecessors: &[RawId]) -> Result<(), Refusal> {
        self.check_object(row)?;
        self.check_key(row)?;
        self.check_action(row, predecessors.is_empty())?;
        self.check_mark(row)?;
        let mut last = None;
        for id in predecessors {
            let place = (id.counter, self.change.actor_at(id.actor));
            ensure(last < Some(place))?;
            last = Some(place);
            if let Some(made) = self.earlier(*id)? {
                let element = made.insert && row.key == RawKey::Element(*id);
                let same_key = !made.insert && row.key == made.key;
                ensure(made.object == row.object && (element || same_key))?;
                ensure(!matches!(made.action, Action::Delete | Action::Mark | Action::Increment))?;
            }
        }
        Ok(())
    }

    fn check_standing(&mut self, row: &Row<'a>, predecessors: &[RawId]) -> Result<(), Refusal> {
        let RawKey::Map(key) = row.key else { return Ok(()) };
        let at = (row.object, key);
        if let Some(place) = self.standing.get(&at) {
            let counter = self.change.start_op + *place as u64;
            ensure(predecessors.contains(&RawId { counter, actor: 0 }))?;
        }
        match row.action {
            Action::Delete => _ = self.standing.remove(&at),
            Action::Increment | Action::Mark => {}
            _ => _ = self.standing.insert(at, self.made.len()),
        }
        Ok(())
    }

    fn check_object(&mut self, row: &Row<'a>) -> Result<(), Refusal> {
        let is_map = match row.object {
            None => true,
            Some(id) => match self.earlier(id)?.map(|made| made.action) {
                None => return Ok(()),
                Some(Action::MakeMap) => true,
                Some(Action::MakeList | Action::MakeText) => false,
                Some(_) => return Err(Refusal::Malformed),
            },
        };
        ensure(is_map == matches!(row.key, RawKey::Map(_)))
    }

    fn check_key(&mut self, row: &Row<'a>) -> Result<(), Refusal> {
        match row.key {
            RawKey::Map(text) => ensure(!row.insert && !text.is_empty()),
            RawKey::Head => ensure(row.insert),
            RawKey::Element(id) => match self.earlier(id)? {
                Some(made) => ensure(made.insert && made.object == row.object),
                None => Ok(()),
            },
        }
    }

    fn check_action(&self, row: &Row<'a>, is_new: bool) -> Result<(), Refusal> {
        let in_map = matches!(row.key, RawKey::Map(_));
        let value_fits = match (row.action, row.value) {
            (Action::Put, Scalar::Counter(start)) => start.unsigned_abs() <= COUNTER_MAX,
            (Action::Put | Action::Mark, _) => true,
            (Action::Increment, Scalar::Int(by)) => by.unsigned_abs() <= INCREMENT_MAX,
            (_, value) => value == Scalar::Null && row.action != Action::Increment,
        };
        let place_fits = match row.action {
            Action::Mark => row.insert && is_new,
            Action::Delete | Action::Increment => !row.insert && !is_new,
            _ if row.insert => is_new,
            _ => in_map || !is_new,
        };
        ensure(value_fits && place_fits)
    }

    fn check_mark(&mut self, row: &Row<'a>) -> Result<(), Refusal> {
        let begins = row.action == Action::Mark && row.mark_name.is_some();
        let ends = row.action == Action::Mark && !begins;
        ensure(self.mark_open == ends)?;
        self.mark_open = begins;
        match self.made.last() {
            Some(begin) if ends => {
                ensure(begin.object == row.object && begin.key != row.key && row.value == Scalar::Null)
            }
            _ => ensure(begins || (row.mark_name.is_none() && !row.expand)),
        }
    }

    /// The op of this change that `id` names; `None` for one of an earlier change.
    fn earlier(&mut self, id: RawId) -> Result<Option<&Made<'a>>, Refusal> {
        let in_change = id.counter.checked_sub(self.change.start_op);
        if let Some(other) = id.actor.checked_sub(1) {
            self.used[other] = true;
            ensure(in_change.is_none())?;
            return Ok(None);
        }
        match in_change {
            None => Ok(None),
            Some(place) => {
                let place = usize::try_from(place).map_err(|_| Refusal::Malformed)?;
                self.made.get(place).map(Some).ok_or(Refusal::Malformed)
            }
        }
    }
}
