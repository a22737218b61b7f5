use kith_shared::client::Command;
use kith_shared::time::TimestampMs;
use serde::Deserialize;
use serde_json::Value;

use crate::clock::PhoneClock;

/// What a line asks for.
pub(super) enum Line {
    /// A command of `contract.ts`.
    Engine(Command),
    /// One of the phone around the engine.
    Phone(PhoneCommand),
}

/// What the phone around the engine can do.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "cmd", rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum PhoneCommand {
    Export,
    Digest,
    Offline,
    Online,
    Clock(ClockChange),
    Seed { seed: u64 },
    Quit,
}

/// How the time changes; the units are part of the names in JSON.
#[allow(clippy::enum_variant_names, reason = "units come last in names")]
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum ClockChange {
    /// Stands still at this time.
    FixedMs(u64),
    /// Runs with the machine's, so far off.
    OffsetMs(i64),
    /// Goes on from where it is.
    AdvanceMs(u64),
}

impl ClockChange {
    pub(super) fn applied_to(self, clock: PhoneClock) -> PhoneClock {
        match (self, clock) {
            (Self::FixedMs(at), _) => PhoneClock::Fixed(TimestampMs(at)),
            (Self::OffsetMs(offset_ms), _) => PhoneClock::System { offset_ms },
            (Self::AdvanceMs(ms), PhoneClock::Fixed(at)) => PhoneClock::Fixed(at.plus_ms(ms)),
            (Self::AdvanceMs(ms), PhoneClock::System { offset_ms }) => {
                PhoneClock::System { offset_ms: offset_ms.saturating_add_unsigned(ms) }
            }
        }
    }
}

const PHONE_COMMANDS: [&str; 7] = ["export", "digest", "offline", "online", "clock", "seed", "quit"];

/// Reads a line: its `id`, whatever it is, and what it asks for.
pub(super) fn parse(text: &str) -> (Value, Result<Line, String>) {
    let mut value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return (Value::Null, Err(format!("the line is no JSON: {error}"))),
    };
    let id = value.as_object_mut().and_then(|object| object.remove("id")).unwrap_or_default();
    let is_phone = value["cmd"].as_str().is_some_and(|cmd| PHONE_COMMANDS.contains(&cmd));
    let line = match is_phone {
        true => serde_json::from_value(value).map(Line::Phone),
        false => serde_json::from_value(value).map(Line::Engine),
    };
    (id, line.map_err(|error| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_of_the_engine_or_of_the_phone() {
        let (id, line) = parse(r#"{"id":"x","cmd":"notes","circle":"000102030405060708090a0b0c0d0e0f"}"#);
        assert_eq!(id, "x");
        assert!(matches!(line, Ok(Line::Engine(Command::Notes { .. }))));
        let (_, line) = parse(r#"{"id":1,"cmd":"clock","fixedMs":5}"#);
        let Ok(Line::Phone(PhoneCommand::Clock(change))) = line else { panic!("{:?}", line.err()) };
        assert_eq!(change.applied_to(PhoneClock::default()), PhoneClock::Fixed(TimestampMs(5)));
    }

    #[test]
    fn what_is_no_command_is_named() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"cmd":"fly"}"#,
            r#"{"cmd":"seed"}"#,
            r#"{"cmd":"send"}"#,
            r#"{"cmd":"notes","circle":"00"}"#,
        ] {
            assert!(parse(text).1.is_err(), "{text}");
        }
    }
}
