//! What the booth holds of the way to central while it runs.

use crate::client::Client;
use crate::status::Status;
use std::sync::Arc;
use tokio::sync::{Notify, watch};

/// The booth's end of the way to central. Copies are the same line.
#[derive(Clone, Debug)]
pub struct Line {
    pub(crate) woken: Arc<Notify>,
    pub(crate) status: watch::Receiver<Status>,
    pub(crate) client: watch::Receiver<Option<Client>>,
}

impl Line {
    /// The booth wrote an event, has done a command, or has enrolled: it is told at once, unless central can't be reached.
    /// It never blocks, and may be called from any thread.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// How the way to central is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// The status, to wait for its changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// The client for payments, once the booth has enrolled. It must be used in the runtime in which the courier runs, whose
    /// connections it shares.
    #[must_use]
    pub fn client(&self) -> Option<Client> {
        self.client.borrow().clone()
    }
}
