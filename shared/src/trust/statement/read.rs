use crate::codec::{DecodeError, Reader};
use crate::ids::{CircleId, DeviceId, EpochId, InviteKey, MemberId, OrganisationKey, RecordHash, ServerKey};
use crate::time::TimestampMs;
use crate::trust::{Beginners, DevicePublic, Role, Signature, Signed};

use super::{
    AddDevice, Attached, COMMISSION_BYTES_MAX, Commission, Confirm, Demote, Epoch, Found, Founder, Grant, Helplines,
    INVITE_USES_MAX, Invitation, InviteFor, Join, KeyGroup, Knows, NewServer, Ordinals, Promote, READERS_NEW_MAX,
    Readers, Remove, ReportKey, Restored, STATEMENT_BYTES_MAX, STATEMENT_VERSION, Setting, Share, Statement,
    StatementAuthor, StatementBody, Warrant, Withdraw,
};

const AUTHOR: &str = "statement author";
const KIND: &str = "statement kind";
const KNOWS: &str = "what the author knew";
const READERS: &str = "readers";

impl Statement {
    /// Reads a statement. Its form is good; its signatures are for [`crate::trust::Chain::verify`] to check.
    ///
    /// # Errors
    /// When the bytes are cut short, have some left over, are of another version, or are not the one encoding.
    pub fn decode(bytes: &[u8]) -> Result<Signed<Self>, DecodeError> {
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
            number: reader.number("author's number")?,
            knows: Knows::read(&mut reader)?,
            time: TimestampMs(reader.number("statement time")?),
            body: read_body(kind, &mut reader)?,
            signature: Signature(reader.array("statement signature")?),
        };
        reader.finish("statement")?;
        statement.check_form()?;
        Ok(Signed::new(statement))
    }

    /// What no signature can make good: bounds, order, and authors and knowledge that a kind never has.
    ///
    /// # Errors
    /// Names the part.
    pub fn check_form(&self) -> Result<(), DecodeError> {
        let invalid = |what| Err(DecodeError::Invalid { what });
        let is_found = matches!(self.body, StatementBody::Found(_));
        if is_found != (self.circle == CircleId([0; 16])) {
            return invalid("statement's circle");
        }
        let has_none = is_found || matches!(self.body, StatementBody::Join(_));
        if has_none != (self.knows.position == 0) || (has_none && self.knows != Knows::NOTHING) {
            return invalid(KNOWS);
        }
        if has_none != (self.number == 0) {
            return invalid("author's number");
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
            (
                StatementBody::Restored(_)
                | StatementBody::NewServer(_)
                | StatementBody::Helplines(_)
                | StatementBody::ReportKey(_),
                author,
            ) => matches!(author, Root),
            (StatementBody::Withdraw(withdraw), Invite(invite)) => withdraw.invite == *invite,
            (_, author) => matches!(author, Root | Device(_)),
        }
    }
}

impl StatementBody {
    fn check_form(&self) -> Result<(), DecodeError> {
        let invalid = |what| Err(DecodeError::Invalid { what });
        match self {
            Self::Invite(invite) if invite.uses == 0 || invite.uses > INVITE_USES_MAX => invalid("invite uses"),
            Self::Epoch(Epoch { readers, wraps, .. }) | Self::Share(Share { readers, wraps, .. }) => {
                let is_ascending = readers.new.is_sorted_by(|one, next| one < next);
                let is_empty = readers.known.is_empty() && readers.new.is_empty();
                if is_ascending && !is_empty && !wraps.is_nothing() { Ok(()) } else { invalid(READERS) }
            }
            Self::Helplines(helplines) => helplines.check_form(),
            Self::ReportKey(report_key) => report_key.check_form(),
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
            keys: read_attached(reader)?,
        }),
        5 => StatementBody::AddDevice(AddDevice {
            device: DevicePublic::read(reader)?,
            paper: reader.flag("paper")?,
            possession: Signature(reader.array("device's own signature")?),
            keys: read_attached(reader)?,
        }),
        6 => StatementBody::Remove(match reader.byte("removal")? {
            0 => Remove::Member(read_member(reader)?),
            1 => Remove::Device(DeviceId(reader.array("device id")?)),
            _ => return Err(DecodeError::Invalid { what: "removal" }),
        }),
        7 => {
            StatementBody::Confirm(Confirm { member: read_member(reader)?, undoes: reader.number("confirmed record")? })
        }
        8 => StatementBody::Promote(Promote { member: read_member(reader)? }),
        9 => StatementBody::Epoch(Epoch {
            group: KeyGroup::read(reader)?,
            epoch: EpochId(reader.array("epoch")?),
            readers: Readers::read(reader)?,
            wraps: read_attached(reader)?,
        }),
        10 => StatementBody::Share(Share {
            group: KeyGroup::read(reader)?,
            epoch: EpochId(reader.array("epoch")?),
            readers: Readers::read(reader)?,
            wraps: read_attached(reader)?,
        }),
        11 => StatementBody::Withdraw(Withdraw { invite: InviteKey(reader.array("invite key")?) }),
        12 => StatementBody::Demote(Demote { member: read_member(reader)? }),
        13 => StatementBody::Restored(Restored {
            generation: reader.number_as("generation")?,
            from: reader.number("restored position")?,
        }),
        14 => StatementBody::NewServer(NewServer { server: ServerKey(reader.array("server key")?) }),
        15 => StatementBody::Setting(read_setting(reader)?),
        16 => StatementBody::Helplines(Helplines::read(reader)?),
        17 => StatementBody::ReportKey(ReportKey::read(reader)?),
        _ => return Err(DecodeError::Invalid { what: KIND }),
    })
}

fn read_setting(reader: &mut Reader<'_>) -> Result<Setting, DecodeError> {
    const WHAT: &str = "setting";
    match (reader.byte(WHAT)?, reader.byte(WHAT)?) {
        (0, 0) => Ok(Setting::Conversations(Beginners::Everyone)),
        (0, 1) => Ok(Setting::Conversations(Beginners::Facilitators)),
        _ => Err(DecodeError::Invalid { what: WHAT }),
    }
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

fn read_commission(bytes: &[u8]) -> Result<Option<Signed<Commission>>, DecodeError> {
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
        keys: read_attached(reader)?,
        possession: Signature(reader.array("invite's own signature")?),
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

fn read_attached(reader: &mut Reader<'_>) -> Result<Attached, DecodeError> {
    reader.array("what lies beside a statement").map(Attached)
}

impl Knows {
    /// Reads generation, position and hash.
    ///
    /// # Errors
    /// When the bytes end early or a number does not fit.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            generation: reader.number_as(KNOWS)?,
            position: reader.number(KNOWS)?,
            hash: RecordHash(reader.array(KNOWS)?),
        })
    }
}

impl Readers {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let known = Ordinals::read(reader)?;
        let count = reader.count(READERS_NEW_MAX, READERS)?;
        let new = (0..count).map(|_| reader.array(READERS).map(DeviceId)).collect::<Result<_, _>>()?;
        Ok(Self { known, new })
    }
}
