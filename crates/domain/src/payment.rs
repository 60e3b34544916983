//! The machine of one payment. A time-out changes nothing here: unknown is not failed.

use crate::refused::{Refused, codes};

codes! {
    /// Where a payment stands.
    State {
        /// Opened, no money yet.
        Pending = "pending",
        /// The whole amount was received.
        Settled = "settled",
        /// Closed without money.
        Closed = "closed",
        /// A refund was asked for.
        Refunding = "refunding",
        /// The money went back.
        Refunded = "refunded",
    }
}

codes! {
    /// What can happen to a payment.
    Event {
        /// The whole amount arrived, be it late.
        Settle = "settle",
        /// It was given up.
        Close = "close",
        /// Somebody asked for the money back.
        RequestRefund = "request_refund",
        /// The provider paid back.
        ConfirmRefund = "confirm_refund",
        /// The provider refused to pay back: the money is still here.
        RefuseRefund = "refuse_refund",
    }
}

codes! {
    /// How it is paid.
    Means {
        /// To a person at the counter, confirmed by a staff PIN.
        Counter = "counter",
        /// Nothing was due: the school pays, or the service is free.
        School = "school",
        /// WeChat Pay, opened by the central server.
        WechatPay = "wechat_pay",
        /// Alipay, opened by the central server.
        Alipay = "alipay",
    }
}

impl Means {
    /// Whether the student pays by a code on the screen, which an online provider settles.
    #[must_use]
    pub const fn is_online(self) -> bool {
        matches!(self, Self::WechatPay | Self::Alipay)
    }
}

/// The state after `event`.
///
/// # Errors
/// [`Refused`] where the event means nothing in `state`.
pub const fn next(state: State, event: Event) -> Result<State, Refused> {
    use {Event as E, State as S};
    Ok(match (state, event) {
        (S::Pending | S::Closed, E::Settle) | (S::Refunding, E::RefuseRefund) => S::Settled,
        (S::Pending, E::Close) => S::Closed,
        (S::Settled, E::RequestRefund) => S::Refunding,
        (S::Refunding, E::ConfirmRefund) => S::Refunded,
        _ => return Err(Refused { machine: "payment", state: state.as_str(), event: event.as_str() }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_that_arrived_leaves_only_by_a_confirmed_refund() {
        for &event in Event::ALL {
            if let Ok(after) = next(State::Settled, event) {
                assert_eq!(after, State::Refunding, "{} must not lose the money", event.as_str());
            }
            assert!(next(State::Refunded, event).is_err(), "a refund is the end, {} or not", event.as_str());
        }
    }

    #[test]
    fn a_payment_that_arrives_after_closing_counts() {
        assert_eq!(next(State::Closed, Event::Settle), Ok(State::Settled));
    }

    #[test]
    fn it_counts_once() {
        assert!(next(State::Settled, Event::Settle).is_err(), "a second notification is refused");
    }
}
