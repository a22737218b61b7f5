//! What pages are told of messages, from elsewhere and of their own.

use crate::document::DocumentName;
use crate::ids::CircleId;

use crate::client::engine::{Attempt, Engine, Step};
use crate::client::kernel::Task;
use crate::client::view::{self, Notice};
use crate::client::{Effect, Problem};

/// Most of one's own messages that are told anew when their safety may have changed.
const OWN_SHOWN_MAX: usize = 50;

/// Tells the pages of messages, once their texts are read; of all in the document without keys.
pub(in crate::client) struct Show {
    pub(in crate::client) circle: CircleId,
    pub(in crate::client) name: DocumentName,
    pub(in crate::client) keys: Option<Vec<String>>,
}

impl Task<Engine> for Show {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.show(&self.circle, &self.name, self.keys.as_deref())
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.exchange.set_problem(problem);
    }
}

impl Engine {
    /// Tells the pages of messages; of all in the document when no keys are given. Those whose text is not in
    /// memory are left to the page to ask for.
    pub(in crate::client) fn notify_messages(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        keys: Option<&[String]>,
    ) {
        match self.messages(circle, name, keys) {
            Ok(messages) => self.tell_messages(circle, name, keys, messages),
            Err(_) => {
                let keys = keys.map(<[String]>::to_vec);
                self.kernel.enqueue(Show { circle: *circle, name: *name, keys });
            }
        }
    }

    /// Tells the pages how safe this phone's newest messages in a document are.
    pub(in crate::client) fn notify_own_messages(&mut self, circle: &CircleId, name: &DocumentName) {
        let Some(open) = self.documents.get(&name.id(circle)) else { return };
        let Ok(found) = open.handle.thread() else { return };
        let own = found.messages.iter().rev().filter(|message| message.author == *open.handle.actor());
        let keys: Vec<String> = own.take(OWN_SHOWN_MAX).map(|message| message.key.clone()).collect();
        if !keys.is_empty() {
            self.notify_messages(circle, name, Some(&keys));
        }
    }

    /// A notice that had to wait for the store.
    pub(in crate::client) fn show(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        keys: Option<&[String]>,
    ) -> Attempt {
        let messages = self.messages(circle, name, keys)?;
        self.tell_messages(circle, name, keys, messages);
        Ok(Step::Done)
    }

    /// Tells the pages of messages with these keys. Those that are not there any more were written again after this
    /// phone was put back, and have another key.
    fn tell_messages(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        keys: Option<&[String]>,
        messages: Vec<view::Message>,
    ) {
        let Some(conversation) = self.conversation_of(circle, name) else { return };
        let is_gone = |key: &&String| messages.iter().all(|message| message.key != **key);
        let gone: Vec<String> = keys.unwrap_or_default().iter().filter(is_gone).cloned().collect();
        if !messages.is_empty() || !gone.is_empty() {
            let (circle, thread) = (circle.to_string(), conversation.to_string());
            self.push(Effect::Notice(Notice::Messages { circle, thread, messages, gone }));
        }
    }
}
