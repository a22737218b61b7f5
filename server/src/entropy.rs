//! The one place that draws random bytes.

/// The system has no randomness to give.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no random bytes: {0}")]
pub struct NoEntropy(String);

/// Random bytes from the system, fit for keys and tokens.
///
/// # Errors
/// When the system refuses.
#[allow(clippy::disallowed_methods, reason = "this file is where the server's randomness enters")]
pub fn draw<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| NoEntropy(error.to_string()))?;
    Ok(bytes)
}
