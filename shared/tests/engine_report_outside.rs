//! Reports that nobody in the circle is left to get: they go to the organisation, or nowhere.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{another_phone, ask, bytes_of, contains, invited, leader, member, send, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::document::DocumentName;
use kith_shared::seal::{SealingSecret, epoch_hint, unwrap_for_organisation};
use kith_shared::storage::{Batch, CommitOutcome, Tree};
use kith_shared::sync::{DocumentState, StoredEntry, key};
use kith_shared::trust::{ReportKey, Restored, StatementBody};
use serde_json::{Value, json};

fn secret(n: u8) -> SealingSecret {
    SealingSecret([n; 32])
}

fn says_key(server: &mut Server, secret: Option<&SealingSecret>) {
    let key = secret.map(SealingSecret::public);
    server.say(StatementBody::ReportKey(ReportKey { key }));
}

fn command(cmd: &str, more: Value) -> Value {
    let mut command = json!({"cmd": cmd, "circle": CIRCLE.to_string()});
    more.as_object().unwrap().iter().for_each(|(key, value)| command[key] = value.clone());
    command
}

/// To the organisation.
fn report(key: &Value, words: &str) -> Value {
    command("report", json!({"key": key, "to": [], "words": words}))
}

fn reports(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    ask(phone, server, command("reports", json!({}))).as_array().unwrap().clone()
}

fn way(phone: &mut Phone, server: &mut Server, key: &Value) -> Value {
    ask(phone, server, command("reportWay", json!({"key": key})))
}

/// Reports what stands at a key to those who are named as who gets it.
fn tell(phone: &mut Phone, server: &mut Server, key: &Value, words: &str) -> Value {
    let to = way(phone, server, key)["to"].take();
    let to: Vec<&Value> = to.as_array().unwrap().iter().map(|one| &one["member"]).collect();
    ask(phone, server, command("report", json!({"key": key, "to": to, "words": words})))
}

/// How many keys of reports lie on the chain, and how many of them a secret opens.
fn keys(server: &Server, secret: &SealingSecret) -> (usize, usize) {
    let (chain, circle) = (server.chain(), CIRCLE.id());
    let (mut all, mut opened) = (0, 0);
    for row in chain.rows() {
        let Ok(Some(statement)) = row.statement() else { continue };
        let StatementBody::Epoch(epoch) = &statement.body else { continue };
        if !epoch.group.is_for_organisation() {
            continue;
        }
        let at = key::record(&circle, row.record.position);
        let beside = server.store.rows(Tree::Attachments).find(|(key, _)| *key == at.as_slice()).unwrap().1.to_vec();
        assert_eq!(beside.len(), 80 * (epoch.readers.len() + 1), "a wrap for each phone, and one for the organisation");
        let wrap = beside.last_chunk().unwrap();
        all += 1;
        let key = unwrap_for_organisation(secret, &circle, wrap, &epoch.group, &epoch.epoch);
        opened += usize::from(key.is_ok());
    }
    (all, opened)
}

/// Whether a store has a document for the organisation.
fn has_it(store: &kith_shared::storage::MemoryStore) -> bool {
    let name = |value: &[u8]| DocumentState::decode(value).map(|state| state.name);
    store.rows(Tree::Documents).any(|(_, value)| name(value).as_ref().is_ok_and(DocumentName::is_for_organisation))
}

/// Ana, who leads alone, with Ben and Cat.
fn three(server: &mut Server) -> (Phone, Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    let mut cat = invited(server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], server);
    (ana, ben, cat)
}

#[test]
fn what_the_only_facilitator_wrote_goes_to_the_organisation_sealed_and_to_no_phone_but_its_reporters() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let asked = way(&mut cat, &mut server, &rash["key"]);
    assert_eq!((&asked["to"], &asked["organisation"]), (&json!([]), &json!(true)));
    let bens = send(&mut ben, &mut server, "Good morning.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(way(&mut cat, &mut server, &bens["key"])["organisation"], json!(false), "Ana gets that");
    cat.online = false;
    let sent = tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    assert_eq!((&sent["to"], &sent["organisation"], &sent["proof"]), (&json!([]), &json!("phone"), &json!("proven")));
    assert_eq!(tell(&mut cat, &mut server, &rash["key"], "It hurt."), sent, "said once");
    cat.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let own = reports(&mut cat, &mut server);
    assert_eq!((own.len(), &own[0]["organisation"]), (1, &json!("safe")));
    assert_eq!((&own[0]["words"], &own[0]["text"]), (&json!(["It hurt."]), &json!("Do as I say.")));
    for phone in [&mut ana, &mut ben] {
        assert!(reports(phone, &mut server).is_empty() && !has_it(&phone.store), "nobody else is given it");
        assert!(!contains(&bytes_of(&phone.store), b"It hurt"));
    }
    assert!(has_it(&server.store) && has_it(&cat.store));
    for words in [&b"It hurt"[..], b"Do as I say", b"reported"] {
        assert!(!contains(&bytes_of(&server.store), words), "the server reads nothing of it");
    }
    assert_eq!((keys(&server, &secret(1)), keys(&server, &secret(2))), ((1, 1), (1, 0)));
}

#[test]
fn without_a_key_and_once_the_organisation_takes_no_more_nothing_is_sent() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let rash = send(&mut ana, &mut server, "Do as I say.");
    says_key(&mut server, Some(&secret(1)));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    says_key(&mut server, None);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(way(&mut ben, &mut server, &rash["key"])["organisation"], json!(false));
    for phone in [&mut ben, &mut cat] {
        let problem =
            phone.ask(&mut server, serde_json::from_value(report(&rash["key"], "Again")).unwrap()).unwrap_err();
        assert_eq!(format!("{:?}", problem.why), "Some(NobodyToTell)");
    }
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(reports(&mut cat, &mut server)[0]["organisation"], json!("safe"), "what was sent stays where it went");
    assert_eq!(keys(&server, &secret(1)), (1, 1), "no key is begun that nobody could be given");
}

#[test]
fn p19_a_report_to_the_organisation_that_is_taken_back_leaves_no_text() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let count = |server: &Server| server.store.rows(Tree::Bodies).filter(|(_, it)| !it.is_empty()).count();
    let (before, own) = (count(&server), reports(&mut cat, &mut server).remove(0));
    let back = command("takeBackReport", json!({"key": own["key"]}));
    for _ in 0..2 {
        ask(&mut cat, &mut server, back.clone());
    }
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(before - count(&server), 2, "the report and its text");
    assert!(reports(&mut cat, &mut server).is_empty());
}

#[test]
fn what_went_to_the_organisation_stays_there_when_somebody_else_leads_who_can_be_told_too() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let bens = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, command("promote", json!({"member": bens})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let own = reports(&mut cat, &mut server).remove(0);
    assert_eq!((&own["organisation"], &own["to"]), (&json!("safe"), &json!([])));
    assert_eq!(own["others"][0]["name"], json!("Ben"));
    assert!(reports(&mut ben, &mut server).is_empty(), "never by itself");
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let own = reports(&mut cat, &mut server);
    assert_eq!((own.len(), &own[0]["organisation"]), (1, &json!("safe")), "one report, however many got it");
    assert_eq!((&own[0]["to"][0]["name"], &own[0]["others"]), (&json!("Ben"), &json!([])));
    assert_eq!(reports(&mut ben, &mut server)[0]["proof"], json!("proven"));
    assert!(reports(&mut ana, &mut server).is_empty());
}

#[test]
fn later_reports_go_to_the_key_that_was_said_last_also_those_that_were_made_before_the_phone_heard_of_it() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let said: Vec<Value> = ["One.", "Two.", "Three."].map(|text| send(&mut ana, &mut server, text)).into();
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    cat.online = false;
    tell(&mut cat, &mut server, &said[0]["key"], "");
    says_key(&mut server, Some(&secret(2)));
    cat.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(
        (keys(&server, &secret(1)), keys(&server, &secret(2))),
        ((1, 0), (1, 1)),
        "wrapped anew before it is sent"
    );
    tell(&mut cat, &mut server, &said[1]["key"], "");
    says_key(&mut server, Some(&secret(3)));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &said[2]["key"], "");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(
        (keys(&server, &secret(2)), keys(&server, &secret(3))),
        ((2, 1), (2, 1)),
        "the old one opens no later key"
    );
    assert!(reports(&mut cat, &mut server).iter().all(|one| one["organisation"] == "safe"));
}

#[test]
fn a_members_other_phone_has_what_they_reported_and_takes_it_back() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let cats = member(&mut cat, &mut server, "Cat");
    let mut second = another_phone(&mut server, &mut cat, (&cats, "Cat"), false, 9);
    settle(&mut [&mut ana, &mut ben, &mut cat, &mut second], &mut server);
    let theirs = reports(&mut second, &mut server).remove(0);
    assert_eq!((&theirs["words"], &theirs["organisation"]), (&json!(["It hurt."]), &json!("safe")));
    ask(&mut second, &mut server, command("takeBackReport", json!({"key": theirs["key"]})));
    sync(&mut second, &mut server);
    settle(&mut [&mut ana, &mut ben, &mut cat, &mut second], &mut server);
    assert!(reports(&mut cat, &mut server).is_empty());
}

/// How many texts for the organisation on the server a secret opens with the keys on the chain.
fn readable(server: &Server, secret: &SealingSecret) -> usize {
    let (chain, circle) = (server.chain(), CIRCLE.id());
    let mut hints = Vec::new();
    for row in chain.rows() {
        let Ok(Some(statement)) = row.statement() else { continue };
        let StatementBody::Epoch(epoch) = &statement.body else { continue };
        let at = key::record(&circle, row.record.position);
        let beside = server.store.rows(Tree::Attachments).find(|(key, _)| *key == at.as_slice());
        let wrap = beside.and_then(|(_, beside)| beside.last_chunk().copied());
        let opened = wrap.map(|wrap| unwrap_for_organisation(secret, &circle, &wrap, &epoch.group, &epoch.epoch));
        hints.extend(opened.filter(Result::is_ok).map(|_| epoch.epoch.hint()));
    }
    let entries = server.store.rows(Tree::Log).map(|(_, value)| StoredEntry::decode(value).unwrap());
    let entries: Vec<StoredEntry> = entries.filter(|entry| entry.document.is_for_organisation()).collect();
    let bodies = entries.iter().flat_map(|entry| &entry.bodies).map(|body| key::body(&circle, body));
    let texts = bodies.filter_map(|at| server.store.rows(Tree::Bodies).find(|(key, _)| *key == at.as_slice()));
    texts.filter_map(|(_, text)| epoch_hint(text)).filter(|hint| hints.contains(hint)).count()
}

/// The server with an older store, as one whose cursors are another store's.
fn put_back(server: &mut Server, backup: Server) {
    let mut batch = Batch::default();
    let generation = server.store.rows(Tree::Meta).next().map(|(_, value)| value[0]).unwrap();
    server.store = backup.store;
    batch.put(Tree::Meta, b"generation".to_vec(), vec![generation + 1; 8]);
    assert_eq!(server.store.commit(batch), CommitOutcome::Committed);
}

#[test]
fn p26_what_a_server_lost_that_was_put_back_is_opened_by_the_organisation_again() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let backup = server.beside();
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    put_back(&mut server, backup);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!((keys(&server, &secret(1)), readable(&server, &secret(1))), ((1, 1), 2));
    assert!(has_it(&server.store));
}

#[test]
fn p26_what_was_sealed_with_a_key_of_a_lost_part_is_sealed_again_for_the_organisation() {
    for is_told_before in [true, false] {
        let mut server = Server::new();
        let (mut ana, mut ben, mut cat) = three(&mut server);
        says_key(&mut server, Some(&secret(1)));
        let rash = send(&mut ana, &mut server, "Do as I say.");
        let next = send(&mut ana, &mut server, "And at once.");
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        if is_told_before {
            tell(&mut cat, &mut server, &next["key"], "");
            settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        }
        let backup = server.beside();
        if is_told_before {
            says_key(&mut server, None);
            says_key(&mut server, Some(&secret(1)));
        }
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        tell(&mut cat, &mut server, &rash["key"], "It hurt.");
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        let before = readable(&server, &secret(1));
        assert_eq!(before, if is_told_before { 4 } else { 2 });
        put_back(&mut server, backup);
        let from = server.chain().chain().len() + 1;
        server.say(StatementBody::Restored(Restored { generation: 1, from }));
        for _ in 0..3 {
            settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        }
        assert_eq!(readable(&server, &secret(1)), before, "{is_told_before}");
        let own = reports(&mut cat, &mut server);
        assert!(own.iter().all(|one| one["organisation"] == "safe" && one["body"] == "here"), "{own:?}");
    }
}

#[test]
fn what_waited_when_the_organisation_stopped_taking_reports_is_not_said_to_be_there() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    cat.online = false;
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    says_key(&mut server, None);
    cat.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let own = reports(&mut cat, &mut server).remove(0);
    assert_eq!(
        (readable(&server, &secret(1)), &own["organisation"]),
        (0, &json!("phone")),
        "its key was not taken, so nobody there opens it"
    );
    says_key(&mut server, Some(&secret(2)));
    for _ in 0..2 {
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    }
    let own = reports(&mut cat, &mut server).remove(0);
    assert_eq!((readable(&server, &secret(2)), &own["organisation"]), (2, &json!("safe")));
}

#[test]
fn a_report_goes_where_its_person_was_told_and_nowhere_else() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(way(&mut cat, &mut server, &rash["key"])["organisation"], json!(true));
    let bens = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, command("promote", json!({"member": bens})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let problem = cat.ask(&mut server, serde_json::from_value(report(&rash["key"], "It hurt.")).unwrap()).unwrap_err();
    assert_eq!(format!("{:?}", problem.why), "Some(OtherReaders)");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert!(reports(&mut ben, &mut server).is_empty(), "Cat was told that it goes to the organisation");
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!((reports(&mut ben, &mut server).len(), has_it(&server.store)), (1, false), "once that was read");
    let to = command("report", json!({"key": rash["key"], "to": [bens], "words": "Again."}));
    ask(&mut cat, &mut server, command("choose", json!({"choice": "blocked", "member": bens, "on": true})));
    let problem = cat.ask(&mut server, serde_json::from_value(to).unwrap()).unwrap_err();
    assert_eq!(format!("{:?}", problem.why), "Some(OtherReaders)", "nor elsewhere once she blocked Ben");
}

#[test]
fn a_report_key_that_is_replaced_makes_no_phone_say_that_its_person_had_reported() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    says_key(&mut server, Some(&secret(2)));
    let end = server.chain().chain().len();
    for _ in 0..3 {
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    }
    assert_eq!(server.chain().chain().len(), end, "each line of a key would be counted by whoever leads");
    tell(&mut cat, &mut server, &rash["key"], "Again.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!((keys(&server, &secret(2)), readable(&server, &secret(2))), ((2, 1), 2));
}

#[test]
fn a_key_that_was_wrapped_for_a_replaced_report_key_seals_nothing_more() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    says_key(&mut server, Some(&secret(1)));
    let rash = send(&mut ana, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    cat.online = false;
    tell(&mut cat, &mut server, &rash["key"], "");
    // What goes to the server, which may keep it, with the first key's wrap.
    let said: Vec<Vec<u8>> = cat.store.rows(Tree::Statements).map(|(_, row)| row.to_vec()).collect();
    says_key(&mut server, Some(&secret(2)));
    cat.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!((keys(&server, &secret(2)), readable(&server, &secret(2))), ((1, 1), 2));
    let chain = server.chain();
    let statements =
        chain.rows().iter().filter_map(|row| row.statement().ok()?.map(|statement| statement.body.clone()));
    let wraps = || said.iter().flat_map(|row| row.windows(80)).filter_map(|wrap| <&[u8; 80]>::try_from(wrap).ok());
    for body in statements {
        let StatementBody::Epoch(epoch) = body else { continue };
        let open = |wrap| unwrap_for_organisation(&secret(1), &CIRCLE.id(), wrap, &epoch.group, &epoch.epoch);
        assert!(!epoch.group.is_for_organisation() || wraps().all(|wrap| open(wrap).is_err()));
    }
}
