//! Search over what is open to this phone: pages of texts, one a document, looked through from one end to the other.
//!
//! A page is a cache. It counts while its document's heads are those it was made of, so nothing of a state of before is
//! ever found; the commit that erases a text deletes the page. Pages are made one a task, between what people do.

use crate::document::DocumentName;
use crate::ids::{CircleId, Conversation, DocumentId, MemberId};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Read, Tree};

use super::engine::{Attempt, Engine, Step, Stop};
use super::kernel::Task;
use super::kinds::profile::names::Names;
use super::kinds::thread::list::is_blocked;
use super::kinds::words::{is_searched, kind_of};
use super::parts::search::{Fold, Item, Loaded, Made, Page, Query, Scan, excerpt, page_key};
use super::view::{self, FoundKind, Hit, ListName, Reply};
use super::{CommandId, Problem, ProblemCode};

/// Most hits that are given at once.
const LIMIT_MAX: u32 = 500;
/// Pages that are read in one go.
const READS_MAX: usize = 32;
/// Longest search, in bytes.
const TYPED_BYTES_MAX: usize = 4_096;

/// A document that can be searched.
struct Searched {
    name: DocumentName,
    document: DocumentId,
    now: Made,
    thread: Option<Conversation>,
}

/// Looks for words.
pub(super) struct Look {
    pub(super) id: CommandId,
    pub(super) circle: CircleId,
    pub(super) typed: String,
    pub(super) limit: u32,
    /// Pages that did not unseal were thrown away for it.
    pub(super) is_again: bool,
}

impl Task<Engine> for Look {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.look(self)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.search.scan = None;
        if problem.code != ProblemCode::StorageCorrupt || self.is_again {
            return engine.reply(self.id, Err(problem));
        }
        let Self { id, circle, limit, .. } = *self;
        engine.kernel.enqueue(ForgetPages(circle));
        engine.kernel.enqueue(Self { id, circle, limit, typed: self.typed.clone(), is_again: true });
    }
}

/// Throws the pages of a circle away: they are made anew.
struct ForgetPages(CircleId);

impl Task<Engine> for ForgetPages {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        let mut batch = Batch::default();
        let documents: Vec<DocumentId> = engine.local(&self.0)?.documents().keys().copied().collect();
        for document in &documents {
            batch.delete(Tree::Snapshots, page_key(&self.0, document));
            batch.delete(Tree::Meta, Made::key(&self.0, document));
        }
        engine.search.forget_all(documents.iter());
        Ok(Step::Commit(batch, Box::new(|_, _| {})))
    }

    fn fail(&mut self, _: &mut Engine, _: Problem) {}
}

/// Makes the page of one document, then asks for the next one.
pub(super) struct Fill;

impl Task<Engine> for Fill {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        match engine.next_to_fill() {
            Some((circle, name)) => match engine.fill(circle, name) {
                Err(Stop::Fail(_)) => {
                    engine.not_filled(&circle, &name);
                    engine.fill_next();
                    Ok(Step::Done)
                }
                other => other,
            },
            None => {
                engine.search.end_filling();
                Ok(Step::Done)
            }
        }
    }

    /// A page that did not unseal, or a store that does not answer: it is made without what there was.
    fn fail(&mut self, engine: &mut Engine, _: Problem) {
        if let Some((circle, name)) = engine.next_to_fill() {
            let document = name.id(&circle);
            let had_page = engine.search.has_page(&document);
            engine.search.forget(&document);
            if !had_page {
                engine.not_filled(&circle, &name);
            }
        }
        engine.fill_next();
    }
}

impl Engine {
    fn look(&mut self, look: &Look) -> Attempt {
        let (id, circle, now) = (look.id, look.circle, self.steady());
        if look.typed.len() > TYPED_BYTES_MAX {
            let over = look.typed.len() - TYPED_BYTES_MAX;
            return Err(Problem::new(ProblemCode::TooLong, "a search").counting(over as u64).into());
        }
        // What was typed in a note can be found.
        if let Some((batch, after)) = self.commit_pending()? {
            return Err(Stop::First(batch, after));
        }
        self.search.use_now(now);
        let query = Query::new(self.search.fold(), &look.typed);
        let limit = look.limit.clamp(1, LIMIT_MAX) as usize;
        let (names, _) = self.names(&circle)?;
        let documents = self.searched(&circle)?;
        let found = self.scan(id, circle, (query.as_ref(), limit), &names, &documents)?;
        let (hits, more) = (found.hits, found.more);
        let pending = documents.iter().filter(|one| !self.search.is_ready(&one.document, &one.now)).count() as u64;
        self.reply(id, Ok(Reply::Found(view::Found { hits, more, short: query.is_none(), pending })));
        if pending > 0 {
            self.fill_now();
        }
        Ok(Step::Done)
    }

    /// What of a circle can be searched by this phone's person, the newest first.
    fn searched(&mut self, circle: &CircleId) -> Result<Vec<Searched>, Stop> {
        let (me, _) = self.me(circle)?;
        let chosen = self.chosen(circle)?;
        let mut found: Vec<(u32, Searched)> = Vec::new();
        for (document, state) in self.local(circle)?.documents() {
            let name = state.name;
            let thread = self.conversation_of(circle, &name);
            let other = name.pair().map(|(one, other)| Conversation::With(if one == me { other } else { one }));
            let blocked = other.is_some_and(|it| is_blocked(&chosen, &it));
            if is_searched(&name) && name.is_for(&me) && !blocked {
                let now = Made::of(state, false);
                found.push((name.months(), Searched { name, document: *document, now, thread }));
            }
        }
        found.sort_by_key(|(months, one)| (core::cmp::Reverse(*months), one.document));
        Ok(found.into_iter().map(|(_, one)| one).collect())
    }

    /// Looks through all documents that are ready. Pages that are not in memory are read, some at a time.
    fn scan(
        &mut self,
        id: CommandId,
        circle: CircleId,
        (query, limit): (Option<&Query>, usize),
        names: &Names,
        documents: &[Searched],
    ) -> Result<Scan, Stop> {
        let before = self.search.scan.take().filter(|scan| scan.id == id);
        let mut scan = before.unwrap_or_else(|| Scan {
            id,
            done: SortedSet::new(),
            hits: Vec::new(),
            floor_ms: None,
            more: false,
        });
        let (me, _) = self.me(&circle)?;
        for (at, one) in documents.iter().enumerate() {
            if scan.done.contains(&one.document) || !self.search.is_ready(&one.document, &one.now) {
                continue;
            }
            if self.search.in_memory(&one.document, &one.now).is_none() {
                match self.load_page(&circle, one) {
                    Ok(Some(loaded)) => {
                        self.look_in(one, &loaded, (query, limit), (names, &me), &mut scan);
                        self.search.keep_loaded(one.document, loaded);
                    }
                    Ok(None) => {}
                    Err(_) => {
                        let reads = self.pages_to_read(&circle, documents.get(at..).unwrap_or_default());
                        self.search.scan = Some(scan);
                        return Err(Stop::Read(reads));
                    }
                }
            } else if let Some(loaded) = self.search.in_memory(&one.document, &one.now) {
                self.look_in(one, loaded, (query, limit), (names, &me), &mut scan);
            }
            scan.done.insert(one.document);
        }
        newest(&mut scan, limit);
        Ok(scan)
    }

    /// The page of a document that was read; none where it is not what it should be, and is made anew.
    fn load_page(&mut self, circle: &CircleId, one: &Searched) -> Result<Option<Loaded>, Stop> {
        let read = Read::Get { tree: Tree::Snapshots, key: page_key(circle, &one.document) };
        let bytes = self.kernel.rows.take(vec![read])?.pop().and_then(crate::storage::ReadResult::value);
        let page = bytes.and_then(|bytes| Page::open(&bytes).ok());
        if page.is_none() {
            self.search.forget(&one.document);
        }
        Ok(page.map(|page| Loaded::new(self.search.fold(), one.now.digest, page)))
    }

    /// The next pages of these documents that are to be read.
    fn pages_to_read(&self, circle: &CircleId, documents: &[Searched]) -> Vec<Read> {
        let is_lacking = |one: &&Searched| {
            self.search.is_ready(&one.document, &one.now) && self.search.in_memory(&one.document, &one.now).is_none()
        };
        let key = |one: &Searched| Read::Get { tree: Tree::Snapshots, key: page_key(circle, &one.document) };
        documents.iter().filter(is_lacking).map(key).take(READS_MAX).collect()
    }

    fn look_in(
        &self,
        one: &Searched,
        loaded: &Loaded,
        (query, limit): (Option<&Query>, usize),
        (names, me): (&Names, &MemberId),
        scan: &mut Scan,
    ) {
        let (Some(query), Some(fold)) = (query, self.search.folding()) else { return };
        let matches = loaded.matches(query);
        if matches.is_empty() {
            return;
        }
        for at in matches.into_iter().rev() {
            // Whatever is older than what is given anyway comes no more, nor does anything before it.
            if scan.floor_ms.is_some_and(|floor| loaded.page.at_ms(at) < floor) {
                scan.more = true;
                break;
            }
            let Some(item) = loaded.page.item(at) else { continue };
            scan.hits.push(self.hit(one, (names, me), item, (fold, query)));
            if scan.hits.len() > 2 * limit {
                newest(scan, limit + 1);
            }
        }
        newest(scan, limit + 1);
    }

    fn hit(&self, one: &Searched, (names, me): (&Names, &MemberId), item: Item, (fold, query): (&Fold, &Query)) -> Hit {
        let (kind, is_of_day) = kind_of(&one.name, &item);
        let (excerpt, found) = excerpt(fold, &item, query);
        let (author, author_name) = item.author.map(|author| names.author(&author)).unwrap_or_default();
        let day = is_of_day.then(|| crate::time::TimestampMs(item.at_ms).day().0);
        Hit {
            kind,
            document: one.document.to_string(),
            thread: one.thread.map(|thread| thread.to_string()),
            title: one.thread.map_or(item.title, |thread| match thread {
                Conversation::With(member) => names.name(&member),
                Conversation::Thread(_) => self.kinds.threads.title(&thread).cloned().unwrap_or_default(),
            }),
            mine: item.author.and_then(|author| names.member_of(&author)).as_ref() == Some(me),
            key: item.key,
            author,
            author_name,
            at_ms: item.at_ms,
            day,
            excerpt,
            found,
        }
    }

    /// Makes pages now, one after the other, for somebody who searches.
    fn fill_now(&mut self) {
        if self.search.begin_filling() {
            self.kernel.enqueue(Fill);
        }
    }

    /// Makes a page that is due, or lets go of what nobody uses.
    pub(super) fn search_wake(&mut self) {
        let now = self.steady();
        self.search.rest(now);
        if self.search.take_fill_due(now) && self.next_to_fill().is_some() {
            self.fill_now();
        }
    }

    /// The document whose page is made next: while somebody searches all that is not ready, the newest first; else what
    /// is far behind. Not what is being typed in: that is a draft.
    fn next_to_fill(&mut self) -> Option<(CircleId, DocumentName)> {
        let is_used = self.search.is_used();
        let mut best: Option<(u32, DocumentId, CircleId, DocumentName)> = None;
        for circle in self.circles.ids() {
            let Ok((me, _)) = self.me(&circle) else { continue };
            let Some(local) = self.circles.get(&circle) else { continue };
            for (document, state) in local.documents() {
                let name = state.name;
                let lacks = if is_used {
                    !self.search.is_ready(document, &Made::of(state, false))
                } else {
                    self.search.is_far_behind(document, state)
                };
                let rank = (name.months(), *document);
                let is_later = best.as_ref().is_none_or(|(month, at, ..)| rank > (*month, *at));
                if is_later && is_searched(&name) && name.is_for(&me) && lacks && !self.documents.has_typed(document) {
                    best = Some((rank.0, rank.1, circle, name));
                }
            }
        }
        best.map(|(_, _, circle, name)| (circle, name))
    }

    fn fill(&mut self, circle: CircleId, name: DocumentName) -> Attempt {
        let document = name.id(&circle);
        let was_open = self.documents.is_open(&document) || self.opened.messages.has(&document);
        let before = self.kernel.rows.value(Tree::Snapshots, page_key(&circle, &document))?;
        let known = before.and_then(|bytes| Page::open(bytes).ok()).map(|page| page.by_key());
        let found = self.words_of(&circle, &name, &known.unwrap_or_default())?;
        let Some(state) = self.local(&circle)?.document(&document) else { return Ok(Step::Done) };
        let made = Made::of(state, found.waits);
        let bytes = Page::pack(found.items);
        let mut batch = Batch::default();
        let (tree, key, value) = made.row(&circle, &document);
        batch.put(tree, key, value);
        batch.put(Tree::Snapshots, page_key(&circle, &document), bytes.clone());
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                engine.search.note_made(document, made, done.is_ok());
                engine.keep_made(document, made, &bytes);
                if !was_open && !engine.documents.is_watched(&document) && !engine.documents.has_typed(&document) {
                    engine.documents.shut(&document);
                    engine.opened.messages.forget(&document);
                }
                // Where nobody searches there will be room for it in memory once somebody does.
                let is_lost = engine.search.is_used() && engine.search.in_memory(&document, &made).is_none();
                if done.is_err() && is_lost {
                    engine.search.give_up(document, made.digest);
                }
                engine.fill_next();
            }),
        ))
    }

    /// Keeps a page that was made in memory, for whoever searches.
    fn keep_made(&mut self, document: DocumentId, made: Made, bytes: &[u8]) {
        if let (true, Ok(page)) = (self.search.is_used(), Page::open(bytes)) {
            let loaded = Loaded::new(self.search.fold(), made.digest, page);
            self.search.keep_loaded(document, loaded);
        }
    }

    fn not_filled(&mut self, circle: &CircleId, name: &DocumentName) {
        let document = name.id(circle);
        if let Some(state) = self.circles.get(circle).and_then(|local| local.document(&document)) {
            let digest = Made::of(state, false).digest;
            self.search.give_up(document, digest);
        }
    }

    /// After one page the next: at once while somebody searches, who is told when all are there; else after a while.
    fn fill_next(&mut self) {
        self.search.end_filling();
        let is_more = self.next_to_fill().is_some();
        match (self.search.is_used(), is_more) {
            (true, true) => self.fill_now(),
            (true, false) => {
                for circle in self.circles.ids() {
                    self.notify_lists(&circle, &[ListName::Search]);
                }
            }
            (false, true) => self.search.fill_on(self.clock.steady()),
            (false, false) => {}
        }
    }
}

/// Of a story that this phone's person told several people, which lies with each of them, leaves the first: it is the one
/// that the list of stories has.
fn one_of_each_story(hits: &mut Vec<Hit>) {
    let is_own = |hit: &Hit| hit.kind == FoundKind::Story && hit.mine;
    let what = |hit: &Hit| (hit.title.clone(), hit.excerpt.clone());
    let mut first: SortedMap<(String, String), (u64, String, String)> = SortedMap::new();
    for hit in hits.iter().filter(|hit| is_own(hit)) {
        let place = (hit.at_ms, hit.key.clone(), hit.document.clone());
        let known = first.get_or_insert_with(what(hit), || place.clone());
        *known = place.min(known.clone());
    }
    hits.retain(|hit| !is_own(hit) || first.get(&what(hit)).is_some_and(|(_, _, at)| *at == hit.document));
}

/// Sorts the newest first and leaves out what is beyond.
fn newest(scan: &mut Scan, limit: usize) {
    scan.hits
        .sort_by(|one, other| (other.at_ms, &other.document, &other.key).cmp(&(one.at_ms, &one.document, &one.key)));
    one_of_each_story(&mut scan.hits);
    scan.more |= scan.hits.len() > limit;
    scan.hits.truncate(limit);
    scan.floor_ms = scan.hits.get(limit.saturating_sub(1)).map(|last| last.at_ms);
}
