//! The built web app in memory: read and compressed once, when the server starts.

mod accept;
mod compress;
mod inline;
mod load;
mod rest;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

pub use accept::Accepted;
pub use load::WebError;
pub use rest::REST_STEP_BYTES;
use rest::Rests;

/// How a version of a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// `gzip`.
    Gzip,
    /// `br`.
    Brotli,
}

/// A file as one encoding has it.
#[derive(Clone, Debug)]
pub struct Version {
    /// The bytes to send.
    pub bytes: Bytes,
    /// Strong: another for each encoding.
    pub etag: String,
}

/// A file of the web app.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its type.
    pub mime: &'static str,
    /// How long it may be kept.
    pub cache: &'static str,
    identity: Version,
    gzip: Option<Version>,
    brotli: Option<Version>,
    rests: Option<Arc<Rests>>,
    script_sources: String,
}

/// All files, by path.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    files: BTreeMap<String, Asset>,
}

impl Assets {
    /// The file at a path of a request; for a navigation to a place that the app shows, the app's page. Only
    /// what was there at the start is ever found, so no path leads out of the folder.
    #[must_use]
    pub fn find(&self, path: &str, is_navigation: bool) -> Option<&Asset> {
        let name = path.strip_prefix('/').unwrap_or(path);
        let name = if name.is_empty() { "index.html" } else { name };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
        self.files.get(name).or_else(|| {
            let is_place = is_navigation && name.chars().all(plain) && !name.starts_with("v1/");
            self.files.get("index.html").filter(|_| is_place)
        })
    }

    /// What allows the inline scripts of the page at a path to run, and no others: sources for the security policy, each
    /// after a space. A path that is no page of its own has those of the app's page.
    #[must_use]
    pub fn script_sources(&self, path: &str) -> &str {
        let own = self.find(path, false).map(|asset| asset.script_sources.as_str()).filter(|own| !own.is_empty());
        let app = || self.files.get("index.html").map(|page| page.script_sources.as_str());
        own.or_else(app).unwrap_or_default()
    }

    /// How many files, and how many bytes they are as sent.
    #[must_use]
    pub fn totals(&self) -> (usize, usize) {
        let sent = |asset: &Asset| asset.brotli.as_ref().map_or(asset.identity.bytes.len(), |best| best.bytes.len());
        (self.files.len(), self.files.values().map(sent).sum())
    }
}

impl Asset {
    /// The version that a client takes rather than others, of those that it takes alike the smallest; none when it takes
    /// none that there is.
    #[must_use]
    pub fn best(&self, accepted: Accepted) -> Option<(Encoding, &Version)> {
        let brotli = self.brotli.as_ref().map(|version| (accepted.brotli, Encoding::Brotli, version));
        let gzip = self.gzip.as_ref().map(|version| (accepted.gzip, Encoding::Gzip, version));
        let plain = Some((accepted.identity, Encoding::Identity, &self.identity));
        let taken = [plain, gzip, brotli].into_iter().flatten().filter(|(weight, ..)| *weight > 0);
        taken.max_by_key(|(weight, ..)| *weight).map(|(_, encoding, version)| (encoding, version))
    }

    /// What follows the first `from` bytes of a large file, packed by itself if a client takes that;
    /// `None` when it does not begin there: at a multiple of [`REST_STEP_BYTES`], or for a type that is never packed at
    /// any byte.
    pub async fn rest(&self, from: usize, accepted: Accepted) -> Option<(Encoding, Bytes)> {
        let rests = self.rests.as_ref()?;
        if accepted.brotli > 0
            && accepted.brotli >= accepted.identity
            && let Some(packed) = rests.brotli(from).await
        {
            return Some((Encoding::Brotli, packed));
        }
        rests.plain(from).filter(|_| accepted.identity > 0).map(|rest| (Encoding::Identity, rest))
    }
}
