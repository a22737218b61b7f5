//! Notes as the page is shown them.

use crate::document::{self, Mark, NoteView, Written};
use crate::ids::{ActorId, MemberId};
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Day;
use crate::trust::Role;

use crate::client::kinds::profile::names::Names;
use crate::client::view;

/// The note, its place in the circle still to be filled in. `then`: who was in on the session's day.
pub(in crate::client) fn shown(
    names: &Names,
    note: NoteView,
    then: &SortedMap<MemberId, Role>,
    spans: bool,
) -> view::Note {
    let now = names.members();
    let recorded = note.attendance.iter().map(|record| record.member);
    let counted: SortedSet<MemberId> = then.keys().copied().chain(recorded).collect();
    let row = |member: &MemberId| attendance(names, &note, *member, then.get(member).or_else(|| now.get(member)));
    let attendance = counted.iter().map(row).collect();
    let later = now.keys().filter(|member| !counted.contains(member)).map(row).collect();
    let commitments = shown_commitments(names, &note).collect();
    let agenda = note.agenda.iter().map(|item| view::AgendaItem {
        item: item.item.to_string(),
        text: item.text.value.clone(),
        done: item.done,
        contested: contested(names, &item.contested),
    });
    view::Note {
        document: String::new(),
        circle: String::new(),
        day: 0,
        days: Vec::new(),
        ordinal: 0,
        version: 0,
        title: field(names, &note.title),
        place: field(names, &note.place),
        spans: spans.then(|| note.spans.iter().map(shown_span).collect()),
        agenda: agenda.collect(),
        attendance,
        later,
        commitments,
        safety: view::Safety::Phone,
        authors: people(names, &note.authors),
    }
}

/// What people took on.
pub(in crate::client) fn shown_commitments(names: &Names, note: &NoteView) -> impl Iterator<Item = view::Commitment> {
    note.commitments.iter().map(|commitment| view::Commitment {
        item: commitment.item.to_string(),
        member: commitment.member.to_string(),
        member_name: names.name(&commitment.member),
        text: commitment.text.clone(),
        due: commitment.due.map(|day| day.0),
        state: commitment.state,
        contested: contested(names, &commitment.contested),
    })
}

fn attendance(names: &Names, note: &NoteView, member: MemberId, role: Option<&Role>) -> view::Attendance {
    let record = note.attendance.iter().find(|record| record.member == member);
    let others = record.iter().flat_map(|record| &record.others).map(|(presence, author)| {
        let (author, author_name) = names.author(author);
        view::OtherPresence { presence: *presence, author, author_name }
    });
    view::Attendance {
        member: member.to_string(),
        name: names.name(&member),
        role: role.copied().unwrap_or(Role::Member),
        presence: record.map(|record| record.presence),
        others: others.collect(),
    }
}

/// Whose actors they are, each once.
fn people(names: &Names, actors: &[ActorId]) -> Vec<view::NoteAuthor> {
    let mut authors: Vec<view::NoteAuthor> = Vec::new();
    for actor in actors {
        let (member, name) = names.author(actor);
        if !member.is_empty() && authors.iter().all(|known| known.member != member) {
            authors.push(view::NoteAuthor { member, name });
        }
    }
    authors
}

/// Who wrote each word; what a member wrote on two phones is one passage.
pub(in crate::client) fn shown_passages(names: &Names, passages: &[document::Passage]) -> Vec<view::Passage> {
    let mut shown: Vec<view::Passage> = Vec::new();
    for passage in passages {
        let authors = people(names, &passage.authors);
        match shown.last_mut() {
            Some(last) if last.authors == authors => last.text.push_str(&passage.text),
            _ => shown.push(view::Passage { text: passage.text.clone(), authors }),
        }
    }
    shown
}

fn field(names: &Names, register: &document::Register) -> view::Field {
    view::Field { value: register.value.clone(), candidates: names.candidates(register).collect() }
}

/// The days of a session that was moved to several at the same time.
pub(in crate::client) fn contested_days(names: &Names, days: &[(Day, ActorId)]) -> Vec<view::Candidate> {
    let all = days.iter().filter(|_| days.len() > 1).map(|(day, author)| {
        let (author, author_name) = names.author(author);
        view::Candidate { value: day.0.to_string(), author, author_name }
    });
    all.collect()
}

fn contested(names: &Names, values: &[(Written, ActorId)]) -> Vec<view::Contested> {
    let values = values.iter().map(|(written, author)| {
        let (field, value) = match written {
            Written::Text(text) => (view::ItemField::Text, text.clone()),
            Written::Done(done) => (view::ItemField::Done, done.to_string()),
            Written::Day(day) => (view::ItemField::Due, day.0.to_string()),
            Written::State(state) => (view::ItemField::State, state.name().to_owned()),
        };
        let (author, author_name) = names.author(author);
        view::Contested { field, value, author, author_name }
    });
    values.collect()
}

fn shown_span(span: &document::Span) -> view::Span {
    match span {
        document::Span::Block(block) => view::Span::Block { block: *block },
        document::Span::Text { text, marks } => view::Span::Text {
            text: text.clone(),
            marks: Mark::ALL.into_iter().filter(|mark| marks.has(*mark)).collect(),
        },
    }
}
