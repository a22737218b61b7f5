//! Characters as people see them: what is counted when a text is too long, and whether there is anything to see in it.
//! The same in `web/src/words/graphemes.ts`, held together by tests over `shared/tests/graphemes_golden.json`.
//!
//! A small part of Unicode's text segmentation (UAX 29): marks, joiners, variation selectors, skin tones and tags join
//! what is before them; so do vowels and finals of Hangul, flags in pairs, emoji behind a joiner, and letters of the
//! scripts of India behind a virama.

/// What joins the character before it. Ranges, ascending: how many are between it and the last one, and how many more are
/// in it, in base 36.
const JOINING: &str = "\
    lc-33 7n-6 7b-18 1 1-1 1-1 1 20-a 1c-k g 2t-6 2-5 2-1 1-3 z u-q 2j-a 1m-8 9 o-3 1-8 1-2 1-4 17-2 \
    1o-7 16-n 1-w 1i-2 1-h 1-6 a-1 t-2 1k 1-f 9 a-1 q-5 1k-l u-1 3 b-2 1k 1-f k-1 m-9 1k 1-p a-1 u 1n-f \
    9 14-4 1j 1-o b-1 t-2 1k 1-o b-1 s-3 1j-1 1-f 9 a-1 t-2 1y-l i-1 1p 2-6 c-7 2q 2-8 b-5 22-1 r 1 1 \
    4-1 1d-j 1-1 5-1b 9 2s-j n-3 4-2 1-2 2-6 3-3 d-b 1 a-3 5e-4f 9p-2 qa-3 s-2 t-1 u-1 1s-v 9 19-2 1 \
    39-1 y 3a-r 63-4 1l-16 1c-2c 1b-g 12-8 c-2 u-c 1k-d 1c-j 48-2 1-k 4 6 2-2 5i-1r ek-1 5e-w 2da-2 3x \
    2o-v fe-5 2x-1 n9w-3 1-9 w-1 28-1 7k 3 4 n-4 4 2b-1 1e-h q-h d 12-7 p-c 18-3 1b-d 10 1v-d c 8-1 \
    19-2 1e 1-2 2-1 5-1 1 15-4 5-1 6k-7 1-1 8n6-23 6xu kh-f g-f a6-1 gt 6a 45-4 1ae-e 14-7 4l-1 fx-3 \
    ar-1 49-a 1d-3 3e-2 1h-e 15 2-1 a-3 19-a 7 1p-2 10-d g-1 18 c-2 1c-d 8-3 1-1 2k-b 6 4g-b l-3 1j-1 \
    1-f 9 a-i 5c-h n 29-j 6j-h r-1 2a-g 2y-c 2t-e 74-e 6t-e 1 1-1 3x-f 3 s-9 14-6 1-3 8 9-a 1a-f b9-g \
    2a-10 3e-k 1 1u-d 9n-3 f09-4 1n-6 t4 1-1t 29-d f57-1 3mp-1y f2-4 3-5 8-7 2-6 u-3 44-2 1iz-1i 4-1d 8 \
    e m-k 11s-16 79-6 af 1p-3 15s-6 31-6 240-4 gx7k-cv";

/// What leaves no trace on a screen: spaces, controls, fillers, what is to be ignored. As [`JOINING`].
const UNSEEN: &str = "\
    0-w 2m-x c ip jw 282-1 10f 8j-1 2d-4 1kg-f o-7 1b-g 1hs 1kv 9v 14ez-f 6n 4g 27-b 15dj-7 h405-35r";

const JOINER: char = '\u{200d}';
/// Scripts with conjuncts, by their block of 128: Devanagari, Bengali, Gujarati, Oriya, Telugu, Malayalam.
const WITH_CONJUNCTS: [u32; 6] = [0x12, 0x13, 0x15, 0x16, 0x18, 0x1a];

/// How long a text may be: in characters as people see them, and, far behind, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLimit {
    /// Most characters.
    pub graphemes: usize,
    /// Most bytes of UTF-8.
    pub bytes: usize,
}

impl TextLimit {
    /// How many characters at the end do not fit; 0 when all do.
    #[must_use]
    pub fn over(self, text: &str) -> usize {
        let (mut all, mut fitting) = (0, 0);
        let ends = starts(text).skip(1).chain([text.len()]);
        for end in ends.take_while(|_| !text.is_empty()) {
            all += 1;
            fitting += usize::from(all <= self.graphemes && end <= self.bytes);
        }
        all - fitting
    }
}

/// How many characters people see in a text.
#[must_use]
pub fn graphemes(text: &str) -> usize {
    starts(text).count()
}

/// Whether there is anything to see in a text.
#[must_use]
pub fn is_seen(text: &str) -> bool {
    text.chars().any(|sign| !is_blank(sign) && !is_in(JOINING, sign))
}

/// Whether a sign leaves no trace on a screen: a space, a control, a filler, what is to be ignored.
pub(crate) fn is_blank(sign: char) -> bool {
    is_in(UNSEEN, sign)
}

/// A name or title as it stands among other words: without what turns the direction of the words around it, and empty
/// when there is nothing to see in it.
#[must_use]
pub fn shown_name(text: &str) -> String {
    if !is_seen(text) {
        return String::new();
    }
    text.chars().filter(|sign| !matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')).collect()
}

/// Where the characters of a text begin, in bytes.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let (mut before, mut is_linked, mut is_half_flag) = (None, false, false);
    text.char_indices().filter_map(move |(at, sign)| {
        let is_begun = before.is_none_or(|before| match (before, sign) {
            ('\r', '\n') => false,
            ('\r' | '\n', _) => true,
            (JOINER, _) if is_picture(sign) => false,
            _ if is_flag_half(sign) => !is_half_flag,
            _ if is_lead(before) && (is_lead(sign) || matches!(sign, '\u{ac00}'..='\u{d7a3}')) => false,
            _ if is_linked && is_conjunct(sign) => false,
            _ => !is_in(JOINING, sign),
        });
        is_half_flag = is_flag_half(sign) && is_begun;
        is_linked = is_virama(sign) || (is_linked && sign == JOINER);
        before = Some(sign);
        is_begun.then_some(at)
    })
}

fn is_in(table: &str, sign: char) -> bool {
    let (sign, mut start) = (u32::from(sign), 0);
    for range in table.split(' ') {
        let (gap, more) = range.split_once('-').unwrap_or((range, "0"));
        start += number(gap);
        let end = start + number(more);
        if sign <= end {
            return sign >= start;
        }
        start = end + 1;
    }
    false
}

fn number(digits: &str) -> u32 {
    digits.bytes().fold(0, |sum, digit| {
        let value = if digit.is_ascii_digit() { digit - b'0' } else { digit.wrapping_sub(b'a') + 10 };
        sum * 36 + u32::from(value)
    })
}

fn is_picture(sign: char) -> bool {
    matches!(sign, '\u{a9}' | '\u{ae}' | '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}')
        || matches!(sign, '\u{1f000}'..='\u{1faff}')
}

fn is_flag_half(sign: char) -> bool {
    matches!(sign, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_lead(sign: char) -> bool {
    matches!(sign, '\u{1100}'..='\u{115f}')
}

fn is_virama(sign: char) -> bool {
    WITH_CONJUNCTS.contains(&(u32::from(sign) >> 7)) && u32::from(sign) & 0x7f == 0x4d
}

fn is_conjunct(sign: char) -> bool {
    WITH_CONJUNCTS.contains(&(u32::from(sign) >> 7)) && matches!(u32::from(sign) & 0x7f, 0x15..=0x39 | 0x58..=0x5f)
}
