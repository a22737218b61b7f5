use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Least memory of [`pin_key`], in KiB: what OWASP's sheet on password storage asks for with two passes.
const PIN_MEMORY_KIB_MIN: u32 = 19 * 1024;
/// Most memory of [`pin_key`], in KiB: the settings lie beside what they protect, and whoever changed them must
/// not be able to stop the phone.
const PIN_MEMORY_KIB_MAX: u32 = 256 * 1024;
/// Fewest passes of [`pin_key`].
const PIN_PASSES_MIN: u32 = 2;
/// Most passes of [`pin_key`].
const PIN_PASSES_MAX: u32 = 64;
/// Longest PIN or passphrase, in bytes.
const PIN_BYTES_MAX: usize = 1024;

/// Why a PIN gave no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinProblem {
    /// Less memory than is safe, or more than a phone should be asked for.
    #[error(
        "{memory_kib} KiB of memory for the PIN; between {PIN_MEMORY_KIB_MIN} and {PIN_MEMORY_KIB_MAX} are allowed"
    )]
    Memory {
        /// What was asked for.
        memory_kib: u32,
    },
    /// Fewer passes than are safe, or more than a person waits for.
    #[error("{passes} passes for the PIN; between {PIN_PASSES_MIN} and {PIN_PASSES_MAX} are allowed")]
    Passes {
        /// What was asked for.
        passes: u32,
    },
    /// An empty PIN, or one above `PIN_BYTES_MAX`.
    #[error("the PIN is empty or longer than {PIN_BYTES_MAX} bytes")]
    Length,
    /// The memory is not to be had now. Closing other programs may help.
    #[error("there is not enough memory free to check the PIN: close other programs and try again")]
    OutOfMemory,
}

/// The key that grows from a PIN: Argon2id (RFC 9106), version 0x13, one lane, 32 bytes, no secret and no
/// associated data. It takes `memory_kib` KiB while it runs and seconds on a slow phone.
///
/// # Errors
/// Settings below their floors or above their ceilings, a PIN that is empty or too long, no memory.
pub fn pin_key(pin: &[u8], salt: &[u8; 16], memory_kib: u32, passes: u32) -> Result<[u8; 32], PinProblem> {
    if !(PIN_MEMORY_KIB_MIN..=PIN_MEMORY_KIB_MAX).contains(&memory_kib) {
        return Err(PinProblem::Memory { memory_kib });
    }
    if !(PIN_PASSES_MIN..=PIN_PASSES_MAX).contains(&passes) {
        return Err(PinProblem::Passes { passes });
    }
    if pin.is_empty() || pin.len() > PIN_BYTES_MAX {
        return Err(PinProblem::Length);
    }
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| PinProblem::Memory { memory_kib })?;
    let mut memory = Vec::new();
    memory.try_reserve_exact(params.block_count()).map_err(|_| PinProblem::OutOfMemory)?;
    memory.resize(params.block_count(), Block::default());
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(pin, salt, &mut key, &mut memory)
        .map_err(|_| PinProblem::Length)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; 16] = [5; 16];

    #[test]
    fn settings_that_are_too_cheap_or_too_dear_are_refused_by_name() {
        let low = PIN_MEMORY_KIB_MIN - 1;
        assert_eq!(pin_key(b"1234", &SALT, low, 2), Err(PinProblem::Memory { memory_kib: low }));
        assert_eq!(pin_key(b"1234", &SALT, u32::MAX, 2), Err(PinProblem::Memory { memory_kib: u32::MAX }));
        assert_eq!(pin_key(b"1234", &SALT, PIN_MEMORY_KIB_MIN, 1), Err(PinProblem::Passes { passes: 1 }));
        assert_eq!(pin_key(b"1234", &SALT, PIN_MEMORY_KIB_MIN, 65), Err(PinProblem::Passes { passes: 65 }));
        assert_eq!(pin_key(b"", &SALT, PIN_MEMORY_KIB_MIN, 2), Err(PinProblem::Length));
        assert_eq!(pin_key(&[b'1'; 1025], &SALT, PIN_MEMORY_KIB_MIN, 2), Err(PinProblem::Length));
    }

    #[test]
    fn pin_salt_and_settings_all_count() {
        let key = |pin: &[u8], salt: u8, memory_kib, passes| pin_key(pin, &[salt; 16], memory_kib, passes).unwrap();
        let first = key(b"1234", 5, PIN_MEMORY_KIB_MIN, 2);
        assert_eq!(first, key(b"1234", 5, PIN_MEMORY_KIB_MIN, 2));
        let others = [
            key(b"1235", 5, PIN_MEMORY_KIB_MIN, 2),
            key(b"1234", 6, PIN_MEMORY_KIB_MIN, 2),
            key(b"1234", 5, PIN_MEMORY_KIB_MIN + 8, 2),
            key(b"1234", 5, PIN_MEMORY_KIB_MIN, 3),
        ];
        assert!(!others.contains(&first));
    }
}
