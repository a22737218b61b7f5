//! What a circle agreed on, who does what, and how it begins and ends when it meets.

use automerge::{ReadDoc, ScalarValue, ScalarValueRef, ValueRef};

use crate::ids::{ActorId, AgreementDigest, MemberId};
use crate::time::TimestampMs;

use super::Handle;
use crate::document::key::{encode_id, split_id, split_item};
use crate::document::profile::{
    AGREED, AGREEMENT, Agreed, AgreementLine, CIRCLE, CLOSING, NAMES, OPENING, ROLE_MEMBER, ROLE_NAME, RULE_TEXT,
    RoleView, check, check_length, decode_agreed, encode_agreed,
};
use crate::document::register::distinct;
use crate::document::{
    AGREEMENT_LINES_MAX, EditProblem, HELPLINE_TEXT, ITEM_TEXT, ItemId, ProfileView, RITUAL_TEXT, Register, is_seen,
};

impl Handle {
    /// Adds a line to the end of the agreement. Facilitators only: the gate refuses others, as of all that follows but
    /// [`Self::agree`].
    ///
    /// # Errors
    /// `Empty`, `TooLong`; `Full` when [`AGREEMENT_LINES_MAX`] of this actor stand; `WrongKind`.
    pub fn add_agreement_line(&mut self, text: &str, now: TimestampMs) -> Result<ItemId, EditProblem> {
        self.expect_profile()?;
        check("the line", text, ITEM_TEXT)?;
        let item = self.next_item(RULE_TEXT, "lines")?;
        self.put_text(CIRCLE, &item.field(RULE_TEXT), text, now)?;
        Ok(item)
    }

    /// Says a line of the agreement in other words; with nothing to see in it, takes it out. Where several people wrote
    /// it at the same time, this chooses.
    ///
    /// # Errors
    /// `TooLong`, `Unknown`, `WrongKind`.
    pub fn set_agreement_line(&mut self, item: &ItemId, text: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        self.set_text(item, RULE_TEXT, &[RULE_TEXT], text, ("the line", ITEM_TEXT), now)
    }

    /// Says that somebody does something for the circle.
    ///
    /// # Errors
    /// As of [`Self::add_agreement_line`].
    pub fn add_role(&mut self, name: &str, member: Option<&MemberId>, now: TimestampMs) -> Result<ItemId, EditProblem> {
        self.expect_profile()?;
        check("the role", name, HELPLINE_TEXT)?;
        let item = self.next_item(ROLE_NAME, "roles")?;
        self.put_text(CIRCLE, &item.field(ROLE_NAME), name, now)?;
        self.set_role(&item, None, member, now)?;
        Ok(item)
    }

    /// Changes a role: what is given is written, where it says something else. A name with nothing to see in it takes the
    /// role away. Where several people wrote it at the same time, this chooses.
    ///
    /// # Errors
    /// `TooLong`, `Unknown`, `WrongKind`.
    pub fn set_role(
        &mut self,
        item: &ItemId,
        name: Option<&str>,
        member: Option<&MemberId>,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_profile()?;
        self.expect_field(CIRCLE, item, ROLE_NAME)?;
        if let Some(name) = name {
            self.set_text(item, ROLE_NAME, &[ROLE_NAME, ROLE_MEMBER], name, ("the role", HELPLINE_TEXT), now)?;
        }
        match member {
            Some(member) if name.is_none_or(is_seen) => {
                let member = ScalarValue::Bytes(member.0.to_vec());
                self.put_unless(CIRCLE, &item.field(ROLE_MEMBER), member, &ScalarValue::Null, now)
            }
            _ => Ok(()),
        }
    }

    /// Says how the circle begins and ends when it meets; what is none stays, and what is empty is nothing.
    ///
    /// # Errors
    /// `TooLong`, `WrongKind`.
    pub fn set_rituals(
        &mut self,
        opening: Option<&str>,
        closing: Option<&str>,
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_profile()?;
        let texts = [(OPENING, opening, "how it begins"), (CLOSING, closing, "how it ends")];
        for (_, text, what) in texts {
            check_length(what, text.unwrap_or_default(), RITUAL_TEXT)?;
        }
        for (key, text, _) in texts {
            text.map_or(Ok(()), |text| self.put_said(key, text, now))?;
        }
        Ok(())
    }

    /// Says that this handle's person agrees to what the agreement says, or, all zero, that they agree to nothing any
    /// more. Where it says something else by now nothing is written, since that is not what they read.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn agree(&mut self, to: &AgreementDigest, now: TimestampMs) -> Result<(), EditProblem> {
        if *to != AgreementDigest::NONE && *to != self.profile()?.agreement_digest() {
            return Ok(());
        }
        let key = encode_id(&self.actor().0) + AGREED;
        self.put(NAMES, &key, ScalarValue::Bytes(encode_agreed(now, to)), now)
    }

    /// The agreement as it stood when a device said that its member agreed, or agrees no more: its lines, none for its
    /// first text.
    #[must_use]
    pub fn agreement_then(&self, actor: &ActorId) -> Vec<(Option<ItemId>, String)> {
        let key = encode_id(&actor.0) + AGREED;
        let said = self.doc.get(self.container(NAMES), key).ok().flatten();
        let Some(then) = said.and_then(|(_, id)| self.doc.hash_for_opid(&id)) else { return Vec::new() };
        let circle = self.container(CIRCLE);
        let all = self.doc.map_range_at(circle, .., &[then]);
        let lines = all.filter_map(|item| {
            let ValueRef::Scalar(ScalarValueRef::Str(text)) = &item.value else { return None };
            let line = match split_item(&item.key) {
                Some((item, RULE_TEXT)) => Some(ItemId::parse(item)?),
                None if item.key == AGREEMENT => None,
                _ => return None,
            };
            Some((line, text.to_string()))
        });
        lines.collect()
    }

    fn next_item(&self, field: &str, what: &'static str) -> Result<ItemId, EditProblem> {
        let own = self.items_with(CIRCLE, field).iter().filter(|known| known.is_of(self.actor())).count();
        if own >= AGREEMENT_LINES_MAX {
            return Err(EditProblem::Full { what, max: AGREEMENT_LINES_MAX });
        }
        Ok(ItemId::new(self.next_op(), self.actor()))
    }

    /// Writes the text that an item exists by; with nothing to see in it, removes all fields.
    fn set_text(
        &mut self,
        item: &ItemId,
        field: &str,
        fields: &[&str],
        text: &str,
        (what, limit): (&'static str, crate::document::TextLimit),
        now: TimestampMs,
    ) -> Result<(), EditProblem> {
        self.expect_field(CIRCLE, item, field)?;
        if !is_seen(text) {
            return self.remove_item(CIRCLE, item, fields, now);
        }
        check_length(what, text, limit)?;
        self.put_text(CIRCLE, &item.field(field), text, now)
    }
}

/// Reads what this file writes into a profile.
pub(super) fn read(handle: &Handle, profile: &mut ProfileView) {
    let circle = handle.container(CIRCLE);
    let text = |item: &ItemId, field| Register::read(&handle.doc, &circle, &item.field(field));
    let lines = handle.items_with(CIRCLE, RULE_TEXT).into_iter();
    profile.lines = lines.map(|item| AgreementLine { text: text(&item, RULE_TEXT), item }).collect();
    let roles = handle.items_with(CIRCLE, ROLE_NAME).into_iter().map(|item| {
        let member = |value: &ScalarValue| value.as_bytes().and_then(MemberId::from_slice);
        let member = distinct(&handle.doc, &circle, &item.field(ROLE_MEMBER), member);
        RoleView { name: text(&item, ROLE_NAME), member, item }
    });
    profile.roles = roles.collect();
    profile.opening = Register::read(&handle.doc, &circle, OPENING);
    profile.closing = Register::read(&handle.doc, &circle, CLOSING);
    for item in handle.doc.map_range(handle.container(NAMES), ..) {
        if let (Some((actor, AGREED)), ValueRef::Scalar(ScalarValueRef::Bytes(bytes))) =
            (split_id(&item.key), &item.value)
            && let Ok((said, to)) = decode_agreed(bytes)
        {
            profile.agreed.push(Agreed { author: ActorId(actor), to, said: said.shown() });
        }
    }
    profile.agreed.sort_unstable_by_key(|one| one.author);
}
