//! What a member writes for themself, changes, and takes back.

use crate::document::DocumentName;
use crate::ids::{BodyId, CircleId};

use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kind::text_group_of;
use crate::client::problems::{edit_problem, key_waiting};
use crate::client::room::MESSAGE_COST;
use crate::client::view::Reply;

use super::unknown;

impl Engine {
    /// Writes a record, and takes back the one that it replaces, in one commit. One that was replaced or taken back
    /// elsewhere meanwhile is none that is replaced: what is written stands beside what stands there.
    pub(in crate::client::kinds) fn add_own(
        &mut self,
        id: CommandId,
        circle: CircleId,
        name: DocumentName,
        text: &str,
        replaces: Option<&str>,
        shown: impl FnOnce(&mut Self, &str) -> Option<Reply> + 'static,
    ) -> Attempt {
        let group = text_group_of(&name).ok_or_else(key_waiting)?;
        self.check_room(&circle, &name, MESSAGE_COST)?;
        let before = match replaces {
            Some(key) => Some((key, self.own_text_at(&circle, &name, key)?)),
            None => None,
        };
        if let Some((_, Some((at, texts)))) = &before {
            self.check_room(&circle, at, MESSAGE_COST)?;
            self.owners_known(&circle, texts.iter().copied())?;
        }
        let (key, body) = self.post_text(&circle, &name, group, text, replaces)?;
        let mut documents = vec![name.id(&circle)];
        if let Some((replaced, Some((at, _)))) = before {
            let now = self.now();
            let taken = self.open(&circle, &at)?.handle.take_back(replaced, now);
            documents.push(at.id(&circle));
            documents.dedup();
            if let Err(problem) = taken {
                documents.iter().for_each(|document| drop(self.documents.take(document)));
                return Err(edit_problem(problem).into());
            }
        }
        documents.iter().for_each(|document| self.documents.watch(*document));
        self.commit_and(
            &documents,
            vec![body],
            move |engine| {
                let reply = shown(engine, &key).ok_or_else(unknown);
                engine.reply(id, reply);
            },
            id,
        )
    }

    /// Takes back what stands at a key, wherever of these documents that is; none: nowhere.
    pub(in crate::client) fn remove_own(
        &mut self,
        id: CommandId,
        circle: CircleId,
        names: &[DocumentName],
        key: &str,
    ) -> Result<Option<Step>, Stop> {
        for name in &self.with_author(&circle, names.to_vec(), key) {
            if let Some(step) = self.remove_all_own(id, circle, *name, &[key.to_owned()])? {
                return Ok(Some(step));
            }
        }
        Ok(None)
    }

    /// Takes back what stands at these keys of a document; none: nothing is at any of them.
    pub(in crate::client::kinds) fn remove_all_own(
        &mut self,
        id: CommandId,
        circle: CircleId,
        name: DocumentName,
        keys: &[String],
    ) -> Result<Option<Step>, Stop> {
        let mut found = self.messages_of(&circle, &name)?;
        found.retain(|message| keys.contains(&message.key));
        if found.is_empty() {
            return Ok(None);
        }
        self.owners_known(&circle, found.iter().flat_map(crate::document::Message::bodies))?;
        let now = self.now();
        for message in &found {
            self.open(&circle, &name)?.handle.take_back(&message.key, now).map_err(edit_problem)?;
        }
        let done = move |engine: &mut Self| engine.reply(id, Ok(Reply::Nothing));
        self.commit_and(&[name.id(&circle)], Vec::new(), done, id).map(Some)
    }

    /// In which of the documents that a record's owner has of its kind it stands, and its texts; none when it does not.
    fn own_text_at(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        key: &str,
    ) -> Result<Option<(DocumentName, Vec<BodyId>)>, Stop> {
        let same =
            |other: &DocumentName| core::mem::discriminant(&other.subject) == core::mem::discriminant(&name.subject);
        let states = self.local(circle)?.documents().values();
        let own = states.map(|state| state.name).filter(|it| same(it) && it.owner() == name.owner());
        let names: Vec<DocumentName> = own.collect();
        for name in self.with_author(circle, names, key) {
            let found = self.messages_of(circle, &name)?.into_iter().find(|message| message.key == key);
            if let Some(message) = found {
                return Ok((!message.taken_back).then(|| (name, message.bodies().collect())));
            }
        }
        Ok(None)
    }
}
