//! What somebody ordered, as the window shows it.

use super::codes::DeliveryCode;
use super::screens::Text;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Where an order stands, for the one whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Begun, nothing paid yet.
    Unpaid,
    /// Paid; the photo is still to be taken.
    PhotoMissing,
    /// The photo waits for its review.
    InReview,
    /// The photo was rejected: another is taken, which costs nothing.
    Rejected,
    /// Approved; prints are on their way.
    PrintsComing,
    /// Everything is done.
    Finished,
    /// Given up, or not paid in time.
    Ended,
    /// The money went back.
    Refunded,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OrderView {
    /// Its name in events.
    pub id: String,
    /// The number that people say.
    pub number: String,
    /// The programme's title.
    pub title: Text,
    /// Where it stands.
    pub state: OrderState,
    /// What it came to, in fen.
    pub amount_fen: u32,
    /// The accepted photo; nothing once it was deleted.
    pub photo_id: Option<String>,
    /// How the prints come.
    pub delivery: Option<DeliveryCode>,
    /// The day it was begun, such as `2027-03-01`.
    pub day: String,
    /// Whether it is for more prints of an earlier photo.
    pub reprint: bool,
    /// Why its photo was rejected, as the campus office wrote it, while another one is needed.
    pub rejection: Option<String>,
    /// Whether it can be gone on with.
    pub can_resume: bool,
    /// Whether more prints can be ordered.
    pub can_reprint: bool,
}
