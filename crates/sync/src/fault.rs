//! Why a step of the way to central failed.

use crate::call_error::CallError;
use crate::random::NoRandomness;
use crate::store::{Store, StoreFault};
use std::sync::Arc;

/// Why a step failed. It may be done again.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Central could not be asked, or refused.
    #[error("a call to central failed")]
    Call(#[from] CallError),
    /// The booth's own store could not be used.
    #[error("the step could not be kept")]
    Store(#[from] StoreFault),
    /// No key could be drawn.
    #[error("no key could be drawn")]
    Random(#[from] NoRandomness),
}

impl Fault {
    /// The call that failed, if it was one.
    #[must_use]
    pub fn call(&self) -> Option<&CallError> {
        match self {
            Self::Call(error) => Some(error),
            Self::Store(_) | Self::Random(_) => None,
        }
    }
}

/// Uses the store on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    store: &Arc<dyn Store>,
    work: impl FnOnce(&dyn Store) -> Result<T, StoreFault> + Send + 'static,
) -> Result<T, StoreFault> {
    let store = Arc::clone(store);
    match tokio::task::spawn_blocking(move || work(store.as_ref())).await {
        Ok(result) => result,
        Err(broken) => Err(StoreFault(Box::new(broken))),
    }
}
