use zeroize::Zeroize;

use crate::codec::Writer;
use crate::ids::{CircleId, DeviceId, DocumentId, EntryId, Incarnation, tagged_hash};

use super::aead::{self, nonce_of};
use super::{EntrySize, EpochId, EpochKey, SealProblem};

const BODY: u8 = 1;
const ENTRY: u8 = 2;

/// Where a body belongs: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct BodyPlace<'a> {
    /// The circle.
    pub circle: CircleId,
    /// The document whose message names the body.
    pub document: DocumentId,
    /// The author's device.
    pub device: DeviceId,
    /// The author's incarnation in the document.
    pub incarnation: Incarnation,
    /// The epoch whose key seals it.
    pub epoch: EpochId,
    /// The message's key in the document.
    pub message_key: &'a str,
}

/// Where a sealed entry belongs: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct EntryPlace<'a> {
    /// The circle.
    pub circle: CircleId,
    /// The document.
    pub document: DocumentId,
    /// The author's device.
    pub device: DeviceId,
    /// The author's incarnation in the document.
    pub incarnation: Incarnation,
    /// The epoch whose key seals it.
    pub epoch: EpochId,
    /// The entry's number in its author's chain.
    pub seq: u64,
    /// The entries that it follows, ascending.
    pub dependencies: &'a [EntryId],
}

/// The one key and nonce of a place, and what its content is bound to.
pub(super) struct Lock {
    key: [u8; 32],
    nonce: [u8; 12],
    associated: Vec<u8>,
}

impl Lock {
    fn new(key: &EpochKey, epoch: &EpochId, document: &DocumentId, device: &DeviceId, bound_to: Writer) -> Self {
        let associated = bound_to.into_bytes();
        Self {
            key: tagged_hash("kith/seal/1", &[&key.0, &epoch.0, document.as_bytes(), device.as_bytes()]),
            nonce: nonce_of("kith/nonce/1", &associated),
            associated,
        }
    }

    /// Seals all of `content` behind `skip` in place.
    pub(super) fn seal_behind(&self, skip: usize, content: &mut Vec<u8>) -> Result<(), SealProblem> {
        aead::seal_behind(&self.key, &self.nonce, &self.associated, skip, content)
    }

    /// Opens what [`Self::seal_behind`] sealed.
    pub(super) fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, SealProblem> {
        aead::open(&self.key, &self.nonce, &self.associated, sealed)
    }
}

impl BodyPlace<'_> {
    pub(super) fn lock(&self, key: &EpochKey) -> Lock {
        let mut writer = bound_to(BODY, &self.circle, &self.document, &self.device, self.incarnation, &self.epoch);
        writer.text(self.message_key);
        Lock::new(key, &self.epoch, &self.document, &self.device, writer)
    }
}

impl EntryPlace<'_> {
    pub(super) fn lock(&self, key: &EpochKey, size: EntrySize) -> Lock {
        let mut writer = bound_to(ENTRY, &self.circle, &self.document, &self.device, self.incarnation, &self.epoch);
        writer.byte(size.byte()).raw(&self.seq.to_le_bytes());
        write_dependencies(self.dependencies, &mut writer);
        Lock::new(key, &self.epoch, &self.document, &self.device, writer)
    }
}

fn bound_to(
    kind: u8,
    circle: &CircleId,
    document: &DocumentId,
    device: &DeviceId,
    incarnation: Incarnation,
    epoch: &EpochId,
) -> Writer {
    let mut writer = Writer::new();
    writer.byte(kind).raw(circle.as_bytes()).raw(document.as_bytes()).raw(device.as_bytes());
    writer.raw(&incarnation.0.to_le_bytes()).raw(&epoch.0);
    writer
}

pub(super) fn write_dependencies(dependencies: &[EntryId], writer: &mut Writer) {
    writer.count(dependencies.len());
    for entry in dependencies {
        writer.raw(entry.as_bytes());
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}
