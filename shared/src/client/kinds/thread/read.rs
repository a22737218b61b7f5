//! How far one of two has read, where both wish to show it: a bit beside the last message that they read.

use crate::document::{self, ChoiceKind};
use crate::ids::{CircleId, Conversation, MemberId};
use crate::time::TimestampMs;

use crate::client::engine::{Engine, Stop};
use crate::client::kinds::profile::names::Names;
use crate::client::problems::edit_problem;

use super::list::{chose, is_blocked};

/// Where the last message stands that somebody read.
pub(super) type ReadTo = Option<(TimestampMs, String)>;

/// How far the other one read of these messages: their mark on one's own counts, and no other.
pub(super) fn read_by_other<'a>(
    messages: impl Iterator<Item = &'a document::Message>,
    names: &Names,
    me: &MemberId,
) -> ReadTo {
    let is_read = |message: &&document::Message| {
        let mut others = message.reactions.iter().filter(|(actor, _)| names.member_of(actor) != Some(*me));
        others.any(|(_, set)| set.has_read())
    };
    let is_own = |message: &&document::Message| names.member_of(&message.author) == Some(*me);
    messages.filter(is_own).filter(is_read).map(|message| (message.sent, message.key.clone())).max()
}

impl Engine {
    /// Says beside the other's last message that it was read, when this phone's person wishes it and did not say so yet:
    /// committed before anything else happens.
    pub(super) fn mark_read(&mut self, circle: CircleId, thread: &Conversation) -> Result<(), Stop> {
        let chosen = self.chosen(&circle)?;
        let wished = chose(&chosen, ChoiceKind::Reads, thread) && !is_blocked(&chosen, thread);
        if !wished || self.is_talk_over(&circle, thread) {
            return Ok(());
        }
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let mut by_last = Vec::new();
        for name in self.thread_documents(&circle, thread)? {
            by_last.push((self.summary(&circle, &name)?.last_ms, name));
        }
        by_last.sort_by_key(|(last_ms, _)| *last_ms);
        let mut last = None;
        for (_, name) in by_last.into_iter().rev() {
            let theirs = self.messages_of(&circle, &name)?.into_iter();
            let theirs = theirs.filter(|message| names.member_of(&message.author) != Some(me));
            last = theirs.max_by(|a, b| (a.sent, &a.key).cmp(&(b.sent, &b.key))).map(|message| (message, name));
            if last.is_some() {
                break;
            }
        }
        let Some((message, name)) = last else { return Ok(()) };
        let said = |(actor, set): &(_, document::ReactionSet)| names.member_of(actor) == Some(me) && set.has_read();
        if message.reactions.iter().any(said) {
            return Ok(());
        }
        let now = self.now();
        self.open(&circle, &name)?.handle.mark_read(&message.key, now).map_err(edit_problem)?;
        let document = name.id(&circle);
        let Some(mut commit) = self.commit_documents(&[document], &[])? else { return Ok(()) };
        let batch = core::mem::take(&mut commit.batch);
        Err(Stop::First(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => engine.settle(commit),
                Err(problem) => engine.give_up(&[document], problem),
            }),
        ))
    }
}
