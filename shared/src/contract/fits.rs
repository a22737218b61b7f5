//! Whether a value is what a type's description says.

use serde_json::Value;

use super::{Case, Field, Form, Shape};

impl Shape {
    /// Holds a value against the description.
    ///
    /// # Errors
    /// What does not fit, by its place in the value.
    pub fn fits(&self, value: &Value) -> Result<(), String> {
        let is = |fits: bool, what: &str| if fits { Ok(()) } else { Err(format!("{value} is not {what}")) };
        match self {
            Self::Text | Self::Id(_) => is(value.is_string(), "a text"),
            Self::Number => is(value.is_number(), "a number"),
            Self::Flag => is(value.is_boolean(), "true or false"),
            Self::Null => is(value.is_null(), "null"),
            Self::Nullable(_) if value.is_null() => Ok(()),
            Self::Nullable(inner) | Self::Written(_, inner) => inner.fits(value),
            Self::List(item) => match value.as_array() {
                Some(items) => items.iter().try_for_each(|value| item.fits(value)),
                None => is(false, "a list"),
            },
            Self::Declared(name, declare) => declare().form.fits(value).map_err(|why| format!("{name}: {why}")),
        }
    }

    /// Whether it may be null.
    fn is_nullable(&self) -> bool {
        match self {
            Self::Nullable(_) => true,
            Self::Written(_, inner) => inner.is_nullable(),
            _ => false,
        }
    }
}

impl Form {
    fn fits(&self, value: &Value) -> Result<(), String> {
        match self {
            Self::Record(fields) => fits_fields(fields, None, value),
            Self::Names(cases) => {
                let is_it = |case: &Case| match &case.within {
                    Some(within) => within.fits(value).is_ok(),
                    None => value == case.name.as_str(),
                };
                if cases.iter().any(is_it) { Ok(()) } else { Err(format!("{value} is none of the names")) }
            }
            Self::Tagged { tag, cases } => {
                let case = cases.iter().find(|case| value[*tag] == case.name.as_str());
                let case = case.ok_or_else(|| format!("{tag}: {} is none of the names", value[*tag]))?;
                fits_fields(&case.fields, Some(tag), value).map_err(|why| format!("{}: {why}", case.name))
            }
            Self::Untagged(shapes) => {
                let fits = shapes.iter().any(|shape| shape.fits(value).is_ok());
                if fits { Ok(()) } else { Err(format!("{value} is none of what it may be")) }
            }
        }
    }
}

fn fits_fields(fields: &[Field], tag: Option<&str>, value: &Value) -> Result<(), String> {
    let object = value.as_object().ok_or_else(|| format!("{value} is not an object"))?;
    let is_known = |name: &str| Some(name) == tag || fields.iter().any(|field| field.name == name);
    if let Some(name) = object.keys().find(|name| !is_known(name)) {
        return Err(format!("`{name}` is no field of it"));
    }
    fields.iter().try_for_each(|field| match object.get(field.name) {
        Some(value) => field.shape.fits(value).map_err(|why| format!("`{}`: {why}", field.name)),
        None if field.optional || field.omitted || field.shape.is_nullable() => Ok(()),
        None => Err(format!("`{}` is missing", field.name)),
    })
}
