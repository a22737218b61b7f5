//! What of a statement can be read before it is checked.

use crate::ids::{CircleId, InviteKey, StatementId};
use crate::trust::{DevicePublic, Signed, Verified};

use super::{
    Attached, Commission, Found, Grant, Restored, Statement, StatementAuthor, StatementBody, StatementKind, Warrant,
};

/// What is read of a statement before its check: to find the key that it is to fit, and to name it in a refusal.
impl Signed<Statement> {
    /// The hash of all bytes up to the signature: true of whatever these bytes are.
    #[must_use]
    pub fn id(&self) -> StatementId {
        self.claimed().id()
    }

    /// The bytes as they came.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.claimed().encode()
    }

    /// Whose it says it is: in whose place its key is looked for.
    #[must_use]
    pub fn claimed_author(&self) -> StatementAuthor {
        self.claimed().author
    }

    /// Of which circle it says it is: whose chain it is to be checked against.
    #[must_use]
    pub fn claimed_circle(&self) -> CircleId {
        self.claimed().circle
    }

    /// Its kind.
    #[must_use]
    pub fn claimed_kind(&self) -> StatementKind {
        self.claimed().body.kind()
    }

    /// The keys of the device that it would let in, which their id is a hash of.
    #[must_use]
    pub fn claimed_newcomer(&self) -> Option<DevicePublic> {
        self.claimed().body.introduces().copied()
    }

    /// What would lie beside it.
    #[must_use]
    pub fn claimed_attached(&self) -> Attached {
        self.claimed().body.attached()
    }

    /// The invite that it would make.
    #[must_use]
    pub fn claimed_invite(&self) -> Option<InviteKey> {
        match &self.claimed().body {
            StatementBody::Invite(invite) => Some(invite.key),
            _ => None,
        }
    }

    /// Whose commission it would found a circle by.
    #[must_use]
    pub fn claimed_commission(&self) -> Option<InviteKey> {
        self.claimed().body.commission().map(|commission| commission.by_root.invite)
    }

    /// From where it would begin a chain anew.
    #[must_use]
    pub fn claimed_restart(&self) -> Option<Restored> {
        match &self.claimed().body {
            StatementBody::Restored(restored) => Some(*restored),
            _ => None,
        }
    }
}

impl Verified<Statement> {
    /// By which right a device founds a circle: its signatures were checked with the statement's.
    #[must_use]
    pub fn commission(&self) -> Option<&Commission> {
        self.body.commission()
    }
}

impl StatementBody {
    fn commission(&self) -> Option<&Commission> {
        match self {
            Self::Found(Found { founder: Some(founder), .. }) => founder.commission.as_ref().map(Signed::claimed),
            _ => None,
        }
    }
}

impl Grant {
    /// What the server allows: for the fold, which takes no statement whose check did not cover it.
    pub(in crate::trust) fn allowed(&self) -> &Warrant {
        self.warrant.claimed()
    }
}
