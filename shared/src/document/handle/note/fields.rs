use automerge::{AutoCommit, ObjId, ReadDoc, ScalarValue};

use crate::ids::{ActorId, MemberId};
use crate::time::{Day, TimestampMs};

use crate::document::key::{decode_id, encode_id};
use crate::document::note::contested::day_of;
use crate::document::note::{
    AGENDA, Attendance, BODY, COMMITMENTS, DAY, FIELDS, HIDDEN, NoteField, PLACE, PRESENCE, Presence, TITLE,
};
use crate::document::profile::check;
use crate::document::register::{all_scalars, distinct};
use crate::document::{EditProblem, FIELD_TEXT, Handle, Register, Subject};

impl Handle {
    /// Writes a field. On a contested one this chooses: the other values go. One that says this already and is
    /// not contested is left alone.
    ///
    /// # Errors
    /// `Empty` for a value of which nothing is seen, though not for none at all; `TooLong`, `WrongKind`.
    pub fn set_field(&mut self, field: NoteField, value: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        let (key, what) = match field {
            NoteField::Title => (TITLE, "the title"),
            NoteField::Place => (PLACE, "the place"),
        };
        if value.is_empty() { Ok(()) } else { check(what, value, FIELD_TEXT) }?;
        self.put_text(FIELDS, key, value, now)
    }

    /// Moves a session to another day: the document keeps its name, and is shown on this day. On a contested day this
    /// chooses.
    ///
    /// # Errors
    /// `OutOfRange`, `WrongKind`.
    pub fn set_day(&mut self, day: Day, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        if !day.is_allowed() {
            return Err(EditProblem::OutOfRange { what: "the session's day" });
        }
        let own = match self.name().subject {
            Subject::SessionNote { day, .. } | Subject::FacilitatorNote { day, .. } => u64::from(day.0),
            _ => return Err(EditProblem::WrongKind),
        };
        self.put_unless(FIELDS, DAY, ScalarValue::Uint(day.0.into()), &ScalarValue::Uint(own), now)
    }

    /// Hides a session in which there is nothing, or shows it again. One that gets words shows again by itself.
    ///
    /// # Errors
    /// `NotEmpty`, `WrongKind`.
    pub fn set_hidden(&mut self, hidden: bool, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_note()?;
        if hidden && !self.is_without_words() {
            return Err(EditProblem::NotEmpty);
        }
        self.put_unless(FIELDS, HIDDEN, ScalarValue::Boolean(hidden), &ScalarValue::Boolean(false), now)
    }

    /// Whether somebody hid the session and it has got no words since.
    pub(super) fn is_hidden(&self) -> bool {
        let all = all_scalars(&self.doc, &self.container(FIELDS), HIDDEN);
        all.first().is_some_and(|(value, ..)| value.as_bool() == Some(true)) && self.is_without_words()
    }

    /// Whether nothing that people write is in the session.
    fn is_without_words(&self) -> bool {
        let fields = self.container(FIELDS);
        let is_blank = |key| Register::read(&self.doc, &fields, key).candidates.iter().all(|one| one.value.is_empty());
        let is_bare = |container| self.doc.length(self.container(container)) == 0;
        is_blank(TITLE) && is_blank(PLACE) && [BODY, AGENDA, PRESENCE, COMMITMENTS].into_iter().all(is_bare)
    }

    /// The days that people moved the session to at the same time, the shown one first; empty when nobody did.
    pub(super) fn days(&self) -> Vec<(Day, ActorId)> {
        distinct(&self.doc, &self.container(FIELDS), DAY, day_of)
    }

    /// Records how a member took part. On a contested record this chooses.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn set_attendance(
        &mut self,
        member: &MemberId,
        presence: Presence,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_note()?;
        let (container, key) = (self.container(PRESENCE), encode_id(&member.0));
        let all = all_scalars(&self.doc, &container, &key);
        if all.len() == 1 && presence_of(&all[0].0) == Some(presence) {
            return Ok(());
        }
        self.put(PRESENCE, &key, ScalarValue::Uint(presence as u64), now)
    }
}

pub(super) fn attendance(doc: &AutoCommit, container: &ObjId) -> Vec<Attendance> {
    let mut records = Vec::new();
    for key in doc.keys(container) {
        let Some(member) = decode_id(&key).map(MemberId) else { continue };
        let mut values = distinct(doc, container, &key, presence_of).into_iter();
        if let Some((presence, author)) = values.next() {
            records.push(Attendance { member, presence, author, others: values.collect() });
        }
    }
    records.sort_unstable_by_key(|record| record.member);
    records
}

fn presence_of(value: &ScalarValue) -> Option<Presence> {
    Presence::ALL.get(usize::try_from(value.as_u64()?).ok()?).copied()
}
