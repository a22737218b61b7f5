//! What members keep their word by: commitments and how each attempt went, of one's own and between two.

pub(in crate::client) mod edit;
pub(in crate::client) mod list;

use crate::document::{DocumentName, Subject};
use crate::gate::Refusal;
use crate::ids::{CircleId, MemberId};

use crate::client::engine::{Engine, Stop};
use crate::client::kind::full_problem;
use crate::client::problems::edit_problem;
use crate::client::room::records_cost;
use crate::client::{Problem, ProblemCode};

/// A document that holds such records, and with whom it is; with nobody when it is one's own.
pub(in crate::client::kinds) type Place = (Option<MemberId>, DocumentName);

impl Engine {
    /// What this phone's person has with each of the others beside their talk, by the other and in the order of parts.
    pub(in crate::client) fn between_names(&self, circle: &CircleId) -> Result<Vec<(MemberId, DocumentName)>, Problem> {
        let (me, _) = self.me(circle)?;
        let states = self.local(circle)?.documents().values();
        let with = states.filter_map(|state| match state.name.subject {
            Subject::Between { one, other, .. } if one == me => Some((other, state.name)),
            Subject::Between { one, other, .. } if other == me => Some((one, state.name)),
            _ => None,
        });
        let mut names: Vec<_> = with.collect();
        names.sort_unstable();
        Ok(names)
    }

    /// The document between this phone's person and another one that is written in now.
    pub(in crate::client) fn between_to_write(
        &mut self,
        circle: &CircleId,
        with: MemberId,
    ) -> Result<DocumentName, Stop> {
        let (me, _) = self.me(circle)?;
        self.first_with_room(circle, 1, &|part| Subject::between(me, with, part))
    }

    /// The first part of a row of documents that is not full, nor this person's share of it once so many records are in.
    pub(in crate::client) fn first_with_room(
        &mut self,
        circle: &CircleId,
        records: u64,
        subject: &dyn Fn(u16) -> Option<Subject>,
    ) -> Result<DocumentName, Stop> {
        let mut part = 0;
        loop {
            let found = subject(part).ok_or_else(|| Problem::new(ProblemCode::BadInput, "with oneself"))?;
            let name = DocumentName::new(found);
            let is_full = self.open(circle, &name)?.handle.is_full().map_err(edit_problem)?;
            let room = self.check_room(circle, &name, records_cost(records));
            match (is_full || room.is_err(), part.checked_add(1)) {
                (true, Some(next)) => part = next,
                (true, None) => return Err(room.err().unwrap_or_else(|| full_problem(&name, Refusal::Full)).into()),
                (false, _) => return Ok(name),
            }
        }
    }

    /// All documents in which this phone's person keeps their word, their own first.
    pub(in crate::client::kinds) fn kept_places(&self, circle: &CircleId) -> Result<Vec<Place>, Problem> {
        let (me, _) = self.me(circle)?;
        let states = self.local(circle)?.documents().values().map(|state| state.name);
        let own = states.filter(|name| matches!(name.subject, Subject::Commitments { member, .. } if member == me));
        let mut places: Vec<Place> = own.map(|name| (None, name)).collect();
        places.extend(self.between_names(circle)?.into_iter().map(|(with, name)| (Some(with), name)));
        places.sort_unstable();
        Ok(places)
    }
}

/// Nothing of this key stands here.
fn unknown() -> Problem {
    crate::client::problems::gone("what was kept")
}
