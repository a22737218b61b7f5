use crate::contexts::{CONTEXTS, Contexts};
use crate::correction::Correction;
use crate::hash::mix;
use crate::matching::Matching;
use crate::mixer::{MATCH, Mixer};
use crate::module::{KINDS_MAX, Kind, ModuleReader, OPS_KEPT};
use crate::tables::Tables;

/// Guesses at the next bit of a module from what came before. Packer and unpacker run it in step, so that all of it is
/// exact: whole numbers, and floats in a fixed order.
pub(crate) struct Model {
    tables: Tables,
    reader: ModuleReader,
    hashes: [u32; CONTEXTS],
    contexts: Contexts,
    matching: Matching,
    mixer: Mixer,
    correction: Correction,
    /// A one, then the bits of this byte so far.
    read: u32,
    left: u32,
    bytes: Vec<u8>,
}

impl Model {
    pub(crate) fn new(capacity: usize) -> Self {
        let tables = Tables::new();
        let correction = Correction::new(&tables);
        let mut model = Self {
            tables,
            reader: ModuleReader::new(),
            hashes: [0; CONTEXTS],
            contexts: Contexts::new(),
            matching: Matching::new(),
            mixer: Mixer::new(),
            correction,
            read: 1,
            left: 8,
            bytes: Vec::with_capacity(capacity),
        };
        model.begin_byte();
        model
    }

    /// All that came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How likely the next bit is a one, in 65,536ths: never 0, never all.
    pub(crate) fn predict(&mut self) -> u32 {
        let half =
            if self.left > 4 { self.read } else { 1 << (4 - self.left) | self.read & ((1 << (4 - self.left)) - 1) };
        self.contexts.predict(half as usize, &self.tables, &mut self.mixer.inputs);
        self.mixer.inputs[MATCH] = self.matching.predict(self.read, self.left, &self.tables);
        let kind = self.reader.kind as usize;
        let chosen = [kind << 8 | self.read as usize, self.matching.case * KINDS_MAX + kind];
        let logit = self.mixer.mix(chosen, &self.tables);
        self.correction.correct(logit, self.hashes[1] ^ self.read.wrapping_mul(0x9e5), &self.tables)
    }

    /// Learns what the bit was.
    pub(crate) fn learn(&mut self, bit: bool) {
        self.correction.learn(bit);
        self.mixer.learn(bit);
        self.contexts.learn(bit);
        self.matching.learn(bit, self.left);
        self.read = self.read << 1 | u32::from(bit);
        self.left -= 1;
        if self.left == 4 {
            self.contexts.begin(&self.hashes, self.read);
        } else if self.left == 0 {
            let byte = self.read as u8;
            self.bytes.push(byte);
            self.reader.take(byte);
            self.begin_byte();
        }
    }

    fn begin_byte(&mut self) {
        (self.read, self.left) = (1, 8);
        self.matching.begin(&self.bytes);
        self.hashes = if self.reader.kind >= Kind::Op { self.code() } else { self.data() };
        self.contexts.begin(&self.hashes, 0);
    }

    fn back(&self, bytes: usize) -> u32 {
        self.bytes.len().checked_sub(bytes).map_or(0, |at| u32::from(self.bytes[at]))
    }

    /// Where one stands in code: what of the instruction was read; after one, two, four, six, twelve opcodes; after two
    /// bytes; the function called last; the block.
    fn code(&self) -> [u32; CONTEXTS] {
        let ModuleReader { kind, begun, op, ops, called, depth, .. } = &self.reader;
        let of = if *kind == Kind::Op { 0 } else { u32::from(*op) };
        let here = mix(mix(*kind as u32, *begun), of);
        let mut chain = [here; OPS_KEPT + 1];
        for (at, op) in ops.iter().enumerate() {
            chain[at + 1] = mix(chain[at], u32::from(*op));
        }
        [
            here,
            chain[2],
            chain[4],
            chain[6],
            chain[OPS_KEPT],
            mix(self.back(1), self.back(2)),
            mix(mix(here, *called), u32::from(ops[0])),
            mix(mix(here, *depth as u32), u32::from(self.reader.block())),
        ]
    }

    /// Where one stands elsewhere: after one to six bytes; in columns of four and eight; anywhere in such a section.
    fn data(&self) -> [u32; CONTEXTS] {
        let kind = self.reader.kind as u32;
        let mut hashes = [kind; CONTEXTS];
        for back in 0..6 {
            hashes[back] = mix(if back == 0 { kind } else { hashes[back - 1] }, self.back(back + 1));
        }
        hashes[6] = mix(mix(kind, self.back(4)), self.back(8));
        hashes
    }
}
