use core::fmt;

use crate::ids::ActorId;

use super::problem::EditProblem;

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Characters of a 16-byte id in a key: base64url (RFC 4648 section 5) without padding.
pub(super) const ID_CHARS: usize = 22;
/// Digits that an op counter needs at most: 36^6 > 2^31.
const COUNTER_DIGITS: usize = 6;
const ITEM_ACTOR_CHARS: usize = 8;
const ITEM_CHARS: usize = COUNTER_DIGITS + ITEM_ACTOR_CHARS;

/// An item of an agenda or a commitment: the op counter it was made at, in base 36 with six digits, then the
/// first eight characters of its maker. Sorting by it gives the order in which people added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(String);

impl ItemId {
    pub(super) fn new(counter: u64, actor: &ActorId) -> Self {
        let mut id = String::with_capacity(ITEM_CHARS + 1);
        push_base36(&mut id, counter, COUNTER_DIGITS);
        id.push_str(&encode_id(&actor.0)[..ITEM_ACTOR_CHARS]);
        Self(id)
    }

    /// Whether it was added by this actor, as far as its id tells.
    pub(super) fn is_of(&self, actor: &ActorId) -> bool {
        self.0.ends_with(&encode_id(&actor.0)[..ITEM_ACTOR_CHARS])
    }

    /// The item that `text` names; `None` when it has not the form of one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (item, rest) = split_item(text)?;
        rest.is_empty().then(|| Self(item.to_owned()))
    }

    /// The id as text, 14 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of one of its fields.
    pub(super) fn field(&self, field: &str) -> String {
        let mut key = self.0.clone();
        key.push_str(field);
        key
    }
}

impl core::str::FromStr for ItemId {
    type Err = EditProblem;

    fn from_str(text: &str) -> Result<Self, EditProblem> {
        Self::parse(text).ok_or(EditProblem::Unknown)
    }
}

crate::contract::passes_as_text!(ItemId);

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Splits a key into its item and what follows.
pub(super) fn split_item(key: &str) -> Option<(&str, &str)> {
    let (item, rest) = key.split_at_checked(ITEM_CHARS)?;
    let (counter, actor) = item.split_at(COUNTER_DIGITS);
    let digits = counter.bytes().all(|byte| BASE36.contains(&byte));
    (digits && actor.bytes().all(|byte| BASE64URL.contains(&byte))).then_some((item, rest))
}

/// The op counter that a record's key ends with; the largest number when it does not.
pub(super) fn counter_of(key: &str) -> u64 {
    key.get(ID_CHARS..).and_then(|digits| u64::from_str_radix(digits, 36).ok()).unwrap_or(u64::MAX)
}

/// A message's key: its author's actor, then the op counter it was written at.
pub(super) fn message_key(actor: &ActorId, counter: u64) -> String {
    let mut key = encode_id(&actor.0);
    push_base36(&mut key, counter, 0);
    key
}

/// The author of the message with this key; `None` when it has not the form of one.
#[must_use]
pub fn message_author(key: &str) -> Option<ActorId> {
    message_op(key).map(|(author, _)| author)
}

/// The author of the message with this key, and the op that wrote it; `None` when it has not the form of one.
pub(super) fn message_op(key: &str) -> Option<(ActorId, u64)> {
    let (actor, counter) = split_id(key)?;
    let canonical = counter.len() <= COUNTER_DIGITS
        && !counter.starts_with('0')
        && counter.bytes().all(|byte| BASE36.contains(&byte));
    let op = u64::from_str_radix(counter, 36).ok().filter(|_| canonical)?;
    Some((ActorId(actor), op))
}

/// Splits a key into the 16-byte id that it begins with and what follows.
pub(super) fn split_id(key: &str) -> Option<([u8; 16], &str)> {
    let (id, rest) = key.split_at_checked(ID_CHARS)?;
    Some((decode_id(id)?, rest))
}

/// A 16-byte id as 22 characters.
pub(super) fn encode_id(id: &[u8; 16]) -> String {
    let mut text = String::with_capacity(ID_CHARS * 2 + COUNTER_DIGITS);
    for chunk in id.chunks(3) {
        let mut group = 0_u32;
        for (place, byte) in chunk.iter().enumerate() {
            group |= u32::from(*byte) << (16 - 8 * place);
        }
        for place in 0..=chunk.len() {
            text.push(char::from(BASE64URL[(group >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

/// The id in 22 characters, when they are the one form of it.
pub(super) fn decode_id(text: &str) -> Option<[u8; 16]> {
    let digits = text.as_bytes();
    if digits.len() != ID_CHARS {
        return None;
    }
    let mut id = [0; 16];
    let (mut bits, mut held, mut at) = (0_u32, 0, 0);
    for digit in digits {
        bits = bits << 6 | sextet(*digit)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            id[at] = (bits >> held) as u8;
            bits &= (1 << held) - 1;
            at += 1;
        }
    }
    (bits == 0).then_some(id)
}

fn sextet(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    }))
}

fn push_base36(text: &mut String, mut value: u64, width: usize) {
    let mut digits = Vec::with_capacity(13);
    while value > 0 || digits.len() < width.max(1) {
        digits.push(BASE36[(value % 36) as usize]);
        value /= 36;
    }
    text.extend(digits.iter().rev().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        for id in [[0; 16], [255; 16], *b"kith circle 1234"] {
            let text = encode_id(&id);
            assert_eq!(text.len(), ID_CHARS);
            assert_eq!(decode_id(&text), Some(id));
        }
        assert_eq!(encode_id(b"kith circle 1234"), "a2l0aCBjaXJjbGUgMTIzNA");
        assert_eq!(decode_id("a2l0aCBjaXJjbGUgMTIzNB"), None, "bits after the last byte");
        assert_eq!(decode_id("a2l0aCBjaXJjbGUgMTIz+A"), None);
    }

    #[test]
    fn a_message_key_tells_its_author() {
        let actor = ActorId([7; 16]);
        assert_eq!(message_key(&actor, 1_000), "BwcHBwcHBwcHBwcHBwcHBwrs");
        assert_eq!(message_op("BwcHBwcHBwcHBwcHBwcHBwrs"), Some((actor, 1_000)));
        for wrong in ["", "BwcHBwcHBwcHBwcHBwcHBw", "BwcHBwcHBwcHBwcHBwcHBw0rs", "BwcHBwcHBwcHBwcHBwcHBwRS", "é"] {
            assert_eq!(message_author(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn items_sort_by_the_time_of_adding() {
        let (early, late) = (ItemId::new(35, &ActorId([9; 16])), ItemId::new(36, &ActorId([1; 16])));
        assert!(early < late);
        assert_eq!(ItemId::parse(early.as_str()), Some(early));
        assert_eq!(ItemId::parse("00000ZAQEBAQEB"), None);
    }
}
