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
    /// Who wrote it, and with whom it is; empty when it is with nobody.
    names: [String; 2],
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
        Ok(assembled(&found, known, &closed, lacking))
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
            let with = place.0.map(|member| names.name(&member)).unwrap_or_default();
            let names = [names.author(&message.author).1, with];
            found.push(Found { place: *place, message, kept, names, mine, safety });
        }
        Ok((found, lacking))
    }

    /// One's own record that was written just now.
    pub(super) fn kept_now(&mut self, circle: &CircleId, place: &Place, key: &str) -> Result<Option<Reply>, Stop> {
        let (names, _) = self.names(circle)?;
        let (found, _) = self.kept_at(circle, place, &names, &mut Known::new())?;
        let record = found.into_iter().find(|record| record.message.key == key);
        Ok(record.map(|record| match &record.kept {
            Kept::Commitment(taken_on) => Reply::KeptCommitment(shown_commitment(&record, taken_on)),
            Kept::Attempt { .. } => shown_attempt(&record).map_or(Reply::Nothing, Reply::Attempt),
            Kept::Answer { .. } | Kept::End => Reply::Nothing,
        }))
    }
}

/// What records come to. Nothing that is written counts for another person, none of it is shown on a day that was still
/// to come, and each attempt stands, whatever its writer's clock said.
fn assembled(
    found: &[Found],
    mut known: Known,
    closed: &SortedMap<Option<MemberId>, bool>,
    lacking: u64,
) -> view::Commitments {
    let mut shown = view::Commitments { lacking, ..view::Commitments::default() };
    for record in found {
        if let Kept::Commitment(taken_on) = &record.kept {
            let mut commitment = shown_commitment(record, taken_on);
            known.insert(record.message.key.clone(), (record.place.0, Some(Day(commitment.since))));
            commitment.closed = closed.get(&record.place.0) == Some(&true);
            shown.commitments.push(commitment);
        }
    }
    for record in found {
        let about = record.message.reply_to.as_deref().unwrap_or_default();
        let Some((_, since)) = known.get(about).filter(|(with, _)| *with == record.place.0) else { continue };
        let of = shown.commitments.iter_mut().find(|commitment| commitment.key == about);
        match (&record.kept, of) {
            (Kept::Attempt { .. }, _) => {
                let first = since.unwrap_or(Day::FIRST);
                shown.attempts.extend(shown_attempt(record).map(|it| view::Attempt { day: it.day.max(first.0), ..it }));
            }
            // Whoever took it on says nothing for the other.
            (Kept::Answer { accepted }, Some(of)) if of.mine != record.mine => {
                of.answer = Some(view::CommitmentAnswer { accepted: *accepted, said: said(record) });
            }
            (Kept::End, Some(of)) => of.ends.push(said(record)),
            _ => {}
        }
    }
    let by = |one: &view::Attempt, other: &view::Attempt| {
        (other.day, other.said.made_ms, &other.said.key).cmp(&(one.day, one.said.made_ms, &one.said.key))
    };
    shown.attempts.sort_by(by);
    shown.commitments.sort_by(|one, other| (other.made_ms, &other.key).cmp(&(one.made_ms, &one.key)));
    shown
}

/// The last day that can be noted at a time: where it is tomorrow already, one day later than by the time in Greenwich.
pub(super) fn latest(today: Day) -> Day {
    Day(today.0 + 1)
}

/// A day that somebody wrote, at the latest the one on which they could.
fn come(record: &Found, day: Day) -> u32 {
    day.min(latest(record.message.sent.day())).0
}

fn said(record: &Found) -> view::KeptBy {
    let [name, _] = record.names.clone();
    let (key, made_ms) = (record.message.key.clone(), record.message.sent.0);
    view::KeptBy { key, mine: record.mine, name, made_ms, safety: record.safety }
}

fn shown_attempt(record: &Found) -> Option<view::Attempt> {
    let Kept::Attempt { day, outcome, note } = &record.kept else { return None };
    let commitment = record.message.reply_to.clone().unwrap_or_default();
    let with = record.place.0.map(|member| member.to_string());
    let (day, note) = (come(record, *day), note.clone());
    Some(view::Attempt { commitment, with, day, outcome: *outcome, note, said: said(record) })
}

fn shown_commitment(record: &Found, taken_on: &TakenOn) -> view::KeptCommitment {
    let TakenOn { since, days, due, from, words } = taken_on;
    let [_, with_name] = record.names.clone();
    view::KeptCommitment {
        key: record.message.key.clone(),
        with: record.place.0.map(|member| member.to_string()),
        with_name,
        mine: record.mine,
        since: come(record, *since),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{DocumentName, Outcome, Subject};
    use crate::ids::{ActorId, BodyId, TextCommitment};
    use crate::time::TimestampMs;

    const ANA: MemberId = MemberId([1; 16]);
    const BEN: MemberId = MemberId([2; 16]);
    const DAY: Day = Day(20_786);

    fn place(with: Option<MemberId>) -> Place {
        let own = Subject::Commitments { member: MemberId([9; 16]), part: 0 };
        (with, DocumentName::new(with.and_then(|it| Subject::between(it, MemberId([9; 16]), 0)).unwrap_or(own)))
    }

    fn found(with: Option<MemberId>, mine: bool, key: &str, about: Option<&str>, kept: Kept) -> Found {
        let message = document::Message {
            key: key.to_owned(),
            author: ActorId([7; 16]),
            sent: TimestampMs(u64::from(DAY.0) * 86_400_000),
            body: BodyId([0; 32]),
            commitment: TextCommitment([0; 32]),
            reply_to: about.map(str::to_owned),
            reactions: Vec::new(),
            taken_back: false,
            hidden: None,
            resealed: None,
        };
        Found { place: place(with), message, kept, names: Default::default(), mine, safety: view::Safety::Safe }
    }

    fn taken_on(since: Day) -> Kept {
        Kept::Commitment(TakenOn { since, days: 0, due: None, from: String::new(), words: "Walk".to_owned() })
    }

    fn attempt(day: Day) -> Kept {
        Kept::Attempt { day, outcome: Outcome::Done, note: String::new() }
    }

    fn shown(found: &[Found], gone: &[(&str, Option<MemberId>)]) -> view::Commitments {
        let gone = gone.iter().map(|(key, with)| ((*key).to_owned(), (*with, None)));
        assembled(found, gone.collect(), &SortedMap::new(), 0)
    }

    #[test]
    fn an_attempt_of_nothing_or_of_what_is_with_somebody_else_is_not_shown() {
        let commitments = [
            found(Some(ANA), true, "a", None, taken_on(DAY)),
            found(Some(BEN), true, "b", None, taken_on(DAY)),
            found(None, true, "own", None, taken_on(DAY)),
        ];
        let forged = [
            found(Some(BEN), false, "1", None, attempt(DAY)),
            found(Some(BEN), false, "2", Some("nothing"), attempt(DAY)),
            found(Some(BEN), false, "3", Some("a"), attempt(DAY)),
            found(Some(BEN), false, "4", Some("own"), attempt(DAY)),
            found(Some(BEN), false, "5", Some("a"), Kept::End),
            found(Some(BEN), false, "6", Some("own"), Kept::Answer { accepted: true }),
            found(Some(BEN), false, "7", Some("gone"), attempt(DAY)),
            found(Some(BEN), false, "8", Some("b"), attempt(DAY)),
            found(Some(ANA), false, "9", Some("gone"), attempt(DAY)),
        ];
        let all: Vec<Found> = commitments.into_iter().chain(forged).collect();
        let shown = shown(&all, &[("gone", Some(ANA))]);
        let mut attempts: Vec<&str> = shown.attempts.iter().map(|attempt| attempt.said.key.as_str()).collect();
        attempts.sort_unstable();
        assert_eq!(attempts, ["8", "9"], "of what stands between the two, and of what was taken back there");
        assert!(shown.commitments.iter().all(|it| it.ends.is_empty() && it.answer.is_none()));
    }

    #[test]
    fn whoever_takes_something_on_accepts_nothing_for_the_other_and_the_last_answer_counts() {
        let mut all = vec![
            found(Some(BEN), true, "a", None, taken_on(DAY)),
            found(Some(BEN), true, "1", Some("a"), Kept::Answer { accepted: true }),
            found(Some(BEN), false, "b", None, taken_on(DAY)),
            found(Some(BEN), false, "2", Some("b"), Kept::Answer { accepted: true }),
        ];
        assert!(shown(&all, &[]).commitments.iter().all(|it| it.answer.is_none()));
        all.push(found(Some(BEN), false, "3", Some("a"), Kept::Answer { accepted: true }));
        all.push(found(Some(BEN), false, "4", Some("a"), Kept::Answer { accepted: false }));
        let shown = shown(&all, &[]);
        let of = shown.commitments.iter().find(|it| it.key == "a").and_then(|it| it.answer.clone());
        assert_eq!(of.map(|answer| (answer.accepted, answer.said.key)), Some((false, "4".to_owned())));
    }

    #[test]
    fn days_that_cannot_have_been_are_shown_on_the_nearest_that_can() {
        let all = [
            found(None, true, "a", None, taken_on(Day(DAY.0 - 3))),
            found(None, true, "1", Some("a"), attempt(Day(DAY.0 - 9))),
            found(None, true, "2", Some("a"), attempt(Day(DAY.0 + 90))),
            found(None, true, "b", None, taken_on(Day(DAY.0 + 90))),
            found(None, true, "3", Some("b"), attempt(DAY)),
        ];
        let shown = shown(&all, &[]);
        let day_of = |key: &str| shown.attempts.iter().find(|it| it.said.key == key).map(|it| it.day);
        let days = ["1", "2", "3"].map(day_of);
        assert_eq!(days, [Some(DAY.0 - 3), Some(DAY.0 + 1), Some(DAY.0 + 1)]);
        assert_eq!(shown.commitments.iter().map(|it| it.since).max(), Some(DAY.0 + 1));
    }
}
