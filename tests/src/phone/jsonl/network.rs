use std::collections::BTreeSet;
use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use kith_shared::client::{HttpFailure, HttpId};

use crate::phone::Agent;

/// What arrives from elsewhere.
pub(super) enum Input {
    Line(String),
    LinesEnd,
    Bytes(HttpId, Vec<u8>),
    End(HttpId, Result<(), HttpFailure>),
    Poke,
}

/// Requests under way, each in a thread of its own, so that a silent server holds nothing up.
pub(super) struct Network {
    agent: Agent,
    sender: Sender<Input>,
    awaited: BTreeSet<HttpId>,
    listening: Arc<AtomicBool>,
}

impl Network {
    pub(super) fn new(sender: Sender<Input>) -> Self {
        Self { agent: Agent::default(), sender, awaited: BTreeSet::new(), listening: Arc::default() }
    }

    pub(super) fn read_lines(&self, input: impl BufRead + Send + 'static) {
        let sender = self.sender.clone();
        thread::spawn(move || {
            for line in input.lines().map_while(Result::ok).filter(|line| !line.trim().is_empty()) {
                if sender.send(Input::Line(line)).is_err() {
                    return;
                }
            }
            let _ = sender.send(Input::LinesEnd);
        });
    }

    pub(super) fn post(&mut self, id: HttpId, url: String, body: Vec<u8>) {
        self.awaited.insert(id);
        let (agent, sender) = (self.agent.clone(), self.sender.clone());
        thread::spawn(move || {
            let result = agent.post(&url, &body, &mut |bytes| sender.send(Input::Bytes(id, bytes)).is_ok());
            let _ = sender.send(Input::End(id, result));
        });
    }

    /// Listens for pokes; one stream at a time.
    pub(super) fn listen(&self, url: String) {
        if url.is_empty() || self.listening.swap(true, Ordering::SeqCst) {
            return;
        }
        let (agent, sender, listening) = (self.agent.clone(), self.sender.clone(), Arc::clone(&self.listening));
        thread::spawn(move || {
            agent.listen(&url, &mut || sender.send(Input::Poke).is_ok());
            listening.store(false, Ordering::SeqCst);
        });
    }

    pub(super) fn is_busy(&self) -> bool {
        !self.awaited.is_empty()
    }

    pub(super) fn awaits(&self, id: HttpId) -> bool {
        self.awaited.contains(&id)
    }

    /// Waits no longer for a request; whether it was waited for.
    pub(super) fn forget(&mut self, id: HttpId) -> bool {
        self.awaited.remove(&id)
    }

    pub(super) fn forget_all(&mut self) -> BTreeSet<HttpId> {
        core::mem::take(&mut self.awaited)
    }
}
