use core::fmt;

use crate::codec::DecodeError;
use crate::contract::Contract;
use crate::time::Day;

use super::super::profile::{check, check_length};
use super::super::{ATTEMPT_NOTE_TEXT, BetweenKind, COMMITMENT_TEXT, EditProblem};
use super::{cut, number};

/// Longest name of what a commitment was taken on from, in bytes.
const FROM_BYTES_MAX: usize = 80;
/// All days of a week, the first of which is Monday.
const WEEK: u8 = 0b111_1111;

/// How an attempt went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(from_page, to_page)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was tried.
    Tried,
    /// Not this time.
    NotThisTime,
}

impl Outcome {
    /// All, at their code's place.
    const ALL: [Self; 3] = [Self::Done, Self::Tried, Self::NotThisTime];

    fn code(self) -> char {
        match self {
            Self::Done => 'd',
            Self::Tried => 't',
            Self::NotThisTime => 'n',
        }
    }
}

/// What a member takes on.
#[derive(Clone, PartialEq, Eq)]
pub struct TakenOn {
    /// Since when.
    pub since: Day,
    /// On which days of the week: a bit each, Monday's the lowest. None when it has no rhythm.
    pub days: u8,
    /// On which day, once. None beside a rhythm.
    pub due: Option<Day>,
    /// What it was taken on from, by a name that pages give it: printable ASCII, at most 80 characters. May be empty.
    pub from: String,
    /// In its writer's words; at most [`COMMITMENT_TEXT`].
    pub words: String,
}

/// A record by which a member keeps their word.
#[derive(Clone, PartialEq, Eq)]
pub enum Kept {
    /// Something that they take on.
    Commitment(TakenOn),
    /// Whether they are with the one who took it on.
    Answer {
        /// They are.
        accepted: bool,
    },
    /// How it went.
    Attempt {
        /// On which day.
        day: Day,
        /// How it was.
        outcome: Outcome,
        /// In their words; at most [`ATTEMPT_NOTE_TEXT`], may be empty.
        note: String,
    },
    /// It is done with.
    End,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept(…)")
    }
}

impl Kept {
    /// Whether it may be written as it is.
    ///
    /// # Errors
    /// `Empty` when there is nothing to see in a commitment's words, `TooLong`, `NotPossible` for days that no week has, a
    /// day beside a rhythm or before the first one, and for a name that can't be.
    pub fn check(&self) -> Result<(), EditProblem> {
        match self {
            Self::Commitment(TakenOn { since, days, due, from, words }) => {
                let rhythm = *days <= WEEK && due.is_none_or(|due| *days == 0 && due >= *since);
                let named = from.len() <= FROM_BYTES_MAX && from.bytes().all(|byte| byte.is_ascii_graphic());
                if !rhythm || !named {
                    return Err(EditProblem::NotPossible { what: "the commitment" });
                }
                check("the commitment", words, COMMITMENT_TEXT)
            }
            Self::Attempt { note, .. } => check_length("the note", note, ATTEMPT_NOTE_TEXT),
            Self::Answer { .. } | Self::End => Ok(()),
        }
    }

    /// The record's text: what it is, then in parts that a line feed ends, the last one open: of a commitment its first
    /// day, the days of the week as a number, the day or nothing, the name or nothing, the words; of an answer `y` or `n`;
    /// of an attempt its day, `d`, `t` or `n`, the note; of an end nothing.
    #[must_use]
    pub fn encode(&self) -> String {
        match self {
            Self::Commitment(TakenOn { since, days, due, from, words }) => {
                let due = due.map(|due| due.0.to_string()).unwrap_or_default();
                let head = [&*since.0.to_string(), &days.to_string(), &due, from, words];
                BetweenKind::Commitment.text(&head.join("\n"))
            }
            Self::Answer { accepted } => BetweenKind::Answer.text(if *accepted { "y" } else { "n" }),
            Self::Attempt { day, outcome, note } => {
                let rest = [&*day.0.to_string(), &outcome.code().to_string(), note].join("\n");
                BetweenKind::Attempt.text(&rest)
            }
            Self::End => BetweenKind::End.text(""),
        }
    }

    /// Reads a record in its one form.
    ///
    /// # Errors
    /// `Invalid` for another kind (a later version's, too) and for what may not be written, `Short` where it ends early.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        const WRONG: DecodeError = DecodeError::Invalid { what: "what is kept" };
        const WHAT: &str = "what is kept";
        let (kind, rest) = BetweenKind::of(text).ok_or(WRONG)?;
        let kept = match kind {
            BetweenKind::Commitment => {
                let (since, rest) = cut(rest, WHAT)?;
                let (days, rest) = cut(rest, WHAT)?;
                let (due, rest) = cut(rest, WHAT)?;
                let (from, words) = cut(rest, WHAT)?;
                let due = if due.is_empty() { None } else { Some(day(due)?) };
                let (days, from, words) = (number(days, WHAT)?, from.to_owned(), words.to_owned());
                Self::Commitment(TakenOn { since: day(since)?, days, due, from, words })
            }
            BetweenKind::Answer => Self::Answer { accepted: rest == "y" },
            BetweenKind::Attempt => {
                let (on, rest) = cut(rest, WHAT)?;
                let (code, note) = cut(rest, WHAT)?;
                let found = Outcome::ALL.into_iter().find(|it| code.len() == 1 && code.starts_with(it.code()));
                Self::Attempt { day: day(on)?, outcome: found.ok_or(WRONG)?, note: note.to_owned() }
            }
            BetweenKind::End => Self::End,
            BetweenKind::Report | BetweenKind::Reported | BetweenKind::Handled | BetweenKind::Story => {
                return Err(WRONG);
            }
        };
        if kept.check().is_ok() && kept.encode() == text { Ok(kept) } else { Err(WRONG) }
    }
}

fn day(text: &str) -> Result<Day, DecodeError> {
    const WHAT: &str = "day of what is kept";
    Some(Day(number(text, WHAT)?)).filter(|day| day.is_allowed()).ok_or(DecodeError::Invalid { what: WHAT })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BODY_TEXT_BYTES_MAX;

    fn taken_on(days: u8, due: Option<u32>, from: &str, words: &str) -> Kept {
        let (since, due) = (Day(20_786), due.map(Day));
        Kept::Commitment(TakenOn { since, days, due, from: from.to_owned(), words: words.to_owned() })
    }

    fn attempt(outcome: Outcome, note: &str) -> Kept {
        Kept::Attempt { day: Day(20_787), outcome, note: note.to_owned() }
    }

    #[test]
    fn a_record_has_its_text_and_one_form() {
        let all = [
            (taken_on(0, None, "", "Call my sister,\nonce"), "commitment\n20786\n0\n\n\nCall my sister,\nonce"),
            (taken_on(127, None, "ab/1", "Walk"), "commitment\n20786\n127\n\nab/1\nWalk"),
            (taken_on(0, Some(20_786), "", "Go"), "commitment\n20786\n0\n20786\n\nGo"),
            (Kept::Answer { accepted: true }, "answer\ny"),
            (Kept::Answer { accepted: false }, "answer\nn"),
            (attempt(Outcome::Done, ""), "attempt\n20787\nd\n"),
            (attempt(Outcome::Tried, "Half\nof it"), "attempt\n20787\nt\nHalf\nof it"),
            (attempt(Outcome::NotThisTime, "ñ"), "attempt\n20787\nn\nñ"),
            (Kept::End, "end\n"),
        ];
        for (kept, golden) in all {
            assert_eq!(kept.check(), Ok(()), "{golden}");
            assert_eq!(kept.encode(), golden);
            assert_eq!(Kept::decode(golden), Ok(kept.clone()));
            assert_eq!(format!("{kept:?}"), "Kept(…)", "no log has it");
        }
        let wrong = [
            "",
            "end",
            "end\nx",
            "answer\n",
            "answer\nyes",
            "answer\ny\n",
            "attempt\n20787\nx\n",
            "attempt\n20787\ndd\n",
            "attempt\n20787\nd",
            "attempt\n020787\nd\n",
            "attempt\n1\nd\n",
            "attempt\n\nd\n",
            "commitment\n20786\n0\n\n\n",
            "commitment\n20786\n0\n\nx",
            "commitment\n20786\n128\n\n\nx",
            "commitment\n20786\n00\n\n\nx",
            "commitment\n20786\n1\n20787\n\nx",
            "commitment\n20786\n0\n20785\n\nx",
            "commitment\n20786\n0\n\na b\nx",
            "report\nx",
            "story\nx",
            "later\nx",
        ];
        for wrong in wrong {
            assert!(Kept::decode(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_says_nothing_or_cannot_be_is_not_written() {
        let empty = Err(EditProblem::Empty { what: "the commitment" });
        assert_eq!(taken_on(0, None, "", " \u{200b}").check(), empty);
        let long = |what, over| Err(EditProblem::TooLong { what, over });
        assert_eq!(taken_on(0, None, "", &"o".repeat(302)).check(), long("the commitment", 2));
        assert_eq!(attempt(Outcome::Done, &"o".repeat(1_001)).check(), long("the note", 1));
        let impossible = Err(EditProblem::NotPossible { what: "the commitment" });
        assert_eq!(taken_on(128, None, "", "x").check(), impossible);
        assert_eq!(taken_on(1, Some(20_786), "", "x").check(), impossible);
        assert_eq!(taken_on(0, None, &"a".repeat(81), "x").check(), impossible);
        assert_eq!(taken_on(0, None, "a\nb", "x").check(), impossible);
    }

    #[test]
    fn whatever_may_be_written_fits_into_a_body() {
        for sign in ["o", "я", "語", "😀", "क\u{94d}षि"] {
            for (limit, made) in [
                (
                    COMMITMENT_TEXT,
                    &(|text: &str| taken_on(0, Some(84_005), &"a".repeat(80), text)) as &dyn Fn(&str) -> Kept,
                ),
                (ATTEMPT_NOTE_TEXT, &|text: &str| attempt(Outcome::Done, text)),
            ] {
                let mut longest = sign.repeat(limit.graphemes);
                while limit.over(&longest) > 0 {
                    longest.truncate(longest.len() - sign.len());
                }
                let kept = made(&longest);
                assert!(kept.check().is_ok() && kept.encode().len() <= BODY_TEXT_BYTES_MAX);
            }
        }
    }
}
