//! Payments over the campus's central server, which alone holds the merchant's keys.
//!
//! Left out on purpose: the network, which stands behind [`TradeDesk`].

use super::{OnlinePayments, Opened, ProviderFault, Trade, TradeState};
use crate::central::Line;
use domain::payment::Means;
use domain::{Fen, UtcMillis};
use protocol::payment::{self, OpenTrade};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How often a trade that is still being opened is asked for, and how long is waited in between: five seconds in all, about as long as
/// somebody looks at an empty place before they press again.
const TRIES: u32 = 6;
const BETWEEN_TRIES: Duration = Duration::from_millis(1000);

/// The most characters that a payer reads of what they pay for.
const MOST_DESCRIPTION: usize = 40;

/// Why the central server did nothing about a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeskFault {
    /// It doesn't answer, or can't say at the moment. Asking again is safe.
    #[error("the central server can't be asked")]
    Unreachable,
    /// It refuses.
    #[error("the central server refuses the trade")]
    Refused,
}

/// The central server's desk for payments. Each call blocks until it has answered or a time limit is over.
pub trait TradeDesk: Send + Sync {
    /// Opens a trade; the same number and amount again is the same trade.
    ///
    /// # Errors
    /// [`DeskFault`].
    fn open(&self, trade: &OpenTrade) -> Result<payment::Trade, DeskFault>;
    /// Where a trade stands.
    ///
    /// # Errors
    /// [`DeskFault`].
    fn query(&self, number: &str) -> Result<payment::Trade, DeskFault>;
    /// Gives up a trade.
    ///
    /// # Errors
    /// [`DeskFault`].
    fn close(&self, number: &str) -> Result<payment::Trade, DeskFault>;
    /// Pays a trade back.
    ///
    /// # Errors
    /// [`DeskFault`].
    fn refund(&self, number: &str) -> Result<payment::Trade, DeskFault>;
}

impl From<DeskFault> for ProviderFault {
    fn from(fault: DeskFault) -> Self {
        match fault {
            DeskFault::Unreachable => Self::Unreachable,
            DeskFault::Refused => Self::Refused,
        }
    }
}

/// The provider that is the central server.
pub(crate) struct CentralProvider {
    line: Arc<Line>,
    between_tries: Duration,
}

impl CentralProvider {
    /// The provider at the other end of the line.
    pub fn new(line: Arc<Line>) -> Self {
        Self { line, between_tries: BETWEEN_TRIES }
    }

    fn desk(&self) -> Result<&Arc<dyn TradeDesk>, ProviderFault> {
        self.line.desk().ok_or(ProviderFault::Unreachable)
    }
}

impl OnlinePayments for CentralProvider {
    fn means(&self) -> Vec<Means> {
        self.line.state().means
    }

    fn is_simulated(&self) -> bool {
        self.line.state().demonstration
    }

    /// A trade that is still being opened is asked for again, under the same number.
    fn open(&self, trade: &Trade, description: &str, _: UtcMillis) -> Result<Opened, ProviderFault> {
        let asked = OpenTrade {
            number: trade.number.clone(),
            order_id: Uuid::from_bytes(*trade.order.as_bytes()),
            means: trade.means.as_str().to_owned(),
            amount_fen: trade.amount.fen(),
            description: description.chars().take(MOST_DESCRIPTION).collect(),
        };
        let desk = self.desk()?;
        for _ in 1..TRIES {
            match desk.open(&asked).map_err(ProviderFault::from).and_then(|answer| opened(trade, answer)) {
                Err(ProviderFault::Unreachable) => std::thread::sleep(self.between_tries),
                other => return other,
            }
        }
        opened(trade, desk.open(&asked)?)
    }

    fn query(&self, trade: &Trade) -> Result<TradeState, ProviderFault> {
        state(trade, &self.desk()?.query(&trade.number)?)
    }

    fn close(&self, trade: &Trade) -> Result<TradeState, ProviderFault> {
        state(trade, &self.desk()?.close(&trade.number)?)
    }

    fn refund(&self, trade: &Trade) -> Result<Option<TradeState>, ProviderFault> {
        state(trade, &self.desk()?.refund(&trade.number)?).map(Some)
    }
}

/// The code of a trade that can be paid.
fn opened(trade: &Trade, answer: payment::Trade) -> Result<Opened, ProviderFault> {
    is_about(trade, &answer)?;
    match (answer.state, answer.code_url) {
        (payment::TradeState::Open, Some(code_url)) => {
            Ok(Opened { code_url, expires: UtcMillis(answer.expires_ms) })
        }
        (payment::TradeState::Opening | payment::TradeState::Open, _) => Err(ProviderFault::Unreachable),
        _ => Err(ProviderFault::Refused),
    }
}

fn state(trade: &Trade, answer: &payment::Trade) -> Result<TradeState, ProviderFault> {
    is_about(trade, answer)?;
    Ok(match answer.state {
        payment::TradeState::Opening | payment::TradeState::Open => TradeState::Waiting,
        payment::TradeState::Paid => match answer.received_fen.map(Fen::new) {
            Some(Ok(received)) => TradeState::Paid(received),
            Some(Err(_)) => TradeState::WrongAmount,
            None => TradeState::Paid(trade.amount),
        },
        payment::TradeState::WrongAmount => TradeState::WrongAmount,
        payment::TradeState::Closed => TradeState::Closed,
        payment::TradeState::Refunding => TradeState::Refunding,
        payment::TradeState::Refunded => TradeState::Refunded,
    })
}

/// An answer about another trade is none about this one's money.
fn is_about(trade: &Trade, answer: &payment::Trade) -> Result<(), ProviderFault> {
    let same = answer.number == trade.number
        && answer.order_id.as_bytes() == trade.order.as_bytes()
        && answer.amount_fen == trade.amount.fen();
    if same { Ok(()) } else { Err(ProviderFault::Refused) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::OrderId;
    use parking_lot::Mutex;
    use payment::TradeState as There;

    /// A desk that gives prepared answers, the last one for ever.
    struct Prepared(Mutex<Vec<Result<payment::Trade, DeskFault>>>);

    impl Prepared {
        fn next(&self) -> Result<payment::Trade, DeskFault> {
            let mut answers = self.0.lock();
            if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() }
        }
    }

    impl TradeDesk for Prepared {
        fn open(&self, _: &OpenTrade) -> Result<payment::Trade, DeskFault> {
            self.next()
        }
        fn query(&self, _: &str) -> Result<payment::Trade, DeskFault> {
            self.next()
        }
        fn close(&self, _: &str) -> Result<payment::Trade, DeskFault> {
            self.next()
        }
        fn refund(&self, _: &str) -> Result<payment::Trade, DeskFault> {
            self.next()
        }
    }

    fn trade() -> Trade {
        let (order, amount) = (OrderId::from_bytes([1; 16]), Fen::new(2000).unwrap());
        Trade { number: "T0123456789".into(), order, means: Means::Alipay, amount }
    }

    fn there(state: There) -> payment::Trade {
        payment::Trade {
            number: "T0123456789".into(),
            order_id: Uuid::from_bytes([1; 16]),
            means: "alipay".into(),
            amount_fen: 2000,
            state,
            code_url: (state == There::Open).then(|| "https://qr.example/1".to_owned()),
            expires_ms: 9,
            received_fen: None,
        }
    }

    fn provider(answers: Vec<Result<payment::Trade, DeskFault>>) -> CentralProvider {
        let line = Arc::new(Line::default());
        line.open_desk(Arc::new(Prepared(Mutex::new(answers))));
        CentralProvider { line, between_tries: Duration::ZERO }
    }

    #[test]
    fn a_trade_that_is_being_opened_is_asked_for_again() {
        let answers = vec![Ok(there(There::Opening)), Err(DeskFault::Unreachable), Ok(there(There::Open))];
        let opened = provider(answers).open(&trade(), "照片", UtcMillis(0)).unwrap();
        assert_eq!(opened, Opened { code_url: "https://qr.example/1".into(), expires: UtcMillis(9) });
        let never = provider(vec![Ok(there(There::Opening))]).open(&trade(), "照片", UtcMillis(0));
        assert!(matches!(never, Err(ProviderFault::Unreachable)), "not for ever");
        let closed = provider(vec![Ok(there(There::Closed))]).open(&trade(), "照片", UtcMillis(0));
        assert!(matches!(closed, Err(ProviderFault::Refused)));
    }

    #[test]
    fn what_central_says_of_a_trade_is_taken_for_that_trade_alone() {
        let received = |fen| payment::Trade { received_fen: Some(fen), ..there(There::Paid) };
        for (answer, expect) in [
            (there(There::Opening), TradeState::Waiting),
            (there(There::Paid), TradeState::Paid(Fen::new(2000).unwrap())),
            (received(1999), TradeState::Paid(Fen::new(1999).unwrap())),
            (received(u64::MAX), TradeState::WrongAmount),
            (there(There::WrongAmount), TradeState::WrongAmount),
            (there(There::Closed), TradeState::Closed),
            (there(There::Refunding), TradeState::Refunding),
            (there(There::Refunded), TradeState::Refunded),
        ] {
            assert_eq!(provider(vec![Ok(answer)]).query(&trade()).unwrap(), expect);
        }
        for other in [
            payment::Trade { number: "T9999999999".into(), ..there(There::Paid) },
            payment::Trade { order_id: Uuid::from_bytes([2; 16]), ..there(There::Paid) },
            payment::Trade { amount_fen: 1, ..there(There::Paid) },
        ] {
            let refused = provider(vec![Ok(other)]).query(&trade());
            assert!(matches!(refused, Err(ProviderFault::Refused)), "{refused:?}");
        }
    }

    #[test]
    fn without_a_line_nothing_is_offered() {
        let provider = CentralProvider::new(Arc::new(Line::default()));
        assert!(provider.means().is_empty() && !provider.is_simulated());
        assert!(matches!(provider.query(&trade()), Err(ProviderFault::Unreachable)));
        provider.line.change(|state| (state.means, state.demonstration) = (vec![Means::Alipay], true));
        assert!(provider.means() == [Means::Alipay] && provider.is_simulated(), "as the heartbeat said");
    }
}
