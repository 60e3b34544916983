//! The requests that the booth makes of a printer (RFC 8011), and nothing beyond them.

use crate::{JobRequest, Paper, PrinterFault};
use ipp::{
    attribute::{IppAttribute, IppAttributeName},
    model::{DelimiterTag, IppVersion, Operation},
    parser::IppParseError,
    prelude::{IppRequestResponse, Uri},
    value::IppValue,
};
use std::collections::BTreeMap;

const PRINTER_ATTRIBUTES: [&str; 9] = [
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-make-and-model",
    "media-ready",
    "marker-names",
    "marker-levels",
    "copies-supported",
    "operations-supported",
];
const JOB_ATTRIBUTES: [&str; 5] = ["job-id", "job-uuid", "job-name", "job-state", "job-state-reasons"];
const USER: &str = "campus-booth";

/// Writes requests to one printer.
#[derive(Clone, Debug)]
pub(super) struct Questions {
    printer_uri: String,
    uri: Uri,
}

/// A request ready to be sent: its operation, for naming a refusal, and its bytes.
pub(super) struct Question {
    pub operation: &'static str,
    pub job_id: Option<i32>,
    pub bytes: bytes::Bytes,
}

impl Questions {
    pub(super) fn new(printer_uri: String) -> Result<Self, PrinterFault> {
        let unsendable = |_| PrinterFault::Unsendable(IppParseError::UnsupportedCharset);
        let uri = printer_uri.parse().map_err(unsendable)?;
        IppValue::new_uri(printer_uri.clone()).map_err(PrinterFault::Unsendable)?;
        Ok(Self { printer_uri, uri })
    }

    pub(super) fn printer_uri(&self) -> &str {
        &self.printer_uri
    }

    pub(super) fn status(&self) -> Result<Question, PrinterFault> {
        let mut draft = self.draft("Get-Printer-Attributes", Operation::GetPrinterAttributes)?;
        draft.operation_attribute("requested-attributes", keywords(&PRINTER_ATTRIBUTES))?;
        Ok(draft.finish(None))
    }

    /// `which` is `completed` or `not-completed`.
    pub(super) fn jobs(&self, which: &str) -> Result<Question, PrinterFault> {
        let mut draft = self.draft("Get-Jobs", Operation::GetJobs)?;
        draft.operation_attribute("which-jobs", IppValue::new_keyword(which))?;
        draft.operation_attribute("requested-attributes", keywords(&JOB_ATTRIBUTES))?;
        Ok(draft.finish(None))
    }

    pub(super) fn job(&self, job_id: i32) -> Result<Question, PrinterFault> {
        let mut draft = self.draft("Get-Job-Attributes", Operation::GetJobAttributes)?;
        draft.operation_attribute("job-id", Ok(IppValue::new_integer(job_id)))?;
        draft.operation_attribute("requested-attributes", keywords(&JOB_ATTRIBUTES))?;
        Ok(draft.finish(Some(job_id)))
    }

    /// With fidelity: what the printer can't do as asked, it must refuse and not approximate.
    pub(super) fn create_job(&self, request: &JobRequest) -> Result<Question, PrinterFault> {
        let mut draft = self.draft("Create-Job", Operation::CreateJob)?;
        draft.operation_attribute("job-name", IppValue::new_name_without_language(request.name.as_str()))?;
        draft.operation_attribute("ipp-attribute-fidelity", Ok(IppValue::new_boolean(true)))?;
        draft.job_attribute("copies", Ok(IppValue::new_integer(i32::from(request.copies.get()))))?;
        draft.job_attribute("media-col", media_col(&request.paper))?;
        draft.job_attribute("print-scaling", IppValue::new_keyword("none"))?;
        Ok(draft.finish(None))
    }

    pub(super) fn send_document(&self, job_id: i32) -> Result<Question, PrinterFault> {
        let mut draft = self.draft("Send-Document", Operation::SendDocument)?;
        draft.operation_attribute("job-id", Ok(IppValue::new_integer(job_id)))?;
        draft.operation_attribute("document-format", IppValue::new_mime_media_type("application/pdf"))?;
        draft.operation_attribute("last-document", Ok(IppValue::new_boolean(true)))?;
        Ok(draft.finish(Some(job_id)))
    }

    pub(super) fn cancel_job(&self, job_id: i32) -> Result<Question, PrinterFault> {
        let mut draft = self.draft("Cancel-Job", Operation::CancelJob)?;
        draft.operation_attribute("job-id", Ok(IppValue::new_integer(job_id)))?;
        Ok(draft.finish(Some(job_id)))
    }

    fn draft(&self, name: &'static str, operation: Operation) -> Result<Draft, PrinterFault> {
        let request = IppRequestResponse::new(IppVersion::v2_0(), operation, Some(self.uri.clone()));
        let mut draft = Draft { name, request: request.map_err(PrinterFault::Unsendable)? };
        draft.operation_attribute("requesting-user-name", IppValue::new_name_without_language(USER))?;
        Ok(draft)
    }
}

/// A request being written.
struct Draft {
    name: &'static str,
    request: IppRequestResponse,
}

impl Draft {
    fn operation_attribute(
        &mut self,
        name: &'static str,
        value: Result<IppValue, IppParseError>,
    ) -> Result<(), PrinterFault> {
        self.add(DelimiterTag::OperationAttributes, name, value)
    }

    fn job_attribute(
        &mut self,
        name: &'static str,
        value: Result<IppValue, IppParseError>,
    ) -> Result<(), PrinterFault> {
        self.add(DelimiterTag::JobAttributes, name, value)
    }

    fn add(
        &mut self,
        group: DelimiterTag,
        name: &'static str,
        value: Result<IppValue, IppParseError>,
    ) -> Result<(), PrinterFault> {
        let name = IppAttributeName::new(name).map_err(PrinterFault::Unsendable)?;
        let value = value.map_err(PrinterFault::Unsendable)?;
        self.request.attributes_mut().add(group, IppAttribute::new(name, value));
        Ok(())
    }

    fn finish(self, job_id: Option<i32>) -> Question {
        Question { operation: self.name, job_id, bytes: self.request.to_bytes() }
    }
}

fn keywords(names: &[&str]) -> Result<IppValue, IppParseError> {
    names.iter().map(|&name| IppValue::new_keyword(name)).collect::<Result<_, _>>().map(IppValue::Array)
}

/// The paper as `media-col` (PWG 5100.7): its size in hundredths of a millimetre. Margins, type and source stay the
/// printer's own.
fn media_col(paper: &Paper) -> Result<IppValue, IppParseError> {
    let hundredths = |mm: f64| IppValue::new_integer((mm * 100.0).round() as i32);
    let size = BTreeMap::from([
        ("x-dimension".try_into()?, hundredths(paper.width_mm())),
        ("y-dimension".try_into()?, hundredths(paper.height_mm())),
    ]);
    Ok(IppValue::Collection(BTreeMap::from([("media-size".try_into()?, IppValue::Collection(size))])))
}
