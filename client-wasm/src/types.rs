//! What the worker's TypeScript sees. The types are declared here once, by hand, since the values are made by
//! hand; commands, replies and notices are the contract's own.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { Command, KithProblem, Notice, Replies } from '../src/bridge/contract';

/** Never shared memory. */
type Bytes = Uint8Array<ArrayBuffer>;
/** `get` is answered with the value or null, `has` with empty bytes or null, `range` with rows. */
export type WasmRead =
	| [kind: 'get' | 'has', tree: number, key: Bytes]
	| [
			kind: 'range',
			tree: number,
			from: Bytes,
			/** Not included; empty: to the end of the tree. */
			to: Bytes,
			rowsMax: number,
			bytesMax: number,
			reverse: boolean,
	  ];
/** In the order asked for; `more`: the range holds rows beyond the limits. */
export interface WasmRows {
	rows: [key: Bytes, value: Bytes][];
	more: boolean;
}
export type WasmReadResult = Bytes | null | WasmRows;
/** Values are sealed. Happens whole or not at all, if each expected key has just that value (null: is absent). Deletes come first. */
export interface WasmBatch {
	expect: [tree: number, key: Bytes, value: Bytes | null][];
	puts: [tree: number, key: Bytes, value: Bytes][];
	deletes: [tree: number, key: Bytes][];
}
export type WasmCommitted = 'committed' | 'conflict' | WasmStoreFailure;
export type WasmStoreFailure = 'full' | 'failed';
export type WasmHttpFailure = 'unreachable' | 'not-our-server' | 'server';
export type WasmReply = { ok: true; value: Replies[Command['cmd']] } | { ok: false; problem: KithProblem };
/** What the worker must do, in order. */
export type WasmEffect =
	| { effect: 'read'; id: number; reads: WasmRead[] }
	| { effect: 'commit'; id: number; batch: WasmBatch }
	| { effect: 'http'; id: number; url: string; body: Bytes }
	| { effect: 'httpAbort'; id: number }
	| { effect: 'reply'; id: number; reply: WasmReply }
	| { effect: 'notice'; notice: Notice }
	| { effect: 'wake'; inMs: number }
	| { effect: 'live'; url: string };
"#;

#[wasm_bindgen]
extern "C" {
    /// A command as the page gives it.
    #[wasm_bindgen(typescript_type = "Command")]
    pub type JsCommand;

    /// One answer for each read.
    #[wasm_bindgen(typescript_type = "WasmReadResult[]")]
    pub type JsReadResults;

    /// What became of a commit.
    #[wasm_bindgen(typescript_type = "WasmCommitted")]
    pub type JsCommitted;

    /// Why the store failed.
    #[wasm_bindgen(typescript_type = "WasmStoreFailure")]
    pub type JsStoreFailure;

    /// Why a request failed.
    #[wasm_bindgen(typescript_type = "WasmHttpFailure")]
    pub type JsHttpFailure;

    /// Who is told before changes are handed to Automerge.
    #[wasm_bindgen(extends = js_sys::Function, typescript_type = "(key?: Bytes, value?: Bytes) => void")]
    pub type JsApplyObserver;

    /// What to do, or nothing.
    #[wasm_bindgen(typescript_type = "WasmEffect | undefined")]
    pub type JsEffect;
}
