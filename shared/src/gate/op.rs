/// An op's id: counter and actor. The actor is borrowed from the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpId<'a> {
    /// Lamport counter.
    pub counter: u64,
    /// The actor's bytes.
    pub actor: &'a [u8],
}

/// The object that an op changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectId<'a> {
    /// The document's root map.
    Root,
    /// The object that this op made.
    Id(OpId<'a>),
}

/// The place within the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key<'a> {
    /// A key of a map.
    Map(&'a str),
    /// The start of a sequence.
    Head,
    /// An element of a sequence; for an insertion, the one to insert after.
    Element(OpId<'a>),
}

/// What an op does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Makes a map (a block, in a text).
    MakeMap,
    /// Sets a value.
    Put,
    /// Makes a list.
    MakeList,
    /// Removes what its predecessors set.
    Delete,
    /// Makes a text.
    MakeText,
    /// Adds to a counter.
    Increment,
    /// Makes a table. Kith has none.
    MakeTable,
    /// Begins or ends a mark on a text.
    Mark,
}

/// A scalar value, as Automerge's change format has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Null: how an Automerge value says that there is none.
    Null,
    /// A truth value.
    Boolean(bool),
    /// An unsigned number, of at most 64 bits.
    Uint(u64),
    /// A signed number, of at most 64 bits.
    Int(i64),
    /// 64-bit float.
    Float(f64),
    /// Text that is not edited.
    Text(&'a str),
    /// Bytes, as they stand in the change.
    Bytes(&'a [u8]),
    /// A counter's start.
    Counter(i64),
    /// Milliseconds since 1970 UTC.
    Timestamp(i64),
    /// A type that is not known.
    Unknown {
        /// Its number.
        kind: u8,
        /// Its bytes.
        bytes: &'a [u8],
    },
}

/// One op of a change. Its own id is the change's actor with `start_op` plus its place in the change.
#[derive(Clone, Debug, PartialEq)]
pub struct Op<'a> {
    /// What it changes.
    pub object: ObjectId<'a>,
    /// The place in the object that it writes to: a map's key, or an element of a list or text.
    pub key: Key<'a>,
    /// Whether it inserts a new element.
    pub insert: bool,
    /// What it does.
    pub action: Action,
    /// With which value.
    pub value: Scalar<'a>,
    /// The ops that it replaces.
    pub predecessors: Vec<OpId<'a>>,
    /// A mark's name; `None` at a mark's end and for other actions.
    pub mark_name: Option<&'a str>,
    /// Whether a mark grows with text typed at its edge.
    pub expand: bool,
}
