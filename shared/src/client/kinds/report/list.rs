//! What is shown of reports: one's own, and for facilitators those that were sent to them.

use crate::document::{DocumentName, Message, Report, Reported, Reporting, Subject};
use crate::ids::{BodyId, CircleId, Conversation, MemberId};
use crate::seal::{EpochId, epoch_hint};
use crate::sorted::SortedMap;
use crate::trust::Role;

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kinds::kept::Place;
use crate::client::kinds::own::Read;
use crate::client::kinds::profile::names::Names;
use crate::client::kinds::thread::list::is_blocked;
use crate::client::parts::circle::LocalCircle;
use crate::client::view::{self, BodyState, Reply, ReportProof, Safety};
use crate::client::{CommandId, Problem};

use super::proof::{report_proof, reported_kind, reported_text, signed_by_page};

/// A record that reports, or is about a report.
pub(super) struct Found {
    /// With whom this phone's person has it; themself for what they keep alone.
    pub(super) with: MemberId,
    pub(super) name: DocumentName,
    /// Who wrote it.
    pub(super) by: MemberId,
    pub(super) reporting: Reporting,
    pub(super) record: Read,
}

/// Reports of one record by one person: one, however many hold it.
pub(super) struct Group {
    pub(super) reporter: MemberId,
    pub(super) of: Reported,
    /// Their places among what was found, oldest first; never empty.
    pub(super) reports: Vec<usize>,
}

impl Found {
    pub(super) fn report(&self) -> Option<&Report> {
        match &self.reporting {
            Reporting::Report(report) => Some(report),
            Reporting::Part { .. } | Reporting::Handled { .. } => None,
        }
    }

    /// Whether it is said to the organisation, and to nobody in the circle.
    pub(super) fn is_for_organisation(&self) -> bool {
        self.name.is_for_organisation()
    }

    /// Whether it is a part of what another record reports.
    pub(super) fn is_part_of(&self, report: &Self) -> bool {
        let answers = self.record.message.reply_to.as_deref() == Some(report.record.message.key.as_str());
        answers && self.name == report.name && self.by == report.by && matches!(self.reporting, Reporting::Part { .. })
    }

    /// Whether it says that a report is dealt with. Nobody says so of their own report, nor of one about themself.
    pub(super) fn handles(&self, group: &Group) -> bool {
        matches!(&self.reporting, Reporting::Handled { reporter, of } if *reporter == group.reporter && *of == group.of)
            && self.by != group.reporter
    }
}

/// Reports of what was found, each once.
pub(super) fn grouped(found: &[Found]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, one) in found.iter().enumerate() {
        let Some(report) = one.report() else { continue };
        match groups.iter_mut().find(|group| group.reporter == one.by && group.of == report.of) {
            Some(group) => group.reports.push(at),
            None => groups.push(Group { reporter: one.by, of: report.of.clone(), reports: vec![at] }),
        }
    }
    groups
}

/// What a report's parts hold, text and proof, as far as all are here.
fn carried(found: &[Found], report: &Found) -> Option<(String, Vec<u8>)> {
    let parts = found.iter().filter(|part| part.is_part_of(report));
    report.report()?.carried(parts.map(|part| &part.reporting))
}

impl Engine {
    pub(in crate::client) fn reports(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let shown = self.shown_reports(&circle, None)?;
        let (between, own) = (self.between_names(&circle)?, self.reports_names(&circle)?);
        for name in between.into_iter().map(|(_, name)| name).chain(own) {
            self.documents.watch(name.id(&circle));
        }
        self.reply(id, Ok(Reply::Reports(shown)));
        Ok(Step::Done)
    }

    /// What this phone's person reported to the organisation, in the order of parts.
    fn reports_names(&self, circle: &CircleId) -> Result<Vec<DocumentName>, Problem> {
        let (me, _) = self.me(circle)?;
        let states = self.local(circle)?.documents().values().map(|state| state.name);
        let own = states.filter(|name| matches!(name.subject, Subject::Reports { member, .. } if member == me));
        let mut names: Vec<DocumentName> = own.collect();
        names.sort_unstable();
        Ok(names)
    }

    /// All documents in which records of reports may stand.
    pub(super) fn report_places(&self, circle: &CircleId) -> Result<Vec<Place>, Problem> {
        let own = self.reports_names(circle)?.into_iter().map(|name| (None, name));
        Ok(self.kept_places(circle)?.into_iter().chain(own).collect())
    }

    /// Whether the organisation takes reports that nobody in the circle is left to get.
    pub(super) fn takes_reports(&self, circle: &CircleId) -> Result<bool, Problem> {
        Ok(self.local(circle)?.keyring().admitted().report_key().is_some())
    }

    /// All records that report or are about a report, oldest first.
    pub(super) fn reporting(&mut self, circle: &CircleId) -> Result<Vec<Found>, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let mut all = Vec::new();
        for (with, name) in self.report_places(circle)? {
            let with = with.unwrap_or(me);
            let records = self.own_records(circle, &[name], None)?;
            if name.is_for_organisation() {
                let bodies: Vec<BodyId> = records.iter().flat_map(|record| record.message.bodies()).collect();
                self.read_bodies(circle, &bodies)?;
            }
            for record in records {
                let by = names.member_of(&record.message.author).filter(|by| *by == me || *by == with);
                let (Some(by), Ok(reporting)) = (by, Reporting::decode(&record.text)) else { continue };
                all.push(Found { with, name, by, reporting, record });
            }
        }
        all.sort_by(|one, other| {
            let place = |it: &Found| (it.record.message.sent, it.record.message.key.clone());
            place(one).cmp(&place(other))
        });
        Ok(all)
    }

    /// Reports that stand, the latest first, or only one's own of a record. A facilitator is shown none about themself.
    pub(super) fn shown_reports(
        &mut self,
        circle: &CircleId,
        of: Option<&Reported>,
    ) -> Result<Vec<view::Report>, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, role) = self.me(circle)?;
        let found = self.reporting(circle)?;
        let mut shown = Vec::new();
        for group in grouped(&found) {
            let mine = group.reporter == me;
            let is_about_me = group.reports.iter().any(|at| found[*at].report().is_some_and(|it| it.about == me));
            let is_asked = of.is_none_or(|of| mine && group.of == *of);
            if is_asked && (mine || (role == Role::Facilitator && !is_about_me)) {
                shown.extend(self.shown_report(circle, &names, &me, &found, &group)?);
            }
        }
        shown.reverse();
        Ok(shown)
    }

    fn shown_report(
        &mut self,
        circle: &CircleId,
        names: &Names,
        me: &MemberId,
        found: &[Found],
        group: &Group,
    ) -> Result<Option<view::Report>, Stop> {
        let Some(kind) = reported_kind(&group.of.name) else { return Ok(None) };
        let own = self.own_copy(circle, names, &group.of)?;
        let local = self.local(circle)?;
        // Of what one person reported twice, what is proven counts before what is not.
        let judged = group.reports.iter().filter_map(|at| {
            let (one, report) = (&found[*at], found[*at].report()?);
            let Some((text, page)) = carried(found, one) else { return Some((one, report, None, None)) };
            let proof = match &own {
                Some(own) => report_proof(circle, report, &text, Some((own.author, &own.signed))),
                None => {
                    let (roster, chain) = (local.roster(), local.keyring().history().chain());
                    let signed = signed_by_page(circle, roster, chain, &group.of, &page);
                    report_proof(circle, report, &text, signed.as_ref().map(|(by, signed)| (Some(*by), signed)))
                }
            };
            Some((one, report, Some(text), Some(proof)))
        });
        let rank = |proof: &Option<ReportProof>| match proof {
            Some(ReportProof::Proven) => 0,
            Some(ReportProof::Unchecked) => 1,
            Some(ReportProof::Unproven) => 2,
            None => 3,
        };
        let Some((one, report, text, proof)) = judged.min_by_key(|(_, _, _, proof)| rank(proof)) else {
            return Ok(None);
        };
        let mine = group.reporter == *me;
        let (to, organisation) = self.told(circle, names, me, found, group);
        let others = if mine { self.whom_to_tell(circle, names, me, &report.about, &to)? } else { Vec::new() };
        let mut words: Vec<String> = Vec::new();
        for said in group.reports.iter().filter_map(|at| found[*at].report()).map(|report| &report.words) {
            if !said.is_empty() && !words.contains(said) {
                words.push(said.clone());
            }
        }
        let body = if text.is_some() { BodyState::Here } else { BodyState::Missing };
        let thread = self.conversation_of(circle, &group.of.name).map(|thread| thread.to_string());
        Ok(Some(view::Report {
            key: one.record.message.key.clone(),
            mine,
            reporter: group.reporter.to_string(),
            reporter_name: names.name(&group.reporter),
            about: report.about.to_string(),
            about_name: names.name(&report.about),
            made_ms: one.record.message.sent.0,
            kind,
            thread,
            of: group.of.key.clone(),
            words,
            text: text.and_then(|text| reported_text(kind, &text)).unwrap_or_default(),
            body,
            proof: proof.unwrap_or(ReportProof::Unchecked),
            gone: own.as_ref().is_some_and(|own| own.gone),
            hidden: own.and_then(|own| own.hidden),
            to,
            organisation,
            others,
            handled: handled(names, me, &report.about, found, group),
        }))
    }

    /// Who got a report: of one's own, by what was written; of another's, as it says. And how far it is on its way to the
    /// organisation, where it goes there.
    fn told(
        &self,
        circle: &CircleId,
        names: &Names,
        me: &MemberId,
        found: &[Found],
        group: &Group,
    ) -> (Vec<view::ReportTo>, Option<Safety>) {
        let leading = names.members();
        let mut told: SortedMap<Option<MemberId>, Option<Safety>> = SortedMap::new();
        for one in group.reports.iter().map(|at| &found[*at]) {
            if group.reporter != *me {
                let to = one.report().map(|report| report.to.clone()).unwrap_or_default();
                told.extend(to.into_iter().filter(|member| member != me).map(|member| (Some(member), None)));
                continue;
            }
            for record in found.iter().filter(|it| it.is_part_of(one)).chain([one]).map(|it| &it.record) {
                let message = &record.message;
                let safety = self.op_safety(circle, &record.document, &message.author, message.counter());
                let is_closed = one.is_for_organisation() && !self.is_opened_there(circle, message);
                let safety = if is_closed && safety == Safety::Safe { Safety::Phone } else { safety };
                let with = if one.is_for_organisation() { None } else { Some(one.with) };
                let worst = told.get_or_insert_with(with, || Some(safety));
                let is_worse =
                    |worst: Safety| safety == Safety::Refused || (worst != Safety::Refused && safety < worst);
                if worst.is_some_and(is_worse) {
                    *worst = Some(safety);
                }
            }
        }
        let shown = |(member, safety): (MemberId, Option<Safety>)| view::ReportTo {
            member: member.to_string(),
            name: names.name(&member),
            leads: leading.get(&member) == Some(&Role::Facilitator),
            safety,
        };
        let organisation = told.remove(&None::<MemberId>).flatten();
        let people = told.into_iter().filter_map(|(member, safety)| Some((member?, safety)));
        (people.map(shown).collect(), organisation)
    }

    /// Whether a key of a text is on the chain, and with it the organisation's wrap. Without, nobody there opens what the
    /// server has of it.
    fn is_opened_there(&self, circle: &CircleId, message: &Message) -> bool {
        let Some(keyring) = self.circles.get(circle).map(LocalCircle::keyring) else { return false };
        let is_said = |epoch: &EpochId| keyring.history().epochs().any(|(seen, _)| seen == epoch);
        let mut hints = message.bodies().filter_map(|body| epoch_hint(self.body(circle, &body)?));
        hints.any(|hint| keyring.keys_of(hint).any(|(epoch, _)| is_said(epoch)))
    }

    /// The facilitators to whom a report about somebody goes, but for those who have it.
    pub(super) fn whom_to_tell(
        &mut self,
        circle: &CircleId,
        names: &Names,
        me: &MemberId,
        about: &MemberId,
        but: &[view::ReportTo],
    ) -> Result<Vec<view::ReportTo>, Stop> {
        let chosen = self.chosen(circle)?;
        let leads = self.leading(circle, names).into_iter();
        let to = leads.filter(|member| member != me && member != about);
        let to = to.filter(|member| !is_blocked(&chosen, &Conversation::With(*member)));
        let to = to.map(|member| view::ReportTo {
            member: member.to_string(),
            name: names.name(&member),
            leads: true,
            safety: None,
        });
        Ok(to.filter(|to| !but.iter().any(|it| it.member == to.member)).collect())
    }

    /// The facilitators who are in the circle, ascending.
    pub(super) fn leading(&self, circle: &CircleId, names: &Names) -> Vec<MemberId> {
        let members = names.members().into_iter().filter(|(_, role)| *role == Role::Facilitator);
        let members = members.map(|(member, _)| member);
        members.filter(|member| !self.is_talk_over(circle, &Conversation::With(*member))).collect()
    }
}

/// Who says that a report is dealt with, each once. Whoever it is about says nothing of it.
fn handled(names: &Names, me: &MemberId, about: &MemberId, found: &[Found], group: &Group) -> Vec<view::ReportHandled> {
    let mut said: Vec<view::ReportHandled> = Vec::new();
    for one in found.iter().filter(|one| one.handles(group) && one.by != *about) {
        // Who never got it can't have dealt with it.
        let got = group.reports.iter().map(|at| &found[*at]);
        let got = got.filter_map(|it| it.report().map(|report| (it, report)));
        let got = got.into_iter().any(|(it, report)| it.with == one.by || report.to.contains(&one.by));
        let member = one.by.to_string();
        if (got || one.by == *me) && !said.iter().any(|it| it.member == member) {
            let (name, mine, at_ms) = (names.name(&one.by), one.by == *me, one.record.message.sent.0);
            said.push(view::ReportHandled { member, name, mine, at_ms });
        }
    }
    said
}
