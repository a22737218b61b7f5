use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{Asset, Assets, Rests, Version, compress, inline};

/// Most files of a web app.
const FILES_MAX: usize = 2_000;
/// Most bytes of a web app.
const BYTES_MAX: usize = 64 * 1024 * 1024;

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// Why a web app cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {cause}")]
    Read {
        /// The file's path below the folder of the app.
        path: String,
        /// What the system says.
        cause: String,
    },
    /// Too much.
    #[error("{path} has more than {FILES_MAX} files or {BYTES_MAX} bytes: is it the folder of the built web app?")]
    TooLarge {
        /// Which folder.
        path: String,
    },
}

/// The types that are served; anything else is bytes that a browser keeps its hands off.
const TYPES: [(&str, &str, bool); 13] = [
    ("html", "text/html; charset=utf-8", true),
    ("js", "text/javascript; charset=utf-8", true),
    ("mjs", "text/javascript; charset=utf-8", true),
    ("css", "text/css; charset=utf-8", true),
    ("json", "application/json", true),
    ("webmanifest", "application/manifest+json", true),
    ("wasm", "application/wasm", true),
    ("svg", "image/svg+xml", true),
    ("txt", "text/plain; charset=utf-8", true),
    ("png", "image/png", false),
    ("ico", "image/x-icon", false),
    ("woff2", "font/woff2", false),
    ("webp", "image/webp", false),
];

impl Assets {
    /// Reads a folder. A `.br` or `.gz` beside a file is taken as its packed form; what has none is packed here.
    ///
    /// # Errors
    /// When something cannot be read, or is too much.
    pub fn load(folder: &Path) -> Result<Self, WebError> {
        let mut paths = Vec::new();
        walk(folder, &mut paths)?;
        let too_large = || WebError::TooLarge { path: folder.display().to_string() };
        if paths.len() > FILES_MAX {
            return Err(too_large());
        }
        let mut files = BTreeMap::new();
        let mut total = 0;
        for path in paths.iter().filter(|path| !is_twin(path)) {
            let bytes = read(path)?;
            total += bytes.len();
            if total > BYTES_MAX {
                return Err(too_large());
            }
            let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
            let asset = asset(&name, path, bytes)?;
            files.insert(name, asset);
        }
        Ok(Self { files })
    }
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), WebError> {
    let fail = |error: std::io::Error| WebError::Read { path: folder.display().to_string(), cause: error.to_string() };
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let kind = entry.file_type().map_err(fail)?;
        // Links are left out: they could lead out of the folder.
        if kind.is_dir() {
            walk(&entry.path(), paths)?;
        } else if kind.is_file() && paths.len() <= FILES_MAX {
            paths.push(entry.path());
        }
    }
    Ok(())
}

fn is_twin(path: &Path) -> bool {
    let packed = path.extension().is_some_and(|extension| extension == "br" || extension == "gz");
    packed && path.with_extension("").is_file()
}

fn read(path: &Path) -> Result<Vec<u8>, WebError> {
    fs::read(path).map_err(|error| WebError::Read { path: path.display().to_string(), cause: error.to_string() })
}

fn asset(name: &str, path: &Path, bytes: Vec<u8>) -> Result<Asset, WebError> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let known = TYPES.into_iter().find(|(known, _, _)| *known == extension);
    let (mime, packs) = known.map_or(("application/octet-stream", false), |(_, mime, packs)| (mime, packs));
    let twin = |suffix: &str| {
        let twin = PathBuf::from(format!("{}.{suffix}", path.display()));
        if twin.is_file() { read(&twin).map(Some) } else { Ok(None) }
    };
    let brotli = twin("br")?.or_else(|| if packs { compress::brotli(&bytes) } else { None });
    let gzip = twin("gz")?.or_else(|| if packs { compress::gzip(&bytes) } else { None });
    let hash: String = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let version = |bytes: Vec<u8>, mark: &str| Version { bytes: bytes.into(), etag: format!("\"{hash}{mark}\"") };
    let is_page = extension == "html";
    let script_sources = if is_page { inline::script_sources(&String::from_utf8_lossy(&bytes)) } else { String::new() };
    let bytes = Bytes::from(bytes);
    Ok(Asset {
        mime,
        script_sources,
        rests: Rests::new(&bytes, packs),
        cache: if is_hashed(name) { FOREVER } else { ASK_AGAIN },
        gzip: gzip.map(|bytes| version(bytes, "-gz")),
        brotli: brotli.map(|bytes| version(bytes, "-br")),
        identity: Version { bytes, etag: format!("\"{hash}\"") },
    })
}

/// Whether a name ends in a content hash, as the build gives to everything in `assets/`: `name-Ab3_xY9z.js`.
fn is_hashed(name: &str) -> bool {
    let Some(file) = name.strip_prefix("assets/") else { return false };
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let hash = stem.len().checked_sub(8).and_then(|at| stem.split_at_checked(at));
    hash.is_some_and(|(before, hash)| {
        before.ends_with('-') && hash.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{Accepted, Encoding};

    fn folder() -> (crate::testing::Folder, Assets) {
        let folder = crate::testing::Folder::new();
        fs::create_dir_all(folder.path().join("assets")).unwrap();
        let long = "let a = 1;\n".repeat(500);
        let page = "<!doctype html><title>Kith</title>".repeat(9) + "<script>kith()</script>";
        for (name, text) in [
            ("index.html", page.as_str()),
            ("notes.html", "<title>Notes</title><script>note()</script>"),
            ("manifest-es.webmanifest", "{}"),
            ("sw.js", &long),
            ("assets/index-Ab3_xY9z.js", &long),
            ("assets/core-12345678.wasm", "\0asm"),
            ("assets/core-12345678.wasm.br", "packed"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let assets = Assets::load(folder.path()).unwrap();
        (folder, assets)
    }

    #[test]
    fn hashed_files_are_kept_for_ever_and_the_page_never() {
        let (_folder, assets) = folder();
        assert_eq!(assets.find("/assets/index-Ab3_xY9z.js", false).unwrap().cache, FOREVER);
        assert_eq!(assets.find("/sw.js", false).unwrap().cache, ASK_AGAIN);
        assert_eq!(assets.find("/", false).unwrap().cache, ASK_AGAIN);
    }

    #[test]
    fn the_smallest_form_that_is_accepted_is_sent_and_has_its_own_tag() {
        let (_folder, assets) = folder();
        let script = assets.find("/sw.js", false).unwrap();
        let of = |line| Accepted::of(core::iter::once(line));
        let best = |line| script.best(of(line)).unwrap();
        let (brotli, gzip, plain) = (best("gzip;q=0.9, br"), best("gzip, br;q=0.9"), best(""));
        assert_eq!((brotli.0, gzip.0, plain.0), (Encoding::Brotli, Encoding::Gzip, Encoding::Identity));
        assert!(brotli.1.bytes.len() < plain.1.bytes.len());
        assert_ne!(brotli.1.etag, gzip.1.etag);
        let wasm = assets.find("/assets/core-12345678.wasm", false).unwrap();
        assert_eq!(wasm.best(of("br")).unwrap().1.bytes.as_ref(), b"packed");
        assert_eq!(wasm.mime, "application/wasm");
    }

    #[test]
    fn each_page_may_run_its_own_scripts_alone() {
        let (_folder, assets) = folder();
        let app = inline::script_sources("<script>kith()</script>");
        let notes = inline::script_sources("<script>note()</script>");
        assert_eq!(assets.script_sources("/notes.html"), notes);
        for path in ["/", "/index.html", "/circle/talk", "/sw.js"] {
            assert_eq!(assets.script_sources(path), app, "{path}");
        }
    }

    #[test]
    fn a_manifest_has_its_type_and_is_asked_for_again() {
        let (_folder, assets) = folder();
        let manifest = assets.find("/manifest-es.webmanifest", false).unwrap();
        assert_eq!((manifest.mime, manifest.cache), ("application/manifest+json", ASK_AGAIN));
    }

    #[test]
    fn the_page_stands_for_places_and_nothing_else() {
        let (_folder, assets) = folder();
        assert!(assets.find("/circle/talk", true).is_some());
        for (path, is_navigation) in [
            ("/circle/talk", false),
            ("/missing.js", true),
            ("/v1/unknown", true),
            ("/assets/core-12345678.wasm.br", false),
            ("/../server/Cargo.toml", true),
            ("//etc/passwd.txt", false),
        ] {
            assert!(assets.find(path, is_navigation).is_none(), "{path}");
        }
    }
}
