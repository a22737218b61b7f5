//! This phone: the keys by which it is known, and where its server is.

use crate::ids::DeviceId;
use crate::storage::{Batch, Tree};
use crate::trust::{DevicePublic, DeviceSecret};

use super::super::{Problem, ProblemCode};

/// Where the keys are kept, in `Meta`.
pub(in crate::client) const DEVICE_KEY: &[u8] = b"device";

/// The phone's keys and its server's address.
#[derive(Default)]
pub(in crate::client) struct Phone {
    origin: String,
    device: Option<DeviceSecret>,
    /// The keys are in the store.
    is_stored: bool,
}

impl Phone {
    /// The server's address: scheme, name and port, with no slash behind.
    pub(in crate::client) fn origin(&self) -> &str {
        &self.origin
    }

    /// Takes the server's address.
    pub(in crate::client) fn set_origin(&mut self, origin: String) {
        self.origin = origin;
    }

    /// Takes its keys; `is_stored`: the store had them.
    pub(in crate::client) fn set_device(&mut self, device: DeviceSecret, is_stored: bool) {
        (self.device, self.is_stored) = (Some(device), is_stored);
    }

    /// Whether it has keys: the engine has started.
    pub(in crate::client) fn has_started(&self) -> bool {
        self.device.is_some()
    }

    /// Its keys.
    ///
    /// # Errors
    /// Before the engine has started.
    pub(in crate::client) fn device(&self) -> Result<&DeviceSecret, Problem> {
        self.device.as_ref().ok_or_else(|| Problem::new(ProblemCode::EngineStopped, "the engine has not started"))
    }

    /// The id of its keys; none before the engine has started.
    pub(in crate::client) fn id(&self) -> Option<DeviceId> {
        self.device.as_ref().map(DeviceSecret::id)
    }

    /// What others know of its keys.
    ///
    /// # Errors
    /// Before the engine has started.
    pub(in crate::client) fn public(&self) -> Result<&DevicePublic, Problem> {
        Ok(self.device()?.public())
    }

    /// Writes its keys, when the store does not have them: before anybody hears of them, since a phone that is in no
    /// circle needs none.
    pub(in crate::client) fn unstored(&self) -> Option<Batch> {
        let device = self.device.as_ref().filter(|_| !self.is_stored)?;
        let mut batch = Batch::default();
        batch.put(Tree::Meta, DEVICE_KEY, device.seed().to_vec());
        Some(batch)
    }

    /// The store has them.
    pub(in crate::client) fn note_stored(&mut self) {
        self.is_stored = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_until_the_store_has_them() {
        let mut phone = Phone::default();
        assert!(phone.device().is_err() && phone.unstored().is_none());
        phone.set_device(DeviceSecret::from_seed([3; 32]), false);
        assert_eq!(phone.unstored().unwrap().puts[0].2, [3; 32]);
        phone.note_stored();
        assert!(phone.unstored().is_none() && phone.id() == Some(DeviceSecret::from_seed([3; 32]).id()));
    }
}
