//! Strategies: what people do with them, what they were told of it, and how it must be in the end.

use std::collections::{BTreeMap, BTreeSet};

use kith_shared::storage::{MemoryStore, Tree};
use serde_json::{Value, json};

use crate::seed::Seed;

use super::deed::{Deed, Token};

/// How a mark begins: what tells one strategy's words from all others', in its title and in what to do.
const MARK: &str = "[strategy ";
/// Words of what to do, at most, beside the mark.
const WORDS_MAX: usize = 40;
/// Strategies that people mostly meet at.
const MET: usize = 4;

/// A strategy that a phone's person was shown.
#[derive(Clone, Debug)]
pub(super) struct Known {
    key: String,
    mark: String,
    mine: bool,
}

/// A strategy as it was asked to be written.
struct Written {
    person: String,
    text: String,
    moments: Value,
    /// Key and mark of another.
    adapted_from: Option<(String, String)>,
}

/// What a person said of whether a strategy helped them.
#[derive(Default)]
struct Said {
    on: bool,
    off: bool,
    /// What they said last; none while nothing told them that it was taken.
    last: Option<bool>,
}

/// All that people asked for, whether they heard of it again or not.
#[derive(Default)]
pub(super) struct Asked {
    written: BTreeMap<String, Written>,
    /// Keys and marks; where phones are put back, a key may have stood for several.
    taken_back: BTreeSet<(String, String)>,
    helped: BTreeMap<(String, String), Said>,
}

/// How much was done with strategies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StrategyCounts {
    /// Written, and there in the end.
    pub there: usize,
    /// Originals of which several adaptations, by several people, are there.
    pub adapted_by_several: usize,
    /// There, and helped somebody.
    pub helped: usize,
    /// Taken back.
    pub gone: usize,
}

/// What somebody does: `known` is what they were shown, oldest first.
pub(super) fn draw(seed: &mut Seed, circle: &str, person: &str, known: &[Known], number: u64) -> Deed {
    // Mostly one of the oldest, so that people meet at it.
    let met = known.get(seed.below(known.len()).min(seed.below(MET)));
    let deed = match seed.below(10) {
        0 => None,
        1..=3 => met.map(|it| add(seed, circle, number, Some(it))),
        4..=7 => met.map(|it| helped(circle, person, it, seed.percent(65))),
        _ => seed.pick(&known.iter().filter(|it| it.mine).collect::<Vec<_>>()).map(|it| take_back(circle, it)),
    };
    deed.unwrap_or_else(|| add(seed, circle, number, None))
}

fn add(seed: &mut Seed, circle: &str, number: u64, from: Option<&Known>) -> Deed {
    let mark = format!("{MARK}{number}]");
    let text = format!("Do {mark} {}", "step ".repeat(seed.below(WORDS_MAX)).trim_end());
    let listed = ["panic", "sleepless", "alone", "anyTime"];
    let mut moments: Vec<Value> =
        listed.iter().filter(|_| seed.percent(30)).map(|moment| json!({"moment": moment})).collect();
    if seed.percent(30) {
        moments.push(json!({"moment": "own", "word": format!("word {number}")}));
    }
    let from = from.map(|known| known.key.as_str());
    let command = json!({"cmd": "addStrategy", "circle": circle, "title": format!("Way {mark}"), "text": text.trim_end(),
        "moments": moments, "adaptedFrom": from});
    Deed { command, token: Some(Token::Strategy(mark)) }
}

fn helped(circle: &str, person: &str, known: &Known, on: bool) -> Deed {
    let command = json!({"cmd": "helped", "circle": circle, "key": known.key, "on": on});
    Deed { command, token: Some(Token::Helped { person: person.to_owned(), mark: known.mark.clone(), on }) }
}

fn take_back(circle: &str, known: &Known) -> Deed {
    let command = json!({"cmd": "takeBackStrategy", "circle": circle, "key": known.key});
    Deed { command, token: Some(Token::TakenBack(known.mark.clone())) }
}

/// What a person knows of strategies from a reply, with words or without.
pub(super) fn learn(known: &mut Vec<Known>, command: &Value, reply: &Value) {
    let of = |strategy: &Value| {
        let (key, mark) = (text(&strategy["key"]).to_owned(), mark_of(strategy)?);
        Some(Known { key, mark, mine: strategy["mine"] == true })
    };
    match command["cmd"].as_str() {
        Some("toolkit") => *known = items(reply).filter_map(of).collect(),
        Some("addStrategy") => known.extend(of(reply)),
        _ => {}
    }
}

impl Asked {
    /// Remembers what a person asks for; `known` is what they were shown.
    pub(super) fn note(&mut self, person: &str, known: &[Known], deed: &Deed) {
        let command = &deed.command;
        match &deed.token {
            Some(Token::Strategy(mark)) => {
                let from = known.iter().find(|it| command["adaptedFrom"] == it.key.as_str());
                let written = Written {
                    person: person.to_owned(),
                    text: text(&command["text"]).to_owned(),
                    moments: command["moments"].clone(),
                    adapted_from: from.map(|it| (it.key.clone(), it.mark.clone())),
                };
                self.written.insert(mark.clone(), written);
            }
            Some(Token::TakenBack(mark)) => {
                self.taken_back.insert((text(&command["key"]).to_owned(), mark.clone()));
            }
            Some(Token::Helped { person, mark, on }) => {
                let said = self.helped.entry((person.clone(), mark.clone())).or_default();
                *(if *on { &mut said.on } else { &mut said.off }) = true;
                said.last = None;
            }
            _ => {}
        }
    }

    /// An engine said that it is done.
    pub(super) fn acknowledged(&mut self, token: Option<&Token>) {
        if let Some(Token::Helped { person, mark, on }) = token {
            self.helped.entry((person.clone(), mark.clone())).or_default().last = Some(*on);
        }
    }

    /// Whether what was promised must be shown as it is: of a strategy that somebody asked to take back, it need not.
    pub(super) fn must_show(&self, token: &Token) -> bool {
        match token {
            Token::Strategy(mark) => self.taken_back.iter().all(|(_, other)| other != mark),
            Token::TakenBack(_) | Token::Helped { .. } => false,
            _ => true,
        }
    }

    /// Looks at all strategies of an export in which everything arrived.
    ///
    /// Where phones are put back (`put_backs`) a person may have said something last on a phone that had forgotten, or did
    /// not know, what they had said before: then it may have had nothing to count. But it stays true that nothing helped
    /// whoever never said so, and that what they said of it stays as long as they never took it back.
    pub(super) fn judge(
        &self,
        strategies: &[Value],
        promised: &BTreeSet<Token>,
        put_backs: bool,
        erased: impl Fn(&str) -> bool,
    ) -> Result<StrategyCounts, String> {
        let (there, gone): (Vec<&Value>, Vec<&Value>) = strategies.iter().partition(|it| it["body"] == "here");
        let marks: BTreeMap<&str, Option<String>> =
            strategies.iter().map(|it| (text(&it["key"]), mark_of(it))).collect();
        if marks.len() != strategies.len() {
            return Err("a strategy's key is there twice".to_owned());
        }
        for strategy in &gone {
            let is_asked = put_backs
                || erased(text(&strategy["authorName"]))
                || self.taken_back.iter().any(|(key, _)| *key == text(&strategy["key"]));
            let is_bare = strategy["title"] == "" && strategy["text"] == "" && strategy["moments"] == json!([]);
            if strategy["body"] != "gone" || !is_asked || !is_bare {
                return Err(format!("nobody asked for this: {strategy}"));
            }
        }
        let mut counts = StrategyCounts { there: there.len(), gone: gone.len(), ..StrategyCounts::default() };
        let mut adapted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for strategy in &there {
            self.judge_one(strategy, &marks, promised, put_backs).map_err(|what| format!("{what}: {strategy}"))?;
            counts.helped += usize::from(strategy["helped"] != json!([]));
            if let Some(from) = strategy["adaptedFrom"].as_str() {
                adapted.entry(from).or_default().insert(text(&strategy["authorName"]));
            }
        }
        counts.adapted_by_several = adapted.values().filter(|people| people.len() > 1).count();
        Ok(counts)
    }

    fn judge_one(
        &self,
        strategy: &Value,
        marks: &BTreeMap<&str, Option<String>>,
        promised: &BTreeSet<Token>,
        put_backs: bool,
    ) -> Result<(), String> {
        let mark = mark_of(strategy).ok_or("it has no mark")?;
        let written = self.written.get(&mark).ok_or("nobody wrote this")?;
        if promised.contains(&Token::TakenBack(mark.clone())) {
            return Err("it was taken back".to_owned());
        }
        let is_as_written = strategy["authorName"] == written.person.as_str()
            && strategy["text"] == written.text.as_str()
            && strategy["moments"] == written.moments;
        if !is_as_written {
            return Err("it is not what was written".to_owned());
        }
        let is_from = match (strategy["adaptedFrom"].as_str(), &written.adapted_from) {
            (None, None) => true,
            // Where phones are put back, another key may stand for the same words.
            (Some(key), Some((from, mark))) => match marks.get(key) {
                Some(Some(there)) => there == mark && (put_backs || key == from),
                Some(None) => put_backs || key == from,
                None => false,
            },
            _ => false,
        };
        if !is_from {
            return Err(format!("it was adapted from {:?}", written.adapted_from));
        }
        let people: Vec<&str> = items(&strategy["helped"]).map(text).collect();
        if people.iter().collect::<BTreeSet<_>>().len() != people.len() {
            return Err("it helped one person twice".to_owned());
        }
        if let Some(name) = people.iter().find(|name| !self.said(name, &mark).is_some_and(|said| said.on)) {
            return Err(format!("{name} never said that it helped"));
        }
        for ((person, _), said) in self.helped.iter().filter(|((_, other), _)| *other == mark) {
            let token = Token::Helped { person: person.clone(), mark: mark.clone(), on: true };
            let last = match put_backs {
                false => said.last,
                true => (!said.off && promised.contains(&token)).then_some(true),
            };
            if last.is_some_and(|on| on != people.contains(&person.as_str())) {
                return Err(format!("that it helped is {last:?} of {person}"));
            }
        }
        Ok(())
    }

    fn said(&self, person: &str, mark: &str) -> Option<&Said> {
        self.helped.get(&(person.to_owned(), mark.to_owned()))
    }
}

/// A store has the words of each strategy that is there, and of no other: nothing is left of what was taken back.
pub(super) fn judge_store(store: &MemoryStore, strategies: &[Value]) -> Result<(), String> {
    let (there, found): (BTreeSet<String>, _) = (strategies.iter().filter_map(mark_of).collect(), marks_in(store));
    match there.symmetric_difference(&found).next() {
        Some(mark) if there.contains(mark) => Err(format!("has no words of {mark}")),
        Some(mark) => Err(format!("still has words of {mark}")),
        None => Ok(()),
    }
}

/// The marks in all rows of a store.
fn marks_in(store: &MemoryStore) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    for (_, row) in Tree::ALL.iter().flat_map(|tree| store.rows(*tree)) {
        let begins = (0..row.len()).filter(|at| row[*at] == MARK.as_bytes()[0]);
        marks.extend(begins.filter_map(|at| mark_at(&row[at..])));
    }
    marks
}

/// The mark that bytes begin with.
fn mark_at(bytes: &[u8]) -> Option<String> {
    let rest = bytes.strip_prefix(MARK.as_bytes())?;
    let digits = rest.split(|byte| *byte == b']').next()?;
    let number = core::str::from_utf8(digits).ok()?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{MARK}{number}]"))
}

/// What a strategy is told by while its words are there.
pub(super) fn mark_of(strategy: &Value) -> Option<String> {
    let title = text(&strategy["title"]);
    mark_at(&title.as_bytes()[title.find(MARK)?..])
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
