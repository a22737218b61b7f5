//! What a member chose for themself about others: whom they turn to first, whom they blocked, with whom they share how
//! far they read.

use crate::document::{Choice, ChoiceKind, DocumentName, Subject};
use crate::ids::{CircleId, MemberId};
use crate::sorted::SortedSet;

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::view::{self, Reply};
use crate::client::{CommandId, Problem, ProblemCode};

use super::unknown;

impl Engine {
    fn choices_name(&self, circle: &CircleId) -> Result<DocumentName, Problem> {
        let (member, _) = self.me(circle)?;
        Ok(DocumentName::new(Subject::Choices { member }))
    }

    pub(in crate::client) fn choices(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let chosen = self.chosen(&circle)?;
        self.documents.watch(self.choices_name(&circle)?.id(&circle));
        let choices = chosen.iter().map(|choice| view::Choice { kind: choice.kind, member: choice.member });
        self.reply(id, Ok(Reply::Choices(view::Choices { choices: choices.collect() })));
        Ok(Step::Done)
    }

    /// All that this phone's person chose, as far as it can be read here. On a phone that knows of none nothing is read.
    pub(in crate::client) fn chosen(&mut self, circle: &CircleId) -> Result<SortedSet<Choice>, Stop> {
        let name = self.choices_name(circle)?;
        if self.local(circle)?.document(&name.id(circle)).is_none() {
            return Ok(SortedSet::new());
        }
        let records = self.own_records(circle, &[name], None)?;
        Ok(records.iter().filter_map(|record| Choice::decode(&record.text).ok()).collect())
    }

    /// Chooses, or chooses no more. One that two phones wrote is taken back as both of its records.
    pub(in crate::client) fn choose(
        &mut self,
        id: CommandId,
        circle: CircleId,
        kind: ChoiceKind,
        member: MemberId,
        on: bool,
    ) -> Attempt {
        let (me, _) = self.me(&circle)?;
        if member == me {
            return Err(Problem::new(ProblemCode::BadInput, "about oneself").into());
        }
        let (name, choice) = (self.choices_name(&circle)?, Choice { kind, member });
        let records = self.own_records(&circle, &[name], None)?;
        let standing = records.iter().filter(|record| Choice::decode(&record.text) == Ok(choice));
        let standing: Vec<String> = standing.map(|record| record.message.key.clone()).collect();
        match (on, standing.is_empty()) {
            (true, false) | (false, true) => {
                self.reply(id, Ok(Reply::Nothing));
                Ok(Step::Done)
            }
            (true, true) => self.add_own(id, circle, name, &choice.encode(), None, |_, _| Some(Reply::Nothing)),
            (false, false) => self.remove_all_own(id, circle, name, &standing)?.ok_or_else(|| unknown().into()),
        }
    }
}
