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
    /// By place of an introduction: the Confirms that knew it and name its member.
    confirms: Vec<Vec<usize>>,
    pub(super) removals: Vec<usize>,
}

/// Which introductions hold, for one point of view.
struct View {
    /// A statement whose ancestors' Confirms count, or none for all.
    at: Option<usize>,
    /// By place, where `round` is this view's; filled from the first on, since what comes in later stands by what
    /// came in before.
    holds: Vec<Truth>,
    rounds: Vec<usize>,
    round: usize,
}

impl View {
    fn new(len: usize) -> Self {
        Self { at: None, holds: vec![None; len], rounds: vec![0; len], round: 0 }
    }
}

impl<'a> Labels<'a> {
    pub(super) fn new(entries: &'a [Entry]) -> Self {
        let mut labels = Self {
            entries,
            stands: vec![None; entries.len()],
            is_lost: lost(entries),
            is_cancelled: vec![false; entries.len()],
            attackers: Vec::new(),
            confirms: confirms(entries),
            removals: (0..entries.len()).filter(|at| entries[*at].facts.removes.is_some()).collect(),
        };
        labels.attackers = labels.attackers();
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

    fn attackers(&self) -> Vec<Vec<usize>> {
        let mut by_whom: SortedMap<[u8; 32], Vec<usize>> = SortedMap::new();
        for at in &self.removals {
            if let Some(target) = &self.entries[*at].facts.removes {
                by_whom.get_or_insert_with(target.key(), Vec::new).push(*at);
            }
        }
        let attackers = |at: usize| {
            let keys =
                self.entries[at].facts.by.map(|by| [Target::Member(by.member), Target::Device(by.device, by.member)]);
            let named = keys.into_iter().flatten().filter_map(|target| by_whom.get(&target.key())).flatten();
            named.copied().filter(|removal| self.attacks(*removal, at)).collect()
        };
        (0..self.entries.len()).map(attackers).collect()
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
        self.entries.iter().any(|entry| {
            entry.facts.by.is_none()
                && entry.ancestors.has(removal)
                && confirmed(entry).is_some_and(|it| Some(it) == member)
        })
    }

    /// Works out what follows from what is known, until nothing more does.
    fn settle(&mut self) {
        let mut view = View::new(self.entries.len());
        loop {
            let mut is_done = true;
            for at in 0..self.entries.len() {
                if self.stands[at].is_none() {
                    self.stands[at] = self.judge(at, &mut view);
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
            let by_root = self.removals.iter().filter(|root| self.effect(**root) == Some(true));
            let by_root = by_root.map(|root| &self.entries[*root]);
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

    fn judge(&self, at: usize, view: &mut View) -> Truth {
        if self.is_lost[at] {
            return Some(false);
        }
        self.look(at, view);
        all([not(self.beaten(at)), self.supported(at, view)])
    }

    /// Works out what a statement's author stands by, seen from the statement.
    fn look(&self, at: usize, view: &mut View) {
        view.at = Some(at);
        view.round += 1;
        let (mut chain, mut next) = (Vec::new(), vec![at]);
        while let Some(place) = next.pop() {
            let facts = &self.entries[place].facts;
            let leads = facts.leads.iter().flatten().copied().filter(|lead| self.entries[*lead].facts.intro.is_some());
            for intro in facts.by.iter().map(|by| by.intro).chain(leads) {
                if view.rounds[intro] != view.round {
                    view.rounds[intro] = view.round;
                    chain.push(intro);
                    next.push(intro);
                }
            }
        }
        chain.sort_unstable();
        for intro in chain {
            view.holds[intro] = self.holds(intro, view);
        }
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
        let is_seen = |confirm: &usize| at.is_none_or(|at| self.entries[at].ancestors.has(*confirm));
        let seen = self.confirms[intro].iter().copied().filter(is_seen);
        any(seen.map(|confirm| self.stands[confirm]))
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
        let mut view = View::new(self.entries.len());
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

fn confirms(entries: &[Entry]) -> Vec<Vec<usize>> {
    let all = entries.iter().enumerate().filter_map(|(at, entry)| Some((at, confirmed(entry)?)));
    let all: Vec<(usize, MemberId)> = all.collect();
    let of = |(intro, entry): (usize, &Entry)| {
        let member = entry.facts.intro.map(|intro| intro.member);
        let knows = |at: usize| entries[at].ancestors.has(intro);
        all.iter().filter(|(at, named)| Some(*named) == member && knows(*at)).map(|(at, _)| *at).collect()
    };
    entries.iter().enumerate().map(of).collect()
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
