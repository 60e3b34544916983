//! A print job as the booth sees it: its name, its document, its number at the printer, and how far it is.

use crate::Paper;
use bytes::Bytes;
use std::{fmt, num::NonZeroU16, str::FromStr};

/// The booth's own identity of a print job, by which the printer is asked whether it has it: 1 to 127 characters of
/// `A-Z a-z 0-9 . _ -`, beginning with a letter or a digit. It is also a file name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobName(String);

/// Not a job's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a print job's name is 1 to 127 letters, digits, points, underscores or hyphens")]
pub struct JobNameError;

impl JobName {
    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JobName {
    type Err = JobNameError;

    fn from_str(text: &str) -> Result<Self, JobNameError> {
        let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        if begins && plain && text.len() <= 127 { Ok(Self(text.to_owned())) } else { Err(JobNameError) }
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What to print.
#[derive(Clone)]
pub struct JobRequest {
    /// The job's identity; the same name never prints twice.
    pub name: JobName,
    /// A PDF whose page is `paper`.
    pub document: Bytes,
    /// The paper to print on, at 100 %.
    pub paper: Paper,
    /// How many of it. A printer that can't make so many refuses.
    pub copies: NonZeroU16,
}

impl fmt::Debug for JobRequest {
    /// Leaves out the document: it is a picture of somebody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobRequest")
            .field("name", &self.name)
            .field("document_bytes", &self.document.len())
            .field("paper", &self.paper)
            .field("copies", &self.copies)
            .finish()
    }
}

/// A job at a printer. The number alone doesn't identify it: numbers begin again at 1 when the printer is switched on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobRef {
    /// The printer's number for the job.
    pub job_id: i32,
    /// The printer's UUID for the job, where it gives one.
    pub job_uuid: Option<String>,
}

/// How far a job is (IPP's `job-state`, RFC 8011, section 5.3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// 3: in the printer's queue.
    Pending,
    /// 4: in the queue, not to be printed yet.
    Held,
    /// 5: being printed.
    Processing,
    /// 6: begun, and the device can't go on (paper, jam).
    Stopped,
    /// 7: cancelled. The only state in which a job may be called so; sheets may have come out before.
    Cancelled,
    /// 8: given up by the printer.
    Aborted,
    /// 9: printed.
    Completed,
}

impl JobState {
    /// The state of an IPP number.
    #[must_use]
    pub const fn from_ipp(number: i32) -> Option<Self> {
        Some(match number {
            3 => Self::Pending,
            4 => Self::Held,
            5 => Self::Processing,
            6 => Self::Stopped,
            7 => Self::Cancelled,
            8 => Self::Aborted,
            9 => Self::Completed,
            _ => return None,
        })
    }

    /// Whether the printer will do nothing more about the job.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Cancelled | Self::Aborted | Self::Completed)
    }

    /// Whether the printer gave the job up without completing it.
    #[must_use]
    pub const fn is_lost(self) -> bool {
        matches!(self, Self::Cancelled | Self::Aborted)
    }
}
