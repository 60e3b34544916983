//! portrait.
