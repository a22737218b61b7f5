//! What members reported to the organisation, printed; and the file that opens it.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use kith_shared::client::view::{ReportProof, ReportedKind};
use kith_shared::ids::{CircleId, MemberId};
use kith_shared::seal::SealingSecret;
use serde::Serialize;

use crate::admin::AdminError;
use crate::admin::reports::{OpenReport, Opened};
use crate::entropy;
use crate::keys::{KeyError, sealing_file};

use super::print::line;
use super::{CliError, date};

/// Why reports can't be opened, or no key for them made.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReportsError {
    /// The file is not there.
    #[error("there is no file {path}: name the one that `kith-server circle report-key` wrote")]
    Missing { path: String },
    /// A file is there already.
    #[error("{path} is there already, and no key is ever written over: name another file with --out")]
    Exists { path: String },
    /// It would lie where the server does.
    #[error("{path} is in the data directory, whose copies must open no report: name a file elsewhere with --out")]
    InData { path: String },
    /// The secret is in its file, and may be sealed to by nobody.
    #[error(
        "{path} holds a new key, and it is not known whether the circle was told: {cause}. Keep the file, and run this \
         again with another --out"
    )]
    Unsaid { path: String, cause: AdminError },
}

/// The secret in a file.
pub(super) fn secret(path: &Path) -> Result<SealingSecret, CliError> {
    let missing = || ReportsError::Missing { path: path.display().to_string() };
    Ok(sealing_file::read(path)?.ok_or_else(missing)?)
}

/// Draws a secret, and writes it to a file that is not there and not in the data.
pub(super) fn create(path: &Path, data: &Path) -> Result<SealingSecret, CliError> {
    let shown = path.display().to_string();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |cause| KeyError::File { path: shown.clone(), cause };
    let folder = folder.canonicalize().map_err(failed)?;
    if data.canonicalize().is_ok_and(|data| folder.starts_with(data)) {
        return Err(ReportsError::InData { path: shown }.into());
    }
    let secret = SealingSecret(entropy::draw()?);
    match sealing_file::create(path, &secret) {
        Err(KeyError::File { cause, .. }) if cause.kind() == io::ErrorKind::AlreadyExists => {
            Err(ReportsError::Exists { path: shown }.into())
        }
        Err(error) => Err(error.into()),
        Ok(()) => Ok(secret),
    }
}

/// As `--json` prints it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Printed<'a> {
    circle: String,
    /// Reports are sealed to this key now.
    present: bool,
    reports: Vec<PrintedReport<'a>>,
    /// Records that this key does not open, or whose text has not come.
    closed: u64,
    /// Reports that were taken back since, or erased as their person left.
    taken_back: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PrintedReport<'a> {
    made: String,
    kind: &'static str,
    proof: &'static str,
    reporter: String,
    reporter_name: &'a str,
    about: String,
    about_name: &'a str,
    words: &'a str,
    text: Option<&'a str>,
    gone: bool,
}

/// Prints what a key opened, and says what it did not.
pub(super) fn print(circle: CircleId, key: &Path, opened: &Opened, json: bool) -> Result<(), CliError> {
    Ok(line(if json { as_json(circle, opened)? } else { as_text(circle, key, opened) })?)
}

fn as_json(circle: CircleId, opened: &Opened) -> Result<String, io::Error> {
    let (circle, present) = (circle.to_string(), opened.is_present);
    let (closed, taken_back) = (opened.closed, opened.taken_back);
    let reports = opened.reports.iter().map(printed).collect();
    Ok(escaped(&serde_json::to_string_pretty(&Printed { circle, present, reports, closed, taken_back })?))
}

/// JSON in which no sign has a say over the terminal that it is looked at in; read, it says the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for sign in json.chars() {
        if sign != '\n' && obeys(sign) {
            let _ = write!(out, "\\u{:04x}", u32::from(sign));
        } else {
            out.push(sign);
        }
    }
    out
}

fn printed(report: &OpenReport) -> PrintedReport<'_> {
    PrintedReport {
        made: date::print(report.made),
        kind: kind_name(report.kind),
        proof: proof_name(report.proof),
        reporter: report.reporter.to_string(),
        reporter_name: &report.reporter_name,
        about: report.about.to_string(),
        about_name: &report.about_name,
        words: &report.words,
        text: report.text.as_deref(),
        gone: report.gone,
    }
}

fn as_text(circle: CircleId, key: &Path, opened: &Opened) -> String {
    let mut text: Vec<String> = opened.reports.iter().map(report_text).collect();
    let (key, count, closed) = (key.display(), opened.reports.len(), opened.closed);
    let reports = if count == 1 { "report" } else { "reports" };
    text.push(match (count, closed) {
        (0, 0) if !opened.is_told => format!(
            "circle {circle}: there is no report to the organisation, and it never said a key: \
             `kith-server circle report-key` makes one"
        ),
        (0, 0) => format!("circle {circle}: there is no report to the organisation"),
        (0, closed) => format!(
            "circle {circle}: {key} opens none of {closed} records of reports. They are sealed to another key, whose \
             file is to be named, or have not come whole"
        ),
        (count, 0) => format!("circle {circle}: {count} {reports}"),
        (count, closed) => format!(
            "circle {circle}: {count} {reports}; {closed} more records are sealed to another key, whose file is to be \
             named, or have not come whole"
        ),
    });
    if opened.taken_back > 0 {
        let were = if opened.taken_back == 1 { "report was" } else { "reports were" };
        text.push(format!("{} {were} taken back, or erased by somebody who left.", opened.taken_back));
    }
    if opened.is_told && !opened.is_present {
        text.push(format!("Reports are not sealed to {key} now: the organisation said another key since, or none."));
    }
    text.join("\n")
}

fn report_text(report: &OpenReport) -> String {
    let gone = if report.gone { ", taken back by its author since" } else { "" };
    let head = [
        format!("{}  {}, {}{gone}", date::print(report.made), kind_name(report.kind), proof_name(report.proof)),
        format!("  reported by  {}", person(&report.reporter, &report.reporter_name)),
        format!("  written by   {}", person(&report.about, &report.about_name)),
    ];
    let text = report.text.as_deref().unwrap_or("(not all of it has come yet)");
    let parts = [("why", report.words.as_str()), ("text", text)].into_iter().filter(|(_, said)| !said.is_empty());
    let said = parts.flat_map(|(what, said)| {
        let lines = said.lines().map(|line| format!("    {}", harmless(line)));
        [format!("  {what}:")].into_iter().chain(lines).collect::<Vec<_>>()
    });
    let lines: Vec<String> = head.into_iter().chain(said).collect();
    lines.join("\n") + "\n"
}

fn person(member: &MemberId, name: &str) -> String {
    if name.is_empty() { member.to_string() } else { format!("{member}  {}", harmless(name)) }
}

/// A text without signs that a terminal obeys.
fn harmless(text: &str) -> String {
    text.chars().map(|sign| if obeys(sign) { '\u{fffd}' } else { sign }).collect()
}

/// Whether a terminal, or what lays text out, does what a sign says.
fn obeys(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn kind_name(kind: ReportedKind) -> &'static str {
    match kind {
        ReportedKind::Message => "message",
        ReportedKind::Talk => "talk",
        ReportedKind::Strategy => "strategy",
        ReportedKind::Story => "story",
        ReportedKind::Told => "told",
    }
}

fn proof_name(proof: ReportProof) -> &'static str {
    match proof {
        ReportProof::Proven => "proven",
        ReportProof::Unchecked => "unchecked",
        ReportProof::Unproven => "unproven",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use kith_shared::time::TimestampMs;

    use super::*;
    use crate::testing::Folder;

    fn report() -> OpenReport {
        OpenReport {
            made: TimestampMs(1_795_500_000_000),
            reporter: MemberId([1; 16]),
            reporter_name: "Ana".to_owned(),
            about: MemberId([2; 16]),
            about_name: String::new(),
            kind: ReportedKind::Message,
            words: "It hurt.\n\u{1b}[2J".to_owned(),
            text: Some("You are all \u{202e}liars.".to_owned()),
            proof: ReportProof::Proven,
            gone: true,
        }
    }

    fn opened(reports: usize, closed: u64, is_told: bool) -> Opened {
        Opened { reports: vec![report(); reports], closed, is_present: is_told, is_told, ..Opened::default() }
    }

    fn text(opened: &Opened) -> String {
        as_text(CircleId([7; 16]), Path::new("k.key"), opened)
    }

    #[test]
    fn a_report_is_printed_with_whether_it_is_proven_and_nothing_that_a_terminal_obeys() {
        let text = text(&opened(1, 0, true));
        for part in [
            "message, proven, taken back by its author since",
            "reported by  01010101010101010101010101010101  Ana",
            "written by   02020202020202020202020202020202\n",
            "  why:\n    It hurt.\n    \u{fffd}[2J\n  text:\n    You are all \u{fffd}liars.\n",
            ": 1 report",
        ] {
            assert!(text.contains(part), "{part:?} in {text}");
        }
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
        let json = as_json(CircleId([7; 16]), &opened(1, 2, true)).unwrap();
        assert!(!json.contains('\u{202e}') && json.contains("\\u202eliars"), "{json}");
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["reports"][0]["text"], "You are all \u{202e}liars.");
        for part in ["\"proof\": \"proven\"", "\"reporterName\": \"Ana\"", "\"closed\": 2", "\\u001b[2J"] {
            assert!(json.contains(part), "{part:?} in {json}");
        }
    }

    #[test]
    fn what_is_not_there_or_not_opened_is_said_plainly() {
        let cases = [
            (opened(0, 0, false), "it never said a key: `kith-server circle report-key` makes one"),
            (opened(0, 0, true), "there is no report to the organisation"),
            (opened(0, 2, true), "k.key opens none of 2 records of reports. They are sealed to another key"),
            (
                opened(1, 2, true),
                "1 report; 2 more records are sealed to another key, whose file is to be named, or have not come whole",
            ),
            (
                Opened { taken_back: 1, ..opened(0, 0, true) },
                "1 report was taken back, or erased by somebody who left.",
            ),
            (Opened { taken_back: 2, ..opened(1, 0, true) }, "2 reports were taken back"),
            (Opened { is_present: false, ..opened(1, 0, true) }, "Reports are not sealed to k.key now"),
        ];
        for (opened, said) in cases {
            assert!(text(&opened).contains(said), "{said}");
        }
    }

    #[test]
    fn a_secret_is_written_once_outside_the_data_and_read_the_same() {
        let (folder, data) = (Folder::new(), Folder::new());
        let path = folder.path().join("reports.key");
        let made = create(&path, data.path()).unwrap();
        let written = fs::read(&path).unwrap();
        assert_eq!(secret(&path).unwrap().public(), made.public());
        let again = create(&path, data.path()).err().unwrap().to_string();
        assert!(again.contains("is there already, and no key is ever written over"), "{again}");
        assert_eq!(fs::read(&path).unwrap(), written);
        let inside = create(&data.path().join("reports.key"), data.path()).err().unwrap().to_string();
        assert!(inside.contains("is in the data directory"), "{inside}");
        let gone = secret(&folder.path().join("nothing")).err().unwrap().to_string();
        assert!(gone.contains("there is no file"), "{gone}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(secret(&path).err().unwrap().to_string().contains("chmod 600"));
        }
    }
}
