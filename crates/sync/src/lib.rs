//! The outbox to the central server.
