//! What is looked for, and where it is.

use crate::client::view::FoundRange;

use super::fold::{Fold, is_spaceless};
use super::page::{Item, Page};

/// Characters of an excerpt, and how many of them stand before what was found.
const EXCERPT_CHARS_MAX: usize = 160;
const BEFORE_CHARS: usize = 40;
const CUT: char = '…';
/// Between two texts in a folded page: in no folded text.
const END: char = '\n';
/// Signs without which a script without spaces is found everywhere.
const SPACELESS_CHARS_MIN: usize = 2;

/// The words of a search.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::client) struct Query {
    /// As they are looked for, the longest first, none of which another says already. A space before a word says that it
    /// begins one.
    words: Vec<String>,
}

impl Query {
    /// What a person typed. None when it is too little to be looked for.
    pub(in crate::client) fn new(fold: &Fold, typed: &str) -> Option<Self> {
        let mut folded = String::new();
        fold.push(typed, &mut folded);
        let needle = |word: &str| {
            let spaceless = word.chars().next().is_some_and(is_spaceless);
            if spaceless { word.to_owned() } else { [" ", word].concat() }
        };
        let mut words: Vec<String> = folded.split_ascii_whitespace().map(needle).collect();
        words.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        words.dedup();
        let all = words.clone();
        let is_said = |at: usize, word: &String| all.iter().take(at).any(|longer| longer.starts_with(word.as_str()));
        let mut at = 0;
        words.retain(|word| {
            at += 1;
            !is_said(at - 1, word)
        });
        let says = |word: &String| word.starts_with(' ') || word.chars().count() >= SPACELESS_CHARS_MIN;
        words.iter().any(says).then_some(Self { words })
    }
}

/// A page that is searched.
pub(in crate::client) struct Loaded {
    /// The state of its document that it is of.
    pub digest: [u8; 16],
    pub page: Page,
    folded: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl Loaded {
    pub(in crate::client) fn new(fold: &Fold, digest: [u8; 16], page: Page) -> Self {
        let (mut folded, mut ends) = (String::with_capacity(page.bytes()), Vec::with_capacity(page.len()));
        for (title, text) in page.texts() {
            fold.push(title, &mut folded);
            fold.push(text, &mut folded);
            folded.push(END);
            ends.push(folded.len() as u32);
        }
        Self { digest, page, folded, ends }
    }

    /// Bytes that it takes.
    pub(in crate::client) fn bytes(&self) -> usize {
        self.page.bytes() + self.folded.capacity() + self.ends.len() * size_of::<u32>()
    }

    /// The texts that have all words, ascending.
    pub(in crate::client) fn matches(&self, query: &Query) -> Vec<usize> {
        let Some((first, rest)) = query.words.split_first() else { return Vec::new() };
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(at) = self.folded.get(from..).and_then(|text| text.find(first.as_str())) {
            let item = self.ends.partition_point(|end| *end as usize <= from + at);
            let start = item.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
            let Some(end) = self.ends.get(item).map(|end| *end as usize) else { break };
            let text = self.folded.get(start..end).unwrap_or_default();
            if rest.iter().all(|word| text.contains(word.as_str())) {
                found.push(item);
            }
            from = end;
        }
        found
    }
}

/// The part of a text around what was found first, on one line, and where in it words were found, in UTF-16 units. The
/// text's beginning where nothing of the text itself was found.
pub(in crate::client) fn excerpt(fold: &Fold, item: &Item, query: &Query) -> (String, Vec<FoundRange>) {
    let (folded, signs) = fold.traced(&item.text);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for word in &query.words {
        let (gap, mut from) = (usize::from(word.starts_with(' ')), 0);
        while let Some(at) = folded.get(from..).and_then(|text| text.find(word.as_str())) {
            let (first, end) = (from + at + gap, from + at + word.len());
            let of = |byte: usize| signs.get(signs.partition_point(|sign| sign.at < byte));
            let last = signs.get(signs.partition_point(|sign| sign.at < end).saturating_sub(1));
            if let (Some(first), Some(last)) = (of(first), last) {
                found.push((first.from, last.to));
            }
            from = end;
        }
    }
    found.sort_unstable();
    cut(&item.text, &joined(found))
}

/// Ranges without those that lie in others.
fn joined(found: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (from, to) in found {
        match all.last_mut() {
            Some(last) if from <= last.1 => last.1 = to.max(last.1),
            _ => all.push((from, to)),
        }
    }
    all
}

fn cut(text: &str, found: &[(usize, usize)]) -> (String, Vec<FoundRange>) {
    let characters: Vec<char> = text.chars().collect();
    let first = found.first().map_or(0, |(from, _)| *from);
    let (mut units, mut at) = (0, 0);
    while units < first {
        units += characters.get(at).map_or(usize::MAX - units, |one| one.len_utf16());
        at += 1;
    }
    let start = begin(&characters, at);
    let end = finish(&characters, start);
    let skipped: usize = characters.iter().take(start).map(|one| one.len_utf16()).sum();
    let kept: usize = characters[start..end].iter().map(|one| one.len_utf16()).sum();
    let lead = usize::from(start > 0);
    let line = |one: &char| if one.is_whitespace() { ' ' } else { *one };
    let mut out: String =
        [CUT].iter().filter(|_| lead > 0).copied().chain(characters[start..end].iter().map(line)).collect();
    if end < characters.len() {
        out.push(CUT);
    }
    let inside = found.iter().filter(|(from, to)| *from >= skipped && *to <= skipped + kept);
    let range = |(from, to): &(usize, usize)| FoundRange { from: from - skipped + lead, to: to - skipped + lead };
    (out, inside.map(range).collect())
}

/// Where an excerpt begins so that `at` is in it: at a word, if there is one near.
fn begin(characters: &[char], at: usize) -> usize {
    if at <= BEFORE_CHARS || characters.len() <= EXCERPT_CHARS_MAX {
        return 0;
    }
    let from = at - BEFORE_CHARS;
    let gap = characters[from..at].iter().position(|one| one.is_whitespace());
    gap.map_or(at, |gap| from + gap + 1)
}

fn finish(characters: &[char], start: usize) -> usize {
    let end = start + EXCERPT_CHARS_MAX;
    if end >= characters.len() {
        return characters.len();
    }
    let gap = characters[start..end].iter().rposition(|one| one.is_whitespace());
    gap.filter(|gap| gap * 2 >= EXCERPT_CHARS_MAX).map_or(end, |gap| start + gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str) -> Item {
        Item { text: text.into(), ..Item::default() }
    }

    fn loaded(texts: &[&str]) -> Loaded {
        let items = texts.iter().zip(0..).map(|(text, at_ms)| Item { at_ms, ..item(text) }).collect();
        Loaded::new(&Fold::new(), [0; 16], Page::open(&Page::pack(items)).unwrap())
    }

    fn find(loaded: &Loaded, typed: &str) -> Vec<usize> {
        Query::new(&Fold::new(), typed).map_or_else(Vec::new, |query| loaded.matches(&query))
    }

    #[test]
    fn all_words_are_found_each_as_the_beginning_of_one() {
        let loaded = loaded(&["I walked to the river.", "River walks help me", "walk", "sleepwalking by a river", ""]);
        assert_eq!(find(&loaded, "walk"), [0, 1, 2]);
        assert_eq!(find(&loaded, "RIV walk"), [0, 1]);
        assert_eq!(find(&loaded, "river walks"), [1]);
        assert_eq!(find(&loaded, "walk walk walked"), [0]);
        assert_eq!(find(&loaded, "walkedto"), [0; 0]);
    }

    #[test]
    fn scripts_without_spaces_are_found_anywhere_from_two_signs_on() {
        let loaded = loaded(&["昨日は東京へ行った", "京都Kyoto", "ฉันไปตลาดมา", "ខ្ញុំទៅផ្សារ"]);
        assert_eq!(find(&loaded, "東京"), [0]);
        assert_eq!(find(&loaded, "京"), [0; 0], "one sign alone");
        assert_eq!(find(&loaded, "京 kyo"), [1], "beside a word");
        assert_eq!(find(&loaded, "京都kyoto"), [1]);
        assert_eq!(find(&loaded, "ตลาด"), [2]);
        assert_eq!(find(&loaded, "ផ្សារ"), [3]);
    }

    #[test]
    fn nothing_is_looked_for_where_there_is_no_word() {
        for typed in ["", " \n", "…!?", "京", "❤️"] {
            assert_eq!(Query::new(&Fold::new(), typed), None, "{typed}");
        }
        assert!(Query::new(&Fold::new(), &"a ".repeat(2_000)).is_some_and(|query| query.words.len() == 1));
        assert!(Query::new(&Fold::new(), &"é".repeat(2_000)).is_some());
    }

    fn shown(text: &str, typed: &str) -> String {
        let fold = Fold::new();
        let (excerpt, found) = super::excerpt(&fold, &item(text), &Query::new(&fold, typed).unwrap());
        let units: Vec<u16> = excerpt.encode_utf16().collect();
        let (mut out, mut at) = (String::new(), 0);
        for FoundRange { from, to } in found {
            let said = |from: usize, to: usize| String::from_utf16(&units[from..to]).unwrap();
            out.push_str(&format!("{}[{}]", said(at, from), said(from, to)));
            at = to;
        }
        out + &String::from_utf16(&units[at..]).unwrap()
    }

    #[test]
    fn what_was_found_is_shown_where_it_stands() {
        assert_eq!(shown("I walked\nby the river 😀 RIVER", "riv walk"), "I [walk]ed by the [riv]er 😀 [RIV]ER");
        assert_eq!(shown("😀 Cafe\u{301}s", "cafe"), "😀 [Cafe\u{301}]s");
        assert_eq!(shown("Straße", "stras"), "[Straß]e");
        assert_eq!(shown("昨日は東京へ東京", "東京"), "昨日は[東京]へ[東京]");
        assert_eq!(shown("nothing here", "elsewhere"), "nothing here");
    }

    #[test]
    fn an_excerpt_is_cut_between_words_around_what_was_found_first() {
        let long = format!("{}the river {}", "word ".repeat(100), "and more ".repeat(100));
        let short = shown(&long, "river");
        assert!(short.starts_with("…word") && short.ends_with('…') && short.contains("the [river] and"), "{short}");
        assert!(short.chars().count() <= EXCERPT_CHARS_MAX + 4, "{short}");
        let unbroken = format!("{}東京{}", "日".repeat(900), "本".repeat(900));
        let short = shown(&unbroken, "東京");
        assert!(short.starts_with("…[東京]本") && short.chars().count() <= EXCERPT_CHARS_MAX + 4, "{short}");
    }
}
