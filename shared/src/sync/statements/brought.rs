//! What a restored store lacks, and phones bring back.

use crate::sorted::SortedMap;
use crate::trust::{Attached, Chain, ChainHead, Knows, Record, Signed, Statement, Verified};
use crate::wire::{BroughtBack, BroughtText, GivenText, Lacking, Stated};

use super::{Added, CircleChain, HubKeys, RecordRow};

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

/// What a record lacked, and has now.
struct Filling {
    row: RecordRow,
    attachment: Vec<u8>,
    lacked_text: bool,
    is_whole: bool,
}

/// A brought record as it is laid down.
type Brought = (RecordRow, Option<Verified<Statement>>, Vec<u8>);

impl CircleChain {
    /// Takes records that a phone brought back, when they lead hash by hash to a head that this server signed. Gives how
    /// many. The chain then waits for what is left up to the last head that it was shown, and so it does shown one and
    /// not what leads there.
    ///
    /// # Errors
    /// Why not.
    pub fn bring_back(&mut self, brought: &BroughtBack, keys: &HubKeys) -> Result<usize, BroughtProblem> {
        let ours = |head: &Signed<ChainHead>| {
            let head = head.verify(&keys.server_key()).map_err(|_| BroughtProblem::NotOurs)?;
            if head.circle == *self.circle() { Ok(head) } else { Err(BroughtProblem::NotOurs) }
        };
        let (head, upto) = (ours(&brought.head)?, brought.upto.as_ref().map(ours).transpose()?);
        let place = |knows: &Knows| (knows.generation, knows.position);
        let awaited = self.record.awaited.filter(|awaited| place(awaited) > place(&head.last)).unwrap_or(head.last);
        if head.last.generation < self.chain.head().generation || place(&head.last) <= place(&self.chain.head()) {
            return Err(BroughtProblem::NotLater);
        }
        let Some((chain, taken)) = self.follow(brought, keys, &upto.unwrap_or(head)) else {
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
            let is_whole = statement.as_ref().is_some_and(|it| Attached::of(&attachment) == it.body.attached());
            if !is_whole {
                self.record.lack(Lacking { position: row.record.position, text: statement.is_none() });
            }
            self.lay(row, statement, attachment);
        }
        Ok(count)
    }

    /// Takes what records that were brought back lack: a text when it is the one that the record names, what lies beside
    /// it when it is what the statement covers. Who brings it is no matter: it was admitted once. Gives how many were
    /// of use.
    pub fn fill(&mut self, texts: &[BroughtText]) -> usize {
        let found = texts.iter().filter_map(|text| Some((text.position, self.filling(text)?)));
        let found: SortedMap<u64, Filling> = found.collect();
        let lacked = found.iter().filter(|(_, filling)| filling.lacked_text);
        let lacked: SortedMap<u64, RecordRow> = lacked.map(|(at, filling)| (*at, filling.row.clone())).collect();
        let fold = lacked.is_empty() || self.fold_with(&lacked);
        let mut taken = 0;
        for (position, Filling { row, attachment, lacked_text, is_whole }) in found {
            let is_lawful = fold || !lacked_text || self.fold_with(&[(position, row.clone())].into_iter().collect());
            let Ok(at) = self.record.lacking.binary_search_by_key(&position, |lacking| lacking.position) else {
                continue;
            };
            self.is_changed = true;
            // Nobody's text makes this chain another one: what was taken without it stands.
            if !is_lawful || is_whole {
                self.record.lacking.remove(at);
            } else {
                self.record.lacking[at].text = false;
            }
            if is_lawful {
                taken += 1;
                self.filled.push(Added { row, statement: None, attachment });
            }
        }
        taken
    }

    /// What of a text is lacking, if it fits.
    fn filling(&self, text: &BroughtText) -> Option<Filling> {
        let at = self.record.lacking.binary_search_by_key(&text.position, |lacking| lacking.position).ok()?;
        let lacked_text = self.record.lacking[at].text;
        let row = self.rows.get(usize::try_from(text.position.checked_sub(1)?).ok()?)?;
        let statement = Statement::decode(&text.stated.statement).ok()?;
        let is_whole = Attached::of(&text.stated.attachment) == statement.claimed_attached();
        if statement.id() != row.record.statement || !(is_whole || lacked_text) {
            return None;
        }
        let row = RecordRow { statement: text.stated.statement.clone(), ..row.clone() };
        let attachment = if is_whole { text.stated.attachment.clone() } else { Vec::new() };
        let is_whole = Attached::of(&attachment) == statement.claimed_attached();
        Some(Filling { row, attachment, lacked_text, is_whole })
    }

    /// Folds all records anew with texts that some of them lacked; whether they still follow from each other.
    fn fold_with(&mut self, lacked: &SortedMap<u64, RecordRow>) -> bool {
        let mut fresh = Self::bare(*self.circle());
        for kept in &self.rows {
            let (row, statement) = match lacked.get(&kept.record.position) {
                Some(row) => (row, fresh.checked(row)),
                None => (kept, kept.statement().ok()),
            };
            if statement.is_none_or(|statement| fresh.take_row(row.clone(), statement.as_ref()).is_err()) {
                return false;
            }
        }
        (self.chain, self.rows, self.epochs, self.said) = (fresh.chain, fresh.rows, fresh.epochs, fresh.said);
        true
    }

    /// The statement of a row whose text was brought, when it is the next one's and good.
    fn checked(&self, row: &RecordRow) -> Option<Option<Verified<Statement>>> {
        let signed = Statement::decode(&row.statement).ok()?;
        self.chain.verify_record(&row.record, Some(signed)).ok()
    }

    /// The chain with what was brought, when it leads to this head.
    fn follow(
        &self,
        brought: &BroughtBack,
        keys: &HubKeys,
        reached: &Verified<ChainHead>,
    ) -> Option<(Chain, Vec<Brought>)> {
        if self.is_shredded || brought.from != self.chain.len() + 1 {
            return None;
        }
        let (mut chain, mut taken) = (self.chain.clone(), Vec::with_capacity(brought.records.len()));
        for given in &brought.records {
            let (id, signed, beside) = match &given.text {
                GivenText::Named(id) => (*id, None, None),
                GivenText::Given(Stated { statement, attachment }) => {
                    let signed = Statement::decode(statement).ok()?;
                    (signed.id(), Some(signed), Some(attachment))
                }
            };
            let record = Record { position: chain.len() + 1, time: given.time, fold: given.fold, statement: id };
            let statement = chain.verify_record(&record, signed).ok()?;
            chain.take(record, statement.as_ref()).ok()?;
            let hash = chain.head().hash;
            // A phone has its own part alone of what lies beside: the whole is lost with the backup's store.
            let covered = statement.as_ref().map(|statement| statement.body.attached());
            let whole = beside.filter(|beside| covered == Some(Attached::of(beside)));
            let attachment = whole.cloned().unwrap_or_default();
            let bytes = statement.as_ref().map(|statement| statement.encode()).unwrap_or_default();
            taken.push((RecordRow { record, hash, statement: bytes }, statement, attachment));
        }
        let is_ours = chain.standing().keys().is_some_and(|(root, _)| root == keys.root);
        (is_ours && chain.head() == reached.last).then_some((chain, taken))
    }
}
