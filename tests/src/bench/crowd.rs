//! What trust costs in a circle of 200: people come in one by one, through engines and a hub in memory, and half of
//! them are taken out again.

use std::rc::Rc;

use kith_shared::storage::MemoryStore;
use kith_shared::wire::{AnswerHeader, Frame, FrameDecoder, GivenText};
use serde_json::{Value, json};

use super::fold::wrong;
use super::{BenchError, CIRCLE, Measure, Place, ask, measure};
use crate::clock::Stopwatch;
use crate::phone::Phone;
use crate::tape::{Bodies, Tape};

/// People in the circle in the end, whoever leads it included.
const PEOPLE: u8 = 200;
/// People that one link brings.
const USES: usize = 100;
/// How many are taken out again.
const TAKEN_OUT: usize = 100;
/// Most exchanges until a phone has to be quiet.
const ROUNDS_MAX: usize = 20;

/// Bytes down to a newcomer, by what they are.
#[derive(Clone, Copy, Debug, Default)]
struct Down {
    all: usize,
    texts: usize,
    text_bytes: usize,
    lines: usize,
    beside_bytes: usize,
    /// Of answers: what their records add to them as they are sent.
    sent_bytes: usize,
}

/// How long 200 people take to come in and 100 to be taken out; what the last one's phone sends, gets and asks until it
/// is quiet.
///
/// # Errors
/// When a phone does not do its part.
pub fn crowd() -> Result<Vec<Measure>, BenchError> {
    let place = Place::new();
    let mut leader = place.enrolled(1)?;
    let circle = CIRCLE.to_string();
    let invite = json!({"cmd": "invite", "circle": circle, "role": "member", "past": false, "uses": USES, "days": 7});
    let mut link = Value::Null;
    let watch = Stopwatch::start();
    let (mut before, mut down) = (0, Down::default());
    for number in 2..=PEOPLE {
        if usize::from(number - 2).is_multiple_of(USES) {
            link = ask(&mut leader, invite.clone())?["link"].clone();
            ask(&mut leader, json!({"cmd": "sync"}))?;
        }
        before = place.requests();
        down = come_in(&place, number, &link)?;
    }
    let come_seconds = watch.elapsed().as_secs_f64();
    let (requests, (up, _)) = (place.requests() - before, place.bytes_since(before));
    let people = place.hub.borrow().chain(&CIRCLE).standing().devices().count();
    if people != usize::from(PEOPLE) {
        return Err(wrong(format!("{people} people are in")));
    }
    Ok(vec![
        measure("crowd.come-in", come_seconds, "s, 199 people one by one"),
        measure("crowd.requests-200th", requests as f64, "requests until quiet"),
        measure("crowd.up-200th", up as f64, "bytes of body"),
        measure("crowd.down-200th", down.all as f64, "bytes of body"),
        measure("crowd.statements-200th", down.texts as f64, "statements in full"),
        measure("crowd.statement-bytes-200th", down.text_bytes as f64, "bytes"),
        measure("crowd.trust-sent-200th", down.sent_bytes as f64, "bytes of both and the lines, as sent"),
        measure("crowd.lines-200th", down.lines as f64, "statements by their ids"),
        measure("crowd.beside-200th", down.beside_bytes as f64, "bytes of wraps and boxes"),
        measure("crowd.take-out", take_out(&place, &mut leader)?, "s, 100 people one by one"),
    ])
}

/// A phone comes in, and syncs until it has nothing more to say or to ask.
fn come_in(place: &Place, number: u8, link: &Value) -> Result<Down, BenchError> {
    let mut phone = place.phone_over(MemoryStore::new(), number);
    let bodies = Bodies::default();
    phone.set_link(Box::new(Tape { hub: Rc::clone(&place.hub), bodies: Rc::clone(&bodies) }));
    ask(&mut phone, json!({"cmd": "enrol", "link": link, "name": "Ben"}))?;
    let mut before = 0;
    for _ in 0..ROUNDS_MAX {
        let status = ask(&mut phone, json!({"cmd": "sync"}))?;
        let said = bodies.borrow().len() - before;
        before = bodies.borrow().len();
        if status["unsentItems"] == 0 && said == 2 {
            return Ok(bodies.borrow().iter().filter(|(url, _)| url.is_empty()).fold(Down::default(), weigh));
        }
    }
    Err(wrong(format!("phone {number} is not quiet after {ROUNDS_MAX} rounds")))
}

fn weigh(before: Down, (_, body): &(String, Vec<u8>)) -> Down {
    let mut down = Down { all: before.all + body.len(), ..before };
    let mut decoder = FrameDecoder::default();
    decoder.feed(body);
    while let Ok(Some(frame)) = decoder.next_frame() {
        let Frame::Answer(answer) = frame else { continue };
        down.sent_bytes += trust_sent(&answer);
        for record in answer.circles.iter().flat_map(|circle| &circle.records) {
            match &record.text {
                GivenText::Given(stated) => {
                    down.texts += 1;
                    down.text_bytes += stated.statement.len();
                    down.beside_bytes += stated.attachment.len();
                }
                GivenText::Named(_) => down.lines += 1,
            }
        }
    }
    down
}

/// What the records of an answer add to its frame, which is deflated.
fn trust_sent(answer: &AnswerHeader) -> usize {
    let mut without = answer.clone();
    without.circles.iter_mut().for_each(|circle| circle.records.clear());
    let len = |answer: AnswerHeader| Frame::Answer(answer).encode().len();
    len(answer.clone()).saturating_sub(len(without))
}

/// The leader takes people out, one after the other, and each time everybody's key is renewed.
fn take_out(place: &Place, leader: &mut Phone<MemoryStore>) -> Result<f64, BenchError> {
    let circle = CIRCLE.to_string();
    ask(leader, json!({"cmd": "sync"}))?;
    let members: Vec<_> = place.hub.borrow().chain(&CIRCLE).standing().members().map(|member| member.id).collect();
    let watch = Stopwatch::start();
    for member in members.iter().rev().take(TAKEN_OUT) {
        ask(leader, json!({"cmd": "remove", "circle": circle, "member": member.to_string(), "also": []}))?;
        ask(leader, json!({"cmd": "sync"}))?;
    }
    let seconds = watch.elapsed().as_secs_f64();
    let chain = place.hub.borrow().chain(&CIRCLE);
    let is_in = |state| state == kith_shared::trust::MemberState::Active;
    match chain.standing().members().filter(|member| is_in(member.state)).count() {
        count if count + TAKEN_OUT == usize::from(PEOPLE) => Ok(seconds),
        count => Err(wrong(format!("{count} people are in"))),
    }
}
