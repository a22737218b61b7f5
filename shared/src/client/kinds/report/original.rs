//! What is reported, as it stands on this phone.

use crate::document::{DocumentName, Message, Reported, StrategyText, Subject, Told, to_hex};
use crate::ids::{ActorId, CircleId, MemberId};
use crate::seal::{SaltedText, TextSalt};

use crate::client::engine::{Engine, Stop};
use crate::client::kinds::profile::names::Names;
use crate::client::problems::gone;
use crate::client::view::{BodyState, Hidden, ReportedKind};
use crate::client::{Problem, ProblemCode};

use super::proof::{SignedText, reported_kind};

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
    pub(super) signed: SignedText,
    pub(super) gone: bool,
    pub(super) hidden: Option<Hidden>,
}

impl Engine {
    /// What stands at a key and somebody else wrote.
    pub(super) fn original(&mut self, circle: &CircleId, key: &str) -> Result<Original, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let states = self.local(circle)?.documents().values().map(|state| state.name);
        let places: Vec<DocumentName> = states.filter(|name| reported_kind(name).is_some()).collect();
        for name in self.with_author(circle, places, key) {
            let Some(kind) = reported_kind(&name) else { continue };
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
        match reported_kind(&of.name) {
            None => Ok(None),
            Some(ReportedKind::Strategy) => {
                let found = self.joined_strategies(circle)?.into_iter().find(|it| it.key == of.key);
                Ok(found.map(|it| Own {
                    author: names.member_of(&it.author),
                    signed: SignedText::Body(it.body),
                    gone: it.taken_back,
                    hidden: it.hidden.map(|hidden| names.hidden(&hidden)),
                }))
            }
            Some(_) => {
                let found = self.messages_of(circle, &of.name)?.into_iter().find(|it| it.key == of.key);
                Ok(found.map(|it: Message| Own {
                    author: names.member_of(&it.author),
                    signed: SignedText::Commitment(it.commitment),
                    gone: it.taken_back,
                    hidden: it.hidden.map(|hidden| names.hidden(&hidden)),
                }))
            }
        }
    }
}
