//! Messages that are written here: sent, reacted to, taken back.

use crate::document::{self, DocumentName, Handle, MESSAGE_TEXT, ReactionKind, Subject};
use crate::ids::{BodyId, CircleId, Conversation};
use crate::seal::{BodyPlace, SaltedText, TextSalt, seal_body};
use crate::trust::KeyGroup;

use crate::client::engine::{Attempt, Engine, Stop};
use crate::client::kind::text_group_of;
use crate::client::problems::{edit_problem, key_waiting};
use crate::client::view::Reply;
use crate::client::{CommandId, Problem, ProblemCode, Why};

use super::list::is_blocked;

impl Engine {
    pub(in crate::client) fn send(
        &mut self,
        id: CommandId,
        circle: CircleId,
        thread: Conversation,
        text: &str,
        reply_to: Option<&str>,
    ) -> Attempt {
        check_text(text)?;
        let (names, _) = self.names(&circle)?;
        if self.is_talk_over(&circle, &thread) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::OtherIsOut).into());
        }
        if is_blocked(&self.chosen(&circle)?, &thread) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::Blocked).into());
        }
        if let Conversation::With(member) = thread {
            self.kinds.threads.set_title(thread, names.name(&member));
        }
        let name = self.thread_to_write(&circle, thread)?;
        let group = text_group_of(&name).ok_or_else(key_waiting)?;
        let (key, body) = self.post_text(&circle, &name, group, text, reply_to)?;
        let document = name.id(&circle);
        self.documents.watch(document);
        self.commit_and(
            &[document],
            vec![body],
            move |engine| {
                let message = engine.messages(&circle, &name, Some(&[key])).ok().and_then(|mut found| found.pop());
                let gone = || Problem::new(ProblemCode::UnknownDocument, "the message is not there");
                engine.reply(id, message.map(Reply::Message).ok_or_else(gone));
            },
            id,
        )
    }

    /// Seals a text with the key of a group and writes its record, in a change of its own that is still to be committed.
    /// Gives the record's key, and the body.
    pub(in crate::client) fn post_text(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        group: KeyGroup,
        text: &str,
        other: Option<&str>,
    ) -> Result<(String, Vec<u8>), Stop> {
        let (epoch, seal_key) = self.ensure_key(circle, group)?;
        let (now, document, device) = (self.now(), name.id(circle), self.device()?.id());
        let incarnation = self.incarnation_in(circle, &document, &device);
        let message_key = self.open(circle, name)?.handle.next_message_key(now).map_err(edit_problem)?;
        let place = BodyPlace { circle: *circle, document, device, incarnation, epoch, message_key: &message_key };
        let salted = SaltedText { salt: TextSalt(self.random.bytes()), text: text.to_owned() };
        let body =
            seal_body(&seal_key, &place, &salted).map_err(|problem| Problem::new(ProblemCode::TooLong, problem))?;
        let commitment = salted.commitment(circle, &document, &message_key);
        match self.open(circle, name)?.handle.post(now, &BodyId::of(&body), &commitment, other) {
            Ok(key) if key == message_key => Ok((key, body)),
            Ok(_) => {
                self.documents.take(&document);
                Err(edit_problem(document::EditProblem::Engine).into())
            }
            Err(problem) => {
                self.documents.take(&document);
                Err(edit_problem(problem).into())
            }
        }
    }

    /// The document that a message written now goes into: of this month, the first part that is not full, nor this
    /// person's share of it.
    fn thread_to_write(&mut self, circle: &CircleId, thread: Conversation) -> Result<DocumentName, Stop> {
        let month = self.now().day().month();
        let (me, _) = self.me(circle)?;
        self.first_with_room(circle, 1, &|part| match thread {
            Conversation::Thread(thread) => Some(Subject::Thread { thread, month, part }),
            Conversation::With(member) => Subject::pair(me, member, month, part),
        })
    }

    pub(in crate::client) fn react(
        &mut self,
        id: CommandId,
        circle: CircleId,
        thread: Conversation,
        key: &str,
        kind: ReactionKind,
        on: bool,
    ) -> Attempt {
        self.names(&circle)?;
        let documents = self.thread_documents(&circle, &thread)?;
        let name = self.react_in(&circle, documents, key, kind, on)?;
        self.commit_message(id, circle, name, key)
    }

    /// Reacts to what stands at a key in one of these documents; gives which one.
    pub(in crate::client) fn react_in(
        &mut self,
        circle: &CircleId,
        documents: Vec<DocumentName>,
        key: &str,
        kind: ReactionKind,
        on: bool,
    ) -> Result<DocumentName, Stop> {
        let now = self.now();
        self.beside(circle, documents, key, &mut |handle| handle.react(key, kind, on, now))
    }

    /// For facilitators: hides a message, or shows it again.
    pub(in crate::client) fn hide(
        &mut self,
        id: CommandId,
        circle: CircleId,
        thread: Conversation,
        key: &str,
        on: bool,
    ) -> Attempt {
        if let Conversation::With(_) = thread {
            return Err(Problem::new(ProblemCode::BadInput, "between two nothing is hidden").into());
        }
        let documents = self.thread_documents(&circle, &thread)?;
        let name = self.hide_in(&circle, documents, key, on)?;
        self.commit_message(id, circle, name, key)
    }

    /// Hides what stands at a key in one of these documents, or shows it again; gives which one.
    pub(in crate::client) fn hide_in(
        &mut self,
        circle: &CircleId,
        documents: Vec<DocumentName>,
        key: &str,
        on: bool,
    ) -> Result<DocumentName, Stop> {
        self.lead(circle)?;
        let now = self.now();
        self.beside(circle, documents, key, &mut |handle| handle.hide(key, on, now))
    }

    /// Puts something beside what stands at a key in one of these documents; gives which one.
    fn beside(
        &mut self,
        circle: &CircleId,
        documents: Vec<DocumentName>,
        key: &str,
        put: &mut dyn FnMut(&mut Handle) -> Result<(), document::EditProblem>,
    ) -> Result<DocumentName, Stop> {
        for name in self.with_author(circle, documents, key) {
            match put(&mut self.open(circle, &name)?.handle) {
                Ok(()) => return Ok(name),
                Err(document::EditProblem::Unknown) => {}
                Err(problem) => return Err(edit_problem(problem).into()),
            }
        }
        Err(Problem::new(ProblemCode::UnknownDocument, "that message is not on this phone").into())
    }

    /// Commits what was done with one message; then answers, and tells the pages of it.
    fn commit_message(&mut self, id: CommandId, circle: CircleId, name: DocumentName, key: &str) -> Attempt {
        let keys = [key.to_owned()];
        let told = move |engine: &mut Self| {
            engine.reply(id, Ok(Reply::Nothing));
            engine.notify_messages(&circle, &name, Some(&keys));
        };
        self.commit_and(&[name.id(&circle)], Vec::new(), told, id)
    }

    pub(in crate::client) fn take_back(
        &mut self,
        id: CommandId,
        circle: CircleId,
        thread: Conversation,
        key: &str,
    ) -> Attempt {
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let now = self.now();
        for name in self.with_author(&circle, self.thread_documents(&circle, &thread)?, key) {
            let found = self.open(&circle, &name)?.handle.thread().map_err(edit_problem)?.messages;
            let Some(message) = found.into_iter().find(|message| message.key == key) else { continue };
            if names.member_of(&message.author) != Some(me) {
                return Err(Problem::of(ProblemCode::NotAllowed, Why::NotYours).into());
            }
            // Whose the text is must be known before it can be removed.
            self.owners_known(&circle, message.bodies())?;
            self.open(&circle, &name)?.handle.take_back(key, now).map_err(edit_problem)?;
            return self.commit_message(id, circle, name, key);
        }
        Err(Problem::new(ProblemCode::UnknownDocument, "that message is not on this phone").into())
    }
}

fn check_text(text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new(ProblemCode::Empty, "an empty message"));
    }
    let over = MESSAGE_TEXT.over(text);
    if over > 0 {
        return Err(Problem::new(ProblemCode::TooLong, "a message").counting(over as u64));
    }
    Ok(())
}
