//! A tracer that counts the system calls by which a process changes the disk, over all its threads, and stops it in
//! front of the n-th: the call does not happen, all before it did.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::thread;

use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::trace_output::{Output, Watch};
use super::{Ran, Stop};

/// What the kernel puts where a call's result will be, while the call is being entered.
const ENOSYS: u64 = (-38_i64).cast_unsigned();
/// What a call that found the disk full gives.
const ENOSPC: u64 = (-28_i64).cast_unsigned();
/// No system call: in its place nothing is done.
const NONE: u64 = u64::MAX;
/// Flags of open: a file may be made, or emptied.
const CREATES: u64 = 0o100 | 0o1000;

/// Whether a process may be traced here.
#[must_use]
pub fn is_permitted() -> bool {
    let traced = tempfile::tempdir().and_then(|folder| {
        let mut command = Command::new("mkdir");
        command.arg(folder.path().join("made"));
        run(command, folder.path(), Stop::Never, None)
    });
    traced.is_ok_and(|ran| ran.success && ran.steps == 1)
}

/// Runs a command to a step.
///
/// # Errors
/// When it does not start, or cannot be traced.
pub fn run(command: Command, root: &Path, stop: Stop, until: Option<&str>) -> io::Result<Ran> {
    let root = root.canonicalize()?;
    // Only the thread that traces may wait for what is traced, and it must have no other children.
    thread::scope(|scope| {
        let traced = scope.spawn(|| trace(command, &root, stop, until));
        traced.join().unwrap_or_else(|_| Err(io::Error::other("the tracer broke off")))
    })
}

fn trace(command: Command, root: &Path, stop: Stop, until: Option<&str>) -> io::Result<Ran> {
    // The shell stops itself until it is traced, then becomes the command.
    let mut shell = Command::new("sh");
    shell.args(["-c", "kill -STOP $$; exec \"$0\" \"$@\""]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap_or(OsStr::new("")));
    }
    let output = Output::new(&mut shell)?;
    let child = shell.spawn()?;
    let main = Pid::from_raw(child.id().cast_signed());
    waitpid(main, Some(WaitPidFlag::WUNTRACED))?;
    let begun = begin(main);
    let _watch = Watch::start(child.id(), &output, until);
    let mut tracer = Tracer { main, root, stop, threads: BTreeMap::new(), ran: Ran::default() };
    match begun {
        Ok(()) => tracer.follow()?,
        Err(error) => {
            kill(main, Signal::SIGKILL)?;
            waitpid(main, None)?;
            return Err(error.into());
        }
    }
    tracer.ran.text = output.text()?;
    Ok(tracer.ran)
}

fn begin(main: Pid) -> nix::Result<()> {
    ptrace::attach(main)?;
    waitpid(main, Some(WaitPidFlag::__WALL))?;
    let clones = Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_TRACEFORK | Options::PTRACE_O_TRACEVFORK;
    let marks = Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACEEXEC | Options::PTRACE_O_EXITKILL;
    ptrace::setoptions(main, clones | marks)?;
    kill(main, Signal::SIGCONT)?;
    ptrace::syscall(main, None)
}

/// Where a thread is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Outside of a call.
    Outside,
    /// In a call.
    Inside,
    /// In a call that is to find the disk full.
    Failing,
}

struct Tracer<'a> {
    main: Pid,
    root: &'a Path,
    stop: Stop,
    threads: BTreeMap<i32, At>,
    ran: Ran,
}

impl Tracer<'_> {
    fn follow(&mut self) -> io::Result<()> {
        let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        loop {
            let status = match waitpid(None, Some(flags)) {
                Err(nix::Error::EINTR) => continue,
                Err(nix::Error::ECHILD) => return Ok(()),
                status => status?,
            };
            match status {
                WaitStatus::Exited(pid, code) if pid == self.main => {
                    self.ran.success = code == 0;
                    return Ok(());
                }
                WaitStatus::Signaled(pid, signal, _) if pid == self.main => {
                    self.ran.killed = signal == Signal::SIGKILL;
                    return Ok(());
                }
                WaitStatus::PtraceSyscall(pid) => {
                    self.at_call(pid).or_else(gone)?;
                    ptrace::syscall(pid, None).or_else(gone)?;
                }
                WaitStatus::Stopped(pid, signal) => {
                    // What attaching sends is not the program's.
                    let signal = Some(signal).filter(|signal| !matches!(signal, Signal::SIGSTOP | Signal::SIGTRAP));
                    ptrace::syscall(pid, signal).or_else(gone)?;
                }
                WaitStatus::PtraceEvent(pid, ..) => ptrace::syscall(pid, None).or_else(gone)?,
                _ => {}
            }
        }
    }

    fn at_call(&mut self, pid: Pid) -> nix::Result<()> {
        let mut registers = ptrace::getregs(pid)?;
        let at = self.threads.entry(pid.as_raw()).or_insert(At::Outside);
        let (was, is_entry) = (*at, *at == At::Outside && registers.rax == ENOSYS);
        *at = if is_entry { At::Inside } else { At::Outside };
        if was == At::Failing {
            registers.rax = ENOSPC;
            return ptrace::setregs(pid, registers);
        }
        let call = [registers.orig_rax, registers.rdi, registers.rsi, registers.rdx];
        if !is_entry || !changes_disk(pid, self.root, call) {
            return Ok(());
        }
        self.ran.steps += 1;
        match self.stop {
            Stop::Kill(step) if step == self.ran.steps => {
                // The call may be a child's.
                kill(pid, Signal::SIGKILL)?;
                kill(self.main, Signal::SIGKILL)
            }
            Stop::Full(step) if step <= self.ran.steps && takes_room(call[0]) => {
                self.threads.insert(pid.as_raw(), At::Failing);
                registers.orig_rax = NONE;
                ptrace::setregs(pid, registers)
            }
            _ => Ok(()),
        }
    }
}

/// A thread may have been killed while it was looked at.
fn gone(error: nix::Error) -> nix::Result<()> {
    if error == nix::Error::ESRCH { Ok(()) } else { Err(error) }
}

/// Whether a call (its number and first arguments) changes what is on the disk.
fn changes_disk(pid: Pid, root: &Path, [number, first, second, third]: [u64; 4]) -> bool {
    match number {
        // open, openat
        2 => second & CREATES != 0,
        257 => third & CREATES != 0,
        // creat, rename, mkdir, rmdir, link, unlink, symlink, truncate
        85 | 82 | 83 | 84 | 86 | 87 | 88 | 76 => true,
        // mkdirat, unlinkat, renameat, linkat, symlinkat, renameat2
        258 | 263 | 264 | 265 | 266 | 316 => true,
        // write, pwrite64, writev, pwritev, pwritev2; fsync, fdatasync, ftruncate, fallocate, sync_file_range
        1 | 18 | 20 | 296 | 328 | 74 | 75 | 77 | 285 | 277 => is_below(pid, root, first),
        // copy_file_range writes to its third argument
        326 => is_below(pid, root, third),
        _ => false,
    }
}

/// Whether a call may find that the disk is full.
fn takes_room(number: u64) -> bool {
    matches!(number, 1 | 18 | 20 | 296 | 328 | 2 | 257 | 85 | 83 | 258 | 82 | 264 | 316 | 86 | 265 | 285 | 77 | 326)
}

fn is_below(pid: Pid, root: &Path, descriptor: u64) -> bool {
    fs::read_link(format!("/proc/{pid}/fd/{descriptor}")).is_ok_and(|path| path.starts_with(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(folder: &Path) -> Command {
        let mut command = Command::new("sh");
        let text = "mkdir \"$0/a\" && echo one > \"$0/a/b\" && mv \"$0/a/b\" \"$0/a/c\" && rm \"$0/a/c\"";
        command.arg("-c").arg(text).arg(folder);
        command
    }

    #[test]
    fn a_process_is_stopped_in_front_of_each_step_and_all_before_it_are_done() {
        if !is_permitted() {
            return;
        }
        // mkdir; create, write; rename; unlink
        let left: [&[&str]; 5] = [&[], &["a"], &["a", "a/b"], &["a", "a/b"], &["a", "a/c"]];
        for (before, left) in (1..).zip(left) {
            let folder = tempfile::tempdir().unwrap();
            let ran = run(script(folder.path()), folder.path(), Stop::Kill(before), None).unwrap();
            let is_there = |name: &&str| folder.path().join(name).exists();
            let all = ["a", "a/b", "a/c"].into_iter().filter(is_there).collect::<Vec<_>>();
            assert_eq!((ran.killed, all.as_slice()), (true, left), "in front of step {before}: {ran:?}");
        }
        let folder = tempfile::tempdir().unwrap();
        let ran = run(script(folder.path()), folder.path(), Stop::Never, None).unwrap();
        assert_eq!((ran.steps, ran.success, ran.killed), (5, true, false));
    }

    #[test]
    fn a_full_disk_is_what_the_process_is_told() {
        if !is_permitted() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let ran = run(script(folder.path()), folder.path(), Stop::Full(1), None).unwrap();
        assert!(ran.text.contains("No space left on device") && !folder.path().join("a").exists(), "{ran:?}");
    }
}
