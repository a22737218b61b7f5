//! Search through the engine: what it finds is what its person may read, now.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{
    THREAD, another_phone, ask, bytes_of, contains, invited, leader, member, refused, send, settle, sync,
};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::client::{CommandId, Effect, Event, StoreFailure};
use kith_shared::deflate::inflate;
use kith_shared::storage::{Read, Tree};
use serde_json::{Value, json};

const DAY: u32 = 20_775;

fn search(words: &str, limit: u32) -> Value {
    json!({"cmd": "search", "circle": CIRCLE.to_string(), "words": words, "limit": limit})
}

/// What is found once all is ready.
fn found(phone: &mut Phone, server: &mut Server, words: &str) -> Value {
    for _ in 0..4 {
        let found = ask(phone, server, search(words, 500));
        if found["pending"] == 0 {
            return found;
        }
    }
    panic!("not ready");
}

fn excerpts(phone: &mut Phone, server: &mut Server, words: &str) -> Vec<String> {
    let found = found(phone, server, words);
    found["hits"].as_array().unwrap().iter().map(|hit| hit["excerpt"].as_str().unwrap().to_owned()).collect()
}

fn note(phone: &mut Phone, server: &mut Server, day: u32, text: &str) -> String {
    let create =
        json!({"cmd": "createNote", "circle": CIRCLE.to_string(), "day": day, "ordinal": 0, "title": "Café talk"});
    let note = ask(phone, server, create);
    let document = note["document"].as_str().unwrap().to_owned();
    write(phone, server, &document, &note["version"], text);
    document
}

fn write(phone: &mut Phone, server: &mut Server, document: &str, version: &Value, text: &str) {
    let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": text}]);
    let edit = json!({"edit": "body", "version": version, "ops": ops});
    ask(phone, server, json!({"cmd": "editNote", "document": document, "edit": edit}));
}

fn entry(phone: &mut Phone, server: &mut Server, text: &str) -> Value {
    let entry = json!({"kind": "text", "text": text});
    let add = json!({"cmd": "addEntry", "circle": CIRCLE.to_string(), "day": DAY, "entry": entry, "replaces": null});
    ask(phone, server, add)["key"].clone()
}

fn line(phone: &mut Phone, server: &mut Server, text: &str) -> Value {
    let add = json!({"cmd": "addPlanLine", "circle": CIRCLE.to_string(), "part": "ask", "text": text, "phone": "0700 12",
        "replaces": null});
    ask(phone, server, add)["key"].clone()
}

fn strategy(phone: &mut Phone, server: &mut Server, title: &str, text: &str) -> Value {
    let add = json!({"cmd": "addStrategy", "circle": CIRCLE.to_string(), "title": title, "text": text, "moments": [],
        "adaptedFrom": null});
    ask(phone, server, add)["key"].clone()
}

fn take_back(key: &Value) -> Value {
    json!({"cmd": "takeBack", "circle": CIRCLE.to_string(), "thread": THREAD, "key": key})
}

/// Ana, who leads, and Ben.
fn two(server: &mut Server) -> (Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], server);
    (ana, ben)
}

/// The pages that a phone keeps, unpacked.
fn pages(phone: &Phone) -> Vec<u8> {
    let unpack = |row: (&[u8], &[u8])| inflate(&row.1[1..], b"", 1 << 24, "page").unwrap();
    phone.store.rows(Tree::Snapshots).flat_map(unpack).collect()
}

#[test]
fn words_are_found_in_every_kind_with_the_place_to_open() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let sent = send(&mut ana, &mut server, "Yesterday I walked to the ríver.");
    let document = note(&mut ana, &mut server, DAY, "We spoke of the River and of walking home.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let strategy = strategy(&mut ben, &mut server, "River walk", "Look at the water.");
    let entry = entry(&mut ben, &mut server, "I walk by a river in my head.");
    let line = line(&mut ben, &mut server, "Walk to the river with Amina");
    let all = found(&mut ben, &mut server, "RIVER walk");
    let by_kind = |kind: &str| {
        let hit = all["hits"].as_array().unwrap().iter().find(|hit| hit["kind"] == kind);
        hit.unwrap_or_else(|| panic!("{kind} in {all}")).clone()
    };
    assert_eq!((all["hits"].as_array().unwrap().len(), &all["more"], &all["short"]), (5, &json!(false), &json!(false)));
    let message = by_kind("message");
    assert_eq!((&message["key"], &message["thread"], &message["mine"]), (&sent["key"], &json!(THREAD), &json!(false)));
    assert_eq!((&message["authorName"], &message["atMs"]), (&json!("Ana"), &sent["sentMs"]));
    assert_eq!(message["excerpt"], "Yesterday I walked to the ríver.");
    assert_eq!(message["found"], json!([{"from": 12, "to": 16}, {"from": 26, "to": 31}]));
    let of_note = by_kind("note");
    assert_eq!((&of_note["document"], &of_note["day"]), (&json!(document), &json!(DAY)));
    assert_eq!((&of_note["title"], &of_note["authorName"]), (&json!("Café talk"), &json!("")));
    let of_toolkit = by_kind("strategy");
    assert_eq!((&of_toolkit["key"], &of_toolkit["title"]), (&strategy, &json!("River walk")));
    assert_eq!((&of_toolkit["found"], &of_toolkit["mine"]), (&json!([]), &json!(true)), "the title has the words");
    let of_journal = by_kind("journal");
    assert_eq!((&of_journal["key"], &of_journal["day"]), (&entry, &json!(DAY)));
    assert_eq!(by_kind("plan")["key"], line);
    let times: Vec<u64> = all["hits"].as_array().unwrap().iter().map(|hit| hit["atMs"].as_u64().unwrap()).collect();
    assert!(times.is_sorted_by(|one, other| one >= other), "{times:?}");
    assert_eq!(excerpts(&mut ben, &mut server, "cafe"), ["We spoke of the River and of walking home."]);
    assert_eq!(
        excerpts(&mut ana, &mut server, "amina").len() + excerpts(&mut ana, &mut server, "head").len(),
        0,
        "his"
    );
}

#[test]
fn what_is_typed_in_a_note_is_found_and_what_was_deleted_is_not() {
    let mut server = Server::new();
    let (mut ana, _) = two(&mut server);
    let document = note(&mut ana, &mut server, DAY, "A heron stood there.");
    assert_eq!(excerpts(&mut ana, &mut server, "heron").len(), 1);
    let open = json!({"cmd": "openNote", "document": document});
    let version = ask(&mut ana, &mut server, open)["version"].clone();
    let ops = json!([{"op": "splice", "index": 2, "remove": 5, "text": "stork"}]);
    let edit = json!({"edit": "body", "version": version, "ops": ops});
    ask(&mut ana, &mut server, json!({"cmd": "editNote", "document": document, "edit": edit}));
    assert_eq!(excerpts(&mut ana, &mut server, "heron"), Vec::<String>::new());
    assert_eq!(excerpts(&mut ana, &mut server, "stork"), ["A stork stood there."]);
}

#[test]
fn the_newest_are_given_with_word_of_more_and_too_little_is_said() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    for at in 0..30 {
        send(if at % 2 == 0 { &mut ana } else { &mut ben }, &mut server, &format!("word number {at}"));
    }
    settle(&mut [&mut ana, &mut ben], &mut server);
    found(&mut ana, &mut server, "");
    let some = ask(&mut ana, &mut server, search("number", 7));
    let all = some["hits"].as_array().unwrap();
    assert_eq!((all.len(), &some["more"]), (7, &json!(true)));
    for (hit, at) in all.iter().zip((0..30).rev()) {
        assert_eq!(hit["excerpt"], format!("word number {at}"));
    }
    let exactly = ask(&mut ana, &mut server, search("number", 30));
    assert_eq!((exactly["hits"].as_array().unwrap().len(), &exactly["more"]), (30, &json!(false)));
    for short in ["", " ", "…", "京"] {
        let none = ask(&mut ana, &mut server, search(short, 7));
        assert_eq!((&none["short"], &none["hits"]), (&json!(true), &json!([])), "{short}");
    }
    assert_eq!(refused(&mut ana, &mut server, search(&"a".repeat(4_097), 7)), "too-long");
    let long = ask(&mut ana, &mut server, search(&"a b ".repeat(1_024), 7));
    assert_eq!((&long["short"], &long["hits"]), (&json!(false), &json!([])));
}

/// Does a command and stops before the commit of this number; whether it came so far.
fn killed(phone: &mut Phone, command: &Value, before: usize) -> bool {
    let command = serde_json::from_value(command.clone()).unwrap();
    let now = phone.clocks();
    phone.engine.handle(Event::Command { id: CommandId(9_999), command }, now);
    let mut commits = 0;
    while let Some(effect) = phone.engine.next_effect() {
        let event = match effect {
            Effect::Read { id, reads } => Event::Stored { id, results: Ok(phone.store.read(&reads)) },
            Effect::Commit { id, batch } => {
                if commits == before {
                    return true;
                }
                commits += 1;
                Event::Committed { id, outcome: Ok(phone.store.commit(batch)) }
            }
            _ => continue,
        };
        phone.engine.handle(event, now);
    }
    false
}

#[test]
fn p19_what_was_taken_back_leaves_the_page_in_the_same_commit_wherever_it_is_killed() {
    const WORDS: &str = "Confided and regretted: émeraude.";
    for before in 0..4 {
        let mut server = Server::new();
        let (mut ana, mut ben) = two(&mut server);
        send(&mut ana, &mut server, "This one stays.");
        let sent = send(&mut ana, &mut server, WORDS);
        settle(&mut [&mut ana, &mut ben], &mut server);
        for phone in [&mut ana, &mut ben] {
            assert_eq!(excerpts(phone, &mut server, "emeraude"), [WORDS]);
            assert!(contains(&pages(phone), "émeraude".as_bytes()));
        }
        let was_killed = killed(&mut ana, &take_back(&sent["key"]), before);
        let is_here = before == 0;
        assert!(was_killed || before > 0);
        assert_eq!(contains(&pages(&ana), "émeraude".as_bytes()), is_here, "before commit {before}");
        let mut again = Phone::over(ana.store.clone(), 50 + before as u8);
        again.now = ana.now;
        assert_eq!(excerpts(&mut again, &mut server, "emeraude").len(), usize::from(is_here));
        assert_eq!(excerpts(&mut again, &mut server, "stays"), ["This one stays."]);
        if is_here {
            ask(&mut again, &mut server, take_back(&sent["key"]));
        }
        settle(&mut [&mut again, &mut ben], &mut server);
        for phone in [&mut again, &mut ben] {
            assert!(!contains(&pages(phone), "émeraude".as_bytes()), "before anybody searched");
            assert_eq!(excerpts(phone, &mut server, "emeraude"), Vec::<String>::new());
            for bytes in [bytes_of(&phone.store), pages(phone)] {
                assert!(!contains(&bytes, "émeraude".as_bytes()) && !contains(&bytes, b"emeraude"));
            }
            assert_eq!(excerpts(phone, &mut server, "stays"), ["This one stays."]);
        }
    }
}

#[test]
fn pages_are_made_between_tasks_though_nobody_searches_and_brought_up_to_date_in_time() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    note(&mut ana, &mut server, DAY, "A heron.");
    send(&mut ana, &mut server, "A heron again.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    for _ in 0..20 {
        ben.now = ben.now.plus_ms(11_000);
        let now = ben.clocks();
        ben.engine.handle(Event::Wake, now);
        ben.drive(&mut server);
    }
    assert!(contains(&pages(&ben), b"A heron.") && contains(&pages(&ben), b"A heron again."));
    let before = ben.store.clone();
    send(&mut ben, &mut server, "One more.");
    assert!(!contains(&pages(&ben), b"One more."), "a page is not written for each message");
    assert_eq!(excerpts(&mut ben, &mut server, "more"), ["One more."]);
    assert!(contains(&pages(&ben), b"One more."));
    assert_ne!(before, ben.store);
}

#[test]
fn a_damaged_page_is_made_again() {
    let mut server = Server::new();
    let (mut ana, _) = two(&mut server);
    send(&mut ana, &mut server, "A heron.");
    assert_eq!(excerpts(&mut ana, &mut server, "heron"), ["A heron."]);
    let whole = ana.store.clone();
    let keys: Vec<Vec<u8>> = whole.rows(Tree::Snapshots).map(|(key, _)| key.to_vec()).collect();
    for damaged in [None, Some(Vec::new()), Some(vec![1, 2, 3]), Some(vec![9])] {
        let mut store = whole.clone();
        let mut batch = kith_shared::storage::Batch::default();
        for key in &keys {
            match &damaged {
                Some(bytes) => batch.put(Tree::Snapshots, key.clone(), bytes.clone()),
                None => batch.delete(Tree::Snapshots, key.clone()),
            }
        }
        store.commit(batch);
        let mut again = Phone::over(store, 60);
        again.now = ana.now;
        assert_eq!(excerpts(&mut again, &mut server, "heron"), ["A heron."], "{damaged:?}");
    }
}

#[test]
fn a_page_that_does_not_unseal_is_thrown_away_and_a_full_phone_still_searches() {
    let mut server = Server::new();
    let (mut ana, _) = two(&mut server);
    send(&mut ana, &mut server, "A heron.");
    assert_eq!(excerpts(&mut ana, &mut server, "heron"), ["A heron."]);
    for is_full in [false, true] {
        let mut phone = Phone::over(ana.store.clone(), 70);
        phone.now = ana.now;
        phone.drive(&mut server);
        let mut hits = Vec::new();
        for id in 1_000..1_006 {
            let now = phone.clocks();
            let command = serde_json::from_value(search("heron", 5)).unwrap();
            phone.engine.handle(Event::Command { id: CommandId(id), command }, now);
            while let Some(effect) = phone.engine.next_effect() {
                let is_page = |read: &Read| matches!(read, Read::Get { tree: Tree::Snapshots, .. });
                let event = match effect {
                    Effect::Read { id, reads }
                        if !is_full
                            && phone.store.rows(Tree::Snapshots).next().is_some()
                            && reads.iter().any(is_page)
                            && hits.is_empty()
                            && !reads.is_empty()
                            && reads.len() > 1 =>
                    {
                        let results = Err(StoreFailure::Corrupt { tree: Tree::Snapshots });
                        Event::Stored { id, results }
                    }
                    Effect::Read { id, reads } => Event::Stored { id, results: Ok(phone.store.read(&reads)) },
                    Effect::Commit { id, .. } if is_full => Event::Committed { id, outcome: Err(StoreFailure::Full) },
                    Effect::Commit { id, batch } => Event::Committed { id, outcome: Ok(phone.store.commit(batch)) },
                    Effect::Reply { reply, .. } => {
                        let found = serde_json::to_value(reply.unwrap()).unwrap();
                        hits = found["hits"].as_array().unwrap().clone();
                        continue;
                    }
                    _ => continue,
                };
                phone.engine.handle(event, now);
            }
        }
        assert_eq!(hits.len(), 1, "full: {is_full}");
    }
}

#[test]
fn a_phone_that_was_taken_out_finds_what_it_could_read_and_nothing_written_since() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    send(&mut ana, &mut server, "A heron before.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let who = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": who, "also": []}));
    settle(&mut [&mut ana], &mut server);
    send(&mut ana, &mut server, "A heron after.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(excerpts(&mut ben, &mut server, "heron"), ["A heron before."]);
    assert_eq!(excerpts(&mut ana, &mut server, "heron"), ["A heron after.", "A heron before."]);
}

#[test]
fn with_whom_one_blocked_nothing_is_found_and_a_third_finds_nothing_of_two() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let mut cat = invited(&mut server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let (of_ana, of_ben) = (member(&mut ben, &mut server, "Ana"), member(&mut ana, &mut server, "Ben"));
    let to_ben = json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": of_ben, "text": "A heron, for you.",
        "replyTo": null});
    ask(&mut ana, &mut server, to_ben);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let hit = found(&mut ben, &mut server, "heron")["hits"][0].clone();
    assert_eq!((&hit["thread"], &hit["title"]), (&json!(of_ana), &json!("Ana")));
    assert_eq!(excerpts(&mut cat, &mut server, "heron"), Vec::<String>::new());
    let block = |on: bool| json!({"cmd": "choose", "circle": CIRCLE.to_string(), "choice": "blocked", "member": of_ana, "on": on});
    ask(&mut ben, &mut server, block(true));
    assert_eq!(excerpts(&mut ben, &mut server, "heron"), Vec::<String>::new());
    ask(&mut ben, &mut server, block(false));
    assert_eq!(excerpts(&mut ben, &mut server, "heron").len(), 1);
}

#[test]
fn news_is_what_others_wrote_since_one_looked_here_by_author() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let mut cat = invited(&mut server, &mut ana, 3, "Cat", true);
    let me = member(&mut ben, &mut server, "Ben");
    let mut second = another_phone(&mut server, &mut ben, (&me, "Ben"), false, 91);
    settle(&mut [&mut ana, &mut ben, &mut cat, &mut second], &mut server);
    let news = |phone: &mut Phone, server: &mut Server| {
        ask(phone, server, json!({"cmd": "news", "circle": CIRCLE.to_string()}))
    };
    let seen = json!({"cmd": "seen", "circle": CIRCLE.to_string(), "thread": THREAD});
    assert_eq!(news(&mut ben, &mut server), json!([]));
    let day = u32::try_from(ana.now.0 / 86_400_000).unwrap();
    let document = note(&mut ana, &mut server, day, "First words.");
    send(&mut ana, &mut server, "One.");
    send(&mut ana, &mut server, "Two.");
    let regretted = send(&mut cat, &mut server, "Taken back.");
    ask(&mut cat, &mut server, take_back(&regretted["key"]));
    send(&mut second, &mut server, "My own, on my other phone.");
    settle(&mut [&mut ana, &mut cat, &mut second, &mut ben], &mut server);
    let of_ben = news(&mut ben, &mut server);
    assert_eq!(
        (of_ben.as_array().unwrap().len(), &of_ben[0]["name"], &of_ben[0]["messages"]),
        (1, &json!("Ana"), &json!(2))
    );
    assert_eq!(of_ben[0]["threads"].as_array().unwrap().len(), 1);
    assert_eq!(of_ben[0]["notes"], json!([{"document": document, "title": "Café talk", "day": day}]));
    ask(&mut ben, &mut server, seen.clone());
    let of_ben = news(&mut ben, &mut server);
    assert_eq!((&of_ben[0]["messages"], of_ben[0]["notes"].as_array().unwrap().len()), (&json!(0), 1));
    let open =
        |phone: &mut Phone, server: &mut Server| ask(phone, server, json!({"cmd": "openNote", "document": document}));
    let version = open(&mut ben, &mut server)["version"].clone();
    assert_eq!(news(&mut ben, &mut server), json!([]));
    write(&mut ben, &mut server, &document, &version, "Mine. ");
    settle(&mut [&mut ben, &mut second, &mut ana], &mut server);
    let is_changed = |phone: &mut Phone, server: &mut Server| {
        ask(phone, server, json!({"cmd": "notes", "circle": CIRCLE.to_string()}))[0]["changed"] == true
    };
    assert!(!is_changed(&mut ben, &mut server) && is_changed(&mut ana, &mut server), "somebody else changed it");
    open(&mut second, &mut server);
    ask(&mut second, &mut server, seen);
    assert_eq!(news(&mut second, &mut server), json!([]), "each phone has its own marks");
    assert_eq!(news(&mut ana, &mut server)[0]["name"], "Ben");
    ben.now = ben.now.plus_ms(31 * 86_400_000);
    send(&mut ana, &mut server, "Three.");
    assert_eq!(news(&mut ben, &mut server), json!([]), "what did not come yet");
    open(&mut ana, &mut server);
    assert_eq!(news(&mut ana, &mut server)[0]["notes"], json!([]));
}

mod any_sequence {
    use super::*;

    /// Words with what may be left out of them, as they are written and as they are plain.
    const WORDS: [(&str, &str); 10] = [
        ("River", "river"),
        ("ríver", "river"),
        ("Walking", "walking"),
        ("walk", "walk"),
        ("ÉCOLE", "ecole"),
        ("Ecology", "ecology"),
        ("أمل", "امل"),
        ("اَمَلنا", "املنا"),
        ("naïve", "naive"),
        ("NA", "na"),
    ];

    pub(super) struct Dice(pub(super) u64);

    impl Dice {
        pub(super) fn below(&mut self, below: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % below
        }

        fn text(&mut self) -> String {
            let count = 1 + self.below(4);
            let words: Vec<&str> = (0..count).map(|_| WORDS[self.below(WORDS.len())].0).collect();
            words.join([" ", ", ", " — "][self.below(3)])
        }
    }

    /// What a text says, plainly: by the list above, not by what search does.
    fn plain(text: &str) -> Vec<&'static str> {
        let words = text.split([' ', ',', '—', '\n']).filter(|word| !word.is_empty());
        words.map(|word| WORDS.iter().find(|(written, _)| *written == word).unwrap().1).collect()
    }

    /// All that a person can read, asked for as their screens do: kind, key, words.
    fn readable(phone: &mut Phone, server: &mut Server) -> Vec<(String, String, String)> {
        let circle = CIRCLE.to_string();
        let (mut all, text) = (Vec::new(), |value: &Value| value.as_str().unwrap().to_owned());
        let thread = json!({"cmd": "openThread", "circle": circle, "thread": THREAD, "limit": 2_000});
        for message in ask(phone, server, thread)["messages"].as_array().unwrap() {
            all.push(("message".into(), text(&message["key"]), text(&message["text"])));
        }
        for one in ask(phone, server, json!({"cmd": "toolkit", "circle": circle})).as_array().unwrap() {
            let said = [text(&one["title"]), text(&one["text"])].join(" ");
            all.push(("strategy".into(), text(&one["key"]), said));
        }
        for line in ask(phone, server, json!({"cmd": "plan", "circle": circle}))["lines"].as_array().unwrap() {
            all.push(("plan".into(), text(&line["key"]), text(&line["text"])));
        }
        let journal = json!({"cmd": "journal", "circle": circle, "months": 120});
        for entry in ask(phone, server, journal)["entries"].as_array().unwrap() {
            all.push(("journal".into(), text(&entry["key"]), text(&entry["entry"]["text"])));
        }
        for note in ask(phone, server, json!({"cmd": "notes", "circle": circle})).as_array().unwrap() {
            let open = json!({"cmd": "openNote", "document": note["document"]});
            let note = ask(phone, server, open);
            let spans = note["spans"].as_array().unwrap().iter();
            let said: String = spans.map(|span| span["text"].as_str().unwrap_or(" ").to_owned()).collect();
            all.push(("note".into(), text(&note["document"]), said));
        }
        all.retain(|(_, _, words)| !words.trim().is_empty());
        all
    }

    fn check(phone: &mut Phone, server: &mut Server, seed: u64) {
        // What is asked for the first time may have to come.
        readable(phone, server);
        let all = readable(phone, server);
        for typed in ["river", "WALK", "éco", "أم", "na", "riv wal", "naive ecole", "walking river na"] {
            let wanted: Vec<String> = match typed {
                "WALK" => vec!["walk".into()],
                "éco" => vec!["eco".into()],
                "أم" => vec!["ام".into()],
                plain => plain.split(' ').map(str::to_owned).collect(),
            };
            let has = |words: &str| {
                let said = plain(words);
                wanted.iter().all(|wanted| said.iter().any(|word| word.starts_with(wanted.as_str())))
            };
            let mut naive: Vec<(String, String)> = all
                .iter()
                .filter(|(_, _, words)| has(words))
                .map(|(kind, key, _)| (kind.clone(), key.clone()))
                .collect();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let hits = found(phone, server, typed)["hits"].as_array().unwrap().clone();
            let place = |hit: &Value| if hit["kind"] == "note" { text(&hit["document"]) } else { text(&hit["key"]) };
            let mut found: Vec<_> = hits.iter().map(|hit| (text(&hit["kind"]), place(hit))).collect();
            naive.sort();
            found.sort();
            assert_eq!(found, naive, "seed {seed}, {typed}");
        }
    }

    fn act(phone: &mut Phone, server: &mut Server, dice: &mut Dice, seed: u8) {
        let circle = CIRCLE.to_string();
        match dice.below(12) {
            0..=3 => drop(send(phone, server, &dice.text())),
            4 => drop(strategy(phone, server, "naïve", &dice.text())),
            5 => drop(entry(phone, server, &dice.text())),
            6 => {
                let text = dice.text();
                let add = json!({"cmd": "addPlanLine", "circle": circle, "part": "ask", "text": text, "phone": "",
                    "replaces": null});
                ask(phone, server, add);
            }
            7 => {
                let day = DAY + dice.below(2) as u32;
                let create = json!({"cmd": "createNote", "circle": circle, "day": day, "ordinal": 0, "title": ""});
                let note = ask(phone, server, create);
                let text = dice.text() + " ";
                // What came with the answer makes the edit stale, and it is not made.
                let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": text}]);
                let edit = json!({"edit": "body", "version": note["version"], "ops": ops});
                let edit = json!({"cmd": "editNote", "document": note["document"], "edit": edit});
                drop(phone.ask(server, serde_json::from_value(edit).unwrap()));
            }
            8 | 9 => {
                let mut all = readable(phone, server);
                all.retain(|(kind, ..)| kind != "note");
                if all.is_empty() {
                    return;
                }
                let (kind, key, _) = all.swap_remove(dice.below(all.len()));
                let command = match kind.as_str() {
                    "message" => take_back(&json!(key)),
                    "strategy" => json!({"cmd": "takeBackStrategy", "circle": circle, "key": key}),
                    "plan" => json!({"cmd": "removePlanLine", "circle": circle, "key": key}),
                    _ => json!({"cmd": "removeEntry", "circle": circle, "key": key}),
                };
                if dice.below(2) == 0 {
                    killed(phone, &command, dice.below(2));
                    restart(phone, seed);
                } else {
                    drop(phone.ask(server, serde_json::from_value(command).unwrap()));
                }
            }
            10 => restart(phone, seed),
            _ => sync(phone, server),
        }
    }

    fn restart(phone: &mut Phone, seed: u8) {
        let now = phone.now;
        *phone = Phone::over(phone.store.clone(), seed);
        phone.now = now;
    }

    #[test]
    fn what_search_finds_is_what_a_naive_scan_of_the_readable_finds() {
        for seed in 0..24 {
            let mut dice = Dice(seed * 7_919 + 1);
            let mut server = Server::new();
            let (mut ana, mut ben) = two(&mut server);
            let me = member(&mut ben, &mut server, "Ben");
            let mut second = another_phone(&mut server, &mut ben, (&me, "Ben"), false, 90);
            settle(&mut [&mut ana, &mut ben, &mut second], &mut server);
            for step in 0..40 {
                let phone = match dice.below(3) {
                    0 => &mut ana,
                    1 => &mut ben,
                    _ => &mut second,
                };
                act(phone, &mut server, &mut dice, 100 + step);
                if dice.below(5) == 0 {
                    check(phone, &mut server, seed);
                }
            }
            settle(&mut [&mut ana, &mut ben, &mut second], &mut server);
            for phone in [&mut ana, &mut ben, &mut second] {
                check(phone, &mut server, seed);
            }
        }
    }
}
