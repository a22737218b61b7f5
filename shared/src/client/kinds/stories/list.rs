//! What is shown of stories.

use crate::document::{DocumentName, Told, shown_name};
use crate::ids::{CircleId, Conversation, MemberId};
use crate::time::TimestampMs;

use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kinds::own::Read;
use crate::client::kinds::profile::names::Names;
use crate::client::kinds::thread::list::is_blocked;
use crate::client::kinds::thread::shown::shown_reactions;
use crate::client::view::{self, BodyState, Reply};

use super::{EndOver, with};

/// A record that tells something, or may, once its text is here.
pub(super) struct Found {
    pub(super) name: DocumentName,
    pub(super) told: Option<Told>,
    body: BodyState,
    pub(super) record: Read,
}

impl Engine {
    pub(in crate::client) fn stories(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let stories = self.told_stories(&circle, None)?;
        for name in self.story_names(&circle)? {
            self.documents.watch(name.id(&circle));
        }
        self.reply(id, Ok(Reply::Stories(stories)));
        self.kernel.enqueue(EndOver { circle });
        Ok(Step::Done)
    }

    /// What stands and is not over, the latest first, or only what stands at a key. Copies of one story are one.
    pub(super) fn told_stories(&mut self, circle: &CircleId, key: Option<&str>) -> Result<Vec<view::Story>, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let now = self.now();
        let chosen = self.chosen(circle)?;
        let mut found = self.found_stories(circle)?;
        found.retain(|one| !one.told.as_ref().is_some_and(|told| told.is_over(now)));
        let mut shown: Vec<view::Story> = Vec::new();
        while !found.is_empty() {
            let first = found.remove(0);
            let mine = names.member_of(&first.record.message.author) == Some(me);
            let mut to: Vec<MemberId> = with(&first.name, &me).into_iter().collect();
            if !mine && to.iter().any(|other| is_blocked(&chosen, &Conversation::With(*other))) {
                continue;
            }
            if mine && !to.is_empty() {
                let copies = found.iter().filter(|it| is_copy(it, &first, &names, &me));
                to.extend(copies.filter_map(|it| with(&it.name, &me)));
                found.retain(|it| !is_copy(it, &first, &names, &me));
            }
            if key.is_none_or(|key| key == first.record.message.key) {
                shown.push(self.shown_story(circle, (&names, &me), first, &to));
            }
        }
        shown.reverse();
        Ok(shown)
    }

    /// All that tells something, in the order of writing. Between two, only what can be read as that: other things lie
    /// there, too.
    pub(super) fn found_stories(&mut self, circle: &CircleId) -> Result<Vec<Found>, Stop> {
        let mut all = Vec::new();
        for name in self.story_names(circle)? {
            let records = self.own_records(circle, &[name], None)?.into_iter();
            let found = records.map(|record| {
                let (told, body) = read(&record);
                Found { name, told, body, record }
            });
            all.extend(found.filter(|one| one.told.is_some() || name == super::document()));
        }
        all.sort_by(|one, other| {
            let place = |it: &Found| (it.record.message.sent, it.record.message.key.clone());
            place(one).cmp(&place(other))
        });
        Ok(all)
    }

    fn shown_story(
        &self,
        circle: &CircleId,
        (names, me): (&Names, &MemberId),
        found: Found,
        to: &[MemberId],
    ) -> view::Story {
        let Found { name, told, body, record: Read { document, message, .. } } = found;
        let member = names.member_of(&message.author);
        let (author, author_name) = names.author(&message.author);
        let mine = member == Some(*me);
        let (told, body) = match message.hidden {
            Some(_) if !mine && !self.leads(circle) => (None, BodyState::Hidden),
            _ => (told, body),
        };
        view::Story {
            author,
            author_name,
            mine,
            left: member.is_some_and(|member| names.has_left(&member)),
            made_ms: message.sent.0,
            told: told.map(|told| shown(told, message.sent)),
            body,
            hidden: message.hidden.map(|hidden| names.hidden(&hidden)),
            everyone: name.pair().is_none(),
            to: if mine { to.iter().map(|member| names.name(member)).collect() } else { Vec::new() },
            reactions: shown_reactions(names, me, &message),
            safety: self.op_safety(circle, &document, &message.author, message.counter()),
            key: message.key,
        }
    }
}

/// Whether two records that this phone's person wrote for one other each tell the same.
pub(super) fn is_copy(one: &Found, of: &Found, names: &Names, me: &MemberId) -> bool {
    let mine = names.member_of(&one.record.message.author) == Some(*me);
    mine && one.name.pair().is_some() && of.name.pair().is_some() && one.told.is_some() && one.told == of.told
}

/// What a record tells, as far as its text is here and can be read.
fn read(record: &Read) -> (Option<Told>, BodyState) {
    match (record.body, Told::decode(&record.text)) {
        (BodyState::Here, Ok(told)) => (Some(told), BodyState::Here),
        (BodyState::Here, Err(_)) => (None, BodyState::Unverified),
        (body, _) => (None, body),
    }
}

/// A title turns nothing around it, and a day is at the latest the one on which it could be told.
fn shown(told: Told, made: TimestampMs) -> Told {
    match told {
        Told::Story { title, text, ends_ms } => Told::Story { title: shown_name(&title), text, ends_ms },
        Told::Milestone { day, text } => Told::Milestone { day: day.min(made.day().0 + 1), text },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_milestone_by_a_clock_that_is_years_off_is_shown_on_the_nearest_day_that_can_be() {
        let made = TimestampMs(1_795_000_000_000);
        let on = |day| Told::Milestone { day, text: "A month".to_owned() };
        let today = made.day().0;
        for (day, as_shown) in [(today - 900, today - 900), (today + 1, today + 1), (84_000, today + 1)] {
            assert_eq!(shown(on(day), made), on(as_shown));
        }
    }

    #[test]
    fn a_title_of_a_story_turns_nothing_around_it() {
        let told =
            |title: &str| Told::Story { title: title.to_owned(), text: "\u{202e}x".to_owned(), ends_ms: Some(9) };
        let Told::Story { title, text, ends_ms } = shown(told("\u{202e}river"), TimestampMs(9)) else {
            panic!("a story")
        };
        assert_eq!((title, &*text, ends_ms), (shown_name("\u{202e}river"), "\u{202e}x", Some(9)));
    }
}
