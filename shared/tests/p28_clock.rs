//! P28: the clock decides nothing. What is due is counted by a clock that runs on; what is written is dated by the
//! server's time as it is known.

use crate::support::people::{THREAD, ask, invited, leader, send, sync};
use crate::support::{CIRCLE, Phone, START_MS, Server};
use kith_shared::client::Event;
use kith_shared::client::view::Notice;
use kith_shared::time::{SteadyMs, TimestampMs};
use serde_json::{Value, json};

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
const YEAR_MS: u64 = 365 * DAY_MS;

/// Lets time pass on a phone and the server, and wakes the phone when it asked for it; its wall clock goes on too.
fn pass(phone: &mut Phone, server: &mut Server, ms: u64) {
    let steady = phone.clocks().steady.plus_ms(ms);
    phone.steady = Some(steady);
    phone.now = phone.now.plus_ms(ms);
    server.now = server.now.plus_ms(ms);
    while phone.wake.is_some_and(|at| at <= steady) {
        phone.wake = None;
        phone.engine.handle(Event::Wake, phone.clocks());
        phone.drive(server);
    }
}

/// From now on its clock that runs on is another than the one that people set.
fn apart(phone: &mut Phone) {
    phone.steady = Some(SteadyMs(1_000));
    ask_nothing(phone);
}

fn ask_nothing(phone: &mut Phone) {
    phone.engine.handle(Event::Wake, phone.clocks());
}

fn write(phone: &mut Phone, server: &mut Server, text: &str) -> String {
    let circle = CIRCLE.to_string();
    let create = json!({"cmd": "createNote", "circle": circle, "day": 20_780, "ordinal": 0, "title": "Monday"});
    let note = ask(phone, server, create);
    let (document, version) = (&note["document"], &note["version"]);
    let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": text}]);
    let edit = json!({"edit": "body", "version": version, "ops": ops});
    ask(phone, server, json!({"cmd": "editNote", "document": document, "edit": edit}));
    document.as_str().unwrap_or_default().to_owned()
}

fn status(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "status"}))
}

fn messages(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 50});
    ask(phone, server, open)["messages"].as_array().cloned().unwrap_or_default()
}

/// Times that a phone's clock may be set to while the app runs.
fn settings(now: TimestampMs) -> Vec<u64> {
    let now = now.0;
    vec![
        0,
        now - 2 * YEAR_MS,
        now - DAY_MS,
        now - 10 * MINUTE_MS,
        now + 10 * MINUTE_MS,
        now + DAY_MS,
        now + 2 * YEAR_MS,
    ]
}

#[test]
fn p28_what_was_typed_is_sent_by_itself_after_the_clock_was_set() {
    for set in settings(TimestampMs(START_MS)) {
        for back in [false, true] {
            let mut server = Server::new();
            let mut ana = leader(&mut server, 1);
            apart(&mut ana);
            if back {
                // First ahead for a while, then to where it shall be.
                ana.now = TimestampMs(set.max(START_MS) + 2 * YEAR_MS);
                sync(&mut ana, &mut server);
            }
            ana.now = TimestampMs(set);
            write(&mut ana, &mut server, "Slept well. ");
            for _ in 0..20 {
                pass(&mut ana, &mut server, 1_000);
            }
            assert_eq!(status(&mut ana, &mut server)["unsentItems"], 0, "set to {set}, after ahead: {back}");
        }
    }
}

#[test]
fn p28_a_failed_sync_is_tried_again_after_the_clock_was_set_back() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    apart(&mut ana);
    ana.now = ana.now.plus_ms(2 * YEAR_MS);
    ana.online = false;
    send(&mut ana, &mut server, "I slept.");
    pass(&mut ana, &mut server, 2_000);
    (ana.now, ana.online) = (TimestampMs(START_MS), true);
    for _ in 0..30 {
        pass(&mut ana, &mut server, 1_000);
    }
    assert_eq!(status(&mut ana, &mut server)["unsentItems"], 0);
}

#[test]
fn p28_what_is_due_is_looked_at_anew_when_a_phone_wakes_from_sleep() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    apart(&mut ana);
    write(&mut ana, &mut server, "Slept well. ");
    // The steady clock stood still: its timer has not come.
    (ana.now, server.now) = (ana.now.plus_ms(DAY_MS), server.now.plus_ms(DAY_MS));
    ana.engine.handle(Event::Nudge, ana.clocks());
    ana.drive(&mut server);
    assert_eq!(status(&mut ana, &mut server)["unsentItems"], 0);
}

#[test]
fn p28_what_is_written_is_dated_by_the_servers_time_once_it_is_known() {
    for wall in settings(TimestampMs(START_MS)).into_iter().chain([START_MS - 20_000, START_MS + 20_000]) {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
        ben.now = TimestampMs(wall);
        sync(&mut ben, &mut server);
        ben.online = false;
        let sent =
            json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": THREAD, "text": "Mine", "replyTo": null});
        let sent = ask(&mut ben, &mut server, sent)["sentMs"].as_u64().unwrap_or_default();
        assert!(sent.abs_diff(server.now.0) < 5_000, "clock at {wall}: dated {sent}, it was {}", server.now);
    }
}

#[test]
fn p28_a_new_run_dates_by_what_an_earlier_one_heard() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    ana.now = TimestampMs(0);
    sync(&mut ana, &mut server);
    let mut again = Phone::over(ana.store.clone(), 9);
    again.now = TimestampMs(1_000);
    again.online = false;
    again.drive(&mut server);
    let circle = CIRCLE.to_string();
    let sent = json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": "Mine", "replyTo": null});
    let sent = ask(&mut again, &mut server, sent)["sentMs"].as_u64().unwrap_or_default();
    assert!(sent.abs_diff(server.now.0) < 5_000, "{sent}");
}

#[test]
fn p28_a_person_is_told_once_that_their_clock_is_wrong() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    assert_eq!(status(&mut ana, &mut server)["clock"]["isNews"], false);
    ana.now = ana.now.plus_ms(2 * YEAR_MS);
    ana.notices.clear();
    sync(&mut ana, &mut server);
    let told = ana.notices.iter().any(|notice| matches!(notice, Notice::Status { status } if status.clock.is_news));
    assert!(told, "every page hears of it");
    let clock = status(&mut ana, &mut server)["clock"].clone();
    let offset = clock["offsetMs"].as_i64().unwrap();
    assert!(offset.abs_diff(-(2 * YEAR_MS as i64)) < 5_000, "{clock}");
    ask(&mut ana, &mut server, json!({"cmd": "clockTold"}));
    assert_eq!(status(&mut ana, &mut server)["clock"], json!({"offsetMs": offset, "isWrong": true, "isNews": false}));
    let mut again = Phone::over(ana.store.clone(), 9);
    again.now = ana.now;
    again.drive(&mut server);
    sync(&mut again, &mut server);
    assert_eq!(status(&mut again, &mut server)["clock"]["isNews"], false, "nor by a later run");
}

/// Syncs all so often that everyone has what the others said; time passes for all alike.
fn calm(phones: &mut [&mut Phone], server: &mut Server) {
    for _ in 0..4 {
        server.now = server.now.plus_ms(61_000);
        for phone in phones.iter_mut() {
            phone.now = phone.now.plus_ms(61_000);
            sync(phone, server);
        }
    }
}

#[test]
fn p28_clocks_apart_close_nothing_to_a_newcomer() {
    for offset_ms in [-(2 * YEAR_MS as i64), -20_000, 0, 20_000, DAY_MS as i64] {
        for is_away in [false, true] {
            let mut server = Server::new();
            let mut ana = leader(&mut server, 1);
            let mut cleo = invited(&mut server, &mut ana, 3, "Cleo", true);
            calm(&mut [&mut ana, &mut cleo], &mut server);
            cleo.now = TimestampMs(cleo.now.0.saturating_add_signed(offset_ms));
            sync(&mut cleo, &mut server);
            cleo.online = !is_away;
            let mut ben = invited(&mut server, &mut ana, 2, "Ben", false);
            calm(&mut [&mut ana, &mut ben], &mut server);
            let circle = CIRCLE.to_string();
            let sent = json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": "Since", "replyTo": null});
            ask(&mut cleo, &mut server, sent);
            cleo.online = true;
            calm(&mut [&mut cleo, &mut ana, &mut ben], &mut server);
            calm(&mut [&mut cleo, &mut ana, &mut ben], &mut server);
            let shown = messages(&mut ben, &mut server);
            assert_eq!(shown[0]["text"], "Since", "{offset_ms}, away: {is_away}: {shown:?}");
        }
    }
}

fn say(phone: &mut Phone, server: &mut Server, text: &str) -> u64 {
    let circle = CIRCLE.to_string();
    let sent = json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text, "replyTo": null});
    ask(phone, server, sent)["sentMs"].as_u64().unwrap_or_default()
}

fn shown(phone: &mut Phone, server: &mut Server) -> Vec<(String, u64)> {
    let text = |message: &Value| message["text"].as_str().unwrap_or_default().to_owned();
    messages(phone, server)
        .iter()
        .map(|message| (text(message), message["sentMs"].as_u64().unwrap_or_default()))
        .collect()
}

/// A phone that starts anew with no network, its clock at `wall`, and has heard nothing of how far off that is.
fn starts_anew(phone: &Phone, wall: u64, server: &mut Server) -> Phone {
    let mut store = phone.store.clone();
    let mut forgets = kith_shared::storage::Batch::default();
    forgets.delete(kith_shared::storage::Tree::Meta, b"clock".to_vec());
    store.commit(forgets);
    let mut phone = Phone::over(store, 7);
    (phone.now, phone.online) = (TimestampMs(wall), false);
    phone.drive(server);
    phone
}

#[test]
fn p28_what_was_written_before_the_time_was_known_stands_where_it_was_admitted() {
    for wall in [0, START_MS - 3 * YEAR_MS, START_MS + DAY_MS, START_MS + 2 * YEAR_MS] {
        for loses_answer in [false, true] {
            let mut server = Server::new();
            let mut ana = leader(&mut server, 1);
            let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
            calm(&mut [&mut ana, &mut ben], &mut server);
            say(&mut ana, &mut server, "First");
            calm(&mut [&mut ana, &mut ben], &mut server);
            let mut ben = starts_anew(&ben, wall, &mut server);
            say(&mut ben, &mut server, "Second");
            (ben.online, ben.loses_answer) = (true, loses_answer);
            sync(&mut ben, &mut server);
            sync(&mut ben, &mut server);
            calm(&mut [&mut ana, &mut ben], &mut server);
            say(&mut ana, &mut server, "Third");
            calm(&mut [&mut ana, &mut ben], &mut server);
            let of_ana = shown(&mut ana, &mut server);
            let texts: Vec<&str> = of_ana.iter().map(|(text, _)| text.as_str()).collect();
            assert_eq!(texts, ["First", "Second", "Third"], "clock at {wall}, lost: {loses_answer}");
            assert_eq!(shown(&mut ben, &mut server), of_ana, "alike on its author's own phone");
            let mut again = Phone::over(ben.store.clone(), 8);
            again.now = server.now;
            again.drive(&mut server);
            assert_eq!(shown(&mut again, &mut server), of_ana, "and after a restart");
            let mut cleo = invited(&mut server, &mut ana, 3, "Cleo", true);
            calm(&mut [&mut ana, &mut cleo], &mut server);
            assert_eq!(shown(&mut cleo, &mut server), of_ana, "and for whoever comes later");
            let threads = ask(&mut ana, &mut server, json!({"cmd": "threads", "circle": CIRCLE.to_string()}));
            assert_eq!(threads[0]["excerpt"], "Third", "nor does the list hang on it");
        }
    }
}

fn share(phone: &mut Phone, server: &mut Server, title: &str) {
    let circle = CIRCLE.to_string();
    let add = json!({"cmd": "addStrategy", "circle": circle, "title": title, "text": "", "moments": [],
        "adaptedFrom": null});
    ask(phone, server, add);
}

fn shared(phone: &mut Phone, server: &mut Server) -> Vec<(String, u64)> {
    let strategies = ask(phone, server, json!({"cmd": "toolkit", "circle": CIRCLE.to_string()}));
    let shown = strategies.as_array().unwrap().iter();
    shown.map(|it| (it["title"].as_str().unwrap().to_owned(), it["madeMs"].as_u64().unwrap())).collect()
}

#[test]
fn p28_a_strategy_that_was_written_before_the_time_was_known_stands_where_it_was_admitted() {
    for wall in [0, START_MS - 3 * YEAR_MS, START_MS + DAY_MS, START_MS + 60 * YEAR_MS] {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
        calm(&mut [&mut ana, &mut ben], &mut server);
        share(&mut ana, &mut server, "First");
        calm(&mut [&mut ana, &mut ben], &mut server);
        let mut ben = starts_anew(&ben, wall, &mut server);
        share(&mut ben, &mut server, "Second");
        ben.online = true;
        calm(&mut [&mut ana, &mut ben], &mut server);
        share(&mut ana, &mut server, "Third");
        calm(&mut [&mut ana, &mut ben], &mut server);
        let of_ana = shared(&mut ana, &mut server);
        let titles: Vec<&str> = of_ana.iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!(titles, ["First", "Second", "Third"], "clock at {wall}");
        assert!(of_ana.iter().all(|(_, made)| made.abs_diff(server.now.0) < DAY_MS), "clock at {wall}: {of_ana:?}");
        assert_eq!(shared(&mut ben, &mut server), of_ana, "alike on its author's own phone");
        let mut cleo = invited(&mut server, &mut ana, 3, "Cleo", true);
        calm(&mut [&mut ana, &mut cleo], &mut server);
        assert_eq!(shared(&mut cleo, &mut server), of_ana, "and for whoever comes later");
    }
}

#[test]
fn p28_a_month_that_is_far_off_hides_no_other() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    for (wall, text) in [(START_MS + 2 * YEAR_MS, "ahead"), (1_000, "behind")] {
        let mut store = ana.store.clone();
        let mut forgets = kith_shared::storage::Batch::default();
        forgets.delete(kith_shared::storage::Tree::Meta, b"clock".to_vec());
        store.commit(forgets);
        ana = Phone::over(store, 7);
        (ana.now, ana.online) = (TimestampMs(wall), false);
        ana.drive(&mut server);
        for n in 0..5 {
            say(&mut ana, &mut server, &format!("{text} {n}"));
        }
        ana.online = true;
        calm(&mut [&mut ana], &mut server);
    }
    say(&mut ana, &mut server, "now");
    calm(&mut [&mut ana], &mut server);
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 3});
    let thread = ask(&mut ana, &mut server, open);
    let texts: Vec<&str> =
        thread["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!((texts, &thread["more"]), (vec!["behind 3", "behind 4", "now"], &json!(true)));
}

#[test]
fn p28_what_goes_back_to_its_author_is_covered_by_signatures() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    ana.steady = Some(SteadyMs(1_000));
    ask_nothing(&mut ana);
    ana.online = false;
    // In one chain: rightly dated, ahead, and rightly dated again, in one request.
    for n in 0..12 {
        let ahead_ms = if n % 3 == 1 { 20 * MINUTE_MS } else { 0 };
        ana.now = TimestampMs(START_MS + ahead_ms);
        say(&mut ana, &mut server, &format!("{n}"));
    }
    ana.now = TimestampMs(START_MS);
    ana.online = true;
    calm(&mut [&mut ana], &mut server);
    let status = status(&mut ana, &mut server);
    assert_eq!((&status["unsentItems"], &status["problem"]), (&json!(0), &Value::Null), "{status}");
    let mut cleo = invited(&mut server, &mut ana, 3, "Cleo", true);
    calm(&mut [&mut ana, &mut cleo], &mut server);
    let of_ana = shown(&mut ana, &mut server);
    assert_eq!((of_ana.len(), &of_ana), (12, &shown(&mut cleo, &mut server)));
}
