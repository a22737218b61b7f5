use crate::codec::{DecodeError, Reader};
use crate::ids::{CircleId, DeviceId, InviteKey, MemberId, OrganisationKey, ServerKey, StatementId};
use crate::time::TimestampMs;
use crate::trust::{DevicePublic, Role, Signature};

use super::{
    AddDevice, Admission, COMMISSION_BYTES_MAX, Commission, Confirm, Epoch, Found, Founder, Grant,
    INVITE_BOX_BYTES_MAX, INVITE_USES_MAX, Invitation, InviteFor, Join, KeyGroup, PARENTS_MAX, Promote, Remove,
    STATEMENT_BYTES_MAX, STATEMENT_VERSION, Share, Statement, StatementAuthor, StatementBody, WRAPS_MAX, Warrant, Wrap,
    Wraps,
};

const AUTHOR: &str = "statement author";
const KIND: &str = "statement kind";
const PARENTS: &str = "statement parents";
const WRAPS: &str = "wraps";

impl Statement {
    /// Reads a statement. Its form is good; its signature is for [`crate::trust::GrantLog::insert`] to check.
    ///
    /// # Errors
    /// When the bytes are cut short, have some left over, are of another version, or are not the one encoding.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > STATEMENT_BYTES_MAX {
            return Err(DecodeError::TooLarge { what: "statement", max: STATEMENT_BYTES_MAX });
        }
        let mut reader = Reader::new(bytes);
        if reader.byte("statement version")? != STATEMENT_VERSION {
            return Err(DecodeError::Invalid { what: "statement version" });
        }
        let kind = reader.byte(KIND)?;
        let statement = Self {
            circle: CircleId(reader.array("statement's circle")?),
            author: match reader.byte(AUTHOR)? {
                0 => StatementAuthor::Root,
                1 => StatementAuthor::Device(DeviceId(reader.array(AUTHOR)?)),
                2 => StatementAuthor::Invite(InviteKey(reader.array(AUTHOR)?)),
                _ => return Err(DecodeError::Invalid { what: AUTHOR }),
            },
            parents: {
                let count = reader.count(PARENTS_MAX, PARENTS)?;
                (0..count).map(|_| reader.array(PARENTS).map(StatementId)).collect::<Result<_, _>>()?
            },
            time: TimestampMs(reader.number("statement time")?),
            body: read_body(kind, &mut reader)?,
            signature: Signature(reader.array("statement signature")?),
            admission: match reader.flag("admission")? {
                true => Some(Admission::read(&mut reader)?),
                false => None,
            },
        };
        reader.finish("statement")?;
        statement.check_form()?;
        Ok(statement)
    }

    /// What no signature can make good: bounds, order, and authors, parents and admissions that a kind never has.
    ///
    /// # Errors
    /// Names the part.
    pub fn check_form(&self) -> Result<(), DecodeError> {
        let invalid = |what| Err(DecodeError::Invalid { what });
        let is_ascending = self.parents.is_sorted_by(|one, next| one < next);
        if self.parents.len() > PARENTS_MAX || !is_ascending {
            return invalid(PARENTS);
        }
        if self.admission.is_some() && !matches!(self.body, StatementBody::Join(_)) {
            return invalid("admission");
        }
        let is_found = matches!(self.body, StatementBody::Found(_));
        if is_found != (self.circle == CircleId([0; 16])) {
            return invalid("statement's circle");
        }
        let has_none = is_found || matches!(self.body, StatementBody::Join(_));
        if has_none != self.parents.is_empty() {
            return invalid(PARENTS);
        }
        if !self.fits_author() {
            return invalid(AUTHOR);
        }
        self.body.check_form()
    }

    fn fits_author(&self) -> bool {
        use StatementAuthor::{Device, Invite, Root};
        match (&self.body, &self.author) {
            (StatementBody::Found(found), author) => match (&found.founder, author) {
                (None, Root) => true,
                (Some(founder), Root) => founder.commission.is_none(),
                (Some(founder), Device(device)) => founder.commission.is_some() && founder.device.id() == *device,
                _ => false,
            },
            (StatementBody::Join(_), author) => matches!(author, Invite(_)),
            (
                StatementBody::Grant(_)
                | StatementBody::AddDevice(_)
                | StatementBody::Epoch(_)
                | StatementBody::Share(_),
                author,
            ) => matches!(author, Device(_)),
            (_, author) => matches!(author, Root | Device(_)),
        }
    }
}

impl StatementBody {
    fn check_form(&self) -> Result<(), DecodeError> {
        let invalid = |what| Err(DecodeError::Invalid { what });
        match self {
            Self::Invite(invite) if invite.uses == 0 || invite.uses > INVITE_USES_MAX => invalid("invite uses"),
            Self::Invite(invite) if invite.sealed_box.len() > INVITE_BOX_BYTES_MAX => invalid("invite box"),
            Self::Epoch(Epoch { wraps, .. }) | Self::Share(Share { wraps, .. }) => {
                let is_good = wraps.len() <= WRAPS_MAX && wraps.is_sorted_by(|(one, _), (next, _)| one < next);
                if is_good { Ok(()) } else { invalid(WRAPS) }
            }
            _ => Ok(()),
        }
    }
}

fn read_body(kind: u8, reader: &mut Reader<'_>) -> Result<StatementBody, DecodeError> {
    Ok(match kind {
        1 => StatementBody::Found(read_found(reader)?),
        2 => StatementBody::Invite(read_invite(reader)?),
        3 => StatementBody::Join(Join {
            device: DevicePublic::read(reader)?,
            salt: reader.array("member's salt")?,
            possession: Signature(reader.array("join's device signature")?),
        }),
        4 => StatementBody::Grant(Grant {
            device: DevicePublic::read(reader)?,
            member: read_member(reader)?,
            role: read_role(reader)?,
            recovers: reader.flag("recovers")?,
            past: reader.flag("past")?,
            warrant: Warrant::read(reader)?,
            serial: reader.number_as("grant serial")?,
        }),
        5 => StatementBody::AddDevice(AddDevice { device: DevicePublic::read(reader)?, paper: reader.flag("paper")? }),
        6 => StatementBody::Remove(match reader.byte("removal")? {
            0 => Remove::Member(read_member(reader)?),
            1 => Remove::Device(DeviceId(reader.array("device id")?)),
            _ => return Err(DecodeError::Invalid { what: "removal" }),
        }),
        7 => StatementBody::Confirm(Confirm { member: read_member(reader)? }),
        8 => StatementBody::Promote(Promote { member: read_member(reader)? }),
        9 => StatementBody::Epoch(Epoch {
            group: KeyGroup::read(reader)?,
            previous: match reader.flag("previous epoch")? {
                true => Some(StatementId(reader.array("previous epoch")?)),
                false => None,
            },
            check: reader.array("key check")?,
            wraps: read_wraps(reader)?,
        }),
        10 => StatementBody::Share(Share { epoch: StatementId(reader.array("epoch")?), wraps: read_wraps(reader)? }),
        _ => return Err(DecodeError::Invalid { what: KIND }),
    })
}

fn read_found(reader: &mut Reader<'_>) -> Result<Found, DecodeError> {
    Ok(Found {
        root: OrganisationKey(reader.array("root key")?),
        server: ServerKey(reader.array("server key")?),
        salt: reader.array("circle's salt")?,
        founder: match reader.flag("founder")? {
            true => Some(Founder {
                device: DevicePublic::read(reader)?,
                salt: reader.array("member's salt")?,
                commission: read_commission(reader.bytes(COMMISSION_BYTES_MAX, "commission")?)?,
            }),
            false => None,
        },
    })
}

fn read_commission(bytes: &[u8]) -> Result<Option<Commission>, DecodeError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut reader = Reader::new(bytes);
    let commission = Commission::read(&mut reader)?;
    reader.finish("commission")?;
    Ok(Some(commission))
}

fn read_invite(reader: &mut Reader<'_>) -> Result<Invitation, DecodeError> {
    Ok(Invitation {
        key: InviteKey(reader.array("invite key")?),
        to: match reader.byte("whom the invite is for")? {
            0 => InviteFor::Role(read_role(reader)?),
            1 => InviteFor::Member { member: read_member(reader)?, recovers: reader.flag("recovers")? },
            _ => return Err(DecodeError::Invalid { what: "whom the invite is for" }),
        },
        uses: reader.number_as("invite uses")?,
        expires: TimestampMs(reader.number("invite expiry")?),
        past: reader.flag("past")?,
        sealed_box: reader.bytes(INVITE_BOX_BYTES_MAX, "invite box")?.to_vec(),
    })
}

fn read_member(reader: &mut Reader<'_>) -> Result<MemberId, DecodeError> {
    reader.array("member id").map(MemberId)
}

fn read_role(reader: &mut Reader<'_>) -> Result<Role, DecodeError> {
    match reader.byte("role")? {
        0 => Ok(Role::Member),
        1 => Ok(Role::Facilitator),
        _ => Err(DecodeError::Invalid { what: "role" }),
    }
}

fn read_wraps(reader: &mut Reader<'_>) -> Result<Wraps, DecodeError> {
    let count = reader.count(WRAPS_MAX, WRAPS)?;
    (0..count).map(|_| Ok((DeviceId(reader.array(WRAPS)?), Wrap(reader.array(WRAPS)?)))).collect()
}
