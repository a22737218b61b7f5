//! An enrolment under way.

#[cfg(test)]
mod tests;

use crate::ids::CircleId;
use crate::trust::DeviceSecret;
use crate::trust::bounds::CHAIN_RECORDS_MAX;
use crate::wire::{AnswerHeader, CIRCLES_MAX, CircleAnswer, GivenRecord, GivenText};

use super::super::CommandId;
use super::super::link::Link;

/// Most bytes of records, with what lies beside them, that an answer to a newcomer may come to.
const ENROL_BYTES_MAX: usize = 16 * 1024 * 1024;

/// An enrolment under way.
pub(in crate::client) struct Enrolling {
    command: CommandId,
    way: Way,
    /// What the answer's frames said so far; whole at its end.
    heard: Vec<CircleAnswer>,
}

impl Enrolling {
    /// One that a command asks for.
    pub(in crate::client) fn new(command: CommandId, way: Way) -> Self {
        Self { command, way, heard: Vec::new() }
    }

    /// The command that waits for its end.
    pub(in crate::client) fn command(&self) -> CommandId {
        self.command
    }

    /// How its person comes in.
    pub(in crate::client) fn way(&self) -> &Way {
        &self.way
    }

    /// The server said which circle a short code is for.
    pub(in crate::client) fn note_circle(&mut self, found: CircleId) {
        if let Way::Link { link, .. } = &mut self.way {
            link.circle = Some(found);
        }
    }

    /// What the server gave is stored.
    pub(in crate::client) fn note_stored(&mut self) {
        if let Way::Link { is_stored, .. } = &mut self.way {
            *is_stored = true;
        }
    }

    /// It is asked anew: what was heard of the last answer counts no more.
    pub(in crate::client) fn begin_anew(&mut self) {
        self.heard.clear();
    }

    /// Takes one frame of the answer: a circle that does not fit into one goes on in the next, up to a log's bounds.
    /// What is beyond them is left out: no circle has as much, so what is left is refused as it is checked.
    pub(in crate::client) fn hear(&mut self, answer: AnswerHeader) {
        for mut part in answer.circles {
            match self.heard.iter().position(|circle| circle.circle == part.circle) {
                Some(at) if fits(&self.heard[at], &part) => {
                    self.heard[at].records.append(&mut part.records);
                    self.heard[at].head = part.head.or(self.heard[at].head);
                }
                None if self.heard.len() < CIRCLES_MAX => self.heard.push(part),
                _ => {}
            }
        }
    }

    /// All that the answer said.
    pub(in crate::client) fn heard(&mut self) -> Vec<CircleAnswer> {
        core::mem::take(&mut self.heard)
    }
}

/// Whether a part goes on where a circle ends, and both are no more than a chain is.
fn fits(circle: &CircleAnswer, part: &CircleAnswer) -> bool {
    let records = || circle.records.iter().chain(&part.records);
    let bytes = |given: &GivenRecord| match &given.text {
        GivenText::Given(stated) => stated.statement.len() + stated.attachment.len(),
        GivenText::Named(id) => id.as_bytes().len(),
    };
    let goes_on = part.records.is_empty() || part.from == circle.from + circle.records.len() as u64;
    goes_on && records().count() as u64 <= CHAIN_RECORDS_MAX && records().map(bytes).sum::<usize>() <= ENROL_BYTES_MAX
}

/// How somebody comes in.
pub(in crate::client) enum Way {
    /// By a link or short code, under a name; `salt` makes the new member's id, `is_stored`: what the server gave is.
    Link { link: Link, name: String, salt: [u8; 16], is_stored: bool },
    /// Back, by a printed code.
    Paper { paper: DeviceSecret },
}
