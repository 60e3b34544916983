//! One student on the list that the school sends.

use crate::{DocumentNumber, PersonName, StudentNumber};
use std::fmt;

/// The most characters of a college's, major's or class's name.
pub const MOST_ROSTER_CHARACTERS: usize = 60;

/// One student on the school's list.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterEntry {
    /// The document, once in a list.
    pub document: DocumentNumber,
    /// The name.
    pub name: PersonName,
    /// The student number.
    pub student_number: StudentNumber,
    /// The college, 0 to 60 characters without control characters.
    pub college: String,
    /// The major, likewise.
    pub major: String,
    /// The class, likewise.
    pub class_name: String,
    /// The year of entering or of graduating, whichever the list is about.
    pub year: Option<u16>,
}

impl fmt::Debug for RosterEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RosterEntry(redacted)")
    }
}
