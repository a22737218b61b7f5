use crate::ids::{RecordHash, StatementId, tagged_hash};
use crate::time::TimestampMs;
use crate::trust::{Statement, StatementAuthor, StatementBody};

/// The newest fold that this build knows: how standing follows from records.
const FOLD_VERSION: u8 = 4;
/// The fold that a circle's records began with. What it took, later ones take the same way, and its records say so
/// still: only what is newer asks phones for an update.
pub const FOLD_FIRST: u8 = 1;
/// Set beside the fold's version in the record of an Epoch or Share: whoever it does not concern is given its line
/// alone. It is in the hash, so that no server can leave out another statement's text unseen.
pub const RECORD_OF_KEYS: u8 = 0x80;
/// Set beside it in the record of an Epoch that was not current when it was admitted: whoever has not the text of every
/// earlier epoch could not tell.
pub const RECORD_LATE: u8 = 0x40;
/// Set beside it where the record's time is before that of the record before, whose clock was ahead.
pub const RECORD_SET_BACK: u8 = 0x20;

/// A line of a circle's chain: which statement the server admitted at a position, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// From 1, without gaps.
    pub position: u64,
    /// By the server's clock; before that of the record before only with [`RECORD_SET_BACK`].
    pub time: TimestampMs,
    /// The version of the fold that admitted it, with [`RECORD_OF_KEYS`], [`RECORD_LATE`] and [`RECORD_SET_BACK`].
    pub fold: u8,
    /// What was admitted.
    pub statement: StatementId,
}

impl Record {
    /// The hash of this line and all before it; `before` is that of the line before, [`RecordHash`] of zeros at the
    /// first. So one hash stands for a whole history (RFC 9162 has the idea; a chain does, since phones keep it all).
    #[must_use]
    pub fn hash(&self, before: &RecordHash) -> RecordHash {
        RecordHash(tagged_hash(
            "kith/chain/1",
            &[
                before.as_bytes(),
                &self.position.to_le_bytes(),
                &self.time.0.to_le_bytes(),
                &[self.fold],
                self.statement.as_bytes(),
            ],
        ))
    }

    /// Whether it is of an Epoch or Share.
    #[must_use]
    pub fn is_of_keys(&self) -> bool {
        self.fold & RECORD_OF_KEYS != 0
    }

    /// Whether it is of an Epoch that was late.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.fold & RECORD_LATE != 0
    }

    /// Whether the clock was set back before it.
    #[must_use]
    pub fn is_set_back(&self) -> bool {
        self.fold & RECORD_SET_BACK != 0
    }

    /// Whether this build knows the fold.
    #[must_use]
    pub fn is_known_fold(&self) -> bool {
        self.fold & !(RECORD_OF_KEYS | RECORD_LATE | RECORD_SET_BACK) <= FOLD_VERSION
    }
}

/// The first fold that knows a statement's kind, and authors of it as this one.
pub(super) fn fold_of(statement: &Statement) -> u8 {
    match (&statement.body, &statement.author) {
        (StatementBody::Withdraw(_), StatementAuthor::Invite(_)) | (StatementBody::Setting(_), _) => 2,
        (StatementBody::Helplines(_), _) => 3,
        // The keys of what is reported follow on this one: whoever knows it knows them, and their own lines, which everyone
        // is given, look like those of any keys.
        (StatementBody::ReportKey(_), _) => 4,
        _ => FOLD_FIRST,
    }
}
