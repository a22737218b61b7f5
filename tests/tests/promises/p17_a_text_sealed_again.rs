use kith_shared::document::{DocumentName, Handle, Subject};
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, BodyId, Incarnation, PageMark, ThreadId};
use kith_shared::seal::{BodyPlace, EpochId, EpochKey, SaltedText, TextSalt, open_body, seal_body};
use kith_shared::storage::{MemoryStore, Read, ReadResult, Tree};
use kith_shared::sync::{StoredEntry, key};
use kith_shared::trust::{DeviceSecret, KeyGroup, Role, SignedHead};
use kith_shared::wire::{CircleAsk, Entry, EntryContent, Frame, RequestHeader, pack_page};
use kith_tests::hub::ORIGIN;
use kith_tests::phone::{Faulty, PhoneStore};
use serde_json::json;

use crate::support::{Ask, CIRCLE, MemoryPhone, NOW, Place};

const SAID: &str = "Come at seven.";

fn row(phone: &mut MemoryPhone, tree: Tree, key: Vec<u8>) -> Vec<u8> {
    phone.store().read(&[Read::Get { tree, key }]).unwrap().pop().and_then(ReadResult::value).unwrap()
}

/// A program that has all that Ben's phone has, and keeps to nothing but what is refused otherwise.
struct Rogue<'a> {
    place: &'a Place,
    phone: &'a mut MemoryPhone,
    secret: DeviceSecret,
    name: DocumentName,
    message: String,
}

impl<'a> Rogue<'a> {
    fn of(place: &'a Place, phone: &'a mut MemoryPhone) -> Self {
        let secret = DeviceSecret::from_seed(row(phone, Tree::Meta, b"device".to_vec()).try_into().unwrap());
        let month = NOW.day().month();
        let name = DocumentName::new(Subject::Thread { thread: ThreadId::CIRCLE, month, part: 0 });
        let message = phone.messages()[0]["key"].as_str().unwrap().to_owned();
        Self { place, phone, secret, name, message }
    }

    fn key_of(&mut self, epoch: EpochId) -> EpochKey {
        EpochKey(*row(self.phone, Tree::Epochs, key::epoch(&CIRCLE, &epoch)).last_chunk().unwrap())
    }

    fn body_place(&self, epoch: EpochId) -> BodyPlace<'_> {
        BodyPlace {
            circle: *CIRCLE,
            document: self.name.id(&CIRCLE),
            device: self.secret.id(),
            incarnation: Incarnation(0),
            epoch,
            message_key: &self.message,
        }
    }

    fn current_epoch(&self) -> EpochId {
        let chain = self.place.hub.borrow().chain(&CIRCLE);
        chain.standing().current_epoch(&KeyGroup::Circle).unwrap().id
    }

    fn handle(&self) -> Handle {
        let document = self.name.id(&CIRCLE);
        let hub = self.place.hub.borrow();
        let entries = hub.store.rows(Tree::Log).map(|(_, value)| StoredEntry::decode(value).unwrap());
        let changes: Vec<Vec<u8>> =
            entries.filter(|entry| entry.document == self.name).map(|entry| entry.content.bytes().to_vec()).collect();
        let actor = ActorId::derive(&self.secret.id(), &document, Incarnation(0));
        Handle::open(&CIRCLE, &self.name, actor, &changes).unwrap()
    }

    /// The message's text with its salt, as its author's phone sealed it in `epoch`.
    fn said(&mut self, epoch: EpochId) -> SaltedText {
        let message = self.handle().thread().unwrap().messages.remove(0);
        let read = Read::Get { tree: Tree::Bodies, key: key::body(&CIRCLE, &message.body) };
        let body = self.place.hub.borrow().store.read(&[read]).remove(0).value().unwrap();
        let key = self.key_of(epoch);
        open_body(&key, &self.body_place(epoch), &message.commitment, &body).unwrap()
    }

    /// Puts a text beside the message, sealed with the current key, as if it were the same.
    fn seals_again(&mut self, salted: &SaltedText) {
        let epoch = self.current_epoch();
        let key = self.key_of(epoch);
        let body = seal_body(&key, &self.body_place(epoch), salted).unwrap();
        let mut handle = self.handle();
        handle.reseal(&self.message, &BodyId::of(&body), NOW).unwrap();
        let change = handle.commit(NOW).remove(0);
        let parsed = parse_change(&change).unwrap();
        let (document, actor) = (*handle.id(), *handle.actor());
        let knows = self.place.hub.borrow().chain(&CIRCLE).chain().head();
        let (seq, entry) = (parsed.seq, parsed.entry);
        let head = SignedHead { circle: *CIRCLE, document, actor, seq, entry, knows };
        let entry = Entry {
            document: self.name,
            device: self.secret.id(),
            incarnation: Incarnation(0),
            content: EntryContent::Plain(change.clone()),
            signature: Some(head.sign(&self.secret)),
            bodies: vec![body],
            admitted: None,
        };
        let (page, taken) = pack_page(&CIRCLE, &[], &[entry]);
        assert_eq!(taken, 1);
        let marks = vec![PageMark::of(&page)];
        let header = RequestHeader::sign(&self.secret, NOW, 100_000, vec![CircleAsk::of(*CIRCLE)], marks);
        let request = [Frame::Request(header).encode(), Frame::Page(page).encode()].concat();
        let mut hub = self.place.hub.borrow_mut();
        hub.handle(&format!("{ORIGIN}/v1/sync"), &request);
        assert_eq!(hub.refusals, [], "the server can't tell");
    }
}

/// What each phone shows of the one message.
fn shown(phone: &mut MemoryPhone) -> (String, String) {
    let message = phone.messages().remove(0);
    let field = |name: &str| message[name].as_str().unwrap().to_owned();
    (field("body"), field("text"))
}

/// Ben said something, then Chris came, to whom the past is not opened; then Ben's phone puts what `again` makes of
/// the text beside it. What Ana, who was there, and Chris are shown, before and after.
fn after(again: impl FnOnce(SaltedText) -> SaltedText) -> [(String, String); 4] {
    let place = Place::new();
    let (mut ana, mut ben) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"));
    for _ in 0..2 {
        ana.sync().unwrap();
        ben.sync().unwrap();
    }
    ben.send(SAID);
    ben.sync().unwrap();
    let first_epoch = Rogue::of(&place, &mut ben).current_epoch();
    let mut chris = place.phone_over(Faulty::new(MemoryStore::new()), 3);
    let link = place.hub.borrow_mut().invite(&CIRCLE, Role::Member, 1);
    chris.tell(json!({"cmd": "enrol", "link": link, "name": "Chris"}));
    let sync = |phones: [&mut MemoryPhone; 3]| {
        for phone in phones {
            phone.sync().unwrap();
        }
    };
    sync([&mut chris, &mut ben, &mut ana]);
    sync([&mut chris, &mut ben, &mut ana]);
    let before = [shown(&mut ana), shown(&mut chris)];
    let mut rogue = Rogue::of(&place, &mut ben);
    assert_ne!(rogue.current_epoch(), first_epoch, "Chris began an epoch");
    let said = rogue.said(first_epoch);
    rogue.seals_again(&again(said));
    sync([&mut chris, &mut ben, &mut ana]);
    sync([&mut chris, &mut ben, &mut ana]);
    let [ana_before, chris_before] = before;
    [ana_before, chris_before, shown(&mut ana), shown(&mut chris)]
}

fn here(text: &str) -> (String, String) {
    ("here".to_owned(), text.to_owned())
}

fn unverified() -> (String, String) {
    ("unverified".to_owned(), String::new())
}

#[test]
fn p17_a_text_sealed_again_is_read_by_whoever_came_later() {
    let [ana_before, chris_before, ana, chris] = after(|said| said);
    assert_eq!((ana_before, chris_before.1.as_str()), (here(SAID), ""));
    assert_eq!([ana, chris], [here(SAID), here(SAID)]);
}

#[test]
fn p17_whoever_seals_another_text_again_is_seen_by_newcomers_and_old_members_alike() {
    let text = "Come at eight.".to_owned();
    let another: [fn(SaltedText, String) -> SaltedText; 2] =
        [|said, text| SaltedText { text, ..said }, |_, text| SaltedText { salt: TextSalt([7; 16]), text }];
    for another in another {
        let [ana_before, _, ana, chris] = after(|said| another(said, text.clone()));
        assert_eq!(ana_before, here(SAID));
        assert_eq!([ana, chris], [unverified(), unverified()]);
    }
    let [.., ana, chris] = after(|said| SaltedText { salt: TextSalt([7; 16]), ..said });
    assert_eq!([ana, chris], [unverified(), unverified()], "the salt is bound with the text");
}
