//! What is shown of strategies.

use crate::document::{self, Moment, StrategyText, shown_name};
use crate::ids::{BodyId, CircleId, MemberId};
use crate::sorted::{SortedMap, SortedSet};

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kinds::profile::names::Names;
use crate::client::view::{self, BodyState, Reply};
use crate::client::{CommandId, Problem};

impl Engine {
    pub(in crate::client) fn toolkit(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let strategies = self.strategies(&circle)?;
        self.documents.watch(super::document().id(&circle));
        self.reply(id, Ok(Reply::Toolkit(strategies)));
        Ok(Step::Done)
    }

    /// All strategies, oldest first; texts that are not on this phone are asked for.
    pub(in crate::client) fn strategies(&mut self, circle: &CircleId) -> Result<Vec<view::Strategy>, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let found = self.joined_strategies(circle)?;
        let standing = found.iter().filter(|strategy| !strategy.taken_back);
        let wanted: Vec<BodyId> = standing.map(|strategy| strategy.body).collect();
        self.bodies(circle, &wanted)?;
        Ok(found.iter().map(|strategy| self.shown_strategy(circle, &names, &me, strategy)).collect())
    }

    /// All strategies, oldest first, each once. Two phones with one device's keys, neither of which heard of the other's,
    /// may write again what both took up: as two actors, so no chain forks. Such twins are of one member and have one
    /// text, salt and all. They are one strategy: taken back, hidden or said to have helped where one of them is.
    pub(in crate::client) fn joined_strategies(&mut self, circle: &CircleId) -> Result<Vec<document::Strategy>, Stop> {
        let (names, _) = self.names(circle)?;
        let mut joined: Vec<document::Strategy> = Vec::new();
        let mut stands_at: SortedMap<String, String> = SortedMap::new();
        for strategy in self.strategies_of(circle, &super::document())? {
            match joined.iter_mut().find(|it| is_twin(&names, it, &strategy)) {
                Some(first) => {
                    first.taken_back |= strategy.taken_back;
                    first.hidden = first.hidden.or(strategy.hidden);
                    first.helped.extend(strategy.helped);
                    stands_at.insert(strategy.key, first.key.clone());
                }
                None => joined.push(strategy),
            }
        }
        for from in joined.iter_mut().filter_map(|strategy| strategy.adapted_from.as_mut()) {
            if let Some(first) = stands_at.get(from) {
                from.clone_from(first);
            }
        }
        Ok(joined)
    }

    /// One strategy, of which the text was written here just now: the texts of others need not be read.
    pub(super) fn strategy_shown(&mut self, circle: &CircleId, key: &str) -> Result<view::Strategy, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let found = self.strategies_of(circle, &super::document())?;
        let strategy = found.iter().find(|strategy| strategy.key == key).ok_or_else(unknown)?;
        Ok(self.shown_strategy(circle, &names, &me, strategy))
    }

    fn shown_strategy(
        &self,
        circle: &CircleId,
        names: &Names,
        me: &MemberId,
        strategy: &document::Strategy,
    ) -> view::Strategy {
        let (author, author_name) = names.author(&strategy.author);
        let member = names.member_of(&strategy.author);
        let hidden = strategy.hidden.filter(|_| !strategy.taken_back);
        let (said, body) = match hidden {
            Some(_) if member != Some(*me) && !self.leads(circle) => (None, BodyState::Hidden),
            _ => self.said_in(circle, strategy),
        };
        let (title, text, moments) = said.map_or_else(Default::default, |said| (said.title, said.text, said.moments));
        let of = |member: &MemberId| strategy.has_helped(|actor| names.member_of(actor) == Some(*member));
        let counted: SortedSet<MemberId> =
            strategy.helped.iter().filter_map(|(actor, _)| names.member_of(actor)).collect();
        let others = counted.iter().filter(|member| *member != me && of(member));
        view::Strategy {
            key: strategy.key.clone(),
            mine: member == Some(*me),
            left: member.is_some_and(|member| names.has_left(&member)),
            author,
            author_name,
            made_ms: strategy.made.0,
            title,
            text,
            moments,
            body,
            hidden: hidden.map(|hidden| names.hidden(&hidden)),
            adapted_from: strategy.adapted_from.clone(),
            helped: others.map(|member| names.name(member)).collect(),
            helped_me: of(me),
            safety: self.op_safety(circle, &super::document().id(circle), &strategy.author, strategy.counter()),
        }
    }

    pub(in crate::client) fn said_in(
        &self,
        circle: &CircleId,
        strategy: &document::Strategy,
    ) -> (Option<StrategyText>, BodyState) {
        if strategy.taken_back {
            return (None, BodyState::Gone);
        }
        match self.body(circle, &strategy.body) {
            None => (None, BodyState::Missing),
            Some([]) => (None, BodyState::Gone),
            Some(bytes) => match StrategyText::decode(bytes) {
                Ok(said) => (Some(shown(said)), BodyState::Here),
                Err(_) => (None, BodyState::Unverified),
            },
        }
    }
}

/// A text as it stands among other words: its title and moments turn nothing around them, and no moment is there twice.
fn shown(said: StrategyText) -> StrategyText {
    let mut moments = Vec::new();
    for moment in said.moments {
        let moment = match moment {
            Moment::Own { word } => Moment::Own { word: shown_name(&word) },
            listed => listed,
        };
        let is_empty = matches!(&moment, Moment::Own { word } if word.is_empty());
        if !is_empty && !moments.contains(&moment) {
            moments.push(moment);
        }
    }
    StrategyText { title: shown_name(&said.title), moments, ..said }
}

/// Whether two records are of one member and have one text: see [`Engine::joined_strategies`].
pub(super) fn is_twin(names: &Names, one: &document::Strategy, other: &document::Strategy) -> bool {
    let member = names.member_of(&one.author);
    one.body == other.body && member.is_some() && member == names.member_of(&other.author)
}

/// No strategy of this key stands here.
pub(super) fn unknown() -> Problem {
    crate::client::problems::gone("the strategy")
}
