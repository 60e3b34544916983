//! The command line of a load.

use protocol::Digest;

/// What load to put, and on which server.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many booths.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=5_000))]
    pub booths: u16,
    /// For how many minutes.
    #[arg(long, default_value_t = 1.0)]
    pub minutes: f64,
    /// How many orders a booth has in a minute.
    #[arg(long, default_value_t = 1.0)]
    pub orders_a_minute: f64,
    /// The server's address; the settings' public_url where none is said. Booths share several in turn.
    #[arg(long)]
    pub url: Vec<String>,
    /// The server's public key (SHA-256, as `central check` prints it); this instance's own where none is said.
    #[arg(long)]
    pub pin: Vec<Digest>,
    /// What draws the times and the invented people.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The campus, made where there is none; its code begins with load-.
    #[arg(long, default_value = "load-booths")]
    pub campus: String,
    /// Keep the campus and what is in it.
    #[arg(long)]
    pub keep: bool,
    /// Raise the load until answers take too long (p99 above 250 ms) or fail, and tell the highest that was sustained.
    #[arg(long, group = "mode")]
    pub ramp: bool,
    /// How long a step of the ramp takes, in seconds.
    #[arg(long, default_value_t = 15.0)]
    pub step_s: f64,
    /// Only write so many past orders into the campus, directly into the database, and keep them.
    #[arg(long, group = "mode", value_name = "ORDERS")]
    pub fill: Option<u32>,
    /// Only remove the campus.
    #[arg(long, group = "mode")]
    pub remove: bool,
}
