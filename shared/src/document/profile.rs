use automerge::{ReadDoc, ScalarValue, ScalarValueRef, ValueRef};

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{ActorId, ThreadId};
use crate::time::TimestampMs;

use super::key::{decode_id, encode_id};
use super::{AGREEMENT_BYTES_MAX, EditProblem, Handle, MEMBER_NAME_BYTES_MAX, Register, THREADS_MAX, TITLE_BYTES_MAX};

/// Containers, by the op of the genesis that makes them.
pub(super) const CIRCLE: u64 = 1;
pub(super) const NAMES: u64 = 2;
pub(super) const THREADS: u64 = 3;

/// Keys of the circle's own fields.
pub(super) const NAME: &str = "n";
pub(super) const AGREEMENT: &str = "a";

const RECORD_VERSION: u8 = 1;

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
    pub title: String,
}

/// A circle's profile as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileView {
    /// The circle's name.
    pub name: Register,
    /// What its members agreed on.
    pub agreement: Register,
    /// By actor.
    pub members: Vec<MemberName>,
    /// The circle's own first, then by id.
    pub threads: Vec<ThreadTitle>,
}

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
        check("the name", name, MEMBER_NAME_BYTES_MAX)?;
        let key = encode_id(&self.actor().0);
        let mut writer = Writer::new();
        writer.byte(RECORD_VERSION).number(now.0).text(name);
        self.put(NAMES, &key, ScalarValue::Bytes(writer.into_bytes()), now)
    }

    /// Sets the circle's name. Facilitators only: the gate refuses others.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `WrongKind`.
    pub fn set_circle_name(&mut self, name: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        check("the circle's name", name, TITLE_BYTES_MAX)?;
        self.put_text(CIRCLE, NAME, name, now)
    }

    /// Sets the agreement. Facilitators only: the gate refuses others.
    ///
    /// # Errors
    /// `TooLong`, `WrongKind`.
    pub fn set_agreement(&mut self, agreement: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        if agreement.len() > AGREEMENT_BYTES_MAX {
            return Err(EditProblem::TooLong { what: "the agreement", max: AGREEMENT_BYTES_MAX });
        }
        self.put_text(CIRCLE, AGREEMENT, agreement, now)
    }

    /// The id of a thread whose title is set next, before anything else.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn next_thread(&mut self, now: TimestampMs) -> Result<ThreadId, EditProblem> {
        self.expect_profile()?;
        self.close_change(now);
        Ok(ThreadId::begun(&self.actor(), self.next_op()))
    }

    /// Adds or names a thread; a new id is that of [`Self::next_thread`]. Facilitators name any; of others the gate takes
    /// the title that a thread begins with, where they may begin one.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `Full`, `WrongKind`.
    pub fn set_thread(&mut self, thread: &ThreadId, title: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_profile()?;
        check("the thread's title", title, TITLE_BYTES_MAX)?;
        let threads = read(self).threads;
        if threads.len() >= THREADS_MAX && threads.iter().all(|known| known.thread != *thread) {
            return Err(EditProblem::Full { what: "threads", max: THREADS_MAX });
        }
        self.put_text(THREADS, &thread.to_string(), title, now)
    }
}

pub(super) fn read(handle: &Handle) -> ProfileView {
    let doc = &handle.doc;
    let mut members = Vec::new();
    for item in doc.map_range(handle.container(NAMES), ..) {
        if let (Some(actor), ValueRef::Scalar(ScalarValueRef::Bytes(bytes))) = (decode_id(&item.key), &item.value)
            && let Ok((set, name)) = decode_name(bytes)
        {
            members.push(MemberName { author: ActorId(actor), name: name.to_owned(), set });
        }
    }
    members.sort_unstable_by_key(|member| member.author);
    let mut threads = vec![ThreadTitle { thread: ThreadId::CIRCLE, title: String::new() }];
    for item in doc.map_range(handle.container(THREADS), ..) {
        let (Ok(thread), ValueRef::Scalar(ScalarValueRef::Str(title))) = (item.key.parse(), &item.value) else {
            continue;
        };
        let title = title.to_string();
        if thread == ThreadId::CIRCLE {
            threads[0].title = title;
        } else {
            threads.push(ThreadTitle { thread, title });
        }
    }
    threads.sort_unstable_by_key(|thread| thread.thread);
    let circle = handle.container(CIRCLE);
    ProfileView {
        name: Register::read(doc, &circle, NAME),
        agreement: Register::read(doc, &circle, AGREEMENT),
        members,
        threads,
    }
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

fn check(what: &'static str, text: &str, max: usize) -> Result<(), EditProblem> {
    if text.trim().is_empty() {
        return Err(EditProblem::Empty { what });
    }
    if text.len() > max { Err(EditProblem::TooLong { what, max }) } else { Ok(()) }
}
