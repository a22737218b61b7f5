//! What passes between a page and the engine is declared once, as Rust types with `#[derive(Contract)]`. Here is how such
//! types are read from what a page gives ([`FromPage`]) and written for it ([`ToPage`]), the same code in WASM and
//! natively; a shell says only what a value is there ([`Given`], [`Made`]). `web/src/bridge/contract/` is written from what
//! [`Described`] says of them.

#[cfg(feature = "json")]
mod described;
#[cfg(feature = "json")]
mod fits;
mod given;
#[cfg(feature = "json")]
mod json;
mod made;

#[cfg(feature = "json")]
pub use described::{Case, Declaration, Described, Field, Form, Shape};
pub use given::{BadField, FromPage, Given};
pub(crate) use given::{case_of, field, one_of, optional};
pub use made::{Made, ToPage};

#[cfg(feature = "json")]
pub(crate) use json::{reads_by_serde, writes_by_serde};
pub(crate) use kith_contract_derive::Contract;

/// Has an id pass as its text.
macro_rules! passes_as_text {
    ($name:ident) => {
        impl crate::contract::FromPage for $name {
            fn read<G: crate::contract::Given>(given: &G) -> Result<Self, crate::contract::BadField> {
                crate::contract::FromPage::read(given)
                    .and_then(|text: String| text.parse().map_err(|_| crate::contract::BadField::HERE))
            }
        }

        impl crate::contract::ToPage for $name {
            fn write<M: crate::contract::Made>(&self) -> M {
                M::text(&self.to_string())
            }
        }

        #[cfg(feature = "json")]
        impl crate::contract::Described for $name {
            fn shape() -> crate::contract::Shape {
                crate::contract::Shape::Id(stringify!($name))
            }
        }
    };
}

pub(crate) use passes_as_text;
