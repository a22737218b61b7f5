use crate::coder::Encoder;
use crate::model::Model;
use crate::{HEAD_BYTES, MAGIC, MODULE_BYTES_MAX, PackError, check};

/// Packs a module. Whatever else it is given it packs too, only less well.
///
/// # Errors
/// [`PackError::TooLarge`].
pub fn pack(module: &[u8]) -> Result<Vec<u8>, PackError> {
    if module.len() > MODULE_BYTES_MAX {
        return Err(PackError::TooLarge);
    }
    let mut head = Vec::with_capacity(HEAD_BYTES + module.len() / 3);
    head.extend(MAGIC);
    head.extend((module.len() as u32).to_le_bytes());
    head.extend(check(module).to_le_bytes());
    let mut encoder = Encoder::new(head);
    let mut model = Model::new(module.len());
    for byte in module {
        for at in (0..8).rev() {
            let bit = byte >> at & 1 == 1;
            encoder.encode(bit, model.predict());
            model.learn(bit);
        }
    }
    Ok(encoder.end())
}
