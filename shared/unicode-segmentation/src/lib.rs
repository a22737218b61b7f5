//! In the place of the crate of this name, which Automerge uses for texts that are counted in graphemes, and for nothing
//! else. Kith's texts are counted in UTF-16 code units (`document::Handle`), so that code never runs; but its tables, 20 KB
//! of ranges that hardly shrink, would be 7 KB of what every phone downloads. What people count, and are told the limits
//! in, is `kith_shared::document::graphemes`.

/// The one method that Automerge calls.
pub trait UnicodeSegmentation {
    /// The code points of a text, each as a slice: never what a person would call its characters. `is_extended` changes
    /// nothing.
    fn graphemes(&self, is_extended: bool) -> Graphemes<'_>;
}

impl UnicodeSegmentation for str {
    fn graphemes(&self, _is_extended: bool) -> Graphemes<'_> {
        Graphemes(self)
    }
}

/// What is left of a text.
#[derive(Clone, Debug)]
pub struct Graphemes<'a>(&'a str);

impl<'a> Iterator for Graphemes<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.0.chars().next()?;
        let (one, rest) = self.0.split_at(first.len_utf8());
        self.0 = rest;
        Some(one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_in_pieces_that_make_it_up() {
        for text in ["", "a", "añ€😀", "e\u{301}"] {
            let pieces: Vec<&str> = text.graphemes(true).collect();
            assert_eq!(pieces.concat(), text);
            assert!(pieces.iter().all(|piece| piece.chars().count() == 1));
        }
    }
}
