//! Members who leave by themselves: what they wrote goes if they wish it, their circle is told, and their phones forget it.

use crate::support::people::{
    THREAD, another_phone, ask, bytes_of, contains, invited, leader, member, people, refused, send, settle, sync, texts,
};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::client::{Command, CommandId, Effect, Event};
use kith_shared::trust::{KeyGroup, MemberState, Remove, Signer, StatementBody, StatementProblem};
use serde_json::{Value, json};

/// In each text that Ben writes, so that it can be looked for in stores.
const SECRET: &str = "quince";

fn circle() -> String {
    CIRCLE.to_string()
}

fn leave(phone: &mut Phone, server: &mut Server, erase: bool) -> Value {
    ask(phone, server, json!({"cmd": "leave", "circle": circle(), "erase": erase, "anyway": false}))
}

fn leaving(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "leaving", "circle": circle()}))
}

fn circles(phone: &mut Phone, server: &mut Server) -> usize {
    ask(phone, server, json!({"cmd": "circles"})).as_array().unwrap().len()
}

fn status(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "status"}))
}

/// Ana leads; Ben and Zoe are members.
fn three(server: &mut Server) -> (Phone, Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    let mut zoe = invited(server, &mut ana, 3, "Zoe", true);
    settle(&mut [&mut ana, &mut ben, &mut zoe], server);
    (ana, ben, zoe)
}

/// Ben writes one of everything.
fn writes_everything(ben: &mut Phone, server: &mut Server, zoe: &str) {
    let secret = |what: &str| format!("{what} {SECRET}");
    send(ben, server, &secret("To all"));
    let to_zoe = json!({"cmd": "send", "circle": circle(), "thread": zoe, "text": secret("To Zoe"), "replyTo": null});
    ask(ben, server, to_zoe);
    ask(
        ben,
        server,
        json!({"cmd": "addPlanLine", "circle": circle(), "part": "signs", "text": secret("I pace"),
        "phone": "", "replaces": null}),
    );
    let day = ben.now.0 / 86_400_000;
    ask(
        ben,
        server,
        json!({"cmd": "addEntry", "circle": circle(), "day": day,
        "entry": {"kind": "text", "text": secret("A day")}, "replaces": null}),
    );
    ask(
        ben,
        server,
        json!({"cmd": "addStrategy", "circle": circle(), "title": "Walk", "text": secret("Walk"),
        "moments": [], "adaptedFrom": null}),
    );
    ask(ben, server, json!({"cmd": "choose", "circle": circle(), "choice": "buddy", "member": zoe, "on": true}));
}

fn kinds_of_events(phone: &mut Phone, server: &mut Server) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let shown = people(phone, server);
    shown["events"].as_array().unwrap().iter().map(|it| (text(&it["kind"]), text(&it["whoName"]))).collect()
}

#[test]
fn p18_p19_who_leaves_takes_their_words_along_and_the_circle_is_told_by_name() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    let zoe_id = member(&mut ana, &mut server, "Zoe");
    let ben_id = member(&mut ana, &mut server, "Ben");
    writes_everything(&mut ben, &mut server, &zoe_id);
    send(&mut zoe, &mut server, "Zoe stays.");
    settle(&mut [&mut ana, &mut ben, &mut zoe], &mut server);
    assert!(texts(&mut ana, &mut server).contains(&format!("To all {SECRET}")));
    let asked = leave(&mut ben, &mut server, true);
    assert_eq!((&asked["stage"], &asked["erase"], &asked["phones"]), (&"asked".into(), &true.into(), &0.into()));
    settle(&mut [&mut ana, &mut zoe], &mut server);
    for phone in [&mut ana, &mut zoe] {
        let shown = texts(phone, &mut server);
        assert!(shown.contains(&"Zoe stays.".to_owned()) && shown.contains(&"(gone)".to_owned()), "{shown:?}");
        assert!(kinds_of_events(phone, &mut server).contains(&("left".into(), "Ben".into())));
        assert!(!contains(&bytes_of(&phone.store), SECRET.as_bytes()));
    }
    assert!(!contains(&bytes_of(&server.store), SECRET.as_bytes()));
    // Of the circle nothing is left on Ben's phone, and he is told.
    assert_eq!(circles(&mut ben, &mut server), 0);
    assert_eq!(status(&mut ben, &mut server)["resumed"], "left");
    let kept = bytes_of(&ben.store);
    assert!(!contains(&kept, CIRCLE.id().as_bytes()) && !contains(&kept, SECRET.as_bytes()));
    // The key turned.
    send(&mut zoe, &mut server, "Among us.");
    settle(&mut [&mut ana, &mut zoe], &mut server);
    let chain = server.chain();
    let standing = chain.standing();
    assert!(standing.has_left(&ben_id.parse().unwrap()));
    let current = standing.current_epoch(&KeyGroup::Circle).unwrap().id;
    let bens = standing.devices().find(|it| it.member.to_string() == ben_id).unwrap().id;
    assert!(!standing.is_holder(&KeyGroup::Circle, &current, &bens));
}

#[test]
fn who_leaves_may_leave_their_words_and_comes_back_as_somebody_new() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    send(&mut ben, &mut server, "I was here.");
    settle(&mut [&mut ana, &mut ben, &mut zoe], &mut server);
    leave(&mut ben, &mut server, false);
    settle(&mut [&mut ana, &mut zoe], &mut server);
    assert!(texts(&mut zoe, &mut server).contains(&"I was here.".to_owned()));
    // Nobody brings him back but he himself.
    let shown = people(&mut ana, &mut server);
    let ben_there = shown["people"].as_array().unwrap().iter().find(|it| it["member"] == ben_id.as_str()).unwrap();
    assert_eq!(ben_there["canBringBack"], false, "{ben_there}");
    let brings = json!({"cmd": "confirm", "circle": circle(), "member": ben_id});
    ask(&mut ana, &mut server, brings);
    settle(&mut [&mut ana], &mut server);
    assert_eq!(people(&mut ana, &mut server)["returned"][0]["why"], "not-allowed");
    let invite = json!({"cmd": "invite", "circle": circle(), "role": "member", "past": false, "uses": 1, "days": 7});
    let link = ask(&mut ana, &mut server, invite)["link"].clone();
    sync(&mut ana, &mut server);
    ben.now = ana.now;
    ask(&mut ben, &mut server, json!({"cmd": "enrol", "link": link, "name": "Ben again"}));
    settle(&mut [&mut ben, &mut ana, &mut zoe], &mut server);
    let back = member(&mut ana, &mut server, "Ben again");
    assert_ne!(back, ben_id);
    send(&mut ben, &mut server, "Here again.");
    settle(&mut [&mut ben, &mut ana], &mut server);
    assert!(texts(&mut ana, &mut server).contains(&"Here again.".to_owned()));
}

#[test]
fn a_replayed_leave_takes_nobody_out_again() {
    let mut server = Server::new();
    let (mut ana, ben, mut zoe) = three(&mut server);
    let ben_id: kith_shared::ids::MemberId = member(&mut ana, &mut server, "Ben").parse().unwrap();
    let secret = ben.secret();
    let says = |server: &Server, body| {
        let chain = server.chain();
        chain.draft(Some(&secret.id()), body, server.now).sign(Signer::Device(&secret))
    };
    let goes = StatementBody::Remove(Remove::Member(ben_id));
    let gone = says(&server, goes.clone());
    let again = says(&Server { now: server.now.plus_ms(1), ..server.beside() }, goes);
    server.bring(gone.clone()).unwrap();
    // The organisation brings him back, and the same is brought once more.
    let undoes = server.chain().standing().member(&ben_id).unwrap().undone_by_confirm.unwrap();
    server.say(StatementBody::Confirm(kith_shared::trust::Confirm { member: ben_id, undoes }));
    let before = server.chain().standing().position();
    server.bring(gone).unwrap();
    assert!(
        server.bring(again).is_err_and(|why| matches!(why, StatementProblem::OldNumber | StatementProblem::AuthorOut))
    );
    assert_eq!(server.chain().standing().position(), before);
    assert_eq!(server.chain().standing().member(&ben_id).unwrap().state, MemberState::Active);
    // A member takes out nobody else.
    let zoe_id: kith_shared::ids::MemberId = member(&mut zoe, &mut server, "Zoe").parse().unwrap();
    let theft = says(&server, StatementBody::Remove(Remove::Member(zoe_id)));
    assert_eq!(server.bring(theft), Err(StatementProblem::NotAllowed));
}

#[test]
fn with_no_network_it_waits_and_can_be_undone() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    send(&mut ben, &mut server, "Still here.");
    settle(&mut [&mut ana, &mut ben, &mut zoe], &mut server);
    ben.online = false;
    send(&mut ben, &mut server, "Not sent yet.");
    assert_eq!(leave(&mut ben, &mut server, false)["stage"], "asked");
    assert_eq!(circles(&mut ben, &mut server), 1);
    assert_eq!(leaving(&mut ben, &mut server)["unsent"], 1);
    let stays = ask(&mut ben, &mut server, json!({"cmd": "stay", "circle": circle()}));
    assert_eq!(stays["stage"], "not");
    ben.online = true;
    settle(&mut [&mut ben, &mut ana], &mut server);
    assert!(texts(&mut ana, &mut server).contains(&"Not sent yet.".to_owned()));
    assert_eq!(circles(&mut ben, &mut server), 1);
    // Asked once more with no network, and a restart later, he goes when the server is heard.
    ben.online = false;
    send(&mut ben, &mut server, "The last words.");
    leave(&mut ben, &mut server, false);
    let now = ben.now;
    let mut ben = Phone::over(ben.store, 12);
    ben.now = now;
    ben.drive(&mut server);
    settle(&mut [&mut ana], &mut server);
    assert!(texts(&mut ana, &mut server).contains(&"The last words.".to_owned()), "what is unsent goes first");
    assert_eq!(circles(&mut ben, &mut server), 0);
    assert!(kinds_of_events(&mut ana, &mut server).contains(&("left".into(), "Ben".into())));
}

#[test]
fn what_cannot_be_sent_is_not_waited_for_by_who_says_so() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    settle(&mut [&mut ana, &mut ben, &mut zoe], &mut server);
    let anyway = json!({"cmd": "leave", "circle": circle(), "erase": true, "anyway": true});
    ask(&mut ben, &mut server, anyway);
    assert_eq!(circles(&mut ben, &mut server), 0);
}

#[test]
fn other_phones_of_theirs_forget_the_circle_when_they_next_open() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    let mut tablet = another_phone(&mut server, &mut ben, (&ben_id, "Ben"), false, 9);
    settle(&mut [&mut tablet, &mut ben, &mut ana, &mut zoe], &mut server);
    send(&mut tablet, &mut server, &format!("By tablet, {SECRET}"));
    settle(&mut [&mut tablet, &mut ben, &mut ana], &mut server);
    tablet.online = false;
    send(&mut tablet, &mut server, "Never sent.");
    assert_eq!(leaving(&mut ben, &mut server)["phones"], 1);
    leave(&mut ben, &mut server, true);
    settle(&mut [&mut ana], &mut server);
    assert!(!contains(&bytes_of(&server.store), SECRET.as_bytes()), "whatever they wrote on any phone");
    let now = ana.now;
    let mut tablet = Phone::over(tablet.store, 19);
    tablet.now = now;
    tablet.drive(&mut server);
    assert_eq!(circles(&mut tablet, &mut server), 0);
    assert_eq!(status(&mut tablet, &mut server)["resumed"], "left");
    assert!(!contains(&bytes_of(&tablet.store), CIRCLE.id().as_bytes()));
    ask(&mut tablet, &mut server, json!({"cmd": "resumedRead"}));
    assert_eq!(status(&mut tablet, &mut server)["resumed"], Value::Null);
}

#[test]
fn who_was_taken_out_forgets_a_circle_at_once_when_they_ask_and_not_before() {
    let mut server = Server::new();
    let (mut ana, mut ben, _) = three(&mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": circle(), "member": ben_id, "also": []}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(circles(&mut ben, &mut server), 1, "they read what they have");
    leave(&mut ben, &mut server, false);
    assert_eq!(circles(&mut ben, &mut server), 0);
}

#[test]
fn the_last_who_leads_names_another_first_also_when_two_go_at_once() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    let goes = json!({"cmd": "leave", "circle": circle(), "erase": false, "anyway": false});
    assert_eq!(leaving(&mut ana, &mut server)["lastFacilitator"], true);
    assert_eq!(refused(&mut ana, &mut server, goes.clone()), "not-allowed");
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": circle(), "member": ben_id}));
    settle(&mut [&mut ana, &mut ben, &mut zoe], &mut server);
    assert_eq!(leaving(&mut ana, &mut server)["lastFacilitator"], false);
    (ana.online, ben.online) = (false, false);
    for phone in [&mut ana, &mut ben] {
        ask(phone, &mut server, goes.clone());
    }
    (ana.online, ben.online) = (true, true);
    sync(&mut ana, &mut server);
    assert_eq!(circles(&mut ana, &mut server), 0);
    settle(&mut [&mut ben, &mut zoe], &mut server);
    // Ben is the last: the server refuses him, he hears why, and is still in.
    assert_eq!(circles(&mut ben, &mut server), 1);
    assert_eq!(leaving(&mut ben, &mut server)["stage"], "not");
    assert_eq!(people(&mut ben, &mut server)["returned"][0]["why"], "last-facilitator");
    send(&mut ben, &mut server, "Still leading.");
    settle(&mut [&mut ben, &mut zoe], &mut server);
    assert!(texts(&mut zoe, &mut server).contains(&"Still leading.".to_owned()));
    // Whoever is alone in a circle may go.
    leave(&mut zoe, &mut server, false);
    settle(&mut [&mut ben], &mut server);
    leave(&mut ben, &mut server, false);
    assert_eq!(circles(&mut ben, &mut server), 0);
}

#[test]
fn who_is_made_the_last_facilitator_while_they_leave_stays_until_they_name_another() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    ben.online = false;
    leave(&mut ben, &mut server, false);
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": circle(), "member": ben_id}));
    leave(&mut ana, &mut server, false);
    ben.online = true;
    settle(&mut [&mut ben, &mut zoe], &mut server);
    assert_eq!((circles(&mut ana, &mut server), circles(&mut ben, &mut server)), (0, 1));
    assert_eq!(people(&mut ben, &mut server)["returned"][0]["why"], "last-facilitator");
}

/// Runs a phone until it has made `steps` commits and requests; a commit is durable and a request answered, and then it
/// is killed. Whether it came to rest before.
fn killed_after(phone: &mut Phone, server: &mut Server, command: Command, steps: usize) -> bool {
    let clocks = phone.clocks();
    phone.engine.handle(Event::Command { id: CommandId(u32::MAX), command }, clocks);
    let mut left = steps;
    while let Some(effect) = phone.engine.next_effect() {
        let event = match effect {
            Effect::Read { id, reads } => Event::Stored { id, results: Ok(phone.store.read(&reads)) },
            Effect::Commit { id, batch } => {
                let outcome = Ok(phone.store.commit(batch));
                if left == 0 {
                    return false;
                }
                left -= 1;
                Event::Committed { id, outcome }
            }
            Effect::Http { id, url, body } => {
                let bytes = server.answer(&url, &body);
                if left == 0 {
                    return false;
                }
                left -= 1;
                phone.engine.handle(Event::HttpBytes { id, bytes }, clocks);
                Event::HttpEnd { id }
            }
            _ => continue,
        };
        phone.engine.handle(event, clocks);
    }
    true
}

#[test]
fn p29_a_kill_after_each_step_of_erasing_leaving_and_wiping_goes_on_at_the_next_opening() {
    let mut steps = 0;
    loop {
        let mut server = Server::new();
        let (mut ana, mut ben, mut zoe) = three(&mut server);
        let zoe_id = member(&mut ana, &mut server, "Zoe");
        writes_everything(&mut ben, &mut server, &zoe_id);
        settle(&mut [&mut ana, &mut ben, &mut zoe], &mut server);
        let goes = Command::Leave { circle: CIRCLE.id(), erase: true, anyway: false };
        let came_to_rest = killed_after(&mut ben, &mut server, goes, steps);
        let now = ben.now;
        let mut ben = Phone::over(ben.store, 99);
        ben.now = now;
        ben.drive(&mut server);
        if circles(&mut ben, &mut server) > 0 {
            sync(&mut ben, &mut server);
        }
        settle(&mut [&mut ana, &mut zoe], &mut server);
        assert_eq!(circles(&mut ben, &mut server), 0, "after {steps}");
        for store in [&server.store, &ana.store, &zoe.store, &ben.store] {
            assert!(!contains(&bytes_of(store), SECRET.as_bytes()), "after {steps}");
        }
        assert!(!contains(&bytes_of(&ben.store), CIRCLE.id().as_bytes()), "after {steps}");
        let left = kinds_of_events(&mut ana, &mut server).into_iter().filter(|(kind, _)| kind == "left").count();
        assert_eq!(left, 1, "after {steps}");
        if came_to_rest {
            break;
        }
        steps += 1;
    }
    assert!(steps > 20, "{steps} steps");
}

#[test]
fn an_own_record_has_what_its_person_wrote_of_every_kind_and_of_others_nothing() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    let empty = record(&mut ben, &mut server);
    assert!(empty.is_empty(), "{empty:?}");
    let (zoe_id, ben_id) = (member(&mut ana, &mut server, "Zoe"), member(&mut ana, &mut server, "Ben"));
    writes_everything(&mut ben, &mut server, &zoe_id);
    send(&mut zoe, &mut server, "Not his.");
    settle(&mut [&mut ana, &mut ben, &mut zoe], &mut server);
    let theirs =
        ask(&mut ben, &mut server, json!({"cmd": "openThread", "circle": circle(), "thread": THREAD, "limit": 9}));
    let theirs = theirs["messages"].as_array().unwrap().iter().find(|it| it["mine"] == false).unwrap()["key"].clone();
    ask(
        &mut ben,
        &mut server,
        json!({"cmd": "send", "circle": circle(), "thread": THREAD, "text": "An answer.",
        "replyTo": theirs}),
    );
    let gone = send(&mut ben, &mut server, "Said too much.");
    ask(&mut ben, &mut server, json!({"cmd": "takeBack", "circle": circle(), "thread": THREAD, "key": gone["key"]}));
    let day = ben.now.0 / 86_400_000;
    let note = ask(
        &mut ben,
        &mut server,
        json!({"cmd": "createNote", "circle": circle(), "day": day, "ordinal": 0,
        "title": "Tuesday"}),
    );
    ask(
        &mut ben,
        &mut server,
        json!({"cmd": "editNote", "document": note["document"],
        "edit": {"edit": "commitmentAdd", "member": ben_id, "text": "Ring my sister", "due": null}}),
    );
    let items = record(&mut ben, &mut server);
    let of = |kind: &str| items.iter().filter(|it| it["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of("thread").len(), 4, "{items:?}");
    let with = |audience: &str| items.iter().filter(|it| it["audience"] == audience).count();
    assert_eq!((with("me"), with("pair"), with("circle")), (3, 1, 5), "{items:?}");
    let pair = items.iter().find(|it| it["audience"] == "pair").unwrap();
    assert_eq!((&pair["place"], &pair["text"]), (&"Zoe".into(), &format!("To Zoe {SECRET}").into()));
    assert!(items.iter().any(|it| it["text"] == "An answer." && it["other"] == theirs));
    let gone = items.iter().find(|it| it["body"] == "gone").unwrap();
    assert_eq!((&gone["text"], &gone["kind"]), (&"".into(), &"thread".into()));
    assert_eq!(of("plan")[0]["part"], "signs");
    assert_eq!(of("journal")[0]["entry"]["text"], format!("A day {SECRET}"));
    assert_eq!(of("choices")[0]["choice"], json!({"kind": "buddy", "member": zoe_id}));
    assert_eq!(of("toolkit")[0]["title"], "Walk");
    assert_eq!(
        (&of("note")[0]["place"], &of("note")[0]["commitments"][0]["text"]),
        (&"Tuesday".into(), &"Ring my sister".into())
    );
    assert!(!items.iter().any(|it| it.to_string().contains("Not his.")));
}

/// All pages of a record.
fn record(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), Value::Null);
    loop {
        let page = ask(phone, server, json!({"cmd": "record", "circle": circle(), "document": next}));
        assert_eq!(page["closed"], false);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        next = page["next"].clone();
        if next.is_null() {
            return items;
        }
    }
}

#[test]
fn p27_a_phone_that_was_put_back_to_when_it_wanted_to_leave_does_not_go_by_itself() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut zoe) = three(&mut server);
    settle(&mut [&mut ana, &mut ben, &mut zoe], &mut server);
    ben.online = false;
    leave(&mut ben, &mut server, false);
    let copy = ben.store.clone();
    ask(&mut ben, &mut server, json!({"cmd": "stay", "circle": circle()}));
    ben.online = true;
    send(&mut ben, &mut server, "I stay.");
    settle(&mut [&mut ben, &mut ana], &mut server);
    let now = ben.now;
    let mut ben = Phone::over(copy, 33);
    ben.now = now;
    ben.drive(&mut server);
    settle(&mut [&mut ben, &mut ana], &mut server);
    assert_eq!(circles(&mut ben, &mut server), 1);
    assert_eq!(leaving(&mut ben, &mut server)["stage"], "not");
    assert!(texts(&mut ben, &mut server).contains(&"I stay.".to_owned()));
}
