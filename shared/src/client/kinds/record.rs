//! All that this phone's person wrote in a circle, for them to take along: one document at a time, so that nothing waits.

use crate::document::{Choice, DocumentName, Kept, Outcome, OwnEntry, PartOf, PlanLine, Reporting, Subject, Told};
use crate::ids::{CircleId, DocumentId, MemberId};
use crate::trust::KeyGroup;

use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kind::{group_of, item_kind, text_group_of};
use crate::client::kinds::note::shown;
use crate::client::kinds::profile::names::Names;
use crate::client::problems::edit_problem;
use crate::client::view::{self, Audience, BodyState, ItemKind, KeptSaid, RecordItem, Reply};

impl Engine {
    pub(in crate::client) fn record(&mut self, id: CommandId, circle: CircleId, from: Option<DocumentId>) -> Attempt {
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let states = self.local(&circle)?.documents().iter();
        let mut left = states.filter(|(document, state)| {
            from.is_none_or(|from| **document >= from) && state.name.subject != Subject::Profile
        });
        let (first, next) = (left.next().map(|(_, state)| state.name), left.next().map(|(document, _)| *document));
        drop(left);
        let found = first.map(|name| self.written_in(&circle, &name, &names, &me));
        let (items, closed) = match found {
            None => (Vec::new(), false),
            Some(Ok(items)) => (items, false),
            // One document that can't be opened keeps nobody from the others.
            Some(Err(Stop::Fail(_))) => (Vec::new(), true),
            Some(Err(stop)) => return Err(stop),
        };
        let next = next.map(|document| document.to_string());
        self.reply(id, Ok(Reply::RecordPage(view::RecordPage { items, closed, next })));
        Ok(Step::Done)
    }

    fn written_in(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        names: &Names,
        me: &MemberId,
    ) -> Result<Vec<RecordItem>, Stop> {
        let place = self.shared_in(circle, name, names);
        let blank = |key: String, made_ms: u64| item(name, key, place.clone(), made_ms);
        if name.subject == Subject::Toolkit {
            let all = self.strategies(circle)?.into_iter().filter(|strategy| strategy.mine);
            return Ok(all.map(|it| strategy_item(blank(it.key.clone(), it.made_ms), it)).collect());
        }
        if text_group_of(name).is_none() {
            let handle = &self.open(circle, name)?.handle;
            let (note, passages) = (handle.note().map_err(edit_problem)?, handle.passages().map_err(edit_problem)?);
            let mine = me.to_string();
            let passages = shown::shown_passages(names, &passages).into_iter();
            let own = passages.filter(|passage| passage.authors.iter().any(|author| author.member == mine));
            let passages: Vec<String> = own.map(|passage| passage.text).collect();
            let day = note.days.first().map(|(day, _)| day.0);
            let commitments = shown::shown_commitments(names, &note).filter(|it| it.member == mine).collect::<Vec<_>>();
            if passages.iter().all(|text| text.trim().is_empty()) && commitments.is_empty() {
                return Ok(Vec::new());
            }
            let item = blank(name.id(circle).to_string(), 0);
            return Ok(vec![RecordItem { day: day.or(day_of(name)), passages, commitments, ..item }]);
        }
        let mut own = self.messages_of(circle, name)?;
        own.retain(|message| names.member_of(&message.author).as_ref() == Some(me));
        self.texts(circle, &own.iter().filter(|message| !message.taken_back).collect::<Vec<_>>())?;
        let document = name.id(circle);
        let items = own.into_iter().filter_map(|message| {
            let (text, body) = self.text_of(circle, &document, &message);
            let item = blank(message.key.clone(), message.sent.0);
            said_item(name, RecordItem { body, other: message.reply_to, ..item }, text)
        });
        Ok(items.collect())
    }

    fn shared_in(&self, circle: &CircleId, name: &DocumentName, names: &Names) -> String {
        if let Some((one, other)) = name.pair() {
            let me = self.me(circle).map(|(me, _)| me);
            return names.name(if me.as_ref() == Ok(&one) { &other } else { &one });
        }
        if let Subject::Slice { member } = name.subject {
            return names.name(&member);
        }
        self.label(circle, &name.id(circle), name)
    }
}

/// Who reads what is in a document.
fn audience_of(name: &DocumentName) -> Audience {
    match text_group_of(name).or_else(|| group_of(name)) {
        Some(KeyGroup::Alone(_)) => Audience::Me,
        Some(KeyGroup::Pair(..)) => Audience::Pair,
        Some(KeyGroup::Facilitators) => Audience::Facilitators,
        Some(KeyGroup::Slice(_)) => Audience::Slice,
        Some(KeyGroup::Reports(_)) => Audience::Organisation,
        Some(KeyGroup::Circle) | None => Audience::Circle,
    }
}

fn day_of(name: &DocumentName) -> Option<u32> {
    if let Subject::SessionNote { day, .. } | Subject::FacilitatorNote { day, .. } = name.subject {
        return Some(day.0);
    }
    None
}

fn item(name: &DocumentName, key: String, place: String, made_ms: u64) -> RecordItem {
    RecordItem {
        key,
        kind: item_kind(name),
        audience: audience_of(name),
        place,
        made_ms,
        day: None,
        body: BodyState::Here,
        text: String::new(),
        other: None,
        entry: None,
        part: None,
        phone: String::new(),
        choice: None,
        kept: None,
        title: String::new(),
        moments: Vec::new(),
        passages: Vec::new(),
        commitments: Vec::new(),
    }
}

fn strategy_item(item: RecordItem, strategy: view::Strategy) -> RecordItem {
    let view::Strategy { body, title, text, moments, adapted_from, .. } = strategy;
    RecordItem { body, title, text, moments, other: adapted_from, ..item }
}

/// What a record's text says, by its document's kind; of a kind that has no form of its own here the text as it is. None
/// for what nobody wrote in words.
fn said_item(name: &DocumentName, item: RecordItem, text: String) -> Option<RecordItem> {
    if item.body != BodyState::Here {
        return Some(item);
    }
    let may_report = [ItemKind::Between, ItemKind::Commitments, ItemKind::Reports].contains(&item.kind);
    let text = match Reporting::decode(if may_report { &text } else { "" }) {
        Ok(Reporting::Report(report)) => report.words,
        Ok(Reporting::Part { of: PartOf::Text, text, .. }) => text,
        Ok(Reporting::Part { of: PartOf::Proof, .. } | Reporting::Handled { .. }) => return None,
        Err(_) => text,
    };
    let found = match name.subject {
        Subject::Journal { .. } => OwnEntry::decode(&text).ok().map(|(day, entry)| RecordItem {
            day: Some(day.0),
            entry: Some(entry),
            ..item.clone()
        }),
        Subject::Plan { .. } => PlanLine::decode(&text).ok().map(|line| RecordItem {
            part: Some(line.part),
            text: line.text,
            phone: line.phone,
            ..item.clone()
        }),
        Subject::Choices { .. } => Choice::decode(&text)
            .ok()
            .map(|Choice { kind, member }| RecordItem { choice: Some(view::Choice { kind, member }), ..item.clone() }),
        Subject::Stories => Told::decode(&text).ok().map(|told| told_item(item.clone(), told)),
        Subject::Commitments { .. } | Subject::Between { .. } => {
            let kept = Kept::decode(&text).ok().map(|kept| kept_item(item.clone(), kept));
            kept.or_else(|| Told::decode(&text).ok().map(|told| told_item(item.clone(), told)))
        }
        Subject::Profile
        | Subject::Toolkit
        | Subject::Thread { .. }
        | Subject::Pair { .. }
        | Subject::Reports { .. }
        | Subject::SessionNote { .. }
        | Subject::FacilitatorNote { .. }
        | Subject::Slice { .. } => None,
    };
    Some(found.unwrap_or(RecordItem { text, ..item }))
}

fn kept_item(item: RecordItem, kept: Kept) -> RecordItem {
    let (said, day, text) = match kept {
        Kept::Commitment(taken_on) => (KeptSaid::TakenOn, Some(taken_on.since), taken_on.words),
        Kept::Answer { accepted: true } => (KeptSaid::Accepted, None, String::new()),
        Kept::Answer { accepted: false } => (KeptSaid::Declined, None, String::new()),
        Kept::Attempt { day, outcome, note } => {
            let said = match outcome {
                Outcome::Done => KeptSaid::Done,
                Outcome::Tried => KeptSaid::Tried,
                Outcome::NotThisTime => KeptSaid::NotThisTime,
            };
            (said, Some(day), note)
        }
        Kept::End => (KeptSaid::Ended, None, String::new()),
    };
    RecordItem { kept: Some(said), day: day.map(|day| day.0), text, ..item }
}

fn told_item(item: RecordItem, told: Told) -> RecordItem {
    match told {
        Told::Story { title, text, .. } => RecordItem { title, text, ..item },
        Told::Milestone { day, text } => RecordItem { day: Some(day), text, ..item },
    }
}
