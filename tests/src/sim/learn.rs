//! What a phone's person knows from replies.

use serde_json::Value;

use super::strategies;
use super::world::SimPhone;

impl SimPhone {
    /// Remembers what a reply told, for later commands.
    pub(super) fn learn(&mut self, command: &Value, reply: &Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match command["cmd"].as_str().unwrap_or_default() {
            "createNote" | "openNote" => {
                let lengths = reply["spans"].as_array().into_iter().flatten();
                let length = lengths.map(|span| match span["type"].as_str() {
                    Some("block") => 1,
                    _ => text(&span["text"]).encode_utf16().count(),
                });
                let note = (text(&reply["document"]), reply["version"].as_u64().unwrap_or(0), length.sum());
                self.notes.retain(|(document, ..)| *document != note.0);
                self.notes.push(note);
            }
            // The reply to another edit may tell a version whose text this phone has not seen.
            "editNote" if command["edit"]["edit"] == "body" => {
                let document = text(&command["document"]);
                let added: usize = command["edit"]["ops"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|op| op["text"].as_str().map_or(1, |text| text.encode_utf16().count()))
                    .sum();
                for note in self.notes.iter_mut().filter(|note| note.0 == document) {
                    (note.1, note.2) = (reply["version"].as_u64().unwrap_or(note.1), note.2 + added);
                }
            }
            "openThread" => {
                let keys = reply["messages"].as_array().into_iter().flatten().map(|message| text(&message["key"]));
                self.messages = keys.map(|key| (text(&command["thread"]), key)).collect();
            }
            _ => strategies::learn(&mut self.strategies, command, reply),
        }
    }

    /// A note that moved on is opened again before it is edited.
    pub(super) fn forget(&mut self, command: &Value) {
        if command["cmd"] == "editNote" {
            self.notes.retain(|(document, ..)| command["document"] != document.as_str());
        }
    }
}
