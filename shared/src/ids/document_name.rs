use super::{CircleId, DocumentId, MemberId, ThreadId, first_16, tagged_hash};
use crate::codec::{DecodeError, Reader, Writer};
use crate::time::{Day, Month};

/// The schema that this build writes in new documents, of every kind.
pub const SCHEMA_VERSION: u8 = 1;

/// What a document is called: what its id is derived from, so that two phones that open the same session
/// or month offline write into one document.
///
/// The schema version is part of the name: the first change of a document is a pure function of the name,
/// and a later schema makes other documents, which readers show as one with the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentName {
    /// Version of the schema that the document was begun with.
    pub schema: u8,
    /// What it is, and which one.
    pub subject: Subject,
}

/// What a document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The circle's profile: names, agreement, threads.
    Profile,
    /// The note of a session.
    SessionNote {
        /// The session's date.
        day: Day,
        /// 0 for the first session of that day.
        ordinal: u8,
    },
    /// A month of a thread.
    Thread {
        /// The thread.
        thread: ThreadId,
        /// The month its messages were written in, by their author's clock.
        month: Month,
        /// 0 for the first document of the month; the next begins at 500 messages.
        part: u16,
    },
    /// A month of what two members say to each other; the smaller id first. [`Subject::pair`] orders them.
    Pair {
        /// One of the two.
        one: MemberId,
        /// The other.
        other: MemberId,
        /// As of a thread.
        month: Month,
        /// As of a thread.
        part: u16,
    },
    /// The strategies that the circle's members share.
    Toolkit,
    /// What a member noted for themself in a month: check-ins, questionnaires, words. Theirs alone.
    Journal {
        /// The member whose journal it is, and who alone writes it.
        member: MemberId,
        /// Of which month, by the member's clock.
        month: Month,
    },
    /// A member's plan for hard moments. Theirs alone.
    Plan {
        /// The member whose plan it is, and who alone writes it.
        member: MemberId,
    },
    /// What a member chose for themself about others in the circle. Theirs alone.
    Choices {
        /// The member whose choices they are.
        member: MemberId,
    },
    /// What a member keeps their word on by themself: commitments, attempts. Theirs alone.
    Commitments {
        /// The member whose they are, and who alone writes them.
        member: MemberId,
        /// 0 for the first; the next begins at 500 records.
        part: u16,
    },
    /// What two members have with each other beside their talk; the smaller id first. [`Subject::between`] orders them.
    Between {
        /// One of the two.
        one: MemberId,
        /// The other.
        other: MemberId,
        /// As of commitments.
        part: u16,
    },
    /// What a member reports to the organisation. Theirs alone in the circle.
    Reports {
        /// Who reports, and who alone writes it.
        member: MemberId,
        /// As of commitments.
        part: u16,
    },
    /// Stories and milestones that members share with the whole circle.
    Stories,
    /// What the facilitators note of a session among themselves. Sealed.
    FacilitatorNote {
        /// The session's date.
        day: Day,
        /// 0 for the first session of that day.
        ordinal: u8,
    },
    /// What the facilitators keep about one member, who reads it too. Sealed.
    Slice {
        /// About whom.
        member: MemberId,
    },
}

/// What a document is made of. Sealed documents have a note's form: their schema is judged by phones alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Names, the circle's fields, threads.
    Profile,
    /// Text with blocks, fields and items.
    Note,
    /// Messages and reactions; of a member's own documents, what they noted.
    Thread,
    /// Strategies, and whom they helped.
    Toolkit,
}

impl Subject {
    /// A month of what two members say to each other, in whichever order they are given. `None` when they are the same.
    #[must_use]
    pub fn pair(one: MemberId, other: MemberId, month: Month, part: u16) -> Option<Self> {
        let (one, other) = if one < other { (one, other) } else { (other, one) };
        (one != other).then_some(Self::Pair { one, other, month, part })
    }

    /// What two members have with each other beside their talk, in whichever order they are given. `None` when they are
    /// the same.
    #[must_use]
    pub fn between(one: MemberId, other: MemberId, part: u16) -> Option<Self> {
        let (one, other) = if one < other { (one, other) } else { (other, one) };
        (one != other).then_some(Self::Between { one, other, part })
    }
}

impl DocumentName {
    /// Longest encoding, in bytes.
    pub const MAX_BYTES: usize = 40;

    /// The name of `subject` in the schema that this build writes.
    #[must_use]
    pub fn new(subject: Subject) -> Self {
        Self { schema: SCHEMA_VERSION, subject }
    }

    /// Of which month it is, roughly, as months since 1970; the highest number for what has none.
    #[must_use]
    pub fn months(&self) -> u32 {
        match self.subject {
            Subject::Thread { month, .. } | Subject::Pair { month, .. } | Subject::Journal { month, .. } => {
                month.0.into()
            }
            Subject::SessionNote { day, .. } | Subject::FacilitatorNote { day, .. } => day.shown().month().0.into(),
            Subject::Profile
            | Subject::Toolkit
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::Stories
            | Subject::Slice { .. } => u32::MAX,
        }
    }

    /// The document's id in `circle`.
    #[must_use]
    pub fn id(&self, circle: &CircleId) -> DocumentId {
        let mut writer = Writer::new();
        self.write(&mut writer);
        let hash = tagged_hash("kith/document/1", &[circle.as_bytes(), &writer.into_bytes()]);
        DocumentId(first_16(&hash))
    }

    /// Whether a session that it names falls on a day that may be written. A document of another name is still
    /// opened where it lies on a disk, but nothing more is taken for it.
    #[must_use]
    pub fn is_in_range(&self) -> bool {
        match self.subject {
            Subject::SessionNote { day, .. } | Subject::FacilitatorNote { day, .. } => day.is_allowed(),
            Subject::Profile
            | Subject::Thread { .. }
            | Subject::Pair { .. }
            | Subject::Toolkit
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::Stories
            | Subject::Slice { .. } => true,
        }
    }

    /// The member who alone writes it and reads it. Fixed by the kind.
    #[must_use]
    pub fn owner(&self) -> Option<MemberId> {
        match self.subject {
            Subject::Journal { member, .. }
            | Subject::Plan { member }
            | Subject::Choices { member }
            | Subject::Commitments { member, .. }
            | Subject::Reports { member, .. } => Some(member),
            Subject::Profile
            | Subject::SessionNote { .. }
            | Subject::Thread { .. }
            | Subject::Pair { .. }
            | Subject::Between { .. }
            | Subject::Toolkit
            | Subject::Stories
            | Subject::FacilitatorNote { .. }
            | Subject::Slice { .. } => None,
        }
    }

    /// The two members who alone write it and read it. Fixed by the kind.
    #[must_use]
    pub fn pair(&self) -> Option<(MemberId, MemberId)> {
        match self.subject {
            Subject::Pair { one, other, .. } | Subject::Between { one, other, .. } => Some((one, other)),
            Subject::Profile
            | Subject::SessionNote { .. }
            | Subject::Thread { .. }
            | Subject::Toolkit
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Stories
            | Subject::FacilitatorNote { .. }
            | Subject::Slice { .. } => None,
        }
    }

    /// Whether a member writes it at all, and is given it.
    #[must_use]
    pub fn is_for(&self, member: &MemberId) -> bool {
        self.owner().is_none_or(|owner| owner == *member)
            && self.pair().is_none_or(|(one, other)| one == *member || other == *member)
    }

    /// How many members may write it, where that is fixed: each has an equal share.
    #[must_use]
    pub fn writers(&self) -> Option<u64> {
        self.owner().map(|_| 1).or_else(|| self.pair().map(|_| 2))
    }

    /// Whether phones alone unseal it; else the server reads its changes and merges them. Fixed by the kind.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        match self.subject {
            Subject::Profile
            | Subject::SessionNote { .. }
            | Subject::Thread { .. }
            | Subject::Pair { .. }
            | Subject::Toolkit
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::Stories => false,
            Subject::FacilitatorNote { .. } | Subject::Slice { .. } => true,
        }
    }

    /// Whether whoever has the organisation's sealing key reads its texts, too. Fixed by the kind.
    #[must_use]
    pub fn is_for_organisation(&self) -> bool {
        match self.subject {
            Subject::Reports { .. } => true,
            Subject::Profile
            | Subject::SessionNote { .. }
            | Subject::Thread { .. }
            | Subject::Pair { .. }
            | Subject::Toolkit
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Between { .. }
            | Subject::Stories
            | Subject::FacilitatorNote { .. }
            | Subject::Slice { .. } => false,
        }
    }

    /// Whether facilitators may hide in it what others wrote. Fixed by the kind.
    #[must_use]
    pub fn is_led(&self) -> bool {
        match self.subject {
            Subject::Thread { .. } | Subject::Toolkit | Subject::Stories => true,
            Subject::Profile
            | Subject::SessionNote { .. }
            | Subject::Pair { .. }
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::FacilitatorNote { .. }
            | Subject::Slice { .. } => false,
        }
    }

    /// What it is made of. Fixed by the kind.
    #[must_use]
    pub fn shape(&self) -> Shape {
        match self.subject {
            Subject::Profile => Shape::Profile,
            Subject::Thread { .. }
            | Subject::Pair { .. }
            | Subject::Journal { .. }
            | Subject::Plan { .. }
            | Subject::Choices { .. }
            | Subject::Commitments { .. }
            | Subject::Reports { .. }
            | Subject::Between { .. }
            | Subject::Stories => Shape::Thread,
            Subject::Toolkit => Shape::Toolkit,
            Subject::SessionNote { .. } | Subject::FacilitatorNote { .. } | Subject::Slice { .. } => Shape::Note,
        }
    }

    /// Writes the name in its one form: kind, schema, then the kind's numbers.
    pub fn write(&self, writer: &mut Writer) {
        match self.subject {
            Subject::Profile => {
                writer.byte(1).byte(self.schema);
            }
            Subject::SessionNote { day, ordinal } => {
                writer.byte(2).byte(self.schema).number(day.0.into()).byte(ordinal);
            }
            Subject::Thread { thread, month, part } => {
                writer.byte(3).byte(self.schema).raw(thread.as_bytes());
                writer.number(month.0.into()).number(part.into());
            }
            Subject::Toolkit => {
                writer.byte(4).byte(self.schema);
            }
            Subject::Journal { member, month } => {
                writer.byte(5).byte(self.schema).raw(member.as_bytes()).number(month.0.into());
            }
            Subject::Plan { member } => {
                writer.byte(6).byte(self.schema).raw(member.as_bytes());
            }
            Subject::FacilitatorNote { day, ordinal } => {
                writer.byte(7).byte(self.schema).number(day.0.into()).byte(ordinal);
            }
            Subject::Slice { member } => {
                writer.byte(8).byte(self.schema).raw(member.as_bytes());
            }
            Subject::Pair { one, other, month, part } => {
                writer.byte(9).byte(self.schema).raw(one.as_bytes()).raw(other.as_bytes());
                writer.number(month.0.into()).number(part.into());
            }
            Subject::Choices { member } => {
                writer.byte(10).byte(self.schema).raw(member.as_bytes());
            }
            Subject::Commitments { member, part } => {
                writer.byte(11).byte(self.schema).raw(member.as_bytes()).number(part.into());
            }
            Subject::Between { one, other, part } => {
                writer.byte(12).byte(self.schema).raw(one.as_bytes()).raw(other.as_bytes()).number(part.into());
            }
            Subject::Reports { member, part } => {
                writer.byte(13).byte(self.schema).raw(member.as_bytes()).number(part.into());
            }
            Subject::Stories => {
                writer.byte(14).byte(self.schema);
            }
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// When the bytes end early, the kind is none that this build knows, or a pair is not ascending.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let kind = reader.byte("document kind")?;
        let schema = reader.byte("document schema")?;
        let subject = match kind {
            1 => Subject::Profile,
            2 => Subject::SessionNote {
                day: Day(reader.number_as("session day")?),
                ordinal: reader.byte("session ordinal")?,
            },
            3 => Subject::Thread {
                thread: ThreadId(reader.array("thread id")?),
                month: Month(reader.number_as("thread month")?),
                part: reader.number_as("thread part")?,
            },
            4 => Subject::Toolkit,
            5 => Subject::Journal {
                member: MemberId(reader.array("journal member")?),
                month: Month(reader.number_as("journal month")?),
            },
            6 => Subject::Plan { member: MemberId(reader.array("plan member")?) },
            7 => Subject::FacilitatorNote {
                day: Day(reader.number_as("session day")?),
                ordinal: reader.byte("session ordinal")?,
            },
            8 => Subject::Slice { member: MemberId(reader.array("slice member")?) },
            9 => {
                let (one, other) = (MemberId(reader.array("pair member")?), MemberId(reader.array("pair member")?));
                let (month, part) = (Month(reader.number_as("thread month")?), reader.number_as("thread part")?);
                let ascending = Subject::pair(one, other, month, part).filter(|_| one < other);
                ascending.ok_or(DecodeError::Invalid { what: "pair" })?
            }
            10 => Subject::Choices { member: MemberId(reader.array("choices member")?) },
            11 => Subject::Commitments {
                member: MemberId(reader.array("commitments member")?),
                part: reader.number_as("commitments part")?,
            },
            12 => {
                let (one, other) = (MemberId(reader.array("pair member")?), MemberId(reader.array("pair member")?));
                let ascending = Subject::between(one, other, reader.number_as("part")?).filter(|_| one < other);
                ascending.ok_or(DecodeError::Invalid { what: "pair" })?
            }
            13 => Subject::Reports {
                member: MemberId(reader.array("reports' member")?),
                part: reader.number_as("reports' part")?,
            },
            14 => Subject::Stories,
            _ => return Err(DecodeError::Invalid { what: "document kind" }),
        };
        Ok(Self { schema, subject })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(name: &DocumentName) -> Vec<u8> {
        let mut writer = Writer::new();
        name.write(&mut writer);
        writer.into_bytes()
    }

    #[test]
    fn a_pairs_name_has_its_bytes_whoever_of_the_two_gives_it_and_one_form() {
        let (ana, ben) = (MemberId([1; 16]), MemberId([2; 16]));
        let name = DocumentName::new(Subject::pair(ben, ana, Month(682), 1).unwrap());
        let golden = [&[9, 1][..], &[1; 16], &[2; 16], &[0xaa, 5, 1]].concat();
        assert_eq!(bytes(&name), golden);
        assert_eq!(DocumentName::read(&mut Reader::new(&golden)), Ok(name));
        assert_eq!(DocumentName::new(Subject::pair(ana, ben, Month(682), 1).unwrap()), name);
        assert_eq!(Subject::pair(ana, ana, Month(682), 1), None);
        for (one, other) in [(2, 1), (1, 1)] {
            let wrong = [&[9, 1][..], &[one; 16], &[other; 16], &[0xaa, 5, 1]].concat();
            assert!(DocumentName::read(&mut Reader::new(&wrong)).is_err());
        }
        let longest = Subject::pair(ana, ben, Month(u16::MAX), u16::MAX).unwrap();
        assert_eq!(bytes(&DocumentName::new(longest)).len(), DocumentName::MAX_BYTES);
    }

    #[test]
    fn choices_have_their_names_bytes() {
        let name = DocumentName::new(Subject::Choices { member: MemberId([1; 16]) });
        let golden = [&[10, 1][..], &[1; 16]].concat();
        assert_eq!(bytes(&name), golden);
        assert_eq!(DocumentName::read(&mut Reader::new(&golden)), Ok(name));
        assert!(DocumentName::read(&mut Reader::new(&golden[..17])).is_err());
    }

    #[test]
    fn what_is_kept_alone_and_between_two_has_its_names_bytes_and_one_form() {
        let (ana, ben) = (MemberId([1; 16]), MemberId([2; 16]));
        let own = [&[11, 1][..], &[1; 16], &[3]].concat();
        let between = [&[12, 1][..], &[1; 16], &[2; 16], &[0x80, 2]].concat();
        let reports = [&[13, 1][..], &[2; 16], &[0xac, 2]].concat();
        let subjects = [
            Subject::Commitments { member: ana, part: 3 },
            Subject::between(ben, ana, 256).unwrap(),
            Subject::Reports { member: ben, part: 300 },
        ];
        for (subject, golden) in subjects.into_iter().zip([own, between, reports]) {
            let name = DocumentName::new(subject);
            assert_eq!(bytes(&name), golden);
            assert_eq!(DocumentName::read(&mut Reader::new(&golden)), Ok(name));
            assert!(DocumentName::read(&mut Reader::new(&golden[..golden.len() - 1])).is_err());
            assert_eq!((name.shape(), name.is_sealed(), name.is_in_range()), (Shape::Thread, false, true));
        }
        assert_eq!(Subject::between(ana, ana, 0), None);
        for (one, other) in [(2, 1), (1, 1)] {
            let wrong = [&[12, 1][..], &[one; 16], &[other; 16], &[0]].concat();
            assert!(DocumentName::read(&mut Reader::new(&wrong)).is_err());
        }
    }

    #[test]
    fn stories_have_their_names_bytes_and_are_for_everybody() {
        let name = DocumentName::new(Subject::Stories);
        assert_eq!(bytes(&name), [14, 1]);
        assert_eq!(DocumentName::read(&mut Reader::new(&[14, 1])), Ok(name));
        assert!(DocumentName::read(&mut Reader::new(&[14])).is_err());
        assert!(name.is_for(&MemberId([1; 16])) && name.writers().is_none() && !name.is_sealed());
    }

    #[test]
    fn what_is_somebodys_own_is_for_them_and_what_is_twos_for_the_two() {
        let (ana, ben, cat) = (MemberId([1; 16]), MemberId([2; 16]), MemberId([3; 16]));
        let is_for = |subject: Subject| [ana, ben, cat].map(|member| DocumentName::new(subject).is_for(&member));
        assert_eq!(is_for(Subject::Plan { member: ana }), [true, false, false]);
        assert_eq!(is_for(Subject::Journal { member: cat, month: Month(682) }), [false, false, true]);
        assert_eq!(is_for(Subject::pair(ben, ana, Month(682), 0).unwrap()), [true, true, false]);
        assert_eq!(is_for(Subject::Commitments { member: ben, part: 0 }), [false, true, false]);
        assert_eq!(is_for(Subject::Reports { member: ben, part: 0 }), [false, true, false]);
        assert_eq!(is_for(Subject::between(cat, ana, 0).unwrap()), [true, false, true]);
        assert_eq!(is_for(Subject::Toolkit), [true; 3]);
    }
}
