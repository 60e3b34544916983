//! A booth's end of the wire and the printer's, side by side.

use crate::sample::{bordered_jpeg, font, sheet};
use bytes::Bytes;
use end_to_end::printer::PrinterRig;
use printing::{JobRef, JobRequest, JobState, Paper, Printer, PrinterStatus, Timeouts, open, sheet_pdf};
use std::{
    num::NonZeroU16,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// Long beside what the printer needs (milliseconds): a machine that pauses is no hung printer.
pub const TIMEOUTS: Timeouts =
    Timeouts { answer: Duration::from_secs(20), document: Duration::from_secs(20) };
/// For a printer that hangs.
pub const HASTY: Timeouts =
    Timeouts { answer: Duration::from_millis(2_500), document: Duration::from_millis(2_500) };
pub const LIMIT: Duration = Duration::from_secs(20);

pub struct Bench {
    pub rig: PrinterRig,
    pub printer: Arc<dyn Printer>,
}

impl Bench {
    /// The bench, if the environment chooses it.
    pub fn selected() -> Option<Self> {
        let rig = PrinterRig::selected().unwrap()?;
        let printer = printer_at(&rig.uri(), TIMEOUTS);
        Some(Self { rig, printer })
    }

    /// Waits until the job is in one of these states.
    pub async fn reaches(&self, job: &JobRef, states: &[JobState]) -> JobState {
        let mut last = None;
        poll(&format!("{job:?} to be {states:?}"), async || {
            last = self.printer.job(job).await.ok();
            last.filter(|state| states.contains(state))
        })
        .await
    }

    /// Waits until the printer's status is as wanted.
    pub async fn shows(&self, what: &str, wanted: impl Fn(&PrinterStatus) -> bool) -> PrinterStatus {
        poll(what, async || self.printer.status().await.ok().filter(|status| wanted(status))).await
    }

    /// Waits until the job is complete, and gives everything that was printed so far.
    pub async fn completed(&self, job: &JobRef) -> Vec<PathBuf> {
        self.reaches(job, &[JobState::Completed]).await;
        self.rig.printed().unwrap()
    }
}

pub fn printer_at(uri: &str, timeouts: Timeouts) -> Arc<dyn Printer> {
    open(&uri.parse().unwrap(), timeouts).unwrap()
}

/// A sheet of eight photos.
pub fn request(name: &str) -> JobRequest {
    let pdf = sheet_pdf(&sheet(Paper::SIX_INCH, "33x48", 2.0), &bordered_jpeg(390, 567), font()).unwrap();
    JobRequest {
        name: name.parse().unwrap(),
        document: Bytes::from(pdf),
        paper: Paper::SIX_INCH,
        copies: NonZeroU16::MIN,
    }
}

/// Asks until there is an answer.
pub async fn poll<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {LIMIT:?} for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
