use crate::ids::CircleId;

use crate::client::Problem;
use crate::client::engine::{Attempt, Engine};
use crate::client::kernel::Task;

/// Takes back what this phone's person told and what is over.
pub(in crate::client) struct EndOver {
    pub(in crate::client) circle: CircleId,
}

impl Task<Engine> for EndOver {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.end_over(self.circle)
    }

    fn fail(&mut self, _: &mut Engine, _: Problem) {
        // Nobody is shown it all the same; the next opening tries again.
    }
}
