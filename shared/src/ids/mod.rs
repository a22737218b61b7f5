//! Ids: fixed-size byte strings, each its own type, printed as lower-case hex; and what documents are called, of which their
//! ids are made.

mod conversation;
mod document_name;
mod hash;

use core::fmt;
use core::str::FromStr;

use crate::contract::passes_as_text;

pub use conversation::Conversation;
pub use document_name::{DocumentName, SCHEMA_VERSION, Shape, Subject};
pub use hash::tagged_hash;

/// Text that is not the hex of an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be {expected} hex digits, got {found:?}")]
pub struct ParseIdError {
    /// Which id was wanted.
    pub kind: &'static str,
    /// How many hex digits it has.
    pub expected: usize,
    /// What was given, shortened to 80 characters.
    pub found: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Bytes in this id.
            pub const LEN: usize = $len;

            /// The id's bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            /// The id in `bytes`, or `None` when the length is wrong.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let mut bytes = [0; $len];
                hex_into(text, &mut bytes).ok_or_else(|| ParseIdError {
                    kind: stringify!($name),
                    expected: $len * 2,
                    found: text.chars().take(80).collect(),
                })?;
                Ok(Self(bytes))
            }
        }
    };
}

id!(
    /// A support group. Random, made where the circle is made.
    CircleId, 16
);
id!(
    /// A document: derived from its circle and its name, so two phones offline open the same one.
    DocumentId, 16
);
id!(
    /// A device: hash of its two public keys.
    DeviceId, 32
);
id!(
    /// A person in a circle.
    MemberId, 16
);
id!(
    /// One device's writer in one document: hash of device, document and incarnation.
    ActorId, 16
);
id!(
    /// An entry of the log: an Automerge change's hash, or the hash of a sealed envelope.
    EntryId, 32
);
id!(
    /// A body: hash of the bytes that are stored and sent, never of the text in them.
    BodyId, 32
);
id!(
    /// What a message's record says of its text, so that every body of it must hold that text: a salted hash, which
    /// tells nothing without the salt.
    TextCommitment, 32
);
id!(
    /// A thread of messages in a circle; all zero is the circle's own.
    ThreadId, 8
);
id!(
    /// The secret of an enrolment link.
    InviteToken, 16
);
id!(
    /// What a request's header says of a page that follows it, so that its signature covers the page.
    PageMark, 16
);

id!(
    /// A statement of a circle: hash of its bytes up to the signature.
    StatementId, 32
);
id!(
    /// A record of a circle's chain, with all before it.
    RecordHash, 32
);
id!(
    /// A period of a key group's key: follows from circle, group and key.
    EpochId, 32
);
id!(
    /// The public Ed25519 key of an invite: it signs joins.
    InviteKey, 32
);
id!(
    /// The public Ed25519 key of an organisation's root.
    OrganisationKey, 32
);
id!(
    /// The public X25519 key that reports to an organisation are sealed to.
    SealingKey, 32
);
id!(
    /// The public Ed25519 key of a server, which admits joins and signs warrants.
    ServerKey, 32
);

id!(
    /// What a circle's agreement says: a hash of its texts. All zero is no agreement.
    AgreementDigest, 32
);

passes_as_text!(AgreementDigest);
passes_as_text!(CircleId);
passes_as_text!(DocumentId);
passes_as_text!(DeviceId);
passes_as_text!(InviteKey);
passes_as_text!(MemberId);
passes_as_text!(StatementId);
passes_as_text!(ThreadId);

impl AgreementDigest {
    /// Of nothing: what whoever agrees no more agrees to.
    pub const NONE: Self = Self([0; 32]);
}

impl ThreadId {
    /// The thread that every circle has from the start.
    pub const CIRCLE: Self = Self([0; 8]);

    /// The thread that an actor begins with its op of this number: nobody else can write a title under its id first.
    #[must_use]
    pub fn begun(actor: &ActorId, op: u64) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = tagged_hash("kith/thread/1", &[actor.as_bytes(), &op.to_le_bytes()]);
        Self([a, b, c, d, e, f, g, h])
    }
}

impl EpochId {
    /// Bytes of [`Self::hint`].
    pub const HINT_BYTES: usize = 4;

    /// The first 4 bytes: what a body or a sealed entry says of its epoch.
    #[must_use]
    pub fn hint(&self) -> [u8; Self::HINT_BYTES] {
        let [a, b, c, d, ..] = self.0;
        [a, b, c, d]
    }
}

impl BodyId {
    /// The id of a body's bytes, as they are stored and sent.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(tagged_hash("kith/body/1", &[bytes]))
    }
}

impl PageMark {
    /// The mark of a page, as packed and sent.
    #[must_use]
    pub fn of(page: &[u8]) -> Self {
        Self(first_16(&tagged_hash("kith/page/1", &[page])))
    }
}

/// How often a device has begun anew in a document: a restored device takes the next one, since an actor
/// that is used again wedges a document for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Incarnation(pub u32);

impl ActorId {
    /// The actor that `device` writes as in `document`.
    #[must_use]
    pub fn derive(device: &DeviceId, document: &DocumentId, incarnation: Incarnation) -> Self {
        let hash = tagged_hash("kith/actor/1", &[device.as_bytes(), document.as_bytes(), &incarnation.0.to_le_bytes()]);
        Self(first_16(&hash))
    }
}

/// The first half of a hash, for the ids that are 16 bytes.
#[must_use]
pub fn first_16(hash: &[u8; 32]) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes
}

fn hex_into(text: &str, bytes: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != bytes.len() * 2 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(())
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = CircleId([0xa5; 16]);
        assert_eq!(id.to_string().parse::<CircleId>(), Ok(id));
    }

    #[test]
    fn what_is_no_id_is_named() {
        let error = "A5".parse::<CircleId>().unwrap_err();
        assert_eq!(error.to_string(), "CircleId must be 32 hex digits, got \"A5\"");
    }

    #[test]
    fn another_incarnation_is_another_actor() {
        let (device, document) = (DeviceId([1; 32]), DocumentId([2; 16]));
        let first = ActorId::derive(&device, &document, Incarnation(0));
        assert_ne!(first, ActorId::derive(&device, &document, Incarnation(1)));
        assert_eq!(first, ActorId::derive(&device, &document, Incarnation(0)));
    }
}
