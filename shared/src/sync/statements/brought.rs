//! What a restored store lacks, and phones bring back.

use crate::trust::{Attached, Chain, ChainHead, Knows, Proof, Record, Statement};
use crate::wire::{BroughtBack, GivenText, Stated};

use super::{CircleChain, HubKeys, RecordRow};

/// Why records that a phone brought back were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BroughtProblem {
    /// The head beside them is not this server's.
    #[error("the head is not signed by this server")]
    NotOurs,
    /// The chain goes as far here, or began anew since.
    #[error("the chain is not behind that head")]
    NotLater,
    /// They do not lead from the chain's end to the head: nothing else is admitted until some do.
    #[error("the records do not lead from the chain's end to the head")]
    Incomplete,
}

/// A brought record as it is laid down.
type Brought = (RecordRow, Option<Statement>, Vec<u8>);

impl CircleChain {
    /// Takes records that a phone brought back, when they lead hash by hash to a head that this server signed. Gives how
    /// many. The chain then waits for what is left up to the last head that it was shown, and so it does shown one and
    /// not what leads there.
    ///
    /// # Errors
    /// Why not.
    pub fn bring_back(&mut self, brought: &BroughtBack, keys: &HubKeys) -> Result<usize, BroughtProblem> {
        let head = &brought.head;
        let is_ours = |head: &ChainHead| head.circle == *self.circle() && head.verify(&keys.server_key()).is_ok();
        if !is_ours(head) || !brought.upto.iter().all(is_ours) {
            return Err(BroughtProblem::NotOurs);
        }
        let place = |knows: &Knows| (knows.generation, knows.position);
        let awaited = self.record.awaited.filter(|awaited| place(awaited) > place(&head.last)).unwrap_or(head.last);
        if head.last.generation < self.chain.head().generation || place(&head.last) <= place(&self.chain.head()) {
            return Err(BroughtProblem::NotLater);
        }
        let Some((chain, taken)) = self.follow(brought, keys) else {
            if self.record.awaited != Some(awaited) && self.record_bytes.is_some() {
                self.record.awaited = Some(awaited);
                self.is_changed = true;
            }
            return Err(BroughtProblem::Incomplete);
        };
        self.chain = chain;
        self.record.awaited = Some(awaited).filter(|awaited| place(awaited) > place(&self.chain.head()));
        let count = taken.len();
        for (row, statement, attachment) in taken {
            if let Some(statement) = &statement {
                self.note(&row, statement);
            }
            self.lay(row, statement, attachment);
        }
        Ok(count)
    }

    fn follow(&self, brought: &BroughtBack, keys: &HubKeys) -> Option<(Chain, Vec<Brought>)> {
        if self.is_shredded || brought.from != self.chain.len() + 1 {
            return None;
        }
        let (mut chain, mut taken) = (self.chain.clone(), Vec::with_capacity(brought.records.len()));
        for given in &brought.records {
            let (id, stated) = match &given.text {
                GivenText::Named(id) => (*id, None),
                GivenText::Given(stated) => {
                    let statement = Statement::decode(&stated.statement).ok()?;
                    (statement.id(), Some((statement, stated)))
                }
            };
            let record = Record { position: chain.len() + 1, time: given.time, fold: given.fold, statement: id };
            chain.take(record, stated.as_ref().map(|(statement, _)| statement), Proof::Check).ok()?;
            let hash = chain.head().hash;
            let (statement, attachment) = match stated {
                Some((statement, Stated { attachment, .. })) => {
                    // A phone has its own part alone of what lies beside: the whole is lost with the backup's store.
                    let is_whole = Attached::of(attachment) == statement.body.attached();
                    (Some(statement), if is_whole { attachment.clone() } else { Vec::new() })
                }
                None => (None, Vec::new()),
            };
            let bytes = statement.as_ref().map(Statement::encode).unwrap_or_default();
            taken.push((RecordRow { record, hash, statement: bytes }, statement, attachment));
        }
        let is_ours = chain.standing().keys().is_some_and(|(root, _)| root == keys.root);
        (is_ours && chain.head() == brought.reaches().last).then_some((chain, taken))
    }
}
