//! PostgreSQL: the connections and the schema.
//!
//! Left out on purpose: questions. They stand with those who ask them.

use crate::settings::DatabaseSettings;
use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use rustls::{ClientConfig, RootCertStore};
use std::time::Duration;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

mod embedded {
    refinery::embed_migrations!("../../migrations/central");
}

/// How long a request waits for a connection: longer than PostgreSQL takes to start again would only pile requests up.
const WAIT: Duration = Duration::from_secs(5);

/// How long PostgreSQL may leave what was sent to it unacknowledged until the connection is given up.
const AWAY: Duration = Duration::from_secs(10);
/// How long a statement, its wait for a lock, and a transaction that says nothing may take, in milliseconds: beyond any that is
/// meant, so that an instance that hangs holds up no other for ever. Migrations and what forgets after an outage lift them.
const BOUNDS: &str =
    "-c statement_timeout=60000 -c lock_timeout=20000 -c idle_in_transaction_session_timeout=60000";

/// A database that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address isn't one.
    #[error("database.url can't be read")]
    Address(#[source] tokio_postgres::Error),
    /// The connections can't be made.
    #[error("the pool of connections can't be built")]
    Build(#[from] deadpool_postgres::BuildError),
    /// Nobody answers, or refuses.
    #[error("PostgreSQL can't be reached")]
    Connect(#[from] PoolError),
    /// A question failed.
    #[error("PostgreSQL refused")]
    Ask(#[from] tokio_postgres::Error),
    /// The schema can't be brought up to date.
    #[error("the schema can't be migrated")]
    Migrate(#[source] Box<refinery::Error>),
    /// It is older or newer than this program.
    #[error("the schema is at version {found}, and this program needs {needed}: run `central migrate`")]
    Schema {
        /// What there is; 0 for an empty database.
        found: i32,
        /// What is needed.
        needed: i32,
    },
}

/// The connections of this instance; made when they are needed.
///
/// # Errors
/// [`DatabaseError::Address`] or [`DatabaseError::Build`].
pub fn pool(settings: &DatabaseSettings) -> Result<Pool, DatabaseError> {
    let mut address: tokio_postgres::Config = settings.url.parse().map_err(DatabaseError::Address)?;
    address
        .application_name("campus-booth-central")
        .connect_timeout(WAIT)
        .tcp_user_timeout(AWAY)
        .keepalives_idle(Duration::from_secs(15))
        .keepalives_interval(Duration::from_secs(5))
        .keepalives_retries(3);
    // What the address itself says stands behind it, and counts.
    let options = format!("{BOUNDS} {}", address.get_options().unwrap_or_default());
    address.options(options.trim());
    if address.get_ssl_mode() == SslMode::Prefer {
        address.ssl_mode(SslMode::Disable);
    }
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(address, MakeRustlsConnect::new(tls()), recycling);
    let pool = Pool::builder(manager).max_size(settings.connections).runtime(Runtime::Tokio1);
    Ok(pool.wait_timeout(Some(WAIT)).create_timeout(Some(WAIT)).build()?)
}

/// Certificates of the system; where one can't be read the others remain.
fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

/// Brings the schema up to date. Several instances may try at once: one does it, the others wait.
///
/// # Errors
/// [`DatabaseError`].
pub async fn migrate(pool: &Pool) -> Result<(), DatabaseError> {
    let mut client = pool.get().await?;
    client.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0").await?;
    // Any number that nobody else uses as an advisory lock in this database.
    client.execute("SELECT pg_advisory_lock(7221530518)", &[]).await?;
    let migrated = embedded::migrations::runner().run_async(&mut **client).await;
    client.execute("SELECT pg_advisory_unlock(7221530518)", &[]).await?;
    client.batch_execute("RESET statement_timeout; RESET lock_timeout").await?;
    let report = migrated.map_err(|error| DatabaseError::Migrate(Box::new(error)))?;
    for migration in report.applied_migrations() {
        tracing::info!(migration = %migration, "the schema was migrated");
    }
    Ok(())
}

/// The version of the schema that this program needs.
#[must_use]
pub fn needed_version() -> i32 {
    embedded::migrations::runner()
        .get_migrations()
        .iter()
        .map(refinery::Migration::version)
        .max()
        .unwrap_or(0)
}

/// Refuses a schema of another version.
///
/// # Errors
/// [`DatabaseError::Schema`], or whatever keeps PostgreSQL from answering.
pub async fn require_schema(pool: &Pool) -> Result<(), DatabaseError> {
    let client = pool.get().await?;
    let there = client.query_one("SELECT to_regclass('refinery_schema_history') IS NOT NULL", &[]).await?;
    let found = match there.try_get::<_, bool>(0)? {
        true => client
            .query_one("SELECT coalesce(max(version), 0) FROM refinery_schema_history", &[])
            .await?
            .try_get(0)?,
        false => 0,
    };
    let needed = needed_version();
    if found == needed { Ok(()) } else { Err(DatabaseError::Schema { found, needed }) }
}
