//! What people are called.

use crate::document::{Handle, Hidden, MemberName, ProfileView, Register, shown_name};
use crate::ids::{ActorId, CircleId, Conversation, MemberId};
use crate::sorted::SortedMap;
use crate::trust::{MemberState, Role, Roster};

use crate::client::engine::{Engine, Stop};
use crate::client::namesakes::told_apart;
use crate::client::problems::edit_problem;
use crate::client::view;

/// Names of a circle's people, as they stand among other words.
pub(in crate::client) struct Names {
    /// As they are shown: those whom several chose are told apart.
    shown: SortedMap<MemberId, String>,
    /// As people chose them.
    members: SortedMap<MemberId, String>,
    /// Of those whose devices named them at the same time, all their names, the shown one first.
    contested: SortedMap<MemberId, Vec<String>>,
    roster: Roster,
    actors: SortedMap<ActorId, MemberId>,
}

impl Engine {
    /// The names of a circle's people; loads its profile if need be.
    pub(in crate::client) fn names(&mut self, circle: &CircleId) -> Result<(Names, ProfileView), Stop> {
        let name = super::document();
        let profile = self.open(circle, &name)?.handle.profile().map_err(edit_problem)?;
        let local = self.local(circle)?;
        let document = name.id(circle);
        let me = self.device()?.id();
        let mut given: SortedMap<MemberId, Vec<MemberName>> = SortedMap::new();
        let mut actors = SortedMap::new();
        for (document, state) in local.documents() {
            for (actor, chain) in &state.chains {
                if let Some((author, _)) = local.roster().author(&chain.device) {
                    actors.insert(*actor, author.member);
                }
                let _ = document;
            }
        }
        if let (Some((author, _)), Some(open)) = (local.roster().author(&me), self.documents.get(&document)) {
            actors.insert(*open.handle.actor(), author.member);
        }
        for name in &profile.members {
            if let Some(id) = actors.get(&name.author) {
                given.get_or_insert_with(*id, Vec::new).push(name.clone());
            }
        }
        for thread in &profile.threads {
            self.kinds.threads.set_title(Conversation::Thread(thread.thread), shown_name(&thread.title.value));
        }
        let (mut members, mut contested) = (SortedMap::new(), SortedMap::new());
        for (member, mut names) in given {
            names.sort_by(|one, other| (other.set, &other.name).cmp(&(one.set, &one.name)));
            if names.len() > 1
                && let Some(open) = self.documents.get(&document)
            {
                at_the_same_time(&open.handle, &mut names);
            }
            let mut shown: Vec<String> = names.iter().map(|name| shown_name(&name.name)).collect();
            members.insert(member, shown.first().cloned().unwrap_or_default());
            shown.dedup();
            if shown.len() > 1 {
                contested.insert(member, shown);
            }
        }
        let local = self.local(circle)?;
        let shown = told_apart(&members, local.keyring().shown().members().map(|record| record.id));
        Ok((Names { shown, members, contested, roster: local.roster().clone(), actors }, profile))
    }
}

impl Names {
    /// The members who are here, each with the highest role of their devices.
    pub(in crate::client) fn members(&self) -> SortedMap<MemberId, Role> {
        let mut members: SortedMap<MemberId, Role> = SortedMap::new();
        for (_, entry) in self.roster.entries().filter(|(_, entry)| entry.now().state != MemberState::Removed) {
            let now = entry.now().role;
            let role = members.get_or_insert_with(entry.member, || now);
            *role = now.max(*role);
        }
        members
    }

    /// What a member is called, told apart from others of that name; empty until their name came.
    pub(in crate::client) fn name(&self, member: &MemberId) -> String {
        self.shown.get(member).cloned().unwrap_or_default()
    }

    /// The name that a member chose.
    pub(in crate::client) fn chosen(&self, member: &MemberId) -> String {
        self.members.get(member).cloned().unwrap_or_default()
    }

    /// Whose an actor is.
    pub(in crate::client) fn member_of(&self, actor: &ActorId) -> Option<MemberId> {
        self.actors.get(actor).copied()
    }

    /// Whether a member was taken out since.
    pub(in crate::client) fn has_left(&self, member: &MemberId) -> bool {
        let mut devices = self.roster.entries().filter(|(_, entry)| entry.member == *member).peekable();
        devices.peek().is_some() && devices.all(|(_, entry)| entry.now().state == MemberState::Removed)
    }

    /// The id and name behind an actor; both empty when it is not known.
    pub(in crate::client) fn author(&self, actor: &ActorId) -> (String, String) {
        let member = self.member_of(actor);
        member.map_or_else(Default::default, |member| (member.to_string(), self.name(&member)))
    }

    /// Who hid something, and when.
    pub(in crate::client) fn hidden(&self, hidden: &Hidden) -> view::Hidden {
        let (by, name) = self.author(&hidden.by);
        view::Hidden { by, name, at_ms: hidden.at.0 }
    }

    /// What people wrote at one place at the same time, each with who it was.
    pub(in crate::client) fn candidates(&self, register: &Register) -> impl Iterator<Item = view::Candidate> {
        register.candidates.iter().map(|candidate| {
            let (author, author_name) = self.author(&candidate.author);
            view::Candidate { value: candidate.value.clone(), author, author_name }
        })
    }

    /// The same where it is more than one thing.
    pub(in crate::client) fn contested(&self, register: &Register) -> Vec<view::Candidate> {
        if register.is_contested() { self.candidates(register).collect() } else { Vec::new() }
    }

    pub(in crate::client) fn member(&self, member: &MemberId, role: Role, me: &MemberId) -> view::Member {
        view::Member {
            member: member.to_string(),
            name: self.name(member),
            role,
            me: member == me,
            names: self.contested.get(member).cloned().unwrap_or_default(),
        }
    }
}

/// Leaves of one member's names those that none of the others was written after.
fn at_the_same_time(handle: &Handle, names: &mut Vec<MemberName>) {
    let knew = |of: &MemberName, other: &MemberName| handle.knew_name(&of.author, &other.author);
    let is_old = |name: &MemberName| names.iter().any(|other| knew(other, name) && !knew(name, other));
    let old: Vec<ActorId> = names.iter().filter(|name| is_old(name)).map(|name| name.author).collect();
    names.retain(|name| !old.contains(&name.author));
}
