use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, InviteKey, tagged_hash};
use crate::time::TimestampMs;

use super::device::verify_strict;
use super::request::check_clock;
use super::{
    Check, DevicePublic, DeviceSecret, InviteSecret, RequestProblem, STATEMENT_BYTES_MAX, Signature, Signed, Statement,
};

const JOIN_TAG: &str = "kith/join-request/1";
const FIND_TAG: &str = "kith/find/1";
const RETURN_TAG: &str = "kith/return/1";
const VERSION: u8 = 3;

/// What a phone that is in no circle sends to `POST /v1/enrol`. Names are not in it: they live in the circle's
/// documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolRequest {
    /// By a link: a Join, which the server is to admit. Answered with the circle's chain, and again for the same device
    /// while it is in: whoever saw the Join can't ask in its place.
    Join {
        /// The Join.
        join: Box<Signed<Statement>>,
        /// When it is asked.
        time: TimestampMs,
        /// The joining device's, over the statement's id and time.
        signature: Signature,
    },
    /// By a short code: which circle is the invite of? Answered with the circle's id.
    Find {
        /// Of the code.
        invite: InviteKey,
        /// When it is asked.
        time: TimestampMs,
        /// The invite's, over key and time.
        signature: Signature,
    },
    /// By a printed code: which circles is it in? Answered with their chains.
    Return {
        /// The paper's keys.
        device: DevicePublic,
        /// When it is asked.
        time: TimestampMs,
        /// The paper's, over its id and time.
        signature: Signature,
    },
}

impl EnrolRequest {
    /// Asks to come in, as the device that the Join names.
    #[must_use]
    pub fn join(join: Signed<Statement>, device: &DeviceSecret, time: TimestampMs) -> Self {
        let signature = device.sign(JOIN_TAG, &[join.id().as_bytes(), &time.0.to_le_bytes()]);
        Self::Join { join: Box::new(join), time, signature }
    }

    /// Asks for the circle of an invite.
    #[must_use]
    pub fn find(secret: &InviteSecret, time: TimestampMs) -> Self {
        let invite = secret.public();
        let signature = secret.signing().sign(FIND_TAG, &[invite.as_bytes(), &time.0.to_le_bytes()]);
        Self::Find { invite, time, signature }
    }

    /// Asks for the circles of a printed code.
    #[must_use]
    pub fn come_back(paper: &DeviceSecret, time: TimestampMs) -> Self {
        let signature = paper.sign(RETURN_TAG, &[paper.id().as_bytes(), &time.0.to_le_bytes()]);
        Self::Return { device: *paper.public(), time, signature }
    }

    fn time(&self) -> &TimestampMs {
        match self {
            Self::Join { time, .. } | Self::Find { time, .. } | Self::Return { time, .. } => time,
        }
    }

    /// The request's one encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION);
        match self {
            Self::Join { join, time, signature } => {
                writer.byte(0).bytes(&join.encode()).number(time.0).raw(&signature.0);
            }
            Self::Find { invite, time, signature } => {
                writer.byte(1).raw(invite.as_bytes()).number(time.0).raw(&signature.0);
            }
            Self::Return { device, time, signature } => {
                writer.byte(2);
                device.write(&mut writer);
                writer.number(time.0).raw(&signature.0);
            }
        }
        writer.into_bytes()
    }

    /// Reads a request; [`Signed::verify`] says whether it is by whom it says, and of now.
    ///
    /// # Errors
    /// When it is cut short, has bytes left over, or is of another version.
    pub fn decode(bytes: &[u8]) -> Result<Signed<Self>, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("enrolment version")? != VERSION {
            return Err(DecodeError::Invalid { what: "enrolment version" });
        }
        let request = match reader.byte("enrolment kind")? {
            0 => Self::Join {
                join: Box::new(Statement::decode(reader.bytes(STATEMENT_BYTES_MAX, "join")?)?),
                time: TimestampMs(reader.number("enrolment time")?),
                signature: Signature(reader.array("enrolment signature")?),
            },
            1 => Self::Find {
                invite: InviteKey(reader.array("invite key")?),
                time: TimestampMs(reader.number("enrolment time")?),
                signature: Signature(reader.array("enrolment signature")?),
            },
            2 => Self::Return {
                device: DevicePublic::read(&mut reader)?,
                time: TimestampMs(reader.number("enrolment time")?),
                signature: Signature(reader.array("enrolment signature")?),
            },
            _ => return Err(DecodeError::Invalid { what: "enrolment kind" }),
        };
        reader.finish("enrolment")?;
        Ok(Signed::new(request))
    }
}

/// The request's own signature, then its clock; a Join's own are the chain's to check.
impl Check for EnrolRequest {
    type Against<'a> = TimestampMs;
    type Problem = RequestProblem;

    fn check(&self, now: TimestampMs) -> Result<(), RequestProblem> {
        let time = self.time().0.to_le_bytes();
        let fits = match self {
            Self::Join { join, signature, .. } => {
                let device = join.claimed_newcomer().ok_or(RequestProblem::Signature)?;
                device.verify(JOIN_TAG, &[join.id().as_bytes(), &time], signature)
            }
            Self::Find { invite, signature, .. } => {
                verify_strict(&invite.0, FIND_TAG, &[invite.as_bytes(), &time], signature)
            }
            Self::Return { device, signature, .. } => {
                device.verify(RETURN_TAG, &[device.id().as_bytes(), &time], signature)
            }
        };
        fits.map_err(|_| RequestProblem::Signature)?;
        check_clock(*self.time(), now)
    }
}

/// Which circle an invite leads into: what a server looks up before it reads the circle's chain, which says the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InviteRow {
    /// Into which circle.
    pub circle: CircleId,
    /// Until when it is good; afterwards the row may go.
    pub expires: TimestampMs,
}

impl InviteRow {
    /// The key that it is kept under.
    #[must_use]
    pub fn key(invite: &InviteKey) -> [u8; 32] {
        tagged_hash("kith/invite/1", &[invite.as_bytes()])
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).raw(self.circle.as_bytes()).number(self.expires.0);
        writer.into_bytes()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("invitation version")? != VERSION {
            return Err(DecodeError::Invalid { what: "invitation version" });
        }
        let row = Self { circle: CircleId(reader.array("circle id")?), expires: TimestampMs(reader.number("expiry")?) };
        reader.finish("invitation")?;
        Ok(row)
    }
}
