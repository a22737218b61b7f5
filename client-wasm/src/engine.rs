use std::collections::VecDeque;

use kith_shared::client::{Command, CommandId, Effect, Engine, Event, HttpId, StoreFailure, StoreId};
use kith_shared::contract::FromPage;
use kith_shared::seal::AtRestKey;
use kith_shared::storage::{Read, Tree};
use kith_shared::time::{Now, SteadyMs, TimestampMs};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::page::Page;
use crate::types::{JsApplyObserver, JsCommand, JsCommitted, JsEffect, JsHttpFailure, JsReadResults, JsStoreFailure};
use crate::{effect, marshal, panic};

/// What the page keeps through this export, beside the engine's trees: never the number of one of them.
const OWN_TREE: u8 = 255;

/// The engine of one phone. It is told the time by `tick`, before anything else happens at that time.
#[wasm_bindgen]
pub struct WasmEngine {
    engine: Engine,
    /// Seals what the store holds.
    key: AtRestKey,
    /// What was asked of the store and not answered yet: an answer opens only at the place it was asked for.
    asked: Vec<(StoreId, Vec<Read>)>,
    /// What this export answers by itself.
    own: VecDeque<Effect>,
    now: Now,
}

#[wasm_bindgen]
impl WasmEngine {
    /// An engine that waits for its start. `key` is the 32 bytes that seal what is stored.
    ///
    /// # Errors
    /// When there are not 32 bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(key: &[u8]) -> Result<Self, JsValue> {
        panic::report();
        let key = key.try_into().map_err(|_| JsValue::from_str("bad-input: a key is 32 bytes"))?;
        let (engine, key, now) = (Engine::new(), AtRestKey::new(key), TimestampMs(0).into());
        Ok(Self { engine, key, asked: Vec::new(), own: VecDeque::new(), now })
    }

    /// What the phone's two clocks say: milliseconds that run on since any origin of this run, such as
    /// `performance.now()`, and milliseconds since 1970 UTC by the clock that people set. All that is handed in until the
    /// next tick happens at that time.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a clock before 1970 counts as 1970")]
    pub fn tick(&mut self, steady_ms: f64, wall_ms: f64) {
        self.now = Now { steady: SteadyMs(steady_ms as u64), wall: TimestampMs(wall_ms as u64) };
    }

    /// Seals what the page keeps beside the engine, such as words begun and not sent; `name` is where.
    #[must_use]
    #[wasm_bindgen(js_name = sealOwn)]
    pub fn seal_own(&self, name: &str, text: &str) -> Vec<u8> {
        self.key.seal(OWN_TREE, name.as_bytes(), text.as_bytes())
    }

    /// What `sealOwn` sealed under that name; undefined when it does not open.
    #[must_use]
    #[wasm_bindgen(js_name = openOwn)]
    pub fn open_own(&self, name: &str, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.key.open(OWN_TREE, name.as_bytes(), sealed).ok()?).ok()
    }

    /// Who is told, before changes are handed to Automerge, the key and sealed value to write into `Meta` (tree 1) should the
    /// engine trap on them; afterwards it is called with nothing. The next engine leaves those changes out.
    #[wasm_bindgen(js_name = observeApplying)]
    pub fn observe_applying(&mut self, observer: JsApplyObserver) {
        let seal = self.key.clone();
        self.engine.observe_applying(Box::new(move |record| {
            let nobody = JsValue::UNDEFINED;
            let told = match record {
                Some((key, value)) => {
                    let sealed = seal.seal(Tree::Meta.number(), &key, &value);
                    observer.call2(&nobody, &marshal::bytes(&key), &marshal::bytes(&sealed))
                }
                None => observer.call0(&nobody),
            };
            drop(told);
        }));
    }

    /// Begins. `entropy` is 32 bytes from `crypto.getRandomValues`, fresh at every start; `origin` is the server's,
    /// or empty for the page's own.
    ///
    /// # Errors
    /// When there are not 32 bytes.
    #[wasm_bindgen(js_name = handleStart)]
    pub fn handle_start(&mut self, entropy: &[u8], origin: String) -> Result<(), JsValue> {
        let entropy = entropy.try_into().map_err(|_| JsValue::from_str("bad-input: entropy is 32 bytes"))?;
        self.handle(Event::Start { entropy, origin });
        Ok(())
    }

    /// A command; its reply comes as an effect with the same `id`. One that is not the contract's is answered
    /// `bad-input`.
    #[wasm_bindgen(js_name = handleCommand)]
    pub fn handle_command(&mut self, id: u32, command: JsCommand) {
        let id = CommandId(id);
        match Command::read(&Page(command.into())) {
            Ok(command) => self.handle(Event::Command { id, command }),
            Err(bad) => self.own.push_back(Effect::Reply { id, reply: Err(bad.into()) }),
        }
    }

    /// The answers to a `read` effect.
    #[wasm_bindgen(js_name = handleStored)]
    pub fn handle_stored(&mut self, id: u32, results: &JsReadResults) {
        let id = StoreId(id);
        let results = match self.take_asked(id) {
            Some(reads) => marshal::results(&reads, results, &self.key),
            None => Err(StoreFailure::Failed),
        };
        self.handle(Event::Stored { id, results });
    }

    /// A `read` effect failed.
    #[wasm_bindgen(js_name = handleStoreFailed)]
    pub fn handle_store_failed(&mut self, id: u32, failure: &JsStoreFailure) {
        let id = StoreId(id);
        self.take_asked(id);
        let results = Err(marshal::store_failure(failure));
        self.handle(Event::Stored { id, results });
    }

    /// What became of a `commit` effect.
    #[wasm_bindgen(js_name = handleCommitted)]
    pub fn handle_committed(&mut self, id: u32, outcome: &JsCommitted) {
        let outcome = marshal::committed(outcome);
        self.handle(Event::Committed { id: StoreId(id), outcome });
    }

    /// Bytes of a response, in order.
    #[wasm_bindgen(js_name = handleHttpBytes)]
    pub fn handle_http_bytes(&mut self, id: u32, bytes: Vec<u8>) {
        self.handle(Event::HttpBytes { id: HttpId(id), bytes });
    }

    /// A response is complete.
    #[wasm_bindgen(js_name = handleHttpEnd)]
    pub fn handle_http_end(&mut self, id: u32) {
        self.handle(Event::HttpEnd { id: HttpId(id) });
    }

    /// A request failed, before or within its response.
    #[wasm_bindgen(js_name = handleHttpFailed)]
    pub fn handle_http_failed(&mut self, id: u32, failure: &JsHttpFailure) {
        let failure = marshal::http_failure(failure);
        self.handle(Event::HttpFailed { id: HttpId(id), failure });
    }

    /// The network may be back, or the server poked.
    #[wasm_bindgen(js_name = handleNudge)]
    pub fn handle_nudge(&mut self) {
        self.handle(Event::Nudge);
    }

    /// The time of a `wake` effect has passed, or may have: it looks by the clocks of the last tick.
    #[wasm_bindgen(js_name = handleWake)]
    pub fn handle_wake(&mut self) {
        self.handle(Event::Wake);
    }

    /// What to do next; undefined when there is nothing.
    #[wasm_bindgen(js_name = nextEffect)]
    pub fn next_effect(&mut self) -> JsEffect {
        let next = self.own.pop_front().or_else(|| self.engine.next_effect());
        if let Some(Effect::Read { id, reads }) = &next {
            self.asked.push((*id, reads.clone()));
        }
        next.map_or(JsValue::UNDEFINED, |next| effect::to_js(next, &self.key)).unchecked_into()
    }

    /// Whether nothing is waiting or under way but the network. A command handed in now runs next, so that the
    /// commits before its reply are its own.
    #[must_use]
    #[wasm_bindgen(js_name = isQuiet)]
    pub fn is_quiet(&self) -> bool {
        self.engine.is_quiet()
    }

    fn take_asked(&mut self, id: StoreId) -> Option<Vec<Read>> {
        let at = self.asked.iter().position(|(asked, _)| *asked == id)?;
        Some(self.asked.swap_remove(at).1)
    }

    fn handle(&mut self, event: Event) {
        self.engine.handle(event, self.now);
    }
}
