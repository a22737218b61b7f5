use kith_shared::storage::{Batch, MemoryStore, Tree};
use kith_tests::hub::Hub;
use kith_tests::phone::Faulty;
use serde_json::{Value, json};

use crate::support::{Ask, CIRCLE, MemoryPhone, Place, THREAD};

/// Every so many bytes of what the server keeps is altered in turn.
const STEP: usize = 7;

/// Texts with the name that stands beside them.
type Said = Vec<(String, String)>;

fn said_in_talk(phone: &mut MemoryPhone) -> Said {
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 50});
    let thread = phone.json(open).unwrap_or(Value::Null);
    let here = thread["messages"].as_array().into_iter().flatten().filter(|message| message["body"] == "here");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    here.map(|message| (text(&message["text"]), text(&message["authorName"]))).collect()
}

fn said_in_note(phone: &mut MemoryPhone, note: &str) -> Said {
    let passages = phone.json(json!({"cmd": "passages", "document": note})).unwrap_or(Value::Null);
    let names = |passage: &Value| {
        let authors = passage["authors"].as_array().unwrap().iter();
        let mut names: Vec<_> = authors.map(|author| author["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        names.join(" and ")
    };
    let passages = passages.as_array().into_iter().flatten();
    passages.map(|passage| (passage["text"].as_str().unwrap().trim().to_owned(), names(passage))).collect()
}

/// A circle in which Ana and Ben talked and wrote a note together.
fn talked() -> (Place, MemoryPhone, String) {
    let place = Place::new();
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    ana.sync().unwrap();
    ana.send("I was afraid to come.");
    let note = ana.create_note("");
    ana.splice(&note, 0, 0, "We met at the wel.");
    ana.sync().unwrap();
    ben.sync().unwrap();
    ben.send("I am glad that you came.");
    ben.splice(&note, 17, 0, "l");
    ben.splice(&note, 19, 0, " It rained.");
    for _ in 0..2 {
        ben.sync().unwrap();
        ana.sync().unwrap();
    }
    (place, ana, note)
}

/// What a phone that comes in now is shown, if this is what the server keeps.
fn shown_to_newcomer(place: &Place, hub: &Hub, note: &str) -> (Said, Said) {
    *place.hub.borrow_mut() = hub.clone();
    let mut chris = place.phone_over(Faulty::new(MemoryStore::new()), 3);
    let enrol = json!({"cmd": "enrol", "link": place.member_link(), "name": "Chris"});
    if chris.json(enrol).is_ok() {
        for _ in 0..2 {
            // An altered answer may well be refused as a whole.
            let _ = chris.sync();
        }
    }
    (said_in_talk(&mut chris), said_in_note(&mut chris, note))
}

/// Whether each of the words is among those by that name; without what Ben added, Ana's are as she wrote them.
fn wrote(written: &Said, name: &str, text: &str) -> bool {
    let theirs = written.iter().filter(|(_, authors)| authors.split(" and ").any(|author| author == name));
    let words: Vec<&str> = theirs.flat_map(|(text, _)| text.split_whitespace()).collect();
    text.split_whitespace().all(|word| words.contains(&word) || (word, name) == ("wel.", "Ana"))
}

#[test]
fn p17_a_joint_note_shows_who_wrote_each_word() {
    let (_place, mut ana, note) = talked();
    // Ben mended a letter of Ana's "wel.": a word that somebody rewrites goes and comes whole, and is theirs.
    let expected = [("We met at the", "Ana"), ("well. It rained.", "Ben")];
    let shown = said_in_note(&mut ana, &note);
    let shown: Vec<_> = shown.iter().map(|(text, by)| (text.as_str(), by.as_str())).collect();
    assert_eq!(shown, expected);
}

#[test]
fn p17_whatever_the_server_alters_nothing_stands_under_a_name_that_its_owner_did_not_write() {
    let (place, mut ana, note) = talked();
    let hub = place.hub.borrow().clone();
    let (talk, written) = shown_to_newcomer(&place, &hub, &note);
    assert_eq!(talk, said_in_talk(&mut ana));
    assert_eq!(talk.len(), 2);
    assert_eq!(written, said_in_note(&mut ana, &note));

    let (mut tried, mut seen) = (0, 0);
    for tree in [Tree::Log, Tree::Bodies, Tree::Owners] {
        let rows: Vec<_> = hub.store.rows(tree).map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
        assert!(!rows.is_empty(), "{tree:?}");
        for (key, value) in rows {
            for at in (0..value.len()).step_by(STEP) {
                let mut altered = value.clone();
                altered[at] ^= 1 << (at % 8);
                let mut batch = Batch::default();
                batch.put(tree, key.clone(), altered);
                let mut false_hub = hub.clone();
                false_hub.store.commit(batch);
                let (talk_now, written_now) = shown_to_newcomer(&place, &false_hub, &note);
                // A name that did not come is shown as nobody's.
                for (text, by) in &talk_now {
                    let known = talk.iter().any(|(said, author)| said == text && (by.is_empty() || by == author));
                    assert!(known, "{tree:?} at {at}: {text:?} by {by:?}");
                }
                for (text, by) in &written_now {
                    for name in by.split(" and ").filter(|name| !name.is_empty()) {
                        assert!(wrote(&written, name, text), "{tree:?} at {at}: {text:?} by {by:?}");
                    }
                }
                tried += 1;
                seen += usize::from(talk_now != talk || written_now != written);
            }
        }
    }
    assert!(tried > 150, "{tried}");
    assert!(seen > tried / 2, "altering changed what is shown only {seen} times of {tried}");
}

#[test]
fn p17_texts_that_the_server_swaps_are_not_shown() {
    let (place, _ana, note) = talked();
    let hub = place.hub.borrow().clone();
    let bodies: Vec<_> = hub.store.rows(Tree::Bodies).map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
    assert_eq!(bodies.len(), 2);
    let mut batch = Batch::default();
    batch.put(Tree::Bodies, bodies[0].0.clone(), bodies[1].1.clone());
    batch.put(Tree::Bodies, bodies[1].0.clone(), bodies[0].1.clone());
    let mut false_hub = hub.clone();
    false_hub.store.commit(batch);
    assert_eq!(shown_to_newcomer(&place, &false_hub, &note).0, []);
}
