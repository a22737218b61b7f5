//! What somebody does, drawn from the seed.

use serde_json::{Value, json};

use crate::seed::Seed;

use super::super::deed::{Deed, Token};
use super::{Kind, Lives, Look, MARK, Person, Written, items, marks_in, text};

/// What a phone's person sees around them.
pub(in crate::sim) struct Around<'a> {
    pub(in crate::sim) circle: &'a str,
    pub(in crate::sim) me: &'a Person,
    pub(in crate::sim) others: &'a [Person],
    pub(in crate::sim) threads: &'a [String],
    pub(in crate::sim) leads: bool,
    pub(in crate::sim) may_leave: bool,
    pub(in crate::sim) now_ms: u64,
    pub(in crate::sim) number: u64,
}

/// A record that is shown.
struct Known {
    key: Value,
    mark: String,
    mine: bool,
    /// The value that it was read from.
    of: Value,
}

impl Around<'_> {
    fn command(&self, cmd: &str, mut fields: Value) -> Value {
        fields["cmd"] = json!(cmd);
        fields["circle"] = json!(self.circle);
        fields
    }

    fn day(&self) -> u64 {
        self.now_ms / 86_400_000
    }
}

fn known(all: &Value, of: impl Fn(&Value) -> &Value) -> Vec<Known> {
    let known = |it: &Value| {
        let said = format!("{it}");
        let mine = it["mine"] == true || it["said"]["mine"] == true;
        let mark = marks_in(&said).into_iter().next()?;
        Some(Known { key: of(it).clone(), mark, mine, of: it.clone() })
    };
    items(all).filter_map(known).collect()
}

fn pick<'a>(seed: &mut Seed, all: &'a [Known], fits: impl Fn(&Known) -> bool) -> Option<&'a Known> {
    let fitting: Vec<&Known> = all.iter().filter(|it| fits(it)).collect();
    seed.pick(&fitting).copied()
}

impl Lives {
    /// What somebody does: `look` asks their phone what it shows now.
    pub(in crate::sim) fn draw(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Deed {
        let deed = match seed.below(24) {
            0 | 1 => None,
            2 => Some(self.say(seed, around, None)),
            3 => self.take_back_message(seed, around, look),
            4 | 5 => hide(seed, around, look),
            6..=8 => Some(self.tell(seed, around)),
            9 => self.end_story(seed, around, look),
            10 | 11 => Some(self.take_on(seed, around)),
            12 => self.answer(seed, around, look),
            13 | 14 => self.attempt(seed, around, look),
            15 => self.end_kept(seed, around, look),
            16 => self.plan(seed, around, look),
            17 => self.journal(seed, around, look),
            18 if seed.percent(30) => block(seed, around),
            19 => agree(seed, around, look),
            20 if around.leads => self.line(seed, around, look),
            21 => react(seed, around, look),
            22 if around.may_leave && seed.percent(15) => Some(leave(seed, around)),
            _ => Some(watch(seed, around)),
        };
        deed.unwrap_or_else(|| {
            let with = seed.pick(around.others).cloned();
            self.say(seed, around, with.as_ref())
        })
    }

    /// A text that is asked for, by its mark.
    fn write(&mut self, around: &Around<'_>, kind: Kind, to: Option<Vec<String>>) -> (String, Option<Token>) {
        let mark = format!("{MARK}{}z", around.number);
        let written = Written { kind, author: around.me.name.clone(), to, ends_ms: None, about: None };
        self.written.insert(mark.clone(), written);
        (mark.clone(), Some(Token::Life(mark)))
    }

    fn take_back(&mut self, command: Value, known: &Known) -> Deed {
        self.asked_back.insert(known.mark.clone());
        Deed { command, token: Some(Token::Back(known.mark.clone())) }
    }

    fn say(&mut self, seed: &mut Seed, around: &Around<'_>, with: Option<&Person>) -> Deed {
        let kind = if with.is_some() { Kind::Pair } else { Kind::Message };
        let (mark, token) = self.write(around, kind, with.map(|it| vec![it.name.clone()]));
        let thread = with.map(|it| &it.member).or_else(|| seed.pick(around.threads));
        let fields = json!({"thread": thread, "text": format!("To you {mark} again"), "replyTo": null});
        Deed { command: around.command("send", fields), token }
    }

    fn take_back_message(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
        let (thread, shown) = messages(seed, around, look)?;
        let found = pick(seed, &shown, |it| it.mine)?;
        let command = around.command("takeBack", json!({"thread": thread, "key": found.key}));
        Some(self.take_back(command, found))
    }

    fn tell(&mut self, seed: &mut Seed, around: &Around<'_>) -> Deed {
        let chosen = around.others.iter().filter(|_| seed.percent(40)).cloned().collect::<Vec<_>>();
        let names = chosen.iter().map(|it| it.name.clone()).collect();
        let (mark, token) = self.write(around, Kind::Story, (!chosen.is_empty()).then_some(names));
        let lasts = [None, None, Some(600_000), Some(7_200_000), Some(90 * 86_400_000_u64)];
        let ends_ms = seed.pick(&lasts).copied().flatten().map(|ms| around.now_ms + ms);
        let told = if seed.percent(30) {
            json!({"kind": "milestone", "day": around.day(), "text": format!("Glad {mark}")})
        } else {
            self.written.entry(mark.clone()).and_modify(|it| it.ends_ms = ends_ms);
            json!({"kind": "story", "title": format!("Of {mark}"), "text": "It was so.", "endsMs": ends_ms})
        };
        let to: Vec<&String> = chosen.iter().map(|it| &it.member).collect();
        Deed { command: around.command("addStory", json!({"told": told, "to": to})), token }
    }

    fn end_story(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
        let shown = known(&look(around.command("stories", json!({}))), |it| &it["key"]);
        let found = pick(seed, &shown, |it| it.mine)?;
        Some(self.take_back(around.command("endStory", json!({"key": found.key})), found))
    }

    fn take_on(&mut self, seed: &mut Seed, around: &Around<'_>) -> Deed {
        let with = seed.pick(around.others).cloned().filter(|_| seed.percent(60));
        let to = with.iter().map(|it| it.name.clone()).collect();
        let (mark, token) = self.write(around, Kind::Commitment, Some(to));
        let days = if seed.percent(50) { 0 } else { 127 };
        let fields = json!({"with": with.map(|it| it.member), "since": around.day() - 3, "days": days, "due": null,
            "from": "", "words": format!("I will {mark}")});
        Deed { command: around.command("addCommitment", fields), token }
    }

    fn answer(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
        let shown = commitments(around, look);
        let found = pick(seed, &shown, |it| !it.mine && it.of["with"].is_string())?;
        let accepted = seed.percent(80);
        self.answers.insert(found.mark.clone(), None);
        let command = around.command("answerCommitment", json!({"key": found.key, "accepted": accepted}));
        Some(Deed { command, token: Some(Token::Answered { mark: found.mark.clone(), accepted }) })
    }

    fn attempt(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
        let shown = commitments(around, look);
        let found = pick(seed, &shown, |it| it.mine || it.of["answer"]["accepted"] == true)?;
        let with = around.others.iter().filter(|it| found.of["with"] == it.member.as_str());
        let to = with.map(|it| it.name.clone()).collect();
        let (mark, token) = self.write(around, Kind::Attempt, Some(to));
        self.written.entry(mark.clone()).and_modify(|it| it.about = Some(found.mark.clone()));
        let outcome = *seed.pick(&["done", "tried", "notThisTime"])?;
        let fields = json!({"key": found.key, "day": around.day() - seed.below(2) as u64, "outcome": outcome,
            "note": format!("So {mark}")});
        Some(Deed { command: around.command("addAttempt", fields), token })
    }

    fn end_kept(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
        let shown = commitments(around, look);
        if seed.percent(40) {
            let found = pick(seed, &shown, |_| true)?;
            return Some(Deed { command: around.command("endCommitment", json!({"key": found.key})), token: None });
        }
        let attempts = look(around.command("commitments", json!({})));
        let attempts = known(&attempts["attempts"], |it| &it["said"]["key"]);
        let all = if seed.percent(50) { attempts } else { shown };
        let found = pick(seed, &all, |it| it.mine)?;
        Some(self.take_back(around.command("takeBackKept", json!({"key": found.key})), found))
    }

    fn plan(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
        let lines = known(&look(around.command("plan", json!({})))["lines"], |it| &it["key"]);
        let found = seed.pick(&lines).filter(|_| lines.len() > 3);
        if let Some(found) = found.filter(|_| seed.percent(50)) {
            return Some(self.take_back(around.command("removePlanLine", json!({"key": found.key})), found));
        }
        self.asked_back.extend(found.map(|it| it.mark.clone()));
        let (mark, token) = self.write(around, Kind::Plan, Some(Vec::new()));
        let part = *seed.pick(&["signs", "myself", "ask"])?;
        let replaces = found.map(|it| it.key.clone());
        let fields = json!({"part": part, "text": format!("Line {mark}"), "phone": "", "replaces": replaces});
        Some(Deed { command: around.command("addPlanLine", fields), token })
    }

    fn journal(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
        let shown = look(around.command("journal", json!({"months": 24})));
        let entries = known(&shown["entries"], |it| &it["key"]);
        let found = seed.pick(&entries).filter(|_| entries.len() > 3);
        if let Some(found) = found.filter(|_| seed.percent(50)) {
            return Some(self.take_back(around.command("removeEntry", json!({"key": found.key})), found));
        }
        self.asked_back.extend(found.map(|it| it.mark.clone()));
        let (mark, token) = self.write(around, Kind::Journal, Some(Vec::new()));
        let entry = if seed.percent(50) {
            json!({"kind": "text", "text": format!("Day {mark}")})
        } else {
            json!({"kind": "checkIn", "mood": seed.below(5), "craving": null, "sleep": 2, "energy": null,
                "note": format!("Note {mark}")})
        };
        let replaces = found.map(|it| it.key.clone());
        let day = around.day() - [0, 0, 1, 40][seed.below(4)];
        let fields = json!({"day": day, "entry": entry, "replaces": replaces});
        Some(Deed { command: around.command("addEntry", fields), token })
    }

    fn line(&mut self, seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
        let shown = look(around.command("circle", json!({})));
        let lines = known(&shown["lines"], |it| &it["item"]);
        let found = seed.pick(&lines).filter(|_| lines.len() > 2);
        self.asked_back.extend(found.map(|it| it.mark.clone()));
        if let Some(found) = found.filter(|_| seed.percent(50)) {
            let fields = json!({"item": found.key, "text": ""});
            return Some(Deed { command: around.command("setAgreementLine", fields), token: None });
        }
        let (mark, token) = self.write(around, Kind::Line, None);
        let text = format!("We {mark}");
        let command = match found {
            Some(found) => around.command("setAgreementLine", json!({"item": found.key, "text": text})),
            None => around.command("addAgreementLine", json!({"text": text})),
        };
        Some(Deed { command, token })
    }
}

fn commitments(around: &Around<'_>, look: &mut Look<'_>) -> Vec<Known> {
    known(&look(around.command("commitments", json!({})))["commitments"], |it| &it["key"])
}

fn messages(seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<(String, Vec<Known>)> {
    let with = seed.pick(around.others).filter(|_| seed.percent(50)).map(|it| &it.member);
    let thread = with.or_else(|| seed.pick(around.threads))?.clone();
    let shown = look(around.command("openThread", json!({"thread": thread, "limit": 200})));
    Some((thread, known(&shown["messages"], |it| &it["key"])))
}

fn hide(seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
    if !around.leads {
        return None;
    }
    if seed.percent(30) {
        let shown = look(around.command("toolkit", json!({})));
        let all: Vec<Value> = items(&shown).filter(|it| it["body"] == "here").cloned().collect();
        let found = seed.pick(&all)?;
        let fields = json!({"key": found["key"], "on": found["hidden"].is_null()});
        return Some(Deed { command: around.command("hideStrategy", fields), token: None });
    }
    let thread = seed.pick(around.threads)?;
    let shown = look(around.command("openThread", json!({"thread": thread, "limit": 200})));
    let all = known(&shown["messages"], |it| &it["key"]);
    let found = seed.pick(&all)?;
    let fields = json!({"thread": thread, "key": found.key, "on": found.of["hidden"].is_null()});
    Some(Deed { command: around.command("hide", fields), token: None })
}

fn block(seed: &mut Seed, around: &Around<'_>) -> Option<Deed> {
    let other = seed.pick(around.others)?;
    let fields = json!({"choice": "blocked", "member": other.member, "on": seed.percent(40)});
    Some(Deed { command: around.command("choose", fields), token: None })
}

fn agree(seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
    let shown = look(around.command("circle", json!({})));
    let digest = Some(text(&shown["agreementDigest"])).filter(|it| !it.is_empty())?.to_owned();
    let digest = seed.percent(85).then_some(digest);
    Some(Deed { command: around.command("agree", json!({"digest": digest})), token: None })
}

fn react(seed: &mut Seed, around: &Around<'_>, look: &mut Look<'_>) -> Option<Deed> {
    let shown = known(&look(around.command("stories", json!({}))), |it| &it["key"]);
    let found = pick(seed, &shown, |it| !it.mine)?;
    let fields = json!({"key": found.key, "kind": "thanks", "on": seed.percent(70)});
    Some(Deed { command: around.command("reactToStory", fields), token: None })
}

fn leave(seed: &mut Seed, around: &Around<'_>) -> Deed {
    let command = match seed.percent(20) {
        true => around.command("stay", json!({})),
        false => around.command("leave", json!({"erase": seed.percent(60), "anyway": false})),
    };
    Deed { command, token: None }
}

/// Something is on screen, or looked for: what changes while it is must be told.
fn watch(seed: &mut Seed, around: &Around<'_>) -> Deed {
    let command = match seed.below(6) {
        0..=2 => around.command("search", json!({"words": MARK, "limit": 100})),
        3 => around.command("stories", json!({})),
        4 => around.command("commitments", json!({})),
        _ => around.command("news", json!({})),
    };
    Deed { command, token: None }
}
