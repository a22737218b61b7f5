use crate::codec::Writer;
use crate::ids::StatementId;
use crate::trust::Role;

use super::{
    Found, Grant, Invitation, InviteFor, Remove, STATEMENT_VERSION, Statement, StatementAuthor, StatementBody, Wraps,
};

impl Statement {
    /// The statement's one encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write_signed(&mut writer);
        self.write_unsigned(&mut writer);
        writer.into_bytes()
    }

    /// The id, and how many bytes the encoding has.
    pub(in crate::trust) fn measure(&self) -> (StatementId, usize) {
        let (signed, mut rest) = (self.signed_bytes(), Writer::new());
        self.write_unsigned(&mut rest);
        (Self::id_of(&signed), signed.len() + rest.len())
    }

    fn write_unsigned(&self, writer: &mut Writer) {
        writer.raw(&self.signature.0).flag(self.admission.is_some());
        if let Some(admission) = &self.admission {
            admission.write(writer);
        }
    }

    /// What the id is made of.
    pub(super) fn signed_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write_signed(&mut writer);
        writer.into_bytes()
    }

    fn write_signed(&self, writer: &mut Writer) {
        writer.byte(STATEMENT_VERSION).byte(self.body.kind() as u8).raw(self.circle.as_bytes());
        match &self.author {
            StatementAuthor::Root => writer.byte(0),
            StatementAuthor::Device(device) => writer.byte(1).raw(device.as_bytes()),
            StatementAuthor::Invite(key) => writer.byte(2).raw(key.as_bytes()),
        };
        writer.count(self.parents.len());
        for parent in &self.parents {
            writer.raw(parent.as_bytes());
        }
        writer.number(self.time.0);
        self.body.write(writer);
    }
}

impl StatementBody {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Found(found) => found.write(writer),
            Self::Invite(invite) => invite.write(writer),
            Self::Join(join) => {
                join.device.write(writer);
                writer.raw(&join.salt).raw(&join.possession.0);
            }
            Self::Grant(grant) => grant.write(writer),
            Self::AddDevice(add) => {
                add.device.write(writer);
                writer.flag(add.paper);
            }
            Self::Remove(Remove::Member(member)) => {
                writer.byte(0).raw(member.as_bytes());
            }
            Self::Remove(Remove::Device(device)) => {
                writer.byte(1).raw(device.as_bytes());
            }
            Self::Confirm(confirm) => {
                writer.raw(confirm.member.as_bytes());
            }
            Self::Promote(promote) => {
                writer.raw(promote.member.as_bytes());
            }
            Self::Epoch(epoch) => {
                epoch.group.write(writer);
                writer.flag(epoch.previous.is_some());
                if let Some(previous) = &epoch.previous {
                    writer.raw(previous.as_bytes());
                }
                writer.raw(&epoch.check);
                write_wraps(&epoch.wraps, writer);
            }
            Self::Share(share) => {
                writer.raw(share.epoch.as_bytes());
                write_wraps(&share.wraps, writer);
            }
        }
    }
}

impl Found {
    fn write(&self, writer: &mut Writer) {
        writer.raw(self.root.as_bytes()).raw(self.server.as_bytes()).raw(&self.salt).flag(self.founder.is_some());
        if let Some(founder) = &self.founder {
            founder.device.write(writer);
            let mut commission = Writer::new();
            if let Some(both) = &founder.commission {
                both.write(&mut commission);
            }
            writer.raw(&founder.salt).bytes(&commission.into_bytes());
        }
    }
}

impl Invitation {
    fn write(&self, writer: &mut Writer) {
        writer.raw(self.key.as_bytes());
        match &self.to {
            InviteFor::Role(role) => writer.byte(0).byte(role_byte(*role)),
            InviteFor::Member { member, recovers } => writer.byte(1).raw(member.as_bytes()).flag(*recovers),
        };
        writer.number(self.uses.into()).number(self.expires.0).flag(self.past).bytes(&self.sealed_box);
    }
}

impl Grant {
    fn write(&self, writer: &mut Writer) {
        self.device.write(writer);
        writer.raw(self.member.as_bytes()).byte(role_byte(self.role)).flag(self.recovers).flag(self.past);
        self.warrant.write(writer);
        writer.number(self.serial.into());
    }
}

fn write_wraps(wraps: &Wraps, writer: &mut Writer) {
    writer.count(wraps.len());
    for (device, wrap) in wraps {
        writer.raw(device.as_bytes()).raw(&wrap.0);
    }
}

fn role_byte(role: Role) -> u8 {
    match role {
        Role::Member => 0,
        Role::Facilitator => 1,
    }
}
