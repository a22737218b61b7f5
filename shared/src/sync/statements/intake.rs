//! How the server admits statements: one after the other, each with a verdict of its own.

use crate::ids::{CircleId, InviteKey};
use crate::seal::{BOX_BYTES_MAX, WRAP_BYTES};
use crate::storage::{Batch, Read, Tree};
use crate::time::TimestampMs;
use crate::trust::bounds::GRANT_GRACE_MS;
use crate::trust::{
    Attached, Commission, Epoch, InviteRow, Role, Share, Signed, Statement, StatementAuthor, StatementBody,
    StatementKind, StatementProblem, Verified,
};

use super::{Added, CircleChain, CommissionRow, DAY_MS, HubKeys, RecordRow};

/// Statements, keys included, that the server admits of a member in 24 hours.
pub const MEMBER_STATEMENTS_DAY_MAX: usize = 200;
/// The same of a facilitator.
const FACILITATOR_STATEMENTS_DAY_MAX: usize = 1_000;

/// Whether what lies beside a statement is what its signature covers, and of a form that it can have.
///
/// # Errors
/// [`StatementProblem::BadAttachment`].
fn check_attachment(statement: &Statement, attachment: &[u8]) -> Result<(), StatementProblem> {
    let fits = match &statement.body {
        StatementBody::Epoch(Epoch { group, readers, .. }) => {
            attachment.len() == (readers.len() + usize::from(group.is_for_organisation())) * WRAP_BYTES
        }
        StatementBody::Share(Share { readers, .. }) => attachment.len() == readers.len() * WRAP_BYTES,
        _ => attachment.len() <= BOX_BYTES_MAX,
    };
    let is_covered = Attached::of(attachment) == statement.body.attached();
    if fits && is_covered { Ok(()) } else { Err(StatementProblem::BadAttachment) }
}

/// What else to read before these statements are admitted: whether an invite's key leads elsewhere, and whether a
/// commission founded a circle already.
#[must_use]
pub fn extra_reads(statements: impl Iterator<Item = Signed<Statement>>) -> Vec<Read> {
    let row = |key: [u8; 32]| Read::Get { tree: Tree::Invites, key: key.to_vec() };
    let key = |statement: Signed<Statement>| way_in(statement.claimed_invite(), statement.claimed_commission());
    statements.filter_map(key).map(row).collect()
}

/// The key of the row that a statement lays down beside its record: by the invite that it makes, or whose commission it
/// founds by.
fn way_in(makes: Option<InviteKey>, founds_by: Option<InviteKey>) -> Option<[u8; 32]> {
    let founds = || founds_by.map(|invite| CommissionRow::key(&invite));
    makes.map(|invite| InviteRow::key(&invite)).or_else(founds)
}

/// The same of one that was checked.
fn checked_way_in(statement: &Verified<Statement>) -> Option<[u8; 32]> {
    let makes = match &statement.body {
        StatementBody::Invite(invite) => Some(invite.key),
        _ => None,
    };
    way_in(makes, statement.commission().map(|commission| commission.by_root.invite))
}

impl CircleChain {
    /// Checks a statement and admits it with what lies beside it, as the next record, unless it is in already. Gives its
    /// position.
    ///
    /// # Errors
    /// Why not, by name; nothing is changed then.
    pub fn admit(
        &mut self,
        statement: Signed<Statement>,
        attachment: Vec<u8>,
        keys: &HubKeys,
        now: TimestampMs,
    ) -> Result<u64, StatementProblem> {
        if let Some(position) = self.chain.position_of(&statement.id()) {
            return Ok(position);
        }
        if self.is_shredded {
            return Err(StatementProblem::Shredded);
        }
        let is_restored = statement.claimed_kind() == StatementKind::Restored;
        if self.record.awaited.is_some() && !is_restored {
            return Err(StatementProblem::Waiting);
        }
        let statement = self.chain.verify(statement)?;
        check_attachment(&statement, &attachment)?;
        self.check_ways_in(&statement, keys, now)?;
        self.check_end(&statement, now)?;
        self.check_today(&statement, now)?;
        let record = self.chain.admit(&statement, now)?;
        if is_restored {
            self.record.awaited = None;
        }
        let row = RecordRow { record, hash: self.chain.head().hash, statement: statement.encode() };
        self.note(&row, &statement);
        self.lay(row, Some(statement), attachment);
        Ok(record.position)
    }

    pub(super) fn lay(&mut self, row: RecordRow, statement: Option<Verified<Statement>>, attachment: Vec<u8>) {
        self.rows.push(row.clone());
        self.added.push(Added { row, statement, attachment });
    }

    /// What this server takes from nobody, whatever the fold says.
    fn check_ways_in(
        &self,
        statement: &Verified<Statement>,
        keys: &HubKeys,
        now: TimestampMs,
    ) -> Result<(), StatementProblem> {
        let kept = checked_way_in(statement).and_then(|key| self.kept.get(key.as_slice()));
        match &statement.body {
            StatementBody::Found(found) => {
                let is_ours = found.root == keys.root && found.server == keys.server_key();
                let is_late = |commission: &Commission| now >= end_of(commission);
                let is_spent = kept.is_some() || statement.commission().is_some_and(is_late);
                if is_ours && !is_spent { Ok(()) } else { Err(StatementProblem::BadCommission) }
            }
            // Nobody leads the people of another circle's invite into theirs.
            StatementBody::Invite(_) if kept.is_some() => Err(StatementProblem::NotAllowed),
            StatementBody::NewServer(new) if new.server != keys.server_key() => Err(StatementProblem::NotAllowed),
            _ => self.standing().check_leave(statement),
        }
    }

    /// Nobody comes in by an invite for years because its author's clock was years ahead.
    fn check_end(&self, statement: &Statement, now: TimestampMs) -> Result<(), StatementProblem> {
        let invite = match (&statement.body, &statement.author) {
            (StatementBody::Join(_), StatementAuthor::Invite(key)) => self.standing().invite(key),
            _ => None,
        };
        match invite {
            Some(invite) if self.standing().next_time(now) >= invite.good_until() => {
                Err(StatementProblem::InviteExpired)
            }
            _ => Ok(()),
        }
    }

    /// Demands that a member has said less today than one may. What takes somebody out, or ends something, has a share
    /// of its own that the fold counts, and is never put off.
    fn check_today(&self, statement: &Statement, now: TimestampMs) -> Result<(), StatementProblem> {
        use StatementBody::{Demote, Remove, Withdraw};
        let StatementAuthor::Device(device) = &statement.author else { return Ok(()) };
        let Some(author) = self.standing().device(device) else { return Ok(()) };
        if matches!(statement.body, Remove(_) | Demote(_) | Withdraw(_)) {
            return Ok(());
        }
        let max = match author.role {
            Role::Member => MEMBER_STATEMENTS_DAY_MAX,
            Role::Facilitator => FACILITATOR_STATEMENTS_DAY_MAX,
        };
        let is_own = |by| self.standing().device(by).is_some_and(|record| record.member == author.member);
        let today = self.said.iter().rev().take_while(|(time, _)| time.plus_ms(DAY_MS) > now);
        // What a clock said that was ahead is not of today for years.
        let today = today.filter(|(time, by)| time.since_ms(now) < DAY_MS && is_own(by));
        if today.take(max).count() < max { Ok(()) } else { Err(StatementProblem::Slow) }
    }

    /// The rows of an invite, and of a commission that founded.
    ///
    /// A record that was brought back may find its row there, since the restore kept it. Another circle's stays: the
    /// record was admitted once and stands, and no one is led elsewhere. A check of the store names it.
    pub(super) fn put_ways_in(&self, batch: &mut Batch, statement: &Verified<Statement>) {
        let Some((key, row)) = way_row(self.circle(), statement) else { return };
        let kept = self.kept.get(key.as_slice());
        batch.expect(Tree::Invites, key, kept.cloned());
        if kept.is_none() {
            batch.put(Tree::Invites, key, row);
        }
    }
}

/// The row that a statement on a circle's chain lays down in the tree of the invites, and its key.
#[must_use]
pub fn way_row(circle: &CircleId, statement: &Verified<Statement>) -> Option<([u8; 32], Vec<u8>)> {
    let circle = *circle;
    let row = match &statement.body {
        StatementBody::Invite(invite) => InviteRow { circle, expires: invite.expires }.encode(),
        StatementBody::Found(_) => CommissionRow { circle, expires: end_of(statement.commission()?) }.encode(),
        _ => return None,
    };
    Some((checked_way_in(statement)?, row))
}

/// From when on a commission founds nothing: later than it says, since a circle may be founded with no network.
fn end_of(commission: &Commission) -> TimestampMs {
    commission.by_root.expires.plus_ms(GRANT_GRACE_MS)
}
