use core::fmt;

use crate::codec::DecodeError;
use crate::contract::Contract;
use crate::time::{Day, TimestampMs};

use super::own::{cut, number};
use super::profile::{check, check_length};
use super::{BODY_TEXT_BYTES_MAX, EditProblem, STORY_TEXT, STORY_TITLE_TEXT, TextLimit};

/// What a member tells their circle. Debug output has no word of it.
#[derive(Clone, PartialEq, Eq, Contract)]
#[contract(from_page, to_page, tag = "kind")]
pub enum Told {
    /// A story, for as long as its author wishes.
    Story {
        /// At most 60 characters.
        title: String,
        /// At most 3,900 characters, as far as they fit beside the title into 3,968 bytes.
        text: String,
        /// From when on nobody is shown it any more, in milliseconds since 1970; null for no end.
        ends_ms: Option<u64>,
    },
    /// Something that they are glad of, in their own words.
    Milestone {
        /// The day that it is about.
        #[contract(ts = "DayNumber")]
        day: u32,
        /// As of a story's text.
        text: String,
    },
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told(…)")
    }
}

impl Told {
    /// Without white space around its words.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        match self {
            Self::Story { title, text, ends_ms } => {
                Self::Story { title: title.trim().into(), text: text.trim().into(), ends_ms: *ends_ms }
            }
            Self::Milestone { day, text } => Self::Milestone { day: *day, text: text.trim().into() },
        }
    }

    /// Whether it is over at this time.
    #[must_use]
    pub fn is_over(&self, now: TimestampMs) -> bool {
        matches!(self, Self::Story { ends_ms: Some(ends), .. } if *ends <= now.0)
    }

    /// Whether it may be written as it is.
    ///
    /// # Errors
    /// `Empty` for a title or text in which nothing is to be seen; `TooLong`, of a text also where it does not fit beside
    /// the rest into a body; `OutOfRange` for a day or an end that no screen can draw.
    pub fn check(&self) -> Result<(), EditProblem> {
        let text = match self {
            Self::Story { title, text, ends_ms } => {
                check("the title", title, STORY_TITLE_TEXT)?;
                // A title is a line of its own.
                if title.contains('\n') {
                    return Err(EditProblem::NotPossible { what: "the title" });
                }
                in_range("its end", ends_ms.is_none_or(|ends| ends <= TimestampMs::LAST.0))?;
                text
            }
            Self::Milestone { day, text } => {
                in_range("its day", Day(*day).is_allowed())?;
                text
            }
        };
        check("the text", text, STORY_TEXT)?;
        let rest = self.encode().len() - text.len();
        check_length("the text", text, TextLimit { bytes: BODY_TEXT_BYTES_MAX.saturating_sub(rest), ..STORY_TEXT })
    }

    /// The record's text: a line that names the kind; of a story its end (or nothing) and its title, of a milestone its
    /// day, each in a line; then the words.
    #[must_use]
    pub fn encode(&self) -> String {
        match self {
            Self::Story { title, text, ends_ms } => {
                let ends = ends_ms.map(|ends| ends.to_string()).unwrap_or_default();
                [STORY, "\n", &ends, "\n", title, "\n", text].concat()
            }
            Self::Milestone { day, text } => [MILESTONE, "\n", &day.to_string(), "\n", text].concat(),
        }
    }

    /// Reads what was told in its one form.
    ///
    /// # Errors
    /// `Invalid` for another kind (a later version's, too) and for what may not be written, `Short` where it ends early.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        const WHAT: &str = "a story";
        let (kind, rest) = cut(text, WHAT)?;
        let (head, rest) = cut(rest, WHAT)?;
        let told = match kind {
            STORY => {
                let (title, text) = cut(rest, WHAT)?;
                let ends_ms = if head.is_empty() { None } else { Some(number(head, WHAT)?) };
                Self::Story { title: title.to_owned(), text: text.to_owned(), ends_ms }
            }
            MILESTONE => Self::Milestone { day: number(head, WHAT)?, text: rest.to_owned() },
            _ => return Err(DecodeError::Invalid { what: WHAT }),
        };
        told.check().map_err(|_| DecodeError::Invalid { what: WHAT })?;
        Ok(told)
    }
}

const STORY: &str = "story";
const MILESTONE: &str = "milestone";

fn in_range(what: &'static str, holds: bool) -> Result<(), EditProblem> {
    if holds { Ok(()) } else { Err(EditProblem::OutOfRange { what }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(title: &str, text: &str, ends_ms: Option<u64>) -> Told {
        Told::Story { title: title.into(), text: text.into(), ends_ms }
    }

    fn milestone(day: u32, text: &str) -> Told {
        Told::Milestone { day, text: text.into() }
    }

    #[test]
    fn what_is_told_has_its_text_and_one_form() {
        let all = [
            (story("The river", "I went\n\nagain.", None), "story\n\nThe river\nI went\n\nagain."),
            (story("The river", "I went.", Some(1_796_000_000_000)), "story\n1796000000000\nThe river\nI went."),
            (milestone(20_786, "A whole month of calls home"), "milestone\n20786\nA whole month of calls home"),
        ];
        for (told, golden) in all {
            assert_eq!(told.check(), Ok(()));
            assert_eq!(told.encode(), golden);
            assert_eq!(Told::decode(golden), Ok(told.clone()));
            assert_eq!(format!("{told:?}"), "Told(…)", "no log has it");
        }
        let wrong = [
            "",
            "story",
            "story\n",
            "story\n\n",
            "story\n\nThe river",
            "story\n\n\nNo title",
            "story\n\nNo text\n ",
            "story\n01\nThe river\nI went",
            "story\n-1\nThe river\nI went",
            "story\n99999999999999999999\nThe river\nI went",
            "story\n7258118400000\nThe river\nAfter the last year",
            "milestone\n\nNo day",
            "milestone\n1\nToo early",
            "milestone\n020786\nTwo forms",
            "milestone\n20786\n\u{200b}",
            "report\n20786\nSomething else",
            "Story\n\nThe river\nI went",
        ];
        for wrong in wrong {
            assert!(Told::decode(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_says_nothing_or_cannot_be_is_not_told() {
        let empty = |what| Err(EditProblem::Empty { what });
        assert_eq!(story(" ", "text", None).check(), empty("the title"));
        assert_eq!(story("title", "\u{200b}\n", None).check(), empty("the text"));
        assert_eq!(milestone(20_786, "").check(), empty("the text"));
        let range = |what| Err(EditProblem::OutOfRange { what });
        assert_eq!(milestone(1, "x").check(), range("its day"));
        assert_eq!(story("title", "x", Some(u64::MAX)).check(), range("its end"));
        assert_eq!(story("two\nlines", "x", None).check(), Err(EditProblem::NotPossible { what: "the title" }));
        let long = |what, over| Err(EditProblem::TooLong { what, over });
        assert_eq!(story(&"o".repeat(62), "x", None).check(), long("the title", 2));
        assert_eq!(story("o", &"o".repeat(3_902), None).check(), long("the text", 2));
    }

    #[test]
    fn whatever_may_be_told_fits_into_a_body_and_plain_letters_to_the_full_length() {
        let title = "o".repeat(STORY_TITLE_TEXT.graphemes);
        let longest = story(&title, &"o".repeat(STORY_TEXT.graphemes), Some(TimestampMs::LAST.0));
        assert_eq!(longest.check(), Ok(()));
        assert!(longest.encode().len() <= BODY_TEXT_BYTES_MAX);
        for sign in ["o", "я", "語", "😀", "क\u{94d}षि", "\u{202e}ا"] {
            let title = sign.repeat(20);
            let mut text = sign.repeat(BODY_TEXT_BYTES_MAX / sign.len());
            while let Err(EditProblem::TooLong { over, .. }) = story(&title, &text, None).check() {
                assert!(over > 0);
                text.truncate(text.len() - sign.len());
            }
            let told = story(&title, &text, None);
            assert_eq!(told.check(), Ok(()), "{sign}");
            assert!(told.encode().len() <= BODY_TEXT_BYTES_MAX, "{sign}");
            assert_eq!(Told::decode(&told.encode()), Ok(told));
        }
    }

    #[test]
    fn a_story_is_over_from_its_end_on_and_a_milestone_never() {
        let told = story("o", "o", Some(1_000));
        assert!(!told.is_over(TimestampMs(999)) && told.is_over(TimestampMs(1_000)));
        assert!(!story("o", "o", None).is_over(TimestampMs::LAST));
        assert!(!milestone(20_786, "o").is_over(TimestampMs::LAST));
    }
}
