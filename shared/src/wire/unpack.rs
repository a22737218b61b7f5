use crate::codec::{DecodeError, Reader};
use crate::gate::{
    BODY_BYTES_MAX, CHANGE_ACTORS_MAX, CHANGE_BODIES_MAX, CHANGE_BYTES_MAX, CHANGE_DEPS_MAX, parse_change,
};
use crate::ids::DocumentName;
use crate::ids::{ActorId, CircleId, DeviceId, EntryId, Incarnation, RecordHash};
use crate::seal::SEALED_BYTES_MAX;
use crate::time::TimestampMs;
use crate::trust::{EntrySignature, Signature};

use super::pack::fits_again;
use super::page::{ADMITTED_VERSION, Fields, PAGE_VERSION, Past, Streams, expected, form, put_back, unfold};
use super::squeeze::unsqueeze;
use super::table::TableReader;
use super::{CURSOR_BYTES_MAX, Entry, EntryContent, PAGE_BYTES_MAX, PAGE_ENTRIES_MAX, PAGE_INFLATED_BYTES_MAX, Page};

const STRANGERS_MAX: usize = PAGE_INFLATED_BYTES_MAX / ActorId::LEN;
/// More than an entry has in a page beside its content and bodies: its signature, lost hash, name, device, actor and
/// dependencies.
const ENTRY_BESIDE_BYTES: usize = 512;
const DEPENDENCIES_MAX: usize = PAGE_INFLATED_BYTES_MAX / EntryId::LEN;

/// Reads a page and rebuilds each change's exact bytes.
///
/// # Errors
/// When it is malformed, inflates beyond its bound, or is of another version.
pub fn unpack_page(bytes: &[u8]) -> Result<Page, DecodeError> {
    unpack_page_behind(bytes, &[]).map(|(page, _)| page)
}

/// As [`unpack_page`], of what a phone brings to be given on: all that it holds goes into pages again, with a cursor. A
/// run of a chain that goes into none could be given to nobody, nor could what comes behind it.
///
/// # Errors
/// As [`unpack_page`], and when it does not.
pub fn unpack_offered(bytes: &[u8]) -> Result<Page, DecodeError> {
    let page = unpack_page(bytes)?;
    let stored = |entry: &Entry| entry.content.bytes().len() + entry.bodies.iter().map(Vec::len).sum::<usize>();
    let least: usize = page.entries.iter().map(|entry| stored(entry) + ENTRY_BESIDE_BYTES).sum();
    match least <= PAGE_BYTES_MAX - CURSOR_BYTES_MAX || fits_again(&page.circle, &page.entries) {
        true => Ok(page),
        false => Err(DecodeError::TooLarge { what: "page with a cursor", max: PAGE_BYTES_MAX }),
    }
}

/// As [`unpack_page`], of a page that may be packed behind another of the same answer: `before` is what that one left,
/// empty for the first. With what this one leaves for the next.
///
/// # Errors
/// As [`unpack_page`].
pub fn unpack_page_behind(bytes: &[u8], before: &[u8]) -> Result<(Page, Vec<u8>), DecodeError> {
    if bytes.len() > PAGE_BYTES_MAX {
        return Err(DecodeError::TooLarge { what: "page", max: PAGE_BYTES_MAX });
    }
    let (version, rest) = bytes.split_first().ok_or(DecodeError::Short { what: "page" })?;
    if ![PAGE_VERSION, ADMITTED_VERSION].contains(version) {
        return Err(DecodeError::Invalid { what: "page version" });
    }
    let content = unsqueeze(rest, PAGE_INFLATED_BYTES_MAX, before, "page")?;
    let mut reader = Reader::new(&content);
    let circle = CircleId(reader.array("circle id")?);
    let cursor = reader.bytes(CURSOR_BYTES_MAX, "cursor")?.to_vec();
    let mut tables = Tables::read(&mut reader, &circle)?;
    let count = reader.count(PAGE_ENTRIES_MAX, "page entries")?;
    let (mut streams, unlike) = Streams::read(&mut reader)?;
    reader.finish("page")?;
    let mut entries = Vec::new();
    let mut past = Vec::new();
    for _ in 0..count {
        entries.push(tables.entry(&mut streams, &mut past)?);
    }
    // Each page has one form.
    if entries.iter().any(|entry| entry.admitted.is_some()) != (*version == ADMITTED_VERSION) {
        return Err(DecodeError::Invalid { what: "page version" });
    }
    tables.finish()?;
    streams.finish()?;
    let left = content.get(..content.len() - unlike).unwrap_or_default().to_vec();
    Ok((Page { circle, cursor, entries }, left))
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Actor {
    document: DocumentName,
    device: DeviceId,
    incarnation: Incarnation,
    id: ActorId,
}

/// A change as it came, its columns maybe without the ids of its bodies.
struct Packed {
    dependencies: Vec<EntryId>,
    seq: u64,
    start_op: u64,
    time: i64,
    others: Vec<[u8; 16]>,
    columns: Vec<u8>,
}

impl Packed {
    fn rebuild(self, actor: &ActorId, bodies: &[Vec<u8>], places: &[usize]) -> Result<Vec<u8>, DecodeError> {
        let Self { dependencies, seq, start_op, time, others, columns } = self;
        let columns = put_back(columns, bodies, places)?;
        let (actor, dependencies, others) = (actor.as_bytes(), &dependencies[..], &others[..]);
        Ok(Fields { dependencies, actor, seq, start_op, time, others, columns: &columns }.rebuild())
    }
}

struct Tables {
    actors: TableReader<Actor>,
    actor_ids: Vec<ActorId>,
    strangers: TableReader<ActorId>,
    dependencies: TableReader<EntryId>,
}

impl Tables {
    fn read(reader: &mut Reader<'_>, circle: &CircleId) -> Result<Self, DecodeError> {
        let mut documents = TableReader::read(reader, PAGE_ENTRIES_MAX, DocumentName::read)?;
        let mut devices = TableReader::read(reader, PAGE_ENTRIES_MAX, |reader| reader.array("device").map(DeviceId))?;
        let mut actor_ids = Vec::new();
        let actors = TableReader::read(reader, PAGE_ENTRIES_MAX, |reader| {
            let document = documents.get(reader.count(PAGE_ENTRIES_MAX, "document number")?)?;
            let device = devices.get(reader.count(PAGE_ENTRIES_MAX, "device number")?)?;
            let incarnation = Incarnation(reader.number_as("incarnation")?);
            let id = ActorId::derive(&device, &document.id(circle), incarnation);
            actor_ids.push(id);
            Ok(Actor { document, device, incarnation, id })
        })?;
        documents.finish()?;
        devices.finish()?;
        let strangers = TableReader::read(reader, STRANGERS_MAX, |reader| reader.array("actor").map(ActorId))?;
        let dependencies =
            TableReader::read(reader, DEPENDENCIES_MAX, |reader| reader.array("dependency").map(EntryId))?;
        Ok(Self { actors, actor_ids, strangers, dependencies })
    }

    fn entry(&mut self, streams: &mut Streams<Reader<'_>>, past: &mut Vec<Past>) -> Result<Entry, DecodeError> {
        let head = streams.fields.byte("entry form")?;
        let number = streams.fields.count(PAGE_ENTRIES_MAX, "actor number")?;
        let actor = self.actors.get(number)?;
        let lacks_bodies = head & form::BODIES != 0;
        let whole = match head & !form::FLAGS {
            form::PACKED => Err(self.change(streams, number, past)?),
            _ if lacks_bodies => return Err(DecodeError::Invalid { what: "entry form" }),
            form::RAW => Ok(EntryContent::Plain(streams.columns.bytes(CHANGE_BYTES_MAX, "change")?.to_vec())),
            form::SEALED => Ok(EntryContent::Sealed(streams.columns.bytes(SEALED_BYTES_MAX, "sealed entry")?.to_vec())),
            _ => return Err(DecodeError::Invalid { what: "entry form" }),
        };
        let before = past.last().map_or(0, |past| past.position);
        let signature = read_signature(head, before, streams)?;
        let admitted = match head & form::ADMITTED {
            0 => None,
            _ => Some(TimestampMs(streams.fields.number("entry's admission")?)),
        };
        let position = signature.map_or(before, |signed| signed.position);
        let bodies = (0..streams.fields.count(CHANGE_BODIES_MAX, "bodies")?)
            .map(|_| streams.bodies.bytes(BODY_BYTES_MAX, "body").map(<[u8]>::to_vec))
            .collect::<Result<Vec<_>, _>>()?;
        let places = match lacks_bodies {
            true => read_places(streams, bodies.len())?,
            false => Vec::new(),
        };
        let content = match whole {
            Ok(content) => content,
            Err(change) => EntryContent::Plain(change.rebuild(&actor.id, &bodies, &places)?),
        };
        let change = content.plain().and_then(|bytes| parse_change(bytes).ok());
        past.push(Past { position, ..Past::of(change.as_ref(), number) });
        Ok(Entry {
            document: actor.document,
            device: actor.device,
            incarnation: actor.incarnation,
            content,
            signature,
            bodies,
            admitted,
        })
    }

    fn change(
        &mut self,
        streams: &mut Streams<Reader<'_>>,
        number: usize,
        past: &[Past],
    ) -> Result<Packed, DecodeError> {
        let fields = &mut streams.fields;
        let (mut dependencies, mut known) = (Vec::new(), Vec::new());
        for _ in 0..fields.count(CHANGE_DEPS_MAX, "dependencies")? {
            let back = fields.count(past.len(), "dependency")?;
            dependencies.push(if back == 0 {
                self.dependencies.get(fields.count(DEPENDENCIES_MAX, "dependency number")?)?
            } else {
                let at = past.len() - back;
                known.push(at);
                past[at].entry.ok_or(DecodeError::Invalid { what: "dependency" })?
            });
        }
        let (seq, start_op, time) = expected(past, number, &known);
        let seq = unfold(fields.number("seq")?, seq);
        let start_op = unfold(fields.number("start op")?, start_op);
        let time = unfold(fields.number("time")?, time as u64) as i64;
        let mut others = Vec::new();
        for _ in 0..fields.count(CHANGE_ACTORS_MAX, "actors")? {
            let other = fields.count(self.actor_ids.len(), "actor number")?;
            others.push(match other.checked_sub(1) {
                Some(at) => self.actor_ids[at].0,
                None => self.strangers.get(fields.count(STRANGERS_MAX, "actor number")?)?.0,
            });
        }
        let columns = streams.columns.bytes(CHANGE_BYTES_MAX, "columns")?.to_vec();
        Ok(Packed { dependencies, seq, start_op, time, others, columns })
    }

    fn finish(&self) -> Result<(), DecodeError> {
        self.actors.finish()?;
        self.strangers.finish()?;
        self.dependencies.finish()
    }
}

/// Where the ids of bodies stood in a change's columns; of some at least.
fn read_places(streams: &mut Streams<Reader<'_>>, bodies: usize) -> Result<Vec<usize>, DecodeError> {
    let mut place = || streams.fields.count(CHANGE_BYTES_MAX, "place of a body");
    let places = (0..bodies).map(|_| place()).collect::<Result<Vec<_>, _>>()?;
    if places.iter().all(|place| *place == 0) {
        return Err(DecodeError::Invalid { what: "entry form" });
    }
    Ok(places)
}

fn read_signature(
    form: u8,
    before: u64,
    streams: &mut Streams<Reader<'_>>,
) -> Result<Option<EntrySignature>, DecodeError> {
    let (is_signed, is_lost) = (form & form::SIGNED != 0, form & form::LOST != 0);
    if !is_signed {
        return if is_lost { Err(DecodeError::Invalid { what: "entry form" }) } else { Ok(None) };
    }
    Ok(Some(EntrySignature {
        signature: Signature(streams.signatures.array("signature")?),
        generation: streams.fields.number_as("entry's generation")?,
        position: unfold(streams.fields.number("entry's position")?, before),
        lost_hash: match is_lost {
            true => Some(RecordHash(streams.signatures.array("lost hash")?)),
            false => None,
        },
    }))
}
