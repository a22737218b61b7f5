use super::super::EditProblem;
use super::marks::ElementId;
use super::sequence::{Piece, Sequence};
use super::{Block, BlockKind, BodyOp, LEVEL_MAX, Mark};

/// Bytes that the removal of one element takes at most: key and predecessor, each a counter and an actor.
const REMOVE_BYTES_MAX: usize = 16;
/// Bytes that it takes when the element was made right after the one before it: both columns count on.
const REMOVE_NEXT_BYTES: usize = 1;
/// Elements that one removal takes at most.
const REMOVE_ELEMENTS_MAX: usize = 2_000;
/// Characters that one insertion takes at most.
const INSERT_CHARS_MAX: usize = 2_000;
/// Bytes of an insertion beside its characters.
const INSERT_BYTES_FIXED: usize = 32;

/// One thing to do to the body, small enough for a change.
pub(in crate::document) enum Step<'a> {
    Remove { index: usize, units: usize, bytes: usize },
    Insert { index: usize, text: &'a str, bytes: usize },
    Block { index: usize, block: Block },
    SetBlock { index: usize, block: Block },
    Mark { from: usize, to: usize, mark: Mark, on: bool },
}

/// Edits that were checked against the body as it will be when each applies.
pub(in crate::document) struct Plan<'a> {
    pub(in crate::document) steps: Vec<Step<'a>>,
}

impl<'a> Plan<'a> {
    pub(in crate::document) fn new(
        body: &Sequence,
        ops: &'a [BodyOp],
        budget_bytes: usize,
    ) -> Result<Self, EditProblem> {
        let pieces = body.elements.iter().map(|element| (element.piece, Some(element.id))).collect();
        let mut model = Model { pieces, units: 0 };
        model.count();
        let mut steps = Vec::with_capacity(ops.len());
        for op in ops {
            match op {
                BodyOp::Splice { index, remove, text } => {
                    let range = model.range(*index, index.saturating_add(*remove))?;
                    remove_steps(*index, &model.pieces[range.clone()], budget_bytes, &mut steps);
                    insert_steps(*index, text, budget_bytes, &mut steps);
                    model.splice(range, text.chars().map(Piece::Char));
                }
                BodyOp::Block { index, block } => {
                    check_block(*block)?;
                    let at = model.position(*index)?;
                    model.splice(at..at, core::iter::once(Piece::Block(*block)));
                    steps.push(Step::Block { index: *index, block: *block });
                }
                BodyOp::SetBlock { index, block } => {
                    check_block(*block)?;
                    let at = model.position(*index)?;
                    if !model.pieces.get(at).is_some_and(|(piece, _)| piece.is_block()) {
                        return Err(EditProblem::NotABlock { at: *index });
                    }
                    steps.push(Step::SetBlock { index: *index, block: *block });
                }
                BodyOp::Mark { from, to, mark, on } => {
                    model.range(*from, *to)?;
                    steps.push(Step::Mark { from: *from, to: *to, mark: *mark, on: *on });
                }
            }
        }
        Ok(Self { steps })
    }
}

struct Model {
    /// What stands there, and its id when it was there before the edits.
    pieces: Vec<(Piece, Option<ElementId>)>,
    units: usize,
}

impl Model {
    /// The element that begins at `index`; the end counts as one.
    fn position(&self, index: usize) -> Result<usize, EditProblem> {
        let mut at = 0;
        for (position, (piece, _)) in self.pieces.iter().enumerate() {
            if at == index {
                return Ok(position);
            }
            if at > index {
                return Err(EditProblem::InsideCharacter { at: index });
            }
            at += piece.width();
        }
        if at == index { Ok(self.pieces.len()) } else { Err(EditProblem::OutOfBounds { at: index, len: self.units }) }
    }

    fn range(&self, from: usize, to: usize) -> Result<core::ops::Range<usize>, EditProblem> {
        if to < from {
            return Err(EditProblem::Backwards { from, to });
        }
        if to > self.units {
            return Err(EditProblem::OutOfBounds { at: to, len: self.units });
        }
        Ok(self.position(from)?..self.position(to)?)
    }

    fn splice(&mut self, range: core::ops::Range<usize>, pieces: impl Iterator<Item = Piece>) {
        drop(self.pieces.splice(range, pieces.map(|piece| (piece, None))));
        self.count();
    }

    fn count(&mut self) {
        self.units = self.pieces.iter().map(|(piece, _)| piece.width()).sum();
    }
}

fn remove_steps(index: usize, pieces: &[(Piece, Option<ElementId>)], budget_bytes: usize, steps: &mut Vec<Step<'_>>) {
    let (mut units, mut bytes, mut count) = (0, 0, 0);
    let mut last: Option<ElementId> = None;
    for (piece, id) in pieces {
        let follows = matches!((last, id), (Some(last), Some(id)) if last.1 == id.1 && last.0 + 1 == id.0);
        let cost = if follows { REMOVE_NEXT_BYTES } else { REMOVE_BYTES_MAX };
        if count == REMOVE_ELEMENTS_MAX || bytes + cost > budget_bytes {
            steps.push(Step::Remove { index, units, bytes });
            (units, bytes, count) = (0, 0, 0);
        }
        (units, bytes, count) = (units + piece.width(), bytes + cost, count + 1);
        last = *id;
    }
    if units > 0 {
        steps.push(Step::Remove { index, units, bytes });
    }
}

fn insert_steps<'a>(index: usize, text: &'a str, budget_bytes: usize, steps: &mut Vec<Step<'a>>) {
    // Where characters differ in length, the column of lengths does not compress.
    let extra = if text.is_ascii() { 0 } else { 2 };
    let mut at = index;
    let mut rest = text;
    while !rest.is_empty() {
        let (mut bytes, mut end) = (INSERT_BYTES_FIXED, rest.len());
        for (count, (offset, character)) in rest.char_indices().enumerate() {
            let cost = character.len_utf8() + extra;
            if bytes + cost > budget_bytes || count == INSERT_CHARS_MAX {
                end = offset;
                break;
            }
            bytes += cost;
        }
        let (piece, after) = rest.split_at(end);
        steps.push(Step::Insert { index: at, text: piece, bytes });
        at += piece.chars().map(char::len_utf16).sum::<usize>();
        rest = after;
    }
}

pub(in crate::document) fn check_block(block: Block) -> Result<(), EditProblem> {
    let level = match block.kind {
        BlockKind::Heading => (1..=LEVEL_MAX).contains(&block.level),
        _ => block.level == 0,
    };
    if level && (!block.checked || block.kind == BlockKind::Todo) { Ok(()) } else { Err(EditProblem::InvalidBlock) }
}
