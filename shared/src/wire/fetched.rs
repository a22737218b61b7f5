//! What a cursor says of itself.

/// Bytes of a cursor that says how far a circle was fetched.
const CURSOR_BYTES: usize = 48;

/// How many of a circle's entries a phone was given, of how many there are for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Given so far; at most all.
    pub done: u32,
    /// All that there are.
    pub all: u32,
}

impl Fetched {
    /// What a cursor says, which else is bytes to a phone: its last 8, while a new phone is given its circle; none of any
    /// other, and of one that claims more than all.
    #[must_use]
    pub fn of(cursor: &[u8]) -> Option<Self> {
        let (_, said) = cursor.split_last_chunk::<8>().filter(|_| cursor.len() == CURSOR_BYTES)?;
        let number = |at: usize| said.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
        let fetched = Self { done: number(0)?, all: number(4)? };
        (fetched.done <= fetched.all && fetched.all > 0).then_some(fetched)
    }

    /// As a cursor ends with it.
    #[must_use]
    pub(crate) fn encode(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&self.done.to_be_bytes());
        bytes[4..].copy_from_slice(&self.all.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_says_how_far_it_is_or_nothing() {
        let fetched = Fetched { done: 3, all: 70_000 };
        let cursor = [&[7; 40][..], &fetched.encode()].concat();
        assert_eq!(Fetched::of(&cursor), Some(fetched));
        for bad in [&[][..], &cursor[..47], &[&cursor[..], &[0]].concat(), &[0; 48], &[0xff; 16]] {
            assert_eq!(Fetched::of(bad), None, "{bad:?}");
        }
        let more = [&[7; 40][..], &Fetched { done: 4, all: 3 }.encode()].concat();
        assert_eq!(Fetched::of(&more), None);
    }
}
