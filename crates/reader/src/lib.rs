//! Reads who somebody is and what they bring: cards on a reader, documents and codes shown to the camera, pictures on a stick.
//!
//! [`card`] talks to the ID card reader, [`document`] reads the print of a card or a passport, [`code`] the collection code,
//! [`stick`] what a USB stick holds. Each gives parsed values or a named fault. **Invariant:** nothing read is logged, and nothing read stays once it was handed over.
//!
//! Left out on purpose: whether a document is genuine, whose face it shows, and what a collection code says inside.

pub mod card;
pub mod code;
pub mod document;
pub mod stick;
