//! The core comes in two modules (`xtask/src/wasm/split.rs`). Here is how the first asks for the second.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Loads the second module before it returns, or throws: the worker's global of this name.
    #[wasm_bindgen(js_namespace = globalThis, js_name = kithSecond)]
    fn load();
}

/// Called by what stands in the first module for a function of the second, while that one is not there. After an exception
/// the engine must not be called again, as after a trap.
#[wasm_bindgen(js_name = needSecond)]
pub fn need_second() {
    load();
}
