//! P27: what was typed and is no change yet is kept whatever an answer shows of this phone, and whatever its store does.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use std::collections::BTreeMap;

use crate::support::people::{ask, invited, leader, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::client::view::Reply;
use kith_shared::client::{CommandId, Effect, Event, HttpFailure, StoreFailure};
use serde_json::{Value, json};

/// What a phone does, effect by effect.
struct Typist {
    phone: Phone,
    next: u32,
    /// Commits that the store refuses from now on.
    fails: usize,
    answers: BTreeMap<u32, Value>,
}

impl Typist {
    fn over(phone: &Phone, seed: u8) -> Self {
        let mut typist =
            Self { phone: Phone::over(phone.store.clone(), seed), next: 1_000, fails: 0, answers: BTreeMap::new() };
        typist.phone.now = phone.now;
        typist
    }

    fn begin(&mut self, command: &Value) -> CommandId {
        self.next += 1;
        let (id, command) = (CommandId(self.next), serde_json::from_value(command.clone()).unwrap());
        self.phone.engine.handle(Event::Command { id, command }, self.phone.clocks());
        id
    }

    /// Works until `id` has its reply. At the request numbered `at` it does `then` before the answer comes.
    fn work(
        &mut self,
        server: &mut Server,
        id: CommandId,
        at: Option<usize>,
        then: &mut dyn FnMut(&mut Self),
    ) -> Value {
        let mut requests = 0;
        while let Some(effect) = self.phone.engine.next_effect() {
            let event = match effect {
                Effect::Read { id, reads } => Event::Stored { id, results: Ok(self.phone.store.read(&reads)) },
                Effect::Commit { id, .. } if self.fails > 0 => {
                    self.fails -= 1;
                    Event::Committed { id, outcome: Err(StoreFailure::Full) }
                }
                Effect::Commit { id, batch } => Event::Committed { id, outcome: Ok(self.phone.store.commit(batch)) },
                Effect::Http { id, .. } if !self.phone.online => {
                    Event::HttpFailed { id, failure: HttpFailure::Unreachable }
                }
                Effect::Http { id, url, body } => {
                    let bytes = server.answer(&url, &body);
                    if at == Some(requests) {
                        then(self);
                    }
                    requests += 1;
                    self.phone.engine.handle(Event::HttpBytes { id, bytes }, self.phone.clocks());
                    Event::HttpEnd { id }
                }
                Effect::Reply { id, reply } => {
                    self.answers.insert(id.0, value_of(reply));
                    continue;
                }
                _ => continue,
            };
            self.phone.engine.handle(event, self.phone.clocks());
        }
        self.answers.remove(&id.0).expect("every command is answered")
    }

    fn ask(&mut self, server: &mut Server, command: &Value) -> Value {
        let id = self.begin(command);
        self.work(server, id, None, &mut |_| {})
    }

    /// Types at the beginning of a note that it opens first; what it is answered.
    fn type_into(&mut self, server: &mut Server, document: &Value, text: &str) -> Value {
        let note = self.ask(server, &json!({"cmd": "openNote", "document": document}));
        self.ask(server, &typed(document, &note["version"], text))
    }
}

fn value_of(reply: Result<Reply, kith_shared::client::Problem>) -> Value {
    match reply {
        Ok(reply) => serde_json::to_value(reply).unwrap(),
        Err(problem) => json!({"problem": problem.detail}),
    }
}

fn typed(document: &Value, version: &Value, text: &str) -> Value {
    let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": format!("{text} ")}]);
    json!({"cmd": "editNote", "document": document, "edit": {"edit": "body", "version": version, "ops": ops}})
}

fn words(phone: &mut Phone, server: &mut Server, document: &Value) -> Vec<String> {
    let note = ask(phone, server, json!({"cmd": "openNote", "document": document}));
    let text: String = note["spans"].as_array().unwrap().iter().filter_map(|span| span["text"].as_str()).collect();
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// Ana, Ben, and two notes.
fn scene(server: &mut Server) -> (Phone, Phone, [Value; 2]) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    let notes = [20_780, 20_781].map(|day| {
        let circle = CIRCLE.to_string();
        let create = json!({"cmd": "createNote", "circle": circle, "day": day, "ordinal": 0, "title": "Monday"});
        ask(&mut ben, server, create)["document"].clone()
    });
    settle(&mut [&mut ana, &mut ben], server);
    (ana, ben, notes)
}

/// Ben's phone was put back, wrote in the first note what stands where the server has something else, and learns of the
/// second by an answer that it is behind there: while that is on its way he types in the second.
fn types_while_an_answer_comes(at: usize, rounds: usize, killed: bool) {
    let mut server = Server::new();
    let (mut ana, mut ben, [first, second]) = scene(&mut server);
    let (mut in_first, mut in_second) = (Vec::new(), Vec::new());
    let say = |typist: &mut Typist, server: &mut Server, document: &Value, word: String, said: &mut Vec<String>| {
        let answer = typist.type_into(server, document, &word);
        assert_eq!(answer["problem"], Value::Null, "{word}: {answer}");
        said.push(word);
    };
    for round in 0..rounds {
        let mut since = Typist::over(&ben, 30);
        let mut back = Typist::over(&ben, 40);
        say(&mut since, &mut server, &first, format!("a{round}"), &mut in_first);
        say(&mut since, &mut server, &second, format!("b{round}"), &mut in_second);
        since.ask(&mut server, &json!({"cmd": "sync"}));

        back.phone.online = false;
        say(&mut back, &mut server, &first, format!("c{round}"), &mut in_first);
        back.ask(&mut server, &json!({"cmd": "flush"}));
        let versions = [&first, &second].map(|note| {
            let open = json!({"cmd": "openNote", "document": note});
            back.ask(&mut server, &open)["version"].clone()
        });
        back.phone.online = true;
        back.phone.now = back.phone.now.max(server.now).plus_ms(61_000);
        server.now = server.now.max(back.phone.now);
        let sync = back.begin(&json!({"cmd": "sync"}));
        let mut typed_then = Vec::new();
        back.work(&mut server, sync, Some(at), &mut |back| {
            for (note, word) in [(&first, format!("d{round}")), (&second, format!("e{round}"))] {
                let version = &versions[usize::from(*note == second)];
                typed_then.push((back.begin(&typed(note, version, &word)).0, *note == second, word));
            }
        });
        for (id, is_second, word) in typed_then {
            if back.answers[&id]["problem"] == Value::Null {
                if is_second { &mut in_second } else { &mut in_first }.push(word);
            }
        }
        let mut next = if killed { Typist::over(&back.phone, 60) } else { back };
        say(&mut next, &mut server, &second, format!("f{round}"), &mut in_second);
        next.ask(&mut server, &json!({"cmd": "flush"}));
        let mut last = Typist::over(&next.phone, 70);
        for _ in 0..3 {
            last.phone.now = last.phone.now.plus_ms(61_000);
            server.now = server.now.max(last.phone.now);
            last.ask(&mut server, &json!({"cmd": "sync"}));
        }
        ben = Phone::over(last.phone.store.clone(), 80);
        ben.now = server.now;
    }
    settle(&mut [&mut ana, &mut ben], &mut server);
    in_first.sort_unstable();
    in_second.sort_unstable();
    for phone in [&mut ana, &mut ben] {
        assert_eq!(words(phone, &mut server, &first), in_first, "at {at}, {rounds} times");
        assert_eq!(words(phone, &mut server, &second), in_second, "at {at}, {rounds} times");
        assert_eq!(ask(phone, &mut server, json!({"cmd": "outbox"})), json!([]));
    }
}

#[test]
fn p27_what_is_typed_while_an_answer_shows_that_the_phone_was_put_back_is_kept() {
    for at in 0..4 {
        for killed in [false, true] {
            types_while_an_answer_comes(at, 5, killed);
        }
    }
}

/// Drafts that the store does not take as a change, so many times.
#[test]
fn p06_what_was_typed_stays_when_the_store_refuses_it_as_a_change() {
    for fails in 1..8 {
        let mut server = Server::new();
        let (_, ben, [first, second]) = scene(&mut server);
        let mut ben = Typist::over(&ben, 30);
        for word in ["one", "two"] {
            ben.type_into(&mut server, &first, word);
            ben.type_into(&mut server, &second, word);
        }
        ben.fails = fails;
        ben.ask(&mut server, &json!({"cmd": "flush"}));
        ben.fails = 0;
        assert_eq!(ben.type_into(&mut server, &first, "three")["problem"], Value::Null);
        let mut again = Phone::over(ben.phone.store.clone(), 40);
        assert_eq!(words(&mut again, &mut server, &first), ["one", "three", "two"], "{fails}");
        assert_eq!(words(&mut again, &mut server, &second), ["one", "two"], "{fails}");
        assert_eq!(words(&mut ben.phone, &mut server, &first), ["one", "three", "two"], "{fails}");
        sync(&mut ben.phone, &mut server);
        let mut again = Phone::over(ben.phone.store.clone(), 41);
        assert_eq!(words(&mut again, &mut server, &first), ["one", "three", "two"], "{fails}, sent");
    }
}

/// Puts `text` in the place of `remove` letters at `index` of a note.
fn replaced(document: &Value, version: &Value, (index, remove, text): (usize, usize, &str)) -> Value {
    let ops = json!([{"op": "splice", "index": index, "remove": remove, "text": text}]);
    json!({"cmd": "editNote", "document": document, "edit": {"edit": "body", "version": version, "ops": ops}})
}

/// Ben types in two notes, and his phone's store refuses that as a change, so many times. Meanwhile Ana wrote in front of
/// what he typed. What stands in the first note in the end, letter by letter.
fn refused_while_others_write(fails: usize, killed: bool) -> [String; 2] {
    let mut server = Server::new();
    let (mut ana, ben, notes) = scene(&mut server);
    let mut ben = Typist::over(&ben, 30);
    for document in &notes {
        ben.type_into(&mut server, document, "one two three");
    }
    ben.ask(&mut server, &json!({"cmd": "sync"}));
    sync(&mut ana, &mut server);
    for document in &notes {
        let note = ask(&mut ana, &mut server, json!({"cmd": "openNote", "document": document}));
        let before = replaced(document, &note["version"], (0, 4, "Before all of it, "));
        ask(&mut ana, &mut server, before);
    }
    sync(&mut ana, &mut server);
    ben.phone.online = false;
    for document in &notes {
        for edit in [(14, 0, "four "), (8, 5, "five")] {
            let note = ben.ask(&mut server, &json!({"cmd": "openNote", "document": document}));
            let answer = ben.ask(&mut server, &replaced(document, &note["version"], edit));
            assert_eq!(answer["problem"], Value::Null, "{answer}");
        }
    }
    ben.fails = fails;
    let mut ben = if killed { Typist { fails, ..Typist::over(&ben.phone, 31) } } else { ben };
    ben.phone.online = false;
    ben.ask(&mut server, &json!({"cmd": "flush"}));
    ben.phone.online = true;
    for _ in 0..fails + 2 {
        ben.phone.now = ben.phone.now.max(server.now).plus_ms(61_000);
        server.now = ben.phone.now;
        ben.ask(&mut server, &json!({"cmd": "sync"}));
    }
    ana.now = server.now;
    sync(&mut ana, &mut server);
    notes.map(|document| {
        let shown = [&mut ana, &mut ben.phone].map(|phone| {
            let note = ask(phone, &mut server, json!({"cmd": "openNote", "document": document}));
            note["spans"].as_array().unwrap().iter().filter_map(|span| span["text"].as_str()).collect::<String>()
        });
        assert_eq!(shown[0], shown[1], "{fails} {killed}");
        shown[0].clone()
    })
}

#[test]
fn p06_what_was_typed_stands_where_it_was_typed_when_others_write_while_the_store_refuses_it() {
    for killed in [false, true] {
        for fails in 0..6 {
            for shown in refused_while_others_write(fails, killed) {
                assert_eq!(shown.trim_end(), "Before all of it, two five four", "{fails} {killed}");
            }
        }
    }
}
