//! What of each document can be found: one function a kind.

use crate::document::{
    self, DocumentName, Kept, OwnEntry, PlanLine, Register, Span, Subject, Told, Written, shown_name,
};
use crate::ids::CircleId;
use crate::sorted::SortedMap;
use crate::time::Day;

use crate::client::engine::{Engine, Stop};
use crate::client::parts::search::Item;
use crate::client::problems::edit_problem;
use crate::client::view::{BodyState, FoundKind};

const DAY_MS: u64 = 86_400_000;

/// The texts of a document that can be found.
#[derive(Default)]
pub(in crate::client) struct Words {
    pub items: Vec<Item>,
    /// Something may still come: a text, or the key to one.
    pub waits: bool,
}

impl Words {
    fn note_state(&mut self, body: BodyState) {
        self.waits |= matches!(body, BodyState::Missing | BodyState::Waiting);
    }
}

/// What was found of a document before, by key: a record never says anything else.
pub(in crate::client) type Known = SortedMap<String, Item>;

/// Whether a document has anything that can be found. A new kind says so here, and what it is in `words_of`.
pub(in crate::client) fn is_searched(name: &DocumentName) -> bool {
    match name.subject {
        Subject::SessionNote { .. }
        | Subject::FacilitatorNote { .. }
        | Subject::Slice { .. }
        | Subject::Thread { .. }
        | Subject::Pair { .. }
        | Subject::Toolkit
        | Subject::Journal { .. }
        | Subject::Plan { .. }
        | Subject::Commitments { .. }
        | Subject::Between { .. }
        | Subject::Stories => true,
        Subject::Profile | Subject::Choices { .. } | Subject::Reports { .. } => false,
    }
}

impl Engine {
    /// All that can be found in a document now: nothing that was taken back or hidden, or that can't be read here.
    pub(in crate::client) fn words_of(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        known: &Known,
    ) -> Result<Words, Stop> {
        match name.subject {
            Subject::SessionNote { day, .. } | Subject::FacilitatorNote { day, .. } => {
                self.note_words(circle, name, day)
            }
            Subject::Slice { .. } => self.note_words(circle, name, Day(0)),
            Subject::Thread { .. } | Subject::Pair { .. } => {
                self.record_words(circle, name, known, |item, text| Some(Item { text, ..item }))
            }
            Subject::Journal { .. } => self.record_words(circle, name, known, entry_words),
            Subject::Plan { .. } => self.record_words(circle, name, known, line_words),
            Subject::Commitments { .. } | Subject::Between { .. } => self.record_words(circle, name, known, kept_words),
            Subject::Stories => self.record_words(circle, name, known, told_words),
            Subject::Toolkit => self.strategy_words(circle, known),
            Subject::Profile | Subject::Choices { .. } | Subject::Reports { .. } => Ok(Words::default()),
        }
    }

    fn note_words(&mut self, circle: &CircleId, name: &DocumentName, day: Day) -> Result<Words, Stop> {
        let note = self.open(circle, name)?.handle.note().map_err(edit_problem)?;
        if note.hidden {
            return Ok(Words::default());
        }
        let day = note.days.first().map_or(day.shown(), |(day, _)| *day);
        let mut lines = said(&note.place);
        lines.extend(said(&note.title).into_iter().skip(1));
        lines.push(body(&note.spans));
        for item in &note.agenda {
            lines.extend(said(&item.text));
            lines.extend(item.contested.iter().filter_map(|(written, _)| text_in(written)));
        }
        for item in &note.commitments {
            lines.push(item.text.clone());
            lines.extend(item.contested.iter().filter_map(|(written, _)| text_in(written)));
        }
        lines.retain(|line| !line.is_empty());
        let at_ms = u64::from(day.0) * DAY_MS;
        let item = Item { at_ms, title: shown_name(&note.title.value), text: lines.join("\n"), ..Item::default() };
        // What of a sealed note does not open may do so once a key comes.
        let waits = self.local(circle)?.unshown(&name.id(circle)).is_some();
        Ok(Words { items: vec![item], waits })
    }

    /// The records of a document in a thread's form. `read` makes of a record's text what can be found in it.
    fn record_words(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        known: &Known,
        read: fn(Item, String) -> Option<Item>,
    ) -> Result<Words, Stop> {
        let document = name.id(circle);
        let mut messages = self.messages_of(circle, name)?;
        messages.retain(|message| !message.taken_back && message.hidden.is_none());
        let new = messages.iter().filter(|message| message.resealed.is_some() || !known.contains_key(&message.key));
        let wanted: Vec<_> = new.flat_map(document::Message::bodies).collect();
        self.read_bodies(circle, &wanted)?;
        let mut words = Words::default();
        for message in messages {
            // Of what was sealed again each text counts.
            if let Some(item) = known.get(&message.key).filter(|_| message.resealed.is_none()) {
                words.items.push(item.clone());
                continue;
            }
            let (text, state) = self.unsealed(circle, &document, &message);
            words.note_state(state);
            if state == BodyState::Here {
                let (key, author, at_ms) = (message.key, Some(message.author), message.sent.0);
                words.items.extend(read(Item { key, author, at_ms, ..Item::default() }, text));
            }
        }
        Ok(words)
    }

    fn strategy_words(&mut self, circle: &CircleId, known: &Known) -> Result<Words, Stop> {
        let mut found = self.joined_strategies(circle)?;
        found.retain(|strategy| !strategy.taken_back && strategy.hidden.is_none());
        let new = found.iter().filter(|strategy| !known.contains_key(&strategy.key));
        self.read_bodies(circle, &new.map(|strategy| strategy.body).collect::<Vec<_>>())?;
        let mut words = Words::default();
        for strategy in found {
            if let Some(item) = known.get(&strategy.key) {
                words.items.push(item.clone());
                continue;
            }
            let (said, state) = self.said_in(circle, &strategy);
            words.note_state(state);
            if let Some(said) = said {
                let (key, author, at_ms) = (strategy.key, Some(strategy.author), strategy.made.0);
                words.items.push(Item { key, author, at_ms, title: said.title, text: said.text, is_told: false });
            }
        }
        Ok(words)
    }
}

/// All values of a field: of several at the same time each can be found.
fn said(register: &Register) -> Vec<String> {
    let others = register.candidates.iter().map(|candidate| candidate.value.clone());
    let mut all: Vec<String> = [register.value.clone()].into_iter().chain(others).collect();
    all.dedup();
    all
}

fn text_in(written: &Written) -> Option<String> {
    match written {
        Written::Text(text) => Some(text.clone()),
        Written::Done(_) | Written::Day(_) | Written::State(_) => None,
    }
}

fn body(spans: &[Span]) -> String {
    let text = |span: &Span| match span {
        Span::Block(_) => "\n".to_owned(),
        Span::Text { text, .. } => text.clone(),
    };
    spans.iter().map(text).collect::<String>().trim().to_owned()
}

/// What was written in a journal; of a questionnaire nothing was.
fn entry_words(item: Item, text: String) -> Option<Item> {
    let (day, entry) = OwnEntry::decode(&text).ok()?;
    let (OwnEntry::CheckIn { note: text, .. } | OwnEntry::Text { text }) = entry else { return None };
    Some(Item { at_ms: u64::from(day.0) * DAY_MS, text, ..item })
}

fn line_words(item: Item, text: String) -> Option<Item> {
    let line = PlanLine::decode(&text).ok()?;
    Some(Item { text: [line.text, line.phone].join("\n").trim().to_owned(), ..item })
}

/// What a member takes on, and what they noted of how it went.
fn kept_words(item: Item, text: String) -> Option<Item> {
    let Ok(kept) = Kept::decode(&text) else { return told_words(item, text) };
    let text = match kept {
        Kept::Commitment(taken_on) => taken_on.words,
        Kept::Attempt { note, .. } => note,
        Kept::Answer { .. } | Kept::End => return None,
    };
    Some(Item { text, ..item })
}

/// What was told. A story that ends is in no page: nothing would take it out when it is over.
fn told_words(item: Item, text: String) -> Option<Item> {
    let item = Item { is_told: true, ..item };
    match Told::decode(&text).ok()? {
        Told::Story { title, text, ends_ms: None } => Some(Item { title, text, ..item }),
        Told::Story { .. } => None,
        Told::Milestone { text, .. } => Some(Item { text, ..item }),
    }
}

/// What a hit in a document is, and whether it is of a day.
pub(in crate::client) fn kind_of(name: &DocumentName, item: &Item) -> (FoundKind, bool) {
    match name.subject {
        Subject::Thread { .. } | Subject::Pair { .. } => (FoundKind::Message, false),
        Subject::Toolkit => (FoundKind::Strategy, false),
        Subject::Plan { .. } => (FoundKind::Plan, false),
        Subject::Between { .. } if item.is_told => (FoundKind::Story, false),
        Subject::Commitments { .. } | Subject::Between { .. } => (FoundKind::Commitment, false),
        Subject::Stories => (FoundKind::Story, false),
        Subject::Journal { .. } => (FoundKind::Journal, true),
        Subject::SessionNote { .. }
        | Subject::FacilitatorNote { .. }
        | Subject::Slice { .. }
        | Subject::Profile
        | Subject::Reports { .. }
        | Subject::Choices { .. } => (FoundKind::Note, true),
    }
}
