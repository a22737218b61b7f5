//! An enrolment under way.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::TimestampMs;
    use crate::wire::Stated;

    fn frame(from: u64, records: usize, bytes: usize) -> AnswerHeader {
        let text = GivenText::Given(Stated { statement: vec![0; bytes], attachment: Vec::new() });
        let record = GivenRecord { time: TimestampMs(0), fold: 1, text };
        let circle = CircleAnswer { from, records: vec![record; records], ..CircleAnswer::of(CircleId([1; 16])) };
        AnswerHeader { time: TimestampMs(0), circles: vec![circle] }
    }

    #[test]
    fn an_answer_holds_no_more_than_a_chain_does() {
        const FRAME_RECORDS: usize = 4_096;
        let records_max = usize::try_from(CHAIN_RECORDS_MAX).unwrap();
        for (bytes, most) in [(1, records_max), (4_000, ENROL_BYTES_MAX / 4_000)] {
            let way = Way::Paper { paper: DeviceSecret::from_seed([1; 32]) };
            let mut enrolling = Enrolling::new(CommandId(1), way);
            (0..20).for_each(|n| enrolling.hear(frame(n * FRAME_RECORDS as u64 + 1, FRAME_RECORDS, bytes)));
            let heard = enrolling.heard();
            let whole_frames = most / FRAME_RECORDS * FRAME_RECORDS;
            assert_eq!((heard.len(), heard[0].records.len()), (1, whole_frames), "of {bytes} bytes each");
        }
    }

    #[test]
    fn a_part_that_does_not_go_on_is_left_out() {
        let way = Way::Paper { paper: DeviceSecret::from_seed([1; 32]) };
        let mut enrolling = Enrolling::new(CommandId(1), way);
        for from in [1, 3, 12] {
            enrolling.hear(frame(from, 2, 10));
        }
        assert_eq!(enrolling.heard()[0].records.len(), 4);
    }
}
