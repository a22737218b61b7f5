//! Takes what an answer says of a circle's chain: records that follow, statements that were not taken, and what a
//! restored server lost.

use crate::ids::StatementId;
use crate::storage::Batch;
use crate::time::TimestampMs;
use crate::trust::{ChainProblem, DeviceSecret, Draft, Knows, MemberState, Statement, StatementBody, StatementProblem};
use crate::wire::{ChainState, CircleAnswer, GivenRecord, GivenText};

use super::super::exchange::Sent;
use super::history::own_statement;
use super::{History, Keyring, Returned, Trouble};

/// How often a statement may get neither place nor refusal before that is shown.
const UNANSWERED_MAX: u32 = 2;

impl Keyring {
    /// Takes records, the fate of statements, a head and a warrant; whether anything of it is new.
    pub(in crate::client) fn take_answer(
        &mut self,
        answer: &CircleAnswer,
        device: &DeviceSecret,
        sent: &Sent,
        now: TimestampMs,
        batch: &mut Batch,
    ) -> bool {
        let before = self.weight();
        let was_forked = self.is_forked();
        self.state = answer.state;
        self.trouble = None;
        self.server_end = None;
        self.lacking.clone_from(&answer.lacking);
        if sent.sealing.is_some() {
            self.sealing = sent.sealing;
        }
        match answer.chain {
            ChainState::Follows => self.follow(answer, device, now, batch),
            ChainState::Differs => self.take_other(answer, device, now, batch),
            ChainState::Behind => self.take_behind(answer, now),
        }
        self.take_refusals(answer, device, now, batch);
        self.count_unanswered(answer, sent);
        self.keep_head(answer);
        if !answer.warrant.is_empty() {
            self.take_warrant(&answer.warrant);
        }
        self.fold_pending();
        before != self.weight() || was_forked != self.is_forked()
    }

    /// What tells whether something about who is in, or a key, is new.
    fn weight(&self) -> (MemberState, Knows, usize, usize) {
        (self.state, self.history.chain().head(), self.keys.len(), self.pending.len())
    }

    /// Takes the records that follow on what is here.
    pub(super) fn follow(&mut self, answer: &CircleAnswer, device: &DeviceSecret, now: TimestampMs, batch: &mut Batch) {
        let here = self.history.chain().len();
        let skipped = usize::try_from((here + 1).saturating_sub(answer.from)).unwrap_or(usize::MAX);
        let records = answer.records.get(skipped..).unwrap_or_default();
        if answer.from > here + 1 && !records.is_empty() {
            self.trouble = Some(Trouble::Withheld);
            return;
        }
        let mut history = History::clone(&self.history);
        self.take_records(&mut history, answer, records, device, batch);
        if !self.is_as_promised(&history, answer, now) {
            return;
        }
        let changed = self.keep_parts(&mut history, answer);
        self.history = std::sync::Arc::new(history);
        self.put_records(&answer.circle, batch, here + 1);
        self.put_rows(&answer.circle, batch, changed.into_iter().filter(|position| *position <= here));
        self.drop_admitted(&answer.circle, batch);
    }

    /// Takes records into a history, as far as they are good.
    pub(super) fn take_records(
        &mut self,
        history: &mut History,
        answer: &CircleAnswer,
        records: &[GivenRecord],
        device: &DeviceSecret,
        batch: &mut Batch,
    ) {
        for given in records {
            let given = self.with_text(given);
            let statement = match history.take(given.clone()) {
                Ok(statement) => statement,
                Err(ChainProblem::NewerFold { .. }) => {
                    self.trouble = Some(Trouble::Newer);
                    return;
                }
                Err(_) => {
                    self.trouble = Some(Trouble::Withheld);
                    return;
                }
            };
            if let (GivenText::Given(stated), Some(statement)) = (&given.text, statement) {
                self.take_keys(&answer.circle, device, batch, &statement, &stated.attachment);
            }
        }
    }

    /// A record with the text that this phone has of it itself.
    fn with_text(&self, given: &GivenRecord) -> GivenRecord {
        let GivenText::Named(id) = &given.text else { return given.clone() };
        match self.pending.iter().find(|pending| pending.id == *id) {
            Some(pending) => GivenRecord { text: GivenText::Given(pending.stated()), ..given.clone() },
            None => given.clone(),
        }
    }

    /// What was pending and is on the chain now is pending no more.
    pub(super) fn drop_admitted(&mut self, circle: &crate::ids::CircleId, batch: &mut Batch) {
        let is_admitted = |id: &StatementId| self.history.chain().position_of(id).is_some();
        let admitted: Vec<StatementId> =
            self.pending.iter().map(|pending| pending.id).filter(|id| is_admitted(id)).collect();
        for id in admitted {
            if let Some(pending) = self.drop_pending(circle, batch, &id)
                && let StatementBody::Epoch(epoch) = &pending.statement.body
            {
                self.set_own(circle, batch, &epoch.epoch, false);
            }
        }
    }

    /// What was not taken: the phone says again by itself what only it can need; its person hears of the rest.
    fn take_refusals(&mut self, answer: &CircleAnswer, device: &DeviceSecret, now: TimestampMs, batch: &mut Batch) {
        let circle = answer.circle;
        for refused in &answer.refused_statements {
            if matches!(refused.problem, StatementProblem::Waiting | StatementProblem::Slow) {
                if let Some(pending) = self.pending.iter_mut().find(|pending| pending.id == refused.statement) {
                    pending.unanswered = 0;
                }
                continue;
            }
            let Some(pending) = self.drop_pending(&circle, batch, &refused.statement) else { continue };
            let is_lost = matches!(refused.problem, StatementProblem::LostChain | StatementProblem::OtherChain);
            match &pending.statement.body {
                StatementBody::Epoch(epoch) if refused.problem == StatementProblem::NoChange => {
                    self.set_own(&circle, batch, &epoch.epoch, false);
                }
                StatementBody::Epoch(epoch) => {
                    // Whoever it was wrapped for and is out since must not have the key of what is sealed from now on, nor
                    // may who has the key that the organisation said before.
                    let wrapped = epoch.readers.devices(self.admitted());
                    let still = wrapped.iter().all(|device| self.admitted().reads(device, &epoch.group));
                    let known = self.admitted().is_report_key_known(pending.statement.knows.position);
                    let is_of_former = epoch.group.is_for_organisation() && !known;
                    self.set_own(&circle, batch, &epoch.epoch, still && !is_of_former);
                    self.tried.insert(epoch.epoch, self.history.chain().len());
                }
                // SaidBatch anew at once it would be refused at once.
                StatementBody::Share(share) => {
                    self.tried.insert(share.epoch, self.history.chain().len());
                }
                // A phone that was put back used a number again: whoever it lets in has its word already.
                StatementBody::Invite(_) | StatementBody::AddDevice(_) | StatementBody::Grant(_)
                    if refused.problem == StatementProblem::OldNumber && pending.is_by(&device.id()) =>
                {
                    let attachment = pending.attachment.clone();
                    self.say_again(&circle, device, now, pending.statement.body.clone(), attachment, batch);
                }
                StatementBody::Grant(_) if is_lost && pending.is_by(&device.id()) => {
                    let attachment = pending.attachment.clone();
                    self.say_again(&circle, device, now, pending.statement.body.clone(), attachment, batch);
                }
                StatementBody::Remove(_) if !pending.is_by(&device.id()) && !self.is_of_me(&pending.statement) => {}
                body => {
                    // Somebody else may have brought what lets this device in.
                    let introduced = body.introduces().map(crate::trust::DevicePublic::id);
                    if introduced.is_some_and(|device| self.admitted().device(&device).is_some()) {
                        continue;
                    }
                    let returned = Returned::of(&pending.statement, &self.shown, refused.problem);
                    returned.into_iter().for_each(|returned| self.give_back(returned));
                }
            }
        }
    }

    /// Whether a phone or printed code of this phone's member said it.
    fn is_of_me(&self, statement: &Statement) -> bool {
        let crate::trust::StatementAuthor::Device(author) = &statement.author else { return false };
        let member = self.shown.device(author).map(|record| record.member);
        member.is_some() && member == self.let_in_as
    }

    /// Signs the same again, with a new number and what is known now.
    pub(super) fn say_again(
        &mut self,
        circle: &crate::ids::CircleId,
        device: &DeviceSecret,
        now: TimestampMs,
        body: StatementBody,
        attachment: Vec<u8>,
        batch: &mut Batch,
    ) {
        let (number, knows) = (self.next_number(&device.id()), self.history.chain().head());
        let statement = Draft { circle: *circle, number, knows, time: now, body }.by_own_hand(device);
        self.push_pending(circle, batch, statement, attachment);
    }

    /// A statement that gets neither a place nor a refusal, again and again, is the server's doing.
    fn count_unanswered(&mut self, answer: &CircleAnswer, sent: &Sent) {
        let end = answer.head.as_ref().map(|head| head.claimed_end().position);
        if answer.chain != ChainState::Follows || end.is_some_and(|end| end > self.history.chain().len()) {
            return;
        }
        let refused = |id: &StatementId| answer.refused_statements.iter().any(|refused| refused.statement == *id);
        let mut is_ignored = false;
        for pending in self.pending.iter_mut() {
            if sent.statements.contains(&pending.id) && !refused(&pending.id) {
                pending.unanswered += 1;
                is_ignored |= pending.unanswered >= UNANSWERED_MAX;
            }
        }
        if is_ignored && self.trouble.is_none() {
            self.trouble = Some(Trouble::Withheld);
        }
    }

    /// What a restored server lost: this phone says again what it can, gives back what only its person can decide,
    /// and brings the removals, whoever said them.
    pub(super) fn take_lost(
        &mut self,
        circle: &crate::ids::CircleId,
        lost: &[GivenRecord],
        device: &DeviceSecret,
        now: TimestampMs,
        batch: &mut Batch,
    ) {
        let own = device.id();
        for given in lost {
            let GivenText::Given(stated) = &given.text else { continue };
            let Some(statement) = own_statement(stated) else { continue };
            let id = statement.id();
            if self.history.chain().position_of(&id).is_some() || self.pending.iter().any(|it| it.id == id) {
                continue;
            }
            let is_mine = statement.author == crate::trust::StatementAuthor::Device(own);
            let lets_me_in = statement.body.introduces().is_some_and(|device| device.id() == own);
            match &statement.body {
                StatementBody::Remove(_) => self.push_pending(circle, batch, statement, Vec::new()),
                _ if lets_me_in => self.push_pending(circle, batch, statement, stated.attachment.clone()),
                // Nothing is sealed again with a key of the lost part: who was taken out in it may hold it.
                StatementBody::Epoch(_) | StatementBody::Share(_) => {}
                StatementBody::Grant(_) if is_mine => {
                    self.say_again(circle, device, now, statement.body.clone(), stated.attachment.clone(), batch);
                }
                _ if is_mine => {
                    let returned = Returned::of(&statement, &self.shown, StatementProblem::LostChain);
                    returned.into_iter().for_each(|returned| self.give_back(returned));
                }
                _ => {}
            }
        }
    }
}
