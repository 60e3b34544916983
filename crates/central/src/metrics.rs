//! Names of what is counted, and where Prometheus finds it. No label names a person, an order, or a booth.

/// Events, by outcome.
pub(crate) const EVENTS: &str = "central_events_total";
/// Blobs that were stored.
pub(crate) const BLOBS: &str = "central_blobs_total";
/// Bytes of blobs that were stored.
pub(crate) const BLOB_BYTES: &str = "central_blob_bytes_total";
/// Answers, by method, route and status.
pub(crate) const REQUESTS: &str = "central_requests_total";
/// Notifications that were not believed.
pub(crate) const FORGED: &str = "central_forged_notifications_total";
/// How long answers took, in seconds.
pub(crate) const SECONDS: &str = "central_request_seconds";
/// Connections that were closed at once because there was no place for them.
pub(crate) const TURNED_AWAY: &str = "central_connections_turned_away_total";
