//! Everything that a request may need, built once in `main`. Nothing here is state of the campus: that is in PostgreSQL alone, so that
//! several instances can stand beside each other.

use crate::blobs::{Blobs, BlobsError};
use crate::database::{self, DatabaseError};
use crate::merchants::Accounts;
use crate::seal::{SealError, SealingKey};
use crate::settings::Settings;
use deadpool_postgres::Pool;
use protocol::Digest;
use std::sync::Arc;

/// The version that booths are told.
pub const SOFTWARE: &str = concat!("central ", env!("CARGO_PKG_VERSION"));

/// An instance that can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("the database can't be used")]
    Database(#[from] DatabaseError),
    /// The object store.
    #[error("the object store can't be used")]
    Blobs(#[from] BlobsError),
    /// The sealing key.
    #[error("the sealing key can't be used")]
    Seal(#[from] SealError),
    /// The certificate.
    #[error("TLS can't be set up")]
    Tls(#[from] crate::tls::TlsError),
}

/// One instance of central; clones are the same.
#[derive(Clone, Debug)]
pub struct Central(Arc<Parts>);

/// What an instance is made of.
#[derive(Debug)]
pub struct Parts {
    /// The settings.
    pub settings: Settings,
    /// PostgreSQL.
    pub pool: Pool,
    /// The object store.
    pub blobs: Blobs,
    /// What seals merchants' keys and second factors.
    pub seal: SealingKey,
    /// Merchants' accounts that were opened.
    pub accounts: Accounts,
    /// The public keys that booths may be shown.
    pub pins: Vec<Digest>,
}

impl std::ops::Deref for Central {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Central {
    /// An instance over `settings`, whose certificates have the public keys `pins`. Nothing is asked of the database yet.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn new(settings: Settings, pins: Vec<Digest>) -> Result<Self, StartError> {
        let pool = database::pool(&settings.database)?;
        let blobs = Blobs::open(&settings.store)?;
        let seal = SealingKey::load(&settings.secrets.key_file)?;
        Ok(Self(Arc::new(Parts { settings, pool, blobs, seal, accounts: Accounts::default(), pins })))
    }
}
