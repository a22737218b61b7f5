//! What a JavaScript value is to the contract. How commands are read and replies are written is the core's, the same as
//! natively.

use js_sys::{Array, Object};
use kith_shared::contract::{Given, Made};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// An object by its fields: one call each, and no name is made a value first. A thread has thousands of them.
    type Fields;

    #[wasm_bindgen(catch, method, structural, indexing_getter)]
    fn get(this: &Fields, name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn set(this: &Fields, name: &str, value: JsValue);
}

/// A value that a page gave, or is given.
pub(crate) struct Page(pub(crate) JsValue);

impl Given for Page {
    fn field(&self, name: &'static str) -> Self {
        // What is no object has no fields.
        Self(self.0.unchecked_ref::<Fields>().get(name).unwrap_or(JsValue::UNDEFINED))
    }

    fn is_absent(&self) -> bool {
        self.0.is_null() || self.0.is_undefined()
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn list(&self) -> Option<Vec<Self>> {
        Array::is_array(&self.0).then(|| Array::from(&self.0).iter().map(Self).collect())
    }
}

impl Made for Page {
    fn null() -> Self {
        Self(JsValue::NULL)
    }

    fn text(text: &str) -> Self {
        Self(JsValue::from_str(text))
    }

    fn flag(flag: bool) -> Self {
        Self(JsValue::from_bool(flag))
    }

    #[allow(clippy::cast_precision_loss, reason = "exact to 2^53, which no count or time reaches")]
    fn whole(number: i64) -> Self {
        Self(JsValue::from_f64(number as f64))
    }

    fn fraction(number: f64) -> Self {
        Self(JsValue::from_f64(number))
    }

    fn list(items: impl Iterator<Item = Self>) -> Self {
        Self(items.map(|item| item.0).collect::<Array>().into())
    }

    fn object() -> Self {
        Self(Object::new().into())
    }

    fn set(&mut self, name: &'static str, value: Self) {
        self.0.unchecked_ref::<Fields>().set(name, value.0);
    }
}
