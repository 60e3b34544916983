//! printing.
