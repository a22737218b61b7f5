//! How a server takes statements in: all of a request are placed, then what follows is worked out once.

use crate::ids::StatementId;
use crate::sorted::SortedMap;
use crate::time::TimestampMs;
use crate::trust::{
    Admission, Inserted, InviteRow, Statement, StatementAuthor, StatementBody, StatementProblem, Verdict,
};

use super::{CircleLog, HubKeys};

/// What became of each statement that was handed in, in that order.
pub(super) type Taken = Vec<Result<(), StatementProblem>>;

impl CircleLog {
    /// Takes a statement in, if it is new; joins come by [`Self::admit_join`].
    ///
    /// # Errors
    /// Why not, by name.
    pub fn add(&mut self, statement: Statement, keys: &HubKeys) -> Result<(), StatementProblem> {
        self.add_all(vec![statement], keys).into_iter().collect()
    }

    /// Takes in the statements of one request, whatever their order, and works out once what follows.
    ///
    /// Each is judged by itself: what is refused takes with it only what stands on it, which is named
    /// [`StatementProblem::TooManyWaiting`]; the rest is in. What another one makes void (a second grant of one place)
    /// is no less in: the set decides which counts, however it was cut into requests.
    pub fn add_all(&mut self, statements: Vec<Statement>, keys: &HubKeys) -> Taken {
        let ids: Vec<StatementId> = statements.iter().map(Statement::id).collect();
        let mut taken: Taken = vec![Ok(()); statements.len()];
        let before = self.added.len();
        for at in parents_first(&ids, &statements) {
            taken[at] = check_author(&statements[at], keys).and_then(|()| self.place(&ids[at], &statements[at]));
        }
        if self.added.len() > before {
            self.standing = self.log.evaluate();
        }
        taken
    }

    fn place(&mut self, id: &StatementId, statement: &Statement) -> Result<(), StatementProblem> {
        if self.log.insert_ready(statement.clone())? == Inserted::New {
            self.note_invite(id, statement);
            self.added.push(statement.clone());
        }
        Ok(())
    }

    /// A key that somebody saw and states again changes nothing of the invite that it belongs to.
    fn note_invite(&mut self, id: &StatementId, statement: &Statement) {
        let StatementBody::Invite(invite) = &statement.body else { return };
        if self.log.invite(&invite.key).is_some_and(|(first, _)| first == *id) {
            let row = InviteRow { circle: self.circle, joined: 0, expires: invite.expires };
            self.invites.insert(InviteRow::key(&invite.key).to_vec(), (row, true));
        }
    }

    /// Admits a join, as the next use of its invite, unless it is in already. `row` is the invite's, as stored.
    ///
    /// # Errors
    /// Why not, by name.
    pub fn admit_join(
        &mut self,
        join: Statement,
        row: InviteRow,
        keys: &HubKeys,
        now: TimestampMs,
    ) -> Result<(), StatementProblem> {
        let id = join.id();
        if self.log.contains(&id) {
            return Ok(());
        }
        let StatementAuthor::Invite(invite) = join.author else {
            return Err(StatementProblem::NotAllowed);
        };
        let (stated, _) = self.log.invite(&invite).ok_or(StatementProblem::UnknownTarget)?;
        let serial = row.joined.max(self.log.next_serial(&stated));
        let admission = Admission::sign(&keys.server, &id, stated, serial, now);
        let (log, standing) = (self.log.clone(), self.standing.clone());
        self.add(Statement { admission: Some(admission), ..join }, keys)?;
        if let Verdict::Void(problem) = self.standing.verdict(&id) {
            // Nothing of the invite is used up by a phone that is in by another way.
            (self.log, self.standing) = (log, standing);
            self.added.pop();
            return Err(problem);
        }
        let at = InviteRow::key(&invite).to_vec();
        let is_new = self.invites.get(&at).is_some_and(|(_, is_new)| *is_new);
        self.invites.insert(at, (InviteRow { joined: serial + 1, ..row }, is_new));
        Ok(())
    }
}

/// What this server takes from nobody.
fn check_author(statement: &Statement, keys: &HubKeys) -> Result<(), StatementProblem> {
    match &statement.body {
        StatementBody::Found(found) if found.root != keys.root || found.server != keys.server_key() => {
            Err(StatementProblem::BadCommission)
        }
        StatementBody::Join(_) if statement.admission.is_none() => Err(StatementProblem::NotAdmitted),
        _ => Ok(()),
    }
}

/// An order in which each comes after those of the others that it descends from, else as they were given.
fn parents_first(ids: &[StatementId], statements: &[Statement]) -> Vec<usize> {
    let places: SortedMap<StatementId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut done = vec![false; ids.len()];
    let mut order = Vec::with_capacity(ids.len());
    // Depth first, without recursion: a place comes off the stack when all before it are done.
    let mut stack: Vec<usize> = (0..ids.len()).rev().collect();
    while let Some(at) = stack.last().copied() {
        let before = |parent: &StatementId| places.get(parent).copied().filter(|parent| !done[*parent]);
        let invite = statements[at].admission.map(|admission| admission.invite);
        let mut lacking: Vec<usize> = statements[at].parents.iter().chain(&invite).filter_map(before).collect();
        if done[at] || lacking.is_empty() {
            stack.pop();
            if !core::mem::replace(&mut done[at], true) {
                order.push(at);
            }
        } else {
            lacking.reverse();
            stack.extend(lacking);
        }
    }
    order
}
