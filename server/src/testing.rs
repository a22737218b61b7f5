use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory that is removed at the end of its test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("kith-server-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// How many files below a folder hold these bytes.
pub(crate) fn files_holding(path: &Path, bytes: &[u8]) -> usize {
    let files = std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path());
    files
        .map(|file| match file.is_dir() {
            true => files_holding(&file, bytes),
            false => usize::from(std::fs::read(&file).unwrap().windows(bytes.len()).any(|window| window == bytes)),
        })
        .sum()
}
