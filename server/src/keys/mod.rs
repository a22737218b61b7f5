//! The operator's keys: small files in a folder of their own beside the data, so that a copied disk or backup
//! alone opens nothing. What each is for is in `docs/TRUST.md`, "Keys"; where it is kept in `docs/OPERATIONS.md`.

mod error;
mod file;
mod folder;
mod operator_file;
pub(crate) mod sealing_file;

use core::fmt;

use kith_shared::seal::AtRestKey;

pub use error::KeyError;
pub use folder::{Environment, Keys, ROOT_FILE};

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    };
}

secret!(
    /// What every data key of the store is wrapped under.
    OperatorKey
);
secret!(
    /// The seed of the organisation's root (Ed25519): founds circles, makes facilitators. Admin commands need
    /// it, serving does not.
    RootSeed
);
secret!(
    /// The seed of the server's signing key (Ed25519), kept sealed in the store: admits joins, signs warrants.
    ServerSeed
);

/// Names an operator's key without telling anything of it: 8 bytes of a hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperatorKeyId(pub [u8; 8]);

impl OperatorKey {
    /// The key, to wrap with.
    #[must_use]
    pub fn at_rest(&self) -> AtRestKey {
        AtRestKey::new(self.0)
    }

    /// The key's name.
    #[must_use]
    pub fn id(&self) -> OperatorKeyId {
        OperatorKeyId(self.at_rest().key_id())
    }
}

impl fmt::Display for OperatorKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for OperatorKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperatorKeyId({self})")
    }
}
