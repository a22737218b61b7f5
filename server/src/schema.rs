//! What the server knows of documents.

use kith_shared::document::KithSchema;

/// The schema of all documents.
pub(crate) static SCHEMA: KithSchema = KithSchema;
