//! What anything may be.
