//! A link that keeps what phones and a hub say to each other.

use std::cell::RefCell;
use std::rc::Rc;

use kith_shared::client::HttpFailure;
use kith_shared::wire::{Frame, FrameDecoder};

use crate::hub::Hub;
use crate::phone::Link;

/// Where to (nowhere for an answer), and the bytes, one after another.
pub(crate) type Bodies = Rc<RefCell<Vec<(String, Vec<u8>)>>>;

/// Brings requests to a hub, and keeps all of it.
pub(crate) struct Tape {
    pub(crate) hub: Rc<RefCell<Hub>>,
    pub(crate) bodies: Bodies,
}

impl Link for Tape {
    fn post(&mut self, url: &str, body: &[u8], sink: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure> {
        let answer = self.hub.borrow_mut().handle(url, body);
        let mut bodies = self.bodies.borrow_mut();
        bodies.push((url.to_owned(), body.to_vec()));
        bodies.push((String::new(), answer.clone()));
        sink(answer);
        Ok(())
    }
}

/// The pages in a request or an answer.
pub(crate) fn pages(body: &[u8]) -> Vec<Vec<u8>> {
    let (mut decoder, mut pages) = (FrameDecoder::default(), Vec::new());
    decoder.feed(body);
    while let Ok(Some(frame)) = decoder.next_frame() {
        if let Frame::Page(bytes) = frame {
            pages.push(bytes);
        }
    }
    pages
}
