use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use kith_tests::clock::Stopwatch;
use serde_json::{Value, json};

use crate::support::{PhoneProcess, Stage, THREAD};

/// How fast a tap must be answered: half of them at least, since on a shared machine a neighbour's sync can hold
/// any single one up.
const ANSWER_MAX: Duration = Duration::from_millis(100);
/// What no tap may take: a twentieth of the time after which the network is given up, so that one that waits for
/// the network is seen.
const ANSWER_MAX_EVER: Duration = Duration::from_millis(2_000);

/// A server that takes every connection and never says a word.
fn black_hole() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let connections: Vec<_> = listener.incoming().collect();
        drop(connections);
    });
    origin
}

/// A network that answers everything with its login page.
fn login_page(head: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 65_536];
            let _ = stream.read(&mut asked);
            let page = "<html><form>Pay for the network</form></html>";
            let _ = write!(stream, "{head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}", page.len());
        }
    });
    origin
}

fn timed(phone: &mut PhoneProcess, command: Value) -> (Duration, Value) {
    let (watch, text) = (Stopwatch::start(), command.to_string());
    let reply = phone.ask(command).unwrap();
    let took = watch.elapsed();
    assert!(took < ANSWER_MAX_EVER, "{text} took {took:?}");
    (took, reply)
}

fn tap(phone: &mut PhoneProcess, command: Value) -> Value {
    timed(phone, command).1
}

fn use_it(phone: &mut PhoneProcess, circle: &str) {
    let mut took = Vec::new();
    let mut tap = |phone: &mut PhoneProcess, command| took.push(timed(phone, command).0);
    for number in 0..10 {
        let text = format!("tap {number}");
        tap(phone, json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text}));
        tap(phone, json!({"cmd": "openThread", "circle": circle, "thread": THREAD, "limit": 50}));
        tap(phone, json!({"cmd": "notes", "circle": circle}));
        tap(phone, json!({"cmd": "status"}));
        thread::sleep(Duration::from_millis(20));
    }
    took.sort_unstable();
    assert!(took[took.len() / 2] < ANSWER_MAX, "taps took {took:?}");
}

#[test]
fn p14_with_a_black_hole_every_tap_is_answered() {
    let stage = Stage::new();
    let circle = stage.circle();
    drop(stage.enrolled("ana", &[]));
    let folder = stage.folder.path().join("ana");
    let mut phone = PhoneProcess::start(&folder, &black_hole(), &[]);
    phone.ask(json!({"cmd": "status"})).unwrap();
    use_it(&mut phone, &circle);
    assert_eq!(tap(&mut phone, json!({"cmd": "status"}))["state"], "syncing");
    tap(&mut phone, json!({"cmd": "offline"}));
    let status = tap(&mut phone, json!({"cmd": "status"}));
    assert_eq!((&status["state"], &status["unsentItems"]), (&json!("offline"), &json!(1)), "{status}");
    drop(phone);
    let mut phone = PhoneProcess::start(&folder, &stage.server.origin, &[]);
    assert_eq!(phone.ask(json!({"cmd": "sync"})).unwrap()["unsentItems"], 0);
}

#[test]
fn p14_a_login_page_is_never_taken_for_data() {
    let stage = Stage::new();
    let circle = stage.circle();
    for (number, head) in [
        "HTTP/1.1 200 OK\r\ncontent-type: text/html",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/login\r\ncontent-type: text/html",
        "HTTP/1.1 511 Network Authentication Required\r\ncontent-type: text/html",
        "HTTP/1.1 200 OK\r\ncontent-type: application/x-kith",
        "hello",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("phone{number}");
        drop(stage.enrolled(&name, &[]));
        let folder = stage.folder.path().join(&name);
        let mut phone = PhoneProcess::start(&folder, &login_page(head), &[]);
        phone.ask(json!({"cmd": "status"})).unwrap();
        use_it(&mut phone, &circle);
        let before = phone.ask(json!({"cmd": "digest"})).unwrap();
        let status = phone.ask(json!({"cmd": "sync"})).unwrap();
        let expected = if head.contains("511") { "server-error" } else { "not-our-server" };
        assert_eq!((&status["state"], &status["problem"]["code"]), (&json!("failed"), &json!(expected)), "{head}");
        assert_eq!(phone.ask(json!({"cmd": "digest"})).unwrap(), before, "nothing was taken from {head}");
        let open = json!({"cmd": "openThread", "circle": circle, "thread": THREAD, "limit": 50});
        let thread = phone.ask(open).unwrap();
        let mine = thread["messages"].as_array().unwrap().iter().filter(|message| message["mine"] == true);
        assert!(mine.clone().count() == 10 && mine.clone().all(|message| message["safety"] != "safe"));
    }
}
