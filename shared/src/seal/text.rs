use core::fmt;

use crate::ids::{CircleId, DocumentId, TextCommitment, tagged_hash};

/// Bytes of a text's salt.
pub const TEXT_SALT_BYTES: usize = 16;

/// What keeps a commitment from telling its text: 16 bytes of the system's randomness that are used for nothing else.
///
/// It is drawn, and derived from no key: a key outlives the text, and whoever kept both it and the commitment could
/// try out what a text that was taken back may have said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TextSalt(pub [u8; TEXT_SALT_BYTES]);

impl fmt::Debug for TextSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextSalt(…)")
    }
}

/// A message's text with its salt: what each of its bodies holds.
#[derive(Clone, PartialEq, Eq)]
pub struct SaltedText {
    /// The salt, which stays the text's however often it is sealed.
    pub salt: TextSalt,
    /// The text.
    pub text: String,
}

impl SaltedText {
    /// What the message's record says of this text.
    ///
    /// Nobody can find two texts that fit one commitment, not even an author who picks both with their salts: that is
    /// a collision of SHA-256, hence 32 bytes and not 16. Nobody who lacks the salt can tell which text it is.
    #[must_use]
    pub fn commitment(&self, circle: &CircleId, document: &DocumentId, message_key: &str) -> TextCommitment {
        let (message, text) = (message_key.as_bytes(), self.text.as_bytes());
        let parts = [&self.salt.0, circle.as_bytes(), document.as_bytes(), message, text];
        TextCommitment(tagged_hash("kith/text/1", &parts))
    }
}

impl fmt::Debug for SaltedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SaltedText(…)")
    }
}
