use super::*; pub struct MemoryStore;
