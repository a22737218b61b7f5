//! What a record between two members, or one that a member keeps their word by, is: the first line of its text says it.

/// What such a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BetweenKind {
    /// Something that a member takes on.
    Commitment,
    /// What the other one says to a commitment: with them, or not.
    Answer,
    /// How it went, on a day.
    Attempt,
    /// That a commitment is done with.
    End,
    /// What a member reports to a facilitator.
    Report,
    /// A part of what is reported.
    Reported,
    /// What a facilitator says of a report: that it is dealt with.
    Handled,
    /// What a member tells of themself.
    Story,
}

impl BetweenKind {
    const ALL: [Self; 8] = [
        Self::Commitment,
        Self::Answer,
        Self::Attempt,
        Self::End,
        Self::Report,
        Self::Reported,
        Self::Handled,
        Self::Story,
    ];

    fn tag(self) -> &'static str {
        match self {
            Self::Commitment => "commitment",
            Self::Answer => "answer",
            Self::Attempt => "attempt",
            Self::End => "end",
            Self::Report => "report",
            Self::Reported => "reported",
            Self::Handled => "handled",
            Self::Story => "story",
        }
    }

    /// What a text is, and what follows its first line. `None` for what this build does not know, a later version's too:
    /// that is kept and not shown.
    #[must_use]
    pub(crate) fn of(text: &str) -> Option<(Self, &str)> {
        let (tag, rest) = text.split_once('\n')?;
        Self::ALL.into_iter().find(|kind| kind.tag() == tag).map(|kind| (kind, rest))
    }

    /// A text of this kind, of what follows its first line.
    #[must_use]
    pub(crate) fn text(self, rest: &str) -> String {
        [self.tag(), rest].join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_says_in_its_first_line_what_it_is_and_one_of_a_later_kind_is_none() {
        let tags = ["commitment", "answer", "attempt", "end", "report", "reported", "handled", "story"];
        for (kind, tag) in BetweenKind::ALL.into_iter().zip(tags) {
            assert_eq!(kind.text("a\nb"), format!("{tag}\na\nb"));
            assert_eq!(BetweenKind::of(&kind.text("a\nb")), Some((kind, "a\nb")));
        }
        for other in ["", "story", "Story\nx", "story \nx", "\nstory\nx", "later\nx"] {
            assert_eq!(BetweenKind::of(other), None, "{other:?}");
        }
    }
}
