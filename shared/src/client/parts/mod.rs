//! What the engine is made of. Each part owns its fields, which nobody else can touch, and changes by its own verbs. A
//! part knows neither the engine nor the tasks: what it needs beside its own it is given.

pub(in crate::client) mod asking;
pub(in crate::client) mod circle;
pub(in crate::client) mod circles;
pub(in crate::client) mod clock;
pub(in crate::client) mod documents;
pub(in crate::client) mod enrolling;
pub(in crate::client) mod exchange;
pub(in crate::client) mod keyring;
pub(in crate::client) mod kinds;
pub(in crate::client) mod late;
pub(in crate::client) mod leaving;
pub(in crate::client) mod lifted;
pub(in crate::client) mod lists;
pub(in crate::client) mod opened;
pub(in crate::client) mod phone;
pub(in crate::client) mod places;
pub(in crate::client) mod placing;
pub(in crate::client) mod random;
pub(in crate::client) mod recent;
pub(in crate::client) mod resumed;
pub(in crate::client) mod search;
pub(in crate::client) mod then;
pub(in crate::client) mod upkeep;
