//! `boothctl central`: whether the booth has enrolled, what waits for the central server, and what that refused.
//!
//! Looking works beside the running kiosk; offering again needs it stopped, because the ledger has one writer.

use crate::failure::Failure;
use crate::{Outcome, ledgers, output};
use booth::{Clock as _, Places, SystemClock};
use domain::UtcMillis;
use ledger::{OutboxBacklog, ParkedEvent, Reader};

/// Show the enrolment, what waits for the central server, and the events that it refused with their reasons.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Offer the refused events again.
    #[arg(long)]
    retry: bool,
}

/// Does the command.
///
/// # Errors
/// [`Failure`]; a running kiosk holds the ledger against `--retry`, which the error says.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let places = Places::from_environment()?;
    if arguments.retry {
        let (ledger, stamp) = ledgers::writer(&places)?;
        let offered = ledger.unpark_all(None, stamp)?;
        output::line(&format!("offered again: {offered}"))?;
        return show(ledger.read());
    }
    show(&ledgers::reader(&places)?)
}

fn show(reader: &Reader) -> Result<Outcome, Failure> {
    let enrolment = reader.enrolment()?.filter(|enrolment| enrolment.device != [0; 16]);
    let enrolled = match &enrolment {
        Some(it) => format!("enrolled at {}, campus {}, as {}", it.address, it.campus, it.name),
        None => "not enrolled".to_owned(),
    };
    output::line(&enrolled)?;
    output::line(&waiting(&reader.outbox_backlog()?, SystemClock::default().now()))?;
    let parked = reader.parked_events()?;
    for event in &parked {
        output::line(&refused(event))?;
    }
    Ok(if enrolment.is_some() && parked.is_empty() { Outcome::Well } else { Outcome::Faulty })
}

fn waiting(backlog: &OutboxBacklog, now: UtcMillis) -> String {
    match backlog.oldest {
        Some(oldest) => {
            let hours = now.0.saturating_sub(oldest.0).max(0) / 3_600_000;
            format!("waiting: {} events, the oldest for {hours} h", backlog.pending)
        }
        None => "waiting: nothing".to_owned(),
    }
}

/// Nothing of a person: ids, kinds and codes.
fn refused(event: &ParkedEvent) -> String {
    let about = event.order.map_or_else(String::new, |order| format!("  order {order}"));
    format!(
        "refused: {}  {}  {}{about}  offered {} times",
        event.id, event.kind, event.reason, event.attempts
    )
}
