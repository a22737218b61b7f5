use automerge::transaction::Transactable;
use automerge::{ReadDoc, ScalarValue, Value};

use crate::ids::MemberId;
use crate::time::{Day, TimestampMs};

use super::super::key::split_item;
use super::super::profile::check;
use super::super::{EditProblem, Handle, ITEMS_MAX, ItemId, Register};
use super::{
    AGENDA, AgendaItem, COMMITMENTS, Commitment, CommitmentState, ITEM_DONE, ITEM_DUE, ITEM_MEMBER, ITEM_STATE,
    ITEM_TEXT,
};

impl Handle {
    /// Adds a point to the end of the agenda.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `Full`, `WrongKind`.
    pub fn add_agenda(&mut self, text: &str, now: TimestampMs) -> Result<ItemId, EditProblem> {
        self.expect_note()?;
        check_text("the agenda item", text)?;
        let own = agenda(self).iter().filter(|known| known.item.is_of(self.actor())).count();
        check_room("agenda items", own)?;
        let item = ItemId::new(self.next_op(), self.actor());
        self.put_text(AGENDA, &item.field(ITEM_TEXT), text, now)?;
        Ok(item)
    }

    /// Changes a point of the agenda; only what differs is written.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `Unknown`, `WrongKind`.
    pub fn set_agenda(&mut self, item: &ItemId, text: &str, done: bool, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        check_text("the agenda item", text)?;
        self.expect_item(AGENDA, item)?;
        self.put_text(AGENDA, &item.field(ITEM_TEXT), text, now)?;
        let key = item.field(ITEM_DONE);
        if self.scalar(AGENDA, &key).and_then(|value| value.as_bool()).unwrap_or(false) == done {
            return Ok(());
        }
        self.put(AGENDA, &key, ScalarValue::Boolean(done), now)
    }

    /// Removes a point of the agenda. Someone who changes its text at the same time brings it back.
    ///
    /// # Errors
    /// `Unknown`, `WrongKind`.
    pub fn remove_agenda(&mut self, item: &ItemId, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        self.remove_item(AGENDA, item, &[ITEM_TEXT, ITEM_DONE], now)
    }

    /// Adds what a member undertook.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `OutOfRange`, `Full`, `WrongKind`.
    pub fn add_commitment(
        &mut self,
        member: &MemberId,
        text: &str,
        due: Option<Day>,
        now: TimestampMs,
    ) -> Result<ItemId, EditProblem> {
        self.expect_note()?;
        check_text("the commitment", text)?;
        if due.is_some_and(|day| !day.is_allowed()) {
            return Err(EditProblem::OutOfRange { what: "the day that it is due" });
        }
        let own = commitments(self).iter().filter(|known| known.item.is_of(self.actor())).count();
        check_room("commitments", own)?;
        let item = ItemId::new(self.next_op(), self.actor());
        self.put_text(COMMITMENTS, &item.field(ITEM_TEXT), text, now)?;
        self.put(COMMITMENTS, &item.field(ITEM_MEMBER), ScalarValue::Bytes(member.0.to_vec()), now)?;
        if let Some(day) = due {
            self.put(COMMITMENTS, &item.field(ITEM_DUE), ScalarValue::Uint(day.0.into()), now)?;
        }
        Ok(item)
    }

    /// Says how a commitment stands.
    ///
    /// # Errors
    /// `Unknown`, `WrongKind`.
    pub fn set_commitment(
        &mut self,
        item: &ItemId,
        state: CommitmentState,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_note()?;
        self.expect_item(COMMITMENTS, item)?;
        let key = item.field(ITEM_STATE);
        if self.scalar(COMMITMENTS, &key).and_then(|value| value.as_u64()).unwrap_or(0) == state as u64 {
            return Ok(());
        }
        self.put(COMMITMENTS, &key, ScalarValue::Uint(state as u64), now)
    }

    /// Removes a commitment.
    ///
    /// # Errors
    /// `Unknown`, `WrongKind`.
    pub fn remove_commitment(&mut self, item: &ItemId, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        self.remove_item(COMMITMENTS, item, &[ITEM_TEXT, ITEM_MEMBER, ITEM_DUE, ITEM_STATE], now)
    }

    fn remove_item(
        &mut self,
        container: u64,
        item: &ItemId,
        fields: &[&str],
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_item(container, item)?;
        let object = self.container(container);
        for field in fields {
            let key = item.field(field);
            let replaced = self.doc.get_all(&object, key.as_str())?.len();
            if replaced > 0 {
                self.make_room(1, 32 + key.len() + 12 * replaced, now)?;
                self.doc.delete(&object, key.as_str())?;
            }
        }
        Ok(())
    }

    fn expect_item(&self, container: u64, item: &ItemId) -> Result<(), EditProblem> {
        self.scalar(container, &item.field(ITEM_TEXT)).map(|_| ()).ok_or(EditProblem::Unknown)
    }

    fn scalar(&self, container: u64, key: &str) -> Option<ScalarValue> {
        match self.doc.get(self.container(container), key) {
            Ok(Some((Value::Scalar(value), _))) => Some(value.into_owned()),
            _ => None,
        }
    }

    /// The items of a container that have a text, in the order of adding.
    fn items(&self, container: u64) -> Vec<ItemId> {
        let keys = self.doc.keys(self.container(container));
        keys.filter_map(|key| match split_item(&key)? {
            (item, ITEM_TEXT) => ItemId::parse(item),
            _ => None,
        })
        .collect()
    }
}

pub(super) fn agenda(handle: &Handle) -> Vec<AgendaItem> {
    let container = handle.container(AGENDA);
    let items = handle.items(AGENDA).into_iter().map(|item| AgendaItem {
        text: Register::read(&handle.doc, &container, &item.field(ITEM_TEXT)),
        done: handle.scalar(AGENDA, &item.field(ITEM_DONE)).and_then(|value| value.as_bool()).unwrap_or(false),
        item,
    });
    items.collect()
}

pub(super) fn commitments(handle: &Handle) -> Vec<Commitment> {
    let items = handle.items(COMMITMENTS).into_iter().filter_map(|item| {
        let scalar = |field| handle.scalar(COMMITMENTS, &item.field(field));
        let number = |field| scalar(field).and_then(|value| value.as_u64());
        Some(Commitment {
            member: MemberId::from_slice(scalar(ITEM_MEMBER)?.as_bytes()?)?,
            text: scalar(ITEM_TEXT)?.as_str()?.to_owned(),
            due: number(ITEM_DUE).and_then(|day| u32::try_from(day).ok()).map(Day).filter(|day| day.is_allowed()),
            state: number(ITEM_STATE)
                .and_then(|state| CommitmentState::ALL.get(usize::try_from(state).ok()?).copied())
                .unwrap_or_default(),
            item: item.clone(),
        })
    });
    items.collect()
}

fn check_text(what: &'static str, text: &str) -> Result<(), EditProblem> {
    check(what, text, super::super::ITEM_TEXT)
}

fn check_room(what: &'static str, count: usize) -> Result<(), EditProblem> {
    if count < ITEMS_MAX { Ok(()) } else { Err(EditProblem::Full { what, max: ITEMS_MAX }) }
}
