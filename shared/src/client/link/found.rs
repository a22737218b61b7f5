//! A link in a text, found by what it consists of and not by where it begins and ends.
//!
//! What is known to happen to links: signs of them percent-encoded, by those who carry them as a parameter more than
//! once; `&` written as an entity; brackets, quotes, stars and full stops around them; lines broken inside, quoted with
//! `>` or not; letters made capitals. So a text is read as it is and as what it decodes to, and in each reading the
//! parts are taken one after the other by their own form: digits as many as they must be, whatever stands between lines.

use crate::ids::CircleId;
use crate::trust::{InviteSecret, RootCommission, Signed};

use super::{Link, commission};

/// Most bytes of a text that a link is looked for in.
const TEXT_BYTES_MAX: usize = 16 * 1024;
/// So often a text may have been encoded on its way: once by each that carried it in a link of its own.
const ENCODINGS_MAX: usize = 4;
/// Most bytes from the end of one part to the `=` of the next: `&amp;` and a line's end.
const BETWEEN_BYTES_MAX: usize = 12;
/// What stands before the parts, in small letters.
const BEGINS: &str = "join";

impl Link {
    /// The link in a text, whatever was done to it on its way; `None` when there is none that is whole.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        // Mail as it is sent writes `=` for `%`, and a lone one at the end of a line that it broke.
        let is_sent = ["=3D", "=\r\n", "=\n"].iter().any(|sign| text.contains(sign));
        let sent = is_sent.then(|| decoded(&text.replace("=\r\n", "").replace("=\n", ""), b'='));
        sent.and_then(|text| Self::find_in(&text)).or_else(|| Self::find_in(text))
    }

    fn find_in(text: &str) -> Option<Self> {
        let lines = tidied(text);
        let joined: String = lines.chars().filter(|c| !is_gap(*c)).collect();
        let mut readings = decodings(lines);
        readings.extend(decodings(joined.clone()));
        if joined.contains('-') {
            // Some gateways write `-` for `%`.
            readings.extend(decodings(decoded(&joined, b'-')));
        }
        // One that says what it is comes first: who carries links has parameters of their own.
        let best = |mark| {
            let links = readings.iter().filter_map(|text| read_behind(text, mark));
            links.reduce(|best, next| if next.parts() > best.parts() { next } else { best })
        };
        best(BEGINS).or_else(|| best(""))
    }

    /// How much of it there is: a line that ends inside an encoded sign hides what follows from one of the readings.
    fn parts(&self) -> (bool, bool, bool) {
        (self.circle.is_some(), self.commission.is_some(), !self.circle_name.is_empty())
    }
}

/// One sign for each break of a line, and none of those that are not seen.
fn tidied(text: &str) -> String {
    let is_seen = |c: &char| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    text.chars().filter(is_seen).map(|c| if c.is_whitespace() { '\n' } else { c }).collect()
}

/// The text, what it decodes to, what that decodes to, and so on.
fn decodings(text: String) -> Vec<String> {
    let mut all = vec![text];
    for _ in 0..ENCODINGS_MAX {
        let decoded = decoded(&all[all.len() - 1], b'%');
        if decoded == all[all.len() - 1] {
            break;
        }
        all.push(decoded);
    }
    all
}

/// Reads the first link whose secret follows a mark closely.
fn read_behind(text: &str, mark: &str) -> Option<Link> {
    let small = text.to_ascii_lowercase();
    small.match_indices("t=").find_map(|(at, name)| {
        let from = small[..at].rfind(mark)? + mark.len();
        if at - from > BETWEEN_BYTES_MAX { None } else { read(&text[at + name.len()..]) }
    })
}

/// Reads the parts from the secret's first digit on. A part that is there and not whole makes none of it a link.
fn read(text: &str) -> Option<Link> {
    let (secret, mut rest) = digits(text)?;
    let mut link = Link { secret: InviteSecret(secret), circle: None, circle_name: String::new(), commission: None };
    while let Some((name, value)) = next_part(rest) {
        rest = match name {
            'c' if link.circle.is_none() => {
                let (circle, rest) = digits(value)?;
                link.circle = Some(CircleId(circle));
                rest
            }
            'n' => {
                let (name, rest) = name_in(value);
                link.circle_name = name;
                rest
            }
            'k' => {
                link.commission = Some(commission_in(value)?);
                break;
            }
            _ => break,
        };
    }
    Some(link)
}

/// The next part's name, one small letter, and what follows its `=`.
fn next_part(rest: &str) -> Option<(char, &str)> {
    let (before, value) = rest.split_once('=')?;
    let mut signs = before.trim_end_matches(is_gap).chars().rev();
    let name = signs.next()?.to_ascii_lowercase();
    let is_name = signs.next().is_some_and(|c| !c.is_ascii_alphanumeric()) || before.ends_with(&format!("u0026{name}"));
    (is_name && before.len() <= BETWEEN_BYTES_MAX).then_some((name, value))
}

/// The end of a line, and the mark of one that is quoted.
fn is_gap(c: char) -> bool {
    c == '\n' || c == '>'
}

/// Sixteen bytes in hexadecimal digits, over gaps, and what follows; `None` of fewer, and of more.
fn digits(text: &str) -> Option<([u8; 16], &str)> {
    let (mut bytes, mut count) = ([0_u8; 16], 0);
    for (at, c) in text.char_indices() {
        if count == 32 {
            return (!c.is_ascii_alphanumeric()).then_some((bytes, &text[at..]));
        }
        if is_gap(c) {
            continue;
        }
        let digit = u8::try_from(c.to_digit(16)?).ok()?;
        bytes[count / 2] |= if count % 2 == 0 { digit << 4 } else { digit };
        count += 1;
    }
    (count == 32).then_some((bytes, ""))
}

/// The circle's name, and what follows. When no part does, a gap is its end: what comes after may be anything.
fn name_in(value: &str) -> (String, &str) {
    let is_end = |(at, sign): &(usize, &str)| *sign != "&" || begins_part(&value[at + sign.len()..]);
    let mut ends = value.match_indices(['&', '"', '<', '\\']);
    let end = ends.find(is_end).map_or(value.len(), |(at, _)| at);
    let has_next = next_part(&value[end..]).is_some_and(|(name, _)| name == 'k');
    let end = if has_next { end } else { value[..end].find(is_gap).unwrap_or(end) };
    let name: String = value[..end].chars().filter(|c| !is_gap(*c)).collect();
    let around = |c: char| c.is_ascii_punctuation() || matches!(c, '’' | '”' | '»' | '…' | '。' | '，' | '）' | '」');
    let name = if has_next { &name } else { name.trim_end_matches(around) };
    (decoded(name, b'%'), &value[end..])
}

/// Whether some part's name and its `=` follow: else a `&` is the name's own, of a link that was decoded too often.
fn begins_part(text: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ';' | '#') || is_gap(c);
    text.split_once('=').is_some_and(|(name, _)| name.chars().all(is_of_name))
}

/// The first commission that the letters come to, over as many gaps as it takes.
fn commission_in(value: &str) -> Option<Signed<RootCommission>> {
    let mut text = String::new();
    for line in value.split(is_gap) {
        let end = line.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(line.len());
        text.push_str(&line[..end]);
        match commission(&text) {
            None if end == line.len() => {}
            found => return found,
        }
    }
    None
}

/// What is encoded as a mark and two digits, decoded; `+` is a space.
fn decoded(text: &str, mark: u8) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        let digit = |at: usize| char::from(*tail.get(at)?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let both = digit(0).zip(digit(1)).filter(|_| *byte == mark);
        match both {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
