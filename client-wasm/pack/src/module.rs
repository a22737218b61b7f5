//! Follows a WebAssembly module byte by byte, so that the model knows what the next byte is: an opcode, the number of
//! a local, a piece of data. It only helps to guess: what is no module is followed just as firmly, and costs size.
//!
//! Source: <https://webassembly.github.io/spec/core/binary/>

use crate::hash::mix;

/// What a byte is. Those from `Op` on are within the code of a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
pub(crate) enum Kind {
    Head,
    Section,
    SectionSize,
    Other,
    Data,
    Functions,
    FunctionSize,
    LocalGroups,
    LocalCount,
    LocalType,
    Op,
    Block,
    Depth,
    Function,
    Type,
    Local,
    Global,
    Align,
    Offset,
    Int32,
    Int64,
    Float,
    Labels,
    SubOp,
    Index,
}

/// How many kinds there may be.
pub(crate) const KINDS_MAX: usize = 32;
/// How many opcodes are remembered.
pub(crate) const OPS_KEPT: usize = 12;

const HEAD_BYTES: usize = 8;
const CODE_SECTION: u8 = 10;
const DATA_SECTION: u8 = 11;
const CONTINUES: u8 = 0x80;
/// Bits of a number in LEB128 that still count.
const NUMBER_BITS_MAX: u32 = 28;
/// Blocks that lie deeper are guessed worse.
const DEPTH_MAX: usize = 1_023;
/// More labels than any compiler writes for one jump.
const LABELS_MAX: u32 = 4_096;

const END: u8 = 0x0b;
const FLOAT_32: u8 = 0x43;
const FLOAT_64: u8 = 0x44;

/// Where in a module one stands, and what was read on the way.
pub(crate) struct ModuleReader {
    /// What the next byte is.
    pub(crate) kind: Kind,
    /// A hash of what is read of the present instruction, or of the present part of another section.
    pub(crate) begun: u32,
    /// The opcode that was begun.
    pub(crate) op: u8,
    /// The last opcodes of the function, the newest first.
    pub(crate) ops: [u8; OPS_KEPT],
    /// The function called last.
    pub(crate) called: u32,
    /// How deep in blocks.
    pub(crate) depth: usize,
    blocks: [u8; DEPTH_MAX + 1],
    at: usize,
    number: u32,
    bits: u32,
    section: u8,
    section_end: usize,
    function_end: usize,
    /// Of a float's bytes, or of groups of locals.
    left: u32,
    /// What of the instruction is still to come, and how many labels after it.
    operands: &'static [Kind],
    labels: u32,
}

impl ModuleReader {
    pub(crate) fn new() -> Self {
        Self {
            kind: Kind::Head,
            begun: 0,
            op: 0,
            ops: [0; OPS_KEPT],
            called: 0,
            depth: 0,
            blocks: [0; DEPTH_MAX + 1],
            at: 0,
            number: 0,
            bits: 0,
            section: 0,
            section_end: 0,
            function_end: 0,
            left: 0,
            operands: &[],
            labels: 0,
        }
    }

    /// What opened the innermost block.
    pub(crate) fn block(&self) -> u8 {
        self.blocks.get(self.depth).copied().unwrap_or_default()
    }

    /// Takes the next byte.
    pub(crate) fn take(&mut self, byte: u8) {
        self.at += 1;
        self.begun = mix(self.begun, u32::from(byte) + 1);
        if self.kind >= Kind::Op { self.take_code(byte) } else { self.take_outside(byte) }
    }

    fn take_outside(&mut self, byte: u8) {
        let kind = self.kind;
        match kind {
            Kind::Head if self.at == HEAD_BYTES => self.go_to(Kind::Section),
            Kind::Head => {}
            Kind::Section => {
                self.section = byte;
                self.go_to(Kind::SectionSize);
            }
            Kind::SectionSize if self.ends(byte) => self.begin_section(),
            Kind::Functions if self.ends(byte) => self.go_to(Kind::FunctionSize),
            Kind::FunctionSize if self.ends(byte) => self.begin_function(),
            Kind::SectionSize | Kind::Functions | Kind::FunctionSize => {}
            Kind::LocalGroups => {
                self.left = u32::from(byte);
                self.go_to(if byte == 0 { Kind::Op } else { Kind::LocalCount });
            }
            Kind::LocalCount if byte < CONTINUES => self.kind = Kind::LocalType,
            Kind::LocalCount => {}
            Kind::LocalType => {
                self.left = self.left.saturating_sub(1);
                if self.left > 0 { self.kind = Kind::LocalCount } else { self.go_to(Kind::Op) }
            }
            _ if self.at >= self.section_end => self.go_to(Kind::Section),
            _ => {}
        }
    }

    fn take_code(&mut self, byte: u8) {
        let kind = self.kind;
        match kind {
            Kind::Op => self.begin(byte),
            Kind::Float => {
                self.left = self.left.saturating_sub(1);
                if self.left == 0 {
                    self.next();
                }
            }
            Kind::SubOp => {
                self.operands = sub_operands(byte);
                self.next();
            }
            Kind::Block => self.next(),
            _ if self.ends(byte) => self.end_operand(),
            _ => {}
        }
    }

    fn begin(&mut self, op: u8) {
        self.op = op;
        self.operands = operands(op);
        self.labels = 0;
        if matches!(op, 0x02..=0x04) {
            self.depth = (self.depth + 1).min(DEPTH_MAX);
            if let Some(block) = self.blocks.get_mut(self.depth) {
                *block = op;
            }
        } else if op == END {
            self.depth = self.depth.saturating_sub(1);
        }
        self.left = if op == FLOAT_32 { 4 } else { 8 };
        self.next();
    }

    fn end_operand(&mut self) {
        match self.kind {
            Kind::Function => self.called = self.number,
            // The default is one more.
            Kind::Labels => self.labels = self.number.min(LABELS_MAX) + 1,
            _ => {}
        }
        self.next();
    }

    fn next(&mut self) {
        (self.number, self.bits) = (0, 0);
        if let Some((operand, rest)) = self.operands.split_first() {
            (self.kind, self.operands) = (*operand, rest);
            return;
        }
        if self.labels > 0 {
            self.labels -= 1;
            self.kind = Kind::Depth;
            return;
        }
        self.ops.copy_within(..OPS_KEPT - 1, 1);
        self.ops[0] = self.op;
        if self.at < self.function_end {
            self.go_to(Kind::Op);
        } else {
            self.go_to(if self.at < self.section_end { Kind::FunctionSize } else { Kind::Section });
        }
    }

    fn begin_section(&mut self) {
        self.section_end = self.at + self.number as usize;
        self.go_to(match self.section {
            _ if self.number == 0 => Kind::Section,
            CODE_SECTION => Kind::Functions,
            DATA_SECTION => Kind::Data,
            _ => Kind::Other,
        });
    }

    fn begin_function(&mut self) {
        self.function_end = self.at + self.number as usize;
        self.ops = [0; OPS_KEPT];
        self.depth = 0;
        self.go_to(Kind::LocalGroups);
    }

    fn go_to(&mut self, kind: Kind) {
        self.kind = kind;
        (self.begun, self.number, self.bits) = (0, 0, 0);
    }

    /// Adds a byte of a number; true when it was the last.
    fn ends(&mut self, byte: u8) -> bool {
        if self.bits <= NUMBER_BITS_MAX {
            self.number |= u32::from(byte & 0x7f) << self.bits;
        }
        self.bits += 7;
        byte < CONTINUES
    }
}

/// What follows an opcode.
fn operands(op: u8) -> &'static [Kind] {
    match op {
        0x02..=0x04 => &[Kind::Block],
        0x0c | 0x0d => &[Kind::Depth],
        0x0e => &[Kind::Labels],
        0x10 | 0xd2 => &[Kind::Function],
        0x11 => &[Kind::Type, Kind::Index],
        0x1c => &[Kind::Index, Kind::Index],
        0x20..=0x22 => &[Kind::Local],
        0x23 | 0x24 => &[Kind::Global],
        0x28..=0x3e => &[Kind::Align, Kind::Offset],
        0x25 | 0x26 | 0x3f | 0x40 | 0xd0 => &[Kind::Index],
        0x41 => &[Kind::Int32],
        0x42 => &[Kind::Int64],
        FLOAT_32 | FLOAT_64 => &[Kind::Float],
        0xfc => &[Kind::SubOp],
        _ => &[],
    }
}

/// What follows an opcode that begins with 0xfc.
fn sub_operands(op: u8) -> &'static [Kind] {
    match op {
        8 | 10 | 12 | 14 => &[Kind::Index, Kind::Index],
        9 | 11 | 13 | 15.. => &[Kind::Index],
        _ => &[],
    }
}
