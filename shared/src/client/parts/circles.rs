//! The circles on this phone.

use crate::ids::{CircleId, DocumentId, MemberId};
use crate::sorted::SortedMap;
use crate::trust::{DevicePublic, Role};

use super::super::{Problem, ProblemCode};
use super::circle::{Lacking, LocalCircle, lacking_record};

/// Each circle by its id.
#[derive(Default)]
pub(in crate::client) struct Circles {
    by_id: SortedMap<CircleId, LocalCircle>,
}

impl Circles {
    /// Whether this phone is in none.
    pub(in crate::client) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// A circle; none when this phone is not in it.
    pub(in crate::client) fn get(&self, circle: &CircleId) -> Option<&LocalCircle> {
        self.by_id.get(circle)
    }

    /// The same, to be changed.
    pub(in crate::client) fn get_mut(&mut self, circle: &CircleId) -> Option<&mut LocalCircle> {
        self.by_id.get_mut(circle)
    }

    /// The same.
    ///
    /// # Errors
    /// When this phone is not in it.
    pub(in crate::client) fn local(&self, circle: &CircleId) -> Result<&LocalCircle, Problem> {
        self.get(circle).ok_or_else(|| Problem::new(ProblemCode::UnknownCircle, "this phone is in no such circle"))
    }

    /// Takes in a circle that is new here, or in the place of what was known of it.
    pub(in crate::client) fn enter(&mut self, circle: CircleId, local: LocalCircle) {
        self.by_id.insert(circle, local);
    }

    /// Takes a circle out of what is known here.
    pub(in crate::client) fn forget(&mut self, circle: &CircleId) {
        self.by_id.remove(circle);
    }

    /// All of them, by their ids.
    pub(in crate::client) fn iter(&self) -> impl Iterator<Item = (&CircleId, &LocalCircle)> {
        self.by_id.iter()
    }

    /// All of them, to be changed.
    pub(in crate::client) fn values_mut(&mut self) -> impl Iterator<Item = &mut LocalCircle> {
        self.by_id.values_mut()
    }

    /// Their ids.
    pub(in crate::client) fn ids(&self) -> Vec<CircleId> {
        self.by_id.keys().copied().collect()
    }

    /// Whether something is so of any of them.
    pub(in crate::client) fn any(&self, is_so: impl Fn(&LocalCircle) -> bool) -> bool {
        self.by_id.values().any(is_so)
    }

    /// Whether something is so of all of them.
    pub(in crate::client) fn all(&self, is_so: impl Fn(&LocalCircle) -> bool) -> bool {
        self.by_id.values().all(is_so)
    }

    /// The circle that holds a document.
    ///
    /// # Errors
    /// When none does.
    pub(in crate::client) fn of_document(&self, document: &DocumentId) -> Result<CircleId, Problem> {
        let holds = |(_, local): &(&CircleId, &LocalCircle)| local.document(document).is_some();
        let found = self.iter().find(holds).map(|(circle, _)| *circle);
        found.ok_or_else(|| Problem::new(ProblemCode::UnknownDocument, "this phone has no such document"))
    }

    /// The member that a phone is of in a circle, and what they may do.
    ///
    /// # Errors
    /// When this phone is not in the circle, or `own` is out of it.
    pub(in crate::client) fn member(&self, circle: &CircleId, own: &DevicePublic) -> Result<(MemberId, Role), Problem> {
        let author = self.local(circle)?.roster().author(&own.id());
        let (author, _) = author.ok_or_else(|| Problem::new(ProblemCode::Removed, "this phone is out"))?;
        Ok((author.member, author.role))
    }

    /// Takes a record of what was not taken that an earlier run left, if it is one.
    pub(in crate::client) fn load_lacking(&mut self, key: &[u8], value: &[u8]) {
        if let Some((circle, document, lacking)) = lacking_record(key, value)
            && let Some(local) = self.get_mut(&circle)
        {
            local.load_lacking(document, lacking);
        }
    }

    /// What is missing anywhere, as one problem: also of documents of which nothing at all was taken.
    pub(in crate::client) fn lacking_problem(&self) -> Option<Problem> {
        let all = self.by_id.values().filter_map(LocalCircle::all_lacking);
        all.reduce(Lacking::and).map(Lacking::problem)
    }

    /// Notes what is wrong with a document of a circle.
    pub(in crate::client) fn note_problem(&mut self, circle: &CircleId, document: &DocumentId, problem: Problem) {
        if let Some(local) = self.get_mut(circle) {
            local.note_problem(*document, problem);
        }
    }
}
