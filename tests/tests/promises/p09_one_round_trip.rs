use serde_json::json;

use crate::support::{Ask, CIRCLE, DAY, MemoryPhone, NOW, Place};

/// What an in-sync check may cost each way, in bytes of body.
const CHECK_BYTES_MAX: usize = 300;
const NOTES: u32 = 50;
const THREADS: usize = 4;

/// A circle with 50 notes and 4 threads: with its profile, 55 documents.
fn lived_in(place: &Place) -> (MemoryPhone, MemoryPhone, Vec<String>) {
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    let mut threads = vec!["0000000000000000".to_owned()];
    for number in 1..THREADS {
        let title = format!("Thread {number}");
        let thread = ana.tell(json!({"cmd": "createThread", "circle": CIRCLE.to_string(), "title": title}));
        threads.push(thread["thread"].as_str().unwrap().to_owned());
    }
    for number in 0..NOTES {
        let (day, title) = (DAY - number, format!("Session {number}"));
        ana.tell(json!({"cmd": "createNote", "circle": CIRCLE.to_string(), "day": day, "ordinal": 0, "title": title}));
    }
    for thread in &threads {
        let text = "a first message";
        ana.tell(json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": thread, "text": text}));
    }
    ana.sync().unwrap();
    ben.sync().unwrap();
    ana.sync().unwrap();
    let documents = ana.export().unwrap()["circles"][CIRCLE.to_string()]["documents"].as_object().unwrap().len();
    assert_eq!(documents, 55);
    (ana, ben, threads)
}

#[test]
fn p09_a_phone_that_comes_back_sends_and_gets_everything_in_one_exchange() {
    let place = Place::new();
    let (mut ana, mut ben, threads) = lived_in(&place);
    let write = |phone: &mut MemoryPhone, who: &str| {
        for thread in &threads {
            let text = format!("{who} was away");
            phone.tell(json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": thread, "text": text}));
        }
        for number in 0..10 {
            let note = phone.tell(json!({
                "cmd": "createNote", "circle": CIRCLE.to_string(), "day": DAY - number, "ordinal": 0, "title": ""
            }));
            let document = note["document"].as_str().unwrap();
            phone.splice(document, 0, 0, &format!("{who} on day {number}. "));
        }
    };
    ben.set_online(false);
    write(&mut ben, "Ben");
    write(&mut ana, "Ana");
    ana.sync().unwrap();
    ben.set_online(true);
    let before = place.requests().len();
    let status = ben.sync().unwrap();
    assert_eq!((status.unsent_items, status.problem), (0, None));
    let requests = place.requests().split_off(before);
    assert_eq!(requests.len(), 1, "{requests:?}");
    ana.sync().unwrap();
    assert_eq!(ana.digest().unwrap(), ben.digest().unwrap());
}

#[test]
fn p09_an_in_sync_check_of_54_documents_is_one_small_request() {
    let place = Place::new();
    let (mut ana, ..) = lived_in(&place);
    let before = place.requests().len();
    assert_eq!(ana.sync().unwrap().last_safe_ms, Some(NOW.0));
    let requests = place.requests().split_off(before);
    let [(up_bytes, down_bytes)] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(*up_bytes <= CHECK_BYTES_MAX && *down_bytes <= CHECK_BYTES_MAX, "{up_bytes} up, {down_bytes} down");
}
