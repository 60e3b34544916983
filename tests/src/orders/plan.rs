//! What may become of an order.

/// What becomes of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plan {
    /// Paid at the counter; the booth's own checks approve.
    Counter,
    /// Paid by a code of WeChat Pay.
    WechatPay,
    /// Paid by a code of Alipay.
    Alipay,
    /// The school pays, so no payment is told.
    School,
    /// A first shot fails, a second passes; staff approve.
    Staff,
    /// Staff reject the first photo; the second is approved.
    Reshoot,
    /// The campus's office is to approve; it hasn't yet.
    Office,
    /// Given up unpaid.
    Cancelled,
    /// Nobody paid in time.
    Expired,
    /// Given up, and paid all the same.
    Late,
    /// Paid by a code and at the counter; the second money goes back.
    Twice,
    /// Paid, and paid back before a photo was taken.
    Refunded,
    /// More prints of an earlier order's photo.
    Reprint,
    /// As [`Plan::Counter`]; then the student asks to be forgotten.
    Forgotten,
}

/// Every plan, the usual ones more often.
pub const EVERY_PLAN: &[Plan] = &[
    Plan::Counter,
    Plan::Counter,
    Plan::Counter,
    Plan::WechatPay,
    Plan::WechatPay,
    Plan::Alipay,
    Plan::School,
    Plan::Staff,
    Plan::Staff,
    Plan::Reshoot,
    Plan::Reshoot,
    Plan::Office,
    Plan::Cancelled,
    Plan::Expired,
    Plan::Late,
    Plan::Twice,
    Plan::Refunded,
    Plan::Reprint,
    Plan::Reprint,
    Plan::Forgotten,
];

/// Plans after which nothing is forgotten, so that whatever central loses can be told again.
pub const STEADY_PLANS: &[Plan] = &[
    Plan::Counter,
    Plan::Counter,
    Plan::WechatPay,
    Plan::Alipay,
    Plan::Staff,
    Plan::Reshoot,
    Plan::Cancelled,
    Plan::Late,
    Plan::Twice,
    Plan::Refunded,
    Plan::Reprint,
];

/// Orders without photos: many events, few bytes.
pub const UNPAID_PLANS: &[Plan] = &[Plan::Cancelled];
