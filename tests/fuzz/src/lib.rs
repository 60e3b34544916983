//! What is fuzzed. Leaves out the networks' files, which are read only where their sha256 is the lock file's.

pub mod decoders;
