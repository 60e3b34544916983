//! Payment by a code on the screen. Merchant keys never sit in a kiosk: whoever stands behind [`OnlinePayments`] opens the trade,
//! the booth shows its code and asks what became of it.
//!
//! Left out on purpose: the providers' own protocols, which the central server speaks.

mod central;

pub(crate) use central::{DeskFault, TradeDesk};

use crate::central::Line;
use crate::settings::{OnlineChoice, PaymentSettings};
use central::CentralProvider;
use domain::payment::Means;
use domain::{Fen, OrderId, UtcMillis};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a code is good: WeChat Pay and Alipay both let one live 2 hours, and an order's screen is shown 10 minutes.
const CODE_LIVES_MS: i64 = 15 * 60 * 1000;

/// A trade to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// The merchant's own number of it (`out_trade_no`): 6 to 32 of `0-9A-Za-z_-`.
    pub number: String,
    /// The order that it pays.
    pub order: OrderId,
    /// With which application it is paid.
    pub means: Means,
    /// What is due.
    pub amount: Fen,
}

/// A trade that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What the QR says (`code_url`, `qr_code`).
    pub code_url: String,
    /// When the code is void.
    pub expires: UtcMillis,
}

/// Where a trade stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeState {
    /// Not paid yet.
    Waiting,
    /// The amount was received.
    Paid(Fen),
    /// Another amount than is due was received: staff must look.
    WrongAmount,
    /// It can't be paid any more.
    Closed,
    /// The money is on its way back.
    Refunding,
    /// The money went back.
    Refunded,
}

/// A provider that can't be asked. What was opened stays opened, and what was paid counts once it can.
#[derive(Debug, thiserror::Error)]
pub enum ProviderFault {
    /// It doesn't answer.
    #[error("the payment provider can't be reached")]
    Unreachable,
    /// It refuses.
    #[error("the payment provider refuses the trade")]
    Refused,
}

/// Who takes online payments.
pub trait OnlinePayments: Send + Sync {
    /// With which applications one can pay now.
    fn means(&self) -> Vec<Means>;
    /// Whether no money moves.
    fn is_simulated(&self) -> bool;
    /// Opens a trade; `description` is what the payer reads, nothing personal. The same number again is the same trade.
    ///
    /// # Errors
    /// [`ProviderFault`].
    fn open(&self, trade: &Trade, description: &str, now: UtcMillis) -> Result<Opened, ProviderFault>;
    /// What became of a trade.
    ///
    /// # Errors
    /// [`ProviderFault`].
    fn query(&self, trade: &Trade) -> Result<TradeState, ProviderFault>;
    /// Gives up a trade whose order ended or was paid another way, so that money that comes late goes back by itself; where it stands.
    ///
    /// # Errors
    /// [`ProviderFault`].
    fn close(&self, trade: &Trade) -> Result<TradeState, ProviderFault>;
    /// Asks for a trade's money to go back; where it stands. Nothing where staff must give it back themselves.
    ///
    /// # Errors
    /// [`ProviderFault`].
    fn refund(&self, trade: &Trade) -> Result<Option<TradeState>, ProviderFault>;
}

/// The provider that the settings ask for.
#[must_use]
pub(crate) fn provider(
    settings: &PaymentSettings,
    data: &std::path::Path,
    line: &Arc<Line>,
) -> Option<Box<dyn OnlinePayments>> {
    match settings.online {
        OnlineChoice::None => None,
        OnlineChoice::Central => Some(Box::new(CentralProvider::new(Arc::clone(line)))),
        OnlineChoice::Simulated => Some(Box::new(SimulatedProvider::new(
            data.join("simulated-payments"),
            Duration::from_secs(settings.simulated_pays_after_s.into()),
        ))),
    }
}

/// A provider that moves no money, for demonstrations and rehearsals. It says that a trade was paid some seconds after it was first
/// asked about it, or when a file with the trade's number says `paid`, and that it was closed when it says `closed`; a file named `down` makes it unreachable.
#[derive(Debug)]
pub struct SimulatedProvider {
    folder: PathBuf,
    pays_after: Duration,
    opened: Mutex<BTreeMap<String, Instant>>,
}

impl SimulatedProvider {
    /// A provider that looks into `folder`; zero `pays_after`: nothing is paid by itself.
    #[must_use]
    pub fn new(folder: PathBuf, pays_after: Duration) -> Self {
        Self { folder, pays_after, opened: Mutex::default() }
    }

    fn reachable(&self) -> Result<(), ProviderFault> {
        if self.folder.join("down").exists() { Err(ProviderFault::Unreachable) } else { Ok(()) }
    }
}

impl OnlinePayments for SimulatedProvider {
    fn means(&self) -> Vec<Means> {
        vec![Means::WechatPay, Means::Alipay]
    }

    fn is_simulated(&self) -> bool {
        true
    }

    fn open(&self, trade: &Trade, _: &str, now: UtcMillis) -> Result<Opened, ProviderFault> {
        self.reachable()?;
        self.opened.lock().entry(trade.number.clone()).or_insert_with(Instant::now);
        let code_url = format!("campus-booth-simulated:{}/{}", trade.means.as_str(), trade.number);
        Ok(Opened { code_url, expires: now.plus_ms(CODE_LIVES_MS) })
    }

    fn query(&self, trade: &Trade) -> Result<TradeState, ProviderFault> {
        self.reachable()?;
        match std::fs::read_to_string(self.folder.join(&trade.number)).as_deref().map(str::trim) {
            Ok("paid") => return Ok(TradeState::Paid(trade.amount)),
            Ok("closed") => return Ok(TradeState::Closed),
            _ => {}
        }
        let since = *self.opened.lock().entry(trade.number.clone()).or_insert_with(Instant::now);
        let by_itself = self.pays_after > Duration::ZERO && since.elapsed() >= self.pays_after;
        Ok(if by_itself { TradeState::Paid(trade.amount) } else { TradeState::Waiting })
    }

    /// It goes on being asked about, so that a rehearsal can have money come late.
    fn close(&self, trade: &Trade) -> Result<TradeState, ProviderFault> {
        self.query(trade)
    }

    /// No money moved, so there is none to go back by itself: staff record it, as with money of the counter.
    fn refund(&self, _: &Trade) -> Result<Option<TradeState>, ProviderFault> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade() -> Trade {
        let (order, amount) = (OrderId::from_bytes([1; 16]), Fen::new(2000).unwrap());
        Trade { number: "T0123456789".into(), order, means: Means::Alipay, amount }
    }

    #[test]
    fn the_simulated_provider_says_paid_when_it_is_told_to() {
        let folder = tempfile::tempdir().unwrap();
        let provider = SimulatedProvider::new(folder.path().into(), Duration::ZERO);
        let opened = provider.open(&trade(), "照片", UtcMillis(0)).unwrap();
        assert!(opened.code_url.contains("simulated"), "nobody takes it for a real one: {}", opened.code_url);
        assert_eq!(provider.query(&trade()).unwrap(), TradeState::Waiting);
        std::fs::write(folder.path().join("down"), "").unwrap();
        assert!(matches!(provider.query(&trade()), Err(ProviderFault::Unreachable)));
        std::fs::remove_file(folder.path().join("down")).unwrap();
        std::fs::write(folder.path().join("T0123456789"), "paid\n").unwrap();
        assert_eq!(provider.query(&trade()).unwrap(), TradeState::Paid(Fen::new(2000).unwrap()));
    }
}
