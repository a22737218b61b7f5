//! Secrets that an ask makes once, however often it is asked.

use crate::ids::{CircleId, tagged_hash};

use super::super::engine::{Engine, Step};
use super::super::view::Reply;
use super::super::{CommandId, Problem};

impl Engine {
    /// Random bytes; of an ask that bears a name, those of that name, at most 32. They follow from this phone's own key
    /// and the name, which is random and kept nowhere: whoever has the phone later can't tell them.
    pub(super) fn once<const LEN: usize>(
        &mut self,
        what: &str,
        circle: &CircleId,
        name: &str,
    ) -> Result<[u8; LEN], Problem> {
        const { assert!(LEN <= 32, "a hash has 32 bytes") };
        if name.is_empty() {
            return Ok(self.random.bytes());
        }
        let hash = tagged_hash(what, &[self.device()?.seed(), circle.as_bytes(), name.as_bytes()]);
        let mut bytes = [0; LEN];
        bytes.copy_from_slice(&hash[..LEN]);
        Ok(bytes)
    }

    /// Answers an ask whose reply was lost with what it made.
    pub(super) fn give_again(&mut self, id: CommandId, made: Reply) -> Step {
        self.reply(id, Ok(made));
        self.sync_soon(0);
        Step::Done
    }
}
