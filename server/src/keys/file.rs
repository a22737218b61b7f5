//! A key in a file: 64 hex digits and a line end, for its owner alone.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use crate::files;

use super::KeyError;

/// A key's file is never longer; what is is none.
const FILE_BYTES_MAX: u64 = 256;

/// The key in a file; `None` when there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<[u8; 32]>, KeyError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path)(error)),
    };
    check_mode(&file, path)?;
    let mut text = String::new();
    let malformed = || KeyError::Malformed { place: path.display().to_string() };
    file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(|_| malformed())?;
    parse(text.trim()).map(Some).ok_or_else(malformed)
}

/// 64 hex digits.
pub(super) fn parse(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect();
    let bytes: Vec<u8> = digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    if text.len() == 64 { bytes.try_into().ok() } else { None }
}

/// Writes a key durably to a file that is not there yet: whole, or not at all. Until it is whole it has a name of
/// its own, `draft`, so that no other key is ever written to that file.
pub(super) fn create(path: &Path, draft: &Path, key: &[u8; 32]) -> Result<(), KeyError> {
    write(draft, key)?;
    if path.exists() {
        return Err(failed(path)(io::ErrorKind::AlreadyExists.into()));
    }
    rename(draft, path)
}

/// Gives a file another name, durably.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), KeyError> {
    files::rename(from, to).map_err(failed(to))?;
    sync_folder(to)
}

/// Removes a file, durably; none is no error.
pub(super) fn remove(path: &Path) -> Result<(), KeyError> {
    match files::remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path)(error)),
        _ => sync_folder(path),
    }
}

/// The names of the files in a folder, in their order; none when there is no such folder.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, KeyError> {
    let files = match fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(folder)(error)),
    };
    let name = |file: io::Result<fs::DirEntry>| Ok(file?.file_name().to_string_lossy().into_owned());
    let mut names = files.map(name).collect::<Result<Vec<_>, _>>().map_err(failed(folder))?;
    names.sort();
    Ok(names)
}

/// Makes the folder of the keys, for its owner alone.
pub(super) fn create_folder(path: &Path) -> Result<(), KeyError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    files::step().and_then(|()| builder.create(path)).map_err(failed(path))?;
    // Its parents may be as new as it is.
    path.ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty())
        .try_for_each(|folder| if folder.parent().is_some() { sync_folder(folder) } else { Ok(()) })
}

/// Writes a key durably to a file that is not there yet.
pub(super) fn write(path: &Path, key: &[u8; 32]) -> Result<(), KeyError> {
    let mut line: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    line.push('\n');
    let file = files::create_private(path).map_err(failed(path))?;
    files::write(&file, line.as_bytes()).and_then(|()| files::sync(&file)).map_err(failed(path))
}

#[cfg(unix)]
fn check_mode(file: &File, path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().map_err(failed(path))?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyError::Exposed { path: path.display().to_string(), mode }) }
}

#[cfg(not(unix))]
fn check_mode(_: &File, _: &Path) -> Result<(), KeyError> {
    Ok(())
}

/// Returns when a file's name is on the disk.
pub(super) fn sync_folder(path: &Path) -> Result<(), KeyError> {
    path.parent().map_or(Ok(()), |folder| files::sync_folder(folder).map_err(failed(folder)))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let path = path.display().to_string();
    move |cause| KeyError::File { path, cause }
}
