//! The two codes by which somebody comes in with no network, byte by byte.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DeviceId, MemberId, RecordHash, tagged_hash};
use crate::seal::{base32, from_base32};
use crate::time::TimestampMs;
use crate::trust::{
    Attached, ChainHead, DevicePublic, Grant, Knows, Role, Signature, Signed, Statement, StatementAuthor,
    StatementBody, WARRANT_BYTES_MAX, Warrant,
};

const VERSION: u8 = 2;
const ASK: u8 = 1;
const GRANT: u8 = 2;
/// Bytes of a checksum at the end: what a camera misread is no code.
const CHECK_BYTES: usize = 4;
/// Longest name of a person or a circle in a code, in bytes.
pub(super) const NAME_BYTES_MAX: usize = 40;
/// Most keys in a code: it must stay one that a camera reads.
pub(super) const QR_KEYS_MAX: usize = 8;
const KEYS_BYTES_MAX: usize = 50 + QR_KEYS_MAX * 65;
/// Most characters of either code.
const QR_CHARS_MAX: usize = 2_000;

/// What the new phone shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct QrAsk {
    pub device: DevicePublic,
    /// What its person wants to be called, cut short: so that who lets them in sees whom.
    pub name: String,
}

/// What the facilitator's phone answers with; a grant, with what the new phone knows itself left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct QrAnswer {
    pub circle: CircleId,
    pub leader: DevicePublic,
    pub leader_member: MemberId,
    pub grant: Signed<Statement>,
    /// The keys that lie beside the grant, the one to seal with first.
    pub keys: Vec<u8>,
    /// The end of the chain that the server last signed for the facilitator's phone.
    pub head: Option<Signed<ChainHead>>,
    pub name: String,
}

impl QrAsk {
    pub(in crate::client) fn bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).byte(ASK);
        self.device.write(&mut writer);
        writer.text(&self.name);
        writer.into_bytes()
    }

    /// Reads a code.
    pub(in crate::client) fn parse(text: &str) -> Result<Self, DecodeError> {
        let bytes = unframed(text)?;
        let mut reader = Reader::new(&bytes);
        expect(&mut reader, ASK)?;
        let device = DevicePublic::read(&mut reader)?;
        let ask = Self { device, name: reader.text(NAME_BYTES_MAX, "code's name")?.to_owned() };
        reader.finish("code")?;
        Ok(ask)
    }
}

impl QrAnswer {
    pub(in crate::client) fn bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).byte(GRANT).raw(self.circle.as_bytes());
        self.leader.write(&mut writer);
        let grant = self.grant.claimed();
        writer.raw(self.leader_member.as_bytes()).number(grant.number);
        writer.number(grant.knows.generation.into()).number(grant.knows.position).raw(grant.knows.hash.as_bytes());
        writer.number(grant.time.0);
        if let StatementBody::Grant(grant) = &grant.body {
            writer.raw(grant.member.as_bytes()).flag(grant.role == Role::Facilitator);
            writer.flag(grant.recovers).flag(grant.past);
            // Circle and device of the warrant are the answer's.
            let mut warrant = Writer::new();
            grant.warrant.write(&mut warrant);
            writer.bytes(&warrant.into_bytes()[CircleId::LEN + DeviceId::LEN..]);
        }
        writer.raw(&grant.signature.0).bytes(&self.keys).flag(self.head.is_some());
        if let Some(head) = &self.head {
            head.write(&mut writer);
        }
        writer.text(&self.name);
        writer.into_bytes()
    }

    /// Reads a code that answers one's own.
    pub(in crate::client) fn parse(text: &str, own: &QrAsk) -> Result<Self, DecodeError> {
        let bytes = unframed(text)?;
        let mut reader = Reader::new(&bytes);
        expect(&mut reader, GRANT)?;
        let circle = CircleId(reader.array("code's circle")?);
        let leader = DevicePublic::read(&mut reader)?;
        let leader_member = MemberId(reader.array("code's facilitator")?);
        let number = reader.number("code's number")?;
        let knows = Knows {
            generation: reader.number_as("code's generation")?,
            position: reader.number("code's position")?,
            hash: RecordHash(reader.array("code's position")?),
        };
        let time = TimestampMs(reader.number("code's time")?);
        let member = MemberId(reader.array("code's member")?);
        let role = if reader.flag("code's role")? { Role::Facilitator } else { Role::Member };
        let (recovers, past) = (reader.flag("code's recovery")?, reader.flag("code's past")?);
        let tail = reader.bytes(WARRANT_BYTES_MAX, "code's warrant")?;
        let warrant = [&circle.0[..], &leader.id().0, tail].concat();
        let mut warrant = Reader::new(&warrant);
        let read = Warrant::read(&mut warrant)?;
        warrant.finish("code's warrant")?;
        let signature = Signature(reader.array("code's signature")?);
        let keys = reader.bytes(KEYS_BYTES_MAX, "code's keys")?.to_vec();
        let grant =
            Grant { device: own.device, member, role, recovers, past, warrant: read, keys: Attached::of(&keys) };
        let head = match reader.flag("code's head")? {
            true => Some(ChainHead::read(circle, &mut reader)?),
            false => None,
        };
        let author = StatementAuthor::Device(leader.id());
        let body = StatementBody::Grant(grant);
        let grant = Signed::new(Statement { circle, author, number, knows, time, body, signature });
        let name = reader.text(NAME_BYTES_MAX, "code's name")?.to_owned();
        reader.finish("code")?;
        Ok(Self { circle, leader, leader_member, grant, keys, head, name })
    }
}

fn expect(reader: &mut Reader<'_>, kind: u8) -> Result<(), DecodeError> {
    if reader.byte("code's version")? != VERSION || reader.byte("code's kind")? != kind {
        return Err(DecodeError::Invalid { what: "code's kind" });
    }
    Ok(())
}

/// Capitals and digits, which a QR code packs well, with a checksum.
pub(in crate::client) fn framed(bytes: &[u8]) -> String {
    let check = tagged_hash("kith/qr/1", &[bytes]);
    base32(&[bytes, &check[..CHECK_BYTES]].concat())
}

fn unframed(text: &str) -> Result<Vec<u8>, DecodeError> {
    if text.len() > QR_CHARS_MAX {
        return Err(DecodeError::TooLarge { what: "code", max: QR_CHARS_MAX });
    }
    let wrong = DecodeError::Invalid { what: "code" };
    let mut bytes = from_base32(text.trim()).ok_or(wrong)?;
    let at = bytes.len().checked_sub(CHECK_BYTES).ok_or(DecodeError::Short { what: "code" })?;
    let check = bytes.split_off(at);
    if tagged_hash("kith/qr/1", &[&bytes])[..CHECK_BYTES] == check[..] { Ok(bytes) } else { Err(wrong) }
}
