//! Whom a circle's people can call, and what is to be known before some questions are asked.

use automerge::ScalarValue;

use crate::time::{Day, TimestampMs};

use super::Handle;
use crate::document::note::contested::day_of;
use crate::document::profile::{
    ABOUT_ALCOHOL, CIRCLE, FOLLOW_UP_BY, FOLLOW_UP_WHO, FollowUpView, HelplineEdit, HelplineView, LINE_CHECKED,
    LINE_HOURS, LINE_LANGUAGE, LINE_NAME, LINE_PHONE, LINE_REGION, LINE_SMS, check, check_length,
};
use crate::document::register::distinct;
use crate::document::{
    EditProblem, FIELD_TEXT, HELPLINE_TEXT, HELPLINES_MAX, ItemId, PHONE_TEXT, ProfileView, Register, is_seen,
};
use crate::trust::is_number;

const FIELDS: [&str; 7] = [LINE_NAME, LINE_PHONE, LINE_SMS, LINE_REGION, LINE_HOURS, LINE_LANGUAGE, LINE_CHECKED];

impl Handle {
    /// Adds a helpline, of which what is none is empty. Facilitators only: the gate refuses others, as of all that
    /// follows.
    ///
    /// # Errors
    /// `Empty` without a name, or without any number; `TooLong`, `NotANumber`, `OutOfRange`; `Full` when
    /// [`HELPLINES_MAX`] of this actor stand; `WrongKind`.
    pub fn add_helpline(&mut self, line: &HelplineEdit<'_>, now: TimestampMs) -> Result<ItemId, EditProblem> {
        self.expect_profile()?;
        let line = HelplineEdit { name: Some(line.name.unwrap_or_default()), ..*line };
        check_line(&line, |_| String::new())?;
        let own = helplines(self).iter().filter(|known| known.item.is_of(self.actor())).count();
        if own >= HELPLINES_MAX {
            return Err(EditProblem::Full { what: "helplines", max: HELPLINES_MAX });
        }
        let item = ItemId::new(self.next_op(), self.actor());
        self.put_line(&item, &line, now)?;
        Ok(item)
    }

    /// Changes a helpline: what is given is written, where it says something else. Where several people wrote a field at
    /// the same time, this chooses.
    ///
    /// # Errors
    /// As of [`Self::add_helpline`], of what it would be then; `Unknown`.
    pub fn set_helpline(
        &mut self,
        item: &ItemId,
        line: &HelplineEdit<'_>,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_profile()?;
        self.expect_item(CIRCLE, item)?;
        check_line(line, |field| Register::read(&self.doc, &self.container(CIRCLE), &item.field(field)).value)?;
        self.put_line(item, line, now)
    }

    /// Removes a helpline. Someone who changes its name at the same time brings it back.
    ///
    /// # Errors
    /// `Unknown`, `WrongKind`.
    pub fn remove_helpline(&mut self, item: &ItemId, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        self.remove_item(CIRCLE, item, &FIELDS, now)
    }

    /// Says who follows up on an answer that worries, and by when; what is none stays. Empty texts, both of them: nobody
    /// does.
    ///
    /// # Errors
    /// `Empty` where one of both would say something and the other nothing; `TooLong`, `WrongKind`.
    pub fn set_follow_up(&mut self, who: Option<&str>, by: Option<&str>, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        if who.is_none() && by.is_none() {
            return Ok(());
        }
        let before = follow_up(self);
        let texts = [who.unwrap_or(&before.who.value), by.unwrap_or(&before.by.value)];
        let whats = ["who follows up", "by when"];
        if texts.iter().any(|text| is_seen(text)) {
            let mut both = whats.into_iter().zip(texts);
            both.try_for_each(|(what, text)| check(what, text, FIELD_TEXT))?;
        }
        who.map_or(Ok(()), |who| self.put_said(FOLLOW_UP_WHO, who, now))?;
        by.map_or(Ok(()), |by| self.put_said(FOLLOW_UP_BY, by, now))
    }

    /// Says whether the circle is about alcohol.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn set_about_alcohol(&mut self, about: bool, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        let no = ScalarValue::Boolean(false);
        self.put_unless(CIRCLE, ABOUT_ALCOHOL, ScalarValue::Boolean(about), &no, now)
    }

    /// Writes the name first: the item is called by that op.
    fn put_line(&mut self, item: &ItemId, line: &HelplineEdit<'_>, now: TimestampMs) -> Result<(), EditProblem> {
        for (field, text, _) in texts_of(line) {
            if let Some(text) = text {
                self.put_said(&item.field(field), text, now)?;
            }
        }
        match line.checked {
            Some(Day(day)) => {
                let (day, none) = (ScalarValue::Uint(day.into()), ScalarValue::Null);
                self.put_unless(CIRCLE, &item.field(LINE_CHECKED), day, &none, now)
            }
            None => Ok(()),
        }
    }

    /// Writes a text, but an empty one only over another.
    pub(super) fn put_said(&mut self, key: &str, text: &str, now: TimestampMs) -> Result<(), EditProblem> {
        let is_said = !Register::read(&self.doc, &self.container(CIRCLE), key).candidates.is_empty();
        if is_said || !text.is_empty() { self.put_text(CIRCLE, key, text, now) } else { Ok(()) }
    }
}

/// The texts of a helpline: the end of each one's key, what is written there, and what it is called.
fn texts_of<'a>(line: &HelplineEdit<'a>) -> [(&'static str, Option<&'a str>, &'static str); 6] {
    [
        (LINE_NAME, line.name, "the helpline's name"),
        (LINE_PHONE, line.phone, "the number to call"),
        (LINE_SMS, line.sms, "the number to text"),
        (LINE_REGION, line.region, "the helpline's region"),
        (LINE_HOURS, line.hours, "the helpline's hours"),
        (LINE_LANGUAGE, line.language, "the helpline's language"),
    ]
}

/// Whether a helpline may be what it becomes; `before` gives what a field said.
fn check_line(line: &HelplineEdit<'_>, before: impl Fn(&str) -> String) -> Result<(), EditProblem> {
    for (field, text, what) in texts_of(line) {
        let Some(text) = text else { continue };
        match field {
            LINE_NAME => check(what, text, HELPLINE_TEXT)?,
            LINE_PHONE | LINE_SMS => check_number(what, text)?,
            _ if text.is_empty() => {}
            _ => check(what, text, HELPLINE_TEXT)?,
        }
    }
    let has = |text: Option<&str>, field| text.map_or_else(|| !before(field).is_empty(), |text| !text.is_empty());
    if !has(line.phone, LINE_PHONE) && !has(line.sms, LINE_SMS) {
        return Err(EditProblem::Empty { what: "the number to call or to text" });
    }
    if line.checked.is_none_or(Day::is_allowed) {
        Ok(())
    } else {
        Err(EditProblem::OutOfRange { what: "the day on which it was checked" })
    }
}

fn check_number(what: &'static str, text: &str) -> Result<(), EditProblem> {
    check_length(what, text, PHONE_TEXT)?;
    if is_number(text) { Ok(()) } else { Err(EditProblem::NotANumber) }
}

fn helplines(handle: &Handle) -> Vec<HelplineView> {
    let circle = handle.container(CIRCLE);
    let lines = handle.items(CIRCLE).into_iter().map(|item| {
        let text = |field| Register::read(&handle.doc, &circle, &item.field(field));
        HelplineView {
            name: text(LINE_NAME),
            phone: text(LINE_PHONE),
            sms: text(LINE_SMS),
            region: text(LINE_REGION),
            hours: text(LINE_HOURS),
            language: text(LINE_LANGUAGE),
            checked: distinct(&handle.doc, &circle, &item.field(LINE_CHECKED), day_of),
            item,
        }
    });
    lines.collect()
}

fn follow_up(handle: &Handle) -> FollowUpView {
    let circle = handle.container(CIRCLE);
    let text = |key| Register::read(&handle.doc, &circle, key);
    FollowUpView { who: text(FOLLOW_UP_WHO), by: text(FOLLOW_UP_BY) }
}

/// Reads what this file writes into a profile.
pub(super) fn read(handle: &Handle, profile: &mut ProfileView) {
    let circle = handle.container(CIRCLE);
    profile.follow_up = follow_up(handle);
    profile.about_alcohol = distinct(&handle.doc, &circle, ABOUT_ALCOHOL, ScalarValue::as_bool);
    profile.helplines = helplines(handle);
}
