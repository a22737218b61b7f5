//! What a member takes on, how it went, that it is done with; and what they take back.

use crate::document::{self, DocumentName, Kept, Outcome, Subject, TakenOn};
use crate::ids::{CircleId, Conversation, MemberId};
use crate::time::Day;

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::input::checked_day;
use crate::client::kind::text_group_of;
use crate::client::kinds::thread::list::is_blocked;
use crate::client::problems::{edit_problem, key_waiting};
use crate::client::view::{self, Reply};
use crate::client::{CommandId, Problem, ProblemCode, Why};

use super::list::latest;
use super::{Place, unknown};

impl Engine {
    pub(in crate::client) fn add_commitment(
        &mut self,
        id: CommandId,
        circle: CircleId,
        with: Option<MemberId>,
        taken_on: TakenOn,
    ) -> Attempt {
        self.day_come(taken_on.since)?;
        taken_on.due.map(|due| checked_day(due.0)).transpose()?;
        self.keep(id, circle, with, &Kept::Commitment(taken_on), None)
    }

    /// Says whether one is with the other; said twice, nothing more is written.
    pub(in crate::client) fn answer_commitment(
        &mut self,
        id: CommandId,
        circle: CircleId,
        key: &str,
        accepted: bool,
    ) -> Attempt {
        let (commitment, with) = self.commitment_at(&circle, key)?;
        if commitment.mine || with.is_none() {
            return Err(Problem::new(ProblemCode::NotAllowed, "one's own").into());
        }
        if commitment.answer.is_some_and(|answer| answer.accepted == accepted) {
            return self.kept_already(id);
        }
        self.keep(id, circle, with, &Kept::Answer { accepted }, Some(key))
    }

    pub(in crate::client) fn add_attempt(
        &mut self,
        id: CommandId,
        circle: CircleId,
        key: &str,
        (day, outcome, note): (u32, Outcome, &str),
    ) -> Attempt {
        let day = checked_day(day)?;
        self.day_come(day)?;
        let (commitment, with) = self.commitment_at(&circle, key)?;
        if day.0 < commitment.since {
            return Err(Problem::of(ProblemCode::BadInput, Why::DayBefore).into());
        }
        if !commitment.mine && !commitment.answer.is_some_and(|answer| answer.accepted) {
            return Err(Problem::new(ProblemCode::NotAllowed, "not accepted").into());
        }
        self.keep(id, circle, with, &Kept::Attempt { day, outcome, note: note.trim().to_owned() }, Some(key))
    }

    /// Says that it is done with; said twice, nothing more is written.
    pub(in crate::client) fn end_commitment(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let (commitment, with) = self.commitment_at(&circle, key)?;
        if commitment.ends.iter().any(|end| end.mine) {
            return self.kept_already(id);
        }
        self.keep(id, circle, with, &Kept::End, Some(key))
    }

    /// Takes back one's own record, of whichever kind.
    pub(in crate::client) fn take_back_kept(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let author = document::message_author(key).and_then(|author| names.member_of(&author));
        if author.is_some_and(|author| author != me) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::NotYours).into());
        }
        let documents: Vec<DocumentName> = self.kept_places(&circle)?.into_iter().map(|(_, name)| name).collect();
        self.remove_own(id, circle, &documents, key)?.ok_or_else(|| unknown().into())
    }

    fn kept_already(&mut self, id: CommandId) -> Attempt {
        self.reply(id, Ok(Reply::Nothing));
        Ok(Step::Done)
    }

    /// Whether a day is not still to come.
    fn day_come(&self, day: Day) -> Result<(), Problem> {
        checked_day(day.0)?;
        let come = day <= latest(self.now().day());
        come.then_some(()).ok_or_else(|| Problem::of(ProblemCode::BadInput, Why::DayToCome))
    }

    /// A commitment that stands, and with whom it is.
    fn commitment_at(
        &mut self,
        circle: &CircleId,
        key: &str,
    ) -> Result<(view::KeptCommitment, Option<MemberId>), Stop> {
        let found = self.kept(circle)?.commitments.into_iter().find(|commitment| commitment.key == key);
        let found = found.ok_or_else(unknown)?;
        let with = found.with.as_deref().and_then(|with| with.parse().ok());
        Ok((found, with))
    }

    /// Writes a record, about a commitment or none. With whoever is out or was blocked nothing more is written.
    fn keep(
        &mut self,
        id: CommandId,
        circle: CircleId,
        with: Option<MemberId>,
        kept: &Kept,
        about: Option<&str>,
    ) -> Attempt {
        kept.check().map_err(edit_problem)?;
        self.names(&circle)?;
        if let Some(talk) = with.map(Conversation::With) {
            if self.is_talk_over(&circle, &talk) {
                return Err(Problem::of(ProblemCode::NotAllowed, Why::OtherIsOut).into());
            }
            if is_blocked(&self.chosen(&circle)?, &talk) {
                return Err(Problem::of(ProblemCode::NotAllowed, Why::Blocked).into());
            }
        }
        let (me, _) = self.me(&circle)?;
        let name = match with {
            Some(member) => self.between_to_write(&circle, member)?,
            None => self.first_with_room(&circle, 1, &|part| Some(Subject::Commitments { member: me, part }))?,
        };
        let group = text_group_of(&name).ok_or_else(key_waiting)?;
        let (key, body) = self.post_text(&circle, &name, group, &kept.encode(), about)?;
        let (document, place): (_, Place) = (name.id(&circle), (with, name));
        self.documents.watch(document);
        let written = move |engine: &mut Self| {
            let reply = engine.kept_now(&circle, &place, &key).ok().flatten().ok_or_else(unknown);
            engine.reply(id, reply);
        };
        self.commit_and(&[document], vec![body], written, id)
    }
}
