//! The one trait behind which every printer stands.

use crate::{FaultName, JobName, JobRef, JobRequest, JobState, Paper, PrinterFault, StateReason};
use async_trait::async_trait;

/// A printer. Every call ends within a bounded time, with an answer or a fault by its name.
#[async_trait]
pub trait Printer: Send + Sync {
    /// What kind it is; a simulated one is labelled so wherever it is shown.
    fn kind(&self) -> PrinterKind;

    /// Its address, for staff.
    fn describe(&self) -> String;

    /// How the device is.
    ///
    /// # Errors
    /// [`PrinterFault`] when it isn't reached or doesn't answer properly.
    async fn status(&self) -> Result<PrinterStatus, PrinterFault>;

    /// Hands the job over, unless the printer has it already: then the answer is the job that it has. A job of this name that
    /// was cancelled or aborted is printed anew.
    ///
    /// After a transient fault, call this again with the same request: whatever got through the first time isn't repeated.
    ///
    /// # Errors
    /// [`PrinterFault`]; nothing was printed by a call that ends in `Busy` or `Refused`.
    async fn submit(&self, request: &JobRequest) -> Result<JobRef, PrinterFault>;

    /// How far a job is.
    ///
    /// # Errors
    /// [`PrinterFault::JobUnknown`] when the printer has forgotten it (printers forget soon, and when switched off).
    async fn job(&self, job: &JobRef) -> Result<JobState, PrinterFault>;

    /// The job of this name, finished ones included. `None` doesn't prove that it never printed: a printer's memory is short.
    /// Where several have the name, one that isn't cancelled or aborted, and of those the latest.
    ///
    /// # Errors
    /// [`PrinterFault`].
    async fn find(&self, name: &JobName) -> Result<Option<JobRef>, PrinterFault>;

    /// Asks to cancel a job and says how far it is afterwards. Anything but [`JobState::Cancelled`] means that it may still
    /// print: ask again with [`Printer::job`].
    ///
    /// # Errors
    /// [`PrinterFault`].
    async fn cancel(&self, job: &JobRef) -> Result<JobState, PrinterFault>;
}

/// The kinds of printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrinterKind {
    /// A device over IPP.
    Ipp,
    /// A folder that documents are written to: simulated.
    Folder,
}

impl PrinterKind {
    /// Whether nothing comes out on paper.
    #[must_use]
    pub const fn is_simulated(self) -> bool {
        matches!(self, Self::Folder)
    }
}

/// What a printer is doing (IPP's `printer-state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrinterState {
    /// Nothing.
    Idle,
    /// Printing, or trying to.
    Processing,
    /// It can't go on.
    Stopped,
}

/// How much is left of a ribbon, ink or toner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerLevel {
    /// What it is.
    pub name: String,
    /// Percent left; `None` where the device can't tell.
    pub percent: Option<u8>,
}

/// How a printer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterStatus {
    /// What it is doing.
    pub state: PrinterState,
    /// What is the matter.
    pub reasons: Vec<StateReason>,
    /// The loaded media by their PWG 5101.1 names.
    pub media_ready: Vec<String>,
    /// What is left of its supplies.
    pub marker_levels: Vec<MarkerLevel>,
    /// Whether it takes jobs.
    pub accepting: bool,
    /// The most copies of one job; `None` where it doesn't say.
    pub most_copies: Option<u16>,
    /// Make and model; empty where it doesn't say.
    pub model: String,
}

impl PrinterStatus {
    /// What keeps it from printing, the thing to do first.
    #[must_use]
    pub fn fault(&self) -> Option<FaultName> {
        let worst = self.reasons.iter().filter_map(StateReason::fault).min();
        let paused = (!self.accepting).then_some(FaultName::Paused);
        let stopped = (self.state == PrinterState::Stopped).then_some(FaultName::DeviceFailed);
        worst.or(paused).or(stopped)
    }

    /// Whether this paper is loaded; also `true` where the printer doesn't say what is.
    #[must_use]
    pub fn has_paper(&self, paper: &Paper) -> bool {
        self.media_ready.is_empty() || self.media_ready.iter().any(|name| paper.is_pwg_media(name))
    }
}
