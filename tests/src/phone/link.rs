use std::cell::RefCell;
use std::rc::Rc;

use kith_shared::client::HttpFailure;

use crate::hub::Hub;

use super::Agent;

/// A way from a phone to a server that blocks until the response is there.
pub trait Link {
    /// Sends a request; the response's bytes go to `sink` as they come.
    ///
    /// # Errors
    /// When there is no response, or it breaks off, or is not Kith's.
    fn post(&mut self, url: &str, body: &[u8], sink: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure>;
}

/// No network.
pub struct NoLink;

impl Link for NoLink {
    fn post(&mut self, _: &str, _: &[u8], _: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure> {
        Err(HttpFailure::Unreachable)
    }
}

/// A link over HTTP, as a phone has it.
#[derive(Clone, Default)]
pub struct HttpLink(Agent);

impl Link for HttpLink {
    fn post(&mut self, url: &str, body: &[u8], sink: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure> {
        self.0.post(url, body, &mut |bytes| {
            sink(bytes);
            true
        })
    }
}

/// A server in this process, without sockets.
#[derive(Clone)]
pub struct HubLink(pub Rc<RefCell<Hub>>);

impl Link for HubLink {
    fn post(&mut self, url: &str, body: &[u8], sink: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure> {
        let answer = self.0.borrow_mut().handle(url, body);
        sink(answer);
        Ok(())
    }
}
