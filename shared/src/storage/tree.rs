/// A named, ordered map of byte keys to byte values. The numbers are part of the disk format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Tree {
    /// Small facts about the store itself: format version, generation, device identity.
    Meta = 1,
    /// circle → the circle's state.
    Circles = 2,
    /// circle ‖ device → who the device is in the circle.
    Roster = 3,
    /// device ‖ circle → empty: the circles of a device.
    DeviceCircles = 4,
    /// hash of an invite's key → its circle, and how often it was used.
    Invites = 5,
    /// circle ‖ document → the document's state.
    Documents = 6,
    /// Server: circle ‖ position → entry, in commit order.
    Log = 7,
    /// Server: circle ‖ document ‖ position → empty. Phone: the same key → entry.
    DocumentLog = 8,
    /// circle ‖ document ‖ entry id → where the entry stands in its actor's chain.
    Hashes = 9,
    /// circle ‖ body id → the body's bytes. In a store of its own, so that erasing can rewrite it.
    Bodies = 10,
    /// Server: circle ‖ document ‖ piece → a merged snapshot. Phone: circle ‖ document → the texts that search reads. A
    /// cache, never the only copy.
    Snapshots = 11,
    /// Phone: document ‖ number → edits that are not yet a change.
    Drafts = 12,
    /// Phone: circle ‖ document → what lists show of a document without loading it.
    Summaries = 13,
    /// Server: circle, or nothing for the store's own → a data key, wrapped under the operator's.
    Keys = 14,
    /// circle ‖ body id → the actor with whose entry the body came.
    Owners = 15,
    /// circle ‖ position → a record of the circle's chain, with its statement. Phone, beside these: circle ‖ 0xff ‖
    /// statement id → a statement that the server has not admitted yet.
    Statements = 16,
    /// Server: position → a record of the audit log.
    Audit = 17,
    /// Server: circle ‖ device → the epoch that it confirmed, and those it seals with no more. Phone: circle ‖ epoch
    /// → its group and key.
    Epochs = 18,
    /// Server: circle ‖ position → what lies beside the statement there. Phone: circle ‖ statement id → what lies
    /// beside a statement that the server has not admitted yet.
    Attachments = 19,
}

impl Tree {
    /// All trees, in the order of their numbers.
    pub const ALL: [Self; 19] = [
        Self::Meta,
        Self::Circles,
        Self::Roster,
        Self::DeviceCircles,
        Self::Invites,
        Self::Documents,
        Self::Log,
        Self::DocumentLog,
        Self::Hashes,
        Self::Bodies,
        Self::Snapshots,
        Self::Drafts,
        Self::Summaries,
        Self::Keys,
        Self::Owners,
        Self::Statements,
        Self::Audit,
        Self::Epochs,
        Self::Attachments,
    ];

    /// The tree's number on disk.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The tree with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|tree| tree.number() == number)
    }
}
