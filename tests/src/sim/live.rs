//! Members' lives in a world.

use std::collections::{BTreeMap, BTreeSet};

use kith_shared::ids::CircleId;
use kith_shared::storage::Tree;
use serde_json::{Value, json};

use super::deed::Deed;
use super::life::{Around, LifeCounts, Person, Seen, judge_store, seen};
use super::verdict::Failure;
use super::world::{CIRCLE, SimPhone, World, at};

/// Trees in which nothing is left of a circle that a phone left.
const TREES: [Tree; 6] =
    [Tree::Circles, Tree::Documents, Tree::DocumentLog, Tree::Bodies, Tree::Summaries, Tree::Snapshots];
/// Exchanges of each phone until all know what the others ended.
const ROUNDS: usize = 3;

/// Asks a phone what needs no network; null when it refuses.
fn ask_here(phone: &mut SimPhone, command: Value, now: kith_shared::time::TimestampMs) -> Value {
    let reply =
        serde_json::from_value(command).ok().and_then(|it| phone.shell.ask_here(it, at(now, phone.skew_ms)).ok());
    reply.and_then(|reply| serde_json::to_value(reply).ok()).unwrap_or_default()
}

impl World {
    /// Who there is, and what they may do in this world.
    pub(super) fn begin_lives(&mut self) -> Result<(), Failure> {
        let person = |phone: &SimPhone| Person { name: phone.name.clone(), member: phone.member.clone() };
        self.people = self.phones.iter().map(person).collect();
        self.may_leave = self.seed.percent(40);
        let second = self.people.get(1).map(|it| it.member.clone()).filter(|_| self.seed.percent(50));
        if let Some(member) = second {
            let promote = json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": member});
            self.ask_and_wait(0, json!({"cmd": "sync"}))?;
            self.ask_and_wait(0, promote)?;
            self.may_demote = self.seed.percent(50);
            for number in [0, 1] {
                self.ask_and_wait(number, json!({"cmd": "sync"}))?;
            }
        }
        Ok(())
    }

    pub(super) fn life_deed(&mut self, number: usize) -> Deed {
        let circle = CIRCLE.to_string();
        if number == 0 && self.may_demote && self.seed.percent(4) {
            self.may_demote = false;
            self.lives.demoted.insert(self.people[1].name.clone());
            let command = json!({"cmd": "demote", "circle": circle, "member": self.people[1].member});
            return Deed { command, token: None };
        }
        let (now, phone) = (self.now, &mut self.phones[number]);
        let about = ask_here(phone, json!({"cmd": "circle", "circle": circle}), now);
        let (me, others): (Vec<Person>, Vec<Person>) =
            self.people.iter().cloned().partition(|person| person.member == phone.member);
        let threads = phone.threads.clone();
        let leads = about["me"]["role"] == "facilitator";
        let may_leave = self.may_leave && me[0] != self.people[0];
        let around = Around {
            circle: &circle,
            me: &me[0],
            others: &others,
            threads: &threads,
            leads,
            may_leave,
            now_ms: now.0,
            number: self.number,
        };
        self.lives.draw(&mut self.seed, &around, &mut |command| ask_here(phone, command, now))
    }

    /// Everybody looks at the stories, so that what is over of theirs is taken back, and hears of the others'.
    pub(super) fn end_lives(&mut self) -> Result<(), Failure> {
        if !self.options.lives {
            return Ok(());
        }
        for number in self.used() {
            let (now, circle) = (self.now, CIRCLE.to_string());
            ask_here(&mut self.phones[number], json!({"cmd": "stories", "circle": circle}), now);
        }
        for number in self.used().repeat(ROUNDS) {
            self.sync(number)?;
        }
        Ok(())
    }

    /// Whether a phone has the circle.
    pub(super) fn is_in(&self, number: usize) -> bool {
        self.phones[number].shell.store.rows(Tree::Circles).next().is_some()
    }

    pub(super) fn judge_lives(&mut self, staying: &[usize]) -> Result<LifeCounts, Failure> {
        if !self.options.lives {
            return Ok(LifeCounts::default());
        }
        let (circle, now) = (*CIRCLE, self.now);
        let mut all: BTreeMap<String, Seen> = BTreeMap::new();
        for number in staying {
            let (people, phone) = (self.people.clone(), &mut self.phones[*number]);
            let shown = seen(&circle.to_string(), &people, &mut |command| ask_here(phone, command, now));
            let name = phone.name.clone();
            let shown = shown.map_err(|what| self.failure(format!("{name}: {what}")))?;
            all.insert(name, shown);
        }
        for number in self.used().into_iter().filter(|number| !staying.contains(number)) {
            self.judge_left(number, &circle)?;
        }
        let store = |number: &usize| (self.phones[*number].name.clone(), &self.phones[*number].shell.store);
        let stores: BTreeMap<_, _> = staying.iter().map(store).collect();
        for (who, store) in
            stores.iter().map(|(name, store)| (name.as_str(), *store)).chain([("the server", &self.hub.store)])
        {
            judge_store(&circle, store).map_err(|what| self.failure(format!("{who} {what}")))?;
        }
        let everybody: BTreeSet<String> = self.people.iter().map(|person| person.name.clone()).collect();
        let how = (self.options.put_backs, self.now.0);
        let judged = self.lives.judge(&all, &stores, &everybody, &self.promised, how);
        judged.map_err(|what| self.failure(what))
    }

    /// A phone whose person left has nothing of the circle.
    fn judge_left(&self, number: usize, circle: &CircleId) -> Result<(), Failure> {
        let store = &self.phones[number].shell.store;
        let left = TREES.iter().find(|tree| store.rows(**tree).any(|(key, _)| key.starts_with(circle.as_bytes())));
        match left {
            Some(tree) => Err(self.failure(format!("phone {number} left, and still has something in {tree:?}"))),
            None => Ok(()),
        }
    }
}
