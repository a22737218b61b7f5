use automerge::marks::{ExpandMark, Mark as AutomergeMark};
use automerge::transaction::Transactable;
use automerge::{ObjId, ReadDoc, ScalarValue, Value};

use crate::gate::OBJECT_WORK;
use crate::time::TimestampMs;

use crate::document::note::plan::Step;
use crate::document::note::sequence::Sequence;
use crate::document::note::{BLOCK_CHECKED, BLOCK_KIND, BLOCK_LEVEL, BODY, Block, BlockKind, BodyOp, Mark};
use crate::document::{BODY_OPS_MAX, EditProblem, Handle, NOTE_UNITS_MAX};

/// Bytes that a marker with all its attributes takes at most.
const BLOCK_BYTES_MAX: usize = 128;
/// What a new marker with all its attributes takes at most, in ops.
const BLOCK_WORK_MAX: usize = 4 + OBJECT_WORK as usize;
/// Bytes that a mark's beginning and end take at most.
const MARK_BYTES_MAX: usize = 96;

impl Handle {
    /// Edits the body. All edits are checked first: when one does not fit, none is made.
    ///
    /// They are seen at once, and written into the document by [`Self::write_typed`] or the next commit, so that what
    /// was typed by and by is written as what it came to.
    ///
    /// # Errors
    /// `OutOfBounds`, `InsideCharacter`, `Backwards`, `NotABlock`, `InvalidBlock`, `Full`, `WrongKind`.
    pub fn edit_body(&mut self, ops: &[BodyOp]) -> Result<(), EditProblem> {
        self.expect_note()?;
        if ops.len() > BODY_OPS_MAX {
            return Err(EditProblem::Full { what: "edits at once", max: BODY_OPS_MAX });
        }
        let mut typed = self.typed.on(|| self.written());
        let before = typed.body.clone();
        typed.apply(ops, self.actor)?;
        if typed.body == before {
            return Ok(());
        }
        if typed.units() > NOTE_UNITS_MAX {
            return Err(EditProblem::Full { what: "characters in the note", max: NOTE_UNITS_MAX });
        }
        self.typed = typed;
        Ok(())
    }

    /// Carries out steps that were checked against the body as it is written. `now` is the time of changes that have to
    /// be closed on the way, in a paste too large for one.
    pub(super) fn carry_out(&mut self, steps: Vec<Step<'_>>, now: TimestampMs) -> Result<(), EditProblem> {
        let body = self.container(BODY);
        let mut known: Option<Sequence> = None;
        for step in steps {
            match step {
                Step::Mark { from, to, mark, on } => {
                    let sequence = known.get_or_insert_with(|| self.written());
                    if sequence.set_mark(from, to, mark, on) {
                        self.make_room(2, MARK_BYTES_MAX, now)?;
                        self.write_mark(&body, from, to, mark, on)?;
                    }
                    continue;
                }
                Step::Remove { index, units, bytes } => {
                    self.make_room(units, bytes, now)?;
                    self.doc.splice_text(&body, index, units as isize, "")?;
                }
                Step::Insert { index, text, bytes } => {
                    self.make_room(text.chars().count(), bytes, now)?;
                    self.doc.splice_text(&body, index, 0, text)?;
                }
                Step::Block { index, block } => {
                    self.make_room(BLOCK_WORK_MAX, BLOCK_BYTES_MAX, now)?;
                    let marker = self.doc.split_block(&body, index)?;
                    self.write_block(&marker, block)?;
                }
                Step::SetBlock { index, block } => {
                    self.make_room(4, BLOCK_BYTES_MAX, now)?;
                    self.set_block(&body, index, block)?;
                }
            }
            known = None;
        }
        Ok(())
    }

    fn write_mark(&mut self, body: &ObjId, from: usize, to: usize, mark: Mark, on: bool) -> Result<(), EditProblem> {
        let id = (self.next_op(), *self.actor());
        if on {
            let mark = AutomergeMark::new(mark.name().to_owned(), true, from, to);
            self.doc.mark(body, mark, ExpandMark::After)?;
        } else {
            self.doc.unmark(body, mark.name(), from, to, ExpandMark::After)?;
        }
        self.marks.note(id, mark, on);
        Ok(())
    }

    fn set_block(&mut self, body: &ObjId, index: usize, block: Block) -> Result<(), EditProblem> {
        match self.doc.get(body, index)? {
            Some((Value::Object(_), marker)) => self.write_block(&marker, block),
            _ => Err(EditProblem::NotABlock { at: index }),
        }
    }

    /// Writes the attributes that say something else. The marker's map stays, so that concurrent edits of other
    /// attributes, and the text after it, keep their block.
    fn write_block(&mut self, marker: &ObjId, block: Block) -> Result<(), EditProblem> {
        self.write_attribute(marker, BLOCK_KIND, ScalarValue::Uint(block.kind as u64))?;
        if block.kind == BlockKind::Heading {
            self.write_attribute(marker, BLOCK_LEVEL, ScalarValue::Uint(block.level.into()))?;
        }
        if block.kind == BlockKind::Todo {
            self.write_attribute(marker, BLOCK_CHECKED, ScalarValue::Boolean(block.checked))?;
        }
        Ok(())
    }

    fn write_attribute(&mut self, marker: &ObjId, key: &str, value: ScalarValue) -> Result<(), EditProblem> {
        let absent = if key == BLOCK_CHECKED { ScalarValue::Boolean(false) } else { ScalarValue::Uint(0) };
        let now = match self.doc.get(marker, key)? {
            Some((Value::Scalar(now), _)) => now.into_owned(),
            _ => absent,
        };
        if now == value {
            return Ok(());
        }
        Ok(self.doc.put(marker, key, value)?)
    }
}
