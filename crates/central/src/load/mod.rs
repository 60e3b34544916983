//! `central load`: invented booths that put a server under a load and measure how it answers.
//!
//! The booths are invited into a campus of their own, whose code begins with `load-`, enrol as real ones do, and speak to the server
//! over the network only. Requests fall due by a plan that the seed draws, whatever the server does meanwhile: a request that waits for
//! a slow answer before it is timed from when it was due, so nothing slow is left out. At the end the books are compared: what was
//! acknowledged must be stored. **Invariant:** a campus that holds anything else than such a load is never touched.
//!
//! Left out on purpose: payments by a code (they need a provider) and the office's page.

mod booth;
mod campus;
mod connection;
mod fill;
mod invent;
mod options;
mod run;
mod tally;

pub use options::Options;

use crate::{Central, Failure};
use campus::Ground;
use connection::Server;
use std::fmt::Display;

/// A load that can't be put.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The campus or the database.
    #[error("the load's campus can't be used")]
    Campus(#[from] Failure),
    /// PostgreSQL.
    #[error("PostgreSQL refused")]
    Database(#[from] tokio_postgres::Error),
    /// No connection.
    #[error("there is no connection to PostgreSQL")]
    Pool(#[from] deadpool_postgres::PoolError),
    /// A campus that isn't a load's.
    #[error("campus {code} is not a load's, or holds something else: it is left alone")]
    Foreign {
        /// Its code.
        code: String,
    },
    /// The client can't be made.
    #[error("the HTTP client can't be made")]
    Client(#[from] reqwest::Error),
    /// TLS of the client.
    #[error("the client's TLS can't be set up")]
    Tls(#[from] rustls::Error),
    /// The server did not let a booth in.
    #[error("a booth can't enrol: {answer}")]
    Enrolment {
        /// What it answered.
        answer: String,
    },
    /// A histogram can't be made.
    #[error("the times can't be counted")]
    Count(#[from] hdrhistogram::CreationError),
}

/// What came of a load.
#[derive(Debug)]
pub struct Outcome {
    /// What is to be told.
    pub text: String,
    /// Whether every request was answered well and the books agree.
    pub is_clean: bool,
}

impl Outcome {
    fn told(text: impl Display) -> Self {
        Self { text: text.to_string(), is_clean: true }
    }
}

/// Does what the options say, and removes the campus afterwards unless it is to be kept.
///
/// # Errors
/// [`LoadError`].
pub async fn put(central: &Central, options: &Options) -> Result<Outcome, LoadError> {
    let ground = Ground::prepare(central, &options.campus).await?;
    if options.remove {
        ground.remove(central).await?;
        return Ok(Outcome::told(format_args!("campus {} is removed", ground.code)));
    }
    if let Some(orders) = options.fill {
        let seconds = fill::fill(central, &ground, orders).await?;
        let code = &ground.code;
        return Ok(Outcome::told(format_args!("campus {code} has {orders} more orders, in {seconds:.0} s")));
    }
    let outcome = drive(central, options, &ground).await;
    if options.keep {
        ground.revoke(central).await?;
    } else {
        ground.remove(central).await?;
    }
    outcome
}

async fn drive(central: &Central, options: &Options, ground: &Ground) -> Result<Outcome, LoadError> {
    let server = Server::of(central, options);
    let booths = ground.enrol(central, &server, options).await?;
    if options.ramp { run::ramp(options, booths).await } else { run::steady(central, options, booths).await }
}
