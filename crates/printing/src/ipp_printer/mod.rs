//! A device over IPP: asked directly, with no queue between, so that what it says is about the device.
//!
//! Handing over takes two steps, Create-Job and Send-Document, never Print-Job: an answer can get lost on the way back, and a
//! job that the printer has named but that has no document prints nothing, while a whole job sent twice prints twice.

mod answer;
mod guard;
mod link;
mod question;

use crate::{
    IppAddress, JobName, JobRef, JobRequest, JobState, Printer, PrinterFault, PrinterKind, PrinterStatus,
};
use answer::JobReport;
use async_trait::async_trait;
use link::Link;
pub use link::{Timeouts, shared_client};
use question::Questions;

/// A printer at an IPP address. Needs IPP/2.0 with Create-Job and Send-Document, as IPP Everywhere does.
#[derive(Clone, Debug)]
pub struct IppPrinter {
    link: Link,
    questions: Questions,
}

impl IppPrinter {
    /// The printer at `address`, spoken to through `client` (see [`shared_client`]). Doesn't speak to it yet.
    ///
    /// # Errors
    /// [`PrinterFault::Unsendable`] for an address longer than IPP can carry (1,023 bytes).
    pub fn new(
        client: reqwest::Client,
        address: &IppAddress,
        timeouts: Timeouts,
    ) -> Result<Self, PrinterFault> {
        let questions = Questions::new(address.ipp_uri())?;
        Ok(Self { link: Link::new(client, address.http_url(), timeouts), questions })
    }

    /// The job of this name that counts: one that isn't lost before one that is, a later before an earlier.
    async fn report(&self, name: &JobName) -> Result<Option<JobReport>, PrinterFault> {
        let mut named = Vec::new();
        for which in ["not-completed", "completed"] {
            let answer = self.link.ask(self.questions.jobs(which)?).await?;
            named.extend(answer.jobs()?.into_iter().filter(|job| job.name.as_deref() == Some(name.as_str())));
        }
        Ok(named.into_iter().max_by_key(|job| (!job.state.is_lost(), job.reference.job_id)))
    }

    /// A job without a document, that the printer agrees to print as asked.
    async fn create(&self, request: &JobRequest) -> Result<JobRef, PrinterFault> {
        self.check_copies(request).await?;
        let answer = self.link.ask(self.questions.create_job(request)?).await?;
        let created = JobRef { job_id: answer.job_id()?, job_uuid: None };
        if answer.was_obeyed() {
            return Ok(self.report_of(&created).await?.reference);
        }
        self.cancel(&created).await?;
        Err(answer.refusal("Create-Job"))
    }

    /// Some printers take any number of copies and make as many as they can, fidelity or not.
    async fn check_copies(&self, request: &JobRequest) -> Result<(), PrinterFault> {
        match (request.copies.get(), self.status().await?.most_copies) {
            (asked, Some(most)) if asked > most => Err(PrinterFault::TooManyCopies { asked, most }),
            _ => Ok(()),
        }
    }

    async fn send(&self, job: &JobRef, request: &JobRequest) -> Result<(), PrinterFault> {
        let question = self.questions.send_document(job.job_id)?;
        self.link.ask_with_document(question, request.document.clone()).await.map(drop)
    }

    /// Sends the document to a job of an earlier call, unless that call's document comes after all in this moment: then the
    /// printer refuses a second one, and has the first.
    async fn send_again(&self, job: &JobRef, request: &JobRequest) -> Result<(), PrinterFault> {
        match self.send(job, request).await {
            Err(fault @ PrinterFault::Refused { .. }) => {
                let now = self.report_of(job).await?;
                if now.awaits_document() || now.state.is_lost() { Err(fault) } else { Ok(()) }
            }
            sent => sent,
        }
    }

    /// The printer's report on a job, if it still means the same one.
    async fn report_of(&self, job: &JobRef) -> Result<JobReport, PrinterFault> {
        let answer = self.link.ask(self.questions.job(job.job_id)?).await?;
        let report = answer.job()?;
        let same = match (&job.job_uuid, &report.reference.job_uuid) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        };
        if same { Ok(report) } else { Err(PrinterFault::JobUnknown { job_id: job.job_id }) }
    }
}

#[async_trait]
impl Printer for IppPrinter {
    fn kind(&self) -> PrinterKind {
        PrinterKind::Ipp
    }

    fn describe(&self) -> String {
        self.questions.printer_uri().to_owned()
    }

    async fn status(&self) -> Result<PrinterStatus, PrinterFault> {
        Ok(self.link.ask(self.questions.status()?).await?.status()?)
    }

    async fn submit(&self, request: &JobRequest) -> Result<JobRef, PrinterFault> {
        let job = match self.report(&request.name).await? {
            Some(found) if found.awaits_document() => {
                self.send_again(&found.reference, request).await?;
                found.reference
            }
            Some(found) if !found.state.is_lost() => found.reference,
            _ => {
                let created = self.create(request).await?;
                self.send(&created, request).await?;
                created
            }
        };
        tracing::info!(job = %request.name, job_id = job.job_id, "the printer has the job");
        Ok(job)
    }

    async fn job(&self, job: &JobRef) -> Result<JobState, PrinterFault> {
        self.report_of(job).await.map(|report| report.state)
    }

    async fn find(&self, name: &JobName) -> Result<Option<JobRef>, PrinterFault> {
        Ok(self.report(name).await?.map(|found| found.reference))
    }

    async fn cancel(&self, job: &JobRef) -> Result<JobState, PrinterFault> {
        let before = self.report_of(job).await?;
        if before.state.is_over() {
            return Ok(before.state);
        }
        match self.link.ask(self.questions.cancel_job(job.job_id)?).await {
            // It ended in between, or its cancel is under way already: the state tells.
            Ok(_) | Err(PrinterFault::Refused { .. }) => self.job(job).await,
            Err(fault) => Err(fault),
        }
    }
}
