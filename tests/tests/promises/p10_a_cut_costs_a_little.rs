use std::cell::{Cell, RefCell};
use std::rc::Rc;

use kith_shared::client::HttpFailure;
use kith_shared::wire::PAGE_BYTES_MAX;
use kith_tests::hub::Hub;
use kith_tests::phone::Link;

use crate::support::{Ask, MemoryPhone, Place};

/// So many bytes pass before the link drops: two pages, and more and more of a third.
const BETWEEN_CUTS_BYTES: [usize; 3] = [36_000, 41_000, 46_000];
/// What each try says besides pages: who asks, where it stands, what arrived.
const HEAD_BYTES_MAX: usize = 1_024;
const MESSAGES: usize = 80;
const LETTERS: usize = 2_000;
const TRIES_MAX: usize = 20;

/// A link that drops each request, or each response, after so many bytes, and counts what passed.
struct Dropping {
    hub: Rc<RefCell<Hub>>,
    up_bytes_max: usize,
    down_bytes_max: usize,
    passed: Rc<Passed>,
}

#[derive(Default)]
struct Passed {
    up_bytes: Cell<usize>,
    down_bytes: Cell<usize>,
    cuts: Cell<usize>,
}

impl Dropping {
    fn cut(&self) -> Result<(), HttpFailure> {
        self.passed.cuts.set(self.passed.cuts.get() + 1);
        Err(HttpFailure::Unreachable)
    }
}

impl Link for Dropping {
    fn post(&mut self, url: &str, body: &[u8], sink: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure> {
        let up_bytes = body.len().min(self.up_bytes_max);
        self.passed.up_bytes.set(self.passed.up_bytes.get() + up_bytes);
        if up_bytes < body.len() {
            self.hub.borrow_mut().handle_cut(url, &body[..up_bytes]);
            return self.cut();
        }
        let mut answer = self.hub.borrow_mut().handle(url, body);
        let is_cut = answer.len() > self.down_bytes_max;
        answer.truncate(self.down_bytes_max);
        self.passed.down_bytes.set(self.passed.down_bytes.get() + answer.len());
        sink(answer);
        if is_cut { self.cut() } else { Ok(()) }
    }
}

fn drops(place: &Place, phone: &mut MemoryPhone, up_bytes_max: usize, down_bytes_max: usize) -> Rc<Passed> {
    let passed = Rc::new(Passed::default());
    let hub = Rc::clone(&place.hub);
    phone.set_link(Box::new(Dropping { hub, up_bytes_max, down_bytes_max, passed: Rc::clone(&passed) }));
    passed
}

/// Messages that do not compress to nothing, another text for each.
fn write(phone: &mut MemoryPhone, seed: u64) {
    let mut state = seed;
    for _ in 0..MESSAGES {
        let mut letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + u8::try_from((state >> 40) % 26).unwrap())
        };
        let text: String = (0..LETTERS).map(|_| letter()).collect();
        phone.send(&text);
    }
}

/// Syncs until all is through; after each cut there must be more in `arrived` than before it.
fn sync_through_cuts(phone: &mut MemoryPhone, mut arrived: impl FnMut(&mut MemoryPhone) -> usize) {
    let mut before = 0;
    for _ in 0..TRIES_MAX {
        let status = phone.sync().unwrap();
        if status.problem.is_none() && status.unsent_items == 0 {
            return;
        }
        let now = arrived(phone);
        assert!(now > before, "{now} are there after a cut, {before} were before it");
        before = now;
    }
    panic!("not all is through after {TRIES_MAX} tries");
}

/// What was sent again is at most a page a cut.
fn assert_little(all_bytes: usize, once_bytes: usize, cuts: usize) {
    assert!(cuts >= 2, "{cuts} cuts are no test");
    let most = once_bytes + cuts * (PAGE_BYTES_MAX + HEAD_BYTES_MAX);
    assert!(all_bytes <= most, "{all_bytes} bytes in {cuts} cuts, for {once_bytes} without any");
}

fn comes_through(between_cuts_bytes: usize) {
    let place = Place::new();
    let (mut ana, mut ben, mut eve) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"), place.enrolled(3, "Eve"));
    for phone in [&mut ana, &mut ben, &mut eve] {
        phone.sync().unwrap();
    }
    write(&mut ana, 1);
    ana.sync().unwrap();
    let whole = drops(&place, &mut ben, usize::MAX, usize::MAX);
    ben.sync().unwrap();
    let cut = drops(&place, &mut eve, usize::MAX, between_cuts_bytes);
    sync_through_cuts(&mut eve, |eve| eve.texts().len());
    assert_little(cut.down_bytes.get(), whole.down_bytes.get(), cut.cuts.get());
    assert_eq!((whole.cuts.get(), eve.texts().len()), (0, MESSAGES));
    assert_eq!(eve.texts(), ana.texts());
}

fn goes_through(between_cuts_bytes: usize) {
    let place = Place::new();
    let (mut ana, mut ben, mut eve) = (place.enrolled(1, "Ana"), place.enrolled(2, "Ben"), place.enrolled(3, "Eve"));
    for phone in [&mut ana, &mut ben, &mut eve] {
        phone.sync().unwrap();
    }
    write(&mut ben, 2);
    let whole = drops(&place, &mut ben, usize::MAX, usize::MAX);
    ben.sync().unwrap();
    write(&mut eve, 3);
    let cut = drops(&place, &mut eve, between_cuts_bytes, usize::MAX);
    sync_through_cuts(&mut eve, |_| {
        ana.sync().unwrap();
        ana.texts().len()
    });
    assert_little(cut.up_bytes.get(), whole.up_bytes.get(), cut.cuts.get());
    ana.sync().unwrap();
    assert_eq!((whole.cuts.get(), ana.texts().len()), (0, 2 * MESSAGES));
}

#[test]
fn p10_what_came_before_a_cut_stays_and_at_most_a_page_comes_again() {
    BETWEEN_CUTS_BYTES.into_iter().for_each(comes_through);
}

#[test]
fn p10_what_was_sent_before_a_cut_stays_and_at_most_a_page_is_sent_again() {
    BETWEEN_CUTS_BYTES.into_iter().for_each(goes_through);
}
