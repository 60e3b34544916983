//! Pictures on a stick.
