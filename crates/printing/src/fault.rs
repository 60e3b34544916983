//! What can go wrong with a printer, named by what staff must do.

use std::fmt;

/// A printer's fault by its name: one name, one thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultName {
    /// Not reached: switch it on, plug in its cable.
    Offline,
    /// Reached, but it doesn't answer: switch it off and on.
    Hung,
    /// Open the cover and take the paper out.
    PaperJam,
    /// Close the cover.
    CoverOpen,
    /// Put in paper (of the right size).
    OutOfPaper,
    /// Put in a new ribbon, or ink.
    RibbonEmpty,
    /// Put the tray in.
    TrayMissing,
    /// Take the finished prints away.
    OutputFull,
    /// Resume the printer.
    Paused,
    /// It works for somebody else: wait.
    Busy,
    /// It reports a defect of its own: look at its display.
    DeviceFailed,
    /// The folder can't be written: check the disk and the folder.
    FolderUnavailable,
    /// It can't print such a job at all: correct the paper or the copies in the settings.
    Refused,
    /// What answers at the address isn't an IPP printer: correct the address in the settings.
    NotAPrinter,
    /// The printer doesn't know the job (any more): look whether it lies in the tray.
    JobUnknown,
    /// The request can't be expressed in IPP: a defect of the booth.
    Unsendable,
}

/// Whether trying the same again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Goes away when its cause does; the same job then prints.
    Transient,
    /// The same request fails for ever: a setting or the job must change.
    Permanent,
}

impl FaultName {
    /// A stable word for logs, the database and the screen's texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Hung => "hung",
            Self::PaperJam => "paper_jam",
            Self::CoverOpen => "cover_open",
            Self::OutOfPaper => "out_of_paper",
            Self::RibbonEmpty => "ribbon_empty",
            Self::TrayMissing => "tray_missing",
            Self::OutputFull => "output_full",
            Self::Paused => "paused",
            Self::Busy => "busy",
            Self::DeviceFailed => "device_failed",
            Self::FolderUnavailable => "folder_unavailable",
            Self::Refused => "refused",
            Self::NotAPrinter => "not_a_printer",
            Self::JobUnknown => "job_unknown",
            Self::Unsendable => "unsendable",
        }
    }

    /// Whether trying the same again can help.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Refused | Self::NotAPrinter | Self::JobUnknown | Self::Unsendable => Severity::Permanent,
            _ => Severity::Transient,
        }
    }
}

impl fmt::Display for FaultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A request to a printer that failed. What the device itself reports (paper, jam) is in its status instead.
#[derive(Debug, thiserror::Error)]
pub enum PrinterFault {
    /// No connection, or it broke.
    #[error("the printer isn't reached")]
    Offline {
        /// What the network said.
        source: reqwest::Error,
    },
    /// Connected, and no complete answer in time.
    #[error("the printer gave no answer within {timeout_ms} ms")]
    Hung {
        /// How long it was waited for.
        timeout_ms: u64,
        /// What the network said.
        source: reqwest::Error,
    },
    /// It takes no job now (`server-error-busy` and its kind).
    #[error("the printer is busy")]
    Busy,
    /// It takes no jobs until somebody lets it.
    #[error("the printer accepts no jobs")]
    NotAccepting,
    /// It reports a failure of its own.
    #[error("the printer failed with IPP status {status:#06x}")]
    DeviceFailed {
        /// The IPP status code.
        status: u16,
    },
    /// It won't ever do this.
    #[error("the printer refused {operation} with IPP status {status:#06x} (unsupported: {unsupported:?})")]
    Refused {
        /// The IPP operation.
        operation: &'static str,
        /// The IPP status code.
        status: u16,
        /// The attributes that it doesn't support.
        unsupported: Vec<String>,
    },
    /// More copies than it makes.
    #[error("{asked} copies were asked for and the printer makes at most {most}")]
    TooManyCopies {
        /// The copies of the request.
        asked: u16,
        /// The most it makes.
        most: u16,
    },
    /// It answered, but not in HTTP's 200.
    #[error("the address answered with HTTP status {status}")]
    Http {
        /// The HTTP status.
        status: u16,
    },
    /// Its answer isn't IPP.
    #[error("the address gave no IPP answer")]
    Unreadable(#[from] AnswerError),
    /// It doesn't have the job, or has another under its number.
    #[error("the printer doesn't know the job {job_id}")]
    JobUnknown {
        /// The job's number at the printer.
        job_id: i32,
    },
    /// The HTTP client can't be built.
    #[error("the network client can't be set up")]
    Client(#[source] reqwest::Error),
    /// A value that IPP can't carry.
    #[error("the request can't be put into IPP")]
    Unsendable(#[source] ipp::parser::IppParseError),
    /// The folder can't be used.
    #[error("the printer's folder can't be used")]
    Folder(#[source] std::io::Error),
}

/// Why bytes aren't an IPP answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// More than an answer of a printer can be.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// Its structure breaks off or contradicts itself.
    #[error("the answer is malformed at byte {at}")]
    Malformed {
        /// Where.
        at: usize,
    },
    /// The parser's own objection.
    #[error("the answer can't be parsed")]
    Parse(#[source] ipp::parser::IppParseError),
    /// An attribute that every such answer has is missing, or isn't of its type.
    #[error("the answer has no usable {name}")]
    Missing {
        /// The attribute.
        name: &'static str,
    },
}

impl PrinterFault {
    /// The name of the fault.
    #[must_use]
    pub const fn name(&self) -> FaultName {
        match self {
            Self::Offline { .. } => FaultName::Offline,
            Self::Hung { .. } => FaultName::Hung,
            Self::Busy => FaultName::Busy,
            Self::NotAccepting => FaultName::Paused,
            Self::DeviceFailed { .. } => FaultName::DeviceFailed,
            Self::Refused { .. } | Self::TooManyCopies { .. } => FaultName::Refused,
            Self::Http { .. } | Self::Unreadable(_) => FaultName::NotAPrinter,
            Self::JobUnknown { .. } => FaultName::JobUnknown,
            Self::Client(_) | Self::Unsendable(_) => FaultName::Unsendable,
            Self::Folder(_) => FaultName::FolderUnavailable,
        }
    }

    /// Whether trying the same again can help.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.name().severity()
    }

    /// Whether a [`Printer::submit`](crate::Printer::submit) that ended so certainly left the printer without the document: it
    /// refused before, or no connection came about. Otherwise the document may be there and print.
    #[must_use]
    pub fn left_nothing(&self) -> bool {
        match self {
            Self::Offline { source } => source.is_connect(),
            Self::Busy | Self::NotAccepting | Self::Refused { .. } | Self::TooManyCopies { .. } => true,
            Self::Client(_) | Self::Unsendable(_) => true,
            Self::Hung { .. }
            | Self::DeviceFailed { .. }
            | Self::Http { .. }
            | Self::Unreadable(_)
            | Self::JobUnknown { .. }
            | Self::Folder(_) => false,
        }
    }
}
