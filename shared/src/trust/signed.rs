//! What somebody signed: closed until its signatures are checked. The idea is subduction's: what is not verified can't
//! be used, by type.

use core::ops::Deref;

/// What carries signatures, and what they have to fit.
pub trait Check {
    /// What the signatures are held against: a key, or who is in a circle.
    type Against<'a>;
    /// Why they do not fit.
    type Problem;

    /// Holds all signatures in it against that.
    ///
    /// # Errors
    /// Which does not fit, or whose key is not known.
    fn check(&self, against: Self::Against<'_>) -> Result<(), Self::Problem>;
}

/// What came from outside, with its signatures unchecked. Of what it says nothing can be read but what its check
/// needs: such a method's name begins with `claimed`.
///
/// A head that nobody checked is no place to go on from:
///
/// ```compile_fail,E0609
/// fn position(head: kith_shared::trust::Signed<kith_shared::trust::ChainHead>) -> u64 {
///     head.last.position
/// }
/// ```
///
/// ```
/// fn position(head: kith_shared::trust::Verified<kith_shared::trust::ChainHead>) -> u64 {
///     head.last.position
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<T>(T);

/// What was checked: read as what it holds.
///
/// No chain takes a statement that was not:
///
/// ```compile_fail,E0308
/// use kith_shared::trust::{Chain, Signed, Statement};
/// fn admit(chain: &mut Chain, statement: &Signed<Statement>) {
///     let _ = chain.admit(statement, kith_shared::time::TimestampMs(0));
/// }
/// ```
///
/// ```
/// use kith_shared::trust::{Chain, Signed, Statement};
/// fn admit(chain: &mut Chain, statement: Signed<Statement>) {
///     let Ok(statement) = chain.verify(statement) else { return };
///     let _ = chain.admit(&statement, kith_shared::time::TimestampMs(0));
/// }
/// ```
///
/// And nobody but this module says that something was:
///
/// ```compile_fail,E0423
/// use kith_shared::trust::{ChainHead, Verified};
/// fn believed(head: ChainHead) -> Verified<ChainHead> {
///     Verified(head)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Signed<T> {
    /// Closes what was put together from what came.
    #[must_use]
    pub fn new(content: T) -> Self {
        Self(content)
    }

    /// What it says of itself, for its check and its encoding.
    pub(crate) fn claimed(&self) -> &T {
        &self.0
    }

    /// Opens it, if all signatures in it fit.
    ///
    /// # Errors
    /// Which does not.
    pub fn verify(self, against: T::Against<'_>) -> Result<Verified<T>, T::Problem>
    where
        T: Check,
    {
        self.verify_by(|content| content.check(against))
    }

    /// The same by another check than its kind's own.
    pub(super) fn verify_by<E>(self, check: impl FnOnce(&T) -> Result<(), E>) -> Result<Verified<T>, E> {
        check(&self.0).map(|()| Verified(self.0))
    }
}

impl<T> Verified<T> {
    /// What this device's own store holds: it was checked before it was written there, and nobody else writes there. The
    /// one way past a check; `tests/tidy/verified.rs` says where it is gone.
    #[must_use]
    pub fn from_own_store(stored: Signed<T>) -> Self {
        Self(stored.0)
    }

    /// What this device signed a moment ago.
    pub(super) fn from_own_hand(content: T) -> Self {
        Self(content)
    }

    /// As it is handed on, for others to check.
    #[must_use]
    pub fn to_signed(&self) -> Signed<T>
    where
        T: Clone,
    {
        Signed(self.0.clone())
    }

    /// What was checked.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
