//! `boothctl refunds`: the money that has to go back, and staff's word that it went.
//!
//! Listing works beside the running kiosk; recording needs it stopped, because the ledger has one writer.

use crate::failure::Failure;
use crate::{Outcome, ledgers, output};
use booth::{Places, SystemClock};
use domain::PaymentId;
use ledger::{LedgerError, RefundDue};

/// List the refunds that are due, or record that one was paid back.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    decision: Option<Decision>,
}

#[derive(Debug, clap::Subcommand)]
enum Decision {
    /// The money was given back.
    Done {
        /// The payment, as the list names it.
        payment: PaymentId,
    },
}

/// Does the command.
///
/// # Errors
/// [`Failure`]; a running kiosk holds the ledger, which the error says.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let places = Places::from_environment()?;
    match arguments.decision {
        None => list(&places),
        Some(Decision::Done { payment }) => record(&places, payment),
    }
}

fn list(places: &Places) -> Result<Outcome, Failure> {
    let due = ledgers::reader(places)?.refunds_due()?;
    for refund in &due {
        output::line(&line(refund))?;
    }
    Ok(if due.is_empty() { Outcome::Well } else { Outcome::Faulty })
}

fn line(refund: &RefundDue) -> String {
    let (yuan, fen) = (refund.amount.fen() / 100, refund.amount.fen() % 100);
    let asked = if refund.asked { "  asked of the central server" } else { "" };
    format!(
        "{}  order {}  {}  CNY {yuan}.{fen:02}{asked}",
        refund.payment,
        refund.number,
        refund.means.as_str()
    )
}

/// Only what is listed can be given back here: an order that is served keeps its money.
fn record(places: &Places, payment: PaymentId) -> Result<Outcome, Failure> {
    let (ledger, _) = ledgers::writer(places)?;
    let due = ledger.read().refunds_due()?.into_iter().find(|due| due.payment == payment);
    let due = due.ok_or(LedgerError::Missing { what: "refund that is due" })?;
    booth::record_refund(&ledger, &due, &SystemClock::default())?;
    output::line(&format!("{payment}  refunded"))?;
    Ok(Outcome::Well)
}
