//! The circle's toolkit: what helps, as its people wrote it down for each other. One document a circle.

pub(in crate::client) mod edit;
pub(in crate::client) mod list;

use crate::document::{DocumentName, Subject};
use crate::ids::CircleId;

use crate::client::engine::Engine;
use crate::client::view::ListName;

fn document() -> DocumentName {
    DocumentName::new(Subject::Toolkit)
}

impl Engine {
    /// Has the pages ask for the strategies again.
    pub(in crate::client) fn tell_toolkit(&mut self, circle: &CircleId) {
        self.notify_lists(circle, &[ListName::Toolkit]);
    }
}
