use std::sync::Arc;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{DeviceId, StatementId};
use crate::trust::{Statement, StatementAuthor, Verified};
use crate::wire::Stated;

/// The form of a stored statement that the server has not admitted.
const ROW_VERSION: u8 = 1;

/// What was said, and the server has not admitted yet.
#[derive(Clone, Debug)]
pub(in crate::client) struct Pending {
    /// Statements are sent in this order.
    pub order: u64,
    pub id: StatementId,
    pub statement: Arc<Verified<Statement>>,
    /// What lies beside it, whole.
    pub attachment: Vec<u8>,
    /// How often the server was sent it and said nothing of it.
    pub unanswered: u32,
}

impl Pending {
    pub(in crate::client) fn new(order: u64, statement: Verified<Statement>, attachment: Vec<u8>) -> Self {
        Self { order, id: statement.id(), statement: Arc::new(statement), attachment, unanswered: 0 }
    }

    pub(in crate::client) fn is_by(&self, device: &DeviceId) -> bool {
        self.statement.author == StatementAuthor::Device(*device)
    }

    pub(in crate::client) fn stated(&self) -> Stated {
        Stated { statement: self.statement.encode(), attachment: self.attachment.clone() }
    }

    /// Version, place in the order, the statement, what lies beside it.
    pub(in crate::client) fn row(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(ROW_VERSION).number(self.order);
        self.stated().write(&mut writer);
        writer.into_bytes()
    }

    pub(in crate::client) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("stored statement's version")? != ROW_VERSION {
            return Err(DecodeError::Invalid { what: "stored statement's version" });
        }
        let order = reader.number("stored statement's place")?;
        let stated = Stated::read(&mut reader)?;
        reader.finish("stored statement")?;
        let statement = Verified::from_own_store(Statement::decode(&stated.statement)?);
        Ok(Self::new(order, statement, stated.attachment))
    }
}
