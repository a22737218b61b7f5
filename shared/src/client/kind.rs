//! What a document's kind is, as far as its name alone tells. Each question is one match over all kinds, with no arm for
//! the rest: a new kind does not compile before it has answered all of them.

use crate::document::{DocumentName, Subject};
use crate::gate::Refusal;
use crate::trust::KeyGroup;

use super::view::ItemKind;
use super::{Problem, ProblemCode, Why};

/// Whose key seals a document; none where the server may read it.
pub(super) fn group_of(name: &DocumentName) -> Option<KeyGroup> {
    match name.subject {
        Subject::FacilitatorNote { .. } => Some(KeyGroup::Facilitators),
        Subject::Slice { member } => Some(KeyGroup::Slice(member)),
        Subject::Profile
        | Subject::SessionNote { .. }
        | Subject::Thread { .. }
        | Subject::Pair { .. }
        | Subject::Toolkit
        | Subject::Journal { .. }
        | Subject::Plan { .. }
        | Subject::Choices { .. }
        | Subject::Commitments { .. }
        | Subject::Reports { .. }
        | Subject::Between { .. }
        | Subject::Stories => None,
    }
}

/// Whose key texts are sealed with that lie beside a document; none where it has none, or the server may read them.
pub(super) fn text_group_of(name: &DocumentName) -> Option<KeyGroup> {
    match name.subject {
        Subject::Thread { .. } | Subject::Stories => Some(KeyGroup::Circle),
        Subject::Pair { one, other, .. } | Subject::Between { one, other, .. } => KeyGroup::pair(one, other),
        Subject::Journal { member, .. }
        | Subject::Plan { member }
        | Subject::Choices { member }
        | Subject::Commitments { member, .. } => Some(KeyGroup::Alone(member)),
        Subject::Reports { member, .. } => Some(KeyGroup::Reports(member)),
        Subject::Profile
        | Subject::Toolkit
        | Subject::SessionNote { .. }
        | Subject::FacilitatorNote { .. }
        | Subject::Slice { .. } => None,
    }
}

/// What a document is in the outbox.
pub(super) fn item_kind(name: &DocumentName) -> ItemKind {
    match name.subject {
        Subject::Profile => ItemKind::Circle,
        Subject::Toolkit => ItemKind::Toolkit,
        Subject::Thread { .. } | Subject::Pair { .. } => ItemKind::Thread,
        Subject::Journal { .. } => ItemKind::Journal,
        Subject::Plan { .. } => ItemKind::Plan,
        Subject::Choices { .. } => ItemKind::Choices,
        Subject::Commitments { .. } => ItemKind::Commitments,
        Subject::Reports { .. } => ItemKind::Reports,
        Subject::Between { .. } => ItemKind::Between,
        Subject::Stories => ItemKind::Stories,
        Subject::SessionNote { .. } | Subject::FacilitatorNote { .. } | Subject::Slice { .. } => ItemKind::Note,
    }
}

/// What a person is told when one has as much of theirs as it may.
fn full(name: &DocumentName) -> Why {
    match name.subject {
        Subject::Profile => Why::FullCircle,
        Subject::Toolkit => Why::FullToolkit,
        Subject::Thread { .. } | Subject::Pair { .. } => Why::FullThread,
        Subject::Journal { .. } => Why::FullJournal,
        Subject::Plan { .. } => Why::FullPlan,
        Subject::Choices { .. } => Why::FullChoices,
        Subject::Commitments { .. } => Why::FullCommitments,
        Subject::Reports { .. } => Why::FullReports,
        Subject::Between { .. } => Why::FullBetween,
        Subject::Stories => Why::FullStories,
        Subject::SessionNote { .. } | Subject::FacilitatorNote { .. } | Subject::Slice { .. } => Why::FullNote,
    }
}

/// What a full document means to a person.
pub(super) fn full_problem(name: &DocumentName, refusal: Refusal) -> Problem {
    debug_assert!(refusal.is_full(), "{refusal}");
    Problem::of(ProblemCode::Full, full(name))
}
