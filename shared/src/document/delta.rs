use super::BodyOp;

/// What a batch of changes did to what people see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Note: edits that turn the body as it was into what it is, in order.
    pub body: Vec<BodyOp>,
    /// Note: something beside the body changed: fields, agenda, attendance or commitments.
    pub fields: bool,
    /// Thread: keys of messages that are new or changed, reactions included, sorted.
    pub messages: Vec<String>,
    /// Toolkit: keys of strategies that are new or changed, whom they helped included, sorted.
    pub strategies: Vec<String>,
    /// Profile: names, agreement or threads changed.
    pub profile: bool,
}

impl Delta {
    /// Whether nothing that people see changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let keys = [&self.messages, &self.strategies];
        self.body.is_empty() && !self.fields && keys.iter().all(|keys| keys.is_empty()) && !self.profile
    }
}
