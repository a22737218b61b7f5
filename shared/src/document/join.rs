//! Joining heads: changes without ops that depend on many, so that the next change depends on few.

use crate::codec::Writer;
use crate::gate::{TIME_MAX, wrap_content};
use crate::ids::{ActorId, EntryId};
use crate::time::TimestampMs;

/// The last change of a handle's own actor.
#[derive(Clone, Copy)]
pub(super) struct OwnLast {
    pub(super) seq: u64,
    pub(super) entry: EntryId,
}

/// The one form of a change without ops, as Automerge writes it.
pub(super) fn empty_change(
    dependencies: &[EntryId],
    actor: &ActorId,
    seq: u64,
    start_op: u64,
    now: TimestampMs,
) -> (Vec<u8>, EntryId) {
    let mut content = Writer::new();
    content.count(dependencies.len());
    for entry in dependencies {
        content.raw(entry.as_bytes());
    }
    content.bytes(actor.as_bytes()).number(seq).number(start_op);
    write_time(i64::try_from(now.0).unwrap_or(TIME_MAX).min(TIME_MAX), &mut content);
    // No message, no other actors, no columns.
    content.raw(&[0, 0, 0]);
    wrap_content(&content.into_bytes())
}

/// A time that is not negative, as a signed LEB128 number.
fn write_time(mut time: i64, writer: &mut Writer) {
    while time > 0x3f {
        writer.byte((time & 0x7f) as u8 | 0x80);
        time >>= 7;
    }
    writer.byte(time as u8);
}
