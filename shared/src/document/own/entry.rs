use core::fmt;

use crate::codec::DecodeError;
use crate::contract::Contract;
use crate::time::Day;

use super::super::profile::{check, check_length};
use super::super::{CHECK_IN_NOTE_TEXT, EditProblem, JOURNAL_TEXT, is_seen};
use super::{cut, number};

/// Answers of a questionnaire, at their item's place; none: left out.
pub type Answers = Vec<Option<u8>>;

/// Most answers of a questionnaire.
const ANSWERS_MAX: usize = 40;
/// Longest name of a questionnaire, in bytes.
const INSTRUMENT_BYTES_MAX: usize = 24;
/// Highest value of an answer.
const ANSWER_MAX: u8 = 100;
/// Highest of the five steps that a check-in's questions have.
const STEP_MAX: u8 = 4;

/// What a member notes in their journal. Debug output has no word of it.
#[derive(Clone, PartialEq, Eq, Contract)]
#[contract(from_page, to_page, tag = "kind")]
pub enum OwnEntry {
    /// How they are, in steps from 0 to 4, each or none; at least one, or a note.
    CheckIn {
        /// From very low to very good.
        mood: Option<u8>,
        /// From none to very strong.
        craving: Option<u8>,
        /// From very bad to very good.
        sleep: Option<u8>,
        /// From none to plenty.
        energy: Option<u8>,
        /// In their words, at most 1,000 characters; may be empty.
        note: String,
    },
    /// A questionnaire that they filled in.
    Filled {
        /// Which one: small letters, digits and hyphens, at most 24.
        instrument: String,
        /// Of its text and scoring.
        version: u32,
        /// At most 40, each from 0 to 100; at least one is given.
        answers: Answers,
    },
    /// What they wrote of a day.
    Text {
        /// At most 3,900 characters.
        text: String,
    },
}

impl fmt::Debug for OwnEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnEntry(…)")
    }
}

impl OwnEntry {
    /// Whether it may be written as it is.
    ///
    /// # Errors
    /// `Empty` when it says nothing, `TooLong`, `NotPossible` for a step, an answer, or a questionnaire's name that can't
    /// be, `Full` for too many answers.
    pub fn check(&self) -> Result<(), EditProblem> {
        match self {
            Self::CheckIn { mood, craving, sleep, energy, note } => {
                let steps = [mood, craving, sleep, energy];
                if steps.iter().all(|step| step.is_none()) && !is_seen(note) {
                    return Err(EditProblem::Empty { what: "the check-in" });
                }
                in_range("a step", steps.into_iter().flatten().all(|step| *step <= STEP_MAX))?;
                check_length("the note", note, CHECK_IN_NOTE_TEXT)
            }
            Self::Filled { instrument, answers, .. } => {
                in_range("the questionnaire", is_instrument(instrument))?;
                if answers.len() > ANSWERS_MAX {
                    return Err(EditProblem::Full { what: "answers", max: ANSWERS_MAX });
                }
                if answers.iter().all(Option::is_none) {
                    return Err(EditProblem::Empty { what: "the questionnaire" });
                }
                in_range("an answer", answers.iter().flatten().all(|answer| *answer <= ANSWER_MAX))
            }
            Self::Text { text } => check("the text", text, JOURNAL_TEXT),
        }
    }

    /// The record's text: a letter for the kind with the day that it is about, then what the kind has, each but the last
    /// ended by a line feed. A check-in (`c`): four signs, a digit or `-`, and the note. A questionnaire (`q`): name,
    /// version, and answers between commas, nothing for one that was left out. Words (`t`): the words.
    #[must_use]
    pub fn encode(&self, day: Day) -> String {
        let day = day.0.to_string();
        match self {
            Self::CheckIn { mood, craving, sleep, energy, note } => {
                let step = |step: &Option<u8>| step.map_or("-".to_owned(), |step| step.to_string());
                let steps = [mood, craving, sleep, energy].map(step).concat();
                ["c", &day, "\n", &steps, "\n", note].concat()
            }
            Self::Filled { instrument, version, answers } => {
                let answer = |answer: &Option<u8>| answer.map_or(String::new(), |answer| answer.to_string());
                let answers: Vec<String> = answers.iter().map(answer).collect();
                ["q", &day, "\n", instrument, "\n", &version.to_string(), "\n", &answers.join(",")].concat()
            }
            Self::Text { text } => ["t", &day, "\n", text].concat(),
        }
    }

    /// Reads an entry in its one form, with the day that it is about.
    ///
    /// # Errors
    /// `Invalid` for another kind (a later version's, too) and for what may not be written, `Short` where it ends early.
    pub fn decode(text: &str) -> Result<(Day, Self), DecodeError> {
        const WHAT: &str = "journal entry";
        let (head, rest) = cut(text, WHAT)?;
        let (kind, day) = head.split_at_checked(1).ok_or(DecodeError::Invalid { what: WHAT })?;
        let day = Day(number(day, "journal day")?);
        let entry = match kind {
            "c" => {
                let (steps, note) = cut(rest, WHAT)?;
                let steps: Vec<Option<u8>> = steps.chars().map(step).collect::<Result<_, _>>()?;
                let [mood, craving, sleep, energy] = *steps else { return Err(DecodeError::Invalid { what: WHAT }) };
                Self::CheckIn { mood, craving, sleep, energy, note: note.to_owned() }
            }
            "q" => {
                let (instrument, rest) = cut(rest, WHAT)?;
                let (version, answers) = cut(rest, WHAT)?;
                let answer = |text: &str| if text.is_empty() { Ok(None) } else { number(text, "answer").map(Some) };
                let answers = answers.split(',').map(answer).collect::<Result<_, _>>()?;
                Self::Filled { instrument: instrument.to_owned(), version: number(version, "version")?, answers }
            }
            "t" => Self::Text { text: rest.to_owned() },
            _ => return Err(DecodeError::Invalid { what: WHAT }),
        };
        if !day.is_allowed() || entry.check().is_err() {
            return Err(DecodeError::Invalid { what: WHAT });
        }
        Ok((day, entry))
    }
}

fn step(sign: char) -> Result<Option<u8>, DecodeError> {
    match sign {
        '-' => Ok(None),
        '0'..='4' => Ok(Some(sign as u8 - b'0')),
        _ => Err(DecodeError::Invalid { what: "a step" }),
    }
}

fn is_instrument(name: &str) -> bool {
    let signs = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    signs && (1..=INSTRUMENT_BYTES_MAX).contains(&name.len())
}

fn in_range(what: &'static str, holds: bool) -> Result<(), EditProblem> {
    if holds { Ok(()) } else { Err(EditProblem::NotPossible { what }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Day = Day(20_786);

    fn check_in(steps: [Option<u8>; 4], note: &str) -> OwnEntry {
        let [mood, craving, sleep, energy] = steps;
        OwnEntry::CheckIn { mood, craving, sleep, energy, note: note.to_owned() }
    }

    fn filled(instrument: &str, answers: &[Option<u8>]) -> OwnEntry {
        OwnEntry::Filled { instrument: instrument.to_owned(), version: 1, answers: answers.to_vec() }
    }

    fn text(text: &str) -> OwnEntry {
        OwnEntry::Text { text: text.to_owned() }
    }

    #[test]
    fn an_entry_has_its_text_and_one_form() {
        let all = [
            (check_in([Some(2), None, Some(0), Some(4)], "rain\nagain"), "c20786\n2-04\nrain\nagain"),
            (check_in([None; 4], "so so"), "c20786\n----\nso so"),
            (filled("phq-4", &[Some(3), None, Some(0), None]), "q20786\nphq-4\n1\n3,,0,"),
            (text("Walked to the river."), "t20786\nWalked to the river."),
        ];
        for (entry, golden) in all {
            assert_eq!(entry.check(), Ok(()));
            assert_eq!(entry.encode(DAY), golden);
            assert_eq!(OwnEntry::decode(golden), Ok((DAY, entry.clone())));
            assert_eq!(format!("{entry:?}"), "OwnEntry(…)", "no log has it");
        }
        let wrong = [
            "",
            "t",
            "t20786",
            "t\nx",
            "t020786\nx",
            "t+20786\nx",
            "t1\nx",
            "t999999\nx",
            "t20786\n ",
            "x20786\nx",
            "tä\nx",
            "c20786\n2-0\nx",
            "c20786\n2-045\nx",
            "c20786\n2-05\nx",
            "c20786\n----\n",
            "c20786\n2-04",
            "q20786\nphq-4\n1",
            "q20786\nPHQ\n1\n1",
            "q20786\n\n1\n1",
            "q20786\nphq-4\n01\n1",
            "q20786\nphq-4\n1\n",
            "q20786\nphq-4\n1\n,,,",
            "q20786\nphq-4\n1\n01",
            "q20786\nphq-4\n1\n101",
            "q20786\nphq-4\n1\n-1",
        ];
        for wrong in wrong {
            assert!(OwnEntry::decode(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_says_nothing_or_cannot_be_is_not_written() {
        let empty = |what| Err(EditProblem::Empty { what });
        assert_eq!(check_in([None; 4], " \u{200b}").check(), empty("the check-in"));
        assert_eq!(filled("gad-7", &[None, None]).check(), empty("the questionnaire"));
        assert_eq!(filled("gad-7", &[]).check(), empty("the questionnaire"));
        assert_eq!(text("\n").check(), empty("the text"));
        let range = |what| Err(EditProblem::NotPossible { what });
        assert_eq!(check_in([Some(5), None, None, None], "").check(), range("a step"));
        assert_eq!(filled("gad-7", &[Some(101)]).check(), range("an answer"));
        assert_eq!(filled("GAD 7", &[Some(1)]).check(), range("the questionnaire"));
        let full = Err(EditProblem::Full { what: "answers", max: ANSWERS_MAX });
        assert_eq!(filled("gad-7", &[Some(1); ANSWERS_MAX + 1]).check(), full);
        let long = |what, over| Err(EditProblem::TooLong { what, over });
        assert_eq!(check_in([None; 4], &"o".repeat(1_002)).check(), long("the note", 2));
        assert_eq!(text(&"o".repeat(3_901)).check(), long("the text", 1));
    }

    #[test]
    fn whatever_may_be_written_fits_into_a_body() {
        use crate::document::BODY_TEXT_BYTES_MAX;
        for sign in ["o", "я", "語", "😀", "क\u{94d}षि"] {
            let mut longest = sign.repeat(JOURNAL_TEXT.bytes / sign.len());
            while JOURNAL_TEXT.over(&longest) > 0 {
                longest.truncate(longest.len() - sign.len());
            }
            let entry = text(&longest);
            assert_eq!(entry.check(), Ok(()));
            assert!(entry.encode(Day::LAST).len() <= BODY_TEXT_BYTES_MAX);
        }
        let name = "a".repeat(INSTRUMENT_BYTES_MAX);
        let answers = vec![Some(ANSWER_MAX); ANSWERS_MAX];
        let filled = OwnEntry::Filled { instrument: name, version: u32::MAX, answers };
        assert!(filled.check().is_ok() && filled.encode(Day::LAST).len() <= BODY_TEXT_BYTES_MAX);
        let note = "x".repeat(CHECK_IN_NOTE_TEXT.graphemes);
        assert!(check_in([Some(1); 4], &note).encode(Day::LAST).len() <= BODY_TEXT_BYTES_MAX);
        const { assert!(CHECK_IN_NOTE_TEXT.bytes + 16 <= BODY_TEXT_BYTES_MAX) };
    }
}
