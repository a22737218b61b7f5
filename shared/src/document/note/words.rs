//! Words as wholes: what somebody wrote in the place of a word is written whole beside it, whatever letters the two
//! share, and ends with a separator; where words were taken out, separators stay. So two wordings that come together
//! stand side by side with a space between them, and what was written inside words that are gone joins no others. Which
//! separators are seen follows from the body alone, the same on every phone: nothing is ever mended afterwards.

use core::ops::Range;

use super::sequence::{Element, Piece, Sequence, parts_words, separator_runs};
use super::typed::is_fresh;

/// Most letters of a word that are written anew on either side of what was typed: some scripts part no words.
const WORD_MAX: usize = 48;

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) struct Target {
    pub(in crate::document) element: Element,
    /// A separator that is to stand behind what goes, not before it.
    pub(in crate::document) behind: bool,
}

/// What becomes of an element of the body as it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    Goes,
    /// It goes, and comes again as part of a word.
    Anew,
}

/// What stays, goes and comes, by place: what comes at a place stands before the element there.
struct Draft<'a> {
    before: &'a [Element],
    fates: Vec<Fate>,
    /// What stays, as it will be: marks and attributes may have changed.
    now: Vec<Element>,
    fresh: Vec<Vec<Element>>,
}

/// The body as it is to be written: `typed` as it is seen, in whole words when asked for.
pub(in crate::document) fn target(before: &Sequence, typed: &Sequence, whole: bool) -> Vec<Target> {
    let mut draft = Draft::new(&before.elements, &typed.elements);
    if whole {
        draft.widen();
    }
    let mut target = draft.finish(whole);
    settle(&mut target);
    target
}

impl<'a> Draft<'a> {
    fn new(before: &'a [Element], typed: &[Element]) -> Self {
        let mut draft = Self {
            before,
            fates: vec![Fate::Goes; before.len()],
            now: before.to_vec(),
            fresh: vec![Vec::new(); before.len() + 1],
        };
        // What is there still keeps its order.
        let mut at = 0;
        let mut gap = 0;
        for element in typed {
            if is_fresh(&element.id) {
                draft.fresh[gap].push(*element);
                continue;
            }
            while at < before.len() && before[at].id != element.id {
                at += 1;
            }
            if at < before.len() {
                (draft.fates[at], draft.now[at]) = (Fate::Stays, *element);
                at += 1;
                gap = at;
            }
        }
        draft
    }

    /// Ranges of what goes, each with what comes before it; also empty ones, where something comes.
    fn hunks(&self) -> Vec<Range<usize>> {
        let mut hunks = Vec::new();
        let mut at = 0;
        while at <= self.before.len() {
            let stays = |at: &usize| self.fates.get(*at) == Some(&Fate::Stays);
            let end = (at..self.before.len()).find(stays).unwrap_or(self.before.len());
            if end > at || !self.fresh[at].is_empty() {
                hunks.push(at..end);
            }
            at = end + 1;
        }
        hunks
    }

    fn hidden(&self, at: usize) -> bool {
        self.before.get(at).is_some_and(|element| element.piece == Piece::Separator { shown: false })
    }

    /// Whether words were taken out there before: separators that nobody sees stand in it or beside it.
    fn is_marked(&self, hunk: &Range<usize>) -> bool {
        (hunk.start.saturating_sub(1)..=hunk.end).any(|at| self.hidden(at))
    }

    /// The last place before `at` that people see, and the next from `at` on.
    fn left_of(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|at| !self.hidden(*at))
    }

    fn right_of(&self, at: usize) -> Option<usize> {
        (at..self.before.len()).find(|at| !self.hidden(*at))
    }

    fn in_word(&self, at: Option<usize>) -> bool {
        at.is_some_and(|at| self.before[at].piece.in_word())
    }

    /// Takes along the rest of each word that was cut or written into.
    fn widen(&mut self) {
        for hunk in self.hunks() {
            let fresh: Vec<Piece> = hunk_fresh(self, &hunk).iter().map(|element| element.piece).collect();
            let gone: Vec<Piece> =
                hunk.clone().filter(|at| !self.hidden(*at)).map(|at| self.before[at].piece).collect();
            let (left, right) = (self.left_of(hunk.start), self.right_of(hunk.end));
            let (word_left, word_right) = (self.in_word(left), self.in_word(right));
            let took_words = gone.iter().any(|piece| piece.in_word());
            let inside = gone.is_empty() && word_left && word_right;
            if !(took_words || !fresh.is_empty() && (inside || self.is_marked(&hunk))) {
                continue;
            }
            let in_word = |piece: Option<&Piece>| piece.is_some_and(|piece| piece.in_word());
            let joins = fresh.is_empty() && word_left && word_right;
            if word_left && (joins || in_word(gone.first()) || in_word(fresh.first())) {
                self.rewrite(left, |at| at.checked_sub(1));
            }
            if word_right && (joins || in_word(gone.last()) || in_word(fresh.last())) {
                let len = self.before.len();
                self.rewrite(right, |at| Some(at + 1).filter(|at| *at < len));
            }
        }
    }

    fn rewrite(&mut self, from: Option<usize>, next: impl Fn(usize) -> Option<usize>) {
        let (mut at, mut letters) = (from, 0);
        while let Some(place) = at {
            let is_letter = self.before[place].piece.in_word();
            if letters == WORD_MAX || self.fates[place] != Fate::Stays || !(is_letter || self.hidden(place)) {
                break;
            }
            self.fates[place] = if is_letter { Fate::Anew } else { Fate::Goes };
            letters += usize::from(is_letter);
            at = next(place);
        }
    }

    /// The body with separators where words went or came in their place.
    fn finish(mut self, whole: bool) -> Vec<Target> {
        let mut target = Vec::with_capacity(self.before.len());
        let mut at = 0;
        for hunk in self.hunks() {
            self.keep(at..hunk.start, &mut target);
            let fresh = hunk_fresh(&self, &hunk);
            let took_words = hunk.clone().any(|at| self.before[at].piece.in_word());
            let marked = self.is_marked(&hunk);
            target.extend(fresh.iter().map(|element| Target { element: *element, behind: false }));
            if whole && (took_words || marked && !fresh.is_empty()) {
                let was_marked = target.last().is_some_and(|last| last.element.piece.is_separator());
                if !fresh.is_empty() || !was_marked {
                    target.push(separator(fresh.last(), false));
                }
                // One that stands there already is of no more use.
                if !fresh.is_empty() && self.hidden(hunk.end) {
                    self.fates[hunk.end] = Fate::Goes;
                }
                if took_words && self.in_word(self.right_of(hunk.end)) && !self.hidden(hunk.end) {
                    target.push(separator(None, true));
                }
            }
            at = hunk.end;
        }
        self.keep(at..self.before.len(), &mut target);
        target
    }

    fn keep(&self, range: Range<usize>, target: &mut Vec<Target>) {
        let kept = range.filter(|at| self.fates[*at] == Fate::Stays);
        target.extend(kept.map(|at| Target { element: self.now[at], behind: false }));
    }
}

/// What comes in the place of a hunk: what was typed, and the letters that come again, in order.
fn hunk_fresh(draft: &Draft<'_>, hunk: &Range<usize>) -> Vec<Element> {
    let mut fresh = Vec::new();
    for at in hunk.start..=hunk.end {
        // What comes at the end of a hunk belongs to it: what stays begins behind.
        fresh.extend(draft.fresh[at].iter().copied());
        if at < hunk.end && draft.fates[at] == Fate::Anew {
            fresh.push(Element { id: again(), ..draft.now[at] });
        }
    }
    fresh
}

/// The id of what is not in the document yet and is told apart by nothing.
fn again() -> super::marks::ElementId {
    (u64::MAX, crate::ids::ActorId([0; 16]))
}

fn separator(after: Option<&Element>, behind: bool) -> Target {
    let marks = after.map(|element| element.marks).unwrap_or_default();
    Target { element: Element { id: again(), piece: Piece::Separator { shown: false }, marks }, behind }
}

/// Sees to it that separators are seen where they were before, and nowhere else.
fn settle(target: &mut Vec<Target>) {
    let elements: Vec<Element> = target.iter().map(|one| one.element).collect();
    for run in separator_runs(&elements).into_iter().rev() {
        let seen: Vec<&Element> = elements[run.clone()].iter().filter(|element| element.piece.units() > 0).collect();
        let marks = seen.first().map(|element| element.marks).unwrap_or_default();
        if seen.len() == usize::from(parts_words(&elements, &run)) {
            if !seen.is_empty() {
                // The first is the one that will be seen.
                target[run.start].element.marks = marks;
            }
            continue;
        }
        let space = Target { element: Element { id: again(), piece: Piece::Char(' '), marks }, behind: false };
        target.splice(run, core::iter::repeat_n(space, seen.len()));
    }
}
