use crate::coder::Decoder;
use crate::model::Model;
use crate::{HEAD_BYTES, MAGIC, MODULE_BYTES_MAX, PackError, check};

/// Unpacks a module as it comes. It holds some 10 MB beside the module.
pub struct Unpacker {
    head: Vec<u8>,
    body: Option<Body>,
}

struct Body {
    length: usize,
    check: u32,
    decoder: Decoder,
    model: Model,
}

impl Default for Unpacker {
    fn default() -> Self {
        Self::new()
    }
}

impl Unpacker {
    /// Waits for the first byte.
    #[must_use]
    pub fn new() -> Self {
        Self { head: Vec::with_capacity(HEAD_BYTES), body: None }
    }

    /// Takes the next of the packed bytes, as many as came.
    ///
    /// # Errors
    /// Every [`PackError`] but [`PackError::TooShort`]; it is of no use any more then.
    pub fn take(&mut self, mut packed: &[u8]) -> Result<(), PackError> {
        let (head, rest) = packed.split_at((HEAD_BYTES - self.head.len()).min(packed.len()));
        self.head.extend(head);
        packed = rest;
        if self.body.is_none() && self.head.len() == HEAD_BYTES {
            self.body = Some(Body::new(&self.head)?);
        }
        self.body.as_mut().map_or(Ok(()), |body| body.take(packed))
    }

    /// What is unpacked so far.
    #[must_use]
    pub fn unpacked(&self) -> &[u8] {
        self.body.as_ref().map_or(&[], |body| body.model.bytes())
    }

    /// The whole module.
    ///
    /// # Errors
    /// [`PackError::TooShort`], [`PackError::Broken`].
    pub fn end(&self) -> Result<&[u8], PackError> {
        let body = self.body.as_ref().ok_or(PackError::TooShort)?;
        let module = body.model.bytes();
        if module.len() < body.length {
            return Err(PackError::TooShort);
        }
        if check(module) == body.check { Ok(module) } else { Err(PackError::Broken) }
    }
}

impl Body {
    fn new(head: &[u8]) -> Result<Self, PackError> {
        let (magic, numbers) = head.split_at(MAGIC.len());
        let [length, check] = [0, 4].map(|at| {
            let bytes = numbers.get(at..at + 4).unwrap_or_default();
            bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
        });
        if magic != MAGIC {
            return Err(PackError::NotPacked);
        }
        let length = length as usize;
        if length > MODULE_BYTES_MAX {
            return Err(PackError::TooLarge);
        }
        Ok(Self { length, check, decoder: Decoder::new(), model: Model::new(length) })
    }

    fn take(&mut self, mut packed: &[u8]) -> Result<(), PackError> {
        while self.model.bytes().len() < self.length && self.decoder.is_ready(&mut packed) {
            let part = self.model.predict();
            self.model.learn(self.decoder.decode(part));
        }
        // What the last bit left over is looked at too, so that only a surplus remains.
        let ends = self.model.bytes().len() == self.length && self.decoder.is_ready(&mut packed);
        if ends && !packed.is_empty() { Err(PackError::TooLong) } else { Ok(()) }
    }
}
