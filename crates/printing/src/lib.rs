//! Paper: sheets of photos and receipts as PDF, and PDF to the printer.
//!
//! A sheet is data ([`SheetSpec`]) that [`layout`] turns into places in millimetres and [`sheet_pdf`] into a document whose page
//! is the paper, at 100 %, with the photo's JPEG bytes inside unchanged. A [`Printer`] takes the document: over IPP, straight
//! to the device ([`IppPrinter`]), or as a file ([`FolderPrinter`]) where there is no printer.
//!
//! **Invariant:** nothing prints twice. A job's name is its identity: [`Printer::submit`] first asks whether the printer has
//! it, and sends the document only to a job that the printer has already named and that has none.
//!
//! Left out on purpose: the spool (it is rows in the ledger), what to retry and when (the workflow's), and every word that
//! the papers carry (the caller gives them).

mod address;
mod fault;
mod folder;
mod font;
mod ipp_printer;
mod job;
mod jpeg;
mod layout;
mod page;
mod paper;
mod printer;
mod probe;
mod reason;
mod receipt;
mod receipt_pdf;
mod sheet;
mod sheet_pdf;
mod symbol;

pub use address::{AddressError, IppAddress, PrinterAddress};
pub use fault::{AnswerError, FaultName, PrinterFault, Severity};
pub use folder::FolderPrinter;
pub use font::{Font, FontError};
pub use ipp_printer::{IppPrinter, Timeouts, shared_client};
pub use job::{JobName, JobNameError, JobRef, JobRequest, JobState};
pub use jpeg::{Jpeg, JpegError};
pub use layout::{CutMark, FooterEdge, PlacedFooter, Placement, Rectangle, Rotation, SheetLayout, layout};
pub use paper::{Paper, PhotoSize, SizeError};
pub use printer::{MarkerLevel, Printer, PrinterKind, PrinterState, PrinterStatus};
pub use probe::{Probe, open, probe};
pub use reason::StateReason;
pub use receipt::{Receipt, ReceiptError, ReceiptLabels, ReceiptLine, ReceiptPaper, RollWidth};
pub use receipt_pdf::receipt_pdf;
pub use sheet::{Copies, Footer, SheetError, SheetSpec};
pub use sheet_pdf::{check_shape, sheet_pdf};
