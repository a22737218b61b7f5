//! Who wrote each word of a body.

use crate::ids::ActorId;
use crate::sorted::SortedSet;

use super::Passage;
use super::sequence::{Piece, Sequence};

impl Sequence {
    /// A letter that someone mended makes the word both people's: letters one by one would be unreadable. What parts
    /// words belongs to the word before it.
    pub(in crate::document) fn passages(&self) -> Vec<Passage> {
        let mut passages: Vec<Passage> = Vec::new();
        let (mut text, mut authors) = (String::new(), SortedSet::new());
        let mut parted = false;
        for element in &self.elements {
            let character = match element.piece {
                Piece::Char(character) => character,
                Piece::Separator { .. } => ' ',
                Piece::Block(_) => '\n',
            };
            let parts = character.is_whitespace();
            if parted && !parts {
                end_word(&mut passages, &mut text, &mut authors);
            }
            parted = parts;
            text.push(character);
            if !parts {
                authors.insert(element.id.1);
            }
        }
        end_word(&mut passages, &mut text, &mut authors);
        passages
    }
}

/// A word of nobody is the space before the first: it goes with what follows.
fn end_word(passages: &mut Vec<Passage>, text: &mut String, authors: &mut SortedSet<ActorId>) {
    if authors.is_empty() {
        return;
    }
    let word = core::mem::take(text);
    let authors: Vec<ActorId> = core::mem::take(authors).into_iter().collect();
    match passages.last_mut() {
        Some(last) if last.authors == authors => last.text.push_str(&word),
        _ => passages.push(Passage { text: word, authors }),
    }
}
