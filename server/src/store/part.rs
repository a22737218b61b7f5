use kith_shared::storage::Tree;

/// The parts of a store that are kept, and written anew, apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Bodies of messages, whose removal must free their bytes.
    Bodies,
    /// All other records, the wrapped data keys among them.
    Records,
}

impl Part {
    /// All there is: bodies and records.
    pub const ALL: [Self; 2] = [Self::Bodies, Self::Records];

    /// Where a tree's rows are.
    #[must_use]
    pub fn of(tree: Tree) -> Self {
        if tree == Tree::Bodies { Self::Bodies } else { Self::Records }
    }
}
