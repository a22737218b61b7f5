//! Problems that have a number on the wire and a name in metrics: one list, so that the four cannot part.

/// An enum of problems, each with its name and its text. Its code is its place in the list, from 0; none is ever
/// moved or taken out.
macro_rules! coded {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$case_doc:meta])* $case:ident = $label:literal, $text:literal;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
        pub enum $name {
            $($(#[$case_doc])* #[error($text)] $case,)+
        }

        impl $name {
            /// All of them, at their code's place.
            pub const ALL: [Self; [$($label),+].len()] = [$(Self::$case),+];

            /// The stable number.
            #[must_use]
            pub fn code(self) -> u8 {
                self as u8
            }

            /// The one with this number.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }

            /// The name used in metrics and logs.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$case => $label,)+
                }
            }
        }
    };
}

pub(crate) use coded;

#[cfg(test)]
mod tests {
    use crate::gate::Refusal;
    use crate::trust::StatementProblem;

    const REFUSALS: &str = "too_large not_a_change malformed too_many_ops checksum unsigned bad_signature wrong_actor \
        not_in_circle seq_gap fork no_own_predecessor wrong_start_op missing_dependency missing_body not_allowed \
        wrong_genesis unknown_schema full unappliable removed unsealed old_epoch unknown_position not_in_then \
        full_chains full_ops full_bytes out_of_range uncovered";
    const PROBLEMS: &str = "malformed wrong_circle bad_signature weak_key unknown_author author_out not_allowed \
        unknown_target no_change known_device bad_warrant warrant_spent invite_gone invite_used invite_expired \
        bad_commission bad_epoch too_soon share_used circle_full other_chain lost_chain old_number waiting \
        bad_attachment slow shredded last_facilitator";

    #[test]
    fn every_code_stands_for_what_it_always_did() {
        let refusals: Vec<&str> = REFUSALS.split_whitespace().collect();
        assert_eq!(Refusal::ALL.map(Refusal::label).to_vec(), refusals);
        let problems: Vec<&str> = PROBLEMS.split_whitespace().collect();
        assert_eq!(StatementProblem::ALL.map(StatementProblem::label).to_vec(), problems);
    }

    #[test]
    fn a_code_is_read_as_what_it_was_written_for() {
        for (at, refusal) in Refusal::ALL.into_iter().enumerate() {
            assert_eq!((usize::from(refusal.code()), Refusal::from_code(refusal.code())), (at, Some(refusal)));
        }
        for (at, problem) in StatementProblem::ALL.into_iter().enumerate() {
            let read = StatementProblem::from_code(problem.code());
            assert_eq!((usize::from(problem.code()), read), (at, Some(problem)));
        }
        assert_eq!((Refusal::from_code(u8::MAX), StatementProblem::from_code(u8::MAX)), (None, None));
    }
}
