//! A keyring as it is kept beside a circle: all but its records, pending statements and keys, which have rows of
//! their own.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, EpochId, MemberId};
use crate::time::TimestampMs;
use crate::trust::bounds::CIRCLE_DEVICES_EVER_MAX;
use crate::trust::{ChainHead, DevicePublic, MemberState, Role, Verified, Warrant};

use super::returned::RETURNED_MAX;
use super::{Fork, Keyring, Pin, Returned};

const NAME_BYTES_MAX: usize = 200;

impl Keyring {
    pub(in crate::client) fn encode(&self, writer: &mut Writer) {
        writer.byte(self.state.code()).flag(self.pin.is_some());
        if let Some(pin) = &self.pin {
            pin.device.write(writer);
            writer.raw(pin.leader.as_bytes()).raw(pin.member.as_bytes()).flag(pin.role == Role::Facilitator);
            writer.raw(pin.epoch.as_bytes()).text(&pin.name);
        }
        writer.flag(self.let_in_as.is_some());
        if let Some(member) = &self.let_in_as {
            writer.raw(member.as_bytes());
        }
        writer.flag(self.warrant.is_some());
        if let Some((warrant, used)) = &self.warrant {
            warrant.write(writer);
            writer.number((*used).into());
        }
        writer.flag(self.sealing.is_some());
        if let Some(epoch) = &self.sealing {
            writer.raw(epoch.as_bytes());
        }
        writer.flag(self.head.is_some());
        if let Some(head) = &self.head {
            head.write(writer);
        }
        writer.flag(self.fork.is_some());
        if let Some(fork) = &self.fork {
            writer.number(fork.since.0).flag(fork.is_left);
            fork.ours.write(writer);
            fork.theirs.write(writer);
        }
        writer.count(self.returned.len());
        self.returned.iter().for_each(|returned| returned.write(writer));
        writer.count(self.rubbish.len());
        for (member, at) in &self.rubbish {
            writer.raw(member.as_bytes()).number(at.0);
        }
    }

    pub(in crate::client) fn decode(circle: CircleId, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let state =
            MemberState::from_code(reader.byte("standing")?).ok_or(DecodeError::Invalid { what: "standing" })?;
        let mut keyring = Self { state, ..Self::new(circle) };
        if reader.flag("pin")? {
            keyring.pin = Some(Pin {
                device: DevicePublic::read(reader)?,
                leader: MemberId(reader.array("pinned leader")?),
                member: MemberId(reader.array("pinned member")?),
                role: if reader.flag("pinned role")? { Role::Facilitator } else { Role::Member },
                epoch: EpochId(reader.array("pinned epoch")?),
                name: reader.text(NAME_BYTES_MAX, "pinned name")?.to_owned(),
            });
        }
        if reader.flag("let in as")? {
            keyring.let_in_as = Some(MemberId(reader.array("let in as")?));
        }
        if reader.flag("warrant")? {
            keyring.warrant =
                Some((Verified::from_own_store(Warrant::read(reader)?), reader.number_as("warrant's use")?));
        }
        if reader.flag("sealing epoch")? {
            keyring.sealing = Some(EpochId(reader.array("sealing epoch")?));
        }
        if reader.flag("kept head")? {
            keyring.head = Some(ChainHead::read(circle, reader)?);
        }
        if reader.flag("fork")? {
            keyring.fork = Some(Fork {
                since: TimestampMs(reader.number("fork's time")?),
                is_left: reader.flag("fork was left")?,
                ours: Verified::from_own_store(ChainHead::read(circle, reader)?),
                theirs: Verified::from_own_store(ChainHead::read(circle, reader)?),
            });
        }
        for _ in 0..reader.count(RETURNED_MAX, "returned statements")? {
            keyring.returned.push(Returned::read(reader)?);
        }
        let mut last = None;
        for _ in 0..reader.count(CIRCLE_DEVICES_EVER_MAX, "members whose keys were rubbish")? {
            let member = MemberId(reader.array("member whose key was rubbish")?);
            if last.is_some_and(|last| last >= member) {
                return Err(DecodeError::Invalid { what: "order of members whose keys were rubbish" });
            }
            last = Some(member);
            keyring.rubbish.insert(member, TimestampMs(reader.number("time of a key that was rubbish")?));
        }
        Ok(keyring)
    }
}
