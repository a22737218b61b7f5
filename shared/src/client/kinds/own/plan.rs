//! A member's plan for hard moments.

use crate::document::{PlanLine, PlanPart};
use crate::ids::CircleId;

use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::problems::edit_problem;
use crate::client::view::{self, BodyState, Reply};

use super::{Read, unknown};

impl Engine {
    pub(in crate::client) fn plan(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let lines = self.plan_lines(&circle, None)?;
        self.documents.watch(self.plan_name(&circle)?.id(&circle));
        self.reply(id, Ok(Reply::Plan(view::Plan { lines })));
        Ok(Step::Done)
    }

    fn plan_lines(&mut self, circle: &CircleId, key: Option<&str>) -> Result<Vec<view::PlanLine>, Stop> {
        let name = self.plan_name(circle)?;
        let records = self.own_records(circle, &[name], key)?;
        let mut lines: Vec<_> = records.into_iter().map(|record| self.shown_line(circle, record)).collect();
        lines.sort_by_key(|line| (line.part.is_none(), line.part));
        Ok(lines)
    }

    pub(in crate::client) fn add_plan_line(
        &mut self,
        id: CommandId,
        circle: CircleId,
        (part, text, phone): (PlanPart, &str, &str),
        replaces: Option<&str>,
    ) -> Attempt {
        let line = PlanLine { part, text: text.trim().into(), phone: phone.trim().into() };
        line.check().map_err(edit_problem)?;
        let name = self.plan_name(&circle)?;
        self.add_own(id, circle, name, &line.encode(), replaces, move |engine, key| {
            engine.plan_lines(&circle, Some(key)).ok()?.pop().map(Reply::PlanLine)
        })
    }

    pub(in crate::client) fn remove_plan_line(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let name = self.plan_name(&circle)?;
        self.remove_own(id, circle, &[name], key)?.ok_or_else(|| unknown().into())
    }

    fn shown_line(&self, circle: &CircleId, record: Read) -> view::PlanLine {
        let Read { document, message, text, body } = record;
        let (line, body) = match (body, PlanLine::decode(&text)) {
            (BodyState::Here, Ok(line)) => (Some(line), body),
            (BodyState::Here, Err(_)) => (None, BodyState::Unverified),
            _ => (None, body),
        };
        let part = line.as_ref().map(|line| line.part);
        let (text, phone) = line.map(|line| (line.text, line.phone)).unwrap_or_default();
        let safety = self.op_safety(circle, &document, &message.author, message.counter());
        let (key, made_ms, replaces) = (message.key, message.sent.0, message.reply_to);
        view::PlanLine { key, part, text, phone, made_ms, body, replaces, safety }
    }
}
