//! Whether a statement's signatures fit: its author's, whose key the chain has, and those of whoever else it takes to
//! say it. Once they do, nothing behind looks at them again.

use crate::trust::{
    AddDevice, Check, Found, Grant, Invitation, Join, Statement, StatementAuthor, StatementBody, Withdraw,
};

use super::StatementProblem as Problem;
use super::standing::Standing;

impl Check for Statement {
    type Against<'a> = &'a Standing;
    type Problem = Problem;

    fn check(&self, standing: &Standing) -> Result<(), Problem> {
        if let StatementBody::Found(found) = &self.body {
            return standing.check_found(self, found);
        }
        standing.demand_circle(self)?;
        self.check_form().map_err(|_| Problem::Malformed)?;
        standing.demand_room(self)?;
        check_author(self, &standing.author_key(self)?)?;
        match &self.body {
            StatementBody::Join(join) => check_join(self, join),
            StatementBody::Grant(grant) => standing.check_grant(self, grant),
            StatementBody::Invite(invite) => check_invite(self, invite),
            StatementBody::AddDevice(add) => standing.check_add_device(self, add),
            _ => Ok(()),
        }
    }
}

impl Standing {
    fn check_found(&self, statement: &Statement, found: &Found) -> Result<(), Problem> {
        if !self.is_empty() {
            return Err(Problem::NoChange);
        }
        let key = match (&statement.author, &found.founder) {
            (StatementAuthor::Device(_), Some(founder)) => founder.device.signing,
            _ => found.root.0,
        };
        check_author(statement, &key)?;
        let Some(founder) = &found.founder else { return Ok(()) };
        founder.device.check().map_err(|_| Problem::WeakKey)?;
        let Some(commission) = founder.commission else { return Ok(()) };
        let checked = commission.verify((&found.root, &founder.device.id(), statement.time));
        checked.map(|_| ()).map_err(|_| Problem::BadCommission)
    }

    /// The key that the author's signature is to fit. What a statement is about, and is not here, is named before its
    /// author is looked for.
    fn author_key(&self, statement: &Statement) -> Result<[u8; 32], Problem> {
        match (&statement.body, &statement.author) {
            (StatementBody::Join(_), StatementAuthor::Invite(key)) => {
                return if self.invite_places.has(key) { Ok(key.0) } else { Err(Problem::InviteGone) };
            }
            (StatementBody::Withdraw(Withdraw { invite }), _) if !self.invite_places.has(invite) => {
                return Err(Problem::UnknownTarget);
            }
            // Whoever has its secret could use it up as well.
            (StatementBody::Withdraw(_), StatementAuthor::Invite(key)) => return Ok(key.0),
            (StatementBody::Remove(crate::trust::Remove::Member(member)), _) if !self.member_places.has(member) => {
                return Err(Problem::UnknownTarget);
            }
            _ => {}
        }
        match &statement.author {
            StatementAuthor::Root => self.keys.map(|(root, _)| root.0).ok_or(Problem::UnknownAuthor),
            StatementAuthor::Device(device) => {
                let by = self.device_places.get(device).ok_or(Problem::UnknownAuthor)?;
                Ok(self.devices[by].keys.signing)
            }
            StatementAuthor::Invite(_) => Err(Problem::Malformed),
        }
    }

    fn check_grant(&self, statement: &Statement, grant: &Grant) -> Result<(), Problem> {
        let (_, server) = self.keys.ok_or(Problem::UnknownAuthor)?;
        let warrant = grant.warrant.verify(&server).map_err(|_| Problem::BadWarrant)?;
        if warrant.circle != statement.circle || StatementAuthor::Device(warrant.device) != statement.author {
            return Err(Problem::BadWarrant);
        }
        grant.device.check().map_err(|_| Problem::WeakKey)
    }

    fn check_add_device(&self, statement: &Statement, add: &AddDevice) -> Result<(), Problem> {
        let StatementAuthor::Device(author) = &statement.author else { return Err(Problem::Malformed) };
        let by = self.device_places.get(author).ok_or(Problem::UnknownAuthor)?;
        let member = &self.members[self.devices[by].member];
        add.check_possession(&statement.circle, &member.id).map_err(|_| Problem::BadSignature)?;
        add.device.check().map_err(|_| Problem::WeakKey)
    }
}

fn check_author(statement: &Statement, key: &[u8; 32]) -> Result<(), Problem> {
    statement.check_signature(key).map_err(|_| Problem::BadSignature)
}

fn check_join(statement: &Statement, join: &Join) -> Result<(), Problem> {
    let StatementAuthor::Invite(key) = &statement.author else { return Err(Problem::Malformed) };
    join.check_possession(&statement.circle, key).map_err(|_| Problem::BadSignature)?;
    join.device.check().map_err(|_| Problem::WeakKey)
}

fn check_invite(statement: &Statement, invite: &Invitation) -> Result<(), Problem> {
    invite.check_possession(&statement.circle, &statement.author).map_err(|_| Problem::BadSignature)
}
