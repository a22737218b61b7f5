use serde_json::{Value, json};

use super::{Phone, PhoneStore};

/// How many may come in by a tests' link.
const USES: u32 = 100;

/// Comes in by a facilitator's link, and makes a link that opens the past to members.
///
/// # Errors
/// What the engine names.
pub fn invite<S: PhoneStore>(phone: &mut Phone<S>, link: &str) -> Result<String, String> {
    let mut ask = |command: Value| phone.json(command).map_err(|problem| problem.detail);
    let circle = ask(json!({"cmd": "enrol", "link": link, "name": "Facilitator"}))?["circle"].clone();
    ask(json!({"cmd": "sync"}))?;
    invite_members(phone, circle.as_str().unwrap_or_default())
}

/// A link that opens the past to members, by the phone of a facilitator of the circle; the server knows it.
///
/// # Errors
/// What the engine names.
pub fn invite_members<S: PhoneStore>(phone: &mut Phone<S>, circle: &str) -> Result<String, String> {
    let mut ask = |command: Value| phone.json(command).map_err(|problem| problem.detail);
    let invite = json!({"cmd": "invite", "circle": circle, "role": "member", "past": true, "uses": USES, "days": 60});
    let link = ask(invite)?["link"].as_str().unwrap_or_default().to_owned();
    ask(json!({"cmd": "sync"}))?;
    Ok(link)
}
