//! Opening the printers that the settings name, and asking all of them how they are.
//!
//! Searching the network for unknown printers is left out: a booth prints on the printer beside it and on no other.

use crate::{
    FolderPrinter, IppPrinter, Printer, PrinterAddress, PrinterFault, PrinterStatus, Timeouts, shared_client,
};
use std::sync::Arc;
use tokio::task::JoinSet;

/// What one printer answered.
#[derive(Debug)]
pub struct Probe {
    /// Which.
    pub address: PrinterAddress,
    /// Its status, or why there is none.
    pub status: Result<PrinterStatus, PrinterFault>,
}

/// The printer at an address. Doesn't speak to it.
///
/// # Errors
/// [`PrinterFault::Client`] and [`PrinterFault::Unsendable`].
pub fn open(address: &PrinterAddress, timeouts: Timeouts) -> Result<Arc<dyn Printer>, PrinterFault> {
    Ok(match address {
        PrinterAddress::Ipp(ipp) => Arc::new(IppPrinter::new(shared_client()?, ipp, timeouts)?),
        PrinterAddress::Folder(path) => Arc::new(FolderPrinter::new(path.clone())),
    })
}

/// Asks every printer at once; the answers are in the order of the addresses.
pub async fn probe(addresses: &[PrinterAddress], timeouts: Timeouts) -> Vec<Probe> {
    let mut asked = JoinSet::new();
    for (index, address) in addresses.iter().cloned().enumerate() {
        asked.spawn(async move {
            let status = match open(&address, timeouts) {
                Ok(printer) => printer.status().await,
                Err(fault) => Err(fault),
            };
            (index, Probe { address, status })
        });
    }
    let mut answers = asked.join_all().await;
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, probe)| probe).collect()
}
