//! Stories and milestones that a circle's people share. What the whole circle is told lies in one document; what chosen
//! people are told lies as a copy in what its author has with each of them. A record is made for each, its text sealed
//! beside it. A story that has an end is shown to nobody from then on, and its author's phone takes it back.

mod edit;
mod list;
mod over;

use crate::document::{DocumentName, Subject};
use crate::ids::{CircleId, MemberId};

use crate::client::Problem;
use crate::client::engine::Engine;
use crate::client::view::ListName;

pub(in crate::client) use over::EndOver;

fn document() -> DocumentName {
    DocumentName::new(Subject::Stories)
}

/// With whom of two a document is for this member; none for one that is the circle's.
fn with(name: &DocumentName, me: &MemberId) -> Option<MemberId> {
    name.pair().map(|(one, other)| if one == *me { other } else { one })
}

impl Engine {
    /// Where stories can be: the circle's, and what this phone's person has with each of the others.
    fn story_names(&self, circle: &CircleId) -> Result<Vec<DocumentName>, Problem> {
        let states = self.local(circle)?.documents().values().map(|state| state.name);
        let between = states.filter(|name| matches!(name.subject, Subject::Between { .. }));
        Ok([document()].into_iter().chain(between).collect())
    }

    /// Has the pages ask for the stories again.
    pub(in crate::client) fn tell_stories(&mut self, circle: &CircleId) {
        self.notify_lists(circle, &[ListName::Stories]);
    }
}

/// No story of this key stands here.
fn unknown() -> Problem {
    crate::client::problems::gone("the story")
}
