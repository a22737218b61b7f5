//! Phones as processes with folders, which are copied as a person copies a profile, and the real server.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{PhoneProcess, Stage, THREAD};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let target = to.join(file.file_name());
        match file.file_type().unwrap().is_dir() {
            true => copy(&file.path(), &target),
            false => _ = std::fs::copy(file.path(), target).unwrap(),
        }
    }
}

struct Scene {
    stage: Stage,
    circle: String,
}

impl Scene {
    fn new() -> Self {
        let stage = Stage::new();
        let circle = stage.circle();
        Self { stage, circle }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.stage.folder.path().join(name)
    }

    fn start(&self, name: &str) -> PhoneProcess {
        PhoneProcess::start(&self.folder(name), &self.stage.server.origin, &[])
    }

    /// A phone with nobody to talk to.
    fn start_offline(&self, name: &str) -> PhoneProcess {
        PhoneProcess::start(&self.folder(name), "http://127.0.0.1:9", &[])
    }

    fn send(&self, phone: &mut PhoneProcess, text: &str) {
        let send = json!({"cmd": "send", "circle": self.circle, "thread": THREAD, "text": text, "replyTo": null});
        phone.ask(send).unwrap();
    }

    fn texts(&self, phone: &mut PhoneProcess) -> Vec<String> {
        let open = json!({"cmd": "openThread", "circle": self.circle, "thread": THREAD, "limit": 100});
        let thread = phone.ask(open).unwrap();
        let texts = thread["messages"].as_array().unwrap().iter();
        let mut texts: Vec<String> = texts.map(|message| message["text"].as_str().unwrap().to_owned()).collect();
        texts.sort();
        texts
    }
}

fn sync(phone: &mut PhoneProcess) -> Value {
    phone.ask(json!({"cmd": "sync"})).unwrap()
}

/// By the app's own means: save a file, stay, write, lose the phone, open the file elsewhere.
#[test]
fn p27_a_phone_that_is_opened_from_an_older_file_takes_back_its_words_and_speaks() {
    let scene = Scene::new();
    let mut ana = scene.stage.enrolled("ana", &[]);
    let mut ben = scene.stage.enrolled("ben", &[]);
    scene.send(&mut ben, "before the file");
    sync(&mut ben);
    drop(ben);
    copy(&scene.folder("ben"), &scene.folder("file"));
    let mut ben = scene.start("ben");
    scene.send(&mut ben, "after the file");
    assert_eq!(sync(&mut ben)["unsentItems"], 0);
    drop(ben);

    let mut back = scene.start("file");
    let status = sync(&mut back);
    assert_eq!((&status["resumed"], &status["unsentItems"]), (&json!("putBack"), &json!(0)));
    assert_eq!(scene.texts(&mut back), ["after the file", "before the file"]);
    scene.send(&mut back, "here again");
    assert_eq!(sync(&mut back)["unsentItems"], 0);
    sync(&mut ana);
    assert_eq!(scene.texts(&mut ana), ["after the file", "before the file", "here again"]);
}

#[test]
fn p27_what_was_written_from_an_older_file_before_the_first_sync_arrives_once() {
    let scene = Scene::new();
    let mut ana = scene.stage.enrolled("ana", &[]);
    let mut ben = scene.stage.enrolled("ben", &[]);
    scene.send(&mut ben, "1 before");
    sync(&mut ben);
    drop(ben);
    for round in 2..8 {
        copy(&scene.folder("ben"), &scene.folder("file"));
        let mut ben = scene.start("ben");
        scene.send(&mut ben, &format!("{round} since"));
        assert_eq!(sync(&mut ben)["unsentItems"], 0);
        drop(ben);
        let mut back = scene.start_offline("file");
        scene.send(&mut back, &format!("{round} from the file"));
        drop(back);
        let mut back = scene.start("file");
        let status = sync(&mut back);
        assert_eq!((&status["state"], &status["unsentItems"]), (&json!("idle"), &json!(0)), "{status}");
        drop(back);
        std::fs::remove_dir_all(scene.folder("ben")).unwrap();
        std::fs::rename(scene.folder("file"), scene.folder("ben")).unwrap();
    }
    let mut wanted = vec!["1 before".to_owned()];
    wanted.extend((2..8).flat_map(|round| [format!("{round} from the file"), format!("{round} since")]));
    sync(&mut ana);
    assert_eq!(scene.texts(&mut ana), wanted);
    let mut ben = scene.start("ben");
    sync(&mut ben);
    assert_eq!(scene.texts(&mut ben), wanted);
}
