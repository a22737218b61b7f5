//! Whom people can call, and what is to be known before some questions are asked, as the page is shown it.

use crate::document::{HelplineView, ProfileView, Register};
use crate::ids::ActorId;
use crate::trust::{Helpline, Helplines};

use super::names::Names;
use crate::client::view::{self, ItemField};

/// Those that facilitators entered, then the organisation's.
pub(super) fn shown(names: &Names, profile: &ProfileView, said: &Helplines) -> Vec<view::Helpline> {
    let entered = profile.helplines.iter().map(|line| entered(names, line));
    entered.chain(said.0.iter().map(by_organisation)).collect()
}

/// Who follows up, when both is said.
pub(super) fn follow_up(profile: &ProfileView) -> Option<view::FollowUp> {
    let (who, by) = (profile.follow_up.who.value.clone(), profile.follow_up.by.value.clone());
    (!who.is_empty() && !by.is_empty()).then_some(view::FollowUp { who, by })
}

/// What of this people decided in several ways at the same time.
pub(super) fn contested(names: &Names, profile: &ProfileView) -> Vec<view::Contested> {
    let mut all = texts(names, &profile.follow_up.who, ItemField::FollowUpWho);
    all.extend(texts(names, &profile.follow_up.by, ItemField::FollowUpBy));
    all.extend(values(names, &profile.about_alcohol, ItemField::AboutAlcohol));
    all
}

fn entered(names: &Names, line: &HelplineView) -> view::Helpline {
    let fields = [
        (&line.name, ItemField::Name),
        (&line.phone, ItemField::Phone),
        (&line.sms, ItemField::Sms),
        (&line.region, ItemField::Region),
        (&line.hours, ItemField::Hours),
        (&line.language, ItemField::Language),
    ];
    let mut contested: Vec<view::Contested> =
        fields.into_iter().flat_map(|(register, field)| texts(names, register, field)).collect();
    let days: Vec<(u32, ActorId)> = line.checked.iter().map(|(day, author)| (day.0, *author)).collect();
    contested.extend(values(names, &days, ItemField::Checked));
    view::Helpline {
        item: line.item.to_string(),
        name: line.name.value.clone(),
        phone: line.phone.value.clone(),
        sms: line.sms.value.clone(),
        region: line.region.value.clone(),
        hours: line.hours.value.clone(),
        language: line.language.value.clone(),
        checked: days.first().map(|(day, _)| *day),
        from_organisation: false,
        contested,
    }
}

fn by_organisation(line: &Helpline) -> view::Helpline {
    view::Helpline {
        item: String::new(),
        name: line.name.clone(),
        phone: line.phone.clone(),
        sms: line.sms.clone(),
        region: line.region.clone(),
        hours: line.hours.clone(),
        language: line.language.clone(),
        checked: line.checked.map(|day| day.0),
        from_organisation: true,
        contested: Vec::new(),
    }
}

pub(super) fn texts(names: &Names, register: &Register, field: ItemField) -> Vec<view::Contested> {
    let all: Vec<(&str, ActorId)> = register.candidates.iter().map(|one| (one.value.as_str(), one.author)).collect();
    values(names, &all, field)
}

/// All values of a field, when they are more than one.
pub(super) fn values<T: ToString>(names: &Names, all: &[(T, ActorId)], field: ItemField) -> Vec<view::Contested> {
    let several = all.iter().filter(|_| all.len() > 1).map(|(value, author)| {
        let (author, author_name) = names.author(author);
        view::Contested { field, value: value.to_string(), author, author_name }
    });
    several.collect()
}
