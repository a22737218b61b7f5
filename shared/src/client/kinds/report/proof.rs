//! Whether a report says what was signed: judged the same by a facilitator's phone and by the organisation.

use crate::document::{
    DocumentName, KithSchema, Report, Reported, StrategyText, Subject, Told, commitment_in, from_hex, message_author,
};
use crate::ids::{ActorId, BodyId, CircleId, MemberId, TextCommitment};
use crate::seal::SaltedText;
use crate::sync::admit::{Origin, Prepared};
use crate::trust::{Chain, Roster};
use crate::wire::{Entry, unpack_page};

use crate::client::view::{ReportProof, ReportedKind};

/// What a record's author signed of its text.
pub enum SignedText {
    /// The commitment of the text with its salt.
    Commitment(TextCommitment),
    /// The body that holds it, of a strategy.
    Body(BodyId),
}

/// What a record of a document is; none where nothing is reported from.
#[must_use]
pub fn reported_kind(name: &DocumentName) -> Option<ReportedKind> {
    match name.subject {
        Subject::Thread { .. } => Some(ReportedKind::Message),
        Subject::Pair { .. } => Some(ReportedKind::Talk),
        Subject::Toolkit => Some(ReportedKind::Strategy),
        Subject::Stories => Some(ReportedKind::Story),
        Subject::Between { .. } => Some(ReportedKind::Told),
        Subject::Profile
        | Subject::SessionNote { .. }
        | Subject::Journal { .. }
        | Subject::Plan { .. }
        | Subject::Choices { .. }
        | Subject::Commitments { .. }
        | Subject::Reports { .. }
        | Subject::FacilitatorNote { .. }
        | Subject::Slice { .. } => None,
    }
}

/// What people read of a text that a report carries; none when it is none of its kind.
#[must_use]
pub fn reported_text(kind: ReportedKind, text: &str) -> Option<String> {
    match kind {
        ReportedKind::Message | ReportedKind::Talk => Some(text.to_owned()),
        ReportedKind::Strategy => {
            let said = from_hex(text).and_then(|bytes| StrategyText::decode(&bytes).ok())?;
            Some([said.title, said.text].join("\n\n"))
        }
        ReportedKind::Story | ReportedKind::Told => match Told::decode(text).ok()? {
            Told::Story { title, text, .. } => Some([title, text].join("\n\n")),
            Told::Milestone { text, .. } => Some(text),
        },
    }
}

/// Whether a report says what was signed, and whose it is.
#[must_use]
pub fn report_proof(
    circle: &CircleId,
    report: &Report,
    text: &str,
    signed: Option<(Option<MemberId>, &SignedText)>,
) -> ReportProof {
    let Some((author, signed)) = signed else { return ReportProof::Unchecked };
    let fits = match signed {
        SignedText::Body(body) => from_hex(text).is_some_and(|bytes| BodyId::of(&bytes) == *body),
        SignedText::Commitment(commitment) => {
            let salted = SaltedText { salt: report.salt, text: text.to_owned() };
            salted.commitment(circle, &report.of.name.id(circle), &report.of.key) == *commitment
        }
    };
    if fits && author == Some(report.about) { ReportProof::Proven } else { ReportProof::Unproven }
}

/// Who signed a record, and what they committed to, by a page that came with a report; none when it proves nothing.
#[must_use]
pub fn signed_by_page(
    circle: &CircleId,
    roster: &Roster,
    chain: &Chain,
    of: &Reported,
    page: &[u8],
) -> Option<(MemberId, SignedText)> {
    let (document, author) = (of.name.id(circle), message_author(&of.key)?);
    let page = unpack_page(page).ok().filter(|page| page.circle == *circle)?;
    if page.entries.iter().any(|entry| entry.document != of.name) {
        return None;
    }
    let is_by = |entry: &&Entry| ActorId::derive(&entry.device, &document, entry.incarnation) == author;
    let device = page.entries.iter().find(is_by)?.device;
    let prepared = Prepared::new(circle, roster, chain, &KithSchema, page.entries, Origin::Received);
    let mut own = prepared.proven().filter(|(actor, _)| **actor == author);
    let commitment = own.find_map(|(_, change)| commitment_in(&document, change, &of.key))?;
    roster.author(&device).map(|(by, _)| (by.member, SignedText::Commitment(commitment)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::to_hex;
    use crate::ids::ThreadId;
    use crate::seal::TextSalt;
    use crate::time::Month;

    #[test]
    fn a_report_is_proven_by_the_text_the_salt_and_the_author_that_were_signed_and_by_nothing_else() {
        let (circle, ben, mallory) = (CircleId([7; 16]), MemberId([1; 16]), MemberId([2; 16]));
        let name = DocumentName::new(Subject::Thread { thread: ThreadId([0; 8]), month: Month(682), part: 0 });
        let key = "BwcHBwcHBwcHBwcHBwcHBwrs".to_owned();
        let salted = SaltedText { salt: TextSalt([9; 16]), text: "Good morning.".to_owned() };
        let signed = SignedText::Commitment(salted.commitment(&circle, &name.id(&circle), &key));
        let of = Reported { name, key };
        let report = Report { of, about: ben, salt: salted.salt, parts: 1, to: Vec::new(), words: String::new() };
        let judge = |report: &Report, text: &str, author| report_proof(&circle, report, text, Some((author, &signed)));
        assert_eq!(judge(&report, "Good morning.", Some(ben)), ReportProof::Proven);
        assert_eq!(judge(&report, "I hate you.", Some(ben)), ReportProof::Unproven, "another text");
        assert_eq!(judge(&report, "Good morning.", Some(mallory)), ReportProof::Unproven, "somebody else's");
        assert_eq!(judge(&report, "Good morning.", None), ReportProof::Unproven);
        let salt = Report { salt: TextSalt([8; 16]), ..report.clone() };
        assert_eq!(judge(&salt, "Good morning.", Some(ben)), ReportProof::Unproven, "another salt");
        let other = Reported { key: "BwcHBwcHBwcHBwcHBwcHBwrt".to_owned(), ..report.of.clone() };
        let other = Report { of: other, ..report.clone() };
        assert_eq!(judge(&other, "Good morning.", Some(ben)), ReportProof::Unproven, "another message");
        assert_eq!(report_proof(&circle, &report, "Good morning.", None), ReportProof::Unchecked);
        let body = SignedText::Body(BodyId::of(b"strategy"));
        let judge = |text: &str| report_proof(&circle, &report, text, Some((Some(ben), &body)));
        assert_eq!((judge(&to_hex(b"strategy")), judge("zz")), (ReportProof::Proven, ReportProof::Unproven));
    }
}
