//! Writes what was typed into the document.

use crate::time::TimestampMs;

use crate::document::note::plan::Plan;
use crate::document::note::sequence::{Element, Piece, SEPARATOR, Sequence};
use crate::document::note::typed::{Typed, is_fresh};
use crate::document::note::words::{Target, target};
use crate::document::note::{BodyOp, Mark};
use crate::document::{EditProblem, Handle};

impl Handle {
    /// Writes what was typed into the document. With `whole`, a word that was reworded is written anew as a whole, and
    /// separators stay where words were taken out (see [`crate::document::note::words`]); it costs up to [`Self::whole_cost`] more.
    ///
    /// `now` is the time of changes that have to be closed on the way.
    ///
    /// # Errors
    /// `Engine`; what was typed is still to be seen.
    pub fn write_typed(&mut self, now: TimestampMs, whole: bool) -> Result<(), EditProblem> {
        let Some(body) = self.typed.body.as_ref() else { return Ok(()) };
        let before = self.written();
        let wanted = target(&before, body, whole);
        let ops = ops_to(&before, &wanted);
        let plan = Plan::new(&before, &ops, self.budget_bytes())?;
        self.carry_out(plan.steps, now)?;
        debug_assert_eq!(self.sequence().shown().spans(), self.written().shown().spans(), "seen as it was typed");
        self.typed = Typed::default();
        Ok(())
    }

    /// Makes edits like [`Self::edit_body`]; what was typed elsewhere before is written first, each change of it as it
    /// would be without them. So a copy of this phone that has less of a draft writes the beginning of the same.
    ///
    /// # Errors
    /// As [`Self::edit_body`]; what was typed before is still to be seen.
    pub fn type_on(&mut self, ops: &[BodyOp], now: TimestampMs, whole: bool) -> Result<(), EditProblem> {
        if !self.typed.goes_on(ops) {
            self.write_typed(now, whole)?;
        }
        self.edit_body(ops)
    }

    /// How much more, in ops, it takes at most to write what was typed in whole words.
    #[must_use]
    pub fn whole_cost(&self) -> u64 {
        let Some(body) = self.typed.body.as_ref() else { return 0 };
        let before = self.written();
        let count = |whole| -> usize { ops_to(&before, &target(&before, body, whole)).iter().map(work_of).sum() };
        count(true).saturating_sub(count(false)) as u64
    }
}

fn work_of(op: &BodyOp) -> usize {
    match op {
        BodyOp::Splice { remove, text, .. } => remove + text.chars().count(),
        _ => 0,
    }
}

/// The edits that lead from what is written to the target; indices are those of the document. What comes is put before
/// what goes, but for separators that are to stand behind it.
fn ops_to(before: &Sequence, target: &[Target]) -> Vec<BodyOp> {
    let mut ops = Vec::new();
    let (mut at, mut old, mut next) = (0, 0, 0);
    loop {
        let fresh = target[next..].iter().take_while(|one| is_fresh(&one.element.id)).count();
        let stays = target.get(next + fresh).map(|one| one.element);
        let rest = &before.elements[old..];
        let gone = stays
            .map_or(rest.len(), |stays| rest.iter().position(|element| element.id == stays.id).unwrap_or(rest.len()));
        replace(&mut ops, &mut at, &rest[..gone], &target[next..next + fresh]);
        (old, next) = (old + gone, next + fresh);
        let Some(stays) = stays else { break };
        if let (Some(was), Piece::Block(block)) = (before.elements.get(old), stays.piece)
            && was.piece != stays.piece
        {
            ops.push(BodyOp::SetBlock { index: at, block });
        }
        at += stays.piece.width();
        (old, next) = (old + 1, next + 1);
    }
    Mark::ALL.into_iter().for_each(|mark| mark_ops(&mut ops, before, target, mark));
    ops
}

fn replace(ops: &mut Vec<BodyOp>, at: &mut usize, gone: &[Element], fresh: &[Target]) {
    let width: usize = gone.iter().map(|element| element.piece.width()).sum();
    let behind = fresh.iter().filter(|one| one.behind).count();
    if behind > 0 {
        ops.push(BodyOp::Splice { index: *at + width, remove: 0, text: SEPARATOR.to_string().repeat(behind) });
    }
    for run in gone.chunk_by(|one, other| !one.piece.is_block() && !other.piece.is_block()) {
        let remove = run.iter().map(|element| element.piece.width()).sum();
        ops.push(BodyOp::Splice { index: *at, remove, text: String::new() });
    }
    let text_of = |one: &Target| match one.element.piece {
        Piece::Char(character) => character,
        _ => SEPARATOR,
    };
    let before: Vec<Target> = fresh.iter().filter(|one| !one.behind).copied().collect();
    for run in before.chunk_by(|one, other| !one.element.piece.is_block() && !other.element.piece.is_block()) {
        match run[0].element.piece {
            Piece::Block(block) => ops.push(BodyOp::Block { index: *at, block }),
            _ => ops.push(BodyOp::Splice { index: *at, remove: 0, text: run.iter().map(text_of).collect() }),
        }
        *at += run.iter().map(|one| one.element.piece.width()).sum::<usize>();
    }
    *at += behind;
}

/// Says of all text that comes, and of what stays where it changed, whether it has a mark. What the document says
/// already is skipped when it is written.
fn mark_ops(ops: &mut Vec<BodyOp>, before: &Sequence, target: &[Target], mark: Mark) {
    let mut open: Option<(usize, usize, bool)> = None;
    let (mut at, mut old) = (0, 0);
    for Target { element, .. } in target {
        let width = element.piece.width();
        let was = if is_fresh(&element.id) {
            None
        } else {
            while before.elements.get(old).is_some_and(|was| was.id != element.id) {
                old += 1;
            }
            before.elements.get(old).map(|was| was.marks.has(mark))
        };
        let on = element.marks.has(mark);
        let say = !element.piece.is_block() && was != Some(on);
        match &mut open {
            Some((_, end, open_on)) if say && *open_on == on && *end == at => *end = at + width,
            _ => {
                if let Some((from, to, on)) = open.take() {
                    ops.push(BodyOp::Mark { from, to, mark, on });
                }
                open = say.then_some((at, at + width, on));
            }
        }
        at += width;
    }
    if let Some((from, to, on)) = open {
        ops.push(BodyOp::Mark { from, to, mark, on });
    }
}
