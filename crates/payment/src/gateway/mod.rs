//! **A demonstration: no money moves.** A server that stands in for WeChat Pay and Alipay in rehearsals and tests.
//!
//! It speaks APIv3 under `/v3/` and Alipay at `/gateway.do` as the providers document them: it verifies the merchant's
//! signatures, signs its answers and notifications with keys of its own, and seals them. A code that it gives opens a
//! page under `/pay/` with one button. What a network and a provider can do wrong, it does on request ([`Fault`]).
//!
//! Left out on purpose: real money, limits of rate, and retries of a notification over a restart (the trades are kept in
//! the settings' file, and a query finds them). Unlike the providers it writes today's bill too, so that a rehearsal can
//! be reconciled on its own day.

mod alipay;
mod bills;
mod books;
mod control;
mod fault;
mod keys;
mod notify;
mod page;
mod server;
mod wechat;

pub use books::PayRefusal;
pub use fault::Fault;
pub use keys::{GatewayKeys, keys};

use crate::{OutTradeNumber, PaymentError, Provider, link};
use books::Books;
use domain::{Fen, UtcMillis};
use fault::Faults;
use parking_lot::Mutex;
use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use thiserror::Error;
use tokio::{net::TcpListener, task::JoinSet};

/// The stand-in could not start.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The listener has no address.
    #[error("the listener has no address")]
    Listener(#[source] io::Error),
    /// A key or the file of trades can't be read or written.
    #[error("{name} cannot be read or written")]
    File {
        /// The file's name in its folder.
        name: &'static str,
        /// Why.
        source: io::Error,
    },
    /// `openssl` could not be run.
    #[error("openssl could not be run")]
    OpenSsl(#[source] io::Error),
    /// `openssl` failed.
    #[error("openssl failed on {name}")]
    KeyMaking {
        /// The file that it was to write.
        name: &'static str,
    },
    /// A key's file holds something else.
    #[error("{name} holds no key")]
    Key {
        /// The file's name in its folder.
        name: &'static str,
    },
    /// The file of trades holds something else.
    #[error("the file of trades cannot be parsed")]
    Books(#[source] serde_json::Error),
    /// It can't send notifications.
    #[error("no HTTP client could be made")]
    Client(#[source] PaymentError),
}

/// How the stand-in behaves.
#[derive(Clone, Debug)]
pub struct GatewaySettings {
    /// What the codes begin with, where the payer's phone finds this server: `http://192.0.2.7:9400`. By default the
    /// listener's own address.
    pub public_url: Option<String>,
    /// Pays every trade by itself after this time.
    pub pays_by_itself_after: Option<Duration>,
    /// Serves `/control/`, by which anybody who reaches this server can pay and break things.
    pub control: bool,
    /// How often each notification is delivered, to be sure that duplicates are seen.
    pub notify_times: u32,
    /// How long to wait before each new attempt at a notification that was not taken.
    pub notify_retries: Vec<Duration>,
    /// How long an answer is held that is not to come in time.
    pub hang: Duration,
    /// How long a refund takes.
    pub refund_takes: Duration,
    /// Certificates of merchants' servers that notifications are sent to, beside those that a public authority vouches for: a rehearsal's
    /// server has one that it made itself.
    pub trusts: Vec<reqwest::Certificate>,
    /// Where the trades are kept over a restart.
    pub file: Option<PathBuf>,
    /// The time now.
    pub now: fn() -> UtcMillis,
}

impl Default for GatewaySettings {
    /// One notification, retried after 1, 5 and 15 s; no control; nothing kept.
    fn default() -> Self {
        Self {
            public_url: None,
            pays_by_itself_after: None,
            control: false,
            notify_times: 1,
            notify_retries: [1, 5, 15].map(Duration::from_secs).to_vec(),
            hang: Duration::from_secs(10),
            refund_takes: Duration::ZERO,
            trusts: Vec::new(),
            file: None,
            now: link::system_time,
        }
    }
}

/// The money of one trade, in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// What its payer paid.
    pub received: u64,
    /// What went back, refund by refund.
    pub refunds: Vec<u64>,
}

impl Balance {
    /// What the merchant has of it.
    #[must_use]
    pub fn kept(&self) -> u64 {
        self.received.saturating_sub(self.refunds.iter().sum())
    }
}

/// A running stand-in. It stops when this is dropped.
pub struct Gateway(Arc<Shared>);

/// What every request needs.
struct Shared {
    keys: GatewayKeys,
    settings: GatewaySettings,
    address: SocketAddr,
    books: Mutex<Books>,
    faults: Mutex<Faults>,
    http: reqwest::Client,
    tasks: Mutex<JoinSet<()>>,
    notified: AtomicU64,
}

impl Gateway {
    /// Serves on `listener` until the value is dropped.
    ///
    /// # Errors
    /// [`GatewayError`]: the file of trades can't be read, the listener has no address, or its certificates can't be trusted.
    pub fn start(
        listener: TcpListener,
        keys: GatewayKeys,
        settings: GatewaySettings,
    ) -> Result<Self, GatewayError> {
        let address = listener.local_addr().map_err(GatewayError::Listener)?;
        let client =
            crate::ClientSettings { trusts: settings.trusts.clone(), ..crate::ClientSettings::default() };
        let shared = Arc::new(Shared {
            books: Mutex::new(Books::load(settings.file.clone())?),
            http: link::client(&client).map_err(GatewayError::Client)?,
            keys,
            settings,
            address,
            faults: Mutex::default(),
            tasks: Mutex::default(),
            notified: AtomicU64::default(),
        });
        shared.spawn(server::serve(Arc::clone(&shared), listener));
        tracing::warn!(%address, "the demonstration of a payment gateway runs; no money moves");
        Ok(Self(shared))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The two merchants' files, WeChat Pay's and Alipay's, for a central that finds this server at `base_url`.
    #[must_use]
    pub fn merchants(&self, base_url: &str) -> (String, String) {
        self.0.keys.merchants(base_url)
    }

    /// Pays a trade as its payer would, and notifies. `amount` is what arrives instead of what was asked for;
    /// `even_if_closed` pays a trade that nobody could pay any more.
    ///
    /// # Errors
    /// [`PayRefusal`].
    pub fn pay(
        &self,
        provider: Provider,
        number: &OutTradeNumber,
        amount: Option<Fen>,
        even_if_closed: bool,
    ) -> Result<(), PayRefusal> {
        self.0.pay(provider, number.as_str(), amount.map(Fen::fen), even_if_closed)
    }

    /// How many notifications were taken.
    #[must_use]
    pub fn notified(&self) -> u64 {
        self.0.notified.load(Ordering::Relaxed)
    }

    /// The money of each of a provider's trades, by its number.
    #[must_use]
    pub fn balances(&self, provider: Provider) -> BTreeMap<String, Balance> {
        let books = self.0.books.lock();
        let balance = |trade: &books::Trade| Balance {
            received: trade.paid.as_ref().map_or(0, |paid| paid.amount),
            refunds: trade.refunds.iter().map(|refund| refund.amount).collect(),
        };
        books.trades(provider).iter().map(|(number, trade)| (number.clone(), balance(trade))).collect()
    }

    /// Does `fault` to the next `times` calls of `provider`'s API.
    pub fn fault(&self, provider: Provider, fault: Fault, times: u32) {
        self.0.faults.lock().plan(provider, fault, times);
    }

    /// How many calls of `provider`'s API the planned fault still meets.
    #[must_use]
    pub fn faults_left(&self, provider: Provider) -> u32 {
        self.0.faults.lock().left(provider)
    }

    /// Makes the bill differ: without `amount` the trade is missing, with it the row has that amount, and a trade that
    /// was not paid gets a row.
    pub fn plant_in_bill(&self, provider: Provider, number: &OutTradeNumber, amount: Option<Fen>) {
        self.0.change(|books| books.plant(provider, number.as_str(), amount.map(Fen::fen)));
    }

    /// Delivers the notification of a paid trade `times` times again.
    pub fn notify_again(&self, provider: Provider, number: &OutTradeNumber, times: u32) {
        notify::paid(&self.0, provider, number.as_str(), times);
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.0.tasks.lock().abort_all();
    }
}

impl Shared {
    fn now(&self) -> UtcMillis {
        (self.settings.now)()
    }

    /// What the codes and the bills' addresses begin with.
    fn public_url(&self) -> String {
        let own = || format!("http://{}", self.address);
        self.settings.public_url.clone().unwrap_or_else(own).trim_end_matches('/').to_owned()
    }

    /// Runs `task` until the gateway is dropped.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock();
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Changes the books and keeps them.
    fn change<T>(&self, change: impl FnOnce(&mut Books) -> T) -> T {
        let mut books = self.books.lock();
        let outcome = change(&mut books);
        books.keep();
        outcome
    }

    fn pay(
        self: &Arc<Self>,
        provider: Provider,
        number: &str,
        amount: Option<u64>,
        even_if_closed: bool,
    ) -> Result<(), PayRefusal> {
        let now = self.now();
        self.change(|books| books.pay(provider, number, amount, even_if_closed, now))?;
        notify::paid(self, provider, number, self.settings.notify_times);
        Ok(())
    }

    /// Pays a trade that was just opened after a while, where the settings say so.
    fn pay_later(self: &Arc<Self>, provider: Provider, number: String) {
        let Some(after) = self.settings.pays_by_itself_after else { return };
        let shared = Arc::clone(self);
        self.spawn(async move {
            tokio::time::sleep(after).await;
            if let Err(refusal) = shared.pay(provider, &number, None, false) {
                tracing::info!(%refusal, "a demonstration trade was not paid by itself");
            }
        });
    }
}
