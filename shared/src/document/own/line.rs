use core::fmt;

use crate::codec::DecodeError;
use crate::contract::Contract;
use crate::trust::is_number;

use super::super::profile::{check, check_length};
use super::super::{EditProblem, PHONE_TEXT, PLAN_LINE_TEXT};
use super::cut;

/// A part of a plan for hard moments, in the order in which they are gone through. The structure is that of Stanley and
/// Brown, "Safety planning intervention", Cognitive and Behavioral Practice 19 (2012); the words are Kith's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(from_page, to_page)]
pub enum PlanPart {
    /// What tells that it is getting hard.
    Signs,
    /// What its owner does by themself.
    Myself,
    /// People and places that distract.
    Distract,
    /// People whom its owner can ask for help.
    Ask,
    /// Professionals and services.
    Professionals,
    /// What makes the place safer.
    Safer,
}

impl PlanPart {
    /// All, at their code's place.
    pub const ALL: [Self; 6] = [Self::Signs, Self::Myself, Self::Distract, Self::Ask, Self::Professionals, Self::Safer];

    fn code(self) -> char {
        match self {
            Self::Signs => '0',
            Self::Myself => '1',
            Self::Distract => '2',
            Self::Ask => '3',
            Self::Professionals => '4',
            Self::Safer => '5',
        }
    }
}

/// A line of a member's plan for hard moments.
#[derive(Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// Where it stands.
    pub part: PlanPart,
    /// What to do, whom to ask; at most [`PLAN_LINE_TEXT`].
    pub text: String,
    /// A number to call, empty when there is none; at most [`PHONE_TEXT`].
    pub phone: String,
}

impl fmt::Debug for PlanLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlanLine(…)")
    }
}

impl PlanLine {
    /// Whether it may be written as it is.
    ///
    /// # Errors
    /// `Empty` when there is nothing to see in the text, `TooLong`, `NotANumber` for signs that no number has.
    pub fn check(&self) -> Result<(), EditProblem> {
        check("the line", &self.text, PLAN_LINE_TEXT)?;
        check_length("the number", &self.phone, PHONE_TEXT)?;
        if is_number(&self.phone) { Ok(()) } else { Err(EditProblem::NotANumber) }
    }

    /// The record's text: the part's code (a digit), the number, and the line, each but the last ended by a line feed.
    #[must_use]
    pub fn encode(&self) -> String {
        [&*self.part.code().to_string(), &self.phone, &self.text].join("\n")
    }

    /// Reads a line in its one form.
    ///
    /// # Errors
    /// `Invalid` for another part (a later version's, too) or number, `Short` where it ends early, `TooLarge` for a line
    /// longer than one may be.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let (code, rest) = cut(text, "plan part")?;
        let found = PlanPart::ALL.into_iter().find(|part| code.len() == 1 && code.starts_with(part.code()));
        let part = found.ok_or(DecodeError::Invalid { what: "plan part" })?;
        let (phone, text) = cut(rest, "plan number")?;
        if !is_number(phone) {
            return Err(DecodeError::Invalid { what: "plan number" });
        }
        if text.len() > PLAN_LINE_TEXT.bytes {
            return Err(DecodeError::TooLarge { what: "plan line", max: PLAN_LINE_TEXT.bytes });
        }
        Ok(Self { part, text: text.to_owned(), phone: phone.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(part: PlanPart, text: &str, phone: &str) -> PlanLine {
        PlanLine { part, text: text.to_owned(), phone: phone.to_owned() }
    }

    #[test]
    fn a_line_has_its_text_and_one_form() {
        let ask = line(PlanPart::Ask, "Amina,\nnext door", "+255 (0)1/2");
        assert_eq!(ask.encode(), "3\n+255 (0)1/2\nAmina,\nnext door");
        for (at, part) in PlanPart::ALL.into_iter().enumerate() {
            assert_eq!(part.code().to_string(), at.to_string());
            let line = line(part, "x", "");
            assert_eq!(PlanLine::decode(&line.encode()), Ok(line));
        }
        assert_eq!(PlanLine::decode(&ask.encode()), Ok(ask.clone()));
        for wrong in ["", "3", "3\n", "6\n\nx", "03\n\nx", "a\n\nx", "3\nx\nx", "3\n+\nx"] {
            assert!(PlanLine::decode(wrong).is_err(), "{wrong:?}");
        }
        assert!(PlanLine::decode(&format!("0\n\n{}", "x".repeat(PLAN_LINE_TEXT.bytes + 1))).is_err());
        assert!(PlanLine::decode(&format!("0\n{}\nx", "1".repeat(41))).is_err());
        assert_eq!(format!("{ask:?}"), "PlanLine(…)", "no log has it");
    }

    #[test]
    fn a_line_says_something_and_its_number_can_be_called() {
        assert_eq!(line(PlanPart::Signs, " \u{200b}", "").check(), Err(EditProblem::Empty { what: "the line" }));
        assert_eq!(line(PlanPart::Ask, "Amina", "0700 12 34-56").check(), Ok(()));
        for wrong in ["call me", "++", "１２", "12\n"] {
            assert_eq!(line(PlanPart::Ask, "Amina", wrong).check(), Err(EditProblem::NotANumber), "{wrong}");
        }
        let long = line(PlanPart::Ask, "Amina", &"1".repeat(42)).check();
        assert_eq!(long, Err(EditProblem::TooLong { what: "the number", over: 2 }));
        let words = line(PlanPart::Ask, &"o".repeat(303), "").check();
        assert_eq!(words, Err(EditProblem::TooLong { what: "the line", over: 3 }));
    }
}
