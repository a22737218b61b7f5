//! Reports that are sent from here, taken back, and dealt with.

use crate::document::{DocumentName, Message, Report, Reporting, Subject};
use crate::ids::{CircleId, Conversation, MemberId};
use crate::trust::{KeyGroup, Role};

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kind::text_group_of;
use crate::client::kinds::thread::list::is_blocked;
use crate::client::problems::{edit_problem, key_waiting};
use crate::client::view::{self, ListName, Reply};
use crate::client::{CommandId, Problem, ProblemCode, Why};

use super::list::{Found, Group, grouped};
use super::original::Original;
use super::proof::reported_text;
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
        let text = reported_text(kind, &text).filter(|_| !hidden || role == Role::Facilitator);
        let to = self.whom_to_tell(&circle, &names, &me, &about, &[])?;
        let way = view::ReportWay {
            about: about.to_string(),
            about_name: names.name(&about),
            kind,
            text: text.unwrap_or_default(),
            about_leads: leading.contains(&about),
            blocked: leading.iter().filter(is_blocked).map(|member| names.name(member)).collect(),
            organisation: to.is_empty() && self.takes_reports(&circle)?,
            to,
            reported: grouped(&found).iter().any(|group| group.reporter == me && group.of == of),
        };
        self.reply(id, Ok(Reply::ReportWay(way)));
        Ok(Step::Done)
    }

    /// Reports what stands at a key to each facilitator but its author; where none is left, to the organisation if it takes
    /// reports. To whom the same was said before, nothing more is written; to whom its person was not told that it goes,
    /// nothing is.
    pub(in crate::client) fn report(
        &mut self,
        id: CommandId,
        circle: CircleId,
        key: &str,
        (named, words): (&[MemberId], &str),
    ) -> Attempt {
        let words = words.trim();
        let Original { of, about, salt, text, proof, .. } = self.original(&circle, key)?;
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let parts = Reporting::parts(&text, &proof).map_err(edit_problem)?;
        let found = self.reporting(&circle)?;
        let is_same =
            |one: &&Found| one.by == me && one.report().is_some_and(|report| report.of == of && report.words == words);
        let same: Vec<&Found> = found.iter().filter(is_same).collect();
        let said = |member: &MemberId| same.iter().any(|one| !one.is_for_organisation() && one.with == *member);
        let to: Vec<MemberId> = self
            .whom_to_tell(&circle, &names, &me, &about, &[])?
            .iter()
            .filter_map(|to| to.member.parse().ok())
            .collect();
        let goes_out = to.is_empty();
        if goes_out && !self.takes_reports(&circle)? {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::NobodyToTell).into());
        }
        let lacking: Vec<MemberId> = to.iter().filter(|member| !said(member)).copied().collect();
        let lacks_organisation = goes_out && !same.iter().any(|one| one.is_for_organisation());
        let report = Report { of: of.clone(), about, salt, parts: parts.len(), to, words: words.to_owned() };
        let report = Reporting::Report(report);
        report.check().map_err(edit_problem)?;
        if lacking.iter().any(|member| !named.contains(member)) || (goes_out && !named.is_empty()) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::OtherReaders).into());
        }
        let parts: Vec<String> = parts.iter().map(Reporting::encode).collect();
        let records = 1 + parts.len() as u64;
        let mut documents = self.places_with(&circle, &lacking, records)?;
        if lacks_organisation {
            let own = |part| Some(Subject::Reports { member: me, part });
            documents.push(self.own_place(&circle, records, &own)?);
        }
        self.tell(id, circle, documents, (&report.encode(), &parts), move |engine| {
            let shown = engine.shown_reports(&circle, Some(&of));
            shown.ok()?.pop().map(|report| Reply::Report(Box::new(report)))
        })
    }

    /// Where so many records for each of these people are written, for oneself alone where it is oneself, as
    /// [`Self::documents_for`] has them.
    fn places_with(
        &mut self,
        circle: &CircleId,
        people: &[MemberId],
        records: u64,
    ) -> Result<Vec<(DocumentName, KeyGroup)>, Stop> {
        let (me, _) = self.me(circle)?;
        let (alone, others): (Vec<MemberId>, Vec<MemberId>) = people.iter().partition(|member| **member == me);
        let mut documents = self.documents_for(circle, &others, records)?;
        if !alone.is_empty() {
            documents.push(self.own_place(circle, records, &|part| Some(Subject::Commitments { member: me, part }))?);
        }
        Ok(documents)
    }

    /// The first of a row of one's own documents with room for so many records, and the group whose key, which is there
    /// then, seals it.
    fn own_place(
        &mut self,
        circle: &CircleId,
        records: u64,
        subject: &dyn Fn(u16) -> Option<Subject>,
    ) -> Result<(DocumentName, KeyGroup), Stop> {
        let name = self.first_with_room(circle, records, subject)?;
        let group = text_group_of(&name).ok_or_else(key_waiting)?;
        self.ensure_key(circle, group)?;
        Ok((name, group))
    }

    /// Writes a record and what answers it into each of these documents, all in one commit.
    fn tell(
        &mut self,
        id: CommandId,
        circle: CircleId,
        documents: Vec<(DocumentName, KeyGroup)>,
        (first, answers): (&str, &[String]),
        reply: impl FnOnce(&mut Self) -> Option<Reply> + 'static,
    ) -> Attempt {
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
        let names = self.report_places(&circle)?.into_iter().map(|(_, name)| name).collect();
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
        let documents = self.places_with(&circle, &people, 1)?;
        self.tell(id, circle, documents, (&text, &[]), |_| Some(Reply::Nothing))
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
