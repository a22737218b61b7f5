//! How large a circle is, and what of it is whose. Every bound that somebody's doing can fill is that member's own:
//! nothing is lent, since what one member fills, everybody pays for. `docs/TRUST.md`, "Shares".

/// Members at a time. Whoever is taken out gives the place back.
pub const CIRCLE_MEMBERS_MAX: usize = 250;
/// Devices that a circle ever had: they stay known, so that what they wrote can be verified.
pub const CIRCLE_DEVICES_EVER_MAX: usize = 4_096;
/// Active devices of one member at a time, a printed code included.
pub const MEMBER_DEVICES_MAX: usize = 4;
/// Devices that a member may ever add on their own, until a recovery begins their shares anew.
pub const MEMBER_DEVICES_EVER_MAX: u32 = 32;
/// How often a member may ever come back by a printed code, until a recovery begins their shares anew.
pub const MEMBER_RETURNS_MAX: u32 = 32;
/// Newcomers and recovered phones that one facilitator may ever let in.
pub const FACILITATOR_NEWCOMERS_MAX: u32 = 512;
/// People who wait for a Confirm, let in by one facilitator who is out.
pub const PROVISIONAL_MAX: u32 = 20;
/// Statements of a member that change what is (invitations, grants, devices, roles), ever.
pub const MEMBER_DEEDS_MAX: u32 = 128;
/// The same of a facilitator.
pub const FACILITATOR_DEEDS_MAX: u32 = 2_048;
/// Devices that a facilitator may ever take out before they come. Whatever else takes out or ends something ends with
/// what there is to take out, and takes nothing of a share.
pub const FACILITATOR_REMOVALS_MAX: u32 = 2_048;
/// Changes of settings by a facilitator, ever: each is a span more for every member.
pub const FACILITATOR_SETTINGS_MAX: u32 = 64;
/// Epochs and Shares of a member, ever, that nobody else's coming or going asked for.
pub const MEMBER_KEYS_MAX: u32 = 1_024;
/// So many recoveries of one member in [`RECOVERIES_ANEW_MS`] begin their shares anew, but for the root's, which always
/// do: else two facilitators who recover each other have no bound.
pub const RECOVERIES_ANEW_MAX: usize = 2;
/// The span of that bound, in milliseconds of record time.
pub const RECOVERIES_ANEW_MS: u64 = 7 * 24 * 60 * 60 * 1_000;
/// Records of a chain, above which only what takes somebody out, and what follows it, is admitted. No share can reach
/// it alone.
pub const CHAIN_RECORDS_MAX: u64 = 65_536;
/// A facilitator takes out at most one other facilitator in so long, and none in their own first while, in
/// milliseconds of record time.
pub const FACILITATOR_REST_MS: u64 = 24 * 60 * 60 * 1_000;
/// How long after a warrant's end a Grant under it may still reach the server, in milliseconds of record time.
pub const GRANT_GRACE_MS: u64 = 60 * 24 * 60 * 60 * 1_000;
