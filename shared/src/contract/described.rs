/// What TypeScript calls a type, and how it is declared where that has not been said elsewhere.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A truth value.
    Flag,
    /// Null, always.
    Null,
    /// An id: a text that has a name of its own.
    Id(&'static str),
    /// A list of such.
    List(Box<Shape>),
    /// Such, or null.
    Nullable(Box<Shape>),
    /// A type of the contract, by its name in TypeScript.
    Declared(&'static str, fn() -> Declaration),
    /// As it is written in TypeScript, of what it is underneath.
    Written(&'static str, Box<Shape>),
}

/// A type of the contract.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// In TypeScript.
    pub name: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// The Rust module that declares it.
    pub module: &'static str,
    /// What its values are.
    pub form: Form,
}

/// What the values of a type are.
#[derive(Clone, Debug)]
pub enum Form {
    /// Objects with these fields.
    Record(Vec<Field>),
    /// One of these texts.
    Names(Vec<Case>),
    /// Objects, told apart by a field.
    Tagged {
        /// The field's name.
        tag: &'static str,
        /// In the order declared.
        cases: Vec<Case>,
    },
    /// One of these, told apart by nothing.
    Untagged(Vec<Shape>),
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// In TypeScript.
    pub name: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// It may be left out.
    pub optional: bool,
    /// It may be left out where TypeScript says so by another type: `Omit<Note, 'spans'>`.
    pub omitted: bool,
}

/// A name of an enum, with what goes with it.
#[derive(Clone, Debug)]
pub struct Case {
    /// In TypeScript.
    pub name: String,
    /// Its doc comment.
    pub docs: &'static str,
    /// In the place of a name: those of another enum.
    pub within: Option<Shape>,
    /// Beside the tag.
    pub fields: Vec<Field>,
    /// Of a command: what a page gets for it.
    pub reply: Option<Shape>,
    /// Of a command: it changes nothing.
    pub reads: bool,
    /// Of a command: the document that its reply tells is open to the page from then on.
    pub opens: bool,
    /// Of a command: the document that it names is not open to the page any more.
    pub closes: bool,
    /// Of a command or an edit: done a second time it would add twice, or be refused where it was done; and how it is
    /// answered then.
    pub once: Option<&'static str>,
}

impl Case {
    /// A name that goes with nothing.
    #[must_use]
    pub fn named(name: String) -> Self {
        Self {
            name,
            docs: "",
            within: None,
            fields: Vec::new(),
            reply: None,
            reads: false,
            opens: false,
            closes: false,
            once: None,
        }
    }
}

/// What says of itself what its values are.
pub trait Described {
    /// What it is.
    fn shape() -> Shape;
}

macro_rules! described {
    ($($shape:ident: $($name:ty),+;)+) => {
        $($(impl Described for $name {
            fn shape() -> Shape {
                Shape::$shape
            }
        })+)+
    };
}

described! {
    Text: String;
    Flag: bool;
    Number: u8, u32, u64, usize, i64, f64;
    Null: ();
}

impl<T: Described> Described for Option<T> {
    fn shape() -> Shape {
        Shape::Nullable(Box::new(T::shape()))
    }
}

impl<T: Described> Described for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

impl<T: Described> Described for Box<T> {
    fn shape() -> Shape {
        T::shape()
    }
}
