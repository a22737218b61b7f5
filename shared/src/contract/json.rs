//! A page that is a line of JSON: of the headless phone, the simulation and the tests.

use serde_json::{Map, Value};

use super::{Given, Made};

impl Given for &Value {
    fn field(&self, name: &'static str) -> Self {
        self.get(name).unwrap_or(&Value::Null)
    }

    fn is_absent(&self) -> bool {
        self.is_null()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn list(&self) -> Option<Vec<Self>> {
        self.as_array().map(|items| items.iter().collect())
    }
}

impl Made for Value {
    fn null() -> Self {
        Self::Null
    }

    fn text(text: &str) -> Self {
        text.into()
    }

    fn flag(flag: bool) -> Self {
        flag.into()
    }

    fn whole(number: i64) -> Self {
        number.into()
    }

    fn fraction(number: f64) -> Self {
        number.into()
    }

    fn list(items: impl Iterator<Item = Self>) -> Self {
        Self::Array(items.collect())
    }

    fn object() -> Self {
        Self::Object(Map::new())
    }

    fn set(&mut self, name: &'static str, value: Self) {
        self[name] = value;
    }
}

/// Has a type be read by serde natively, from what it is as JSON.
macro_rules! reads_by_serde {
    ($name:ty) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let given = serde_json::Value::deserialize(deserializer)?;
                let read = crate::contract::FromPage::read(&&given).map_err(serde::de::Error::custom)?;
                // Whoever types a line learns of a field that no page could give.
                let shape = <Self as crate::contract::Described>::shape();
                shape.fits(&given).map_err(serde::de::Error::custom)?;
                Ok(read)
            }
        }
    };
}

/// Has a type be written by serde natively, as what pages are given.
macro_rules! writes_by_serde {
    ($($name:ty),+ $(,)?) => {
        $(impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let made: serde_json::Value = crate::contract::ToPage::write(self);
                serde::Serialize::serialize(&made, serializer)
            }
        })+
    };
}

pub(crate) use {reads_by_serde, writes_by_serde};
