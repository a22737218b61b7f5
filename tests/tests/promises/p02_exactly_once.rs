use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::{PhoneProcess, Stage, THREAD};

/// More moments than a send and a sync have.
const MOMENTS_MAX: u32 = 60;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

fn copies(phone: &mut PhoneProcess, circle: &str, text: &str) -> usize {
    let open = json!({"cmd": "openThread", "circle": circle, "thread": THREAD, "limit": 2_000});
    let thread = phone.ask(open).unwrap();
    thread["messages"].as_array().unwrap().iter().filter(|message| message["text"] == text).count()
}

/// Each phone is its own device: a copied one would be a fork. So each moment enrols one of its own first.
#[test]
fn p02_a_phone_killed_at_any_moment_after_send_has_one_copy() {
    let stage = Stage::new();
    let circle = stage.circle();
    let mut witness = stage.enrolled("witness", &[]);
    let mut sent = Vec::new();
    let mut moment = 0;
    loop {
        moment += 1;
        assert!(moment < MOMENTS_MAX, "a send and a sync should be over after {moment} moments");
        let name = format!("phone{moment}");
        drop(stage.enrolled(&name, &[]));
        let folder = stage.folder.path().join(&name);
        let text = format!("killed at {moment}");
        let mut phone = PhoneProcess::start(&folder, &stage.server.origin, &["--die-at", &moment.to_string()]);
        let send = json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text});
        let acknowledged = matches!(phone.try_ask(send), Some(Ok(_)));
        let lived = acknowledged && phone.try_ask(json!({"cmd": "sync"})).is_some();
        drop(phone);
        let mut phone = PhoneProcess::start(&folder, &stage.server.origin, &["--offline"]);
        let here = copies(&mut phone, &circle, &text);
        assert!(here == 1 || (here == 0 && !acknowledged), "{here} copies after a kill at moment {moment}");
        phone.ask(json!({"cmd": "online"})).unwrap();
        let status = phone.ask(json!({"cmd": "sync"})).unwrap();
        assert_eq!(status["unsentItems"], 0, "{status}");
        assert_eq!(copies(&mut phone, &circle, &text), here);
        sent.push((text, here));
        if lived {
            break;
        }
    }
    assert!(moment > 6, "there were {moment} moments: too few to be true");
    witness.ask(json!({"cmd": "sync"})).unwrap();
    for (text, here) in sent {
        assert_eq!(copies(&mut witness, &circle, &text), here, "{text}");
    }
}

#[test]
fn p02_what_a_phone_and_its_copy_wrote_is_there_once_and_told() {
    let stage = Stage::new();
    let circle = stage.circle();
    drop(stage.enrolled("first", &[]));
    let (first, second) = (stage.folder.path().join("first"), stage.folder.path().join("second"));
    copy(&first, &second);
    let mut phones = [&first, &second].map(|folder| PhoneProcess::start(folder, &stage.server.origin, &["--offline"]));
    for (phone, text) in phones.iter_mut().zip(["from the first", "from the second"]) {
        phone.ask(json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text})).unwrap();
    }
    let [mut first, mut second] = phones;
    first.ask(json!({"cmd": "online"})).unwrap();
    assert_eq!(first.ask(json!({"cmd": "sync"})).unwrap()["unsentItems"], 0);
    second.ask(json!({"cmd": "online"})).unwrap();
    second.ask(json!({"cmd": "sync"})).unwrap();
    let status = second.ask(json!({"cmd": "sync"})).unwrap();
    assert_eq!(status["unsentItems"], 0, "{status}");
    assert!(status["resumed"].is_string(), "its person is told: {status}");
    first.ask(json!({"cmd": "sync"})).unwrap();
    for phone in [&mut first, &mut second] {
        for text in ["from the first", "from the second"] {
            assert_eq!(copies(phone, &circle, text), 1, "{text}");
        }
    }
}
