//! What search reads of one document: its texts, as they are shown, packed.
//!
//! Texts are kept as they were written, and folded when they are loaded: an excerpt is cut from the same page, and
//! another way of folding needs no new pages.

use crate::codec::{DecodeError, Reader, Writer};
use crate::deflate::{deflate, inflate};
use crate::ids::{ActorId, CircleId, DocumentId, first_16, tagged_hash};
use crate::sorted::SortedMap;
use crate::storage::Tree;
use crate::sync::DocumentState;

/// Also of what makes a page: a new kind of text in it is a new version.
const VERSION: u8 = 2;
/// Most bytes of a page's texts: of each author their share, the newest. A full month of a thread has at most 2 MB.
const PAGE_BYTES_MAX: usize = 4 * 1_024 * 1_024;
/// What a text counts beside its words.
const ITEM_BYTES: usize = 48;
/// Most bytes of a page as it is read.
const CONTENT_BYTES_MAX: usize = 2 * PAGE_BYTES_MAX;
const ITEMS_MAX: usize = PAGE_BYTES_MAX / ITEM_BYTES + 1;
const WHAT: &str = "page of texts";
const KEY_BYTES_MAX: usize = 64;
const PREFIX: &[u8] = b"words";

/// A text that can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::client) struct Item {
    /// The record's key in its document; empty where the document is one text.
    pub key: String,
    /// Who wrote it; none where that was several people.
    pub author: Option<ActorId>,
    /// Milliseconds since 1970: when it was written, or the day that it is about.
    pub at_ms: u64,
    /// What it is called, or empty. It can be found as well.
    pub title: String,
    pub text: String,
    /// It is a story or milestone, wherever it lies.
    pub is_told: bool,
}

/// The texts of a document as they are kept, oldest first: read one by one, since there are thousands.
pub(in crate::client) struct Page {
    content: Vec<u8>,
    authors: Vec<ActorId>,
    starts: Vec<u32>,
}

/// As of which state of its document a page was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct Made {
    /// The document's heads, which say all that is in it.
    pub digest: [u8; 16],
    /// How many entries that were.
    pub entries: u64,
    /// Something may still come: a text, or the key to one.
    pub waits: bool,
}

impl Made {
    /// A page of a document as it stands.
    pub(in crate::client) fn of(state: &DocumentState, waits: bool) -> Self {
        let heads: Vec<u8> = state.heads.keys().flat_map(|head| head.0).collect();
        let digest = first_16(&tagged_hash("kith/words/1", &[&[VERSION], &heads]));
        Self { digest, entries: state.entries, waits }
    }

    /// The row of `Meta` that remembers it: `words` ‖ circle ‖ document → digest, entries, whether it waits.
    pub(in crate::client) fn row(&self, circle: &CircleId, document: &DocumentId) -> (Tree, Vec<u8>, Vec<u8>) {
        let mut writer = Writer::new();
        writer.raw(&self.digest).number(self.entries).flag(self.waits);
        (Tree::Meta, Self::key(circle, document), writer.into_bytes())
    }

    /// Where it is remembered.
    pub(in crate::client) fn key(circle: &CircleId, document: &DocumentId) -> Vec<u8> {
        [PREFIX, circle.as_bytes(), document.as_bytes()].concat()
    }

    /// Reads such a row, if it is one.
    pub(in crate::client) fn read(key: &[u8], value: &[u8]) -> Option<(DocumentId, Self)> {
        let document = DocumentId::from_slice(key.strip_prefix(PREFIX)?.get(CircleId::LEN..)?)?;
        let mut reader = Reader::new(value);
        let digest = reader.array("digest").ok()?;
        let (entries, waits) = (reader.number("entries").ok()?, reader.flag("waiting").ok()?);
        reader.finish("page made").ok()?;
        Some((document, Self { digest, entries, waits }))
    }
}

impl Page {
    /// What is kept of texts: version (1 byte), then deflated the authors, and each text, oldest
    /// first, with key, author (0: several, else their place in the list, from 1), time, whether it is told, title, text.
    pub(in crate::client) fn pack(mut items: Vec<Item>) -> Vec<u8> {
        items.sort_by(|one, other| (one.at_ms, &one.key).cmp(&(other.at_ms, &other.key)));
        keep_shares(&mut items);
        let mut authors: Vec<ActorId> = items.iter().filter_map(|item| item.author).collect();
        authors.sort_unstable();
        authors.dedup();
        let mut writer = Writer::new();
        writer.count(authors.len());
        authors.iter().for_each(|author| _ = writer.raw(author.as_bytes()));
        writer.count(items.len());
        for item in &items {
            let author = item.author.and_then(|author| authors.binary_search(&author).ok());
            writer.text(&item.key).number(author.map_or(0, |at| at as u64 + 1));
            writer.number(item.at_ms).flag(item.is_told).text(&item.title).text(&item.text);
        }
        let content = writer.into_bytes();
        // What does not shrink grows by some bytes a block.
        let packed = deflate(&content, b"", content.len() + content.len() / 512 + 64).unwrap_or_default();
        [&[VERSION], &*packed].concat()
    }

    /// Reads a page.
    ///
    /// # Errors
    /// When it is damaged or of another version: then it is made anew.
    pub(in crate::client) fn open(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (version, packed) = bytes.split_first().ok_or(DecodeError::Short { what: WHAT })?;
        if *version != VERSION {
            return Err(DecodeError::Invalid { what: WHAT });
        }
        let content = inflate(packed, b"", CONTENT_BYTES_MAX, WHAT)?;
        let mut reader = Reader::new(&content);
        let authors = (0..reader.count(ITEMS_MAX, WHAT)?).map(|_| reader.array(WHAT).map(ActorId));
        let authors: Vec<ActorId> = authors.collect::<Result<_, _>>()?;
        let count = reader.count(ITEMS_MAX, WHAT)?;
        let mut starts = Vec::new();
        for _ in 0..count {
            starts.push((content.len() - reader.rest().len()) as u32);
            read_item(&mut reader, &authors)?;
        }
        reader.finish(WHAT)?;
        Ok(Self { content, authors, starts })
    }

    /// How many texts.
    pub(in crate::client) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Bytes that it takes.
    pub(in crate::client) fn bytes(&self) -> usize {
        self.content.len() + self.starts.len() * size_of::<u32>()
    }

    /// One of them.
    pub(in crate::client) fn item(&self, at: usize) -> Option<Item> {
        let mut reader = Reader::new(self.content.get(*self.starts.get(at)? as usize..)?);
        read_item(&mut reader, &self.authors).ok().map(Item::from)
    }

    /// When one of them was written.
    pub(in crate::client) fn at_ms(&self, at: usize) -> u64 {
        self.item(at).map_or(0, |item| item.at_ms)
    }

    /// Title and text of each, in their order.
    pub(in crate::client) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let read = |start: &u32| {
            let mut reader = Reader::new(self.content.get(*start as usize..)?);
            read_item(&mut reader, &self.authors).ok().map(|item| (item.title, item.text))
        };
        self.starts.iter().map(move |start| read(start).unwrap_or_default())
    }

    /// All of them by key.
    pub(in crate::client) fn by_key(&self) -> SortedMap<String, Item> {
        (0..self.len()).filter_map(|at| self.item(at)).map(|item| (item.key.clone(), item)).collect()
    }
}

/// A text where it lies.
struct Lying<'a> {
    key: &'a str,
    author: Option<ActorId>,
    at_ms: u64,
    is_told: bool,
    title: &'a str,
    text: &'a str,
}

impl From<Lying<'_>> for Item {
    fn from(lying: Lying<'_>) -> Self {
        let Lying { key, author, at_ms, is_told, title, text } = lying;
        Self { key: key.into(), author, at_ms, is_told, title: title.into(), text: text.into() }
    }
}

fn read_item<'a>(reader: &mut Reader<'a>, authors: &[ActorId]) -> Result<Lying<'a>, DecodeError> {
    let key = reader.text(KEY_BYTES_MAX, WHAT)?;
    let author = match reader.number_as::<usize>(WHAT)? {
        0 => None,
        at => Some(*authors.get(at - 1).ok_or(DecodeError::Invalid { what: WHAT })?),
    };
    let (at_ms, is_told) = (reader.number(WHAT)?, reader.flag(WHAT)?);
    let title = reader.text(CONTENT_BYTES_MAX, WHAT)?;
    Ok(Lying { key, author, at_ms, is_told, title, text: reader.text(CONTENT_BYTES_MAX, WHAT)? })
}

/// Leaves out what is too much: of each author what is older than their share of the page.
fn keep_shares(items: &mut Vec<Item>) {
    let size = |item: &Item| ITEM_BYTES + item.title.len() + item.text.len();
    if items.iter().map(size).sum::<usize>() <= PAGE_BYTES_MAX {
        return;
    }
    let mut taken: SortedMap<Option<ActorId>, usize> = items.iter().map(|item| (item.author, 0)).collect();
    let share = PAGE_BYTES_MAX / taken.len().max(1);
    let mut kept: Vec<Item> = Vec::new();
    for item in items.drain(..).rev() {
        let taken = taken.get_or_insert_with(item.author, || 0);
        *taken += size(&item);
        if *taken <= share {
            kept.push(item);
        }
    }
    kept.reverse();
    *items = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str, author: u8, at_ms: u64, text: &str) -> Item {
        let author = Some(ActorId([author; 16]));
        Item { key: key.into(), author, at_ms, text: text.into(), ..Item::default() }
    }

    #[test]
    fn a_page_gives_back_its_texts_oldest_first_and_nothing_when_it_is_damaged() {
        let (one, two) = (Item { is_told: true, ..item("a", 1, 7, "Ñandú") }, item("b", 2, 3, "rain"));
        let note = Item { title: "Monday".into(), at_ms: 9, ..Item::default() };
        let bytes = Page::pack(vec![one.clone(), note.clone(), two.clone()]);
        let page = Page::open(&bytes).unwrap();
        assert_eq!((0..3).map(|at| page.item(at).unwrap()).collect::<Vec<_>>(), [two, one.clone(), note]);
        assert_eq!((page.item(3), page.by_key().get("a")), (None, Some(&one)));
        assert!(Page::open(&[]).is_err() && Page::open(&[VERSION + 1, 0]).is_err());
        for cut in 0..bytes.len() {
            assert!(Page::open(&bytes[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn nobody_fills_a_page_for_the_others() {
        let flood = (0..9_000).map(|at| item(&format!("f{at}"), 1, 1_000 + at, &"a".repeat(1_000)));
        let mut items: Vec<Item> = flood.collect();
        items.push(item("b", 2, 1, "what Ben wrote first"));
        let page = Page::open(&Page::pack(items)).unwrap();
        assert!(page.bytes() < CONTENT_BYTES_MAX && page.len() > 1_000);
        assert_eq!(page.item(0).unwrap().text, "what Ben wrote first");
        assert_eq!(page.item(page.len() - 1).unwrap().key, "f8999");
    }

    #[test]
    fn a_page_remembers_of_which_state_it_is() {
        let (circle, document) = (CircleId([1; 16]), DocumentId([2; 16]));
        let made = Made { digest: [3; 16], entries: 300, waits: true };
        let (tree, key, value) = made.row(&circle, &document);
        assert_eq!((tree, &value[16..]), (Tree::Meta, &[0xac, 2, 1][..]));
        assert_eq!(Made::read(&key, &value), Some((document, made)));
        assert_eq!(Made::read(&key, &value[..17]), None);
        assert_eq!(Made::read(b"seen", &value), None);
    }
}
