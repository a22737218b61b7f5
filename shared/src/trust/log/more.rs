//! What phones and servers ask beside what is decided.

use crate::ids::{MemberId, StatementId};
use crate::sorted::SortedSet;
use crate::trust::{KeyGroup, Role, Statement};

use super::{EpochRecord, GrantLog, Standing};

impl GrantLog {
    /// Statements whose ancestors are not here yet, by id.
    pub fn waiting(&self) -> impl Iterator<Item = &Statement> {
        self.waiting.statements()
    }

    /// All statements, those that wait last.
    pub fn all(&self) -> impl Iterator<Item = &Statement> {
        self.statements().map(|(_, statement)| statement).chain(self.waiting())
    }

    /// Whether a statement descends from another; not of one that is not here, nor from itself.
    #[must_use]
    pub fn descends(&self, later: &StatementId, earlier: &StatementId) -> bool {
        let place = |id| self.index.places.get(id).copied();
        let (Some(later), Some(earlier)) = (place(later), place(earlier)) else { return false };
        self.entries[later].ancestors.has(earlier)
    }

    /// The log without these statements and all that descends from them: on a phone whose own ones were refused.
    #[must_use]
    pub fn without(&self, ids: &[StatementId]) -> Self {
        let mut gone: SortedSet<StatementId> = ids.iter().copied().collect();
        let mut log = Self::new(*self.circle());
        for statement in self.all() {
            let id = statement.id();
            let descends = super::waiting::parents(statement).any(|parent| gone.contains(&parent));
            if gone.contains(&id) || descends {
                gone.insert(id);
            } else {
                // It was taken before, so it is now.
                let _ = log.insert_trusted(statement.clone());
            }
        }
        log
    }
}

impl Standing {
    /// Whether nothing is known yet, not even the founding.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys().is_none()
    }

    /// What a member may do; of one who is not known, nothing beyond a member.
    #[must_use]
    pub fn role(&self, member: &MemberId) -> Role {
        self.member(member).map_or(Role::Member, |record| record.role)
    }

    /// The groups that have epochs.
    #[must_use]
    pub fn groups(&self) -> Vec<KeyGroup> {
        let groups: SortedSet<KeyGroup> = self.all_epochs().map(|epoch| epoch.group).collect();
        groups.into_iter().collect()
    }

    /// All lawful epochs, of all groups.
    pub fn all_epochs(&self) -> impl Iterator<Item = &EpochRecord> {
        self.epochs.values()
    }

    /// What a group's new epoch goes on from.
    #[must_use]
    pub fn deepest_epoch(&self, group: &KeyGroup) -> Option<&EpochRecord> {
        self.epochs(group).into_iter().next()
    }
}
