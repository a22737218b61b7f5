//! A phone that shows a code, to come in with no network.

use super::super::code::QrAsk;

/// What it showed, and the name that its person chose.
#[derive(Clone, Debug)]
pub(in crate::client) struct Asking {
    ask: QrAsk,
    name: String,
}

impl Asking {
    /// A phone that shows this.
    pub(in crate::client) fn new(ask: QrAsk, name: String) -> Self {
        Self { ask, name }
    }

    /// What it showed.
    pub(in crate::client) fn ask(&self) -> &QrAsk {
        &self.ask
    }

    /// What its person wants to be called, whole.
    pub(in crate::client) fn name(&self) -> &str {
        &self.name
    }
}
