/// A value as a shell has it from a page.
pub trait Given: Sized {
    /// A field of an object; an absent value when there is none, or no object.
    #[must_use]
    fn field(&self, name: &'static str) -> Self;
    /// Whether it is null or not there.
    #[must_use]
    fn is_absent(&self) -> bool;
    /// Its text, if it is one.
    #[must_use]
    fn text(&self) -> Option<String>;
    /// Its number, if it is one.
    #[must_use]
    fn number(&self) -> Option<f64>;
    /// Its truth value, if it is one.
    #[must_use]
    fn flag(&self) -> Option<bool>;
    /// What is in a list, if it is one.
    #[must_use]
    fn list(&self) -> Option<Vec<Self>>;
}

/// The field that is missing, or is none of what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is missing or of the wrong kind")]
pub struct BadField(pub &'static str);

impl BadField {
    /// The value itself, whose name is known to whoever asked for it.
    pub(crate) const HERE: Self = Self("");

    fn or_named(self, name: &'static str) -> Self {
        if self == Self::HERE { Self(name) } else { self }
    }
}

/// What can be read from a page.
pub trait FromPage: Sized {
    /// The value, when it is one.
    ///
    /// # Errors
    /// The innermost field that is missing or wrong.
    fn read<G: Given>(given: &G) -> Result<Self, BadField>;
}

/// A field of an object.
pub(crate) fn field<T: FromPage, G: Given>(given: &G, name: &'static str) -> Result<T, BadField> {
    T::read(&given.field(name)).map_err(|bad| bad.or_named(name))
}

/// A field that may be left out: its type's default then.
pub(crate) fn optional<T: FromPage + Default, G: Given>(given: &G, name: &'static str) -> Result<T, BadField> {
    field(given, name).map(|found: Option<T>| found.unwrap_or_default())
}

/// The place of a text among names.
pub(crate) fn one_of<G: Given>(given: &G, names: &[&str]) -> Result<usize, BadField> {
    let text = given.text().ok_or(BadField::HERE)?;
    names.iter().position(|name| *name == text).ok_or(BadField::HERE)
}

/// The place among names of what an object's tag says.
pub(crate) fn case_of<G: Given>(given: &G, tag: &'static str, names: &[&str]) -> Result<usize, BadField> {
    one_of(&given.field(tag), names).map_err(|_| BadField(tag))
}

impl FromPage for String {
    fn read<G: Given>(given: &G) -> Result<Self, BadField> {
        given.text().ok_or(BadField::HERE)
    }
}

impl FromPage for bool {
    fn read<G: Given>(given: &G) -> Result<Self, BadField> {
        given.flag().ok_or(BadField::HERE)
    }
}

impl<T: FromPage> FromPage for Option<T> {
    fn read<G: Given>(given: &G) -> Result<Self, BadField> {
        if given.is_absent() { Ok(None) } else { T::read(given).map(Some) }
    }
}

impl<T: FromPage> FromPage for Vec<T> {
    fn read<G: Given>(given: &G) -> Result<Self, BadField> {
        given.list().ok_or(BadField::HERE)?.iter().map(T::read).collect()
    }
}

/// A whole number that is exact in JavaScript and not above `max`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just before")]
fn whole<G: Given>(given: &G, max: u64) -> Result<u64, BadField> {
    const SAFE_INTEGER_MAX: f64 = 9_007_199_254_740_991.0;
    let number = given.number().filter(|number| number.fract() == 0.0 && (0.0..=SAFE_INTEGER_MAX).contains(number));
    number.map(|number| number as u64).filter(|number| *number <= max).ok_or(BadField::HERE)
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl FromPage for $number {
            #[allow(clippy::cast_possible_truncation, reason = "not above its maximum")]
            fn read<G: Given>(given: &G) -> Result<Self, BadField> {
                whole(given, <$number>::MAX as u64).map(|number| number as $number)
            }
        })+
    };
}

numbers!(u8, u32, u64, usize);
