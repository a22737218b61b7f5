use crate::codec::Writer;
use crate::trust::{Beginners, Role};

use super::{
    Found, Grant, Invitation, InviteFor, Knows, Readers, Remove, STATEMENT_VERSION, Setting, Statement,
    StatementAuthor, StatementBody,
};

impl Statement {
    /// The statement's one encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write_signed(&mut writer);
        writer.raw(&self.signature.0);
        writer.into_bytes()
    }

    /// What the id is made of.
    pub(super) fn signed_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write_signed(&mut writer);
        writer.into_bytes()
    }

    fn write_signed(&self, writer: &mut Writer) {
        writer.byte(STATEMENT_VERSION).byte(self.body.kind() as u8).raw(self.circle.as_bytes());
        self.author.write(writer);
        writer.number(self.number);
        self.knows.write(writer);
        writer.number(self.time.0);
        self.body.write(writer);
    }
}

impl StatementAuthor {
    pub(super) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Root => writer.byte(0),
            Self::Device(device) => writer.byte(1).raw(device.as_bytes()),
            Self::Invite(key) => writer.byte(2).raw(key.as_bytes()),
        };
    }
}

impl Knows {
    /// Writes generation, position and hash.
    pub fn write(&self, writer: &mut Writer) {
        writer.number(self.generation.into()).number(self.position).raw(self.hash.as_bytes());
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
                writer.flag(add.paper).raw(&add.possession.0).raw(&add.keys.0);
            }
            Self::Remove(Remove::Member(member)) => {
                writer.byte(0).raw(member.as_bytes());
            }
            Self::Remove(Remove::Device(device)) => {
                writer.byte(1).raw(device.as_bytes());
            }
            Self::Confirm(confirm) => {
                writer.raw(confirm.member.as_bytes()).number(confirm.undoes);
            }
            Self::Promote(promote) => {
                writer.raw(promote.member.as_bytes());
            }
            Self::Epoch(epoch) => {
                epoch.group.write(writer);
                writer.raw(epoch.epoch.as_bytes());
                epoch.readers.write(writer);
                writer.raw(&epoch.wraps.0);
            }
            Self::Share(share) => {
                share.group.write(writer);
                writer.raw(share.epoch.as_bytes());
                share.readers.write(writer);
                writer.raw(&share.wraps.0);
            }
            Self::Withdraw(withdraw) => {
                writer.raw(withdraw.invite.as_bytes());
            }
            Self::Demote(demote) => {
                writer.raw(demote.member.as_bytes());
            }
            Self::Restored(restored) => {
                writer.number(restored.generation.into()).number(restored.from);
            }
            Self::NewServer(new) => {
                writer.raw(new.server.as_bytes());
            }
            Self::Setting(Setting::Conversations(beginners)) => {
                writer.byte(0).byte(u8::from(*beginners == Beginners::Facilitators));
            }
            Self::Helplines(helplines) => helplines.write(writer),
            Self::ReportKey(report_key) => report_key.write(writer),
        }
    }
}

impl Readers {
    fn write(&self, writer: &mut Writer) {
        self.known.write(writer);
        writer.count(self.new.len());
        for device in &self.new {
            writer.raw(device.as_bytes());
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
        writer
            .number(self.uses.into())
            .number(self.expires.0)
            .flag(self.past)
            .raw(&self.keys.0)
            .raw(&self.possession.0);
    }
}

impl Grant {
    fn write(&self, writer: &mut Writer) {
        self.device.write(writer);
        writer.raw(self.member.as_bytes()).byte(role_byte(self.role)).flag(self.recovers).flag(self.past);
        self.warrant.write(writer);
        writer.raw(&self.keys.0);
    }
}

fn role_byte(role: Role) -> u8 {
    match role {
        Role::Member => 0,
        Role::Facilitator => 1,
    }
}
