//! What is reported, as it stands on this phone, and whether a report opens what was signed.

use crate::document::{DocumentName, Message, Report, Reported, StrategyText, Subject, Told, from_hex, to_hex};
use crate::ids::{ActorId, BodyId, CircleId, MemberId, TextCommitment};
use crate::seal::{SaltedText, TextSalt};

use crate::client::engine::{Engine, Stop};
use crate::client::kinds::profile::names::Names;
use crate::client::problems::gone;
use crate::client::view::{BodyState, Hidden, ReportProof, ReportedKind};
use crate::client::{Problem, ProblemCode};

/// What somebody else wrote and this phone's person may report.
pub(super) struct Original {
    pub(super) of: Reported,
    pub(super) about: MemberId,
    pub(super) kind: ReportedKind,
    pub(super) salt: TextSalt,
    /// As a report carries it: of a strategy its body in hex.
    pub(super) text: String,
    /// A facilitator hides it.
    pub(super) hidden: bool,
    /// What proves it to whoever is not given the document; empty where facilitators are.
    pub(super) proof: Vec<u8>,
}

/// What this phone's own copy says of a record.
pub(super) struct Own {
    pub(super) author: Option<MemberId>,
    pub(super) signed: Signed,
    pub(super) gone: bool,
    pub(super) hidden: Option<Hidden>,
}

/// What a record's author signed of its text.
pub(super) enum Signed {
    Commitment(TextCommitment),
    Body(BodyId),
}

/// What a record of a document is; none where nothing is reported from.
pub(super) fn kind_of(name: &DocumentName) -> Option<ReportedKind> {
    match name.subject {
        Subject::Thread { .. } => Some(ReportedKind::Message),
        Subject::Pair { .. } => Some(ReportedKind::Talk),
        Subject::Toolkit => Some(ReportedKind::Strategy),
        Subject::Stories | Subject::Between { .. } => Some(ReportedKind::Story),
        Subject::Profile
        | Subject::SessionNote { .. }
        | Subject::Journal { .. }
        | Subject::Plan { .. }
        | Subject::Choices { .. }
        | Subject::Commitments { .. }
        | Subject::FacilitatorNote { .. }
        | Subject::Slice { .. } => None,
    }
}

/// What people read of a text that a report carries.
pub(super) fn shown_text(kind: ReportedKind, text: &str) -> Option<String> {
    match kind {
        ReportedKind::Message | ReportedKind::Talk => Some(text.to_owned()),
        ReportedKind::Strategy => {
            let said = from_hex(text).and_then(|bytes| StrategyText::decode(&bytes).ok())?;
            Some([said.title, said.text].join("\n\n"))
        }
        ReportedKind::Story => match Told::decode(text).ok()? {
            Told::Story { title, text, .. } => Some([title, text].join("\n\n")),
            Told::Milestone { text, .. } => Some(text),
        },
    }
}

impl Engine {
    /// What stands at a key and somebody else wrote.
    pub(super) fn original(&mut self, circle: &CircleId, key: &str) -> Result<Original, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let states = self.local(circle)?.documents().values().map(|state| state.name);
        let places: Vec<DocumentName> = states.filter(|name| kind_of(name).is_some()).collect();
        for name in self.with_author(circle, places, key) {
            let Some(kind) = kind_of(&name) else { continue };
            let found = match kind {
                ReportedKind::Strategy => self.original_strategy(circle, key)?,
                _ => self.original_message(circle, &name, key)?,
            };
            let Some((author, salt, text, hidden)) = found else { continue };
            let about = names.member_of(&author).ok_or_else(|| gone("its author"))?;
            if about == me {
                return Err(Problem::new(ProblemCode::NotAllowed, "one's own").into());
            }
            let proof = if name.pair().is_some() { self.signed_in(circle, &name, key)? } else { Vec::new() };
            let of = Reported { name, key: key.to_owned() };
            return Ok(Original { of, about, kind, salt, text, hidden, proof });
        }
        Err(gone("what is reported").into())
    }

    fn original_strategy(
        &mut self,
        circle: &CircleId,
        key: &str,
    ) -> Result<Option<(ActorId, TextSalt, String, bool)>, Stop> {
        let found = self.joined_strategies(circle)?.into_iter().find(|it| it.key == key && !it.taken_back);
        let Some(strategy) = found else { return Ok(None) };
        self.bodies(circle, &[strategy.body])?;
        let Some(bytes) = self.body(circle, &strategy.body) else { return Ok(None) };
        let said = StrategyText::decode(bytes).ok();
        Ok(said.map(|said| (strategy.author, said.salt, to_hex(bytes), strategy.hidden.is_some())))
    }

    fn original_message(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        key: &str,
    ) -> Result<Option<(ActorId, TextSalt, String, bool)>, Stop> {
        let Some(message) = self.messages_of(circle, name)?.into_iter().find(|it| it.key == key) else {
            return Ok(None);
        };
        self.sealed_texts(circle, &[&message])?;
        let document = name.id(circle);
        if self.text_of(circle, &document, &message).1 != BodyState::Here {
            return Ok(None);
        }
        let opened = |body| self.opened(circle, &document, &message, self.body(circle, &body)?).ok();
        let salted = message.bodies().find_map(opened);
        // Of what two have with each other beside their talk, what one tells is reported and nothing else.
        let is_between = matches!(name.subject, Subject::Between { .. });
        let counts = |salted: &SaltedText| !is_between || Told::decode(&salted.text).is_ok();
        let hidden = message.hidden.is_some();
        Ok(salted.filter(counts).map(|salted| (message.author, salted.salt, salted.text, hidden)))
    }

    /// What this phone has of what is reported; none when it has nothing of it.
    pub(super) fn own_copy(&mut self, circle: &CircleId, names: &Names, of: &Reported) -> Result<Option<Own>, Stop> {
        let (me, _) = self.me(circle)?;
        let is_here = self.local(circle)?.document(&of.name.id(circle)).is_some_and(|state| state.name == of.name);
        if !is_here || !of.name.is_for(&me) {
            return Ok(None);
        }
        match kind_of(&of.name) {
            None => Ok(None),
            Some(ReportedKind::Strategy) => {
                let found = self.joined_strategies(circle)?.into_iter().find(|it| it.key == of.key);
                Ok(found.map(|it| Own {
                    author: names.member_of(&it.author),
                    signed: Signed::Body(it.body),
                    gone: it.taken_back,
                    hidden: it.hidden.map(|hidden| names.hidden(&hidden)),
                }))
            }
            Some(_) => {
                let found = self.messages_of(circle, &of.name)?.into_iter().find(|it| it.key == of.key);
                Ok(found.map(|it: Message| Own {
                    author: names.member_of(&it.author),
                    signed: Signed::Commitment(it.commitment),
                    gone: it.taken_back,
                    hidden: it.hidden.map(|hidden| names.hidden(&hidden)),
                }))
            }
        }
    }
}

/// Whether a report says what was signed, and whose it is.
pub(super) fn proof(
    circle: &CircleId,
    report: &Report,
    text: &str,
    signed: Option<(Option<MemberId>, &Signed)>,
) -> ReportProof {
    let Some((author, signed)) = signed else { return ReportProof::Unchecked };
    let fits = match signed {
        Signed::Body(body) => from_hex(text).is_some_and(|bytes| BodyId::of(&bytes) == *body),
        Signed::Commitment(commitment) => {
            let salted = SaltedText { salt: report.salt, text: text.to_owned() };
            salted.commitment(circle, &report.of.name.id(circle), &report.of.key) == *commitment
        }
    };
    if fits && author == Some(report.about) { ReportProof::Proven } else { ReportProof::Unproven }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ThreadId;
    use crate::time::Month;

    #[test]
    fn a_report_is_proven_by_the_text_the_salt_and_the_author_that_were_signed_and_by_nothing_else() {
        let (circle, ben, mallory) = (CircleId([7; 16]), MemberId([1; 16]), MemberId([2; 16]));
        let name = DocumentName::new(Subject::Thread { thread: ThreadId([0; 8]), month: Month(682), part: 0 });
        let key = "BwcHBwcHBwcHBwcHBwcHBwrs".to_owned();
        let salted = SaltedText { salt: TextSalt([9; 16]), text: "Good morning.".to_owned() };
        let signed = Signed::Commitment(salted.commitment(&circle, &name.id(&circle), &key));
        let of = Reported { name, key };
        let report = Report { of, about: ben, salt: salted.salt, parts: 1, to: Vec::new(), words: String::new() };
        let judge = |report: &Report, text: &str, author| proof(&circle, report, text, Some((author, &signed)));
        assert_eq!(judge(&report, "Good morning.", Some(ben)), ReportProof::Proven);
        assert_eq!(judge(&report, "I hate you.", Some(ben)), ReportProof::Unproven, "another text");
        assert_eq!(judge(&report, "Good morning.", Some(mallory)), ReportProof::Unproven, "somebody else's");
        assert_eq!(judge(&report, "Good morning.", None), ReportProof::Unproven);
        let salt = Report { salt: TextSalt([8; 16]), ..report.clone() };
        assert_eq!(judge(&salt, "Good morning.", Some(ben)), ReportProof::Unproven, "another salt");
        let other = Reported { key: "BwcHBwcHBwcHBwcHBwcHBwrt".to_owned(), ..report.of.clone() };
        let other = Report { of: other, ..report.clone() };
        assert_eq!(judge(&other, "Good morning.", Some(ben)), ReportProof::Unproven, "another message");
        assert_eq!(proof(&circle, &report, "Good morning.", None), ReportProof::Unchecked);
        let body = Signed::Body(BodyId::of(b"strategy"));
        let judge = |text: &str| proof(&circle, &report, text, Some((Some(ben), &body)));
        assert_eq!((judge(&to_hex(b"strategy")), judge("zz")), (ReportProof::Proven, ReportProof::Unproven));
    }
}
