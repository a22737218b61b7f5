use crate::{HEAD_BYTES, MODULE_BYTES_MAX, PackError, Unpacker, pack};

/// `(module (func (result i32) i32.const 1) (func (result i32) call 0 f64.const 1 drop) ...)`, many alike.
fn module(functions: u8) -> Vec<u8> {
    let mut code = vec![functions];
    for at in 0..functions {
        code.extend([
            18,
            1,
            2,
            0x7f,
            0x02,
            0x40,
            0x20,
            at & 3,
            0x28,
            2,
            at,
            0x1a,
            0x0e,
            1,
            0,
            0,
            0x0b,
            0x41,
            at & 63,
            0x0b,
        ]);
    }
    let mut module = b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7f".to_vec();
    module.push(10);
    let length = code.len();
    module.extend([length as u8 | 0x80, (length >> 7) as u8]);
    module.extend(code);
    module.extend([11, 12]);
    module.extend(b"hello, hello");
    module
}

/// Bytes that nobody can guess, the same each time.
fn noise(length: usize, mut seed: u32) -> Vec<u8> {
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn unpack(packed: &[u8], step: usize) -> Result<Vec<u8>, PackError> {
    let mut unpacker = Unpacker::new();
    for part in packed.chunks(step) {
        unpacker.take(part)?;
    }
    unpacker.end().map(<[u8]>::to_vec)
}

#[test]
fn what_is_packed_comes_out_in_parts_of_every_size() {
    for module in [module(100), module(3), vec![], vec![0], noise(3_000, 1), vec![0xfc; 500], vec![0x0e; 500]] {
        let packed = pack(&module).unwrap();
        for step in [1, 2, 7, 64, 4_096] {
            assert_eq!(unpack(&packed, step).as_ref(), Ok(&module), "{} bytes in steps of {step}", module.len());
        }
    }
}

#[test]
fn every_beginning_of_a_module_is_a_module_that_packs() {
    let module = module(10);
    for end in 0..module.len() {
        let packed = pack(&module[..end]).unwrap();
        assert_eq!(unpack(&packed, 100).as_deref(), Ok(&module[..end]));
    }
}

#[test]
fn a_regular_module_shrinks_and_noise_hardly_grows() {
    let regular = module(100);
    assert!(
        pack(&regular).unwrap().len() * 4 < regular.len(),
        "{} of {}",
        pack(&regular).unwrap().len(),
        regular.len()
    );
    assert!(pack(&noise(10_000, 2)).unwrap().len() < 10_400);
}

#[test]
fn the_packed_bytes_are_these() {
    let packed = pack(&module(3)).unwrap();
    let hex: String = packed.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, GOLDEN);
}

/// As KPK1 has it; another model is another version.
const GOLDEN: &str = "4b504b315d0000008ef8db8eff66fd3e1df1be523d5b6397ae04925345f4f9584ac6b5595824f4240bc84907f45ec425\
aacb82593932f041786145f863bb7defa132b5a9f160f6cc7be2926a357568fa95344e77abb11b60";

#[test]
fn a_changed_byte_is_told_and_not_unpacked_as_something_else() {
    let module = module(20);
    let packed = pack(&module).unwrap();
    let mut told = 0;
    for at in 0..packed.len() {
        let mut changed = packed.clone();
        changed[at] ^= 0x10;
        // The last bytes may hold more than the last bits need.
        let result = unpack(&changed, 50);
        assert!(result.is_err() || result.as_ref() == Ok(&module), "byte {at}");
        told += usize::from(result.is_err());
    }
    assert!(told + 4 > packed.len(), "{told} of {}", packed.len());
}

#[test]
fn a_part_is_too_short_and_a_surplus_too_long() {
    let packed = pack(&module(20)).unwrap();
    for end in 0..packed.len() - 4 {
        assert_eq!(unpack(&packed[..end], 50), Err(PackError::TooShort), "{end} bytes");
    }
    let longer = [packed.as_slice(), &[0]].concat();
    assert_eq!(unpack(&longer, 50), Err(PackError::TooLong));
    assert_eq!(unpack(&longer, 1), Err(PackError::TooLong));
}

#[test]
fn what_is_none_or_too_large_is_refused_before_any_memory_is_taken() {
    assert_eq!(unpack(b"<!doctype html><title>Free Wi-Fi</title>", 8), Err(PackError::NotPacked));
    let mut huge = pack(&[]).unwrap();
    huge[4..8].copy_from_slice(&(MODULE_BYTES_MAX as u32 + 1).to_le_bytes());
    assert_eq!(unpack(&huge[..HEAD_BYTES], 8), Err(PackError::TooLarge));
    assert_eq!(pack(&vec![0; MODULE_BYTES_MAX + 1]), Err(PackError::TooLarge));
}

#[test]
fn noise_after_a_good_head_ends_without_harm() {
    for seed in 0..50 {
        let mut packed = pack(&module(5)).unwrap();
        packed.truncate(HEAD_BYTES);
        packed.extend(noise(500, seed));
        assert!(unpack(&packed, 33).is_err());
    }
}
