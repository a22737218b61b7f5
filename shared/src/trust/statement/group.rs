use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::MemberId;

/// Those who may read the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyGroup {
    /// Everyone in the circle.
    Circle,
    /// The facilitators.
    Facilitators,
    /// Two members; the smaller id first. [`KeyGroup::pair`] orders them.
    Pair(MemberId, MemberId),
    /// One member alone: journal and plan.
    Alone(MemberId),
    /// What one member shares with the facilitators: that member and they.
    Slice(MemberId),
    /// What one member reports to the organisation: that member, and whoever has the organisation's sealing key.
    Reports(MemberId),
}

const WHAT: &str = "key group";

impl KeyGroup {
    /// The pair of two members, in whichever order they are given. `None` when they are the same.
    #[must_use]
    pub fn pair(one: MemberId, other: MemberId) -> Option<Self> {
        match one.cmp(&other) {
            core::cmp::Ordering::Less => Some(Self::Pair(one, other)),
            core::cmp::Ordering::Equal => None,
            core::cmp::Ordering::Greater => Some(Self::Pair(other, one)),
        }
    }

    /// Whether a member is in the group.
    #[must_use]
    pub fn holds(&self, member: &MemberId, is_facilitator: bool) -> bool {
        match self {
            Self::Circle => true,
            Self::Facilitators => is_facilitator,
            Self::Pair(one, other) => member == one || member == other,
            Self::Alone(one) | Self::Reports(one) => member == one,
            Self::Slice(one) => member == one || is_facilitator,
        }
    }

    /// Whether an epoch's key is wrapped for the organisation, too: behind the wraps of its readers.
    #[must_use]
    pub fn is_for_organisation(&self) -> bool {
        matches!(self, Self::Reports(_))
    }

    /// Writes kind and members.
    pub fn write(&self, writer: &mut Writer) {
        match self {
            Self::Circle => writer.byte(0),
            Self::Facilitators => writer.byte(1),
            Self::Pair(one, other) => writer.byte(2).raw(one.as_bytes()).raw(other.as_bytes()),
            Self::Alone(member) => writer.byte(3).raw(member.as_bytes()),
            Self::Slice(member) => writer.byte(4).raw(member.as_bytes()),
            Self::Reports(member) => writer.byte(5).raw(member.as_bytes()),
        };
    }

    /// Reads a group.
    ///
    /// # Errors
    /// When the bytes end early, the kind is unknown or a pair is not ascending.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let member = |reader: &mut Reader<'_>| reader.array(WHAT).map(MemberId);
        match reader.byte(WHAT)? {
            0 => Ok(Self::Circle),
            1 => Ok(Self::Facilitators),
            2 => match (member(reader)?, member(reader)?) {
                (one, other) if one < other => Ok(Self::Pair(one, other)),
                _ => Err(DecodeError::Invalid { what: WHAT }),
            },
            3 => Ok(Self::Alone(member(reader)?)),
            4 => Ok(Self::Slice(member(reader)?)),
            5 => Ok(Self::Reports(member(reader)?)),
            _ => Err(DecodeError::Invalid { what: WHAT }),
        }
    }
}
