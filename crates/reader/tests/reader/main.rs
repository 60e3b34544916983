//! The reader's rooms, from outside.
