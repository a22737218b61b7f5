//! Packs the client's core, a WebAssembly module, for its download, and unpacks it while it comes.
//!
//! The core is most of a first visit, and machine code is what general packers do worst: this one knows what each byte
//! of a module is (an opcode, the number of a local, data), and mixes the guesses of eight contexts and of the longest
//! match, as the PAQ family does. A quarter smaller than Brotli's best, at a hundred times the work: some microseconds
//! a byte, which a weak link hides, since [`Unpacker`] unpacks as the bytes come.
//!
//! Format, all of it made new for each build: `KPK1`; the module's length and check, four bytes each, little-endian;
//! the arithmetic code, most significant bit first. A change of the model is a change of the format, and of its last
//! digit.
//!
//! Source: Mahoney, "Data Compression Explained", <http://mattmahoney.net/dc/dce.html>, chapter 4.3.

mod coder;
mod contexts;
mod correction;
mod error;
mod hash;
mod matching;
mod mixer;
mod model;
mod module;
mod pack;
mod tables;
mod unpack;

pub use error::PackError;
pub use pack::pack;
pub use unpack::Unpacker;

/// The largest module, in bytes.
pub const MODULE_BYTES_MAX: usize = 16 * 1024 * 1024;

const MAGIC: [u8; 4] = *b"KPK1";
const HEAD_BYTES: usize = 12;

fn check(module: &[u8]) -> u32 {
    module.iter().fold(0, |check, byte| hash::mix(check, u32::from(*byte) + 1))
}

#[cfg(test)]
mod tests;
