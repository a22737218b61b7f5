//! Commands read by hand from the page's objects. Serde's derived reading of the same types costs 35 KB of the
//! download; this costs some 4.

use core::str::FromStr;

use js_sys::{Array, Reflect};
use kith_shared::client::view::{
    Block, BlockKind, CommitmentState, MarkName, NoteFieldName, NoteOp, Presence, ReactionKind, Role,
};
use kith_shared::client::{Command, ForkSide, NoteEdit, SealedKind};
use wasm_bindgen::JsValue;

/// Which field of a command is missing or of the wrong kind.
pub(crate) struct BadCommand(pub(crate) &'static str);

type Read<T> = Result<T, BadCommand>;

/// The command in a JavaScript object.
pub(crate) fn read(value: &JsValue) -> Read<Command> {
    let circle = || id(value, "circle");
    let thread = || id(value, "thread");
    let document = || id(value, "document");
    let once = || optional(value, "once", text).map(Option::unwrap_or_default);
    Ok(match text(value, "cmd")?.as_str() {
        "circles" => Command::Circles,
        "enrol" => Command::Enrol { link: text(value, "link")?, name: text(value, "name")? },
        "circle" => Command::Circle { circle: circle()? },
        "rename" => Command::Rename { circle: circle()?, name: text(value, "name")? },
        "notes" => Command::Notes { circle: circle()? },
        "createNote" => Command::CreateNote {
            circle: circle()?,
            day: number(value, "day")?,
            ordinal: number(value, "ordinal")?,
            title: text(value, "title")?,
        },
        "openNote" => Command::OpenNote { document: document()? },
        "passages" => Command::Passages { document: document()? },
        "editNote" => Command::EditNote { document: document()?, edit: note_edit(&field(value, "edit")?)? },
        "flush" => Command::Flush,
        "clockTold" => Command::ClockTold,
        "close" => Command::Close { document: document()? },
        "threads" => Command::Threads { circle: circle()? },
        "createThread" => Command::CreateThread { circle: circle()?, title: text(value, "title")? },
        "setThread" => Command::SetThread { circle: circle()?, thread: thread()?, title: text(value, "title")? },
        "setCircle" => Command::SetCircle {
            circle: circle()?,
            name: optional(value, "name", text)?,
            agreement: optional(value, "agreement", text)?,
        },
        "openThread" => Command::OpenThread { circle: circle()?, thread: thread()?, limit: number(value, "limit")? },
        "send" => Command::Send {
            circle: circle()?,
            thread: thread()?,
            text: text(value, "text")?,
            reply_to: optional(value, "replyTo", text)?,
        },
        "react" => Command::React {
            circle: circle()?,
            thread: thread()?,
            key: text(value, "key")?,
            kind: one_of(value, "kind", &REACTIONS)?,
            on: flag(value, "on")?,
        },
        "seen" => Command::Seen { circle: circle()?, thread: thread()? },
        "takeBack" => Command::TakeBack { circle: circle()?, thread: thread()?, key: text(value, "key")? },
        "found" => Command::Found { name: text(value, "name")?, circle_name: text(value, "circleName")? },
        "people" => Command::People { circle: circle()? },
        "invite" => Command::Invite {
            circle: circle()?,
            role: one_of(value, "role", &ROLES)?,
            past: flag(value, "past")?,
            uses: number(value, "uses")?,
            days: number(value, "days")?,
            once: once()?,
        },
        "inviteDevice" => Command::InviteDevice {
            circle: circle()?,
            member: id(value, "member")?,
            recovers: flag(value, "recovers")?,
            once: once()?,
        },
        "remove" => Command::Remove { circle: circle()?, member: id(value, "member")?, also: ids(value, "also")? },
        "removeDevice" => Command::RemoveDevice { circle: circle()?, device: id(value, "device")? },
        "confirm" => Command::Confirm { circle: circle()?, member: id(value, "member")? },
        "setConversations" => Command::SetConversations { circle: circle()?, everyone: flag(value, "everyone")? },
        "promote" => Command::Promote { circle: circle()?, member: id(value, "member")? },
        "demote" => Command::Demote { circle: circle()?, member: id(value, "member")? },
        "withdraw" => Command::Withdraw { circle: circle()?, invite: id(value, "invite")? },
        "resumedRead" => Command::ResumedRead,
        "dismiss" => Command::Dismiss { circle: circle()?, statement: id(value, "statement")? },
        "goOn" => Command::GoOn { circle: circle()?, with: one_of(value, "with", &SIDES)? },
        "qrAsk" => Command::QrAsk { name: text(value, "name")? },
        "qrGrant" => Command::QrGrant {
            circle: circle()?,
            qr: text(value, "qr")?,
            role: one_of(value, "role", &ROLES)?,
            past: flag(value, "past")?,
            member: optional(value, "member", id)?,
        },
        "qrTake" => Command::QrTake { qr: text(value, "qr")? },
        "paper" => Command::Paper { circle: circle()?, once: once()? },
        "paperUse" => Command::PaperUse { code: text(value, "code")? },
        "openSealed" => Command::OpenSealed {
            circle: circle()?,
            kind: one_of(value, "kind", &SEALED)?,
            member: optional(value, "member", id)?,
            day: number(value, "day")?,
        },
        "outbox" => Command::Outbox,
        "status" => Command::Status,
        "sync" => Command::Sync,
        _ => return Err(BadCommand("cmd")),
    })
}

const ROLES: [(&str, Role); 2] = [("member", Role::Member), ("facilitator", Role::Facilitator)];
const SEALED: [(&str, SealedKind); 4] = [
    ("journal", SealedKind::Journal),
    ("plan", SealedKind::Plan),
    ("facilitatorNote", SealedKind::FacilitatorNote),
    ("slice", SealedKind::Slice),
];
const SIDES: [(&str, ForkSide); 2] = [("ours", ForkSide::Ours), ("theirs", ForkSide::Theirs)];
const REACTIONS: [(&str, ReactionKind); 4] = [
    ("relate", ReactionKind::Relate),
    ("thanks", ReactionKind::Thanks),
    ("strength", ReactionKind::Strength),
    ("withYou", ReactionKind::WithYou),
];
const PRESENCES: [(&str, Presence); 4] = [
    ("present", Presence::Present),
    ("late", Presence::Late),
    ("absent", Presence::Absent),
    ("excused", Presence::Excused),
];
const STATES: [(&str, CommitmentState); 3] =
    [("open", CommitmentState::Open), ("kept", CommitmentState::Kept), ("notYet", CommitmentState::NotYet)];
const FIELDS: [(&str, NoteFieldName); 2] = [("title", NoteFieldName::Title), ("place", NoteFieldName::Place)];
const MARKS: [(&str, MarkName); 2] = [("strong", MarkName::Strong), ("em", MarkName::Em)];
const BLOCKS: [(&str, BlockKind); 4] = [
    ("paragraph", BlockKind::Paragraph),
    ("heading", BlockKind::Heading),
    ("bullet", BlockKind::Bullet),
    ("todo", BlockKind::Todo),
];

fn note_edit(value: &JsValue) -> Read<NoteEdit> {
    let item = || id(value, "item");
    let words = || text(value, "text");
    let member = || id(value, "member");
    Ok(match text(value, "edit")?.as_str() {
        "body" => NoteEdit::Body { version: number(value, "version")?, ops: ops(&field(value, "ops")?)? },
        "field" => NoteEdit::Field { field: one_of(value, "field", &FIELDS)?, value: text(value, "value")? },
        "day" => NoteEdit::Day { day: number(value, "day")? },
        "hide" => NoteEdit::Hide { hidden: flag(value, "hidden")? },
        "attendance" => NoteEdit::Attendance { member: member()?, presence: one_of(value, "presence", &PRESENCES)? },
        "agendaAdd" => NoteEdit::AgendaAdd { text: words()? },
        "agendaSet" => NoteEdit::AgendaSet {
            item: item()?,
            text: optional(value, "text", text)?,
            done: optional(value, "done", flag)?,
        },
        "agendaBack" => NoteEdit::AgendaBack { item: item()?, text: words()?, done: flag(value, "done")? },
        "agendaRemove" => NoteEdit::AgendaRemove { item: item()? },
        "commitmentAdd" => {
            NoteEdit::CommitmentAdd { member: member()?, text: words()?, due: optional(value, "due", number)? }
        }
        "commitmentSet" => NoteEdit::CommitmentSet {
            item: item()?,
            state: optional(value, "state", state)?,
            text: optional(value, "text", text)?,
            due: optional(value, "due", number)?,
        },
        "commitmentBack" => NoteEdit::CommitmentBack {
            item: item()?,
            member: member()?,
            text: words()?,
            due: optional(value, "due", number)?,
            state: state(value, "state")?,
        },
        "commitmentRemove" => NoteEdit::CommitmentRemove { item: item()? },
        _ => return Err(BadCommand("edit")),
    })
}

fn state(value: &JsValue, name: &'static str) -> Read<CommitmentState> {
    one_of(value, name, &STATES)
}

fn ops(value: &JsValue) -> Read<Vec<NoteOp>> {
    if !Array::is_array(value) {
        return Err(BadCommand("ops"));
    }
    Array::from(value).iter().map(|op| note_op(&op)).collect()
}

fn note_op(value: &JsValue) -> Read<NoteOp> {
    Ok(match text(value, "op")?.as_str() {
        "splice" => NoteOp::Splice {
            index: number(value, "index")?,
            remove: number(value, "remove")?,
            text: text(value, "text")?,
        },
        "block" => NoteOp::Block { index: number(value, "index")?, block: block(&field(value, "block")?)? },
        "setBlock" => NoteOp::SetBlock { index: number(value, "index")?, block: block(&field(value, "block")?)? },
        "mark" => NoteOp::Mark {
            from: number(value, "from")?,
            to: number(value, "to")?,
            name: one_of(value, "name", &MARKS)?,
            on: flag(value, "on")?,
        },
        _ => return Err(BadCommand("op")),
    })
}

fn block(value: &JsValue) -> Read<Block> {
    Ok(Block {
        kind: one_of(value, "kind", &BLOCKS)?,
        level: number(value, "level")?,
        checked: flag(value, "checked")?,
    })
}

fn field(value: &JsValue, name: &'static str) -> Read<JsValue> {
    Reflect::get(value, &JsValue::from_str(name)).map_err(|_| BadCommand(name))
}

fn text(value: &JsValue, name: &'static str) -> Read<String> {
    field(value, name)?.as_string().ok_or(BadCommand(name))
}

fn id<T: FromStr>(value: &JsValue, name: &'static str) -> Read<T> {
    text(value, name)?.parse().map_err(|_| BadCommand(name))
}

fn ids<T: FromStr>(value: &JsValue, name: &'static str) -> Read<Vec<T>> {
    let given = field(value, name)?;
    if !Array::is_array(&given) {
        return Err(BadCommand(name));
    }
    let id = |id: JsValue| id.as_string()?.parse().ok();
    Array::from(&given).iter().map(|given| id(given).ok_or(BadCommand(name))).collect()
}

fn flag(value: &JsValue, name: &'static str) -> Read<bool> {
    field(value, name)?.as_bool().ok_or(BadCommand(name))
}

/// A whole number that `T` holds.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just before")]
fn number<T: TryFrom<u64>>(value: &JsValue, name: &'static str) -> Read<T> {
    const SAFE_INTEGER_MAX: f64 = 9_007_199_254_740_991.0;
    let number = field(value, name)?.as_f64().filter(|number| number.fract() == 0.0);
    let number = number.filter(|number| (0.0..=SAFE_INTEGER_MAX).contains(number)).ok_or(BadCommand(name))?;
    T::try_from(number as u64).map_err(|_| BadCommand(name))
}

fn optional<T>(value: &JsValue, name: &'static str, read: fn(&JsValue, &'static str) -> Read<T>) -> Read<Option<T>> {
    let given = field(value, name)?;
    if given.is_null() || given.is_undefined() { Ok(None) } else { read(value, name).map(Some) }
}

fn one_of<T: Copy>(value: &JsValue, name: &'static str, known: &[(&str, T)]) -> Read<T> {
    let given = text(value, name)?;
    known.iter().find(|(known, _)| *known == given).map(|(_, value)| *value).ok_or(BadCommand(name))
}
