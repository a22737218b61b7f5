//! How a world comes to rest after the chaos.

use serde_json::{Value, json};

use crate::phone::{Did, digest_of, export};

use super::verdict::Failure;
use super::world::{World, at};

/// Rounds of syncs after which a world must be calm.
const CALM_ROUNDS: usize = 24;
/// Steps in which one command or sync must come to its end.
const STEPS_MAX: usize = 20_000;

impl World {
    /// The network is good again and everybody syncs until nothing moves.
    pub(super) fn calm(&mut self) -> Result<(), Failure> {
        self.bad_percent = 0;
        for _ in 0..self.phones.len() {
            self.end_copy();
        }
        self.note("calm".to_owned());
        for number in self.used() {
            self.phones[number].shell.online = true;
            self.phones[number].shell.refuses = 0;
            self.run_out(number)?;
        }
        let mut before = String::new();
        for _ in 0..CALM_ROUNDS {
            self.now = self.now.plus_ms(10 * 60_000);
            let mut state = String::new();
            for number in self.used() {
                let status = self.sync(number)?;
                self.run_out(number)?;
                state += &format!("{} {} ", status["unsentItems"], status["state"]);
                state += &self.digest(number)?;
            }
            if state == before {
                return Ok(());
            }
            before = state;
        }
        Err(self.failure(format!("no calm after {CALM_ROUNDS} rounds: {before}")))
    }

    /// Syncs a phone and gives its status. Whoever left has nothing to ask for.
    pub(super) fn sync(&mut self, number: usize) -> Result<Value, Failure> {
        match self.ask_and_wait(number, json!({"cmd": "sync"})) {
            Err(_) if self.is_out(number)? => self.ask_and_wait(number, json!({"cmd": "status"})),
            other => other,
        }
    }

    /// Whether a phone's person left the circle.
    fn is_out(&mut self, number: usize) -> Result<bool, Failure> {
        Ok(self.ask_and_wait(number, json!({"cmd": "circles"}))? == json!([]))
    }

    /// Works until a phone has nothing to do but to wait.
    fn run_out(&mut self, number: usize) -> Result<(), Failure> {
        for _ in 0..STEPS_MAX {
            let flying = self.flights.iter().position(|flight| flight.phone == number);
            match (self.do_one(number), flying) {
                (Did::Nothing, Some(which)) => self.fly(which),
                (Did::Nothing, None) => return Ok(()),
                _ => {}
            }
        }
        Err(self.failure(format!("phone {number} does not come to rest in {STEPS_MAX} steps")))
    }

    /// Asks when all before is done, and gives the reply.
    pub(super) fn ask_and_wait(&mut self, number: usize, command: Value) -> Result<Value, Failure> {
        self.run_out(number)?;
        let now = at(self.now, self.phones[number].skew_ms);
        let parsed = serde_json::from_value(command.clone())
            .map_err(|error| self.failure(format!("{command} is no command: {error}")))?;
        let id = self.phones[number].shell.command(parsed, now);
        self.run_out(number)?;
        match self.phones[number].shell.take_reply(id) {
            Some(Ok(reply)) => Ok(serde_json::to_value(reply).unwrap_or_default()),
            Some(Err(problem)) => Err(self.failure(format!("phone {number}: {command}: {}", problem.detail))),
            None => Err(self.failure(format!("phone {number}: {command} had no reply"))),
        }
    }

    fn digest(&mut self, number: usize) -> Result<String, Failure> {
        Ok(digest_of(&self.export(number)?))
    }

    pub(super) fn export(&mut self, number: usize) -> Result<Value, Failure> {
        let phone = &mut self.phones[number];
        export(&mut phone.shell, at(self.now, phone.skew_ms))
            .map_err(|problem| self.failure(format!("phone {number} exports nothing: {}", problem.detail)))
    }
}
