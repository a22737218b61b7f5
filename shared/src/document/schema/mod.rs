//! What may be written in each kind of document, judged by a change's ops alone.

use crate::gate::{Change, Genesis, Inspection, Refusal, Schema};
use crate::ids::{CircleId, DocumentId};
use crate::trust::{Author, Role};

use super::genesis::{genesis, genesis_actor};
use super::migrate::{Reading, reading};
use super::{DocumentName, Shape, Subject};
use rules::in_range;

mod note;
mod profile;
mod rules;
mod thread;

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
        let document: DocumentId = name.id(circle);
        let genesis = genesis_actor(&document);
        match name.shape() {
            Shape::Note => note::inspect(&genesis, change),
            Shape::Thread => thread::inspect(&genesis, change),
            Shape::Profile => profile::inspect(&genesis, author, change),
        }
    }

    fn may_write_sealed(&self, name: &DocumentName, author: &Author) -> bool {
        name.is_in_range()
            && match name.subject {
                Subject::Journal { member, .. } | Subject::Plan { member } => author.member == member,
                Subject::FacilitatorNote { .. } | Subject::Slice { .. } => author.role == Role::Facilitator,
                Subject::Profile | Subject::SessionNote { .. } | Subject::Thread { .. } => false,
            }
    }
}
