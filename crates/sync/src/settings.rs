//! How the way to central is used.

use std::time::Duration;

/// How the way to central is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The booth's version, as it tells central.
    pub software: String,
    /// The most bytes that leave in a second, blobs and batches together; 0 is no limit.
    pub bytes_per_second: u32,
    /// How many requests with blobs are under way at once; one, with one blob, while a student is at the booth.
    pub parallel_blobs: usize,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer may take, beside the time that the request's own size needs.
    pub answer_timeout: Duration,
    /// How often the booth says how it is.
    pub heartbeat: Duration,
    /// How often it asks whether a revoked or suspended device is let in again.
    pub refused: Duration,
    /// The wait after the first failure, which doubles with each further one; the wait is drawn between nothing and this.
    pub first_wait: Duration,
    /// The longest wait.
    pub longest_wait: Duration,
}

impl Settings {
    /// What a booth uses.
    #[must_use]
    pub fn new(software: impl Into<String>) -> Self {
        Self {
            software: software.into(),
            bytes_per_second: 0,
            parallel_blobs: 6,
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(30),
            heartbeat: Duration::from_secs(30),
            refused: Duration::from_secs(300),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
        }
    }
}
