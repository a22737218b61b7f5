//! What is typed into a body, as it is seen before it is written.

use core::ops::Range;

use crate::ids::ActorId;

use super::super::EditProblem;
use super::marks::ElementId;
use super::plan::check_block;
use super::sequence::{Element, Piece, SEPARATOR, Sequence};
use super::{BodyOp, MarkSet};

/// Counters of elements that are not in the document yet begin here; no document comes so far.
const FRESH: u64 = 1 << 62;
/// What a character takes to be written at most, in bytes: its own and what counts it; what one that goes takes.
const CHARACTER_BYTES: usize = 8;
const REMOVAL_BYTES: usize = 16;
/// What a marker, a changed one or a mark takes at most, in ops and bytes.
const BLOCK_WORK: usize = 8;
const MARK_WORK: usize = 2;
const BLOCK_BYTES: usize = 128;

/// Whether an element is not in the document yet.
pub(in crate::document) fn is_fresh(id: &ElementId) -> bool {
    id.0 >= FRESH
}

fn end_of(op: &BodyOp) -> usize {
    match op {
        BodyOp::Splice { index, text, .. } => index.saturating_add(text.encode_utf16().count()),
        BodyOp::Block { index, .. } | BodyOp::SetBlock { index, .. } => index.saturating_add(1),
        BodyOp::Mark { to, .. } => *to,
    }
}

/// A body with what was typed into it.
#[derive(Clone, Debug)]
pub(in crate::document) struct Typed {
    /// The body as it is seen; `None` when nothing was typed. Separators in it are seen as they were in the document.
    pub(in crate::document) body: Option<Sequence>,
    /// What writing it takes at most, in ops and bytes.
    pub(in crate::document) cost: (usize, usize),
    made: u64,
    author: ActorId,
    /// Where the last edit ended, in what people see.
    end: usize,
}

impl Default for Typed {
    fn default() -> Self {
        Self { body: None, cost: (0, 0), made: 0, author: ActorId([0; 16]), end: 0 }
    }
}

impl Typed {
    /// This, or what is `written` when nothing was typed.
    pub(in crate::document) fn on(&self, written: impl FnOnce() -> Sequence) -> Self {
        let body = self.body.clone().unwrap_or_else(written);
        Self { body: Some(body), ..*self }
    }

    /// Makes `author`'s edits, whose indices are those of what people see.
    pub(in crate::document) fn apply(&mut self, ops: &[BodyOp], author: ActorId) -> Result<(), EditProblem> {
        self.author = author;
        ops.iter().try_for_each(|op| self.apply_one(op))?;
        self.end = ops.iter().fold(self.end, |_, op| end_of(op));
        Ok(())
    }

    /// Whether edits go on right where the last one ended, as somebody does who types on, so that what was typed before
    /// is written at the same place with them as without.
    pub(in crate::document) fn goes_on(&self, ops: &[BodyOp]) -> bool {
        let mut end = self.end;
        let goes_on = |op: &BodyOp| {
            let is_there = match op {
                BodyOp::Splice { index, remove, .. } => index.saturating_add(*remove) == end,
                BodyOp::Block { index, .. } => *index == end,
                BodyOp::SetBlock { .. } | BodyOp::Mark { .. } => false,
            };
            end = end_of(op);
            is_there
        };
        self.body.is_none() || ops.iter().all(goes_on)
    }

    pub(in crate::document) fn units(&self) -> usize {
        self.body.as_ref().map_or(0, Sequence::units)
    }

    fn apply_one(&mut self, op: &BodyOp) -> Result<(), EditProblem> {
        match op {
            BodyOp::Splice { index, remove, text } => {
                let range = self.range(*index, index.saturating_add(*remove))?;
                let removed = range.len();
                let mut fresh = Vec::with_capacity(text.len());
                for character in text.chars() {
                    let character = if character == SEPARATOR { ' ' } else { character };
                    fresh.push(self.fresh(Piece::Char(character)));
                }
                self.spend(removed + fresh.len(), removed * REMOVAL_BYTES + fresh.len() * CHARACTER_BYTES);
                self.elements().splice(range, fresh);
            }
            BodyOp::Block { index, block } => {
                check_block(*block)?;
                let at = self.position(*index)?;
                let marker = self.fresh(Piece::Block(*block));
                self.spend(BLOCK_WORK, BLOCK_BYTES);
                self.elements().insert(at, marker);
            }
            BodyOp::SetBlock { index, block } => {
                check_block(*block)?;
                let at = self.visible(self.position(*index)?);
                let found = self.elements().get_mut(at).filter(|element| element.piece.is_block());
                found.ok_or(EditProblem::NotABlock { at: *index })?.piece = Piece::Block(*block);
                self.spend(BLOCK_WORK, BLOCK_BYTES);
            }
            BodyOp::Mark { from, to, mark, on } => {
                let range = self.range(*from, *to)?;
                for element in &mut self.elements()[range] {
                    if !element.piece.is_block() {
                        element.marks.set(*mark, *on);
                    }
                }
                self.spend(MARK_WORK, BLOCK_BYTES);
            }
        }
        Ok(())
    }

    fn spend(&mut self, work: usize, bytes: usize) {
        self.cost = (self.cost.0 + work, self.cost.1 + bytes);
    }

    fn fresh(&mut self, piece: Piece) -> Element {
        self.made += 1;
        Element { id: (FRESH + self.made, self.author), piece, marks: MarkSet::default() }
    }

    fn elements(&mut self) -> &mut Vec<Element> {
        &mut self.body.get_or_insert_with(Sequence::default).elements
    }

    fn seen(&self) -> &[Element] {
        self.body.as_ref().map_or(&[], |body| &body.elements)
    }

    /// The place right behind the element that ends at `index`, before separators that nobody sees.
    fn position(&self, index: usize) -> Result<usize, EditProblem> {
        let mut at = 0;
        for (position, element) in self.seen().iter().enumerate() {
            if at == index {
                return Ok(position);
            }
            if at > index {
                return Err(EditProblem::InsideCharacter { at: index });
            }
            at += element.piece.units();
        }
        if at == index { Ok(self.seen().len()) } else { Err(EditProblem::OutOfBounds { at: index, len: at }) }
    }

    /// The next element that people see.
    fn visible(&self, position: usize) -> usize {
        let hidden = self.seen()[position..].iter().take_while(|element| element.piece.units() == 0).count();
        position + hidden
    }

    fn range(&self, from: usize, to: usize) -> Result<Range<usize>, EditProblem> {
        if to < from {
            return Err(EditProblem::Backwards { from, to });
        }
        if to > self.units() {
            return Err(EditProblem::OutOfBounds { at: to, len: self.units() });
        }
        let (start, end) = (self.position(from)?, self.position(to)?);
        Ok(if start == end { start..end } else { self.visible(start)..end })
    }
}
