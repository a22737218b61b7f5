//! The unpacker of the client's core for the web: a small module that comes with the large one.

use kith_pack::Unpacker;
use wasm_bindgen::prelude::wasm_bindgen;

/// Unpacks a module as it comes. Its methods throw a sentence when the packed bytes are not what they should be.
#[wasm_bindgen]
#[derive(Default)]
pub struct WasmUnpacker(Unpacker);

#[wasm_bindgen]
impl WasmUnpacker {
    /// Waits for the first byte.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next of the packed bytes, as many as came.
    ///
    /// # Errors
    /// When they are no packed module, too large or too long.
    pub fn take(&mut self, packed: &[u8]) -> Result<(), String> {
        self.0.take(packed).map_err(|error| error.to_string())
    }

    /// The whole module.
    ///
    /// # Errors
    /// When it ends too early or was changed on its way.
    pub fn end(&self) -> Result<Vec<u8>, String> {
        self.0.end().map(<[u8]>::to_vec).map_err(|error| error.to_string())
    }
}
