use std::borrow::Cow;

use crate::codec::Writer;
use crate::gate::{Change, parse_change};
use crate::ids::DocumentName;
use crate::ids::{ActorId, CircleId, DeviceId, EntryId, Incarnation};
use crate::trust::EntrySignature;

use super::page::{ADMITTED_VERSION, Fields, PAGE_VERSION, Past, Streams, expected, fold, form, leave_out};
use super::squeeze::squeeze;
use super::table::TableWriter;
use super::{CURSOR_BYTES_MAX, Entry, PAGE_BYTES_MAX, PAGE_ENTRIES_MAX, PAGE_INFLATED_BYTES_MAX};

/// Left free in a page without a cursor, so that what came up in one page also goes down in one, with a cursor, where
/// the one that packs it again deflates a little less well.
const SLACK_BYTES: usize = 512;
const _: () = assert!(SLACK_BYTES > 4 * CURSOR_BYTES_MAX);
/// A page this full is not filled further.
const FULL_BYTES: usize = PAGE_BYTES_MAX - PAGE_BYTES_MAX / 32;

/// Packs a prefix of `entries` that fits one page and ends with every chain covered by a signature: the
/// longest one, or one that leaves less than a 32nd of the page free. Returns the page's bytes and how many
/// entries are in it; 0 entries only when `entries` is empty or its first covered run alone does not fit.
///
/// Signatures that a later one in the page covers are left out, when both name one place of the circle's chain: an
/// entry counts by what held there. Bodies count into the page.
#[must_use]
pub fn pack_page(circle: &CircleId, cursor: &[u8], entries: &[Entry]) -> (Vec<u8>, usize) {
    let limit = if cursor.is_empty() { PAGE_BYTES_MAX - SLACK_BYTES } else { PAGE_BYTES_MAX };
    let (page, taken, _) = fill(Packer::new(circle, entries), &|_| cursor.to_vec(), (&[], limit));
    (page, taken)
}

/// As [`pack_page`], with the cursor that follows from how many entries are in it, at least one, behind another page of
/// the same answer: `before` is what that one left, empty for the first, and is what this one leaves from now on.
#[must_use]
pub fn pack_page_behind(
    circle: &CircleId,
    cursor_after: &dyn Fn(usize) -> Vec<u8>,
    entries: &[Entry],
    before: &mut Vec<u8>,
) -> (Vec<u8>, usize) {
    let behind = |before: &[u8]| fill(Packer::new(circle, entries), cursor_after, (before, PAGE_BYTES_MAX));
    let (page, taken, left) = match behind(before) {
        // What just fits by itself may not behind another.
        (_, 0, _) if !before.is_empty() => behind(&[]),
        packed => packed,
    };
    if taken > 0 {
        *before = left;
    }
    (page, taken)
}

/// Whether what a page brought goes into pages again, with any cursor, each chain's run in one.
#[must_use]
pub(super) fn fits_again(circle: &CircleId, entries: &[Entry]) -> bool {
    let cursor = |_| (0..CURSOR_BYTES_MAX).map(|at| (at * 89 + 7) as u8).collect();
    let mut rest = entries;
    while !rest.is_empty() {
        let (_, taken, _) = fill(Packer::new(circle, rest), &cursor, (&[], PAGE_BYTES_MAX));
        rest = &rest[taken..];
        if taken == 0 {
            return false;
        }
    }
    true
}

fn fill(
    packer: Packer<'_>,
    cursor_after: &dyn Fn(usize) -> Vec<u8>,
    (before, limit): (&[u8], usize),
) -> (Vec<u8>, usize, Vec<u8>) {
    let full = FULL_BYTES.min(limit - PAGE_BYTES_MAX / 32);
    let mut best = (Vec::new(), 0, Vec::new());
    // The covered prefixes still in question, and how many bytes of a page one entry took so far.
    let (mut low, mut high) = (0, packer.covered.len());
    let mut guess = packer.first_guess();
    while low < high {
        let at = guess.clamp(low, high - 1);
        let count = packer.covered[at];
        match packer.pack(count, &cursor_after(count), before).filter(|(page, _)| page.len() <= limit) {
            Some((page, left)) => {
                let len = page.len();
                best = (page, count, left);
                if len >= full {
                    break;
                }
                low = at + 1;
                let aim = count * limit / len.max(1);
                guess = packer.covered.partition_point(|covered| *covered <= aim).saturating_sub(1);
                guess = guess.min(low + (high - low) * 3 / 4);
            }
            None => {
                high = at;
                guess = low + (high - low) / 2;
            }
        }
    }
    best
}

/// Whether `covering`, the next signature of the chain, says of an entry what its own says.
fn covers(covering: Option<EntrySignature>, own: &EntrySignature) -> bool {
    let place = |signature: &EntrySignature| (signature.generation, signature.position, signature.lost_hash);
    covering.is_some_and(|covering| place(&covering) == place(own))
}

struct Item<'a> {
    entry: &'a Entry,
    bytes: &'a [u8],
    actor: ActorId,
    /// The parsed change, when its bytes can be rebuilt from its fields.
    change: Option<Change<'a>>,
    /// Its columns without the ids of its bodies, and where these stood.
    columns: Cow<'a, [u8]>,
    places: Vec<usize>,
    past: Past,
}

struct Packer<'a> {
    circle: &'a CircleId,
    items: Vec<Item<'a>>,
    /// How many entries each covered prefix has, ascending.
    covered: Vec<usize>,
}

impl<'a> Packer<'a> {
    fn new(circle: &'a CircleId, entries: &'a [Entry]) -> Self {
        let mut packer = Self { circle, items: Vec::new(), covered: Vec::new() };
        let mut open: Vec<ActorId> = Vec::new();
        let mut least_bytes = 0;
        for entry in entries.iter().take(PAGE_ENTRIES_MAX) {
            let item = Item::new(circle, entry);
            least_bytes += item.change.as_ref().map_or(item.bytes.len(), |_| item.columns.len());
            least_bytes += entry.bodies.iter().map(Vec::len).sum::<usize>();
            if least_bytes > PAGE_INFLATED_BYTES_MAX {
                break;
            }
            open.retain(|actor| *actor != item.actor);
            if entry.signature.is_none() {
                open.push(item.actor);
            }
            packer.items.push(item);
            if open.is_empty() {
                packer.covered.push(packer.items.len());
            }
        }
        packer
    }

    /// The covered prefix that fills a page when text deflates to about 40 %.
    fn first_guess(&self) -> usize {
        let mut bytes = 0;
        let fits = self.items.iter().take_while(|item| {
            let bodies: usize = item.entry.bodies.iter().map(Vec::len).sum();
            bytes += (item.bytes.len() + bodies) * 2 / 5;
            bytes <= PAGE_BYTES_MAX
        });
        let fits = fits.count();
        self.covered.partition_point(|covered| *covered <= fits).saturating_sub(1)
    }

    /// The page of the first `count` entries and what it leaves for the next, or `None` when its content is too long.
    fn pack(&self, count: usize, cursor: &[u8], before: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut tables = Tables::new();
        let mut streams = Streams::<Writer>::default();
        let items = self.items.get(..count)?;
        let mut past: Vec<Past> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let actor = tables.actor(item);
            let later = items[at + 1..].iter().filter(|later| later.actor == item.actor);
            let covering = later.filter_map(|later| later.entry.signature).next();
            let signature = item.entry.signature.filter(|signature| !covers(covering, signature));
            let kind = match (&item.change, item.entry.content.plain()) {
                (Some(_), _) => form::PACKED,
                (None, Some(_)) => form::RAW,
                (None, None) => form::SEALED,
            };
            let signed = if signature.is_some() { form::SIGNED } else { 0 };
            let lost = if signature.is_some_and(|it| it.lost_hash.is_some()) { form::LOST } else { 0 };
            let admitted = if item.entry.admitted.is_some() { form::ADMITTED } else { 0 };
            let lacks_bodies = item.places.iter().any(|place| *place > 0);
            let bodies = if lacks_bodies { form::BODIES } else { 0 };
            streams.fields.byte(kind | signed | lost | admitted | bodies).count(actor);
            match &item.change {
                Some(change) => {
                    tables.change(change, actor, &past, &mut streams);
                    streams.columns.bytes(&item.columns);
                }
                None => {
                    streams.columns.bytes(item.bytes);
                }
            }
            let mut position = past.last().map_or(0, |past| past.position);
            if let Some(signed) = signature {
                streams.signatures.raw(&signed.signature.0);
                streams.fields.number(signed.generation.into()).number(fold(signed.position, position));
                if let Some(hash) = &signed.lost_hash {
                    streams.signatures.raw(hash.as_bytes());
                }
                position = signed.position;
            }
            if let Some(admitted) = item.entry.admitted {
                streams.fields.number(admitted.0);
            }
            streams.fields.count(item.entry.bodies.len());
            if lacks_bodies {
                item.places.iter().for_each(|place| {
                    streams.fields.count(*place);
                });
            }
            for body in &item.entry.bodies {
                streams.bodies.bytes(body);
            }
            past.push(Past { actor, position, ..item.past });
        }
        let mut writer = Writer::new();
        writer.raw(self.circle.as_bytes()).bytes(cursor);
        tables.write(&mut writer);
        writer.count(count);
        let (mut content, alike) = streams.write(writer);
        let slack = if cursor.is_empty() { SLACK_BYTES } else { 0 };
        if content.len() > PAGE_INFLATED_BYTES_MAX - slack {
            return None;
        }
        let is_admitted = items.iter().any(|item| item.entry.admitted.is_some());
        let mut page = vec![if is_admitted { ADMITTED_VERSION } else { PAGE_VERSION }];
        squeeze(&content, 0, before, &mut page);
        content.truncate(alike);
        Some((page, content))
    }
}

impl<'a> Item<'a> {
    fn new(circle: &CircleId, entry: &'a Entry) -> Self {
        let bytes = entry.content.bytes();
        let actor = ActorId::derive(&entry.device, &entry.document.id(circle), entry.incarnation);
        let parsed = entry.content.plain().and_then(|bytes| parse_change(bytes).ok());
        let past = Past::of(parsed.as_ref(), 0);
        let change = parsed.filter(|change| {
            let others: Vec<[u8; 16]> = change.others.iter().filter_map(|other| (*other).try_into().ok()).collect();
            let fields = Fields {
                dependencies: &change.dependencies,
                actor: actor.as_bytes(),
                seq: change.seq,
                start_op: change.start_op,
                time: change.time,
                others: &others,
                columns: change.columns_bytes,
            };
            fields.rebuild() == bytes
        });
        let (columns, places) = match &change {
            Some(change) => leave_out(change.columns_bytes, &entry.bodies),
            None => (Cow::Borrowed(&[][..]), Vec::new()),
        };
        Self { entry, bytes, actor, change, columns, places, past }
    }
}

struct Tables {
    documents: TableWriter<DocumentName>,
    devices: TableWriter<DeviceId>,
    actors: TableWriter<(usize, usize, Incarnation)>,
    actor_ids: Vec<ActorId>,
    strangers: TableWriter<ActorId>,
    dependencies: TableWriter<EntryId>,
}

impl Tables {
    fn new() -> Self {
        Self {
            documents: TableWriter::new(),
            devices: TableWriter::new(),
            actors: TableWriter::new(),
            actor_ids: Vec::new(),
            strangers: TableWriter::new(),
            dependencies: TableWriter::new(),
        }
    }

    fn actor(&mut self, item: &Item<'_>) -> usize {
        let document = self.documents.number_of(item.entry.document);
        let device = self.devices.number_of(item.entry.device);
        let number = self.actors.number_of((document, device, item.entry.incarnation));
        if number == self.actor_ids.len() {
            self.actor_ids.push(item.actor);
        }
        number
    }

    fn change(&mut self, change: &Change<'_>, actor: usize, past: &[Past], streams: &mut Streams<Writer>) {
        let fields = &mut streams.fields;
        let mut known = Vec::new();
        fields.count(change.dependencies.len());
        for dependency in &change.dependencies {
            match past.iter().rposition(|past| past.entry == Some(*dependency)) {
                Some(at) => {
                    known.push(at);
                    fields.count(past.len() - at);
                }
                None => {
                    fields.count(0).count(self.dependencies.number_of(*dependency));
                }
            }
        }
        let (seq, start_op, time) = expected(past, actor, &known);
        fields.number(fold(change.seq, seq)).number(fold(change.start_op, start_op));
        fields.number(fold(change.time as u64, time as u64)).count(change.others.len());
        for other in &change.others {
            match self.actor_ids.iter().position(|known| known.as_bytes() == *other) {
                Some(at) => fields.count(at + 1),
                None => {
                    let stranger = ActorId::from_slice(other).unwrap_or(ActorId([0; 16]));
                    fields.count(0).count(self.strangers.number_of(stranger))
                }
            };
        }
    }

    fn write(&self, writer: &mut Writer) {
        self.documents.write(writer, |document, writer| document.write(writer));
        self.devices.write(writer, |device, writer| {
            writer.raw(device.as_bytes());
        });
        self.actors.write(writer, |(document, device, incarnation), writer| {
            writer.count(*document).count(*device).number(incarnation.0.into());
        });
        self.strangers.write(writer, |actor, writer| {
            writer.raw(actor.as_bytes());
        });
        self.dependencies.write(writer, |entry, writer| {
            writer.raw(entry.as_bytes());
        });
    }
}
