//! The core has no entropy of its own. Automerge draws a random actor for each document that it makes, which ours
//! replaces before anything is written; it gets zeros, and the gate refuses what an unset actor would write.

/// What getrandom asks with `--cfg getrandom_backend="custom"`.
///
/// # Safety
/// `dest` must be valid for writes of `len` bytes.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(dest: *mut u8, len: usize) -> Result<(), getrandom::Error> {
    // SAFETY: by the contract above, which getrandom keeps.
    unsafe { core::ptr::write_bytes(dest, 0, len) };
    Ok(())
}
