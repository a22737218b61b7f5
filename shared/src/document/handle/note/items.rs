use automerge::transaction::Transactable;
use automerge::{ReadDoc, ScalarValue, Value};

use crate::ids::MemberId;
use crate::time::{Day, TimestampMs};

use crate::document::key::split_item;
use crate::document::note::contested::{contested, day_of, state_of};
use crate::document::note::{
    AGENDA, AgendaItem, COMMITMENTS, Commitment, CommitmentState, ITEM_DONE, ITEM_DUE, ITEM_MEMBER, ITEM_STATE,
    ITEM_TEXT,
};
use crate::document::profile::check;
use crate::document::{EditProblem, Handle, ITEMS_MAX, ItemId, Register};

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
        self.set_agenda_text(item, text, now)?;
        self.set_agenda_done(item, done, now)
    }

    /// Says a point of the agenda in other words. Where several people did so at the same time, this chooses.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `Unknown`, `WrongKind`.
    pub fn set_agenda_text(&mut self, item: &ItemId, text: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        check_text("the agenda item", text)?;
        self.expect_item(AGENDA, item)?;
        self.put_text(AGENDA, &item.field(ITEM_TEXT), text, now)
    }

    /// Says whether a point of the agenda was dealt with. Where several people said so at the same time, this chooses.
    ///
    /// # Errors
    /// `Unknown`, `WrongKind`.
    pub fn set_agenda_done(&mut self, item: &ItemId, done: bool, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        self.expect_item(AGENDA, item)?;
        self.put_unless(AGENDA, &item.field(ITEM_DONE), ScalarValue::Boolean(done), &ScalarValue::Boolean(false), now)
    }

    /// Puts a point of the agenda back that was removed; one that is there is left as it is.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `WrongKind`.
    pub fn put_agenda_back(
        &mut self,
        item: &ItemId,
        text: &str,
        done: bool,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_note()?;
        check_text("the agenda item", text)?;
        if self.expect_item(AGENDA, item).is_ok() {
            return Ok(());
        }
        self.put_text(AGENDA, &item.field(ITEM_TEXT), text, now)?;
        self.set_agenda_done(item, done, now)
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
        check_due(due)?;
        let own = commitments(self).iter().filter(|known| known.item.is_of(self.actor())).count();
        check_room("commitments", own)?;
        let item = ItemId::new(self.next_op(), self.actor());
        self.put_commitment(&item, member, text, due, now)?;
        Ok(item)
    }

    /// Says how a commitment stands. Where several people said so at the same time, this chooses.
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
        let open = ScalarValue::Uint(CommitmentState::Open as u64);
        self.put_unless(COMMITMENTS, &item.field(ITEM_STATE), ScalarValue::Uint(state as u64), &open, now)
    }

    /// Says a commitment in other words. Where several people did so at the same time, this chooses.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `Unknown`, `WrongKind`.
    pub fn set_commitment_text(&mut self, item: &ItemId, text: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        check_text("the commitment", text)?;
        self.expect_item(COMMITMENTS, item)?;
        self.put_text(COMMITMENTS, &item.field(ITEM_TEXT), text, now)
    }

    /// Says when a commitment is due. Where several people said so at the same time, this chooses.
    ///
    /// # Errors
    /// `OutOfRange`, `Unknown`, `WrongKind`.
    pub fn set_commitment_due(&mut self, item: &ItemId, due: Day, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        check_due(Some(due))?;
        self.expect_item(COMMITMENTS, item)?;
        let (due, none) = (ScalarValue::Uint(due.0.into()), ScalarValue::Null);
        self.put_unless(COMMITMENTS, &item.field(ITEM_DUE), due, &none, now)
    }

    /// Puts a commitment back that was removed; one that is there is left as it is.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `OutOfRange`, `WrongKind`.
    pub fn put_commitment_back(
        &mut self,
        item: &ItemId,
        member: &MemberId,
        text: &str,
        due: Option<Day>,
        state: CommitmentState,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_note()?;
        check_text("the commitment", text)?;
        check_due(due)?;
        if self.expect_item(COMMITMENTS, item).is_ok() {
            return Ok(());
        }
        self.put_commitment(item, member, text, due, now)?;
        self.set_commitment(item, state, now)
    }

    fn put_commitment(
        &mut self,
        item: &ItemId,
        member: &MemberId,
        text: &str,
        due: Option<Day>,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.put_text(COMMITMENTS, &item.field(ITEM_TEXT), text, now)?;
        self.put(COMMITMENTS, &item.field(ITEM_MEMBER), ScalarValue::Bytes(member.0.to_vec()), now)?;
        match due {
            Some(day) => self.put(COMMITMENTS, &item.field(ITEM_DUE), ScalarValue::Uint(day.0.into()), now),
            None => Ok(()),
        }
    }

    /// Removes a commitment.
    ///
    /// # Errors
    /// `Unknown`, `WrongKind`.
    pub fn remove_commitment(&mut self, item: &ItemId, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        self.remove_item(COMMITMENTS, item, &[ITEM_TEXT, ITEM_MEMBER, ITEM_DUE, ITEM_STATE], now)
    }

    /// Removes the fields of an item that exists while the first of them does.
    pub(in crate::document) fn remove_item(
        &mut self,
        container: u64,
        item: &ItemId,
        fields: &[&str],
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_field(container, item, fields.first().unwrap_or(&ITEM_TEXT))?;
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

    pub(in crate::document) fn expect_item(&self, container: u64, item: &ItemId) -> Result<(), EditProblem> {
        self.expect_field(container, item, ITEM_TEXT)
    }

    /// Whether there is such an item, of those that exist while this field does.
    pub(in crate::document) fn expect_field(
        &self,
        container: u64,
        item: &ItemId,
        field: &str,
    ) -> Result<(), EditProblem> {
        self.scalar(container, &item.field(field)).map(|_| ()).ok_or(EditProblem::Unknown)
    }

    fn scalar(&self, container: u64, key: &str) -> Option<ScalarValue> {
        match self.doc.get(self.container(container), key) {
            Ok(Some((Value::Scalar(value), _))) => Some(value.into_owned()),
            _ => None,
        }
    }

    /// The items of a container that have a text, in the order of adding.
    pub(in crate::document) fn items(&self, container: u64) -> Vec<ItemId> {
        self.items_with(container, ITEM_TEXT)
    }

    /// The items of a container that have this field, in the order of adding.
    pub(in crate::document) fn items_with(&self, container: u64, field: &str) -> Vec<ItemId> {
        let keys = self.doc.keys(self.container(container));
        keys.filter_map(|key| {
            split_item(&key).filter(|(_, end)| *end == field).and_then(|(item, _)| ItemId::parse(item))
        })
        .collect()
    }
}

pub(super) fn agenda(handle: &Handle) -> Vec<AgendaItem> {
    let container = handle.container(AGENDA);
    let items = handle.items(AGENDA).into_iter().map(|item| AgendaItem {
        text: Register::read(&handle.doc, &container, &item.field(ITEM_TEXT)),
        done: handle.scalar(AGENDA, &item.field(ITEM_DONE)).and_then(|value| value.as_bool()).unwrap_or(false),
        contested: contested(&handle.doc, &container, &fields_of(&item, &[ITEM_TEXT, ITEM_DONE])),
        item,
    });
    items.collect()
}

pub(super) fn commitments(handle: &Handle) -> Vec<Commitment> {
    let container = handle.container(COMMITMENTS);
    let items = handle.items(COMMITMENTS).into_iter().filter_map(|item| {
        let scalar = |field| handle.scalar(COMMITMENTS, &item.field(field));
        Some(Commitment {
            member: MemberId::from_slice(scalar(ITEM_MEMBER)?.as_bytes()?)?,
            text: scalar(ITEM_TEXT)?.as_str()?.to_owned(),
            due: scalar(ITEM_DUE).and_then(|due| day_of(&due)),
            state: scalar(ITEM_STATE).and_then(|state| state_of(&state)).unwrap_or_default(),
            contested: contested(&handle.doc, &container, &fields_of(&item, &[ITEM_TEXT, ITEM_DUE, ITEM_STATE])),
            item,
        })
    });
    items.collect()
}

/// Fields of an item, each with its key.
fn fields_of<'a>(item: &ItemId, fields: &[&'a str]) -> Vec<(&'a str, String)> {
    fields.iter().map(|field| (*field, item.field(field))).collect()
}

fn check_due(due: Option<Day>) -> Result<(), EditProblem> {
    if due.is_none_or(Day::is_allowed) {
        Ok(())
    } else {
        Err(EditProblem::OutOfRange { what: "the day that it is due" })
    }
}

fn check_text(what: &'static str, text: &str) -> Result<(), EditProblem> {
    check(what, text, crate::document::ITEM_TEXT)
}

fn check_room(what: &'static str, count: usize) -> Result<(), EditProblem> {
    if count < ITEMS_MAX { Ok(()) } else { Err(EditProblem::Full { what, max: ITEMS_MAX }) }
}
