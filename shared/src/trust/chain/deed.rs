//! What an admitted statement does.

use crate::ids::{DeviceId, MemberId};
use crate::trust::{DevicePublic, Ordinals, Role, Setting};

/// What an admitted statement does, with the places that it concerns.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    Found,
    Invite {
        by: Option<usize>,
    },
    /// A device comes in: of a new member (with the role, and whether they wait), or of one who is there.
    LetIn {
        by: Option<usize>,
        newcomer: Newcomer,
    },
    RemoveMember {
        by: Option<usize>,
        member: usize,
    },
    RemoveDevice {
        by: Option<usize>,
        device: usize,
    },
    Bar {
        by: Option<usize>,
        device: DeviceId,
    },
    Confirm {
        by: Option<usize>,
        member: usize,
    },
    Promote {
        by: Option<usize>,
        member: usize,
    },
    Demote {
        by: Option<usize>,
        member: usize,
    },
    Withdraw {
        by: Option<usize>,
    },
    Epoch {
        by: usize,
        holders: Ordinals,
        is_current: bool,
        is_due: bool,
    },
    Share {
        by: usize,
        holders: Ordinals,
        is_due: bool,
    },
    Restored,
    NewServer,
    Setting {
        by: Option<usize>,
        setting: Setting,
    },
    Helplines,
    ReportKey,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Newcomer {
    pub(super) keys: DevicePublic,
    pub(super) whose: Whose,
    pub(super) past: bool,
    pub(super) paper: bool,
    /// Whether the member's other devices go.
    pub(super) recovers: bool,
    /// A device that goes, since its member may have no more at a time.
    pub(super) replaces: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Whose {
    New { member: MemberId, role: Role, waits: bool },
    Member(usize),
}
