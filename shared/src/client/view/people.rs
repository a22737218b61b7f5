//! Circles and who is in them.

use serde::Serialize;

use super::Role;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    pub member: String,
    pub name: String,
    pub role: Role,
    pub me: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CircleSummary {
    pub circle: String,
    pub name: String,
    pub members: usize,
    pub unread: u64,
    pub pending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    Active,
    Provisional,
    Suspended,
    Removed,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonDevice {
    pub device: String,
    pub paper: bool,
    pub me: bool,
    pub since_ms: u64,
    pub standing: Standing,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub member: String,
    pub name: String,
    pub role: Role,
    pub me: bool,
    pub standing: Standing,
    pub devices: Vec<PersonDevice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    Founded,
    Invited,
    Joined,
    Granted,
    Recovered,
    Device,
    Paper,
    Removed,
    DeviceRemoved,
    Confirmed,
    Promoted,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeopleEvent {
    pub kind: EventKind,
    pub who: String,
    pub who_name: String,
    pub by: String,
    pub by_name: String,
    pub time_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct People {
    pub circle: String,
    pub people: Vec<Person>,
    pub events: Vec<PeopleEvent>,
    pub leads: bool,
    pub offline_left: u32,
    pub has_paper: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub link: String,
    pub code: String,
    pub expires_ms: u64,
    pub uses: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrOffer {
    pub qr: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrGrant {
    pub qr: String,
    pub words: Vec<u8>,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrTaken {
    pub circle: CircleSummary,
    pub words: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PaperCode {
    pub code: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Circle {
    pub circle: String,
    pub name: String,
    pub agreement: String,
    pub members: Vec<Member>,
    pub me: Member,
}
