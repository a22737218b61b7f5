use serde_json::{Value, json};

use super::{Command, NoteEdit};
use crate::client::{Problem, ProblemCode};
use crate::contract::{BadField, Case, Described, Field, Form, FromPage, Shape};

fn cases_of(shape: &Shape) -> (&'static str, Vec<Case>) {
    let Shape::Declared(_, declare) = shape else { panic!("{shape:?}") };
    match declare().form {
        Form::Tagged { tag, cases } => (tag, cases),
        form => panic!("{form:?}"),
    }
}

/// A value that such a field may have.
fn sample(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!("text"),
        Shape::Number => json!(1),
        Shape::Flag => json!(true),
        Shape::Null => Value::Null,
        Shape::Id("ThreadId") => json!("0".repeat(16)),
        Shape::Id("AgreementDigest" | "DeviceId" | "InviteKey" | "StatementId") => json!("0".repeat(64)),
        Shape::Id("ItemId") => json!("000000aaaaaaaa"),
        Shape::Id(_) => json!("0".repeat(32)),
        Shape::List(item) => json!([sample(item)]),
        Shape::Nullable(inner) | Shape::Written(_, inner) => sample(inner),
        Shape::Declared(_, declare) => match declare().form {
            Form::Record(fields) => object(None, &fields),
            Form::Names(cases) => json!(cases[0].name),
            Form::Tagged { tag, cases } => object(Some((tag, &cases[0].name)), &cases[0].fields),
            Form::Untagged(_) => Value::Null,
        },
    }
}

fn object(tag: Option<(&str, &str)>, fields: &[Field]) -> Value {
    let mut made = json!({});
    if let Some((tag, name)) = tag {
        made[tag] = json!(name);
    }
    for field in fields {
        made[field.name] = sample(&field.shape);
    }
    made
}

/// The field that is missed of an object in which there is nothing.
fn first_inside(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::List(inner) | Shape::Nullable(inner) | Shape::Written(_, inner) => first_inside(inner),
        Shape::Declared(_, declare) => match declare().form {
            Form::Record(fields) => fields.first().map(|field| field.name),
            Form::Tagged { tag, .. } => Some(tag),
            Form::Names(_) | Form::Untagged(_) => None,
        },
        _ => None,
    }
}

/// Reads every case as it is described, and without each of its fields, and with each of them wrong.
fn every_case_is_read_as_described<T: FromPage + Described>() {
    let (tag, cases) = cases_of(&T::shape());
    for case in cases {
        let whole = object(Some((tag, &case.name)), &case.fields);
        assert!(T::read(&&whole).is_ok(), "{whole}");
        for field in &case.fields {
            let (mut without, mut wrong) = (whole.clone(), whole.clone());
            if let Some(fields) = without.as_object_mut() {
                fields.remove(field.name);
            }
            wrong[field.name] = json!([{}]);
            let may_lack = field.optional || matches!(field.shape, Shape::Nullable(_));
            let may_lack =
                may_lack || matches!(&field.shape, Shape::Written(_, inner) if matches!(**inner, Shape::Nullable(_)));
            let named = |read: Result<T, BadField>| read.err().map(|bad| bad.0);
            let inside = first_inside(&field.shape);
            let is_it = |name: Option<&str>| name == Some(field.name) || (name.is_some() && name == inside);
            assert_eq!(named(T::read(&&without)).is_none(), may_lack, "{without}");
            assert!(may_lack || is_it(named(T::read(&&without))), "{without}");
            assert!(is_it(named(T::read(&&wrong))), "{wrong}");
        }
    }
}

#[test]
fn every_command_and_every_edit_is_read_as_it_is_described() {
    every_case_is_read_as_described::<Command>();
    every_case_is_read_as_described::<NoteEdit>();
    every_case_is_read_as_described::<crate::document::BodyOp>();
}

#[test]
fn an_id_that_is_none_is_bad_input_by_the_name_of_its_field() {
    let item = json!({"cmd": "editNote", "document": "0".repeat(32), "edit": {"edit": "agendaRemove", "item": "1"}});
    let also = json!({"cmd": "remove", "circle": "0".repeat(32), "member": "0".repeat(32), "also": ["me"]});
    for (command, field) in [
        (json!({"cmd": "circle", "circle": "what"}), "circle"),
        (json!({"cmd": "openNote", "document": "0".repeat(16)}), "document"),
        (item, "item"),
        (also, "also"),
        (json!({"cmd": "fly"}), "cmd"),
        (json!([]), "cmd"),
    ] {
        let bad = Command::read(&&command).unwrap_err();
        let problem = Problem::from(bad);
        assert_eq!((bad, problem.code), (BadField(field), ProblemCode::BadInput), "{command}");
        assert!(problem.detail.contains(&format!("`{field}`")), "{}", problem.detail);
    }
}

#[test]
fn a_number_is_whole_and_within_its_bounds() {
    let note = |day: Value, ordinal: Value| {
        let command =
            json!({"cmd": "createNote", "circle": "0".repeat(32), "day": day, "ordinal": ordinal, "title": ""});
        Command::read(&&command).map_err(|bad| bad.0)
    };
    assert!(note(json!(4_294_967_295_u32), json!(255)).is_ok());
    for day in [json!(4_294_967_296_u64), json!(-1), json!(0.5), json!("1"), json!(1e300), Value::Null] {
        assert_eq!(note(day.clone(), json!(0)), Err("day"), "{day}");
    }
    assert_eq!(note(json!(0), json!(256)), Err("ordinal"));
}

#[test]
fn a_line_of_json_with_a_field_that_is_none_is_refused() {
    let read = |command: Value| serde_json::from_value::<Command>(command);
    assert_eq!(read(json!({"cmd": "flush"})).unwrap(), Command::Flush);
    let error = read(json!({"cmd": "flush", "documnet": "0"})).unwrap_err().to_string();
    assert!(error.contains("`documnet`"), "{error}");
}
