//! The verdict on a world that came to rest.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sha2::Digest;

use crate::phone::digest_of;
use crate::phone::export::without_local;

use super::deed::Token;
use super::life::{alike, in_both};
use super::strategies::{StrategyCounts, judge_store};
use super::verdict::{Failure, difference, items, shown};
use super::world::{Report, World};

impl World {
    /// Compares the phones, and what they show with what was acknowledged.
    pub(super) fn judge(mut self) -> Result<Report, Failure> {
        self.end_lives()?;
        let used = self.used();
        let first = self.export(self.leader(&used))?;
        let (mut staying, mut left) = (Vec::new(), BTreeSet::new());
        for number in used {
            let other = alike(self.export(number)?);
            let is_out = other["circles"] == json!({});
            if is_out {
                left.insert(self.phones[number].name.clone());
            } else {
                staying.push(number);
            }
            let (mut ours, mut theirs) = (without_local(&alike(first.clone())), without_local(&other));
            if self.options.lives {
                in_both(&mut ours, &mut theirs);
            }
            if let Some(place) = difference(&ours, &theirs, "").filter(|_| !is_out) {
                return Err(self.failure(format!("the first phone and {number} differ at {place}")));
            }
            if other["status"]["state"] != "idle" || other["outbox"] != json!([]) {
                return Err(self.failure(format!(
                    "phone {number} is not safe: {:.300} {:.600}",
                    other["status"], other["outbox"]
                )));
            }
        }
        let shown = shown(&first);
        let must_show = |token: &&Token| self.asked.must_show(token) && self.lives.must_show(token);
        for token in self.promised.iter().filter(must_show) {
            let count = shown.get(token).copied().unwrap_or(0);
            if count != 1 {
                return Err(self.failure(format!("{token:?} was acknowledged and is there {count} times")));
            }
        }
        let doubled = shown
            .iter()
            .find(|(token, count)| **count > 1 && !matches!(token, Token::Message(text) if text.is_empty()));
        if let Some((token, count)) = doubled {
            return Err(self.failure(format!("{token:?} is there {count} times")));
        }
        if let Some((token, _)) = shown.iter().find(|(token, _)| self.lives.is_erased(token, &left)) {
            return Err(self.failure(format!("{token:?} was to be erased, and is there")));
        }
        let strategies = self.judge_strategies(&first)?;
        let lives = self.judge_lives(&staying)?;
        Ok(Report {
            strategies,
            lives,
            trace: self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            digest: digest_of(&first),
            acknowledged: self.promised.len(),
            requests: self.hub.requests.len(),
            kills: self.kills,
            put_backs: self.put_backs,
            problems: self.problems,
        })
    }

    /// The phone of whoever always leads, and so is shown all.
    fn leader(&self, used: &[usize]) -> usize {
        let name = self.people.first().map(|person| &person.name);
        used.iter().copied().find(|number| Some(&self.phones[*number].name) == name).unwrap_or(used[0])
    }

    fn judge_strategies(&self, export: &Value) -> Result<StrategyCounts, Failure> {
        let circles = export["circles"].as_object().into_iter().flat_map(|circles| circles.values());
        let strategies: Vec<Value> = circles.flat_map(|circle| items(&circle["toolkit"])).cloned().collect();
        let phones = self
            .used()
            .into_iter()
            .filter(|at| self.is_in(*at))
            .map(|at| (format!("phone {at}"), &self.phones[at].shell.store));
        for (who, store) in phones.chain([("the server".to_owned(), &self.hub.store)]) {
            judge_store(store, &strategies).map_err(|what| self.failure(format!("{who} {what}")))?;
        }
        let erased = |person: &str| self.lives.may_be_erased(person);
        self.asked.judge(&strategies, &self.promised, self.options.put_backs, erased).map_err(|what| self.failure(what))
    }
}
