use kith_shared::storage::{Batch, MemoryStore, Tree};
use kith_shared::sync::StoredEntry;
use kith_shared::trust::{EntrySignature, Signature};
use kith_tests::phone::Faulty;
use serde_json::{Value, json};

use crate::support::{Ask, Place};

fn code(problem: &impl serde::Serialize) -> String {
    serde_json::to_value(problem).unwrap()["code"].as_str().unwrap().to_owned()
}

#[test]
fn p25_who_fills_a_note_is_told_and_everybody_else_writes_on() {
    let place = Place::new();
    let (mut ana, mut mallory) = (place.enrolled(1, "Ana"), place.enrolled(2, "Mallory"));
    ana.sync().unwrap();
    let note = ana.create_note("Monday");
    ana.sync().unwrap();
    mallory.sync().unwrap();
    let mut version = mallory.note(&note)["version"].as_u64().unwrap();
    let (mut units, mut problem) = (0, None);
    for _ in 0..60 {
        let ops = json!([{"op": "splice", "index": 0, "remove": units, "text": "a".repeat(2_000)}]);
        let edit = json!({"edit": "body", "version": version, "ops": ops});
        match mallory.json(json!({"cmd": "editNote", "document": note, "edit": edit})) {
            Ok(reply) => version = reply["version"].as_u64().unwrap(),
            Err(refused) => {
                problem = Some(code(&refused));
                break;
            }
        }
        units = 2_000;
        mallory.tell(json!({"cmd": "flush"}));
    }
    assert_eq!(problem.as_deref(), Some("full"));
    // The phone that filled it goes on: what it wrote is sent, and it writes elsewhere.
    mallory.send("Elsewhere.");
    mallory.sync().unwrap();
    assert_eq!(mallory.tell(json!({"cmd": "outbox"})), json!([]));
    ana.sync().unwrap();
    ana.splice(&note, 0, 0, &"What we agreed on. ".repeat(200));
    ana.send("And here.");
    ana.sync().unwrap();
    assert_eq!(ana.tell(json!({"cmd": "outbox"})), json!([]), "all of it is on the server");
    mallory.sync().unwrap();
    assert!(mallory.plain(&note).starts_with("What we agreed on. "));
    let mut texts = mallory.texts();
    // Said in one moment of the place's clock: which stands first is for their ids.
    texts.sort_unstable();
    assert_eq!(texts, ["And here.", "Elsewhere."]);
}

/// Nothing that the server sends verifies on a newcomer's phone: it says so, also after it was closed.
#[test]
fn p25_what_a_phone_could_not_verify_is_named_and_never_just_missing() {
    let place = Place::new();
    let mut ana = place.enrolled(1, "Ana");
    ana.send("I was afraid to come.");
    ana.sync().unwrap();
    let mut damaged = Batch::default();
    for (at, value) in place.hub.borrow().store.rows(Tree::Log) {
        let entry = StoredEntry::decode(value).unwrap();
        let entry = StoredEntry {
            signature: entry.signature.map(|signed| EntrySignature { signature: Signature([9; 64]), ..signed }),
            ..entry
        };
        damaged.put(Tree::Log, at, entry.encode());
    }
    place.hub.borrow_mut().store.commit(damaged);
    let mut ben = place.phone_over(Faulty::new(MemoryStore::new()), 2);
    ben.json(json!({"cmd": "enrol", "link": place.member_link(), "name": "Ben"})).unwrap();
    for _ in 0..2 {
        ben.json(json!({"cmd": "sync"})).unwrap();
    }
    let why = |status: &Value| status["problem"]["why"].as_str().unwrap_or_default().to_owned();
    assert_eq!(ben.texts(), Vec::<String>::new());
    let status = ben.json(json!({"cmd": "sync"})).unwrap();
    assert_eq!(why(&status), "lacking", "{status}");
    let mut again = place.phone_over(ben.into_store(), 3);
    let status = again.json(json!({"cmd": "sync"})).unwrap();
    assert_eq!(why(&status), "lacking", "after a restart: {status}");
}
