use std::panic::{PanicHookInfo, set_hook};
use std::sync::Once;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(text: &str);
}

/// Says in the console where the engine panicked; it traps right after. Builds made small say nothing.
pub(crate) fn report() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| set_hook(Box::new(|info: &PanicHookInfo<'_>| console_error(&info.to_string()))));
}
