use kith_shared::time::TimestampMs;
use kith_tests::clock::PhoneClock;
use serde_json::json;

use crate::support::{Ask, NOW, Place};

const AWAY_MS: u64 = 90 * 86_400_000;

#[test]
fn p05_a_phone_that_was_away_90_days_adds_its_edits_and_takes_nothing_back() {
    let place = Place::new();
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    let note = ana.create_note("March");
    ana.splice(&note, 0, 0, "An old line. A line that stays.");
    let edit = json!({"edit": "agendaAdd", "text": "Breathing"});
    ana.tell(json!({"cmd": "editNote", "document": note, "edit": edit}));
    ana.send("Welcome");
    ana.sync().unwrap();
    ben.sync().unwrap();

    ben.set_online(false);
    ben.splice(&note, 0, 0, "Ben, long ago. ");
    ben.send("From the mountains");
    ben.clock = PhoneClock::Fixed(TimestampMs(NOW.0 + AWAY_MS));

    ana.splice(&note, 0, "An old line. ".len(), "");
    ana.field(&note, "title", "March, as it was");
    let item = ana.note(&note)["agenda"][0]["item"].clone();
    let edit = json!({"edit": "agendaRemove", "item": item});
    ana.tell(json!({"cmd": "editNote", "document": note, "edit": edit}));
    for day in 1..=90 {
        let now = TimestampMs(NOW.0 + day * 86_400_000);
        ana.clock = PhoneClock::Fixed(now);
        place.hub.borrow_mut().now = now;
        ana.send(&format!("Day {day}"));
        if day % 10 == 0 {
            ana.sync().unwrap();
        }
    }

    ben.set_online(true);
    let before = place.requests().len();
    assert_eq!(ben.sync().unwrap().unsent_items, 0);
    assert_eq!(place.requests().len() - before, 1, "one round trip");
    ana.sync().unwrap();
    assert_eq!(ana.digest().unwrap(), ben.digest().unwrap());
    assert_eq!(ana.plain(&note), "Ben, long ago. A line that stays.", "what was removed stays removed");
    let shown = ana.note(&note);
    assert_eq!(shown["title"]["value"], "March, as it was");
    assert_eq!(shown["agenda"], json!([]));
    assert_eq!(ana.texts().len(), 92);
    assert!(ana.texts().contains(&"From the mountains".to_owned()));
}
