use kith_shared::client::Effect;
use kith_shared::contract::ToPage;
use kith_shared::seal::AtRestKey;
use wasm_bindgen::JsValue;

use crate::marshal::{batch, bytes, object, reads};
use crate::page::Page;

/// An effect as `WasmEffect`; what is to be stored is sealed with the phone's key.
pub(crate) fn to_js(effect: Effect, key: &AtRestKey) -> JsValue {
    let (name, mut fields) = match effect {
        Effect::Read { id, reads: wanted } => ("read", vec![("id", id.0.into()), ("reads", reads(&wanted))]),
        Effect::Commit { id, batch: wanted } => ("commit", vec![("id", id.0.into()), ("batch", batch(&wanted, key))]),
        Effect::Http { id, url, body } => {
            ("http", vec![("id", id.0.into()), ("url", url.into()), ("body", bytes(&body))])
        }
        Effect::HttpAbort { id } => ("httpAbort", vec![("id", id.0.into())]),
        Effect::Reply { id, reply } => ("reply", vec![("id", id.0.into()), ("reply", outcome(&reply))]),
        Effect::Notice(notice) => ("notice", vec![("notice", value(&notice))]),
        #[allow(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
        Effect::Wake { in_ms } => ("wake", vec![("inMs", JsValue::from_f64(in_ms as f64))]),
        Effect::Live { url } => ("live", vec![("url", url.into())]),
    };
    fields.push(("effect", JsValue::from_str(name)));
    object(&fields)
}

fn outcome(reply: &Result<impl ToPage, impl ToPage>) -> JsValue {
    match reply {
        Ok(reply) => object(&[("ok", JsValue::TRUE), ("value", value(reply))]),
        Err(problem) => object(&[("ok", JsValue::FALSE), ("problem", value(problem))]),
    }
}

fn value(value: &impl ToPage) -> JsValue {
    value.write::<Page>().0
}
