//! A circle's profile, read and edited.

use automerge::{ReadDoc, ScalarValue, ScalarValueRef, ValueRef};

use crate::codec::Writer;
use crate::ids::{ActorId, ThreadId};
use crate::time::TimestampMs;

use super::{Handle, belonging, helplines};
use crate::document::key::{decode_id, encode_id};
use crate::document::profile::{
    AGREEMENT, CIRCLE, NAME, NAMES, RECORD_VERSION, THREADS, check, check_length, decode_name,
};
use crate::document::{
    AGREEMENT_TEXT, EditProblem, MEMBER_NAME_TEXT, MemberName, ProfileView, Register, THREADS_MAX, TITLE_TEXT,
    ThreadTitle,
};

impl Handle {
    /// The profile, pending edits included.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn profile(&self) -> Result<ProfileView, EditProblem> {
        self.expect_profile()?;
        Ok(read(self))
    }

    /// Sets the name that the author's member goes by.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `WrongKind`.
    pub fn set_own_name(&mut self, name: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        check("the name", name, MEMBER_NAME_TEXT)?;
        let key = encode_id(&self.actor().0);
        let mut writer = Writer::new();
        writer.byte(RECORD_VERSION).number(now.shown().0).text(name);
        self.put(NAMES, &key, ScalarValue::Bytes(writer.into_bytes()), now)
    }

    /// Whether the device that wrote the first name knew the second as it stands when it did. When neither of two knew
    /// the other, they were written at the same time.
    #[must_use]
    pub fn knew_name(&self, of: &ActorId, other: &ActorId) -> bool {
        let names = self.container(NAMES);
        let stands = |actor: &ActorId| self.doc.get(&names, encode_id(&actor.0)).ok().flatten().map(|(_, id)| id);
        let written_in = stands(of).and_then(|id| self.doc.hash_for_opid(&id));
        written_in.is_none_or(|hash| {
            let then = self.doc.get_at(&names, encode_id(&other.0), &[hash]).ok().flatten().map(|(_, id)| id);
            then == stands(other)
        })
    }

    /// Sets the circle's name. Facilitators only: the gate refuses others.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `WrongKind`.
    pub fn set_circle_name(&mut self, name: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        check("the circle's name", name, TITLE_TEXT)?;
        self.put_text(CIRCLE, NAME, name, now)
    }

    /// Sets the agreement. Facilitators only: the gate refuses others.
    ///
    /// # Errors
    /// `TooLong`, `WrongKind`.
    pub fn set_agreement(&mut self, agreement: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        check_length("the agreement", agreement, AGREEMENT_TEXT)?;
        self.put_text(CIRCLE, AGREEMENT, agreement, now)
    }

    /// The id of a thread whose title is set next, before anything else.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn next_thread(&mut self, now: TimestampMs) -> Result<ThreadId, EditProblem> {
        self.expect_profile()?;
        self.close_change(now);
        Ok(ThreadId::begun(self.actor(), self.next_op()))
    }

    /// Adds or names a thread; a new id is that of [`Self::next_thread`]. Facilitators name any; of others the gate takes
    /// the title that a thread begins with, where they may begin one.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `Full`, `WrongKind`.
    pub fn set_thread(&mut self, thread: &ThreadId, title: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        check("the thread's title", title, TITLE_TEXT)?;
        let threads = read(self).threads;
        if threads.len() >= THREADS_MAX && threads.iter().all(|known| known.thread != *thread) {
            return Err(EditProblem::Full { what: "threads", max: THREADS_MAX });
        }
        self.put_text(THREADS, &thread.to_string(), title, now)
    }
}

pub(in crate::document) fn read(handle: &Handle) -> ProfileView {
    let doc = &handle.doc;
    let mut members = Vec::new();
    for item in doc.map_range(handle.container(NAMES), ..) {
        if let (Some(actor), ValueRef::Scalar(ScalarValueRef::Bytes(bytes))) = (decode_id(&item.key), &item.value)
            && let Ok((set, name)) = decode_name(bytes)
        {
            members.push(MemberName { author: ActorId(actor), name: name.to_owned(), set: set.shown() });
        }
    }
    members.sort_unstable_by_key(|member| member.author);
    let mut threads = vec![ThreadTitle { thread: ThreadId::CIRCLE, title: Register::default() }];
    for item in doc.map_range(handle.container(THREADS), ..) {
        let Ok(thread) = item.key.parse() else { continue };
        let title = Register::read(doc, &handle.container(THREADS), &item.key);
        if title.candidates.is_empty() {
            continue;
        }
        if thread == ThreadId::CIRCLE {
            threads[0].title = title;
        } else {
            threads.push(ThreadTitle { thread, title });
        }
    }
    threads.sort_unstable_by_key(|thread| thread.thread);
    let circle = handle.container(CIRCLE);
    let mut profile = ProfileView {
        name: Register::read(doc, &circle, NAME),
        agreement: Register::read(doc, &circle, AGREEMENT),
        members,
        threads,
        ..ProfileView::default()
    };
    helplines::read(handle, &mut profile);
    belonging::read(handle, &mut profile);
    profile
}
