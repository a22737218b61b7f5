//! A key in a file: 64 hex digits and a line end, for its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

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

/// Writes a key durably to a file that is not there yet: whole, or not at all.
pub(super) fn create(path: &Path, key: &[u8; 32]) -> Result<(), KeyError> {
    let unfinished = path.with_extension("part");
    write(&unfinished, key)?;
    let made = fs::hard_link(&unfinished, path).map_err(failed(path));
    fs::remove_file(&unfinished).map_err(failed(&unfinished))?;
    made?;
    sync_folder(path)
}

/// Moves a file over another, durably.
pub(super) fn replace(from: &Path, to: &Path) -> Result<(), KeyError> {
    fs::rename(from, to).map_err(failed(to))?;
    sync_folder(to)
}

/// Removes a file, durably; none is no error.
pub(super) fn remove(path: &Path) -> Result<(), KeyError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path)(error)),
        _ => sync_folder(path),
    }
}

/// Makes the folder of the keys, for its owner alone.
pub(super) fn create_folder(path: &Path) -> Result<(), KeyError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(failed(path))?;
    sync_folder(path)
}

fn write(path: &Path, key: &[u8; 32]) -> Result<(), KeyError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed(path))?;
    let mut line: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    line.push('\n');
    file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(failed(path))
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

fn sync_folder(path: &Path) -> Result<(), KeyError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let path = path.display().to_string();
    move |cause| KeyError::File { path, cause }
}
