//! What somebody hid, or said of the circle, while their phone was out of reach, and may not any more since they lead no
//! longer.

use crate::document::{DocumentName, KithSchema, Subject};
use crate::gate::{Refusal, Schema, parse_change};
use crate::ids::{CircleId, EntryId, StatementId};
use crate::storage::Tree;
use crate::sync::StoredEntry;
use crate::trust::StatementProblem;

use super::super::engine::{Engine, Stop};
use super::super::parts::keyring::Returned;
use super::super::rows::rows_of;
use super::super::view::{ListName, ReturnedKind};

impl Engine {
    /// Takes up what was refused for it, to be written again without: nothing that stands behind it would be taken. Its
    /// person is told.
    pub(in crate::client) fn lift_led(&mut self, circle: &CircleId) -> Result<(), Stop> {
        let own = self.device()?.id();
        let local = self.local(circle)?;
        let Some((author, _)) = local.roster().author(&own).filter(|_| !self.leads(circle)) else { return Ok(()) };
        let is_led = |name: &DocumentName| name.is_led() || name.subject == Subject::Profile;
        let is_refused = |name: &DocumentName| is_led(name) && local.problem(&name.id(circle)).is_some();
        let states = local.documents().values().filter(|state| state.has_unsent(&own) && is_refused(&state.name));
        let states: Vec<_> = states.cloned().collect();
        let reads = states.iter().map(|state| rows_of(Tree::DocumentLog, circle, &state.name.id(circle)));
        self.kernel.rows.need(reads)?;
        for state in states {
            let document = state.name.id(circle);
            let rows = self.log_of(circle, &document)?;
            let refused = |stored: &StoredEntry| {
                let change = parse_change(stored.content.plain()?).ok()?;
                let judged = KithSchema.inspect(circle, &state.name, &author, &change);
                (judged == Err(Refusal::NotAllowed)).then_some(change.entry)
            };
            let mut unsent = rows.iter().filter(|(_, stored)| state.is_unsent(&own, stored));
            let Some((from, entry)) = unsent.find_map(|(from, stored)| Some((*from, refused(stored)?))) else {
                continue;
            };
            match self.lift_from(*circle, document, from, rows) {
                Ok(stop) => return Err(self.telling(*circle, entry, stop)),
                Err(problem) => self.circles.note_problem(circle, &document, problem),
            }
        }
        Ok(())
    }

    /// What is durable with `stop`, and that its person is told of what was not taken, from this entry on.
    fn telling(&self, circle: CircleId, entry: EntryId, stop: Stop) -> Stop {
        let Stop::First(mut batch, then) = stop else { return stop };
        let Some(local) = self.circles.get(&circle) else { return Stop::First(batch, then) };
        let mut keyring = local.keyring().clone();
        let (statement, why) = (StatementId(entry.0), StatementProblem::AuthorOut);
        keyring.give_back(Returned { statement, what: ReturnedKind::Led, member: None, thing: None, why });
        self.put_keyring(&circle, &keyring, &mut batch);
        Stop::First(
            batch,
            Box::new(move |engine, done| {
                let is_done = done.is_ok();
                then(engine, done);
                if let (true, Ok(own), Some(local)) = (is_done, engine.phone.public(), engine.circles.get_mut(&circle))
                {
                    local.set_keyring(keyring, own);
                    engine.notify_lists(&circle, &[ListName::People]);
                }
            }),
        )
    }
}
