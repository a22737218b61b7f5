//! The built web app as files: their compressed twins, and which of them the first screen needs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result};

use crate::stamp::files_under;

/// Brotli's best, as a server that compresses once can afford.
const QUALITY: u32 = 11;
/// Brotli's largest window that every browser takes.
const WINDOW_BITS: u32 = 22;
/// What does not shrink, or is never sent to a visitor.
const LEFT_ALONE: [&str; 9] = ["pack", "br", "gz", "map", "png", "jpg", "webp", "woff2", "avif"];

/// One file of the app as a visitor downloads it.
pub(crate) struct Asset {
    /// Relative to the app's root, with `/`.
    pub(crate) name: String,
    /// On disk.
    pub(crate) raw_bytes: u64,
    /// On the wire.
    pub(crate) sent_bytes: u64,
}

/// Writes a `.br` beside every file that shrinks; returns the bytes of all files as they are sent.
pub(crate) fn compress_all(dist: &Path) -> Result<u64> {
    let files: Vec<PathBuf> = files_under(dist)?.into_iter().filter(|file| shrinks(file)).collect();
    thread::scope(|scope| {
        let (large, small): (Vec<_>, Vec<_>) =
            files.iter().partition(|file| file.extension().is_some_and(|ext| ext == "wasm"));
        let other = scope.spawn(move || large.into_iter().try_for_each(|file| compress(file)));
        small.into_iter().try_for_each(|file| compress(file))?;
        other.join().unwrap_or_else(|_| anyhow::bail!("compressing {} failed", dist.display()))
    })?;
    Ok(list(dist)?.iter().map(|asset| asset.sent_bytes).sum())
}

/// What a visitor downloads in all, sorted by name.
pub(crate) fn list(dist: &Path) -> Result<Vec<Asset>> {
    let mut assets = Vec::new();
    for file in files_under(dist)? {
        if ["br", "gz", "map"].iter().any(|skipped| file.extension().is_some_and(|ext| ext == *skipped)) {
            continue;
        }
        let raw_bytes = length(&file)?;
        let twin = twin(&file);
        let sent_bytes = if twin.is_file() { length(&twin)?.min(raw_bytes) } else { raw_bytes };
        let name = file.strip_prefix(dist).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        assets.push(Asset { name, raw_bytes, sent_bytes });
    }
    Ok(assets)
}

/// Names of the files that a browser fetches before the first paint: the page, its styles, its scripts and preloads.
pub(crate) fn first_screen(html: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["index.html".to_owned()]);
    for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let wanted = match tag.split_whitespace().next() {
            Some("script") => attribute(tag, "src"),
            Some("link") if matches!(attribute(tag, "rel"), Some("stylesheet" | "modulepreload" | "preload")) => {
                attribute(tag, "href")
            }
            _ => None,
        };
        if let Some(name) = wanted {
            names.insert(name.trim_start_matches("./").trim_start_matches('/').to_owned());
        }
    }
    names
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    rest.split('"').next()
}

fn shrinks(file: &Path) -> bool {
    !LEFT_ALONE.iter().any(|kind| file.extension().is_some_and(|extension| extension == *kind))
}

fn twin(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    PathBuf::from(name)
}

fn compress(file: &Path) -> Result<()> {
    let raw = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut writer = brotli::CompressorWriter::new(Vec::new(), raw.len().max(1), QUALITY, WINDOW_BITS);
    writer.write_all(&raw).with_context(|| format!("{} cannot be compressed", file.display()))?;
    let twin = twin(file);
    fs::write(&twin, writer.into_inner()).with_context(|| format!("{} cannot be written", twin.display()))
}

fn length(file: &Path) -> Result<u64> {
    Ok(fs::metadata(file).with_context(|| format!("{} cannot be read", file.display()))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_screen_is_the_page_and_what_it_names() {
        let html = r#"<html><head><link rel="icon" href="/icon.svg"><link rel="stylesheet" crossorigin href="/assets/a.css">
            <link rel="modulepreload" href="./assets/b.js"><script type="module" crossorigin src="/assets/c.js"></script>"#;
        let names: Vec<String> = first_screen(html).into_iter().collect();
        assert_eq!(names, ["assets/a.css", "assets/b.js", "assets/c.js", "index.html"]);
    }
}
