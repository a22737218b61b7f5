use std::path::Path;

use kith_tests::server::ServerProcess;
use serde_json::{Value, json};

use crate::support::{PhoneProcess, Stage, THREAD};

fn send(phone: &mut PhoneProcess, circle: &str, text: &str) -> Value {
    phone.ask(json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text})).unwrap()
}

fn sync(phone: &mut PhoneProcess) -> Value {
    phone.ask(json!({"cmd": "sync"})).unwrap()
}

fn texts(phone: &mut PhoneProcess, circle: &str) -> Vec<String> {
    let thread = json!({"cmd": "openThread", "circle": circle, "thread": THREAD, "limit": 2_000});
    let thread = phone.ask(thread).unwrap();
    let mut texts: Vec<String> = thread["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["text"].as_str().unwrap().to_owned())
        .collect();
    texts.sort_unstable();
    texts
}

#[test]
fn p08_a_server_killed_between_two_phones_has_what_it_acknowledged() {
    let mut stage = Stage::new();
    let circle = stage.circle();
    let (mut ana, mut ben) = (stage.enrolled("Ana", &[]), stage.enrolled("Ben", &[]));
    for number in 0..5 {
        send(&mut ana, &circle, &format!("Ana {number}"));
        assert_eq!(sync(&mut ana)["unsentItems"], 0);
        stage.server.kill().unwrap();
        send(&mut ben, &circle, &format!("Ben {number}"));
        let status = sync(&mut ben);
        assert_eq!((&status["state"], &status["unsentItems"]), (&json!("offline"), &json!(1)), "{status}");
        stage.server.restart().unwrap();
        assert_eq!(sync(&mut ben)["unsentItems"], 0);
    }
    let mut late = stage.enrolled("Late", &[]);
    sync(&mut ana);
    sync(&mut late);
    assert_eq!(texts(&mut late, &circle).len(), 10);
    let digest = |phone: &mut PhoneProcess| phone.ask(json!({"cmd": "digest"})).unwrap();
    sync(&mut ben);
    sync(&mut ana);
    assert_eq!(digest(&mut ana), digest(&mut ben));
    assert_eq!(digest(&mut ana), digest(&mut late));
}

fn copy_keys(from: &Path, to: &Path) {
    let beside = |data: &Path| data.with_file_name(format!("{}-keys", data.file_name().unwrap().to_string_lossy()));
    std::fs::create_dir(beside(to)).unwrap();
    for file in std::fs::read_dir(beside(from)).unwrap().flatten() {
        std::fs::copy(file.path(), beside(to).join(file.file_name())).unwrap();
    }
}

#[test]
fn p08_phones_refill_what_a_restored_backup_lacks() {
    let mut stage = Stage::new();
    let circle = stage.circle();
    let (mut ana, mut ben) = (stage.enrolled("Ana", &[]), stage.enrolled("Ben", &[]));
    send(&mut ana, &circle, "before the backup");
    sync(&mut ana);
    sync(&mut ben);
    let (data, copy) = (stage.folder.path().join("data"), stage.folder.path().join("copy"));
    let port = stage.server.port();
    stage.server.kill().unwrap();
    ServerProcess::operate(&data, &["backup", "--to", copy.to_str().unwrap()]).unwrap();
    stage.server.restart().unwrap();
    for number in 0..3 {
        send(&mut ana, &circle, &format!("after the backup, Ana {number}"));
        send(&mut ben, &circle, &format!("after the backup, Ben {number}"));
        assert_eq!(sync(&mut ana)["unsentItems"], 0);
        assert_eq!(sync(&mut ben)["unsentItems"], 0);
    }
    stage.server.kill().unwrap();
    let restored = stage.folder.path().join("restored");
    // Keys stay where they are; the restored directory is told of them by a copy, as an operator keeps one.
    copy_keys(&data, &restored);
    ServerProcess::operate(&restored, &["restore", "--from", copy.to_str().unwrap()]).unwrap();
    ServerProcess::operate(&restored, &["scrub"]).unwrap();
    stage.server = ServerProcess::start(&restored, port).unwrap();
    for _ in 0..2 {
        for phone in [&mut ana, &mut ben] {
            let status = sync(phone);
            assert_eq!((&status["unsentItems"], &status["problem"]), (&json!(0), &Value::Null));
        }
    }
    let mut late = PhoneProcess::start(&stage.folder.path().join("late"), &stage.server.origin, &[]);
    late.ask(json!({"cmd": "enrol", "link": stage.member_link(), "name": "Late"})).unwrap();
    sync(&mut late);
    assert_eq!(texts(&mut late, &circle).len(), 7, "a phone that knew nothing gets all of it from the server");
}
