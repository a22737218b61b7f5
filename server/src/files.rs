//! Each call by which the server itself changes the disk (sled's own are announced with [`step`]). One layer, so that
//! tests can stop the process, or fill the disk, in front of any of them where no tracer is allowed to: builds with
//! debug assertions read `KITH_FAULT_AT`, releases have none of it. `tests/src/steps` drives it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Announces a step that changes the disk.
///
/// # Errors
/// When a test has filled the disk from here on.
#[cfg(not(debug_assertions))]
#[inline]
pub(crate) fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(debug_assertions)]
pub(crate) use fault::step;

/// Makes a folder, and those above it.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    step()?;
    fs::create_dir_all(path)
}

/// Makes a file anew, empty.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    step()?;
    File::create(path)
}

/// Opens a file as it is, to read and write, and makes it where there is none.
pub(crate) fn open_or_create(path: &Path) -> io::Result<File> {
    step()?;
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Makes a file that is not there, for its owner alone.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    step()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes all of it.
pub(crate) fn write(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    step()?;
    file.write_all(bytes)
}

/// Returns when a file is on the disk.
pub(crate) fn sync(file: &File) -> io::Result<()> {
    step()?;
    file.sync_all()
}

/// Returns when a folder's own entries are on the disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    sync(&File::open(path)?)
}

/// Gives a file or folder another name.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step()?;
    fs::rename(from, to)
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    step()?;
    fs::remove_file(path)
}

/// Removes a folder and all in it.
pub(crate) fn remove_folder(path: &Path) -> io::Result<()> {
    step()?;
    fs::remove_dir_all(path)
}

/// Bytes that are free for this process on the disk that `path` lies on.
#[cfg(unix)]
pub(crate) fn free_bytes(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Elsewhere it is not asked for: a full disk is met where it refuses a write.
#[cfg(not(unix))]
pub(crate) fn free_bytes(path: &Path) -> io::Result<u64> {
    fs::metadata(path).map(|_| u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    #[test]
    fn free_space_is_told_of_a_folder_that_is_there() {
        let folder = Folder::new();
        assert!(free_bytes(folder.path()).unwrap() > 0);
        assert_eq!(free_bytes(&folder.path().join("gone")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}

#[cfg(debug_assertions)]
mod fault {
    use std::fs::OpenOptions;
    use std::io::{self, Write as _};
    use std::path::PathBuf;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// `N`: the process dies in front of the N-th step, from 1; `N:full`: the disk is full from it on.
    const AT: &str = "KITH_FAULT_AT";
    /// A file that grows by a byte with each step.
    const LOG: &str = "KITH_FAULT_LOG";

    #[derive(Debug, Default, PartialEq, Eq)]
    struct Plan {
        dies_at: Option<u64>,
        full_from: Option<u64>,
        log: Option<PathBuf>,
    }

    impl Plan {
        fn read(at: Option<&str>, log: Option<PathBuf>) -> Self {
            match at.map(|at| at.split_once(':').unwrap_or((at, ""))) {
                Some((number, "full")) => Self { full_from: number.parse().ok(), log, ..Self::default() },
                Some((number, "")) => Self { dies_at: number.parse().ok(), log, ..Self::default() },
                _ => Self { log, ..Self::default() },
            }
        }

        fn meet(&self, step: u64) -> io::Result<()> {
            if self.dies_at == Some(step) {
                // As after SIGKILL, nothing is written and nothing is unwound.
                std::process::abort();
            }
            if let Some(log) = &self.log {
                OpenOptions::new().create(true).append(true).open(log)?.write_all(b".")?;
            }
            match self.full_from {
                Some(from) if step >= from => Err(io::ErrorKind::StorageFull.into()),
                _ => Ok(()),
            }
        }
    }

    pub(crate) fn step() -> io::Result<()> {
        static PLAN: OnceLock<Plan> = OnceLock::new();
        static STEPS: AtomicU64 = AtomicU64::new(0);
        let plan =
            PLAN.get_or_init(|| Plan::read(std::env::var(AT).ok().as_deref(), std::env::var_os(LOG).map(Into::into)));
        plan.meet(STEPS.fetch_add(1, Ordering::SeqCst) + 1)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_full_disk_stays_full_and_a_step_without_a_plan_passes() {
            let full = Plan::read(Some("3:full"), None);
            let met: Vec<bool> = (1..=4).map(|step| full.meet(step).is_ok()).collect();
            assert_eq!(met, [true, true, false, false]);
            assert_eq!(Plan::read(Some("7"), None), Plan { dies_at: Some(7), ..Plan::default() });
            assert_eq!(Plan::read(Some("x:y"), None), Plan::default());
            assert!(Plan::default().meet(1).is_ok());
        }
    }
}
