//! What must be so of all this once everything arrived.

use std::collections::{BTreeMap, BTreeSet};

use kith_shared::storage::MemoryStore;

use super::super::deed::Token;
use super::seen::{Seen, Sight};
use super::stores::marks_in_pages;
use super::{Kind, LifeCounts, Lives, Written};

/// So near to its end a story may be shown or not: clocks of phones differ by less.
const END_MS: u64 = 3 * 60_000;

/// What is known in the end.
struct Verdict<'a> {
    lives: &'a Lives,
    promised: &'a BTreeSet<Token>,
    put_backs: bool,
    now_ms: u64,
    left: BTreeSet<String>,
    all: &'a BTreeMap<String, Seen>,
}

impl Lives {
    /// Looks at what each person is shown, by name. Where phones are put back, a person may have said something last on a
    /// phone that did not know what they had said before.
    pub(in crate::sim) fn judge(
        &self,
        all: &BTreeMap<String, Seen>,
        stores: &BTreeMap<String, &MemoryStore>,
        everybody: &BTreeSet<String>,
        promised: &BTreeSet<Token>,
        (put_backs, now_ms): (bool, u64),
    ) -> Result<LifeCounts, String> {
        let left: BTreeSet<String> = everybody.iter().filter(|name| !all.contains_key(*name)).cloned().collect();
        let verdict = Verdict { lives: self, promised, put_backs, now_ms, left, all };
        verdict.judge_leaving()?;
        let mut counts = LifeCounts { left: verdict.left.len(), ..LifeCounts::default() };
        for (person, seen) in all {
            verdict.judge_person(person, seen, &mut counts).map_err(|what| format!("{person}: {what}"))?;
            let pages = stores.get(person).map(|store| marks_in_pages(store)).unwrap_or_default();
            if let Some(mark) = pages.iter().find(|mark| verdict.must_be_gone(mark)) {
                return Err(format!("{person}'s search still has {mark}"));
            }
        }
        counts.back = self.written.keys().filter(|mark| verdict.must_be_gone(mark)).count();
        Ok(counts)
    }
}

impl Verdict<'_> {
    fn is_promised(&self, token: &Token) -> bool {
        self.promised.contains(token)
    }

    fn is_over(&self, written: &Written) -> bool {
        written.ends_ms.is_some_and(|ends| ends + END_MS < self.now_ms)
    }

    /// Nobody may be shown its words any more, and no phone may have them.
    fn must_be_gone(&self, mark: &str) -> bool {
        let Some(written) = self.lives.written.get(mark) else { return true };
        let author = &written.author;
        let erased = self.left.contains(author) && self.lives.must_be_erased(author) && written.kind != Kind::Line;
        let ended = self.is_over(written) && !self.left.contains(author);
        let back = self.is_promised(&Token::Back(mark.to_owned())) && written.kind != Kind::Line;
        back || erased || ended
    }

    /// Whoever may be shown it.
    fn is_for(&self, person: &str, written: &Written) -> bool {
        written.author == person || written.to.as_ref().is_none_or(|to| to.iter().any(|it| it == person))
    }

    fn judge_leaving(&self) -> Result<(), String> {
        for (person, leave) in &self.lives.leaves {
            if leave.leaves && !leave.stayed && !self.put_backs && !self.left.contains(person) {
                return Err(format!("{person} wished to leave, and is in"));
            }
        }
        if let Some(person) = self.left.iter().find(|person| !self.lives.leaves.contains_key(*person)) {
            return Err(format!("{person} is out, and nobody wished that"));
        }
        for seen in self.all.values() {
            if let Some(person) = seen.people.iter().find(|person| self.left.contains(*person)) {
                return Err(format!("{person} left, and is still listed"));
            }
        }
        Ok(())
    }

    fn judge_person(&self, person: &str, seen: &Seen, counts: &mut LifeCounts) -> Result<(), String> {
        let mut by_mark: BTreeMap<&str, &Sight> = BTreeMap::new();
        for sight in &seen.sights {
            if by_mark.insert(&sight.mark, sight).is_some() {
                return Err(format!("{} is shown twice", sight.mark));
            }
        }
        for (mark, sight) in &by_mark {
            let written = self.lives.written.get(*mark).ok_or_else(|| format!("nobody wrote {mark}"))?;
            self.judge_shown(person, seen, sight, written).map_err(|what| format!("{what}: {mark}, {written:?}"))?;
            counts.shown += 1;
            counts.apart += usize::from(written.to.is_some());
        }
        for (mark, written) in &self.lives.written {
            let is_shown = by_mark.contains_key(mark.as_str());
            counts.over += usize::from(self.is_over(written));
            let hides = !is_shown && self.is_hidden(mark);
            counts.hidden += usize::from(hides);
            if !is_shown && !hides && self.must_show(person, seen, mark, written) {
                return Err(format!("{mark} was acknowledged and is not shown: {written:?}"));
            }
        }
        self.judge_found(person, seen, &by_mark)?;
        self.judge_record(person, seen, &by_mark)?;
        self.judge_agreed(seen)?;
        counts.agreed += seen.agreed.len();
        Ok(())
    }

    fn judge_shown(&self, person: &str, seen: &Seen, sight: &Sight, written: &Written) -> Result<(), String> {
        if !self.is_for(person, written) {
            return Err("it is not for them".to_owned());
        }
        if self.must_be_gone(&sight.mark) || self.is_over(written) {
            return Err("it is over, or was taken back".to_owned());
        }
        if sight.kind != written.kind {
            return Err(format!("it is shown as {:?}", sight.kind));
        }
        if sight.hidden && written.author != person && !seen.leads {
            return Err("it is hidden from them".to_owned());
        }
        let with =
            written.to.iter().flatten().any(|it| seen.blocked.contains(it)) || seen.blocked.contains(&written.author);
        if written.kind == Kind::Pair && with
            || written.author != person && written.to.is_some() && seen.blocked.contains(&written.author)
        {
            return Err("it is between them and somebody whom they blocked".to_owned());
        }
        if let (Some(to), Some(asked)) = (&sight.to, &written.to)
            && written.author == person
        {
            let (shown, meant): (BTreeSet<_>, BTreeSet<_>) = (to.iter().collect(), asked.iter().collect());
            // Of a phone that was put back the server may have some of a story's copies alone.
            if shown != meant && !(self.put_backs && shown.is_subset(&meant)) {
                return Err(format!("it says that it is for {to:?}"));
            }
        }
        if let Some(Some(accepted)) = self.lives.answers.get(&sight.mark)
            && !self.put_backs
            && sight.answer != Some(*accepted)
            && !written
                .to
                .iter()
                .flatten()
                .chain([&written.author])
                .any(|it| self.left.contains(it) || seen.blocked.contains(it))
        {
            return Err(format!("the answer is {:?}", sight.answer));
        }
        Ok(())
    }

    fn must_show(&self, person: &str, seen: &Seen, mark: &str, written: &Written) -> bool {
        let is_back = |mark: &String| self.lives.asked_back.contains(mark);
        let author = &written.author;
        let near_end = written.ends_ms.is_some_and(|ends| ends < self.now_ms + END_MS);
        let apart = |name: &String| seen.blocked.contains(name);
        let blocked = match written.kind {
            Kind::Pair => written.to.iter().flatten().any(apart) || apart(author),
            _ => written.to.is_some() && author != person && apart(author),
        };
        // An attempt is shown while its commitment stands or is known to be taken back, and that is not blocked.
        let about = written.about.as_ref().and_then(|about| self.lives.written.get(about));
        let about_lost = about.is_some_and(|about| {
            author != &about.author && apart(&about.author)
                || written.to.iter().flatten().any(apart)
                || self.lives.may_be_erased(&about.author)
                || self.put_backs
        });
        let demoted = written.kind == Kind::Line && self.lives.demoted.contains(author);
        self.is_promised(&Token::Life(mark.to_owned()))
            && self.is_for(person, written)
            && !is_back(&mark.to_owned())
            && !near_end
            && !blocked
            && !about_lost
            && !demoted
            && !self.lives.may_be_erased(author)
    }

    /// Whether somebody who leads, or wrote it, is shown that it is hidden.
    fn is_hidden(&self, mark: &str) -> bool {
        self.all.values().any(|seen| seen.sights.iter().any(|it| it.mark == mark && it.hidden))
    }

    fn judge_found(&self, person: &str, seen: &Seen, shown: &BTreeMap<&str, &Sight>) -> Result<(), String> {
        let mut found = BTreeSet::new();
        for mark in &seen.found {
            if !found.insert(mark.as_str()) {
                return Err(format!("a search finds {mark} twice: {:?}", self.lives.written.get(mark)));
            }
            match shown.get(mark.as_str()) {
                None => return Err(format!("a search finds {mark}, which is not shown")),
                Some(sight) if sight.hidden => return Err(format!("a search finds {mark}, which is hidden")),
                Some(_) => {}
            }
        }
        let is_found = |sight: &Sight| {
            let ends = self.lives.written.get(&sight.mark).is_some_and(|it| it.ends_ms.is_some());
            // What is with somebody whom one blocked is not looked through, one's own words neither.
            let apart = sight.to.iter().flatten().any(|it| seen.blocked.contains(it));
            sight.kind != Kind::Line && !sight.hidden && !ends && !apart
        };
        let lost = shown.values().find(|sight| is_found(sight) && !found.contains(sight.mark.as_str()));
        match lost {
            Some(sight) if seen.found.len() < 400 => Err(format!("no search finds {} of {person}", sight.mark)),
            _ => Ok(()),
        }
    }

    /// One's own record has what one wrote oneself, and nothing that is gone.
    fn judge_record(&self, person: &str, seen: &Seen, shown: &BTreeMap<&str, &Sight>) -> Result<(), String> {
        for mark in &seen.record {
            let written = self.lives.written.get(mark).ok_or_else(|| format!("nobody wrote {mark}"))?;
            if written.author != person || self.must_be_gone(mark) {
                return Err(format!("their record has {mark}: {written:?}"));
            }
        }
        let record: BTreeSet<&str> = seen.record.iter().map(String::as_str).collect();
        let is_own = |sight: &&&Sight| {
            let author = self.lives.written.get(&sight.mark).map(|it| it.author.as_str());
            author == Some(person) && sight.kind != Kind::Line
        };
        match shown.values().filter(is_own).find(|sight| !record.contains(sight.mark.as_str())) {
            Some(sight) => Err(format!("their record lacks {}", sight.mark)),
            None => Ok(()),
        }
    }

    fn judge_agreed(&self, seen: &Seen) -> Result<(), String> {
        let said = |person: &String| self.lives.agreed.get(person).is_some_and(|all| all.contains(&seen.digest));
        match seen.agreed.iter().find(|person| !said(person)) {
            Some(person) => Err(format!("{person} never agreed to {}", seen.digest)),
            None => Ok(()),
        }
    }
}
