//! Takes back what somebody wrote, one document at a time.

use crate::document::{DocumentName, Message, Subject};
use crate::ids::{ActorId, BodyId, CircleId, MemberId};

use super::super::engine::{Engine, Step, Stop};
use super::super::kind::text_group_of;
use super::super::kinds::profile::names::Names;
use super::super::problems::edit_problem;
use super::Pass;

/// How much is taken back in one commit: other commands have their turn between two.
const AT_ONCE: usize = 16;

/// Something that stands, with its texts.
struct Standing {
    key: String,
    bodies: Vec<BodyId>,
}

impl Engine {
    /// Takes back some of what this phone's person wrote in the next document of a pass; none: nothing of theirs stands in
    /// any of those that are left.
    pub(super) fn erase_next(&mut self, pass: &mut Pass) -> Result<Option<Step>, Stop> {
        let circle = pass.circle;
        let states = self.local(&circle)?.documents();
        let is_next = |name: &DocumentName| pass.done.is_none_or(|done| name.id(&circle) > done);
        let names = states.values().map(|state| state.name);
        let next = names.filter(|name| holds_texts(name) && is_next(name)).min_by_key(|name| name.id(&circle));
        let Some(name) = next else { return Ok(None) };
        let mut standing = self.standing_in(&circle, &name)?;
        standing.truncate(AT_ONCE);
        let document = name.id(&circle);
        let (has_erased, done) = match standing.is_empty() {
            true => (pass.has_erased, Some(document)),
            false => (true, pass.done),
        };
        let rest = Pass { circle, done, has_heard: pass.has_heard, has_erased };
        if standing.is_empty() {
            self.kernel.enqueue(rest);
            return Ok(Some(Step::Done));
        }
        self.take_back_all(&circle, &name, &standing)?;
        let Some((batch, after)) = self.commit_pending()? else {
            // What comes to nothing would be tried for ever.
            self.kernel.enqueue(Pass { done: Some(document), ..rest });
            return Ok(Some(Step::Done));
        };
        Ok(Some(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                let is_done = done.is_ok();
                after(engine, done);
                match is_done {
                    true => engine.kernel.enqueue(rest),
                    false => engine.leavings.end(&circle),
                }
            }),
        )))
    }

    /// What this phone's person wrote in a document on any phone, and did not take back; whose the texts are is read.
    fn standing_in(&mut self, circle: &CircleId, name: &DocumentName) -> Result<Vec<Standing>, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let is_mine = |author: &ActorId| is_of(&names, author, &me);
        let standing: Vec<Standing> = if name.subject == Subject::Toolkit {
            let all = self.strategies_of(circle, name)?.into_iter();
            let own = all.filter(|it| !it.taken_back && is_mine(&it.author));
            own.map(|it| Standing { key: it.key, bodies: vec![it.body] }).collect()
        } else {
            let all = self.messages_of(circle, name)?.into_iter();
            let own = all.filter(|it| !it.taken_back && is_mine(&it.author));
            own.map(|it: Message| Standing { bodies: it.bodies().collect(), key: it.key }).collect()
        };
        self.owners_known(circle, standing.iter().flat_map(|it| it.bodies.iter().copied()))?;
        Ok(standing)
    }

    fn take_back_all(&mut self, circle: &CircleId, name: &DocumentName, standing: &[Standing]) -> Result<(), Stop> {
        let now = self.now();
        for it in standing {
            let handle = &mut self.open(circle, name)?.handle;
            let taken = if name.subject == Subject::Toolkit {
                handle.take_back_strategy(&it.key, now)
            } else {
                handle.take_back(&it.key, now)
            };
            if let Err(problem) = taken {
                self.documents.take(&name.id(circle));
                return Err(edit_problem(problem).into());
            }
        }
        Ok(())
    }
}

fn is_of(names: &Names, author: &ActorId, member: &MemberId) -> bool {
    names.member_of(author).as_ref() == Some(member)
}

/// Whether a document's texts lie beside it, so that each can be erased.
fn holds_texts(name: &DocumentName) -> bool {
    text_group_of(name).is_some() || name.subject == Subject::Toolkit
}
