//! Bytes to the printer and back, within a time and a size.

use super::{answer::Answer, question::Question};
use crate::{AnswerError, PrinterFault};
use bytes::{Bytes, BytesMut};
use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use std::{sync::OnceLock, time::Duration};

/// A printer with all its attributes answers in 30 KB, a hundred jobs in as much.
const LONGEST_ANSWER: usize = 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long to wait for a printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For connecting and a complete answer; none in this time is [`PrinterFault::Hung`]. Not less than the 2 s after which a
    /// connection that doesn't come about is [`PrinterFault::Offline`], or that is called hung, too.
    pub answer: Duration,
    /// For the answer to a document, which some printers give only when they have read it all.
    pub document: Duration,
}

impl Default for Timeouts {
    /// 5 s and 60 s: a printer beside the booth answers in milliseconds, and a sheet is 0.2 MB.
    fn default() -> Self {
        Self { answer: Duration::from_secs(5), document: Duration::from_secs(60) }
    }
}

/// The one HTTP client of the process: building one reads the system's certificates (tens of milliseconds); clones share it.
///
/// It takes no proxy, follows no redirect and keeps no idle connection: a printer that was switched off and on in between
/// would look offline once more.
///
/// # Errors
/// [`PrinterFault::Client`].
pub fn shared_client() -> Result<Client, PrinterFault> {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only where another thread was first, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
    let builder =
        Client::builder().no_proxy().redirect(Policy::none()).http1_only().pool_max_idle_per_host(0);
    let client = builder.connect_timeout(CONNECT_TIMEOUT).build().map_err(PrinterFault::Client)?;
    Ok(CLIENT.get_or_init(|| client).clone())
}

/// The way to one printer.
#[derive(Clone, Debug)]
pub(super) struct Link {
    client: Client,
    url: String,
    timeouts: Timeouts,
}

impl Link {
    pub(super) fn new(client: Client, url: String, timeouts: Timeouts) -> Self {
        Self { client, url, timeouts }
    }

    /// Asks, and gives the answer if it is a success.
    pub(super) async fn ask(&self, question: Question) -> Result<Answer, PrinterFault> {
        self.exchange(&question, question.bytes.clone(), self.timeouts.answer).await
    }

    /// Asks with a document behind the question.
    pub(super) async fn ask_with_document(
        &self,
        question: Question,
        document: Bytes,
    ) -> Result<Answer, PrinterFault> {
        let body: Bytes = [question.bytes.as_ref(), document.as_ref()].concat().into();
        self.exchange(&question, body, self.timeouts.document).await
    }

    async fn exchange(
        &self,
        question: &Question,
        body: Bytes,
        time: Duration,
    ) -> Result<Answer, PrinterFault> {
        let bytes = self.post(body, time).await?;
        Answer::parse(bytes)?.success(question.operation, question.job_id)
    }

    async fn post(&self, body: Bytes, timeout: Duration) -> Result<Vec<u8>, PrinterFault> {
        let fault = |error| network_fault(error, timeout);
        let request = self.client.post(&self.url).timeout(timeout).header(CONTENT_TYPE, "application/ipp");
        let mut response = request.body(body).send().await.map_err(fault)?;
        match response.status().as_u16() {
            200 => {}
            503 => return Err(PrinterFault::Busy),
            status => return Err(PrinterFault::Http { status }),
        }
        let mut answer = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(fault)? {
            if answer.len() + chunk.len() > LONGEST_ANSWER {
                return Err(AnswerError::TooLong { limit: LONGEST_ANSWER }.into());
            }
            answer.extend_from_slice(&chunk);
        }
        Ok(answer.into())
    }
}

fn network_fault(source: reqwest::Error, timeout: Duration) -> PrinterFault {
    if source.is_timeout() && !source.is_connect() {
        let timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        return PrinterFault::Hung { timeout_ms, source };
    }
    PrinterFault::Offline { source }
}
