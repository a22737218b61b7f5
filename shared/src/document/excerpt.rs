//! The first words of a text, for lists.

use super::EXCERPT_CHARS_MAX;

/// Stands where the rest was left out.
const CUT: char = '…';

/// The beginning of a text, of at most [`EXCERPT_CHARS_MAX`] characters: whole words, with one space between them and
/// `…` where more follows. Where words have no spaces between them, or one is longer than half of that, it ends between
/// two characters that no mark joins.
#[must_use]
pub fn excerpt(characters: impl IntoIterator<Item = char>) -> String {
    let (mut words, mut gap) = (Vec::new(), false);
    for character in characters {
        if character.is_whitespace() {
            gap = !words.is_empty();
            continue;
        }
        if core::mem::take(&mut gap) {
            words.push(' ');
        }
        words.push(character);
        if words.len() > EXCERPT_CHARS_MAX {
            return cut(&words);
        }
    }
    words.into_iter().collect()
}

fn cut(words: &[char]) -> String {
    // The sign takes a place itself; what follows the last one that fits says whether a word ends there.
    let last = EXCERPT_CHARS_MAX - 1;
    let space = words.iter().take(last + 1).rposition(|character| *character == ' ');
    let end = space.filter(|at| at * 2 >= EXCERPT_CHARS_MAX).unwrap_or_else(|| {
        let joined = |at: &usize| words.get(*at).is_some_and(|one| joins(*one)) || words.get(at - 1) == Some(&JOINER);
        (1..=last).rev().find(|at| !joined(at)).unwrap_or(last)
    });
    words.iter().take(end).chain([&CUT]).collect()
}

/// Joins two signs into one.
const JOINER: char = '\u{200d}';

/// Whether a character only changes the one before it.
fn joins(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | JOINER | '\u{20d0}'..='\u{20f0}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        excerpt(text.chars())
    }

    #[test]
    fn what_is_short_stays_whole_with_its_gaps_made_one() {
        assert_eq!(of("  One \n\n two\tthree "), "One two three");
        assert_eq!(of(""), "");
        let fits = "a".repeat(EXCERPT_CHARS_MAX);
        assert_eq!(of(&fits), fits);
    }

    #[test]
    fn an_excerpt_ends_at_a_whole_word() {
        for seed in 0..400_u64 {
            let mut state = seed;
            let mut random = move |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let mut words = Vec::new();
            for _ in 0..random(60) {
                let length = usize::try_from(random(12)).unwrap() + 1;
                words.push(["a", "é", "ü", "ش"][usize::try_from(random(4)).unwrap()].repeat(length));
            }
            let text = words.join(" ");
            let short = of(&text);
            assert!(short.chars().count() <= EXCERPT_CHARS_MAX, "{short}");
            match short.strip_suffix('…') {
                None => assert_eq!(short, text),
                Some(said) => {
                    assert!(text.starts_with(&format!("{said} ")), "{said:?} of {text:?}");
                    assert!(text.chars().count() > EXCERPT_CHARS_MAX, "{text}");
                    assert!(said.chars().count() + 14 > EXCERPT_CHARS_MAX, "much was left out: {said}");
                }
            }
        }
    }

    #[test]
    fn a_word_without_an_end_is_cut_between_signs() {
        let joined = "e\u{301}".repeat(100);
        let short = of(&joined);
        assert!(short.ends_with("e\u{301}…") && short.chars().count() <= EXCERPT_CHARS_MAX, "{short}");
        let family = "👩\u{200d}👩\u{200d}👧".repeat(40);
        assert!(of(&family).ends_with("👧…"));
        let wave = "👋🏿".repeat(80);
        assert!(of(&wave).ends_with("👋🏿…"));
    }
}
