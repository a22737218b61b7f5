use serde_json::json;

use crate::support::{Ask, CIRCLE, Place, THREAD};

#[test]
fn p06_a_full_phone_reads_on_loses_nothing_and_says_what_to_do() {
    let place = Place::new();
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    let note = ana.create_note("Monday");
    ana.splice(&note, 0, 0, "All of us came.");
    ana.send("one");
    ana.sync().unwrap();
    ben.send("from Ben");
    ben.sync().unwrap();

    ana.store().room_bytes = Some(0);
    let send = json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": THREAD, "text": "two"});
    let problem = ana.json(send.clone()).unwrap_err();
    let told = serde_json::to_value(&problem).unwrap();
    assert_eq!(told["code"], "storage-full");
    assert!(problem.retry, "{problem:?}");
    let edit = json!({"edit": "field", "field": "title", "value": "Tuesday"});
    let problem = ana.json(json!({"cmd": "editNote", "document": note, "edit": edit})).unwrap_err();
    assert_eq!(serde_json::to_value(&problem).unwrap()["code"], "storage-full");
    let status = serde_json::to_value(ana.sync().unwrap()).unwrap();
    assert_eq!(status["problem"]["code"], "storage-full", "a sync that cannot be stored says so: {status}");

    assert_eq!(ana.texts(), ["one"], "reading goes on");
    assert_eq!(ana.plain(&note), "All of us came.");
    assert_eq!(ana.note(&note)["title"]["value"], "Monday", "what was not stored is not shown as if it were");

    let mut store = ana.into_store();
    store.room_bytes = None;
    let mut ana = place.phone_over(store, 9);
    assert_eq!(ana.texts(), ["one"], "what was acknowledged is there");
    ana.json(send).unwrap();
    assert_eq!(ana.sync().unwrap().problem, None);
    ben.sync().unwrap();
    let mut texts = ben.texts();
    texts.sort_unstable();
    assert_eq!(texts, ["from Ben", "one", "two"]);
    assert_eq!(ana.digest().unwrap(), ben.digest().unwrap());
}

/// At whatever byte the room runs out.
#[test]
fn p06_room_that_runs_out_anywhere_loses_nothing_that_was_acknowledged() {
    for room in (0..6_000).step_by(250) {
        let place = Place::new();
        let mut ana = place.enrolled(1, "Ana");
        let mut ben = place.enrolled(2, "Ben");
        (0..3).for_each(|number| drop(ben.send(&format!("Ben {number}"))));
        ben.sync().unwrap();
        ana.store().room_bytes = Some(room);
        let mut kept = Vec::new();
        for number in 0..4 {
            let text = format!("Ana {number}");
            let send = json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": THREAD, "text": text});
            if ana.json(send).is_ok() {
                kept.push(text);
            }
            ana.sync().unwrap();
        }
        let mut store = ana.into_store();
        store.room_bytes = None;
        let mut ana = place.phone_over(store, 9);
        assert_eq!(ana.sync().unwrap().problem, None, "room {room}");
        ben.sync().unwrap();
        let texts = ben.texts();
        assert_eq!(texts.len(), kept.len() + 3, "room {room}: {texts:?}");
        assert!(kept.iter().all(|text| texts.contains(text)), "room {room}: {texts:?}");
        assert_eq!(ana.digest().unwrap(), ben.digest().unwrap(), "room {room}");
    }
}
