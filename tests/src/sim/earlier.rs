use std::collections::BTreeSet;

use kith_shared::storage::MemoryStore;

use super::deed::Token;

/// A state of a phone, and what its person was promised that the server was not known to have then.
pub(super) struct Earlier {
    pub(super) store: MemoryStore,
    pub(super) unsafe_yet: BTreeSet<Token>,
}
