use core::ops::Range;

use crate::sorted::{SortedMap, SortedSet};

use automerge::{AutoCommit, ObjId, ObjType, ReadDoc, ScalarValueRef, Value, ValueRef};

use crate::ids::ActorId;

use super::super::register::author_of;
use super::marks::{ElementId, MarkOps, OpenMarks};
use super::{BLOCK_CHECKED, BLOCK_KIND, BLOCK_LEVEL, Block, BlockKind, BodyOp, LEVEL_MAX, Mark, MarkSet, Span};

/// Stands in a body where words were taken out or put in the place of others. People see a space where it parts two
/// words, else nothing.
pub(in crate::document) const SEPARATOR: char = '\u{1f}';

/// A character or a block marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Piece {
    Char(char),
    Block(Block),
    /// A [`SEPARATOR`], and whether it is seen as a space.
    Separator {
        shown: bool,
    },
}

impl Piece {
    /// Indices that it takes in the document.
    pub(in crate::document) fn width(self) -> usize {
        match self {
            Self::Char(character) => character.len_utf16(),
            Self::Block(_) | Self::Separator { .. } => 1,
        }
    }

    /// Indices that it takes in what people see.
    pub(in crate::document) fn units(self) -> usize {
        if self == (Self::Separator { shown: false }) { 0 } else { self.width() }
    }

    pub(in crate::document) fn is_separator(self) -> bool {
        matches!(self, Self::Separator { .. })
    }

    /// Whether it is a character of a word.
    pub(in crate::document) fn in_word(self) -> bool {
        matches!(self, Self::Char(character) if !character.is_whitespace())
    }

    pub(in crate::document) fn is_block(self) -> bool {
        matches!(self, Self::Block(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) struct Element {
    pub(in crate::document) id: ElementId,
    pub(in crate::document) piece: Piece,
    pub(in crate::document) marks: MarkSet,
}

/// A body, element by element. Since elements keep their order for ever, two states of a body differ by exactly
/// the elements that came and went: no guessing, and a caret stays where it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::document) struct Sequence {
    pub(in crate::document) elements: Vec<Element>,
}

impl Sequence {
    pub(in crate::document) fn read(doc: &AutoCommit, body: &ObjId, marks: &MarkOps) -> Self {
        let mut elements = Vec::with_capacity(doc.length(body));
        let mut open = OpenMarks::new(marks);
        for item in doc.list_range(body, ..) {
            let id = author_of(&item.id()).map_or((0, ActorId([0; 16])), |(author, counter)| (counter, author));
            let piece = match &item.value {
                ValueRef::Scalar(ScalarValueRef::Str(text)) => {
                    let mut characters = text.chars();
                    match (characters.next(), characters.next()) {
                        (Some(SEPARATOR), None) => Piece::Separator { shown: false },
                        (Some(character), None) => Piece::Char(character),
                        _ => Piece::Char(char::REPLACEMENT_CHARACTER),
                    }
                }
                ValueRef::Object(ObjType::Map) => Piece::Block(read_block(doc, &item.id())),
                // The list also shows where marks begin and end.
                _ => {
                    open.pass(&id);
                    continue;
                }
            };
            let marks = if piece.is_block() { MarkSet::default() } else { open.now };
            elements.push(Element { id, piece, marks });
        }
        for range in separator_runs(&elements) {
            if parts_words(&elements, &range) {
                elements[range.start].piece = Piece::Separator { shown: true };
            }
        }
        Self { elements }
    }

    /// What people see: separators are spaces or not there.
    pub(in crate::document) fn shown(&self) -> Self {
        let seen = self.elements.iter().filter(|element| element.piece.units() > 0);
        let as_seen = |element: &Element| match element.piece {
            Piece::Separator { .. } => Element { piece: Piece::Char(' '), ..*element },
            _ => *element,
        };
        Self { elements: seen.map(as_seen).collect() }
    }

    /// Length of what people see, in UTF-16 code units.
    pub(in crate::document) fn units(&self) -> usize {
        self.elements.iter().map(|element| element.piece.units()).sum()
    }

    /// Sets or clears a mark on the text of a range; says whether that changed anything.
    pub(in crate::document) fn set_mark(&mut self, from: usize, to: usize, mark: Mark, on: bool) -> bool {
        let (mut at, mut changed) = (0, false);
        for element in &mut self.elements {
            if at >= to {
                break;
            }
            if at >= from && !element.piece.is_block() && element.marks.has(mark) != on {
                element.marks.set(mark, on);
                changed = true;
            }
            at += element.piece.width();
        }
        changed
    }

    pub(in crate::document) fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for element in &self.elements {
            match element.piece {
                Piece::Separator { .. } => {}
                Piece::Block(block) => spans.push(Span::Block(block)),
                Piece::Char(character) => match spans.last_mut() {
                    Some(Span::Text { text, marks }) if *marks == element.marks => text.push(character),
                    _ => spans.push(Span::Text { text: character.into(), marks: element.marks }),
                },
            }
        }
        spans
    }

    /// For each author, the op counter of their newest element.
    pub(in crate::document) fn newest_by_author(&self) -> SortedMap<ActorId, u64> {
        let mut newest = SortedMap::new();
        for element in &self.elements {
            let counter = newest.get_or_insert_with(element.id.1, || 0);
            *counter = element.id.0.max(*counter);
        }
        newest
    }

    /// The edits that turn this state into `after`, both as people see them: elements first, from front to back, then
    /// marks.
    pub(in crate::document) fn edits_to(&self, after: &Self) -> Vec<BodyOp> {
        let head = self.elements.iter().zip(&after.elements).take_while(|(old, new)| old.id == new.id).count();
        let (old_rest, new_rest) = (&self.elements[head..], &after.elements[head..]);
        let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old.id == new.id).count();
        let old_ids: SortedSet<ElementId> = old_rest[..old_rest.len() - tail].iter().map(|old| old.id).collect();
        let new_ids: SortedSet<ElementId> = new_rest[..new_rest.len() - tail].iter().map(|new| new.id).collect();
        let changed = head..self.elements.len() - tail;
        let new_changed = head..after.elements.len() - tail;

        let mut edits = Edits::default();
        let (mut old, mut new) = (0, 0);
        loop {
            let (before, now) = (self.elements.get(old), after.elements.get(new));
            match (before, now) {
                (Some(before), _) if changed.contains(&old) && !new_ids.contains(&before.id) => {
                    edits.remove(before.piece);
                    old += 1;
                }
                (_, Some(now)) if new_changed.contains(&new) && !old_ids.contains(&now.id) => {
                    edits.insert(now, MarkSet::default());
                    new += 1;
                }
                (Some(before), Some(now)) => {
                    edits.keep(before, now);
                    old += 1;
                    new += 1;
                }
                _ => break,
            }
        }
        edits.finish()
    }
}

/// Where separators stand side by side.
pub(in crate::document) fn separator_runs(elements: &[Element]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in elements.iter().enumerate().filter(|(_, element)| element.piece.is_separator()) {
        match runs.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Whether separators stand between two words, where the first of them is seen as a space.
pub(in crate::document) fn parts_words(elements: &[Element], run: &Range<usize>) -> bool {
    let in_word = |element: Option<&Element>| element.is_some_and(|element| element.piece.in_word());
    run.start > 0 && in_word(elements.get(run.start - 1)) && in_word(elements.get(run.end))
}

#[derive(Default)]
struct Edits {
    at: usize,
    ops: Vec<BodyOp>,
    splice: Option<(usize, usize, String)>,
    marks: Vec<BodyOp>,
    open_marks: [Option<(usize, usize, bool)>; 2],
}

impl Edits {
    fn remove(&mut self, piece: Piece) {
        if piece.is_block() {
            self.flush();
            self.ops.push(BodyOp::Splice { index: self.at, remove: 1, text: String::new() });
            return;
        }
        if self.splice.as_ref().is_some_and(|(_, _, text)| !text.is_empty()) {
            self.flush();
        }
        let splice = self.splice.get_or_insert((self.at, 0, String::new()));
        splice.1 += piece.width();
    }

    fn insert(&mut self, element: &Element, marks_before: MarkSet) {
        match element.piece {
            Piece::Block(block) => {
                self.flush();
                self.ops.push(BodyOp::Block { index: self.at, block });
            }
            Piece::Char(character) => {
                self.splice.get_or_insert((self.at, 0, String::new())).2.push(character);
            }
            Piece::Separator { .. } => return,
        }
        self.step(element, marks_before);
    }

    fn keep(&mut self, before: &Element, now: &Element) {
        self.flush();
        if let (Piece::Block(old), Piece::Block(block)) = (before.piece, now.piece)
            && old != block
        {
            self.ops.push(BodyOp::SetBlock { index: self.at, block });
        }
        self.step(now, before.marks);
    }

    /// Passes over an element of the new state, noting which of its marks changed.
    fn step(&mut self, element: &Element, marks_before: MarkSet) {
        let (from, to) = (self.at, self.at + element.piece.width());
        self.at = to;
        for mark in Mark::ALL {
            let on = element.marks.has(mark);
            let differs = on != marks_before.has(mark);
            let slot = &mut self.open_marks[mark as usize];
            match slot {
                Some((_, end, open_on)) if differs && *open_on == on && *end == from => *end = to,
                _ => {
                    if let Some((from, to, on)) = slot.take() {
                        self.marks.push(BodyOp::Mark { from, to, mark, on });
                    }
                    if differs {
                        *slot = Some((from, to, on));
                    }
                }
            }
        }
    }

    fn flush(&mut self) {
        if let Some((index, remove, text)) = self.splice.take() {
            self.ops.push(BodyOp::Splice { index, remove, text });
        }
    }

    fn finish(mut self) -> Vec<BodyOp> {
        self.flush();
        for mark in Mark::ALL {
            if let Some((from, to, on)) = self.open_marks[mark as usize] {
                self.marks.push(BodyOp::Mark { from, to, mark, on });
            }
        }
        self.ops.append(&mut self.marks);
        self.ops
    }
}

/// What a marker's map says; values that do not fit are read as the nearest that do.
fn read_block(doc: &AutoCommit, block: &ObjId) -> Block {
    let number = |key| match doc.get(block, key) {
        Ok(Some((Value::Scalar(value), _))) => value.as_u64().unwrap_or(0),
        _ => 0,
    };
    let kind = match number(BLOCK_KIND) {
        1 => BlockKind::Heading,
        2 => BlockKind::Bullet,
        3 => BlockKind::Todo,
        _ => BlockKind::Paragraph,
    };
    let level = if kind == BlockKind::Heading { number(BLOCK_LEVEL).clamp(1, LEVEL_MAX.into()) as u8 } else { 0 };
    let checked = kind == BlockKind::Todo
        && matches!(doc.get(block, BLOCK_CHECKED), Ok(Some((value, _))) if value.as_bool() == Some(true));
    Block { kind, level, checked }
}
