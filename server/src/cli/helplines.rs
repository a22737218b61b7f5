//! The organisation's helplines, in a file that people write and in which they are printed.

use std::path::Path;

use kith_shared::time::{Day, TimestampMs};
use kith_shared::trust::{
    Helpline, Helplines, NUMBER_CHARS_MAX, ORGANISATION_HELPLINES_BYTES_MAX, ORGANISATION_HELPLINES_MAX, is_number,
};
use serde::{Deserialize, Serialize};

use super::date;

const DAY_MS: u64 = 86_400_000;

/// Why a file of helplines cannot be said.
#[derive(Debug, thiserror::Error)]
pub(super) enum HelplinesError {
    /// It cannot be read.
    #[error("the file {path} cannot be read: {cause}: check its name, and who may read it")]
    Unread { path: String, cause: std::io::Error },
    /// It is no such file.
    #[error(
        "{path} is no file of helplines: {cause}: write each under [[helpline]], as `kith-server circle helplines` \
         prints them"
    )]
    File { path: String, cause: String },
    /// One of them is not as it must be.
    #[error("helpline {place} ({name:?}) in {path}: {cause}")]
    Line { path: String, place: usize, name: String, cause: String },
    /// There are too many.
    #[error(
        "{path} has {count} helplines, and a circle takes {ORGANISATION_HELPLINES_MAX} of the organisation: leave some out"
    )]
    Many { path: String, count: usize },
    /// They are too long.
    #[error(
        "the helplines in {path} take more than the {ORGANISATION_HELPLINES_BYTES_MAX} bytes that a circle takes of the \
         organisation: shorten their texts, or leave some out"
    )]
    Long { path: String },
}

/// The file.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    helpline: Vec<Line>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    phone: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sms: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    region: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    hours: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    language: String,
    /// Such as 2026-11-23, as a text or as a date of TOML's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checked: Option<toml::Value>,
}

/// Reads a file of helplines, and holds them against all that a circle takes.
pub(super) fn read(path: &Path) -> Result<Helplines, HelplinesError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|cause| HelplinesError::Unread { path: shown.clone(), cause })?;
    let file: File = toml::from_str(&text).map_err(|error| {
        let cause = error.to_string().trim_end().to_owned();
        HelplinesError::File { path: shown.clone(), cause }
    })?;
    check(file, shown)
}

fn check(file: File, path: String) -> Result<Helplines, HelplinesError> {
    let count = file.helpline.len();
    if count > ORGANISATION_HELPLINES_MAX {
        return Err(HelplinesError::Many { path, count });
    }
    let mut lines = Vec::new();
    for (place, line) in (1..).zip(file.helpline) {
        let name = line.name.clone();
        let line = helpline(line).map_err(|cause| HelplinesError::Line { path: path.clone(), place, name, cause })?;
        lines.push(line);
    }
    let lines = Helplines(lines);
    if lines.check_form().is_ok() { Ok(lines) } else { Err(HelplinesError::Long { path }) }
}

/// A helpline that a circle takes, or what to write instead.
fn helpline(line: Line) -> Result<Helpline, String> {
    let Line { name, phone, sms, region, hours, language, checked } = line;
    let text = |text: String| text.trim().to_owned();
    let number = |what: &str, number: String| {
        let number = text(number);
        if is_number(&number) {
            return Ok(number);
        }
        Err(format!(
            "{what} is {number:?}: write digits, spaces and + * # - ( ) / . alone, at most {NUMBER_CHARS_MAX} of them"
        ))
    };
    let (phone, sms) = (number("phone", phone)?, number("sms", sms)?);
    if name.trim().is_empty() {
        return Err("it has no name: write what people know it by".to_owned());
    }
    if phone.is_empty() && sms.is_empty() {
        return Err("it has no number: write phone, sms or both".to_owned());
    }
    let checked = checked.map(|checked| day(&checked)).transpose()?;
    Ok(Helpline {
        name: text(name),
        phone,
        sms,
        region: text(region),
        hours: text(hours),
        language: text(language),
        checked,
    })
}

fn day(checked: &toml::Value) -> Result<Day, String> {
    let text = checked.as_str().map_or_else(|| checked.to_string(), str::to_owned);
    let wrong = || format!("checked is {text:?}: write the day on which it was checked, such as 2026-11-23");
    let time = date::parse(&text).map_err(|_| wrong())?;
    let day = u32::try_from(time.0 / DAY_MS).map(Day).map_err(|_| wrong())?;
    if day.is_allowed() { Ok(day) } else { Err(wrong()) }
}

/// Helplines as the file has them: what is printed can be changed and said.
pub(super) fn print(helplines: &Helplines) -> String {
    let day = |day: Day| date::print(TimestampMs(u64::from(day.0) * DAY_MS)).chars().take(10).collect::<String>();
    let lines = helplines.0.iter().map(|line| Line {
        name: line.name.clone(),
        phone: line.phone.clone(),
        sms: line.sms.clone(),
        region: line.region.clone(),
        hours: line.hours.clone(),
        language: line.language.clone(),
        checked: line.checked.map(|checked| toml::Value::String(day(checked))),
    });
    // What is made of texts alone is always TOML.
    toml::to_string(&File { helpline: lines.collect() }).unwrap_or_default().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Helplines, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        check(file, "h.toml".to_owned()).map_err(|error| error.to_string())
    }

    const WHOLE: &str = "[[helpline]]
name = \" Night line \"
phone = \"+1 202 555 0142\"
sms = \"202-555-0143\"
region = \"Everywhere\"
hours = \"Day and night\"
language = \"English, español\"
checked = 2026-11-23

[[helpline]]
name = \"Clinic \\\"desk\\\"\"
sms = \"100\"
checked = \"2026-11-24\"
";

    #[test]
    fn what_is_printed_is_read_the_same() {
        let lines = read_text(WHOLE).unwrap();
        assert_eq!((lines.0.len(), lines.0[0].name.as_str(), lines.0[1].phone.as_str()), (2, "Night line", ""));
        assert_eq!(lines.0[0].checked, Some(Day(20_780)));
        assert_eq!(read_text(&print(&lines)).unwrap(), lines);
        assert_eq!(read_text("").unwrap(), Helplines::default());
        assert_eq!(print(&Helplines::default()), "helpline = []");
        assert_eq!(read_text("helpline = []").unwrap(), Helplines::default());
    }

    #[test]
    fn what_is_wrong_is_named_with_what_to_write() {
        let line = |fields: &str| read_text(&format!("{WHOLE}[[helpline]]\n{fields}")).unwrap_err();
        let cases = [
            ("name = \"Line\"", "helpline 3 (\"Line\") in h.toml: it has no number: write phone, sms or both"),
            ("name = \" \"\nphone = \"1\"", "it has no name: write what people know it by"),
            (
                "name = \"Line\"\nphone = \"call us\"",
                "phone is \"call us\": write digits, spaces and + * # - ( ) / . alone",
            ),
            ("name = \"Line\"\nphone = \"1\"\nsms = \"12;13\"", "sms is \"12;13\": write digits"),
            ("name = \"Line\"\nphone = \"1\"\nchecked = \"soon\"", "checked is \"soon\": write the day"),
            ("name = \"Line\"\nphone = \"1\"\nchecked = 1999-12-31", "checked is \"1999-12-31\": write the day"),
            ("name = \"Line\"\nphone = \"1\"\nnumber = \"2\"", "unknown field `number`"),
            ("phone = \"1\"", "missing field `name`"),
        ];
        for (fields, said) in cases {
            let error = line(fields);
            assert!(error.contains(said), "{error}");
        }
        let many = "[[helpline]]\nname = \"x\"\nphone = \"1\"\n".repeat(17);
        assert_eq!(
            read_text(&many).unwrap_err(),
            "h.toml has 17 helplines, and a circle takes 16 of the organisation: leave some out"
        );
        let long = format!("[[helpline]]\nname = \"x\"\nphone = \"1\"\nregion = \"{}\"\n", "x".repeat(1_700)).repeat(2);
        assert!(read_text(&long).unwrap_err().contains("take more than the 3072 bytes"));
    }
}
