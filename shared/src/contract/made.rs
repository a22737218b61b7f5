/// A value as a shell hands it to a page.
pub trait Made: Sized {
    /// Nothing, said in full.
    #[must_use]
    fn null() -> Self;
    /// A text.
    #[must_use]
    fn text(text: &str) -> Self;
    /// A truth value.
    #[must_use]
    fn flag(flag: bool) -> Self;
    /// A number without a fraction; JavaScript is exact to 2^53.
    #[must_use]
    fn whole(number: i64) -> Self;
    /// Any other number.
    #[must_use]
    fn fraction(number: f64) -> Self;
    /// A list.
    #[must_use]
    fn list(items: impl Iterator<Item = Self>) -> Self;
    /// An object without fields.
    #[must_use]
    fn object() -> Self;
    /// Gives an object a field.
    fn set(&mut self, name: &'static str, value: Self);
}

/// What a page can be given.
pub trait ToPage {
    /// It, as a shell hands it over.
    fn write<M: Made>(&self) -> M;
}

impl ToPage for String {
    fn write<M: Made>(&self) -> M {
        M::text(self)
    }
}

impl ToPage for bool {
    fn write<M: Made>(&self) -> M {
        M::flag(*self)
    }
}

impl ToPage for f64 {
    fn write<M: Made>(&self) -> M {
        M::fraction(*self)
    }
}

impl<T: ToPage> ToPage for Option<T> {
    fn write<M: Made>(&self) -> M {
        self.as_ref().map_or_else(M::null, T::write)
    }
}

impl<T: ToPage> ToPage for Vec<T> {
    fn write<M: Made>(&self) -> M {
        M::list(self.iter().map(T::write))
    }
}

impl<T: ToPage> ToPage for Box<T> {
    fn write<M: Made>(&self) -> M {
        (**self).write()
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl ToPage for $number {
            fn write<M: Made>(&self) -> M {
                M::whole(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        })+
    };
}

numbers!(u8, u32, u64, usize, i64);
