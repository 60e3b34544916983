//! What a printer's answer says, and only what the booth asked for.

use super::guard;
use crate::{
    AnswerError, JobRef, JobState, MarkerLevel, PrinterFault, PrinterState, PrinterStatus, StateReason,
};
use ipp::{
    attribute::{IppAttributeGroup, IppAttributes},
    model::{DelimiterTag, StatusCode},
    parser::IppParser,
    reader::IppReader,
    value::IppValue,
};
use std::io::Cursor;

/// A parsed answer.
#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    attributes: IppAttributes,
}

/// What a printer says of one of its jobs.
#[derive(Debug)]
pub(super) struct JobReport {
    pub reference: JobRef,
    pub name: Option<String>,
    pub state: JobState,
    reasons: Vec<String>,
}

impl JobReport {
    /// Whether the job was created and its document hasn't come (RFC 8011, section 5.3.8).
    pub(super) fn awaits_document(&self) -> bool {
        let awaiting = |reason: &String| matches!(reason.as_str(), "job-data-insufficient" | "job-incoming");
        matches!(self.state, JobState::Pending | JobState::Held) && self.reasons.iter().any(awaiting)
    }
}

impl Answer {
    /// Parses the bytes of an answer, whatever they are.
    pub(super) fn parse(bytes: Vec<u8>) -> Result<Self, AnswerError> {
        guard::check(&bytes)?;
        let parsed =
            IppParser::new(IppReader::new(Cursor::new(bytes))).parse().map_err(AnswerError::Parse)?;
        let status = parsed.header().operation_or_status.cast_unsigned();
        Ok(Self { status, attributes: parsed.attributes().clone() })
    }

    /// The answer, if its status is a success.
    pub(super) fn success(self, operation: &'static str, job_id: Option<i32>) -> Result<Self, PrinterFault> {
        // RFC 8011, section 4.1.6.1: 0x0000 to 0x00ff are successes.
        if self.status < 0x0100 { Ok(self) } else { Err(self.fault(operation, job_id)) }
    }

    /// Whether the printer took every attribute as it was asked for.
    pub(super) fn was_obeyed(&self) -> bool {
        self.status == StatusCode::SuccessfulOk as u16
    }

    pub(super) fn refusal(&self, operation: &'static str) -> PrinterFault {
        let groups = self.attributes.groups_of(DelimiterTag::UnsupportedAttributes);
        let names = groups.flat_map(|group| group.attributes()).map(|a| a.name().as_str().to_owned());
        PrinterFault::Refused { operation, status: self.status, unsupported: names.collect() }
    }

    fn fault(&self, operation: &'static str, job_id: Option<i32>) -> PrinterFault {
        let is = |codes: &[StatusCode]| codes.iter().any(|&code| code as u16 == self.status);
        match job_id {
            Some(job_id) if is(&[StatusCode::ClientErrorNotFound, StatusCode::ClientErrorGone]) => {
                PrinterFault::JobUnknown { job_id }
            }
            _ if is(&[
                StatusCode::ServerErrorBusy,
                StatusCode::ServerErrorServiceUnavailable,
                StatusCode::ServerErrorTemporaryError,
                StatusCode::ClientErrorTimeout,
            ]) =>
            {
                PrinterFault::Busy
            }
            _ if is(&[StatusCode::ServerErrorNotAcceptingJobs]) => PrinterFault::NotAccepting,
            _ if is(&[StatusCode::ServerErrorDeviceError, StatusCode::ServerErrorInternalError]) => {
                PrinterFault::DeviceFailed { status: self.status }
            }
            _ => self.refusal(operation),
        }
    }

    pub(super) fn jobs(&self) -> Result<Vec<JobReport>, AnswerError> {
        self.attributes.groups_of(DelimiterTag::JobAttributes).map(job_report).collect()
    }

    pub(super) fn job(&self) -> Result<JobReport, AnswerError> {
        let group = self.attributes.first_of(DelimiterTag::JobAttributes);
        job_report(group.ok_or(AnswerError::Missing { name: "job" })?)
    }

    /// The number of a job just made; the answer to Create-Job needn't say more.
    pub(super) fn job_id(&self) -> Result<i32, AnswerError> {
        let group = self.attributes.first_of(DelimiterTag::JobAttributes);
        group.and_then(job_id).ok_or(AnswerError::Missing { name: "job-id" })
    }

    pub(super) fn status(&self) -> Result<PrinterStatus, AnswerError> {
        let group = self.attributes.first_of(DelimiterTag::PrinterAttributes);
        let group = group.ok_or(AnswerError::Missing { name: "printer" })?;
        Ok(PrinterStatus {
            state: printer_state(group)?,
            reasons: texts(group, "printer-state-reasons")
                .iter()
                .filter_map(|r| StateReason::parse(r))
                .collect(),
            media_ready: texts(group, "media-ready"),
            marker_levels: marker_levels(group),
            accepting: boolean(group, "printer-is-accepting-jobs").unwrap_or(true),
            most_copies: range_end(group, "copies-supported").and_then(|most| u16::try_from(most).ok()),
            model: texts(group, "printer-make-and-model").into_iter().next().unwrap_or_default(),
        })
    }
}

fn job_report(group: &IppAttributeGroup) -> Result<JobReport, AnswerError> {
    let job_id = job_id(group).ok_or(AnswerError::Missing { name: "job-id" })?;
    let state = numbers(group, "job-state").first().and_then(|&number| JobState::from_ipp(number));
    Ok(JobReport {
        reference: JobRef { job_id, job_uuid: texts(group, "job-uuid").into_iter().next() },
        name: texts(group, "job-name").into_iter().next(),
        state: state.ok_or(AnswerError::Missing { name: "job-state" })?,
        reasons: texts(group, "job-state-reasons"),
    })
}

fn job_id(group: &IppAttributeGroup) -> Option<i32> {
    numbers(group, "job-id").first().copied()
}

fn printer_state(group: &IppAttributeGroup) -> Result<PrinterState, AnswerError> {
    match numbers(group, "printer-state").first() {
        Some(3) => Ok(PrinterState::Idle),
        Some(4) => Ok(PrinterState::Processing),
        Some(5) => Ok(PrinterState::Stopped),
        _ => Err(AnswerError::Missing { name: "printer-state" }),
    }
}

/// Levels are percent; negative ones mean "unknown" in several ways (PWG 5100.9).
fn marker_levels(group: &IppAttributeGroup) -> Vec<MarkerLevel> {
    let names = texts(group, "marker-names");
    let level = |(index, &level): (usize, &i32)| MarkerLevel {
        name: names.get(index).cloned().unwrap_or_default(),
        percent: u8::try_from(level).ok().filter(|&percent| percent <= 100),
    };
    numbers(group, "marker-levels").iter().enumerate().map(level).collect()
}

/// An attribute's values; none where it is absent.
fn values<'a>(group: &'a IppAttributeGroup, name: &str) -> &'a [IppValue] {
    match group.get(name).map(|attribute| attribute.value()) {
        Some(IppValue::Array(values)) => values,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
}

fn texts(group: &IppAttributeGroup, name: &str) -> Vec<String> {
    values(group, name).iter().filter_map(text).collect()
}

fn text(value: &IppValue) -> Option<String> {
    Some(match value {
        IppValue::Keyword(text) | IppValue::NameWithoutLanguage(text) => text.as_str().to_owned(),
        IppValue::NameWithLanguage { name, .. } => name.as_str().to_owned(),
        IppValue::TextWithoutLanguage(text) | IppValue::TextWithLanguage { text, .. } => {
            text.as_ref().to_owned()
        }
        IppValue::Uri(text) => text.as_str().to_owned(),
        _ => return None,
    })
}

fn numbers(group: &IppAttributeGroup, name: &str) -> Vec<i32> {
    let number = |value: &IppValue| match value {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    };
    values(group, name).iter().filter_map(number).collect()
}

fn boolean(group: &IppAttributeGroup, name: &str) -> Option<bool> {
    values(group, name).first().and_then(|value| value.as_boolean().copied())
}

fn range_end(group: &IppAttributeGroup, name: &str) -> Option<i32> {
    match values(group, name).first() {
        Some(IppValue::RangeOfInteger { max, .. }) => Some(*max),
        Some(IppValue::Integer(most)) => Some(*most),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
