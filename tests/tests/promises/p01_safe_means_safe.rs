use kith_shared::client::HttpFailure;
use kith_shared::gate::Refusal;
use kith_shared::ids::PageMark;
use kith_shared::storage::{Read, Tree};
use kith_shared::trust::DeviceSecret;
use kith_shared::trust::Verified;
use kith_shared::wire::{Frame, FrameDecoder, RequestHeader, pack_page, unpack_page};
use kith_tests::phone::{HubLink, Link, PhoneStore};
use serde_json::json;

use crate::support::{Ask, Broken, Place};

#[test]
fn p01_an_item_is_safe_when_change_and_body_are_on_the_server_and_not_before() {
    let place = Place::new();
    let mut ana = place.enrolled(1, "Ana");
    ana.set_online(false);
    assert_eq!(ana.send("I slept.")["safety"], "phone");
    let status = ana.sync().unwrap();
    assert_eq!((status.unsent_items, place.hub.borrow().store.rows(Tree::Bodies).count()), (1, 0));
    assert_eq!(ana.messages()[0]["safety"], "phone");
    ana.set_online(true);
    let status = ana.sync().unwrap();
    assert_eq!((status.unsent_items, status.problem), (0, None));
    assert_eq!(ana.messages()[0]["safety"], "safe");
    assert_eq!(place.hub.borrow().store.rows(Tree::Bodies).count(), 1);
    assert_eq!(ana.tell(json!({"cmd": "outbox"})), json!([]));
}

#[test]
fn p01_what_came_after_the_acknowledgement_is_not_safe() {
    let place = Place::new();
    let mut ana = place.enrolled(1, "Ana");
    let note = ana.create_note("Monday");
    ana.send("one");
    ana.sync().unwrap();
    assert_eq!(ana.note(&note)["safety"], "safe");
    ana.set_online(false);
    ana.send("two");
    ana.splice(&note, 0, 0, "More. ");
    let safety: Vec<_> = ana.messages().iter().map(|message| message["safety"].clone()).collect();
    assert_eq!(safety, ["safe", "phone"]);
    assert_eq!(ana.note(&note)["safety"], "phone");
}

#[test]
fn p01_every_failing_sync_changes_what_is_read() {
    for (failure, state, code) in [
        (HttpFailure::Unreachable, "offline", "offline"),
        (HttpFailure::NotOurServer, "failed", "not-our-server"),
        (HttpFailure::Server, "failed", "server-error"),
    ] {
        let place = Place::new();
        let mut ana = place.enrolled(1, "Ana");
        ana.set_link(Box::new(Broken(failure)));
        ana.send("Are you there?");
        ana.notices();
        let status = serde_json::to_value(ana.sync().unwrap()).unwrap();
        assert_eq!((&status["state"], &status["problem"]["code"]), (&json!(state), &json!(code)));
        assert_eq!(status["unsentItems"], 1);
        let notices = serde_json::to_value(ana.notices()).unwrap();
        let mut told = notices.as_array().unwrap().iter().rev().filter(|notice| notice["notice"] == "status");
        assert_eq!(told.next().unwrap()["status"]["state"], state, "{failure:?}");
        assert_eq!(ana.messages()[0]["safety"], "phone");
    }
}

/// Brings changes to the server and loses the texts that they name, as a defective phone would: what it sends is
/// signed.
struct LosesBodies(HubLink, DeviceSecret);

impl Link for LosesBodies {
    fn post(&mut self, url: &str, body: &[u8], sink: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure> {
        let mut decoder = FrameDecoder::default();
        decoder.feed(body);
        let (mut header, mut pages) = (None, Vec::new());
        while let Ok(Some(frame)) = decoder.next_frame() {
            match frame {
                Frame::Request(request) => header = Some(request),
                Frame::Page(bytes) => {
                    let mut page = unpack_page(&bytes).unwrap();
                    page.entries.iter_mut().for_each(|entry| entry.bodies.clear());
                    pages.push(pack_page(&page.circle, &page.cursor, &page.entries).0);
                }
                other => panic!("a phone sent {other:?}"),
            }
        }
        let header = Verified::from_own_store(header.unwrap()).into_inner();
        let marks = pages.iter().map(|page| PageMark::of(page)).collect();
        let (time, circles) = (header.stamp.time, header.circles);
        let header = RequestHeader::sign(&self.1, time, header.response_bytes_max, circles, marks);
        let mut without = Frame::Request(header).encode();
        without.extend(pages.into_iter().flat_map(|page| Frame::Page(page).encode()));
        self.0.post(url, &without, sink)
    }
}

#[test]
fn p01_a_message_whose_text_did_not_arrive_is_not_safe() {
    let place = Place::new();
    let mut ana = place.enrolled(1, "Ana");
    let seed = Read::Get { tree: Tree::Meta, key: b"device".to_vec() };
    let seed = ana.store().read(&[seed]).unwrap().remove(0).value().unwrap();
    let secret = DeviceSecret::from_seed(seed.try_into().unwrap());
    ana.set_link(Box::new(LosesBodies(HubLink(place.hub.clone()), secret)));
    ana.send("Only the change arrives.");
    let status = ana.sync().unwrap();
    assert_eq!(status.unsent_items, 1);
    assert_ne!(ana.messages()[0]["safety"], "safe");
    assert_eq!(place.hub.borrow().refusals, [Refusal::MissingBody]);
    ana.set_link(Box::new(HubLink(place.hub.clone())));
    assert_eq!(ana.sync().unwrap().unsent_items, 0);
    assert_eq!(ana.messages()[0]["safety"], "safe");
}
