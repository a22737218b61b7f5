//! What is shown of commitments and attempts.

use crate::document::{self, Kept, TakenOn};
use crate::ids::{CircleId, Conversation, MemberId};
use crate::sorted::SortedMap;
use crate::time::Day;

use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kinds::profile::names::Names;
use crate::client::kinds::thread::list::is_blocked;
use crate::client::view::{self, BodyState, Reply};

use super::Place;

/// A record, read.
struct Found {
    place: Place,
    message: document::Message,
    kept: Kept,
    mine: bool,
    safety: view::Safety,
}

/// Commitments of which a record may be: with whom, and since when; none for one that was taken back.
type Known = SortedMap<String, (Option<MemberId>, Option<Day>)>;

impl Engine {
    pub(in crate::client) fn commitments(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let shown = self.kept(&circle)?;
        for (_, name) in self.kept_places(&circle)? {
            self.documents.watch(name.id(&circle));
        }
        self.reply(id, Ok(Reply::Commitments(shown)));
        Ok(Step::Done)
    }

    /// All of it, as far as it is here. Of whom this phone's person blocked nothing is shown, but of what they wrote
    /// themself.
    pub(super) fn kept(&mut self, circle: &CircleId) -> Result<view::Commitments, Stop> {
        let (names, _) = self.names(circle)?;
        let chosen = self.chosen(circle)?;
        let (mut found, mut known, mut lacking) = (Vec::new(), Known::new(), 0);
        let mut closed = SortedMap::new();
        for place in self.kept_places(circle)? {
            let talk = place.0.map(Conversation::With);
            let blocked = talk.is_some_and(|talk| is_blocked(&chosen, &talk));
            let over = talk.is_some_and(|talk| blocked || self.is_talk_over(circle, &talk));
            closed.insert(place.0, over);
            let (records, missing) = self.kept_at(circle, &place, &names, &mut known)?;
            found.extend(records.into_iter().filter(|record| record.mine || !blocked));
            lacking += missing;
        }
        let mut shown = view::Commitments { lacking, ..view::Commitments::default() };
        for record in &found {
            if let Kept::Commitment(taken_on) = &record.kept {
                known.insert(record.message.key.clone(), (record.place.0, Some(taken_on.since)));
                let mut commitment = shown_commitment(record, taken_on, &names);
                commitment.closed = closed.get(&record.place.0) == Some(&true);
                shown.commitments.push(commitment);
            }
        }
        for record in &found {
            let about = record.message.reply_to.as_deref().unwrap_or_default();
            let Some((_, since)) = known.get(about).filter(|(with, _)| *with == record.place.0) else { continue };
            let of = shown.commitments.iter_mut().find(|commitment| commitment.key == about);
            match (&record.kept, of) {
                (Kept::Attempt { day, .. }, _) => {
                    let possible = since.is_none_or(|since| *day >= since) && *day <= latest(record.message.sent.day());
                    shown.attempts.extend(possible.then(|| shown_attempt(record, &names)).flatten());
                }
                // Whoever took it on says nothing for the other.
                (Kept::Answer { accepted }, Some(of)) if of.mine != record.mine => {
                    of.answer = Some(view::CommitmentAnswer { accepted: *accepted, said: said(record, &names) });
                }
                (Kept::End, Some(of)) => of.ends.push(said(record, &names)),
                _ => {}
            }
        }
        let by = |one: &view::Attempt, other: &view::Attempt| {
            (other.day, other.said.made_ms, &other.said.key).cmp(&(one.day, one.said.made_ms, &one.said.key))
        };
        shown.attempts.sort_by(by);
        shown.commitments.sort_by(|one, other| (other.made_ms, &other.key).cmp(&(one.made_ms, &one.key)));
        Ok(shown)
    }

    /// What stands in a document, oldest first, and of how many records the text is not here. Adds the keys of what was
    /// taken back.
    fn kept_at(
        &mut self,
        circle: &CircleId,
        place: &Place,
        names: &Names,
        known: &mut Known,
    ) -> Result<(Vec<Found>, u64), Stop> {
        let (me, _) = self.me(circle)?;
        let (gone, standing): (Vec<_>, Vec<_>) =
            self.messages_of(circle, &place.1)?.into_iter().partition(|message| message.taken_back);
        for message in gone {
            known.insert(message.key, (place.0, None));
        }
        self.texts(circle, &standing.iter().collect::<Vec<_>>())?;
        let document = place.1.id(circle);
        let (mut found, mut lacking) = (Vec::new(), 0);
        for message in standing {
            let (text, body) = self.text_of(circle, &document, &message);
            lacking += u64::from(body != BodyState::Here);
            let Ok(kept) = Kept::decode(&text) else { continue };
            let mine = names.member_of(&message.author) == Some(me);
            let safety = self.op_safety(circle, &document, &message.author, message.counter());
            found.push(Found { place: *place, message, kept, mine, safety });
        }
        Ok((found, lacking))
    }

    /// One's own record that was written just now.
    pub(super) fn kept_now(&mut self, circle: &CircleId, place: &Place, key: &str) -> Result<Option<Reply>, Stop> {
        let (names, _) = self.names(circle)?;
        let (found, _) = self.kept_at(circle, place, &names, &mut Known::new())?;
        let record = found.into_iter().find(|record| record.message.key == key);
        Ok(record.map(|record| match &record.kept {
            Kept::Commitment(taken_on) => Reply::KeptCommitment(shown_commitment(&record, taken_on, &names)),
            Kept::Attempt { .. } => shown_attempt(&record, &names).map_or(Reply::Nothing, Reply::Attempt),
            Kept::Answer { .. } | Kept::End => Reply::Nothing,
        }))
    }
}

/// The last day that can be noted at a time: where it is tomorrow already, one day later than by the time in Greenwich.
pub(super) fn latest(today: Day) -> Day {
    Day(today.0 + 1)
}

fn said(record: &Found, names: &Names) -> view::KeptBy {
    let (_, name) = names.author(&record.message.author);
    let (key, made_ms) = (record.message.key.clone(), record.message.sent.0);
    view::KeptBy { key, mine: record.mine, name, made_ms, safety: record.safety }
}

fn shown_attempt(record: &Found, names: &Names) -> Option<view::Attempt> {
    let Kept::Attempt { day, outcome, note } = &record.kept else { return None };
    let commitment = record.message.reply_to.clone().unwrap_or_default();
    let with = record.place.0.map(|member| member.to_string());
    let said = said(record, names);
    Some(view::Attempt { commitment, with, day: day.0, outcome: *outcome, note: note.clone(), said })
}

fn shown_commitment(record: &Found, taken_on: &TakenOn, names: &Names) -> view::KeptCommitment {
    let TakenOn { since, days, due, from, words } = taken_on;
    view::KeptCommitment {
        key: record.message.key.clone(),
        with: record.place.0.map(|member| member.to_string()),
        with_name: record.place.0.map(|member| names.name(&member)).unwrap_or_default(),
        mine: record.mine,
        since: since.0,
        days: *days,
        due: due.map(|due| due.0),
        from: from.clone(),
        words: words.clone(),
        made_ms: record.message.sent.0,
        answer: None,
        ends: Vec::new(),
        closed: false,
        safety: record.safety,
    }
}
