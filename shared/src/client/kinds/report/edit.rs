//! Reports that are sent from here, taken back, and dealt with.

use crate::document::{DocumentName, Message, Report, Reporting, Subject};
use crate::ids::{CircleId, Conversation, MemberId};
use crate::trust::Role;

use crate::client::engine::{Attempt, Engine, Step};
use crate::client::kind::text_group_of;
use crate::client::kinds::thread::list::is_blocked;
use crate::client::problems::{edit_problem, key_waiting};
use crate::client::view::{self, ListName, Reply};
use crate::client::{CommandId, Problem, ProblemCode, Why};

use super::list::{Found, Group, grouped};
use super::original::{Original, shown_text};
use super::unknown;

impl Engine {
    /// Where a report of what stands at a key would go.
    pub(in crate::client) fn report_way(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let original = self.original(&circle, key)?;
        let (names, _) = self.names(&circle)?;
        let (me, role) = self.me(&circle)?;
        let chosen = self.chosen(&circle)?;
        let found = self.reporting(&circle)?;
        let Original { of, about, kind, text, hidden, .. } = original;
        let leading = self.leading(&circle, &names);
        let is_blocked = |member: &&MemberId| **member != about && is_blocked(&chosen, &Conversation::With(**member));
        let text = shown_text(kind, &text).filter(|_| !hidden || role == Role::Facilitator);
        let way = view::ReportWay {
            about: about.to_string(),
            about_name: names.name(&about),
            kind,
            text: text.unwrap_or_default(),
            about_leads: leading.contains(&about),
            blocked: leading.iter().filter(is_blocked).map(|member| names.name(member)).collect(),
            to: self.whom_to_tell(&circle, &names, &me, &about, &[])?,
            reported: grouped(&found).iter().any(|group| group.reporter == me && group.of == of),
        };
        self.reply(id, Ok(Reply::ReportWay(way)));
        Ok(Step::Done)
    }

    /// Reports what stands at a key to each facilitator but its author. To whom the same was said before, nothing more is
    /// written.
    pub(in crate::client) fn report(&mut self, id: CommandId, circle: CircleId, key: &str, words: &str) -> Attempt {
        let words = words.trim();
        let Original { of, about, salt, text, proof, .. } = self.original(&circle, key)?;
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let parts = Reporting::parts(&text, &proof).map_err(edit_problem)?;
        let found = self.reporting(&circle)?;
        let said = |member: &MemberId| {
            let own = found.iter().filter(|one| one.by == me && one.with == *member);
            own.filter_map(Found::report).any(|report| report.of == of && report.words == words)
        };
        let to: Vec<MemberId> = self
            .whom_to_tell(&circle, &names, &me, &about, &[])?
            .iter()
            .filter_map(|to| to.member.parse().ok())
            .collect();
        if to.is_empty() {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::NobodyToTell).into());
        }
        let lacking: Vec<MemberId> = to.iter().filter(|member| !said(member)).copied().collect();
        let report = Report { of: of.clone(), about, salt, parts: parts.len(), to, words: words.to_owned() };
        let report = Reporting::Report(report);
        report.check().map_err(edit_problem)?;
        let parts: Vec<String> = parts.iter().map(Reporting::encode).collect();
        self.tell_people(id, circle, &lacking, (&report.encode(), &parts), move |engine| {
            let shown = engine.shown_reports(&circle, Some(&of));
            shown.ok()?.pop().map(|report| Reply::Report(Box::new(report)))
        })
    }

    /// Writes a record and what answers it for each of these people, for oneself alone where it is oneself, all in one
    /// commit.
    fn tell_people(
        &mut self,
        id: CommandId,
        circle: CircleId,
        people: &[MemberId],
        (first, answers): (&str, &[String]),
        reply: impl FnOnce(&mut Self) -> Option<Reply> + 'static,
    ) -> Attempt {
        let (me, _) = self.me(&circle)?;
        let records = 1 + answers.len() as u64;
        let (alone, others): (Vec<_>, Vec<_>) = people.iter().partition(|member| **member == me);
        let mut documents = self.documents_for(&circle, &others, records)?;
        if !alone.is_empty() {
            let own = |part| Some(Subject::Commitments { member: me, part });
            let name = self.first_with_room(&circle, records, &own)?;
            let group = text_group_of(&name).ok_or_else(key_waiting)?;
            self.ensure_key(&circle, group)?;
            documents.push((name, group));
        }
        let mut bodies = Vec::new();
        for (name, group) in &documents {
            let posted = self.post_text(&circle, name, *group, first, None).and_then(|(key, body)| {
                bodies.push(body);
                for answer in answers {
                    bodies.push(self.post_text(&circle, name, *group, answer, Some(&key))?.1);
                }
                Ok(())
            });
            if let Err(stop) = posted {
                documents.iter().for_each(|(name, _)| drop(self.documents.take(&name.id(&circle))));
                return Err(stop);
            }
        }
        let documents: Vec<_> = documents.iter().map(|(name, _)| name.id(&circle)).collect();
        documents.iter().for_each(|document| self.documents.watch(*document));
        let done = move |engine: &mut Self| {
            let reply = reply(engine).ok_or_else(unknown);
            engine.reply(id, reply);
            engine.notify_lists(&circle, &[ListName::Reports]);
        };
        self.commit_and(&documents, bodies, done, id)
    }

    /// Takes back one's own report, from everybody who got it.
    pub(in crate::client) fn take_back_report(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let (me, _) = self.me(&circle)?;
        let found = self.reporting(&circle)?;
        let Some(group) = group_at(&found, key) else { return self.taken_back_before(id, circle, key) };
        if group.reporter != me {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::NotYours).into());
        }
        let reports: Vec<&Found> = group.reports.iter().map(|at| &found[*at]).collect();
        let is_of = |one: &&Found| reports.iter().any(|report| one.is_part_of(report));
        let all = reports.iter().copied().chain(found.iter().filter(is_of));
        let all: Vec<_> = all.map(|one| (one.name, one.record.message.clone())).collect();
        self.end_reporting(id, circle, &all)
    }

    /// What was taken back elsewhere meanwhile is as its person wished.
    fn taken_back_before(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let names = self.kept_places(&circle)?.into_iter().map(|(_, name)| name).collect();
        for name in self.with_author(&circle, names, key) {
            if self.messages_of(&circle, &name)?.iter().any(|message| message.key == key && message.taken_back) {
                self.reply(id, Ok(Reply::Nothing));
                return Ok(Step::Done);
            }
        }
        Err(unknown().into())
    }

    fn end_reporting(&mut self, id: CommandId, circle: CircleId, all: &[(DocumentName, Message)]) -> Attempt {
        let commit = self.end_all(&circle, all)?;
        self.finish_stories(circle, commit, move |engine, done| {
            engine.reply(id, done.map(|()| Reply::Nothing));
            engine.notify_lists(&circle, &[ListName::Reports]);
        })
    }

    /// For facilitators: says that a report is dealt with, to its reporter and to those who got it, too; or takes that
    /// back. Where its reporter is out, it is kept for oneself. Said twice, nothing more is written.
    pub(in crate::client) fn handle_report(&mut self, id: CommandId, circle: CircleId, key: &str, on: bool) -> Attempt {
        self.lead(&circle)?;
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let found = self.reporting(&circle)?;
        let group = group_at(&found, key).ok_or_else(unknown)?;
        let about = |member: &MemberId| reports(&found, &group).any(|report| report.about == *member);
        if group.reporter == me || about(&me) {
            return Err(Problem::new(ProblemCode::NotAllowed, "one's own").into());
        }
        let said: Vec<&Found> = found.iter().filter(|one| one.by == me && one.handles(&group)).collect();
        if !on {
            let all: Vec<_> = said.iter().map(|one| (one.name, one.record.message.clone())).collect();
            return self.end_reporting(id, circle, &all);
        }
        let chosen = self.chosen(&circle)?;
        let leading = self.leading(&circle, &names);
        let got = |member: &&MemberId| reports(&found, &group).any(|report| report.to.contains(*member));
        let others = leading.iter().filter(got).filter(|member| **member != me && !about(member)).copied();
        let is_open = |engine: &Self, member: &MemberId| {
            let talk = Conversation::With(*member);
            !engine.is_talk_over(&circle, &talk) && !is_blocked(&chosen, &talk)
        };
        let reporter = if is_open(self, &group.reporter) { group.reporter } else { me };
        let mut people: Vec<MemberId> = [reporter].into_iter().chain(others).collect();
        people.retain(|member| *member == me || is_open(self, member));
        people.retain(|member| !said.iter().any(|one| one.with == *member));
        let Group { reporter, of, .. } = group;
        let text = Reporting::Handled { reporter, of }.encode();
        self.tell_people(id, circle, &people, (&text, &[]), |_| Some(Reply::Nothing))
    }
}

fn reports<'a>(found: &'a [Found], group: &'a Group) -> impl Iterator<Item = &'a Report> {
    group.reports.iter().filter_map(|at| found[*at].report())
}

/// The reports among which the one of this key is.
fn group_at(found: &[Found], key: &str) -> Option<Group> {
    let mut groups = grouped(found).into_iter();
    groups.find(|group| group.reports.iter().any(|at| found[*at].record.message.key == key))
}
