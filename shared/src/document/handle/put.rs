//! Writing one value into a container that the genesis made.

use automerge::transaction::Transactable;
use automerge::{ReadDoc, ScalarValue};

use crate::time::TimestampMs;

use super::Handle;
use crate::document::key::{encode_id, message_key};
use crate::document::register::all_scalars;
use crate::document::thread::Aside;
use crate::document::{EditProblem, Register};

impl Handle {
    /// Writes a text into a register, unless it says so already and nobody says otherwise.
    pub(in crate::document) fn put_text(
        &mut self,
        container: u64,
        key: &str,
        value: &str,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        let register = Register::read(&self.doc, &self.container(container), key);
        if register.candidates.len() == 1 && register.value == value {
            return Ok(());
        }
        self.put(container, key, ScalarValue::Str(value.into()), now)
    }

    /// Writes a value, unless it stands there alone, or nothing does and that means the same.
    pub(in crate::document) fn put_unless(
        &mut self,
        container: u64,
        key: &str,
        value: ScalarValue,
        absent: &ScalarValue,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        let all = all_scalars(&self.doc, &self.container(container), key);
        let stands = all.first().map_or(absent, |(known, ..)| known);
        if all.len() <= 1 && *stands == value { Ok(()) } else { self.put(container, key, value, now) }
    }

    /// Writes a record at the key that only this op has, in a change of its own, and gives the key.
    pub(in crate::document) fn put_record(
        &mut self,
        container: u64,
        record: Vec<u8>,
        now: TimestampMs,
    ) -> Result<String, EditProblem> {
        self.close_change(now);
        let key = message_key(self.actor(), self.next_op());
        self.put(container, &key, ScalarValue::Bytes(record), now)?;
        self.close_change(now);
        Ok(key)
    }

    /// Writes what this actor puts beside a record, in a change of its own.
    pub(in crate::document) fn put_aside(
        &mut self,
        container: u64,
        record: &str,
        aside: &Aside,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.close_change(now);
        self.put(container, &self.own_key(record), ScalarValue::Bytes(aside.encode()), now)?;
        self.close_change(now);
        Ok(())
    }

    /// The key of what this actor puts beside a record.
    pub(in crate::document) fn own_key(&self, record: &str) -> String {
        encode_id(&self.actor().0) + record
    }

    /// Writes a value into a container of the genesis.
    pub(in crate::document) fn put(
        &mut self,
        container: u64,
        key: &str,
        value: ScalarValue,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        let object = self.container(container);
        let len = match &value {
            ScalarValue::Str(text) => text.len(),
            ScalarValue::Bytes(bytes) => bytes.len(),
            _ => 9,
        };
        let replaced = self.doc.get_all(&object, key)?.len();
        self.make_room(1, 32 + key.len() + len + 12 * replaced, now)?;
        Ok(self.doc.put(&object, key, value)?)
    }
}
