//! The verdict on a world that came to rest.

use serde_json::{Value, json};
use sha2::Digest;

use crate::phone::digest_of;
use crate::phone::export::without_local;

use super::deed::Token;
use super::strategies::{StrategyCounts, judge_store};
use super::verdict::{Failure, difference, items, shown};
use super::world::{Report, World};

impl World {
    /// Compares the phones, and what they show with what was acknowledged.
    pub(super) fn judge(mut self) -> Result<Report, Failure> {
        let used = self.used();
        let first = self.export(used[0])?;
        for number in used {
            let other = self.export(number)?;
            if let Some(place) = difference(&without_local(&first), &without_local(&other), "") {
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
        for token in self.promised.iter().filter(|token| self.asked.must_show(token)) {
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
        let strategies = self.judge_strategies(&first)?;
        Ok(Report {
            strategies,
            trace: self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            digest: digest_of(&first),
            acknowledged: self.promised.len(),
            requests: self.hub.requests.len(),
            kills: self.kills,
            put_backs: self.put_backs,
            problems: self.problems,
        })
    }

    fn judge_strategies(&self, export: &Value) -> Result<StrategyCounts, Failure> {
        let circles = export["circles"].as_object().into_iter().flat_map(|circles| circles.values());
        let strategies: Vec<Value> = circles.flat_map(|circle| items(&circle["toolkit"])).cloned().collect();
        let phones = self.used().into_iter().map(|at| (format!("phone {at}"), &self.phones[at].shell.store));
        for (who, store) in phones.chain([("the server".to_owned(), &self.hub.store)]) {
            judge_store(store, &strategies).map_err(|what| self.failure(format!("{who} {what}")))?;
        }
        self.asked.judge(&strategies, &self.promised, self.options.put_backs).map_err(|what| self.failure(what))
    }
}
