use crate::codec::DecodeError;
use crate::contract::Contract;
use crate::ids::MemberId;

/// What a member may choose about another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(from_page, to_page)]
pub enum ChoiceKind {
    /// Whom they turn to first.
    Buddy,
    /// From whom they read nothing between the two, and to whom they write nothing.
    Blocked,
    /// To whom they show how far they read, and from whom they want to see it.
    Reads,
}

impl ChoiceKind {
    /// All, at their code's place.
    const ALL: [Self; 3] = [Self::Buddy, Self::Blocked, Self::Reads];

    fn code(self) -> char {
        match self {
            Self::Buddy => 'b',
            Self::Blocked => 'x',
            Self::Reads => 'r',
        }
    }
}

/// What a member chose about another one: it holds while the record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// What they are to its writer.
    pub kind: ChoiceKind,
    /// About whom.
    pub member: MemberId,
}

impl Choice {
    /// The record's text: the kind's letter and the member's id.
    #[must_use]
    pub fn encode(&self) -> String {
        [&*self.kind.code().to_string(), &self.member.to_string()].concat()
    }

    /// Reads a choice in its one form.
    ///
    /// # Errors
    /// `Invalid` for another kind (a later version's, too), and for what is no member's id.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        const WRONG: DecodeError = DecodeError::Invalid { what: "choice" };
        let (code, member) = text.split_at_checked(1).ok_or(WRONG)?;
        let kind = ChoiceKind::ALL.into_iter().find(|kind| code.starts_with(kind.code())).ok_or(WRONG)?;
        let choice = Self { kind, member: member.parse().map_err(|_| WRONG)? };
        if choice.encode() == text { Ok(choice) } else { Err(WRONG) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_has_its_text_and_one_form() {
        let member = MemberId([0xab; 16]);
        for (kind, golden) in ChoiceKind::ALL.into_iter().zip(["b", "x", "r"]) {
            let (choice, golden) = (Choice { kind, member }, [golden, &"ab".repeat(16)].concat());
            assert_eq!(choice.encode(), golden);
            assert_eq!(Choice::decode(&golden), Ok(choice));
        }
        for wrong in ["", "b", "bab", &["y", &*"ab".repeat(16)].concat(), &["b", &*"AB".repeat(16)].concat()] {
            assert!(Choice::decode(wrong).is_err(), "{wrong}");
        }
    }
}
