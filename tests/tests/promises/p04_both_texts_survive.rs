use serde_json::{Value, json};

use crate::support::{Ask, CIRCLE, MemoryPhone, Place};

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

fn values(field: &Value) -> Vec<(&str, &str)> {
    let candidates = field["candidates"].as_array().unwrap().iter();
    let mut values: Vec<_> =
        candidates.map(|one| (one["value"].as_str().unwrap(), one["authorName"].as_str().unwrap())).collect();
    values.sort_unstable();
    values
}

#[test]
fn p04_both_titles_are_shown_with_their_authors_until_someone_chooses() {
    let place = Place::new();
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    let note = ana.create_note("Session");
    meet(&mut [&mut ana, &mut ben]);
    for (phone, title) in [(&mut ana, "The long week"), (&mut ben, "After the flood")] {
        phone.set_online(false);
        phone.field(&note, "title", title);
    }
    meet(&mut [&mut ana, &mut ben]);
    let title = &ana.note(&note)["title"];
    assert_eq!(values(title), [("After the flood", "Ben"), ("The long week", "Ana")]);
    ben.field(&note, "title", "The long week after the flood");
    meet(&mut [&mut ana, &mut ben]);
    let title = &ana.note(&note)["title"];
    assert_eq!(title["value"], "The long week after the flood");
    assert!(values(title).len() <= 1, "{title}");
}

#[test]
fn p04_both_paragraphs_of_a_note_survive() {
    let place = Place::new();
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    let note = ana.create_note("Session");
    ana.splice(&note, 0, 0, "We met.");
    meet(&mut [&mut ana, &mut ben]);
    for (phone, text) in [(&mut ana, " Ana told of the bus."), (&mut ben, " Ben spoke of Sunday.")] {
        phone.set_online(false);
        phone.splice(&note, 7, 0, text);
    }
    meet(&mut [&mut ana, &mut ben]);
    let text = ana.plain(&note);
    assert!(text.starts_with("We met.") && text.contains("Ana told of the bus."), "{text}");
    assert!(text.contains("Ben spoke of Sunday."), "{text}");
    assert_eq!(text.len(), "We met. Ana told of the bus. Ben spoke of Sunday.".len());
}

#[test]
fn p04_a_note_and_a_month_opened_first_by_two_phones_offline_are_one() {
    let place = Place::new();
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    let mut documents = Vec::new();
    for (phone, name) in [(&mut ana, "Ana"), (&mut ben, "Ben")] {
        phone.set_online(false);
        let note = phone.create_note(&format!("{name}'s title"));
        phone.splice(&note, 0, 0, &format!("{name} wrote this. "));
        phone.send(&format!("{name} is here"));
        documents.push(note);
    }
    assert_eq!(documents[0], documents[1]);
    meet(&mut [&mut ana, &mut ben]);
    let notes = ben.tell(json!({"cmd": "notes", "circle": CIRCLE.to_string()}));
    assert_eq!(notes.as_array().unwrap().len(), 1, "no second note");
    let text = ben.plain(&documents[0]);
    assert!(text.contains("Ana wrote this.") && text.contains("Ben wrote this."), "{text}");
    assert_eq!(values(&ben.note(&documents[0])["title"]).len(), 2);
    let mut texts = ana.texts();
    texts.sort_unstable();
    assert_eq!(texts, ["Ana is here", "Ben is here"]);
}
