//! What may be written in each kind of document, judged by a change's ops alone.

use crate::gate::{Change, Genesis, Inspection, Refusal, Schema};
use crate::ids::{CircleId, DocumentId};
use crate::trust::Author;

use super::genesis::{genesis, genesis_actor};
use super::migrate::{Reading, reading};
use super::{DocumentName, Subject};

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
        let document: DocumentId = name.id(circle);
        let genesis = genesis_actor(&document);
        match name.subject {
            Subject::SessionNote { .. } => note::inspect(&genesis, change),
            Subject::Thread { .. } => thread::inspect(&genesis, change),
            Subject::Profile => profile::inspect(&genesis, author, change),
        }
    }
}
