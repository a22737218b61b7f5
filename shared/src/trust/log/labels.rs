//! Which statements stand, and which a removal beats: the grounded labelling of P. M. Dung's argumentation
//! frameworks ("On the acceptability of arguments", 1995), as the least fixpoint of equations in Kleene's
//! three-valued logic. `Some(true)` is in, `Some(false)` out, and what is `None` at the end is undecided: removals
//! that beat each other in a circle, and what hangs on them.
//!
//! A statement stands when no removal in effect beats it, and neither what its author came in by, and so on up.
//! Otherwise people whom a removed facilitator brought in with an old date could take out those who removed them.

use crate::ids::MemberId;
use crate::sorted::SortedMap;
use crate::trust::StatementBody;

use super::entry::{By, Entry, Target};

/// Three-valued truth.
pub(super) type Truth = Option<bool>;

fn not(one: Truth) -> Truth {
    one.map(|one| !one)
}

fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
    not(any(truths.into_iter().map(not)))
}

fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
    let mut found = Some(false);
    for truth in truths {
        match truth {
            Some(true) => return truth,
            None => found = None,
            Some(false) => {}
        }
    }
    found
}

pub(super) struct Labels<'a> {
    entries: &'a [Entry],
    stands: Vec<Truth>,
    /// Another one with the same serial counts.
    pub(super) is_lost: Vec<bool>,
    /// Removals that a Confirm by the root took back.
    is_cancelled: Vec<bool>,
    /// By place: the removals that would beat it.
    attackers: Vec<Vec<usize>>,
    pub(super) removals: Vec<usize>,
    confirms: Vec<usize>,
}

/// Which introductions hold, for one point of view.
struct View {
    /// A statement whose ancestors' Confirms count, or none for all.
    at: Option<usize>,
    /// By place; filled from the first on, since what comes in later stands by what came in before.
    holds: Vec<Truth>,
}

impl<'a> Labels<'a> {
    pub(super) fn new(entries: &'a [Entry]) -> Self {
        let places = 0..entries.len();
        let mut labels = Self {
            entries,
            stands: vec![None; entries.len()],
            is_lost: lost(entries),
            is_cancelled: vec![false; entries.len()],
            attackers: vec![Vec::new(); entries.len()],
            removals: places.clone().filter(|at| entries[*at].facts.removes.is_some()).collect(),
            confirms: places.filter(|at| matches!(entries[*at].statement.body, StatementBody::Confirm(_))).collect(),
        };
        for at in 0..entries.len() {
            labels.attackers[at] = labels.removals.iter().copied().filter(|by| labels.attacks(*by, at)).collect();
        }
        for at in labels.removals.clone() {
            let is_of_member = matches!(entries[at].facts.removes, Some(Target::Member(_)));
            labels.is_cancelled[at] = is_of_member && labels.is_confirmed_by_root(at);
        }
        labels.settle();
        if labels.decide() {
            labels.settle();
        }
        labels
    }

    /// Whether a removal, if it is in effect, beats a statement: its author goes, and the removal did not know it.
    fn attacks(&self, removal: usize, at: usize) -> bool {
        let entries = self.entries;
        let (Some(target), Some(by)) = (&entries[removal].facts.removes, &entries[at].facts.by) else { return false };
        let known = &entries[removal].ancestors;
        removal != at && !known.has(at) && target.takes(&by.device, &by.member, || known.has(by.intro))
    }

    /// Whether the root confirmed, knowing a removal, the member whom it names.
    fn is_confirmed_by_root(&self, removal: usize) -> bool {
        let member = self.entries[removal].facts.removes.map(|target| target.member());
        self.confirms.iter().any(|at| {
            let confirm = &self.entries[*at];
            confirm.facts.by.is_none() && confirm.ancestors.has(removal) && confirmed(confirm) == member
        })
    }

    /// Works out what follows from what is known, until nothing more does.
    fn settle(&mut self) {
        loop {
            let mut is_done = true;
            for at in 0..self.entries.len() {
                if self.stands[at].is_none() {
                    self.stands[at] = self.judge(at);
                    is_done &= self.stands[at].is_none();
                }
            }
            if is_done {
                return;
            }
        }
    }

    /// The root decides among those left over, where it knew them: its Confirm takes back what names its member, and
    /// its Remove upholds what names the same and takes the power of what those said whom it takes out.
    fn decide(&mut self) -> bool {
        let open = self.removals.iter().copied().filter(|at| self.effect(*at).is_none());
        let open: Vec<usize> = open.collect();
        for at in &open {
            let entry = &self.entries[*at];
            let by_root = self.removals.iter().map(|root| &self.entries[*root]);
            let by_root = by_root.filter(|root| root.facts.by.is_none() && root.ancestors.has(*at));
            let (mut is_taken_back, mut is_upheld) = (self.is_confirmed_by_root(*at), false);
            for root in by_root {
                let (Some(target), Some(open)) = (root.facts.removes, entry.facts.removes) else { continue };
                is_upheld |= target.covers(&open);
                let takes = |by: By| target.takes(&by.device, &by.member, || root.ancestors.has(by.intro));
                is_taken_back |= entry.facts.by.is_some_and(takes);
            }
            self.is_cancelled[*at] |= is_taken_back;
            if is_upheld {
                self.stands[*at] = Some(true);
            }
        }
        open.into_iter().any(|at| self.effect(at).is_some())
    }

    fn judge(&self, at: usize) -> Truth {
        if self.is_lost[at] {
            return Some(false);
        }
        all([not(self.beaten(at)), self.supported(at, &self.view(at))])
    }

    /// What a statement's author stands by, seen from the statement.
    fn view(&self, at: usize) -> View {
        let mut is_needed = vec![false; at + 1];
        is_needed[at] = true;
        for place in (0..=at).rev().filter(|place| self.entries[*place].facts.by.is_some()) {
            if is_needed[place] {
                let facts = &self.entries[place].facts;
                let leads = facts.leads.iter().flatten().copied();
                facts.by.iter().map(|by| by.intro).chain(leads).for_each(|intro| is_needed[intro] = true);
            }
        }
        let mut view = View { at: Some(at), holds: vec![None; at] };
        for place in (0..at).filter(|place| is_needed[*place]) {
            view.holds[place] = self.holds(place, &view);
        }
        view
    }

    /// Whether its author, and what gives its author the power for it, hold.
    fn supported(&self, at: usize, view: &View) -> Truth {
        let facts = &self.entries[at].facts;
        let Some(by) = &facts.by else { return Some(true) };
        let author = view.holds[by.intro];
        let Some(leads) = &facts.leads else { return author };
        let power = any(leads.iter().map(|lead| match &self.entries[*lead].statement.body {
            StatementBody::Promote(_) => self.stands[*lead],
            _ => view.holds[*lead],
        }));
        all([author, power])
    }

    /// Whether an introduction holds, where the view has those before it.
    fn holds(&self, intro: usize, view: &View) -> Truth {
        if self.is_lost[intro] {
            return Some(false);
        }
        let is_left = all([not(self.beaten(intro)), self.supported(intro, view)]);
        all([not(self.voided(intro)), any([is_left, self.confirmed(intro, view.at)])])
    }

    /// Whether a Confirm that stands knew an introduction and names its member.
    fn confirmed(&self, intro: usize, at: Option<usize>) -> Truth {
        let member = self.entries[intro].facts.intro.map(|intro| intro.member);
        any(self.confirms.iter().map(|confirm| {
            let entry = &self.entries[*confirm];
            let is_seen = at.is_none_or(|at| self.entries[at].ancestors.has(*confirm));
            let counts = is_seen && entry.ancestors.has(intro) && confirmed(entry) == member;
            if counts { self.stands[*confirm] } else { Some(false) }
        }))
    }

    /// Whether a removal is in effect.
    pub(super) fn effect(&self, removal: usize) -> Truth {
        if self.is_cancelled[removal] { Some(false) } else { self.stands[removal] }
    }

    /// Whether a removal in effect beats a statement.
    pub(super) fn beaten(&self, at: usize) -> Truth {
        any(self.attackers[at].iter().map(|removal| self.effect(*removal)))
    }

    /// Whether one does that the statement knew: its author spoke after they were out.
    pub(super) fn voided(&self, at: usize) -> Truth {
        let known = &self.entries[at].ancestors;
        any(self.attackers[at].iter().filter(|removal| known.has(**removal)).map(|removal| self.effect(*removal)))
    }

    /// Whether a statement stands.
    pub(super) fn stands(&self, at: usize) -> Truth {
        self.stands[at]
    }

    /// By place, whether an introduction holds, with all Confirms counted. Of other statements it says nothing.
    pub(super) fn introductions(&self) -> Vec<Truth> {
        let mut view = View { at: None, holds: vec![None; self.entries.len()] };
        for place in 0..self.entries.len() {
            view.holds[place] = self.holds(place, &view);
        }
        view.holds
    }
}

fn confirmed(entry: &Entry) -> Option<MemberId> {
    match &entry.statement.body {
        StatementBody::Confirm(confirm) => Some(confirm.member),
        _ => None,
    }
}

/// Of those with one place of a warrant or invite, all but the one with the smallest id.
fn lost(entries: &[Entry]) -> Vec<bool> {
    let mut first = SortedMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some(place) = entry.facts.place {
            let best = first.get_or_insert_with(place, || at);
            if entry.id < entries[*best].id {
                *best = at;
            }
        }
    }
    let is_lost = |(at, entry): (usize, &Entry)| entry.facts.place.is_some_and(|place| first[&place] != at);
    entries.iter().enumerate().map(is_lost).collect()
}
