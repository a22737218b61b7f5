//! Stories and milestones that are told here, reacted to, and ended.

use crate::document::{DocumentName, Message, ReactionKind, Subject, Told};
use crate::ids::{CircleId, Conversation, DocumentId, MemberId};
use crate::time::Day;

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kind::text_group_of;
use crate::client::kinds::thread::list::is_blocked;
use crate::client::local::LocalCommit;
use crate::client::problems::{edit_problem, key_waiting};
use crate::client::view::Reply;
use crate::client::{CommandId, Problem, ProblemCode, Why};

use super::list::is_copy;
use super::unknown;

/// Most people who are chosen for one story.
const CHOSEN_MAX: usize = 32;

impl Engine {
    pub(in crate::client) fn add_story(
        &mut self,
        id: CommandId,
        circle: CircleId,
        told: &Told,
        to: &[MemberId],
    ) -> Attempt {
        let told = told.trimmed();
        let now = self.now();
        if told.is_over(now) {
            return Err(Problem::of(ProblemCode::BadInput, Why::EndPassed).into());
        }
        // Where it is tomorrow already, one day later than by the time in Greenwich.
        if matches!(told, Told::Milestone { day, .. } if Day(day) > Day(now.day().0 + 1)) {
            return Err(Problem::of(ProblemCode::BadInput, Why::DayToCome).into());
        }
        told.check().map_err(edit_problem)?;
        // What is shown once it is written is read before.
        self.told_stories(&circle, None)?;
        let shown = move |engine: &mut Self, key: &str| {
            engine.told_stories(&circle, Some(key)).ok()?.pop().map(|story| Reply::Story(Box::new(story)))
        };
        if to.is_empty() {
            return self.add_own(id, circle, super::document(), &told.encode(), None, shown);
        }
        let documents = self.documents_for(&circle, to, 1)?;
        let (mut keys, mut bodies) = (Vec::new(), Vec::new());
        for (name, group) in &documents {
            match self.post_text(&circle, name, *group, &told.encode(), None) {
                Ok((key, body)) => {
                    keys.push(key);
                    bodies.push(body);
                }
                Err(stop) => {
                    documents.iter().for_each(|(name, _)| drop(self.documents.take(&name.id(&circle))));
                    return Err(stop);
                }
            }
        }
        let documents: Vec<_> = documents.iter().map(|(name, _)| name.id(&circle)).collect();
        documents.iter().for_each(|document| self.documents.watch(*document));
        let done = move |engine: &mut Self| {
            let reply = keys.iter().find_map(|key| shown(engine, key)).ok_or_else(unknown);
            engine.reply(id, reply);
        };
        self.commit_and(&documents, bodies, done, id)
    }

    /// Where so many records for each of these people are written, each with the group whose key seals it. All keys are
    /// there then, and all documents are open: what is written next stops for nothing.
    pub(in crate::client::kinds) fn documents_for(
        &mut self,
        circle: &CircleId,
        to: &[MemberId],
        records: u64,
    ) -> Result<Vec<(DocumentName, crate::trust::KeyGroup)>, Stop> {
        let (me, chosen) = (self.me(circle)?.0, self.chosen(circle)?);
        let mut people = to.to_vec();
        people.sort_unstable();
        people.dedup();
        if people.len() > CHOSEN_MAX {
            return Err(Problem::new(ProblemCode::BadInput, "too many people").into());
        }
        let mut documents = Vec::new();
        for member in people {
            let with = Conversation::With(member);
            if self.is_talk_over(circle, &with) {
                return Err(Problem::of(ProblemCode::NotAllowed, Why::OtherIsOut).into());
            }
            if is_blocked(&chosen, &with) {
                return Err(Problem::of(ProblemCode::NotAllowed, Why::Blocked).into());
            }
            let name = self.first_with_room(circle, records, &|part| Subject::between(me, member, part))?;
            let group = text_group_of(&name).ok_or_else(key_waiting)?;
            self.ensure_key(circle, group)?;
            documents.push((name, group));
        }
        Ok(documents)
    }

    pub(in crate::client) fn react_to_story(
        &mut self,
        id: CommandId,
        circle: CircleId,
        key: &str,
        kind: ReactionKind,
        on: bool,
    ) -> Attempt {
        self.names(&circle)?;
        let documents = self.story_names(&circle)?;
        let name = self.react_in(&circle, documents, key, kind, on)?;
        let told = move |engine: &mut Self| {
            engine.reply(id, Ok(Reply::Nothing));
            engine.tell_stories(&circle);
        };
        self.commit_and(&[name.id(&circle)], Vec::new(), told, id)
    }

    /// For facilitators: hides what the whole circle is told, or shows it again.
    pub(in crate::client) fn hide_story(&mut self, id: CommandId, circle: CircleId, key: &str, on: bool) -> Attempt {
        self.names(&circle)?;
        let name = self.hide_in(&circle, vec![super::document()], key, on)?;
        let told = move |engine: &mut Self| {
            engine.reply(id, Ok(Reply::Nothing));
            engine.tell_stories(&circle);
        };
        self.commit_and(&[name.id(&circle)], Vec::new(), told, id)
    }

    pub(in crate::client) fn end_story(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let found = self.found_stories(&circle)?;
        let Some(ended) = found.iter().find(|one| one.record.message.key == key) else {
            // What was ended elsewhere meanwhile is as its person wished.
            return self.end_ended(id, circle, key);
        };
        if names.member_of(&ended.record.message.author) != Some(me) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::NotYours).into());
        }
        let same = |it: &&super::list::Found| it.record.message.key == key || is_copy(it, ended, &names, &me);
        let all: Vec<_> = found.iter().filter(same).map(|it| (it.name, it.record.message.clone())).collect();
        let commit = self.end_all(&circle, &all)?;
        self.finish_stories(circle, commit, move |engine, done| engine.reply(id, done.map(|()| Reply::Nothing)))
    }

    fn end_ended(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        for name in self.with_author(&circle, self.story_names(&circle)?, key) {
            if self.messages_of(&circle, &name)?.iter().any(|message| message.key == key && message.taken_back) {
                self.reply(id, Ok(Reply::Nothing));
                return Ok(Step::Done);
            }
        }
        Err(unknown().into())
    }

    /// On a phone that told nothing, or is not in the circle any more, nothing is read.
    pub(super) fn end_over(&mut self, circle: CircleId) -> Attempt {
        let own = self.device()?.id();
        let names = self.story_names(&circle)?;
        let local = self.local(&circle)?;
        let wrote = |name: &DocumentName| {
            let state = local.document(&name.id(&circle));
            state.is_some_and(|state| state.chains.values().any(|chain| chain.device == own))
        };
        if !names.iter().any(wrote) || !local.keyring().is_in(&own) {
            return Ok(Step::Done);
        }
        let over = self.over(&circle)?;
        let commit = self.end_all(&circle, &over)?;
        self.finish_stories(circle, commit, |_, _| ())
    }

    /// What this phone's person told that is over.
    fn over(&mut self, circle: &CircleId) -> Result<Vec<(DocumentName, Message)>, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let now = self.now();
        let found = self.found_stories(circle)?.into_iter();
        let mine = found.filter(|it| names.member_of(&it.record.message.author) == Some(me));
        let over = mine.filter(|it| it.told.as_ref().is_some_and(|told| told.is_over(now)));
        Ok(over.map(|it| (it.name, it.record.message)).collect())
    }

    /// Takes these back, wherever they are; none: there are none.
    pub(in crate::client::kinds) fn end_all(
        &mut self,
        circle: &CircleId,
        all: &[(DocumentName, Message)],
    ) -> Result<Option<(LocalCommit, Vec<DocumentId>)>, Stop> {
        // Whose the texts are must be known before they can be removed.
        self.owners_known(circle, all.iter().flat_map(|(_, message)| message.bodies()))?;
        for (name, _) in all {
            self.open(circle, name)?;
        }
        let now = self.now();
        let mut documents: Vec<_> = all.iter().map(|(name, _)| name.id(circle)).collect();
        documents.sort_unstable();
        documents.dedup();
        for (name, message) in all {
            if let Err(problem) = self.open(circle, name)?.handle.take_back(&message.key, now) {
                documents.iter().for_each(|document| drop(self.documents.take(document)));
                return Err(edit_problem(problem).into());
            }
        }
        Ok(self.commit_documents(&documents, &[])?.map(|commit| (commit, documents)))
    }

    pub(in crate::client::kinds) fn finish_stories(
        &mut self,
        circle: CircleId,
        commit: Option<(LocalCommit, Vec<DocumentId>)>,
        then: impl FnOnce(&mut Self, Result<(), Problem>) + 'static,
    ) -> Attempt {
        let Some((mut commit, documents)) = commit else {
            then(self, Ok(()));
            return Ok(Step::Done);
        };
        let batch = core::mem::take(&mut commit.batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                match &done {
                    Ok(()) => {
                        engine.settle(commit);
                        engine.tell_stories(&circle);
                    }
                    Err(problem) => engine.give_up(&documents, problem.clone()),
                }
                then(engine, done);
            }),
        ))
    }
}
