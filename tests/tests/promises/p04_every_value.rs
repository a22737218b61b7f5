//! Each value that people write, written by two of them at once, through two phones and a server.

use serde_json::{Value, json};

use crate::support::{Ask, CIRCLE, DAY, MemoryPhone, Place};

fn meet(phones: &mut [&mut MemoryPhone]) {
    for _ in 0..2 {
        for phone in &mut *phones {
            phone.set_online(true);
            assert_eq!(phone.sync().unwrap().problem, None);
        }
    }
    let digests: Vec<String> = phones.iter_mut().map(|phone| phone.digest().unwrap()).collect();
    assert!(digests.windows(2).all(|pair| pair[0] == pair[1]), "phones show different things");
}

fn edit(phone: &mut MemoryPhone, note: &str, edit: &Value) {
    phone.tell(json!({"cmd": "editNote", "document": note, "edit": edit}));
}

/// The values of a field of an item that stand beside each other, with who wrote them.
fn standing<'a>(item: &'a Value, field: &str) -> Vec<(&'a str, &'a str)> {
    let all = item["contested"].as_array().unwrap().iter().filter(|one| one["field"] == field);
    let mut values: Vec<_> =
        all.map(|one| (one["value"].as_str().unwrap(), one["authorName"].as_str().unwrap())).collect();
    values.sort_unstable();
    values
}

/// Ana's and Ben's phones with a note that has an agenda item and a commitment.
fn scene(place: &Place) -> (MemoryPhone, MemoryPhone, String, [String; 2]) {
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    let note = ana.create_note("Session");
    edit(&mut ana, &note, &json!({"edit": "agendaAdd", "text": "round"}));
    let member = ana.note(&note)["attendance"][0]["member"].clone();
    let add = json!({"edit": "commitmentAdd", "member": member, "text": "walk", "due": DAY});
    edit(&mut ana, &note, &add);
    meet(&mut [&mut ana, &mut ben]);
    let shown = ana.note(&note);
    let items = ["agenda", "commitments"].map(|list| shown[list][0]["item"].as_str().unwrap().to_owned());
    (ana, ben, note, items)
}

#[test]
fn p04_of_an_agenda_item_and_a_commitment_both_values_stand_until_someone_chooses() {
    let place = Place::new();
    let (mut ana, mut ben, note, [item, promise]) = scene(&place);
    let cases = [
        ("agenda", "text", json!("how we sleep"), json!("nights"), "agendaSet", &item),
        ("agenda", "done", json!(true), json!(false), "agendaSet", &item),
        ("commitments", "text", json!("walk daily"), json!("walk to the river"), "commitmentSet", &promise),
        ("commitments", "due", json!(DAY + 7), json!(DAY + 9), "commitmentSet", &promise),
        ("commitments", "state", json!("kept"), json!("notYet"), "commitmentSet", &promise),
    ];
    // Nothing stands where nothing was said yet: first each says something.
    edit(&mut ana, &note, &json!({"edit": "agendaSet", "item": item, "done": true}));
    edit(&mut ana, &note, &json!({"edit": "agendaSet", "item": item, "done": false}));
    meet(&mut [&mut ana, &mut ben]);
    for (list, field, one, other, kind, item) in cases {
        for (phone, value) in [(&mut ana, &one), (&mut ben, &other)] {
            phone.set_online(false);
            // By way of another value, so that it is written though it stood before.
            if field == "done" {
                edit(phone, &note, &json!({"edit": kind, "item": item, field: !value.as_bool().unwrap()}));
            }
            edit(phone, &note, &json!({"edit": kind, "item": item, field: value}));
        }
        meet(&mut [&mut ana, &mut ben]);
        let as_text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut expected = vec![(as_text(&one), "Ana"), (as_text(&other), "Ben")];
        expected.sort_unstable();
        let shown = ben.note(&note);
        let found = standing(&shown[list][0], field);
        assert!(found.iter().map(|(value, who)| ((*value).to_owned(), *who)).eq(expected), "{field}: {found:?}");
        edit(&mut ben, &note, &json!({"edit": kind, "item": item, field: one}));
        meet(&mut [&mut ana, &mut ben]);
        assert_eq!(standing(&ana.note(&note)[list][0], field), [], "{field} was chosen");
    }
}

#[test]
fn p04_two_names_of_the_circle_and_of_a_thread_stand_until_someone_chooses() {
    let place = Place::new();
    let mut ana = place.enrolled(1, "Ana");
    let mut ben = place.enrolled(2, "Ben");
    let circle = CIRCLE.to_string();
    let thread = ana.tell(json!({"cmd": "createThread", "circle": circle, "title": "Walks"}))["thread"].clone();
    meet(&mut [&mut ana, &mut ben]);
    let people = ana.tell(json!({"cmd": "people", "circle": circle}));
    let other = people["people"].as_array().unwrap().iter().find(|person| person["name"] == "Ben").unwrap();
    ana.tell(json!({"cmd": "promote", "circle": circle, "member": other["member"]}));
    meet(&mut [&mut ana, &mut ben]);
    for (phone, name, title) in [(&mut ana, "Tuesday", "Long walks"), (&mut ben, "Evening", "Short walks")] {
        phone.set_online(false);
        phone.tell(json!({"cmd": "setCircle", "circle": circle, "name": name, "agreement": format!("{name} rules")}));
        phone.tell(json!({"cmd": "setThread", "circle": circle, "thread": thread, "title": title}));
    }
    meet(&mut [&mut ana, &mut ben]);
    let values = |candidates: &Value| {
        let candidates = candidates.as_array().unwrap().iter();
        let mut values: Vec<String> =
            candidates.map(|one| format!("{} by {}", one["value"], one["authorName"])).collect();
        values.sort_unstable();
        values
    };
    let shown = ben.tell(json!({"cmd": "circle", "circle": circle}));
    assert_eq!(values(&shown["names"]), [r#""Evening" by "Ben""#, r#""Tuesday" by "Ana""#]);
    assert_eq!(values(&shown["agreements"]).len(), 2);
    let threads = |phone: &mut MemoryPhone| {
        let all = phone.tell(json!({"cmd": "threads", "circle": circle}));
        all.as_array().unwrap().iter().find(|one| one["thread"] == thread).unwrap().clone()
    };
    let titles = values(&threads(&mut ana)["titles"]);
    assert_eq!(titles, [r#""Long walks" by "Ana""#, r#""Short walks" by "Ben""#]);
    ben.tell(json!({"cmd": "setCircle", "circle": circle, "name": "Tuesday", "agreement": "Evening rules"}));
    ben.tell(json!({"cmd": "setThread", "circle": circle, "thread": thread, "title": "Walks of all kinds"}));
    meet(&mut [&mut ana, &mut ben]);
    let shown = ana.tell(json!({"cmd": "circle", "circle": circle}));
    assert_eq!((shown["name"].as_str(), values(&shown["names"])), (Some("Tuesday"), Vec::new()));
    assert_eq!(threads(&mut ben)["titles"], json!([]));
}

#[test]
fn p04_what_was_deleted_can_be_put_back() {
    let place = Place::new();
    let (mut ana, mut ben, note, [item, promise]) = scene(&place);
    let before = ana.note(&note);
    edit(&mut ana, &note, &json!({"edit": "agendaRemove", "item": item}));
    edit(&mut ana, &note, &json!({"edit": "commitmentRemove", "item": promise}));
    meet(&mut [&mut ana, &mut ben]);
    assert_eq!(ben.note(&note)["agenda"], json!([]));
    edit(&mut ana, &note, &json!({"edit": "agendaBack", "item": item, "text": "round", "done": false}));
    let gone = &before["commitments"][0];
    let back = json!({
        "edit": "commitmentBack", "item": promise, "member": gone["member"], "text": gone["text"], "due": gone["due"],
        "state": gone["state"],
    });
    edit(&mut ana, &note, &back);
    meet(&mut [&mut ana, &mut ben]);
    let after = ben.note(&note);
    assert_eq!((&after["agenda"], &after["commitments"]), (&before["agenda"], &before["commitments"]));
}
