//! Statements that the server did not take, for their person to decide anew.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{MemberId, StatementId};
use crate::trust::{InviteFor, Remove, Standing, Statement, StatementBody, StatementProblem};

use super::super::super::view::ReturnedKind;

/// Most that are kept; the oldest go.
pub(in crate::client) const RETURNED_MAX: usize = 32;

const THING_BYTES: usize = 32;

/// A statement that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct Returned {
    pub statement: StatementId,
    pub what: ReturnedKind,
    /// Whom it was about.
    pub member: Option<MemberId>,
    /// The id of the phone, or the key of the invitation, that it was about.
    pub thing: Option<[u8; THING_BYTES]>,
    pub why: StatementProblem,
}

impl Returned {
    /// What goes back to its person; nothing of what the phone says again by itself.
    pub(in crate::client) fn of(statement: &Statement, known: &Standing, why: StatementProblem) -> Option<Self> {
        let (what, member, thing) = match &statement.body {
            StatementBody::Remove(Remove::Member(member)) => (ReturnedKind::Remove, Some(*member), None),
            StatementBody::Remove(Remove::Device(device)) => {
                (ReturnedKind::RemoveDevice, known.device(device).map(|it| it.member), Some(device.0))
            }
            StatementBody::Confirm(confirm) => (ReturnedKind::Confirm, Some(confirm.member), None),
            StatementBody::Promote(promote) => (ReturnedKind::Promote, Some(promote.member), None),
            StatementBody::Demote(demote) => (ReturnedKind::Demote, Some(demote.member), None),
            StatementBody::Invite(invite) => {
                let member = match invite.to {
                    InviteFor::Member { member, .. } => Some(member),
                    InviteFor::Role(_) => None,
                };
                (ReturnedKind::Invite, member, None)
            }
            StatementBody::Withdraw(withdraw) => (ReturnedKind::Withdraw, None, Some(withdraw.invite.0)),
            StatementBody::Setting(_) => (ReturnedKind::Setting, None, None),
            StatementBody::Grant(grant) => (ReturnedKind::Device, Some(grant.member), Some(grant.device.id().0)),
            StatementBody::AddDevice(add) => (ReturnedKind::Device, None, Some(add.device.id().0)),
            StatementBody::Found(_) | StatementBody::Join(_) => (ReturnedKind::Device, None, None),
            StatementBody::Epoch(_)
            | StatementBody::Share(_)
            | StatementBody::Restored(_)
            | StatementBody::Helplines(_)
            | StatementBody::ReportKey(_)
            | StatementBody::NewServer(_) => return None,
        };
        Some(Self { statement: statement.id(), what, member, thing, why })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.raw(self.statement.as_bytes()).byte(self.what.code()).flag(self.member.is_some());
        if let Some(member) = &self.member {
            writer.raw(member.as_bytes());
        }
        writer.flag(self.thing.is_some());
        if let Some(thing) = &self.thing {
            writer.raw(thing);
        }
        writer.byte(self.why.code());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        const WHAT: &str = "returned statement";
        let invalid = DecodeError::Invalid { what: WHAT };
        Ok(Self {
            statement: StatementId(reader.array(WHAT)?),
            what: ReturnedKind::from_code(reader.byte(WHAT)?).ok_or(invalid)?,
            member: match reader.flag(WHAT)? {
                true => Some(MemberId(reader.array(WHAT)?)),
                false => None,
            },
            thing: match reader.flag(WHAT)? {
                true => Some(reader.array(WHAT)?),
                false => None,
            },
            why: StatementProblem::from_code(reader.byte(WHAT)?).ok_or(invalid)?,
        })
    }
}
