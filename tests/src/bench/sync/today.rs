//! What a new phone shows before all of its circle is there: the current week, after so many bytes, and what a link costs
//! that drops again and again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use kith_shared::client::HttpFailure;
use kith_shared::wire::PAGE_BYTES_MAX;
use serde_json::json;

use super::super::fold::wrong;
use super::super::{BenchError, Measure, NOW, measure};
use super::home::HubHome;
use super::workload::{WEEK_OF_SESSION_MESSAGES, Workload};
use super::world::World;
use crate::hub::Hub;
use crate::phone::Link;

/// Bytes between two tries to show the week.
const STEP_BYTES: usize = 10_000;
/// What each try says besides pages: who asks, where it stands, the statements of its circle.
const HEAD_BYTES_MAX: usize = 4_096;
/// Most tries of a phone whose link drops.
const TRIES_MAX: usize = 200;

/// A link that drops for good once `left` bytes passed, and each answer after `answer_bytes_max`.
struct Dropping {
    hub: Rc<RefCell<Hub>>,
    answer_bytes_max: usize,
    passed: Rc<Passed>,
}

/// What passed a link.
#[derive(Default)]
struct Passed {
    /// What may still pass.
    left: Cell<usize>,
    bytes: Cell<usize>,
    cuts: Cell<usize>,
}

impl Passed {
    /// How many of these bytes pass.
    fn take(&self, bytes: usize) -> usize {
        let passes = bytes.min(self.left.get());
        self.left.set(self.left.get() - passes);
        self.bytes.set(self.bytes.get() + passes);
        passes
    }

    fn cut(&self) -> HttpFailure {
        self.cuts.set(self.cuts.get() + 1);
        HttpFailure::Unreachable
    }
}

impl Link for Dropping {
    fn post(&mut self, url: &str, body: &[u8], sink: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure> {
        if self.passed.take(body.len()) < body.len() {
            return Err(self.passed.cut());
        }
        let mut answer = self.hub.borrow_mut().handle(url, body);
        let whole = answer.len();
        answer.truncate(self.passed.take(whole.min(self.answer_bytes_max)));
        let is_whole = answer.len() == whole;
        sink(answer);
        if is_whole { Ok(()) } else { Err(self.passed.cut()) }
    }
}

/// Bytes until a new phone shows the current week, of all that it is sent; and what a link that drops costs it beyond.
///
/// # Errors
/// When a phone does not do its part, or a cut costs more than a page.
pub fn today_first(seed: u64, weeks: usize) -> Result<Vec<Measure>, BenchError> {
    let workload = Workload::of_weeks(seed, weeks);
    let mut world = World::new(HubHome::new(workload.before(NOW)), workload, NOW)?;
    world.past()?;
    world.session()?;
    world.come_back();
    world.all_sync()?;
    let week = world.week_of_leader()?;
    if week["messages"].as_array().map(Vec::len) != Some(WEEK_OF_SESSION_MESSAGES) {
        return Err(wrong(format!("a week has {:?} messages", week["messages"].as_array().map(Vec::len))));
    }
    let link = world.link()?;
    let server = world.home.hub.borrow().clone();
    let mut place = NewPhone { world, server, link };
    let (all, _) = place.fetch(usize::MAX, usize::MAX)?;
    let mut limit = STEP_BYTES;
    while !place.fetch(limit, usize::MAX)?.1 {
        limit += STEP_BYTES;
        if limit > all.bytes.get() {
            return Err(wrong("the week is not there after all bytes"));
        }
    }
    let mut most = 0;
    for answer_bytes_max in [21_000, 37_000, 64_000] {
        let (cut, _) = place.fetch(usize::MAX, answer_bytes_max)?;
        let (cuts, wasted) = (cut.cuts.get(), cut.bytes.get().saturating_sub(all.bytes.get()));
        if cuts < 2 || wasted > cuts * (PAGE_BYTES_MAX + HEAD_BYTES_MAX) {
            return Err(wrong(format!("{cuts} cuts cost {wasted} bytes")));
        }
        most = most.max(wasted / cuts);
    }
    Ok(vec![
        measure("B.week", limit as f64, "bytes at most until the current week is there"),
        measure("B.all", all.bytes.get() as f64, "bytes until all is there"),
        measure("E.wasted", most as f64, "bytes a cut at most"),
    ])
}

/// A circle that one phone comes into, again and again as for the first time.
struct NewPhone {
    world: World<HubHome>,
    /// The server as it was before.
    server: Hub,
    link: String,
}

impl NewPhone {
    /// What the phone was sent until all was there or `left` bytes passed, and whether it shows the current week then.
    fn fetch(&mut self, left: usize, answer_bytes_max: usize) -> Result<(Rc<Passed>, bool), BenchError> {
        *self.world.home.hub.borrow_mut() = self.server.clone();
        let passed = Rc::new(Passed { left: Cell::new(usize::MAX), ..Passed::default() });
        let hub = || Rc::clone(&self.world.home.hub);
        let whole = Dropping { hub: hub(), answer_bytes_max: usize::MAX, passed: Rc::clone(&passed) };
        let mut member = self.world.come_in(&self.link, Some(Box::new(whole)))?;
        passed.left.set(left.saturating_sub(passed.bytes.get()));
        let dropping = Dropping { hub: hub(), answer_bytes_max, passed: Rc::clone(&passed) };
        member.phone.set_link(Box::new(dropping));
        let mut shown = 0.0;
        for _ in 0..TRIES_MAX {
            let cuts = passed.cuts.get();
            let status = member.ask(json!({"cmd": "sync"}))?;
            let (progress, was_cut) = (status["progress"].as_f64(), passed.cuts.get() > cuts);
            let is_wrong = match progress {
                None => was_cut && shown > 0.0,
                Some(progress) => !was_cut || progress < shown || progress > 1.0,
            };
            if is_wrong {
                return Err(wrong(format!("after {shown} of the circle {progress:?} is shown; cut: {was_cut}")));
            }
            shown = progress.unwrap_or(shown);
            if passed.left.get() == 0 || (passed.cuts.get() == cuts && self.world.has_all(&mut member)?) {
                let is_there = self.world.week(&mut member)? == self.world.week_of_leader()?;
                return Ok((passed, is_there));
            }
        }
        Err(wrong(format!("not all is there after {TRIES_MAX} tries")))
    }
}
