use kith_shared::ids::CircleId;
use kith_shared::storage::Tree;

/// The circle whose data key seals a row; `None` for the store's own key.
///
/// Trees that begin with a circle are the circle's: a tree that comes later must be put on one side here.
#[must_use]
pub fn circle_of(tree: Tree, key: &[u8]) -> Option<CircleId> {
    if begins_with_circle(tree) { key.first_chunk::<{ CircleId::LEN }>().map(|id| CircleId(*id)) } else { None }
}

/// Whether a tree's keys begin with a circle.
pub(super) fn begins_with_circle(tree: Tree) -> bool {
    match tree {
        Tree::Circles
        | Tree::Roster
        | Tree::Documents
        | Tree::Log
        | Tree::DocumentLog
        | Tree::Hashes
        | Tree::Bodies
        | Tree::Snapshots
        | Tree::Summaries
        | Tree::Owners
        | Tree::Statements
        | Tree::Epochs
        | Tree::Attachments => true,
        Tree::Meta | Tree::DeviceCircles | Tree::Invites | Tree::Drafts | Tree::Keys | Tree::Audit => false,
    }
}

/// Rows that stand as they are: what is needed to open the others, which is wrapped already.
pub(super) fn is_plain(tree: Tree, key: &[u8]) -> bool {
    tree == Tree::Keys || (tree == Tree::Meta && key == b"format")
}
