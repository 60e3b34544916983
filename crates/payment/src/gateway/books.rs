//! The stand-in's trades and refunds, and what may become of them.

use super::GatewayError;
use crate::Provider;
use domain::UtcMillis;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fs, io, path::PathBuf};
use thiserror::Error;

/// A trade that can't be paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum PayRefusal {
    /// No such trade.
    #[error("there is no such trade")]
    NotFound,
    /// It was closed, or its time is over.
    #[error("the trade is closed")]
    Closed,
    /// It was paid.
    #[error("the trade was paid already")]
    Paid,
}

/// Why a trade is not opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OpenRefusal {
    Paid,
    Closed,
    OtherTerms,
}

/// Why a trade is not closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CloseRefusal {
    NotFound,
    Paid,
    Closed,
}

/// Why nothing is given back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RefundRefusal {
    NotFound,
    NotPaid,
    OtherTerms,
    TooMuch,
}

/// Everything that is known, one JSON file.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Books {
    wechat: BTreeMap<String, Trade>,
    alipay: BTreeMap<String, Trade>,
    plants: Vec<Plant>,
    last: u64,
    #[serde(skip)]
    file: Option<PathBuf>,
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    pub amount: u64,
    pub description: String,
    pub notify_url: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Trade {
    pub terms: Terms,
    pub expires_ms: i64,
    pub opened_ms: i64,
    pub token: String,
    /// Whether its code was opened: before that Alipay knows no trade.
    pub scanned: bool,
    pub closed: bool,
    pub paid: Option<Paid>,
    pub refunds: Vec<Refund>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Paid {
    pub transaction: String,
    pub amount: u64,
    pub at_ms: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Refund {
    pub number: String,
    pub amount: u64,
    pub notify_url: Option<String>,
    pub id: String,
    pub asked_ms: i64,
    pub done_ms: i64,
}

/// A difference in the bill.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Plant {
    pub provider: String,
    pub number: String,
    pub amount: Option<u64>,
}

impl Trade {
    /// Whether nobody can pay it any more. At WeChat Pay the end of its time closes nothing.
    pub(super) fn is_closed(&self, provider: Provider, now: UtcMillis) -> bool {
        let over = provider == Provider::Alipay && self.expires_ms <= now.0;
        self.paid.is_none() && (self.closed || over)
    }

    pub(super) fn refunded(&self) -> u64 {
        self.refunds.iter().map(|refund| refund.amount).sum()
    }
}

impl Books {
    /// What the file holds, or empty books.
    pub(super) fn load(file: Option<PathBuf>) -> Result<Self, GatewayError> {
        let text = match file.as_ref().map(fs::read_to_string) {
            Some(Ok(text)) => text,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => {
                return Err(GatewayError::File { name: "the file of trades", source: error });
            }
            _ => return Ok(Self { file, ..Self::default() }),
        };
        Ok(Self { file, ..serde_json::from_str(&text).map_err(GatewayError::Books)? })
    }

    /// Writes the file, a whole one or none. A failure is logged: a rehearsal goes on without it.
    pub(super) fn keep(&self) {
        let Some(file) = &self.file else { return };
        let draft = file.with_extension("new");
        let written = serde_json::to_vec(self).map_err(io::Error::from).and_then(|text| {
            fs::write(&draft, text)?;
            fs::rename(&draft, file)
        });
        if let Err(error) = written {
            tracing::error!(%error, "the demonstration's trades could not be kept");
        }
    }

    pub(super) fn trades(&self, provider: Provider) -> &BTreeMap<String, Trade> {
        match provider {
            Provider::WechatPay => &self.wechat,
            Provider::Alipay => &self.alipay,
        }
    }

    fn trade_mut(&mut self, provider: Provider, number: &str) -> Option<&mut Trade> {
        match provider {
            Provider::WechatPay => self.wechat.get_mut(number),
            Provider::Alipay => self.alipay.get_mut(number),
        }
    }

    /// The trade whose code holds `token`.
    pub(super) fn by_token(&self, token: &str) -> Option<(Provider, &str, &Trade)> {
        Provider::ALL.into_iter().find_map(|provider| {
            let mut trades = self.trades(provider).iter();
            trades
                .find(|(_, trade)| trade.token == token)
                .map(|(number, trade)| (provider, number.as_str(), trade))
        })
    }

    /// Opens a trade, or finds the one that was opened with the same terms. Its time is that of the first order.
    pub(super) fn open(
        &mut self,
        provider: Provider,
        number: &str,
        terms: Terms,
        expires_ms: i64,
        token: String,
        now: UtcMillis,
    ) -> Result<Trade, OpenRefusal> {
        if let Some(trade) = self.trades(provider).get(number) {
            return match trade {
                trade if trade.paid.is_some() => Err(OpenRefusal::Paid),
                trade if trade.is_closed(provider, now) => Err(OpenRefusal::Closed),
                trade if trade.terms != terms => Err(OpenRefusal::OtherTerms),
                trade => Ok(trade.clone()),
            };
        }
        let trade = Trade {
            terms,
            expires_ms,
            opened_ms: now.0,
            token,
            scanned: false,
            closed: false,
            paid: None,
            refunds: Vec::new(),
        };
        let trades = if provider == Provider::Alipay { &mut self.alipay } else { &mut self.wechat };
        trades.insert(number.to_owned(), trade.clone());
        Ok(trade)
    }

    /// Somebody opened the code.
    pub(super) fn scan(&mut self, token: &str) {
        let found = self.by_token(token).map(|(provider, number, _)| (provider, number.to_owned()));
        if let Some(trade) = found.and_then(|(provider, number)| self.trade_mut(provider, &number)) {
            trade.scanned = true;
        }
    }

    pub(super) fn pay(
        &mut self,
        provider: Provider,
        number: &str,
        amount: Option<u64>,
        even_if_closed: bool,
        now: UtcMillis,
    ) -> Result<(), PayRefusal> {
        self.last += 1;
        let transaction = match provider {
            Provider::WechatPay => format!("4200{:024}", self.last),
            Provider::Alipay => format!("2026{:024}", self.last),
        };
        let trade = self.trade_mut(provider, number).ok_or(PayRefusal::NotFound)?;
        if trade.paid.is_some() {
            return Err(PayRefusal::Paid);
        }
        let late = trade.expires_ms <= now.0;
        if !even_if_closed && (late || trade.is_closed(provider, now)) {
            return Err(PayRefusal::Closed);
        }
        trade.paid = Some(Paid { transaction, amount: amount.unwrap_or(trade.terms.amount), at_ms: now.0 });
        (trade.scanned, trade.closed) = (true, false);
        Ok(())
    }

    pub(super) fn close(
        &mut self,
        provider: Provider,
        number: &str,
        now: UtcMillis,
    ) -> Result<(), CloseRefusal> {
        let trade = self.trade_mut(provider, number).ok_or(CloseRefusal::NotFound)?;
        match trade {
            trade if trade.paid.is_some() => Err(CloseRefusal::Paid),
            trade if provider == Provider::Alipay && !trade.scanned => Err(CloseRefusal::NotFound),
            trade if trade.is_closed(provider, now) => Err(CloseRefusal::Closed),
            trade => {
                trade.closed = true;
                Ok(())
            }
        }
    }

    /// Gives money back once a number.
    pub(super) fn refund(
        &mut self,
        provider: Provider,
        trade: &str,
        asked: Refund,
    ) -> Result<(Trade, Refund), RefundRefusal> {
        let trade = self.trade_mut(provider, trade).ok_or(RefundRefusal::NotFound)?;
        let paid = trade.paid.as_ref().ok_or(RefundRefusal::NotPaid)?.amount;
        if let Some(known) = trade.refunds.iter().find(|known| known.number == asked.number) {
            let same = known.amount == asked.amount;
            return if same { Ok((trade.clone(), known.clone())) } else { Err(RefundRefusal::OtherTerms) };
        }
        if asked.amount == 0 || trade.refunded() + asked.amount > paid {
            return Err(RefundRefusal::TooMuch);
        }
        trade.refunds.push(asked.clone());
        Ok((trade.clone(), asked))
    }

    /// The refund of that number, and its trade with its number.
    pub(super) fn find_refund(&self, provider: Provider, number: &str) -> Option<(&str, &Trade, &Refund)> {
        self.trades(provider).iter().find_map(|(trade_number, trade)| {
            let refund = trade.refunds.iter().find(|refund| refund.number == number)?;
            Some((trade_number.as_str(), trade, refund))
        })
    }

    pub(super) fn plant(&mut self, provider: Provider, number: &str, amount: Option<u64>) {
        self.plants.push(Plant { provider: provider.as_str().to_owned(), number: number.to_owned(), amount });
    }

    pub(super) fn plants(&self, provider: Provider) -> impl Iterator<Item = &Plant> {
        self.plants.iter().filter(move |plant| plant.provider == provider.as_str())
    }
}
