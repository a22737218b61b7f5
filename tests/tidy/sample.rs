//! Small crates and documents that break a rule, so that each checker is known to fail.

use std::fs;

use tempfile::TempDir;

/// A folder with these files in it.
pub(crate) fn sample(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}
