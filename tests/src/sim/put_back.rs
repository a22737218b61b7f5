//! Phones that are put back to an earlier state of themselves, and copies that go on beside them for a while.

use crate::hub::ORIGIN;
use crate::phone::Shell;

use super::deed::Token;
use super::earlier::Earlier;
use super::world::{SimPhone, World, at};

/// Earlier states that are kept of a phone.
const KEPT_MAX: usize = 4;
/// Phones that go on as others, at most, at one time.
const COPIES_MAX: usize = 2;

impl World {
    /// One phone is kept, put back or copied, or one of two that are the same ends.
    pub(super) fn disturb_phone(&mut self) {
        let number = self.somebody();
        match self.seed.below(8) {
            0..=3 => self.keep(number),
            4 | 5 => self.put_back(number),
            6 => self.copy(number),
            _ => self.end_copy(),
        }
    }

    fn keep(&mut self, number: usize) {
        let phone = &mut self.phones[number];
        let earlier = Earlier { store: phone.shell.store.clone(), unsafe_yet: phone.unsafe_yet.clone() };
        phone.kept.push(earlier);
        if phone.kept.len() > KEPT_MAX {
            phone.kept.remove(0);
        }
        self.note(format!("phone {number} is kept as it is"));
    }

    fn put_back(&mut self, number: usize) {
        let entropy = self.seed.bytes_32();
        let which = self.seed.below(self.phones[number].kept.len());
        let now = at(self.now, self.phones[number].skew_ms);
        let phone = &mut self.phones[number];
        let Some(earlier) = phone.kept.get(which) else { return };
        let unsafe_yet = earlier.unsafe_yet.clone();
        let lost: Vec<Token> = phone.unsafe_yet.difference(&unsafe_yet).cloned().collect();
        phone.shell = Shell::start(earlier.store.clone(), entropy, ORIGIN, now);
        (phone.life, phone.asked, phone.unsafe_yet) = (phone.life + 1, None, unsafe_yet);
        phone.notes.clear();
        self.lose(&lost);
        self.weaken(number);
        self.put_backs += 1;
        self.note(format!("phone {number} is put back"));
    }

    /// What only this phone had may be gone with it.
    fn lose(&mut self, lost: &[Token]) {
        let elsewhere =
            |token: &Token| self.phones.iter().any(|phone| !phone.ended && phone.unsafe_yet.contains(token));
        let gone: Vec<&Token> = lost.iter().filter(|token| !elsewhere(token)).collect();
        for token in gone {
            self.promised.remove(token);
        }
    }

    fn copy(&mut self, number: usize) {
        let copies = self.phones.iter().filter(|phone| phone.copy_of.is_some() && !phone.ended).count();
        if copies >= COPIES_MAX {
            return;
        }
        let entropy = self.seed.bytes_32();
        let original = &self.phones[number];
        let now = at(self.now, original.skew_ms);
        let copy = SimPhone {
            shell: Shell::start(original.shell.store.clone(), entropy, ORIGIN, now),
            life: 0,
            skew_ms: original.skew_ms,
            member: original.member.clone(),
            name: original.name.clone(),
            threads: original.threads.clone(),
            notes: Vec::new(),
            messages: original.messages.clone(),
            strategies: Vec::new(),
            asked: None,
            kept: Vec::new(),
            unsafe_yet: original.unsafe_yet.clone(),
            copy_of: Some(number),
            ended: false,
            weak: 0,
        };
        self.phones.push(copy);
        self.weaken(self.phones.len() - 1);
        self.put_backs += 1;
        self.note(format!("phone {number} is copied"));
    }

    /// A copy ends, or what it is a copy of.
    pub(super) fn end_copy(&mut self) {
        let is_pair = |(_, phone): &(usize, &SimPhone)| {
            !phone.ended && phone.copy_of.is_some_and(|original| !self.phones[original].ended)
        };
        let Some((copy, original)) =
            self.phones.iter().enumerate().find(is_pair).and_then(|(at, phone)| Some((at, phone.copy_of?)))
        else {
            return;
        };
        let number = if self.seed.percent(50) { copy } else { original };
        let phone = &mut self.phones[number];
        phone.ended = true;
        phone.shell.online = false;
        phone.asked = None;
        let lost: Vec<Token> = phone.unsafe_yet.iter().cloned().collect();
        self.lose(&lost);
        self.note(format!("phone {number} ends"));
    }
}
