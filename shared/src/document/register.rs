use automerge::{AutoCommit, ObjId, ReadDoc, ScalarValue, Value};

use crate::ids::ActorId;

/// One value that someone wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The value.
    pub value: String,
    /// Who wrote it.
    pub author: ActorId,
}

/// A single-value text field. People who write at the same time leave several candidates, which all stay
/// visible until someone chooses by writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The value to show: the first candidate's, empty when there is none.
    pub value: String,
    /// All values, the winning one first. More than one means people wrote at the same time.
    pub candidates: Vec<Candidate>,
}

impl Register {
    /// Whether people wrote different values at the same time and nobody has chosen yet.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.candidates.len() > 1
    }

    pub(super) fn read(doc: &AutoCommit, object: &ObjId, key: &str) -> Self {
        let texts = all_scalars(doc, object, key).into_iter().filter_map(|(value, author, _)| match value {
            ScalarValue::Str(value) => Some(Candidate { value: value.to_string(), author }),
            _ => None,
        });
        let mut ranked: Vec<(usize, Candidate)> = texts.enumerate().collect();
        ranked.sort_by(|(rank, one), (other_rank, other)| (&one.value, rank).cmp(&(&other.value, other_rank)));
        ranked.dedup_by(|(_, later), (_, first)| later.value == first.value);
        ranked.sort_unstable_by_key(|(rank, _)| *rank);
        let candidates: Vec<Candidate> = ranked.into_iter().map(|(_, candidate)| candidate).collect();
        let value = candidates.first().map(|candidate| candidate.value.clone()).unwrap_or_default();
        Self { value, candidates }
    }
}

/// The scalar values at a key, with who wrote them and at which op counter; the winning one first.
pub(super) fn all_scalars(doc: &AutoCommit, object: &ObjId, key: &str) -> Vec<(ScalarValue, ActorId, u64)> {
    let all = doc.get_all(object, key).unwrap_or_default();
    let scalars = all.into_iter().rev().filter_map(|(value, id)| match value {
        Value::Scalar(value) => author_of(&id).map(|(author, counter)| (value.into_owned(), author, counter)),
        Value::Object(_) => None,
    });
    scalars.collect()
}

/// The different values at a key that can be read, with who wrote them; the winning one first.
pub(super) fn distinct<T: PartialEq>(
    doc: &AutoCommit,
    object: &ObjId,
    key: &str,
    read: impl Fn(&ScalarValue) -> Option<T>,
) -> Vec<(T, ActorId)> {
    let mut values: Vec<(T, ActorId)> = Vec::new();
    for (value, author, _) in all_scalars(doc, object, key) {
        let Some(value) = read(&value) else { continue };
        if values.iter().all(|(known, _)| *known != value) {
            values.push((value, author));
        }
    }
    values
}

/// Who made the op, and its counter; `None` for actors that are not Kith's.
pub(super) fn author_of(id: &ObjId) -> Option<(ActorId, u64)> {
    match id {
        ObjId::Root => None,
        ObjId::Id(counter, actor, _) => ActorId::from_slice(actor.to_bytes()).map(|actor| (actor, *counter)),
    }
}
