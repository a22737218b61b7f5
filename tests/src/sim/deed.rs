//! What people do, drawn from the seed.

use serde_json::{Value, json};

use crate::seed::Seed;

/// What a phone's person promised themselves once the engine acknowledged it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Token {
    /// A message with this text.
    Message(String),
    /// These words in a note.
    Words(String),
    /// A point of an agenda, or a commitment.
    Item(String),
    /// A strategy with this mark.
    Strategy(String),
    /// That the strategy with this mark is taken back.
    TakenBack(String),
    /// That a strategy helped somebody, or did not.
    Helped {
        /// By name.
        person: String,
        /// The strategy's.
        mark: String,
        /// Whether it did.
        on: bool,
    },
    /// A text of a member's life with this mark.
    Life(String),
    /// That the text with this mark is taken back.
    Back(String),
    /// What somebody said to the commitment with this mark.
    Answered {
        /// The commitment's.
        mark: String,
        /// Whether they are with it.
        accepted: bool,
    },
}

/// A command and what it promises.
pub(super) struct Deed {
    pub(super) command: Value,
    pub(super) token: Option<Token>,
}

/// What a phone knows when it chooses.
pub(super) struct Surroundings<'a> {
    pub(super) circle: &'a str,
    pub(super) member: &'a str,
    pub(super) threads: &'a [String],
    /// Notes that are open: document, version, length of the text.
    pub(super) notes: &'a [(String, u64, usize)],
    /// Keys of messages that the phone knows, with their thread.
    pub(super) messages: &'a [(String, String)],
    pub(super) first_day: u64,
    pub(super) number: u64,
}

impl Deed {
    pub(super) fn draw(seed: &mut Seed, around: &Surroundings<'_>) -> Self {
        match seed.below(12) {
            0..=3 => send(seed, around),
            4 => react(seed, around).unwrap_or_else(|| send(seed, around)),
            5 => create(seed, around),
            _ => edit(seed, around).unwrap_or_else(|| create(seed, around)),
        }
    }
}

fn send(seed: &mut Seed, around: &Surroundings<'_>) -> Deed {
    let text = format!("message {} {}", around.number, "word ".repeat(seed.below(12)));
    let reply = seed.pick(around.messages).filter(|_| around.number.is_multiple_of(3));
    let thread = reply.map(|(thread, _)| thread).or_else(|| seed.pick(around.threads));
    let reply_to = reply.map(|(_, key)| key);
    let command = json!({"cmd": "send", "circle": around.circle, "thread": thread, "text": text, "replyTo": reply_to});
    Deed { command, token: Some(Token::Message(text)) }
}

fn react(seed: &mut Seed, around: &Surroundings<'_>) -> Option<Deed> {
    let (thread, key) = seed.pick(around.messages)?;
    let kind = *seed.pick(&["relate", "thanks", "strength", "withYou"])?;
    let on = seed.percent(70);
    let command =
        json!({"cmd": "react", "circle": around.circle, "thread": thread, "key": key, "kind": kind, "on": on});
    Some(Deed { command, token: None })
}

fn create(seed: &mut Seed, around: &Surroundings<'_>) -> Deed {
    let day = around.first_day + seed.below(3) as u64;
    let title = format!("Session by {}", around.number);
    let command = json!({"cmd": "createNote", "circle": around.circle, "day": day, "ordinal": 0, "title": title});
    Deed { command, token: None }
}

fn edit(seed: &mut Seed, around: &Surroundings<'_>) -> Option<Deed> {
    let (document, version, length) = seed.pick(around.notes)?;
    let words = format!("<{}>", around.number);
    let deed = |edit: Value, token| {
        Some(Deed { command: json!({"cmd": "editNote", "document": document, "edit": edit}), token })
    };
    match seed.below(10) {
        0..=4 => {
            let index = if seed.percent(50) { 0 } else { *length };
            // Words stand apart: what is written onto a word rewords it, and two who reword one word both keep theirs.
            let ops = json!([{"op": "splice", "index": index, "remove": 0, "text": format!(" {words} ")}]);
            deed(json!({"edit": "body", "version": version, "ops": ops}), Some(Token::Words(words)))
        }
        5 => {
            let block = json!({"kind": "todo", "level": 0, "checked": seed.percent(50)});
            let ops = json!([{"op": "block", "index": 0, "block": block}]);
            deed(json!({"edit": "body", "version": version, "ops": ops}), None)
        }
        6 => deed(json!({"edit": "field", "field": "title", "value": format!("Title {}", around.number)}), None),
        7 => {
            let presence = *seed.pick(&["present", "late", "absent", "excused"])?;
            deed(json!({"edit": "attendance", "member": around.member, "presence": presence}), None)
        }
        8 => deed(json!({"edit": "agendaAdd", "text": words}), Some(Token::Item(words))),
        _ => deed(
            json!({"edit": "commitmentAdd", "member": around.member, "text": words, "due": null}),
            Some(Token::Item(words)),
        ),
    }
}
