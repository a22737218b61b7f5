//! What may be written in each kind of document, judged by a change's ops alone.

use crate::gate::{Change, Genesis, Inspection, Refusal, Schema};
use crate::ids::{CircleId, DocumentId};
use crate::seal::epoch_hint;
use crate::trust::{Author, Role};

use super::genesis::{genesis, genesis_actor};
use super::migrate::{Reading, reading};
use super::{DocumentName, Shape, StrategyText, Subject};
use rules::{allow, in_range};

mod note;
mod profile;
mod rules;
mod thread;
mod toolkit;

pub(crate) use thread::commitment_in;

/// Kith's documents, as sync knows them.
#[derive(Clone, Copy, Debug, Default)]
pub struct KithSchema;

impl Schema for KithSchema {
    fn genesis(&self, circle: &CircleId, name: &DocumentName) -> Result<Genesis, Refusal> {
        genesis(circle, name)
    }

    fn inspect(
        &self,
        circle: &CircleId,
        name: &DocumentName,
        author: &Author,
        change: &Change<'_>,
    ) -> Result<Inspection, Refusal> {
        let Reading::Full = reading(name) else { return Err(Refusal::UnknownSchema) };
        in_range(name.is_in_range())?;
        allow(name.is_for(&author.member))?;
        let document: DocumentId = name.id(circle);
        let genesis = genesis_actor(&document);
        match name.shape() {
            Shape::Note => note::inspect(&genesis, change),
            Shape::Thread => thread::inspect(&genesis, name.is_led(), author, change),
            Shape::Toolkit => toolkit::inspect(&genesis, author, change),
            Shape::Profile => profile::inspect(&genesis, author, change),
        }
    }

    fn check_body(&self, name: &DocumentName, body: &[u8]) -> Result<(), Refusal> {
        match name.shape() {
            Shape::Toolkit => StrategyText::decode(body).map(|_| ()).map_err(|_| Refusal::Malformed),
            Shape::Note | Shape::Thread | Shape::Profile => epoch_hint(body).map(|_| ()).ok_or(Refusal::Unsealed),
        }
    }

    fn may_write_sealed(&self, name: &DocumentName, author: &Author) -> bool {
        name.is_in_range()
            && match name.subject {
                Subject::FacilitatorNote { .. } | Subject::Slice { .. } => author.role == Role::Facilitator,
                Subject::Profile
                | Subject::SessionNote { .. }
                | Subject::Thread { .. }
                | Subject::Pair { .. }
                | Subject::Toolkit
                | Subject::Journal { .. }
                | Subject::Plan { .. }
                | Subject::Choices { .. }
                | Subject::Commitments { .. }
                | Subject::Reports { .. }
                | Subject::Between { .. }
                | Subject::Stories => false,
            }
    }
}
