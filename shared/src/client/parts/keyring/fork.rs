//! What a server can't hide: a chain that is another one than it showed before, one that ends earlier, and one that
//! began anew after a restored backup. Each is told apart.

use crate::ids::ServerKey;
use crate::storage::Batch;
use crate::time::TimestampMs;
use crate::trust::{Attached, ChainHead, DeviceSecret, Signed, Statement, Verified};
use crate::wire::{BroughtBack, BroughtText, CircleAnswer, GivenRecord, GivenText, LACKING_MAX, RECORDS_MAX, Stated};

use super::super::super::view::Warning;
use super::history::{hashes, own_statement};
use super::{History, Keyring};

/// About how many bytes of records one request brings back to a server that lacks them.
const BROUGHT_BYTES: usize = 128 * 1024;

/// Two ends of a chain that the server signed, and that can't both be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct Fork {
    pub since: TimestampMs,
    pub ours: Verified<ChainHead>,
    pub theirs: Verified<ChainHead>,
    /// A facilitator saw both, and goes on with ours.
    pub is_left: bool,
}

/// What is wrong with a server's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum Trouble {
    /// It ends before what this phone holds.
    Behind,
    /// A record is of a later version of the fold.
    Newer,
    /// A record is unlawful or came without its text, or a statement gets no answer.
    Withheld,
}

impl Keyring {
    /// What is wrong with the circle's chain, for its person.
    pub(in crate::client) fn warning(&self, own: &crate::ids::DeviceId) -> Option<Warning> {
        if self.is_other_person(own) {
            return Some(Warning::OtherPerson);
        }
        if self.is_forked() {
            return Some(Warning::Fork);
        }
        self.trouble.map(|trouble| match trouble {
            Trouble::Behind => Warning::ServerBehind,
            Trouble::Newer => Warning::NeedsUpdate,
            Trouble::Withheld => Warning::RecordsWithheld,
        })
    }

    /// The server has another chain than this phone: one that began anew after a restored backup, or a fork.
    pub(super) fn take_other(
        &mut self,
        answer: &CircleAnswer,
        device: &DeviceSecret,
        now: TimestampMs,
        batch: &mut Batch,
    ) {
        let here = self.history.chain().len();
        if let Some(from) = self.restored_from(answer).filter(|from| *from <= here) {
            let skipped = usize::try_from(from - answer.from).unwrap_or(usize::MAX);
            let records = answer.records.get(skipped..).unwrap_or_default();
            if let Ok((mut history, lost)) = self.history.back_to(from) {
                let kept = history.chain().len();
                self.take_records(&mut history, answer, records, device, batch);
                // Only the root's word begins a chain anew.
                if history.chain().standing().generation() > self.admitted().generation() {
                    let changed = self.keep_parts(&mut history, answer);
                    self.history = std::sync::Arc::new(history);
                    self.head = self.head.filter(|head| head.claimed_end().position <= kept);
                    self.fork = None;
                    Self::delete_records(&answer.circle, batch, kept + 1, here);
                    self.put_records(&answer.circle, batch, kept + 1);
                    self.put_rows(&answer.circle, batch, changed.into_iter().filter(|position| *position <= kept));
                    self.put_lost(&answer.circle, batch);
                    self.drop_admitted(&answer.circle, batch);
                    self.take_lost(&answer.circle, &lost, device, now, batch);
                    self.fold_pending();
                    return;
                }
            }
            // A newer fold in its records is none of the server's doing.
            self.trouble.get_or_insert(Trouble::Withheld);
            return;
        }
        self.note_fork(answer, now);
    }

    /// Where the answer's chain begins anew after a restored backup, within what it gives; what is before is as here.
    fn restored_from(&self, answer: &CircleAnswer) -> Option<u64> {
        let chain = self.history.chain();
        for (position, given) in (answer.from..).zip(&answer.records) {
            let GivenText::Given(stated) = &given.text else { continue };
            if let Some(restored) = Statement::decode(&stated.statement).ok().and_then(|it| it.claimed_restart())
                && restored.generation > chain.standing().generation()
                && restored.from == position
            {
                let before = answer.records.get(..usize::try_from(position - answer.from).ok()?)?;
                let is_as_here =
                    answer.from > 1 || hashes(before)?.last().copied() == chain.hash(position - 1) || before.is_empty();
                return is_as_here.then_some(position);
            }
        }
        None
    }

    /// Keeps the proof that the server told two different things; nothing of the other chain is taken.
    fn note_fork(&mut self, answer: &CircleAnswer, now: TimestampMs) {
        if self.fork.as_ref().is_some_and(|fork| fork.is_left) {
            return;
        }
        match self.proof_of_fork(answer) {
            Some((ours, theirs)) => self.fork = Some(Fork { since: now, ours, theirs, is_left: false }),
            None => self.trouble = Some(Trouble::Withheld),
        }
    }

    /// Two heads of the server's that can't both be true: of one position, where it signed both.
    fn proof_of_fork(&self, answer: &CircleAnswer) -> Option<(Verified<ChainHead>, Verified<ChainHead>)> {
        let theirs = self.all_signed(answer);
        let seen = self.seen_head();
        let kept = || seen.into_iter().chain(self.history.heads().map(|(_, head)| *head));
        let at_one = kept().find_map(|ours| Some((ours, *theirs.iter().find(|theirs| ours.contradicts(theirs))?)));
        at_one.or_else(|| {
            let ours = seen?;
            let other = theirs.into_iter().find(|theirs| self.can_not_both_be(&ours, theirs, answer))?;
            Some((ours, other))
        })
    }

    /// Whether two signed ends contradict each other: one lies on this phone's chain, and the other, or the records
    /// that lead up to it, say something else of one position.
    fn can_not_both_be(&self, ours: &Verified<ChainHead>, theirs: &Verified<ChainHead>, answer: &CircleAnswer) -> bool {
        if ours.contradicts(theirs) {
            return true;
        }
        let chain = self.history.chain();
        if ours.last.generation != theirs.last.generation || chain.hash(ours.last.position) != Some(ours.last.hash) {
            return false;
        }
        if theirs.last.position <= ours.last.position {
            return chain.hash(theirs.last.position).is_some_and(|hash| hash != theirs.last.hash);
        }
        let Some(hashes) = hashes(&answer.records).filter(|_| answer.from == 1) else { return false };
        let at = |position: u64| usize::try_from(position.checked_sub(1)?).ok().and_then(|at| hashes.get(at));
        at(theirs.last.position) == Some(&theirs.last.hash)
            && at(ours.last.position).is_some_and(|hash| *hash != ours.last.hash)
    }

    /// The server's chain ends before this phone's.
    pub(super) fn take_behind(&mut self, answer: &CircleAnswer, now: TimestampMs) {
        let Some(theirs) = self.signed(answer) else {
            self.trouble = Some(Trouble::Withheld);
            return;
        };
        if self.history.chain().hash(theirs.last.position) == Some(theirs.last.hash) {
            self.trouble = Some(Trouble::Behind);
            self.server_end = Some(theirs.last.position);
        } else {
            self.note_fork(answer, now);
        }
    }

    /// The end that this phone keeps, when the server of this circle signed it: of one that a code brought nobody knows.
    fn seen_head(&self) -> Option<Verified<ChainHead>> {
        let (_, server) = self.admitted().keys()?;
        signed_by(self.head, &server)
    }

    /// The answer's head, when the server of this circle signed it.
    fn signed(&self, answer: &CircleAnswer) -> Option<Verified<ChainHead>> {
        let (_, server) = self.admitted().keys()?;
        signed_by(answer.head, &server)
    }

    /// All that the server of this circle signed in the answer.
    fn all_signed(&self, answer: &CircleAnswer) -> Vec<Verified<ChainHead>> {
        let Some((_, server)) = self.admitted().keys() else { return Vec::new() };
        let heads = answer.head.into_iter().chain(answer.parts.iter().copied());
        heads.filter_map(|head| signed_by(Some(head), &server)).collect()
    }

    /// Keeps of an answer the heads that lie on a history; gives the positions whose rows changed.
    pub(super) fn keep_parts(&self, history: &mut History, answer: &CircleAnswer) -> Vec<u64> {
        let Some((_, server)) = history.chain().standing().keys() else { return Vec::new() };
        let heads = answer.parts.iter().copied().chain(answer.head);
        let mut heads: Vec<Verified<ChainHead>> = heads.filter_map(|head| head.verify(&server).ok()).collect();
        heads.sort_by_key(|head| head.last.position);
        heads.into_iter().flat_map(|head| history.keep_head(head)).collect()
    }

    /// Whether a history that goes on from here leads to the end that the server signs now, and through the one that it
    /// signed before.
    pub(super) fn is_as_promised(&mut self, history: &History, answer: &CircleAnswer, now: TimestampMs) -> bool {
        let chain = history.chain();
        let Some((_, server)) = chain.standing().keys() else { return true };
        let agrees = |head: &Verified<ChainHead>| {
            chain.hash_of(head.last.generation, head.last.position).is_none_or(|hash| hash == head.last.hash)
        };
        let kept = signed_by(self.head, &server);
        let given = signed_by(answer.head, &server);
        match (kept.filter(|head| !agrees(head)), given) {
            (Some(ours), Some(theirs)) if agrees(&theirs) => {
                self.fork = Some(Fork { since: now, ours, theirs, is_left: false });
                false
            }
            (Some(_), _) => {
                self.trouble = Some(Trouble::Withheld);
                false
            }
            (None, Some(given)) if !agrees(&given) => {
                self.trouble = Some(Trouble::Withheld);
                false
            }
            // An honest server signs where its records end, so that it can be held to them.
            (None, None) if !answer.records.is_empty() => {
                self.trouble = Some(Trouble::Withheld);
                false
            }
            _ => true,
        }
    }

    /// Keeps the newest end that the server signed and that is on this phone's chain.
    pub(super) fn keep_head(&mut self, answer: &CircleAnswer) {
        let chain = self.history.chain();
        let is_here = |head: &Verified<ChainHead>| {
            head.last.generation == chain.standing().generation()
                && chain.hash(head.last.position) == Some(head.last.hash)
        };
        let signed = self.all_signed(answer).into_iter().filter(is_here);
        let Some(head) = signed.max_by_key(|head| head.last.position) else { return };
        let is_newer = self.seen_head().is_none_or(|kept| {
            (kept.last.generation, kept.last.position) <= (head.last.generation, head.last.position)
        });
        if is_newer && !self.is_forked() {
            self.head = Some(head.to_signed());
        }
    }

    /// Forgets the chain that is here, so that the other is taken from its beginning; the keys and what is pending stay.
    pub(in crate::client) fn forget_chain(&mut self, circle: &crate::ids::CircleId, batch: &mut Batch) {
        Self::delete_records(circle, batch, 1, self.history.chain().len());
        (self.fork, self.trouble, self.head) = (None, None, None);
        let mut history = History::new(*circle);
        let lost = self.history.chain().lost();
        lost.for_each(|((generation, position), hash)| history.know_lost(*generation, *position, *hash));
        self.set_history(history);
    }

    /// What this phone has of records that a restored server took back without their text, or without all that lies
    /// beside it, in at most so many bytes.
    pub(in crate::client) fn texts(&self, bytes_max: usize) -> Vec<BroughtText> {
        let texts = self.lacking.iter().filter_map(|lacking| {
            let given = self.history.given_from(lacking.position).first()?;
            let GivenText::Given(stated) = &given.text else { return None };
            let statement = own_statement(stated)?;
            let is_whole = Attached::of(&stated.attachment) == statement.body.attached();
            let attachment = if is_whole { stated.attachment.clone() } else { Vec::new() };
            let brings = is_whole || lacking.text;
            let stated = Stated { statement: stated.statement.clone(), attachment };
            brings.then_some(BroughtText { position: lacking.position, stated })
        });
        let mut left = bytes_max.min(BROUGHT_BYTES);
        let fits = |text: &BroughtText| {
            let len = text.stated.statement.len() + text.stated.attachment.len();
            let fits = len <= left;
            left -= if fits { len } else { 0 };
            fits
        };
        texts.filter(fits).take(LACKING_MAX).collect()
    }

    /// What a server lacks that ends before this phone's chain: as much as fits up to a head that it signed itself, and
    /// the rest in the requests that follow.
    pub(in crate::client) fn brought_back(&self) -> Option<BroughtBack> {
        let (end, head) = (self.server_end?, self.seen_head()?);
        let (_, server) = self.admitted().keys()?;
        let lacking = self.history.given_from(end + 1);
        let mut bytes = 0;
        let fitting = lacking.iter().take(RECORDS_MAX).take_while(|given| {
            bytes += given.len_bytes();
            bytes <= BROUGHT_BYTES
        });
        let fits_to = end + fitting.count() as u64;
        let is_between =
            |kept: &Verified<ChainHead>| kept.last.position > end && kept.last.position <= head.last.position;
        let heads = || self.history.heads().map(|(_, kept)| *kept).chain([head]).filter(is_between);
        // The server may have another key by now than when it signed.
        let is_ours = |kept: &Verified<ChainHead>| kept.to_signed().verify(&server).is_ok();
        let up_to =
            |upto: &Verified<ChainHead>| lacking.iter().take(usize::try_from(upto.last.position - end).unwrap_or(0));
        let whole = heads().rfind(|kept| kept.last.position <= fits_to && is_ours(kept));
        let (upto, records): (Verified<ChainHead>, Vec<GivenRecord>) = match whole {
            Some(upto) => (upto, up_to(&upto).cloned().collect()),
            // What lies beside can follow: the hashes do not cover it.
            None => {
                let upto = heads().find(is_ours)?;
                (upto, up_to(&upto).take(RECORDS_MAX).map(without_beside).collect())
            }
        };
        let upto = (upto.last.position < head.last.position).then(|| upto.to_signed());
        (!records.is_empty()).then(|| BroughtBack { from: end + 1, records, head: head.to_signed(), upto })
    }
}

fn without_beside(given: &GivenRecord) -> GivenRecord {
    match &given.text {
        GivenText::Given(stated) => {
            let stated = Stated { statement: stated.statement.clone(), attachment: Vec::new() };
            GivenRecord { text: GivenText::Given(stated), ..given.clone() }
        }
        GivenText::Named(_) => given.clone(),
    }
}

fn signed_by(head: Option<Signed<ChainHead>>, server: &ServerKey) -> Option<Verified<ChainHead>> {
    head?.verify(server).ok()
}
