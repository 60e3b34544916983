//! The words of the booth: ids, money, time, documents, programmes, and the state machines.
//!
//! No I/O, no clock, no randomness and no serialisation: whatever changes from call to call is an argument, and the edges
//! (the ledger, the wire, the window) turn these types into their own. **Invariant:** every machine is a pure function
//! `next(state, event)` that refuses what means nothing, and never panics.

pub mod calendar_date;
pub mod document;
pub mod email;
pub mod ids;
pub mod money;
pub mod order;
pub mod order_number;
pub mod payment;
pub mod person_name;
pub mod phone;
pub mod photo;
pub mod print_job;
pub mod programme;
pub mod refused;
pub mod roster;
pub mod session;
pub mod student_number;
pub mod time;
mod typed_text;

pub use calendar_date::CalendarDate;
pub use document::{DocumentKind, DocumentNumber};
pub use email::Email;
pub use ids::{ConsentId, EventId, OrderId, PaymentId, PersonId, PhotoId, PrintJobId, SessionId};
pub use money::Fen;
pub use order_number::{BoothNumber, OrderNumber};
pub use person_name::PersonName;
pub use phone::Phone;
pub use refused::Refused;
pub use student_number::StudentNumber;
pub use time::UtcMillis;
