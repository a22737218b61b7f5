//! What the largest documents cost that gate and admission let be: each as full as it may be, in a way of its own.

use kith_shared::document::{Block, BlockKind, BodyOp, DocumentName, Handle, Mark, Subject};
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, CircleId};
use kith_shared::sync::{DOCUMENT_ENTRIES_MAX, DOCUMENT_WORK_MAX};
use kith_shared::time::Day;

use super::{BenchError, Measure, NOW, measure};
use crate::clock::Stopwatch;
use crate::seed::Seed;

const OF_CIRCLE: CircleId = CircleId([0xbe; 16]);
/// Letters of one edit.
const STEP: usize = 2_000;
/// Marks that lie over each other; the rest of that document is text.
const MARKS: u64 = 2_000;
/// What a new block takes, in ops.
const BLOCK_WORK: u64 = 3;

fn wrong(what: impl core::fmt::Debug) -> BenchError {
    BenchError::Wrong(format!("{what:?}"))
}

fn name() -> DocumentName {
    DocumentName::new(Subject::SessionNote { day: Day(20_000), ordinal: 0 })
}

fn open(changes: &[Vec<u8>]) -> Result<Handle, BenchError> {
    Handle::open(&OF_CIRCLE, &name(), ActorId([7; 16]), changes).map_err(wrong)
}

fn splice(index: usize, remove: usize, text: String) -> BodyOp {
    BodyOp::Splice { index, remove, text }
}

/// A note in which edits were made until it was full.
fn filled(mut next: impl FnMut(usize, &mut Seed) -> Vec<BodyOp>) -> Result<Vec<Vec<u8>>, BenchError> {
    let (mut handle, mut seed, mut changes, mut work) = (open(&[])?, Seed::new(1), Vec::new(), 0);
    while work < DOCUMENT_WORK_MAX && (changes.len() as u64) < DOCUMENT_ENTRIES_MAX {
        let units = handle.note_units().map_err(wrong)?;
        handle.edit_body(&next(units, &mut seed)).map_err(wrong)?;
        for change in handle.commit(NOW) {
            work += parse_change(&change).map_err(wrong)?.work;
            changes.push(change);
        }
    }
    Ok(changes)
}

/// The largest resident memory since the last time, in MiB; nothing where the system does not tell.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).map_or(0.0, |kib| kib / 1_024.0)
}

fn opened(names: [&'static str; 2], changes: &[Vec<u8>], measures: &mut Vec<Measure>) -> Result<(), BenchError> {
    // Not everywhere allowed; then the peak is the run's.
    drop(std::fs::write("/proc/self/clear_refs", "5"));
    let before = peak_mib();
    let watch = Stopwatch::start();
    let handle = open(changes)?;
    let note = handle.note().map_err(wrong)?;
    let took = watch.elapsed().as_secs_f64() * 1_000.0;
    drop(note);
    measures.push(measure(names[0], took, "ms to open and show, 6 times that on a slow phone"));
    measures.push(measure(names[1], (peak_mib() - before).max(0.0), "MiB at most, natively"));
    Ok(())
}

/// How long the fullest notes take to open and show, and how much memory.
///
/// # Errors
/// When a note does not open.
pub fn full_documents() -> Result<Vec<Measure>, BenchError> {
    let mut measures = Vec::new();
    let text = || "a".repeat(STEP);
    let appended = filled(|units, _| vec![splice(units, 0, text())])?;
    opened(["full.appended", "full.appended.memory"], &appended, &mut measures)?;
    let replaced = filled(|units, _| vec![splice(0, units, text())])?;
    opened(["full.replaced", "full.replaced.memory"], &replaced, &mut measures)?;
    let scattered =
        filled(|units, seed| (0..40).map(|_| splice(seed.below(units + 1), 0, "a few letters ".into())).collect())?;
    opened(["full.scattered", "full.scattered.memory"], &scattered, &mut measures)?;
    let letters = filled(|units, seed| vec![splice(seed.below(units + 1), 0, "a".into())])?;
    opened(["full.changes", "full.changes.memory"], &letters, &mut measures)?;
    let block = Block { kind: BlockKind::Paragraph, level: 0, checked: false };
    let blocks = filled(|_, _| vec![BodyOp::Block { index: 0, block }; STEP / BLOCK_WORK as usize])?;
    opened(["full.blocks", "full.blocks.memory"], &blocks, &mut measures)?;
    let mut count = 0;
    let marked = filled(|units, _| {
        count += 1;
        match units >= STEP && count <= MARKS / 100 {
            true => {
                let mark =
                    |at: usize| BodyOp::Mark { from: at, to: STEP - at, mark: Mark::Em, on: at.is_multiple_of(2) };
                (0..100).map(mark).collect()
            }
            false => vec![splice(units, 0, text())],
        }
    })?;
    opened(["full.marks", "full.marks.memory"], &marked, &mut measures)?;
    Ok(measures)
}
