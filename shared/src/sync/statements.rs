//! A circle's statements in the server's store: taken in, laid down with all that follows from them, handed out.
//!
//! Rows that follow (who is in the circle, which invites there are, which epochs) are written in the batch of the
//! statements, so that an exchange needs to evaluate the log only when it brings one.

mod intake;
#[cfg(test)]
mod intake_tests;

use crate::codec::{DecodeError, Writer};
use crate::ids::{CircleId, DeviceId, OrganisationKey, ServerKey, StatementId};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Read, ReadResult, Row, Tree};
use crate::time::TimestampMs;
use crate::trust::{
    GrantLog, InviteRow, LOG_STATEMENTS_MAX, Roster, SigningSecret, Standing, State, Statement, StatementAuthor,
    StatementBody, Warrant, WarrantId,
};

use super::{CircleRecord, key};

/// Grants that one warrant allows.
pub const WARRANT_COUNT: u32 = 20;
/// How long a warrant is good for.
pub const WARRANT_MS: u64 = 30 * 24 * 60 * 60 * 1_000;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// What a server signs with, and whose statements it takes.
#[derive(Clone, Debug)]
pub struct HubKeys {
    /// The organisation's root.
    pub root: OrganisationKey,
    /// The server's own key.
    pub server: SigningSecret,
}

/// A circle's log as it is stored, with what was added to it.
pub struct CircleLog {
    circle: CircleId,
    log: GrantLog,
    standing: Standing,
    before: Roster,
    record: CircleRecord,
    record_bytes: Option<Vec<u8>>,
    added: Vec<Statement>,
    /// Rows of invites that change, and whether they are new.
    invites: SortedMap<Vec<u8>, (InviteRow, bool)>,
}

impl HubKeys {
    /// The server's public key.
    #[must_use]
    pub fn server_key(&self) -> ServerKey {
        ServerKey(self.server.public())
    }

    /// A facilitator's warrant to enrol people with no network: one a day, so that asking again brings the same.
    #[must_use]
    pub fn warrant(&self, circle: &CircleId, device: &crate::ids::DeviceId, now: TimestampMs) -> Warrant {
        let day = now.0 / DAY_MS;
        let seed = crate::ids::tagged_hash(
            "kith/warrant-id/1",
            &[circle.as_bytes(), device.as_bytes(), &day.to_le_bytes(), &self.server.public()],
        );
        let until = TimestampMs(day * DAY_MS).plus_ms(WARRANT_MS);
        Warrant::sign(&self.server, *circle, *device, WarrantId(crate::ids::first_16(&seed)), WARRANT_COUNT, until)
    }
}

/// How many results [`reads`] brings.
pub const READS: usize = 2;

/// What to read before [`CircleLog::load`]: the circle's record and all its statements.
#[must_use]
pub fn reads(circle: &CircleId) -> Vec<Read> {
    vec![
        Read::Get { tree: Tree::Circles, key: circle.as_bytes().to_vec() },
        Read::Range {
            tree: Tree::Statements,
            from: circle.as_bytes().to_vec(),
            to: key::after_prefix(circle.as_bytes()),
            rows_max: LOG_STATEMENTS_MAX,
            bytes_max: usize::MAX,
            reverse: false,
        },
    ]
}

impl CircleLog {
    /// The log in the answers to [`reads`]. Its statements were checked when they were taken in.
    ///
    /// # Errors
    /// When a row does not decode.
    pub fn load(circle: CircleId, record: Option<Vec<u8>>, rows: &[Row]) -> Result<Self, DecodeError> {
        let mut log = GrantLog::new(circle);
        for (_, bytes) in rows {
            // It was taken before, so it is now.
            let _ = log.insert_trusted(Statement::decode(bytes)?);
        }
        let standing = log.evaluate();
        Ok(Self {
            circle,
            log,
            before: standing.roster(),
            standing,
            record: record.as_deref().map_or(Ok(CircleRecord::default()), CircleRecord::decode)?,
            record_bytes: record,
            added: Vec::new(),
            invites: SortedMap::new(),
        })
    }

    /// What the operator calls the circle.
    pub fn set_label(&mut self, label: &str) {
        self.record.label = label.to_owned();
    }

    /// What the store keeps of the circle, before anything that was added; `None` when there is no such circle.
    #[must_use]
    pub fn stored(&self) -> Option<&CircleRecord> {
        self.record_bytes.as_ref().map(|_| &self.record)
    }

    /// Who is in the circle, the added statements taken into account.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The statements, the added ones included.
    #[must_use]
    pub fn log(&self) -> &GrantLog {
        &self.log
    }

    /// Whether there is something to store.
    #[must_use]
    pub fn has_news(&self) -> bool {
        !self.added.is_empty()
    }

    /// The statements that were added.
    #[must_use]
    pub fn added(&self) -> &[Statement] {
        &self.added
    }

    /// Which of the statements that a device brings are refused since the device was taken out: its own new ones. What
    /// it says against who took it out is taken, as are those whom it let in before it knew, and what these stand on;
    /// what is not concurrent with the removal is void anyway. Others' statements, which it passes on, are theirs.
    #[must_use]
    pub fn denied_to_removed<'s>(
        &self,
        device: &DeviceId,
        brought: impl DoubleEndedIterator<Item = &'s Statement>,
    ) -> SortedSet<StatementId> {
        let (mut denied, mut needed) = (SortedSet::new(), SortedSet::new());
        if self.standing.device(device).is_none_or(|record| record.state != State::Removed) {
            return denied;
        }
        // Parents come before what stands on them.
        for statement in brought.rev() {
            let id = statement.id();
            let is_heard = matches!(statement.body, StatementBody::Remove(_) | StatementBody::Grant(_));
            if is_heard || needed.contains(&id) || statement.author != StatementAuthor::Device(*device) {
                needed.extend(statement.parents.iter().copied());
            } else if !self.log.contains(&id) {
                denied.insert(id);
            }
        }
        denied
    }

    /// The batch that lays down what was added and all that follows, and the circle's record after it.
    #[must_use]
    pub fn batch(&self) -> (Batch, CircleRecord) {
        let mut batch = Batch::default();
        let mut record = self.record.clone();
        for statement in &self.added {
            batch.put(Tree::Statements, key::statement(&self.circle, record.statements), statement.encode());
            record.statements += 1;
        }
        let roster = self.standing.roster();
        for (device, entry) in roster.entries() {
            if self.before.entry(device) == Some(entry) {
                continue;
            }
            let mut writer = Writer::new();
            entry.write(&mut writer);
            batch.put(Tree::Roster, key::roster(&self.circle, device), writer.into_bytes());
            batch.put(Tree::DeviceCircles, [device.as_bytes(), self.circle.as_bytes()].concat(), Vec::new());
        }
        for (at, (row, is_new)) in &self.invites {
            if *is_new {
                // Nobody leads the people of another circle's invite into theirs.
                batch.expect(Tree::Invites, at.clone(), None);
            }
            batch.put(Tree::Invites, at.clone(), row.encode());
        }
        record.roster_len = u32::try_from(roster.len()).unwrap_or(u32::MAX);
        batch.expect(Tree::Circles, self.circle.as_bytes(), self.record_bytes.clone());
        batch.put(Tree::Circles, self.circle.as_bytes(), record.encode());
        (batch, record)
    }
}

/// What a read of [`reads`] brought: the record's bytes and the statements' rows.
#[must_use]
pub fn split(results: Vec<ReadResult>) -> (Option<Vec<u8>>, Vec<Row>) {
    let mut results = results.into_iter();
    let record = results.next().and_then(ReadResult::value);
    (record, results.next().map(ReadResult::rows).unwrap_or_default())
}
