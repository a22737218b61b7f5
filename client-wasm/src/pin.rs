use kith_shared::seal::pin_key;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::panic;

/// The 32 bytes that grow from a PIN by Argon2id. `salt` is 16 bytes. It takes `memory_kib` KiB of this module's
/// memory, which only ends with the module: call it in a worker that ends afterwards.
///
/// # Errors
/// What is wrong with the arguments, or that there is not enough memory.
#[wasm_bindgen(js_name = pinKey)]
pub fn pin_bytes(pin: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Result<Vec<u8>, JsValue> {
    panic::report();
    let salt = salt.try_into().map_err(|_| JsValue::from_str("bad-input: a salt is 16 bytes"))?;
    let key = pin_key(pin.as_bytes(), &salt, memory_kib, passes);
    key.map(|key| key.to_vec()).map_err(|problem| JsValue::from_str(&problem.to_string()))
}
