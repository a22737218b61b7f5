use std::collections::VecDeque;

use kith_shared::client::{CommandId, Effect, Engine, Event, HttpId, Problem, ProblemCode, StoreFailure, StoreId};
use kith_shared::time::TimestampMs;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::command::BadCommand;
use crate::types::{JsApplyObserver, JsCommand, JsCommitted, JsEffect, JsHttpFailure, JsReadResults, JsStoreFailure};
use crate::{effect, marshal, panic};

/// The engine of one phone. Times are milliseconds since 1970 UTC by the phone's clock.
#[wasm_bindgen]
pub struct WasmEngine {
    engine: Engine,
    /// What this export answers by itself.
    own: VecDeque<Effect>,
}

#[wasm_bindgen]
impl WasmEngine {
    /// An engine that waits for its start.
    #[must_use]
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "made by JavaScript alone")]
    pub fn new() -> Self {
        panic::report();
        Self { engine: Engine::new(), own: VecDeque::new() }
    }

    /// Who is told, before changes are handed to Automerge, the key and value to write into `Meta` (tree 1) should the
    /// engine trap on them; afterwards it is called with nothing. The next engine leaves those changes out.
    #[wasm_bindgen(js_name = observeApplying)]
    pub fn observe_applying(&mut self, observer: JsApplyObserver) {
        self.engine.observe_applying(Box::new(move |record| {
            let nobody = JsValue::UNDEFINED;
            let told = match record {
                Some((key, value)) => observer.call2(&nobody, &marshal::bytes(&key), &marshal::bytes(&value)),
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
    pub fn handle_start(&mut self, entropy: &[u8], origin: String, now_ms: f64) -> Result<(), JsValue> {
        let entropy = entropy.try_into().map_err(|_| JsValue::from_str("bad-input: entropy is 32 bytes"))?;
        self.handle(Event::Start { entropy, origin }, now_ms);
        Ok(())
    }

    /// A command; its reply comes as an effect with the same `id`. One that is not the contract's is answered
    /// `bad-input`.
    #[wasm_bindgen(js_name = handleCommand)]
    pub fn handle_command(&mut self, id: u32, command: JsCommand, now_ms: f64) {
        let id = CommandId(id);
        match crate::command::read(&command.into()) {
            Ok(command) => self.handle(Event::Command { id, command }, now_ms),
            Err(BadCommand(field)) => {
                let text = format!("not a command of this version: `{field}` is missing or of the wrong kind");
                let problem = Problem { code: ProblemCode::BadInput, text, retry: false };
                self.own.push_back(Effect::Reply { id, reply: Err(problem) });
            }
        }
    }

    /// The answers to a `read` effect.
    #[wasm_bindgen(js_name = handleStored)]
    pub fn handle_stored(&mut self, id: u32, results: &JsReadResults, now_ms: f64) {
        let results = marshal::results(results).ok_or(StoreFailure::Failed);
        self.handle(Event::Stored { id: StoreId(id), results }, now_ms);
    }

    /// A `read` effect failed.
    #[wasm_bindgen(js_name = handleStoreFailed)]
    pub fn handle_store_failed(&mut self, id: u32, failure: &JsStoreFailure, now_ms: f64) {
        let results = Err(marshal::store_failure(failure));
        self.handle(Event::Stored { id: StoreId(id), results }, now_ms);
    }

    /// What became of a `commit` effect.
    #[wasm_bindgen(js_name = handleCommitted)]
    pub fn handle_committed(&mut self, id: u32, outcome: &JsCommitted, now_ms: f64) {
        let outcome = marshal::committed(outcome);
        self.handle(Event::Committed { id: StoreId(id), outcome }, now_ms);
    }

    /// Bytes of a response, in order.
    #[wasm_bindgen(js_name = handleHttpBytes)]
    pub fn handle_http_bytes(&mut self, id: u32, bytes: Vec<u8>, now_ms: f64) {
        self.handle(Event::HttpBytes { id: HttpId(id), bytes }, now_ms);
    }

    /// A response is complete.
    #[wasm_bindgen(js_name = handleHttpEnd)]
    pub fn handle_http_end(&mut self, id: u32, now_ms: f64) {
        self.handle(Event::HttpEnd { id: HttpId(id) }, now_ms);
    }

    /// A request failed, before or within its response.
    #[wasm_bindgen(js_name = handleHttpFailed)]
    pub fn handle_http_failed(&mut self, id: u32, failure: &JsHttpFailure, now_ms: f64) {
        let failure = marshal::http_failure(failure);
        self.handle(Event::HttpFailed { id: HttpId(id), failure }, now_ms);
    }

    /// The network may be back, or the server poked.
    #[wasm_bindgen(js_name = handleNudge)]
    pub fn handle_nudge(&mut self, now_ms: f64) {
        self.handle(Event::Nudge, now_ms);
    }

    /// The time of a `wake` effect has come.
    #[wasm_bindgen(js_name = handleWake)]
    pub fn handle_wake(&mut self, now_ms: f64) {
        self.handle(Event::Wake, now_ms);
    }

    /// What to do next; undefined when there is nothing.
    #[wasm_bindgen(js_name = nextEffect)]
    pub fn next_effect(&mut self) -> JsEffect {
        let next = self.own.pop_front().or_else(|| self.engine.next_effect());
        next.map_or(JsValue::UNDEFINED, effect::to_js).unchecked_into()
    }

    /// Whether nothing is waiting or under way but the network. A command handed in now runs next, so that the
    /// commits before its reply are its own.
    #[must_use]
    #[wasm_bindgen(js_name = isQuiet)]
    pub fn is_quiet(&self) -> bool {
        self.engine.is_quiet()
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a clock before 1970 counts as 1970")]
    fn handle(&mut self, event: Event, now_ms: f64) {
        self.engine.handle(event, TimestampMs(now_ms as u64));
    }
}
