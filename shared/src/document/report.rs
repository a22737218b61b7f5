//! What members report to facilitators: the report, what is reported in parts, and that it was dealt with.

use core::fmt;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::MemberId;
use crate::seal::{TEXT_SALT_BYTES, TextSalt};
use crate::sorted::SortedMap;

use super::key::message_author;
use super::own::{cut, number};
use super::profile::check_length;
use super::{BODY_TEXT_BYTES_MAX, BetweenKind, DocumentName, EditProblem, REPORT_TEXT};

/// Bytes of what is reported that one record takes beside its head.
const PART_BYTES: usize = BODY_TEXT_BYTES_MAX - 64;
/// Most records that what is reported lies in.
const PARTS_MAX: usize = 16;
/// Most people who get a report.
const TO_MAX: usize = 32;
/// Longest key of a record, in bytes.
const KEY_BYTES_MAX: usize = 28;

const WHAT: &str = "a report";
const WRONG: DecodeError = DecodeError::Invalid { what: WHAT };

/// Which record is reported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reported {
    /// The document that it stands in.
    pub name: DocumentName,
    /// Its key.
    pub key: String,
}

impl Reported {
    /// The document's name in lower-case hex, and the key, each in a line.
    fn encode(&self) -> String {
        let mut writer = Writer::new();
        self.name.write(&mut writer);
        [&*to_hex(&writer.into_bytes()), &self.key].join("\n")
    }

    fn take(text: &str) -> Result<(Self, &str), DecodeError> {
        let (name, rest) = cut(text, WHAT)?;
        let (key, rest) = cut(rest, WHAT)?;
        let bytes = from_hex(name).ok_or(WRONG)?;
        let mut reader = Reader::new(&bytes);
        let name = DocumentName::read(&mut reader)?;
        reader.finish(WHAT)?;
        if key.len() > KEY_BYTES_MAX || message_author(key).is_none() {
            return Err(WRONG);
        }
        Ok((Self { name, key: key.to_owned() }, rest))
    }
}

/// What a member reports.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// Which record.
    pub of: Reported,
    /// Who wrote it, as the reporter says.
    pub about: MemberId,
    /// The salt that opens the record's commitment, together with what is reported.
    pub salt: TextSalt,
    /// How many records hold what is reported, and what proves it; at most 16.
    pub parts: usize,
    /// The facilitators who got it, ascending, at most 32.
    pub to: Vec<MemberId>,
    /// In the reporter's words; at most [`REPORT_TEXT`], may be empty.
    pub words: String,
}

impl Report {
    /// What its parts hold, text and proof (as its bytes), of those that are here; none until all are.
    pub fn carried<'a>(&self, parts: impl Iterator<Item = &'a Reporting>) -> Option<(String, Vec<u8>)> {
        let mut all: SortedMap<(bool, usize), &str> = SortedMap::new();
        for part in parts {
            if let Reporting::Part { of, at, text } = part {
                all.insert((*of == PartOf::Proof, *at), text);
            }
        }
        let joined = |proof: bool| all.iter().filter(|((of, _), _)| *of == proof).map(|(_, text)| *text).collect();
        let proof: String = joined(true);
        (all.len() >= self.parts).then(|| (joined(false), from_hex(&proof).unwrap_or_default()))
    }
}

/// What a part of what is reported belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOf {
    /// The text.
    Text,
    /// Signed entries that prove it, in hex.
    Proof,
}

/// A record of what is reported, between its reporter and a facilitator, or two facilitators.
#[derive(Clone, PartialEq, Eq)]
pub enum Reporting {
    /// The report.
    Report(Report),
    /// A part of what is reported. It answers its report's record.
    Part {
        /// Of what.
        of: PartOf,
        /// Which, from 0.
        at: usize,
        /// As it is.
        text: String,
    },
    /// That it was dealt with.
    Handled {
        /// Who reported.
        reporter: MemberId,
        /// Which record.
        of: Reported,
    },
}

impl fmt::Debug for Reporting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reporting(…)")
    }
}

impl Reporting {
    /// What is reported, in as many parts as it takes. A proof that finds no room is left out: who wrote very much at once
    /// is reported all the same.
    ///
    /// # Errors
    /// `TooLong` when the text takes more than a report may have.
    pub fn parts(text: &str, proof: &[u8]) -> Result<Vec<Self>, EditProblem> {
        let proof = to_hex(proof);
        let [texts, proofs] = [(PartOf::Text, text), (PartOf::Proof, proof.as_str())].map(|(of, whole)| {
            let numbered = pieces(whole).into_iter().enumerate();
            numbered.map(|(at, piece)| Self::Part { of, at, text: piece.to_owned() }).collect::<Vec<_>>()
        });
        let over = texts.len().saturating_sub(PARTS_MAX);
        if over > 0 {
            return Err(EditProblem::TooLong { what: WHAT, over });
        }
        let has_room = texts.len() + proofs.len() <= PARTS_MAX;
        Ok(texts.into_iter().chain(proofs.into_iter().filter(|_| has_room)).collect())
    }

    /// Whether it may be written as it is.
    ///
    /// # Errors
    /// `TooLong` for words, `Full` for more people or parts than may be, `NotPossible` for people who do not ascend.
    pub fn check(&self) -> Result<(), EditProblem> {
        match self {
            Self::Report(report) => {
                if report.to.len() > TO_MAX || report.parts > PARTS_MAX {
                    return Err(EditProblem::Full { what: WHAT, max: TO_MAX });
                }
                if !report.to.is_sorted_by(|one, other| one < other) {
                    return Err(EditProblem::NotPossible { what: WHAT });
                }
                check_length("the report", &report.words, REPORT_TEXT)
            }
            Self::Part { at, text, .. } if *at >= PARTS_MAX || text.len() > PART_BYTES => {
                Err(EditProblem::Full { what: WHAT, max: PARTS_MAX })
            }
            Self::Part { .. } | Self::Handled { .. } => Ok(()),
        }
    }

    /// The record's text: what it is, then in parts that a line feed ends, the last one open: of a report the document's
    /// name in hex, the record's key, who wrote it, the salt in hex, the number of parts, the people behind each other,
    /// the words; of a part `t` or `p` with its number, and what it holds; of what was dealt with its reporter, the
    /// document's name, the key.
    #[must_use]
    pub fn encode(&self) -> String {
        match self {
            Self::Report(Report { of, about, salt, parts, to, words }) => {
                let to: String = to.iter().map(MemberId::to_string).collect();
                let head = [&*of.encode(), &about.to_string(), &to_hex(&salt.0), &parts.to_string(), &to, words];
                BetweenKind::Report.text(&head.join("\n"))
            }
            Self::Part { of, at, text } => {
                let kind = if *of == PartOf::Text { "t" } else { "p" };
                BetweenKind::Reported.text(&[kind, &at.to_string(), "\n", text].concat())
            }
            Self::Handled { reporter, of } => {
                BetweenKind::Handled.text(&[&*reporter.to_string(), &of.encode(), ""].join("\n"))
            }
        }
    }

    /// Reads a record in its one form.
    ///
    /// # Errors
    /// `Invalid` for another kind (a later version's, too) and for what may not be written, `Short` where it ends early.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let (kind, rest) = BetweenKind::of(text).ok_or(WRONG)?;
        let read = match kind {
            BetweenKind::Report => {
                let (of, rest) = Reported::take(rest)?;
                let (about, rest) = cut(rest, WHAT)?;
                let (salt, rest) = cut(rest, WHAT)?;
                let (parts, rest) = cut(rest, WHAT)?;
                let (to, words) = cut(rest, WHAT)?;
                let salt: Option<[u8; TEXT_SALT_BYTES]> = from_hex(salt).and_then(|salt| salt.try_into().ok());
                let to = from_hex(to).filter(|to| to.len().is_multiple_of(MemberId::LEN)).ok_or(WRONG)?;
                let to = to.as_chunks().0.iter().map(|id| MemberId(*id)).collect();
                let (about, parts) = (member(about)?, number(parts, WHAT)?);
                let salt = TextSalt(salt.ok_or(WRONG)?);
                Self::Report(Report { of, about, salt, parts, to, words: words.to_owned() })
            }
            BetweenKind::Reported => {
                let (head, text) = cut(rest, WHAT)?;
                let (of, at) = match head.split_at_checked(1) {
                    Some(("t", at)) => (PartOf::Text, at),
                    Some(("p", at)) => (PartOf::Proof, at),
                    _ => return Err(WRONG),
                };
                Self::Part { of, at: number(at, WHAT)?, text: text.to_owned() }
            }
            BetweenKind::Handled => {
                let (reporter, rest) = cut(rest, WHAT)?;
                let (of, _) = Reported::take(rest)?;
                Self::Handled { reporter: member(reporter)?, of }
            }
            BetweenKind::Commitment
            | BetweenKind::Answer
            | BetweenKind::Attempt
            | BetweenKind::End
            | BetweenKind::Story => return Err(WRONG),
        };
        if read.check().is_ok() && read.encode() == text { Ok(read) } else { Err(WRONG) }
    }
}

/// A text in pieces that fit into a record each.
fn pieces(text: &str) -> Vec<&str> {
    let (mut rest, mut pieces) = (text, Vec::new());
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PART_BYTES));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn member(text: &str) -> Result<MemberId, DecodeError> {
    text.parse().map_err(|_| WRONG)
}

/// Bytes in lower-case hex.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Bytes that [`to_hex`] wrote; none for anything else.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |sign: &u8| match sign {
        b'0'..=b'9' => Some(sign - b'0'),
        b'a'..=b'f' => Some(sign - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ThreadId;
    use crate::time::Month;

    const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwrs";
    const NAME: &str = "030100000000000000aa050";

    fn of() -> Reported {
        let subject = super::super::Subject::Thread { thread: ThreadId([0; 8]), month: Month(682), part: 0 };
        Reported { name: DocumentName::new(subject), key: KEY.to_owned() }
    }

    fn report(words: &str, to: &[u8], parts: usize) -> Reporting {
        let to = to.iter().map(|member| MemberId([*member; 16])).collect();
        let (about, salt) = (MemberId([2; 16]), TextSalt([15; 16]));
        Reporting::Report(Report { of: of(), about, salt, parts, to, words: words.to_owned() })
    }

    #[test]
    fn a_report_has_its_text_and_one_form() {
        let name = of().encode();
        let (about, salt, to) = ("02".repeat(16), "0f".repeat(16), "03".repeat(16) + &"04".repeat(16));
        let handled = Reporting::Handled { reporter: MemberId([1; 16]), of: of() };
        let part = |of, at| Reporting::Part { of, at, text: "You are\nall liars.".to_owned() };
        let all = [
            (report("It hurt.\nñ", &[3, 4], 2), format!("report\n{name}\n{about}\n{salt}\n2\n{to}\nIt hurt.\nñ")),
            (report("", &[], 0), format!("report\n{name}\n{about}\n{salt}\n0\n\n")),
            (part(PartOf::Text, 0), "reported\nt0\nYou are\nall liars.".to_owned()),
            (part(PartOf::Proof, 15), "reported\np15\nYou are\nall liars.".to_owned()),
            (handled, format!("handled\n{}\n{name}\n", "01".repeat(16))),
        ];
        for (reporting, golden) in all {
            assert_eq!(reporting.check(), Ok(()), "{golden}");
            assert_eq!(reporting.encode(), golden);
            assert_eq!(Reporting::decode(&golden), Ok(reporting.clone()));
            assert_eq!(format!("{reporting:?}"), "Reporting(…)", "no log has it");
        }
        let good = report("x", &[3], 1).encode();
        let wrong = [
            String::new(),
            "report\nx".to_owned(),
            good.replace(NAME, "ff0100000000000000aa050"),
            good.replace(KEY, "nothing"),
            good.replace(&salt, "0f"),
            good.replace(&salt, &"0F".repeat(16)),
            good.replace("\n1\n", "\n01\n"),
            good.replace("\n1\n", "\n17\n"),
            good.replace(&"03".repeat(16), "03"),
            "reported\nx0\n".to_owned(),
            "reported\nt16\nx".to_owned(),
            "reported\nt00\nx".to_owned(),
            format!("handled\n{}\n{name}\nx", "01".repeat(16)),
            "story\nx".to_owned(),
        ];
        for wrong in wrong {
            assert!(wrong == good || Reporting::decode(&wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(report("o", &[4, 3], 0).check(), Err(EditProblem::NotPossible { what: WHAT }));
        assert_eq!(report("o", &[4, 4], 0).check(), Err(EditProblem::NotPossible { what: WHAT }));
        let long = Err(EditProblem::TooLong { what: "the report", over: 1 });
        assert_eq!(report(&"o".repeat(1_001), &[], 0).check(), long);
    }

    #[test]
    fn whatever_may_be_reported_fits_into_records_and_comes_out_again() {
        let to: Vec<u8> = (1..=32).collect();
        for sign in ["o", "я", "語", "😀", "क\u{94d}षि"] {
            let mut words = sign.repeat(REPORT_TEXT.graphemes);
            while REPORT_TEXT.over(&words) > 0 {
                words.truncate(words.len() - sign.len());
            }
            let longest = report(&words, &to, 16);
            assert!(longest.check().is_ok() && longest.encode().len() <= BODY_TEXT_BYTES_MAX);
            let text = sign.repeat(4_000 / sign.len());
            let parts = Reporting::parts(&text, &[7; 2_000]).unwrap_or_default();
            let joined = |of: PartOf| {
                let of = parts.iter().filter_map(|part| match part {
                    Reporting::Part { of: it, text, .. } if *it == of => Some(text.as_str()),
                    _ => None,
                });
                of.collect::<String>()
            };
            assert!(parts.iter().all(|part| part.check().is_ok() && part.encode().len() <= BODY_TEXT_BYTES_MAX));
            assert_eq!((joined(PartOf::Text), from_hex(&joined(PartOf::Proof))), (text, Some(vec![7; 2_000])));
        }
        let parts = Reporting::parts("x", &[7; 40_000]);
        assert!(
            matches!(parts.as_deref(), Ok([Reporting::Part { of: PartOf::Text, at: 0, text }]) if text == "x"),
            "a proof with no room is left out",
        );
        let long = "x".repeat(PARTS_MAX * PART_BYTES + 1);
        assert!(Reporting::parts(&long, &[]).is_err(), "more than a report may have");
    }
}
