//! What lies on the server's disk tells nothing to who has the disk and not the operator's key.

use std::fs;
use std::path::{Path, PathBuf};

use kith_tests::server::ServerProcess;
use serde_json::{Value, json};

use crate::support::{DAY, PhoneProcess, Stage, THREAD, operator_keys};

/// Words that stand nowhere else.
const NAME: &str = "Wilhelmina Quarterstaff";
const TITLE: &str = "Harvest supper retrospective";
const PLACE: &str = "Nightingale schoolhouse";
const NOTE: &str = "Unspoken bereavement came up twice tonight";
const MESSAGE: &str = "Sleepwalking again since the solicitor called";
const CIRCLE: &str = "Our circle";

fn ask(phone: &mut PhoneProcess, command: Value) -> Value {
    phone.ask(command).unwrap()
}

/// A circle with a known name, note and message, all of it acknowledged.
fn filled(stage: &Stage) -> PhoneProcess {
    let (circle, mut phone) = (stage.circle(), stage.enrolled(NAME, &[]));
    let note = json!({"cmd": "createNote", "circle": circle, "day": DAY, "ordinal": 0, "title": TITLE});
    let note = ask(&mut phone, note)["document"].as_str().unwrap().to_owned();
    let edit = json!({"edit": "field", "field": "place", "value": PLACE});
    ask(&mut phone, json!({"cmd": "editNote", "document": note, "edit": edit}));
    let version = ask(&mut phone, json!({"cmd": "openNote", "document": note}))["version"].as_u64().unwrap();
    let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": NOTE}]);
    let edit = json!({"edit": "body", "version": version, "ops": ops});
    ask(&mut phone, json!({"cmd": "editNote", "document": note, "edit": edit}));
    ask(&mut phone, json!({"cmd": "flush"}));
    ask(&mut phone, json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": MESSAGE}));
    assert_eq!(ask(&mut phone, json!({"cmd": "sync"}))["unsentItems"], 0);
    phone
}

/// A phone that knew nothing reads it all from the server.
fn read_by_a_stranger(stage: &Stage, link: &str, name: &str) {
    let mut late = PhoneProcess::start(&stage.folder.path().join(name), &stage.server.origin, &[]);
    ask(&mut late, json!({"cmd": "enrol", "link": link, "name": "Late"}));
    ask(&mut late, json!({"cmd": "sync"}));
    let thread = json!({"cmd": "openThread", "circle": stage.circle(), "thread": THREAD, "limit": 10});
    assert_eq!(ask(&mut late, thread)["messages"][0]["text"], MESSAGE);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    fs::read_dir(folder).unwrap().flatten().flat_map(|file| below(file.path())).collect()
}

/// Every run of this many letters of what was written must be absent.
const LETTERS: usize = 8;

fn assert_tells_nothing(folder: &Path) {
    let found = files(folder);
    assert!(found.iter().map(|file| fs::metadata(file).unwrap().len()).sum::<u64>() > 1_000, "there is a store");
    for file in found {
        let bytes = fs::read(&file).unwrap();
        for words in [NAME, TITLE, PLACE, NOTE, MESSAGE, CIRCLE] {
            for part in words.as_bytes().windows(LETTERS.min(words.len())) {
                let is_there = bytes.windows(part.len()).any(|window| window == part);
                assert!(!is_there, "{} holds {:?} of {words:?}", file.display(), String::from_utf8_lossy(part));
            }
        }
    }
}

#[test]
fn p16_no_word_of_a_circle_lies_readable_on_the_disk_or_in_a_backup() {
    let mut stage = Stage::new();
    let _ana = filled(&stage);
    read_by_a_stranger(&stage, &stage.member_link(), "before");
    let (data, copy) = (stage.folder.path().join("data"), stage.folder.path().join("copy"));
    assert_tells_nothing(&data);
    stage.server.kill().unwrap();
    assert_tells_nothing(&data);
    ServerProcess::operate(&data, &["backup", "--to", copy.to_str().unwrap()]).unwrap();
    assert_tells_nothing(&copy);
    stage.server.restart().unwrap();
    read_by_a_stranger(&stage, &stage.member_link(), "after");
}

#[test]
fn p16_without_the_operators_key_nothing_starts_and_nothing_is_changed() {
    let mut stage = Stage::new();
    let data = stage.folder.path().join("data");
    stage.server.kill().unwrap();
    let keys = stage.folder.path().join("data-keys");
    let (key, away) = (operator_keys(&stage).remove(0), stage.folder.path().join("away"));
    fs::rename(&key, &away).unwrap();
    let refused = ServerProcess::operate(&data, &["circle", "list"]).unwrap_err().to_string();
    let name = key.file_name().unwrap().to_str().unwrap();
    assert!(refused.contains(keys.to_str().unwrap()) && refused.contains(&format!("bring {name} back")), "{refused}");
    fs::copy(keys.join("root.key"), &key).unwrap();
    let refused = ServerProcess::operate(&data, &["circle", "list"]).unwrap_err().to_string();
    assert!(refused.contains("which its name does not say"), "{refused}");
    fs::rename(&key, keys.join("operator.key")).unwrap();
    let refused = ServerProcess::operate(&data, &["circle", "list"]).unwrap_err().to_string();
    assert!(refused.contains("nothing was written"), "{refused}");
    fs::remove_file(keys.join("operator.key")).unwrap();
    fs::rename(&away, &key).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = ServerProcess::operate(&data, &["circle", "list"]).unwrap_err().to_string();
        assert!(refused.contains(&format!("chmod 600 {}", key.display())), "{refused}");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let listed = ServerProcess::operate(&data, &["circle", "list"]).unwrap();
    assert!(listed.contains(&stage.circle()), "{listed}");
}

#[test]
fn p16_keys_are_replaced_and_a_shredded_circle_is_gone_while_the_log_tells_of_it() {
    let mut stage = Stage::new();
    let mut ana = filled(&stage);
    let (data, circle) = (stage.folder.path().join("data"), stage.circle());
    let operate = |arguments: &[&str]| ServerProcess::operate(&data, arguments);
    stage.server.kill().unwrap();
    let before = operator_keys(&stage);
    operate(&["keys", "rotate"]).unwrap();
    assert_ne!(operator_keys(&stage), before);
    assert_eq!(operator_keys(&stage).len(), 1);
    let rotated = operate(&["keys", "rotate-data", "--all"]).unwrap();
    assert!(rotated.contains(&circle) && rotated.contains("gone from the disk"), "{rotated}");
    operate(&["scrub"]).unwrap();
    let verified = operate(&["audit", "verify"]).unwrap();
    let head = verified.lines().last().unwrap().to_owned();
    stage.server.restart().unwrap();
    read_by_a_stranger(&stage, &stage.member_link(), "rotated");
    assert_eq!(ask(&mut ana, json!({"cmd": "sync"}))["problem"], Value::Null);
    stage.server.kill().unwrap();
    assert!(operate(&["circle", "shred", &circle]).unwrap_err().to_string().contains("--yes"));
    operate(&["circle", "shred", &circle, "--yes"]).unwrap();
    assert_eq!(operate(&["circle", "list"]).unwrap(), "");
    operate(&["scrub"]).unwrap();
    operate(&["audit", "verify", "--expect", &head]).unwrap();
    let wrong = head.replace('-', "-0").chars().take(head.len()).collect::<String>();
    assert!(operate(&["audit", "verify", "--expect", &wrong]).is_err());
    let log = operate(&["audit", "list", "--circle", &circle]).unwrap();
    for action in ["circle-created", "invite-made", "keys-rotated", "circle-shredded"] {
        assert!(log.contains(action), "{action}: {log}");
    }
    assert!(operate(&["erase", "now"]).unwrap().contains("nothing that was erased is on the disk"));
}
