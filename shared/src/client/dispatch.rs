//! Which command goes where.

use crate::document::TakenOn;
use crate::ids::DocumentId;
use crate::storage::Batch;
use crate::time::Day;

use super::engine::{Attempt, Engine, Step};
use super::kernel::Task;
use super::kinds::toolkit::edit::Written;
use super::people::Terms;
use super::search::Look;
use super::view::Reply;
use super::{Command, CommandId, Problem, ProblemCode};

/// What a person asked for.
struct Asked {
    id: CommandId,
    command: Command,
}

impl Task<Engine> for Asked {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.command(self.id, &self.command)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.reply(self.id, Err(problem));
    }
}

impl Engine {
    /// Does what a person asked for, after all that waits.
    pub(super) fn take_command(&mut self, id: CommandId, command: Command) {
        self.kernel.enqueue(Asked { id, command });
    }

    pub(super) fn command(&mut self, id: CommandId, command: &Command) -> Attempt {
        match command {
            Command::Circles => self.circles_command(id),
            Command::Enrol { link, name } => self.enrol(id, link, name),
            Command::Circle { circle } => self.circle_command(id, *circle),
            Command::Rename { circle, name } => self.rename(id, *circle, name),
            Command::Notes { circle } => self.notes(id, *circle),
            Command::CreateNote { circle, day, ordinal, title } => self.create_note(id, *circle, *day, *ordinal, title),
            Command::OpenNote { document } => self.open_note(id, *document),
            Command::Passages { document } => self.passages(id, *document),
            Command::EditNote { document, edit } => self.edit_note(id, *document, edit),
            Command::Flush => self.flush_command(id),
            Command::ClockTold => self.clock_told(id),
            Command::Close { document } => self.close(id, *document),
            Command::Threads { circle } => self.threads(id, *circle),
            Command::CreateThread { circle, title } => self.create_thread(id, *circle, title),
            Command::SetThread { circle, thread, title } => self.set_thread(id, *circle, *thread, title),
            Command::SetCircle { circle, .. }
            | Command::AddHelpline { circle, .. }
            | Command::SetHelpline { circle, .. }
            | Command::RemoveHelpline { circle, .. }
            | Command::AddAgreementLine { circle, .. }
            | Command::SetAgreementLine { circle, .. }
            | Command::AddRole { circle, .. }
            | Command::SetRole { circle, .. } => self.edit_circle(id, *circle, command),
            Command::Agree { circle, digest } => self.agree(id, *circle, *digest),
            Command::OpenThread { circle, thread, limit } => self.open_thread(id, *circle, *thread, *limit),
            Command::Send { circle, thread, text, reply_to } => {
                self.send(id, *circle, *thread, text, reply_to.as_deref())
            }
            Command::React { circle, thread, key, kind, on } => self.react(id, *circle, *thread, key, *kind, *on),
            Command::Seen { circle, thread } => self.mark_seen(id, *circle, *thread),
            Command::TakeBack { circle, thread, key } => self.take_back(id, *circle, *thread, key),
            Command::Hide { circle, thread, key, on } => self.hide(id, *circle, *thread, key, *on),
            Command::Toolkit { circle } => self.toolkit(id, *circle),
            Command::AddStrategy { circle, title, text, moments, adapted_from } => {
                let written = Written { title, text, moments, adapted_from: adapted_from.as_deref() };
                self.add_strategy(id, *circle, &written)
            }
            Command::Helped { circle, key, on } => self.helped(id, *circle, key, *on),
            Command::TakeBackStrategy { circle, key } => self.take_back_strategy(id, *circle, key),
            Command::HideStrategy { circle, key, on } => self.hide_strategy(id, *circle, key, *on),
            Command::Found { name, circle_name } => self.found(id, name, circle_name),
            Command::People { circle } => self.people_command(id, *circle),
            Command::Invite { circle, role, past, uses, days, once } => {
                self.invite(id, *circle, *role, &Terms { past: *past, uses: *uses, days: *days, once })
            }
            Command::InviteDevice { circle, member, recovers, once } => {
                self.invite_device(id, *circle, *member, *recovers, once)
            }
            Command::Remove { circle, member, also } => self.remove_member(id, *circle, *member, also),
            Command::RemoveDevice { circle, device } => self.remove_device(id, *circle, *device),
            Command::Confirm { circle, member } => self.confirm(id, *circle, *member),
            Command::SetConversations { circle, everyone } => self.set_conversations(id, *circle, *everyone),
            Command::Promote { circle, member } => self.promote(id, *circle, *member),
            Command::Demote { circle, member } => self.demote(id, *circle, *member),
            Command::Leaving { circle } => self.leaving_command(id, *circle),
            Command::Leave { circle, erase, anyway } => self.leave(id, *circle, *erase, *anyway),
            Command::Stay { circle } => self.stay(id, *circle),
            Command::Record { circle, document } => self.record(id, *circle, *document),
            Command::Withdraw { circle, invite } => self.withdraw(id, *circle, *invite),
            Command::ResumedRead => self.resumed_read(id),
            Command::Dismiss { circle, statement } => self.dismiss(id, *circle, *statement),
            Command::GoOn { circle, with } => self.go_on(id, *circle, *with),
            Command::QrAsk { name } => self.qr_ask(id, name),
            Command::QrGrant { circle, qr, role, past, member } => {
                self.qr_grant(id, *circle, qr, *role, *past, *member)
            }
            Command::QrTake { qr } => self.qr_take(id, qr),
            Command::Paper { circle, once } => self.paper(id, *circle, once),
            Command::PaperUse { code } => self.paper_use(id, code),
            Command::Stories { circle } => self.stories(id, *circle),
            Command::AddStory { circle, told, to } => self.add_story(id, *circle, told, to),
            Command::ReactToStory { circle, key, kind, on } => self.react_to_story(id, *circle, key, *kind, *on),
            Command::HideStory { circle, key, on } => self.hide_story(id, *circle, key, *on),
            Command::EndStory { circle, key } => self.end_story(id, *circle, key),
            Command::Reports { circle } => self.reports(id, *circle),
            Command::ReportWay { circle, key } => self.report_way(id, *circle, key),
            Command::Report { circle, key, to, words } => self.report(id, *circle, key, (to, words)),
            Command::TakeBackReport { circle, key } => self.take_back_report(id, *circle, key),
            Command::HandleReport { circle, key, on } => self.handle_report(id, *circle, key, *on),
            Command::Plan { circle } => self.plan(id, *circle),
            Command::AddPlanLine { circle, part, text, phone, replaces } => {
                self.add_plan_line(id, *circle, (*part, text, phone), replaces.as_deref())
            }
            Command::RemovePlanLine { circle, key } => self.remove_plan_line(id, *circle, key),
            Command::Journal { circle, months } => self.journal(id, *circle, *months),
            Command::AddEntry { circle, day, entry, replaces } => {
                self.add_entry(id, *circle, *day, entry, replaces.as_deref())
            }
            Command::RemoveEntry { circle, key } => self.remove_entry(id, *circle, key),
            Command::Choices { circle } => self.choices(id, *circle),
            Command::Choose { circle, choice, member, on } => self.choose(id, *circle, *choice, *member, *on),
            Command::Commitments { circle } => self.commitments(id, *circle),
            Command::AddCommitment { circle, with, since, days, due, from, words } => {
                let (from, words) = (from.clone(), words.trim().to_owned());
                let taken_on = TakenOn { since: Day(*since), days: *days, due: due.map(Day), from, words };
                self.add_commitment(id, *circle, *with, taken_on)
            }
            Command::AnswerCommitment { circle, key, accepted } => self.answer_commitment(id, *circle, key, *accepted),
            Command::AddAttempt { circle, key, day, outcome, note } => {
                self.add_attempt(id, *circle, key, (*day, *outcome, note))
            }
            Command::EndCommitment { circle, key } => self.end_commitment(id, *circle, key),
            Command::TakeBackKept { circle, key } => self.take_back_kept(id, *circle, key),
            Command::News { circle } => self.news(id, *circle),
            Command::Search { circle, words, limit } => {
                let (circle, limit, typed) = (*circle, *limit, words.clone());
                self.kernel.enqueue_first(Look { id, circle, typed, limit, is_again: false });
                Ok(Step::Done)
            }
            Command::OpenSealed { circle, kind, member, day } => self.open_sealed(id, *circle, *kind, *member, *day),
            Command::Outbox => {
                self.reply(id, Ok(Reply::Outbox(self.outbox())));
                Ok(Step::Done)
            }
            Command::Status => {
                self.reply(id, Ok(Reply::Status(self.status())));
                Ok(Step::Done)
            }
            Command::Sync => self.sync_command(id),
        }
    }

    fn sync_command(&mut self, id: CommandId) -> Attempt {
        if self.circles.is_empty() {
            return Err(Problem::new(ProblemCode::NotEnrolled, "no circle").into());
        }
        self.exchange.wait(id);
        self.sync_soon(0);
        Ok(Step::Done)
    }

    /// The person was told how far off their clock is.
    fn clock_told(&mut self, id: CommandId) -> Attempt {
        let told = self.clock.told();
        let mut batch = Batch::default();
        told.put(&mut batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done: Result<(), Problem>| {
                if done.is_ok() {
                    engine.clock.note_told(told);
                    engine.notify_status();
                }
                engine.reply(id, done.map(|()| Reply::Nothing));
            }),
        ))
    }

    fn flush_command(&mut self, id: CommandId) -> Attempt {
        let Some((batch, after)) = self.commit_pending()? else {
            self.reply(id, Ok(Reply::Nothing));
            return Ok(Step::Done);
        };
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                let reply = done.clone().map(|()| Reply::Nothing);
                after(engine, done);
                engine.reply(id, reply);
            }),
        ))
    }

    fn close(&mut self, id: CommandId, document: DocumentId) -> Attempt {
        self.documents.unwatch(&document);
        self.flush_command(id)
    }
}
