use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{ActorId, AgreementDigest, MemberId, ThreadId, tagged_hash};
use crate::time::{Day, TimestampMs};

use super::note::ITEM_TEXT;
use super::{EditProblem, ItemId, MEMBER_NAME_BYTES_MAX, Register, TextLimit, is_seen};

/// Containers, by the op of the genesis that makes them.
pub(super) const CIRCLE: u64 = 1;
pub(super) const NAMES: u64 = 2;
pub(super) const THREADS: u64 = 3;

/// Keys of the circle's own fields.
pub(super) const NAME: &str = "n";
pub(super) const AGREEMENT: &str = "a";
pub(super) const FOLLOW_UP_WHO: &str = "w";
pub(super) const FOLLOW_UP_BY: &str = "b";
pub(super) const ABOUT_ALCOHOL: &str = "l";
pub(super) const OPENING: &str = "o";
pub(super) const CLOSING: &str = "e";

/// Ends of the keys of the agreement's lines, and of roles. One without a text, or a name, is none.
pub(super) const RULE_TEXT: &str = "a";
pub(super) const ROLE_NAME: &str = "k";
pub(super) const ROLE_MEMBER: &str = "m";

/// End of the key at which a device says what its member agreed to, beside its name for them.
pub(super) const AGREED: &str = "a";

/// Ends of the keys of helplines, which lie beside the circle's own fields. One without a name is none.
pub(super) const LINE_NAME: &str = ITEM_TEXT;
pub(super) const LINE_PHONE: &str = "p";
pub(super) const LINE_SMS: &str = "s";
pub(super) const LINE_REGION: &str = "r";
pub(super) const LINE_HOURS: &str = "h";
pub(super) const LINE_LANGUAGE: &str = "l";
pub(super) const LINE_CHECKED: &str = "c";

/// Of a name's record, and of one that says what somebody agreed to.
pub(super) const RECORD_VERSION: u8 = 1;

/// A name that a device wrote for its member. A member with several devices goes by the one set last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberName {
    /// Who wrote it: a device of the member.
    pub author: ActorId,
    /// The chosen name.
    pub name: String,
    /// When it was chosen, by the device's clock.
    pub set: TimestampMs,
}

/// A thread of the circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadTitle {
    /// Its id.
    pub thread: ThreadId,
    /// What it is called; empty for the circle's own until someone names it.
    pub title: Register,
}

/// A helpline that facilitators entered. Each field holds all values that were written at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelplineView {
    /// Its id.
    pub item: ItemId,
    /// What it is called.
    pub name: Register,
    /// The number to call.
    pub phone: Register,
    /// The number to text.
    pub sms: Register,
    /// Where it is for.
    pub region: Register,
    /// When somebody answers.
    pub hours: Register,
    /// In which languages.
    pub language: Register,
    /// The day on which somebody last made sure that all of it is right, the shown one first; empty when nobody did.
    pub checked: Vec<(Day, ActorId)>,
}

/// What facilitators change of a helpline; what is none stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HelplineEdit<'a> {
    /// What it is called.
    pub name: Option<&'a str>,
    /// The number to call; empty for none, as are those that follow.
    pub phone: Option<&'a str>,
    /// The number to text.
    pub sms: Option<&'a str>,
    /// Where it is for.
    pub region: Option<&'a str>,
    /// When somebody answers.
    pub hours: Option<&'a str>,
    /// In which languages.
    pub language: Option<&'a str>,
    /// The day on which somebody made sure that all of it is right.
    pub checked: Option<Day>,
}

/// Who follows up on an answer that worries, and by when. Both say something, or neither does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUpView {
    /// Who does it, in words.
    pub who: Register,
    /// By when, in words.
    pub by: Register,
}

/// A line of the circle's agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementLine {
    /// Its id.
    pub item: ItemId,
    /// What it says.
    pub text: Register,
}

/// What somebody does for the circle, and who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleView {
    /// Its id.
    pub item: ItemId,
    /// What it is called, in the circle's words.
    pub name: Register,
    /// Whose it is, the shown one first; empty while it is nobody's.
    pub member: Vec<(MemberId, ActorId)>,
}

/// What a device says that its member agreed to. Of several of a member's devices the last one said counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Who said so: a device of the member.
    pub author: ActorId,
    /// The agreement as it was said then; all zero: they agree no more.
    pub to: AgreementDigest,
    /// When, by the device's clock.
    pub said: TimestampMs,
}

/// A circle's profile as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileView {
    /// The circle's name.
    pub name: Register,
    /// What its members agreed on.
    pub agreement: Register,
    /// Who follows up.
    pub follow_up: FollowUpView,
    /// Whether the circle is about alcohol, the shown value first; it is not when nobody said so.
    pub about_alcohol: Vec<(bool, ActorId)>,
    /// In the order of adding.
    pub helplines: Vec<HelplineView>,
    /// The agreement's lines, in the order of adding. They stand behind [`Self::agreement`].
    pub lines: Vec<AgreementLine>,
    /// Who does what, in the order of adding.
    pub roles: Vec<RoleView>,
    /// How the circle begins when it meets.
    pub opening: Register,
    /// How it ends.
    pub closing: Register,
    /// By actor.
    pub agreed: Vec<Agreed>,
    /// By actor.
    pub members: Vec<MemberName>,
    /// The circle's own first, then by id.
    pub threads: Vec<ThreadTitle>,
}

/// Reads a name's record: when it was set, and the name.
pub(super) fn decode_name(bytes: &[u8]) -> Result<(TimestampMs, &str), DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte("name version")? != RECORD_VERSION {
        return Err(DecodeError::Invalid { what: "name version" });
    }
    let set = TimestampMs(reader.number("name time")?);
    let name = reader.text(MEMBER_NAME_BYTES_MAX, "name")?;
    reader.finish("name")?;
    Ok((set, name))
}

/// The record of what somebody agreed to: version, when, and the digest.
pub(super) fn encode_agreed(said: TimestampMs, to: &AgreementDigest) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(RECORD_VERSION).number(said.shown().0).raw(to.as_bytes());
    writer.into_bytes()
}

/// Reads such a record.
pub(super) fn decode_agreed(bytes: &[u8]) -> Result<(TimestampMs, AgreementDigest), DecodeError> {
    const WHAT: &str = "agreed version";
    let mut reader = Reader::new(bytes);
    if reader.byte(WHAT)? != RECORD_VERSION {
        return Err(DecodeError::Invalid { what: WHAT });
    }
    let found = (TimestampMs(reader.number(WHAT)?), AgreementDigest(reader.array(WHAT)?));
    reader.finish(WHAT)?;
    Ok(found)
}

impl ProfileView {
    /// What the agreement says: a hash of all its texts as they are shown, both of those that were written at the same
    /// time among them. All zero while it says nothing.
    #[must_use]
    pub fn agreement_digest(&self) -> AgreementDigest {
        let registers = [&self.agreement].into_iter().chain(self.lines.iter().map(|line| &line.text));
        let texts = registers.flat_map(|register| register.candidates.iter().map(|one| one.value.as_bytes()));
        let texts: Vec<&[u8]> = texts.filter(|text| !text.is_empty()).collect();
        if texts.is_empty() { AgreementDigest::NONE } else { AgreementDigest(tagged_hash("kith/agreement/1", &texts)) }
    }
}

/// Whether a text has something to see in it and is not too long.
pub(super) fn check(what: &'static str, text: &str, limit: TextLimit) -> Result<(), EditProblem> {
    if is_seen(text) { check_length(what, text, limit) } else { Err(EditProblem::Empty { what }) }
}

/// Whether a text is not too long.
pub(super) fn check_length(what: &'static str, text: &str, limit: TextLimit) -> Result<(), EditProblem> {
    match limit.over(text) {
        0 => Ok(()),
        over => Err(EditProblem::TooLong { what, over }),
    }
}
