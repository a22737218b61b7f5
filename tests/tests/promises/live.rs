use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::support::{PhoneProcess, Stage, THREAD};

#[test]
fn a_phone_that_listens_gets_what_another_wrote_without_asking() {
    let stage = Stage::new();
    let circle = stage.circle();
    drop(stage.enrolled("listener", &[]));
    let mut ana = stage.enrolled("ana", &[]);
    let folder = stage.folder.path().join("listener");
    let mut listener = PhoneProcess::start(&folder, &stage.server.origin, &["--live"]);
    listener.ask(json!({"cmd": "sync"})).unwrap();
    // The stream is opened after the sync.
    thread::sleep(Duration::from_millis(200));
    ana.ask(json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": "Are you up?"})).unwrap();
    ana.ask(json!({"cmd": "sync"})).unwrap();
    let open = json!({"cmd": "openThread", "circle": circle, "thread": THREAD, "limit": 9});
    let arrived = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        listener.ask(open.clone()).unwrap()["messages"][0]["text"] == "Are you up?"
    });
    assert!(arrived, "no poke came in 5 s");
}
