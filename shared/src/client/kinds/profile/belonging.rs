//! What a circle agreed on, who agreed, who does what, and how it begins and ends when it meets.

use crate::document::{Agreed, ItemId, ProfileView};
use crate::ids::{ActorId, AgreementDigest, CircleId, MemberId};

use super::helplines::{texts, values};
use super::names::Names;
use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine};
use crate::client::view::{self, ItemField};

impl Engine {
    pub(in crate::client) fn agree(&mut self, id: CommandId, circle: CircleId, to: Option<AgreementDigest>) -> Attempt {
        self.names(&circle)?;
        let to = to.unwrap_or(AgreementDigest::NONE);
        let commit = self.edit_profile(&circle, |handle, now| handle.agree(&to, now))?;
        self.finish_circle(id, circle, commit)
    }

    /// What of the agreement changed since this phone's person agreed to it; none while they never did, or do.
    pub(super) fn agreement_changes(
        &self,
        circle: &CircleId,
        names: &Names,
        profile: &ProfileView,
        me: &MemberId,
    ) -> Option<Vec<view::LineChange>> {
        let said = last_said(names, profile, me).filter(|said| said.to != AgreementDigest::NONE)?;
        if said.to == profile.agreement_digest() {
            return None;
        }
        let open = self.documents.get(&super::document().id(circle))?;
        let mut before = open.handle.agreement_then(&said.author);
        let first = [(None, &profile.agreement.value)];
        let now = first.into_iter().chain(profile.lines.iter().map(|line| (Some(&line.item), &line.text.value)));
        let mut changes = Vec::new();
        let change = |item: Option<&ItemId>, before: String, now: String| {
            let item = item.map(ToString::to_string).unwrap_or_default();
            (before != now).then_some(view::LineChange { item, before, now })
        };
        for (item, now) in now {
            let then = before.iter().position(|(known, _)| known.as_ref() == item).map(|at| before.remove(at).1);
            changes.extend(change(item, then.unwrap_or_default(), now.clone()));
        }
        changes.extend(before.into_iter().filter_map(|(item, text)| change(item.as_ref(), text, String::new())));
        Some(changes)
    }
}

/// Of what a member's devices said, what counts: what was said last.
fn last_said<'a>(names: &Names, profile: &'a ProfileView, member: &MemberId) -> Option<&'a Agreed> {
    let own = profile.agreed.iter().filter(|one| names.member_of(&one.author) == Some(*member));
    own.max_by_key(|one| (one.said, one.author))
}

/// The agreement's lines, the text that circles had before them first.
pub(super) fn lines(names: &Names, profile: &ProfileView) -> Vec<view::AgreementLine> {
    let first = [(String::new(), &profile.agreement)].into_iter().filter(|(_, text)| !text.value.is_empty());
    let all = first.chain(profile.lines.iter().map(|line| (line.item.to_string(), &line.text)));
    let shown = all.map(|(item, text)| view::AgreementLine {
        item,
        text: text.value.clone(),
        contested: names.contested(text),
    });
    shown.collect()
}

/// What names exactly what these lines say; none while there are none.
pub(super) fn digest(profile: &ProfileView) -> Option<String> {
    let digest = profile.agreement_digest();
    (digest != AgreementDigest::NONE).then(|| digest.to_string())
}

/// Who of those who are here agreed to exactly this.
pub(super) fn agreed(names: &Names, profile: &ProfileView) -> Vec<String> {
    let digest = profile.agreement_digest();
    let members = names.members();
    let agrees = |member: &MemberId| last_said(names, profile, member).is_some_and(|said| said.to == digest);
    let agreed = members
        .into_iter()
        .map(|(member, _)| member)
        .filter(|member| digest != AgreementDigest::NONE && agrees(member));
    agreed.map(|member| member.to_string()).collect()
}

/// Who does what. A role of somebody who is not here any more is nobody's.
pub(super) fn roles(names: &Names, profile: &ProfileView) -> Vec<view::CircleRole> {
    let shown = profile.roles.iter().map(|role| {
        let mut contested = texts(names, &role.name, ItemField::Name);
        let members: Vec<(String, ActorId)> =
            role.member.iter().map(|(member, author)| (member.to_string(), *author)).collect();
        contested.extend(values(names, &members, ItemField::Member));
        let here = names.members();
        let member = role.member.first().map(|(member, _)| member).filter(|member| here.contains_key(member));
        view::CircleRole {
            item: role.item.to_string(),
            name: role.name.value.clone(),
            member_name: member.map(|member| names.name(member)).unwrap_or_default(),
            member: member.map(ToString::to_string),
            contested,
        }
    });
    shown.collect()
}

/// How the circle begins and ends, where people said so in several ways at the same time.
pub(super) fn contested(names: &Names, profile: &ProfileView) -> Vec<view::Contested> {
    let mut all = texts(names, &profile.opening, ItemField::Opening);
    all.extend(texts(names, &profile.closing, ItemField::Closing));
    all
}
