//! Documents and chains as header frames carry them, over one table of devices.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::DocumentName;
use crate::ids::{DeviceId, Incarnation};

use super::table::{TableReader, TableWriter};
use super::{CLOCK_CHAINS_MAX, CLOCK_DOCUMENTS_MAX, ChainTip, DEVICES_MAX};

/// Writes a header's content behind the devices that it names.
pub(super) struct HeaderWriter {
    devices: TableWriter<DeviceId>,
    pub(super) body: Writer,
}

impl HeaderWriter {
    pub(super) fn new() -> Self {
        Self { devices: TableWriter::new(), body: Writer::new() }
    }

    /// Writes chains in their order, whatever the order given.
    pub(super) fn chains(&mut self, chains: &[ChainTip]) {
        let mut sorted = chains.to_vec();
        sorted.sort_unstable();
        self.body.count(sorted.len());
        for chain in sorted {
            let device = self.devices.number_of(chain.device);
            self.body.count(device).number(chain.incarnation.0.into()).number(chain.seq);
        }
    }

    /// The table, then what was written.
    pub(super) fn finish(self, writer: &mut Writer) {
        self.devices.write(writer, |device, writer| {
            writer.raw(device.as_bytes());
        });
        writer.raw(&self.body.into_bytes());
    }
}

/// Reads what [`HeaderWriter`] wrote.
pub(super) struct HeaderReader<'r, 'a> {
    devices: TableReader<DeviceId>,
    pub(super) body: &'r mut Reader<'a>,
}

impl<'r, 'a> HeaderReader<'r, 'a> {
    pub(super) fn new(body: &'r mut Reader<'a>) -> Result<Self, DecodeError> {
        let devices = TableReader::read(body, DEVICES_MAX, |reader| reader.array("device").map(DeviceId))?;
        Ok(Self { devices, body })
    }

    pub(super) fn chains(&mut self) -> Result<Vec<ChainTip>, DecodeError> {
        let mut chains: Vec<ChainTip> = Vec::new();
        for _ in 0..self.body.count(CLOCK_CHAINS_MAX, "chains")? {
            let number = self.body.count(DEVICES_MAX, "device number")?;
            let chain = ChainTip {
                device: self.devices.get(number)?,
                incarnation: Incarnation(self.body.number_as("incarnation")?),
                seq: self.body.number("seq")?,
            };
            let after = |last: &ChainTip| (last.device, last.incarnation) < (chain.device, chain.incarnation);
            if !chains.last().is_none_or(after) {
                return Err(DecodeError::Invalid { what: "chain order" });
            }
            chains.push(chain);
        }
        Ok(chains)
    }

    pub(super) fn documents<T>(
        &mut self,
        mut read: impl FnMut(DocumentName, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.body.count(CLOCK_DOCUMENTS_MAX, "documents")?;
        (0..count).map(|_| read(DocumentName::read(self.body)?, self)).collect()
    }

    pub(super) fn finish(self, what: &'static str) -> Result<(), DecodeError> {
        self.devices.finish()?;
        self.body.finish(what)
    }
}
