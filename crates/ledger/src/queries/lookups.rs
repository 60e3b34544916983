//! Rows by their ids.

use crate::error::Result;
use crate::reader::Reader;
use crate::tables::audit::{self, AuditHead};
use crate::tables::collection_codes::{self, KeptCode};
use crate::tables::consents::{self, NewConsent};
use crate::tables::deliveries::{self, Delivery};
use crate::tables::device::{self, Epoch};
use crate::tables::online_payments::{self, OnlinePayment};
use crate::tables::order_lines::{self, OrderLine};
use crate::tables::orders::{self, Order};
use crate::tables::outbox::{self, OutboxEvent};
use crate::tables::payments::{self, Payment};
use crate::tables::people::{self, Person};
use crate::tables::photos::{self, Photo};
use crate::tables::print_jobs::{self, PrintJob};
use crate::tables::rosters::{self, RosterEntry};
use domain::programme::Kind;
use domain::{DocumentNumber, OrderId, OrderNumber, PersonId, PhotoId, PrintJobId, UtcMillis};

/// Each fails with [`crate::LedgerError::Missing`] where there is no such row, or with a failed read.
impl Reader {
    /// The order `id`.
    pub fn order(&self, id: OrderId) -> Result<Order> {
        self.ask("read the order", |connection| orders::get(connection, id))
    }

    /// The order that people call `number`.
    pub fn order_by_number(&self, number: OrderNumber) -> Result<Option<Order>> {
        self.ask("read the order", |connection| orders::by_number(connection, number))
    }

    /// What the order is for.
    pub fn lines_of(&self, order: OrderId) -> Result<Vec<OrderLine>> {
        self.ask("read the order's lines", |connection| order_lines::of_order(connection, order))
    }

    /// The person `id`, unless purged.
    pub fn person(&self, id: PersonId) -> Result<Person> {
        self.ask("read the person", |connection| people::get(connection, id))
    }

    /// The consents given for the order.
    pub fn consents_of(&self, order: OrderId) -> Result<Vec<NewConsent>> {
        self.ask("read the consents", |connection| consents::of_order(connection, order))
    }

    /// The order's payments, the oldest first.
    pub fn payments_of(&self, order: OrderId) -> Result<Vec<Payment>> {
        self.ask("read the payments", |connection| payments::of_order(connection, order))
    }

    /// The order's online payments, the oldest first.
    pub fn online_payments_of(&self, order: OrderId) -> Result<Vec<OnlinePayment>> {
        self.ask("read the online payments", |connection| online_payments::of_order(connection, order))
    }

    /// The online payments opened since `since` whose money hasn't come, pending or closed, the oldest first.
    pub fn online_unsettled_since(&self, since: UtcMillis) -> Result<Vec<OnlinePayment>> {
        self.ask("read the online payments", |connection| online_payments::unsettled_since(connection, since))
    }

    /// How the order's prints are got; none for a draft, or an order that is older than deliveries. After the purge the way is
    /// left.
    pub fn delivery_of(&self, order: OrderId) -> Result<Option<Delivery>> {
        self.ask("read the delivery", |connection| deliveries::of_order(connection, order))
    }

    /// The payload of the order's collection code and its picture, unless there is none or it was purged.
    pub fn collection_code(&self, order: OrderId) -> Result<Option<KeptCode>> {
        self.ask("read the collection code", |connection| collection_codes::of_order(connection, order))
    }

    /// When this code was first read for an order other than `except` that wasn't cancelled, expired or refunded.
    pub fn code_used(&self, payload: &[u8], except: Option<OrderId>) -> Result<Option<UtcMillis>> {
        self.ask("look for the collection code", |connection| {
            collection_codes::used(connection, payload, except)
        })
    }

    /// The student with this document on the school's list for `kind`.
    pub fn roster_entry(&self, kind: Kind, document: &DocumentNumber) -> Result<Option<RosterEntry>> {
        self.ask("read the roster", |connection| rosters::get(connection, kind, document))
    }

    /// How many students are on the school's list for `kind`.
    pub fn roster_size(&self, kind: Kind) -> Result<u64> {
        self.ask("count the roster", |connection| rosters::size(connection, kind))
    }

    /// The shot `id`, without its pixels.
    pub fn photo(&self, id: PhotoId) -> Result<Photo> {
        self.ask("read the photo", |connection| photos::get(connection, id))
    }

    /// The order's shots, the first first.
    pub fn photos_of(&self, order: OrderId) -> Result<Vec<Photo>> {
        self.ask("read the photos", |connection| photos::of_order(connection, order))
    }

    /// The bytes of the official photo, a JPEG; none if the shot failed or was purged.
    pub fn official_photo(&self, id: PhotoId) -> Result<Option<Vec<u8>>> {
        self.ask("read the photo's pixels", |connection| photos::official(connection, id))
    }

    /// The bytes of the shot, a JPEG; none if it was purged.
    pub fn original_photo(&self, id: PhotoId) -> Result<Option<Vec<u8>>> {
        self.ask("read the photo's pixels", |connection| photos::original(connection, id))
    }

    /// The print job `id`, without its document.
    pub fn print_job(&self, id: PrintJobId) -> Result<PrintJob> {
        self.ask("read the print job", |connection| print_jobs::get(connection, id))
    }

    /// The order's print jobs, in the order of printing.
    pub fn print_jobs_of(&self, order: OrderId) -> Result<Vec<PrintJob>> {
        self.ask("read the print jobs", |connection| print_jobs::of_order(connection, order))
    }

    /// Every print job that has not ended, the oldest first. After a start, one that is `sending` may or may not have reached
    /// the printer: ask it by the job's id.
    pub fn print_jobs_to_do(&self) -> Result<Vec<PrintJob>> {
        self.ask("read the print jobs", print_jobs::to_do)
    }

    /// The bytes of the job's document, a PDF; none if it was purged.
    pub fn print_document(&self, id: PrintJobId) -> Result<Option<Vec<u8>>> {
        self.ask("read the document", |connection| print_jobs::document(connection, id))
    }

    /// The events that the central server hasn't answered for, in the order in which they happened, `limit` at most.
    pub fn outbox_pending(&self, limit: u32) -> Result<Vec<OutboxEvent>> {
        self.ask("read the outbox", |connection| outbox::pending(connection, limit))
    }

    /// The events about an order, in the order in which they happened.
    pub fn outbox_of(&self, order: OrderId) -> Result<Vec<OutboxEvent>> {
        self.ask("read the outbox", |connection| outbox::of_order(connection, order))
    }

    /// Every event that was ever written, in the order in which they happened, without their payloads: for comparing the books.
    pub fn outbox_history(&self) -> Result<Vec<OutboxEvent>> {
        self.ask("read the outbox", outbox::all)
    }

    /// The epoch that events are written in now.
    pub fn epoch(&self) -> Result<Epoch> {
        self.ask("read the epoch", device::epoch)
    }

    /// The newest row of the audit.
    pub fn audit_head(&self) -> Result<AuditHead> {
        self.ask("read the audit", audit::head)
    }

    /// Recomputes the audit's chain; the head it ends in. [`crate::LedgerError::AuditBroken`] if a row doesn't fit.
    pub fn verify_audit(&self) -> Result<AuditHead> {
        self.ask("verify the audit", audit::verify)
    }
}
