//! The calls of a booth that has enrolled, each answered by a type of the protocol.

use crate::call_error::{BadAnswer, CallError, ClientError};
use crate::clock::Clock;
use crate::fault::{Fault, blocking};
use crate::pins::{Pins, sha256};
use crate::random::{Random, key};
use crate::settings::Settings;
use crate::store::{Enrolment, Store, StoreFault};
use crate::transport::{LONG_ANSWER, Request, Transport, parse};
use bytes::Bytes;
use parking_lot::Mutex;
use protocol::batch::{Batch, BatchAnswer};
use protocol::blob::{Bundle, StoredBlob, StoredBundle};
use protocol::directory::{CommandOutcome, Page};
use protocol::enrolment::NextKey;
use protocol::heartbeat::{Heartbeat, HeartbeatAnswer};
use protocol::payment::{OpenTrade, Trade};
use protocol::{Code, Digest, Key};
use reqwest::Method;
use reqwest::header::HeaderValue;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

/// A booth's client. Copies share connections, pins, the key and the limit.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    store: Arc<dyn Store>,
    enrolment: Mutex<Enrolment>,
    /// Held while the enrolment is changed, so that what is kept and what is used are the same.
    changing: tokio::sync::Mutex<()>,
    /// Central has confirmed the next key, so it is tried first.
    next_first: AtomicBool,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Client").field(&*self.0.enrolment.lock()).finish()
    }
}

impl Client {
    /// A client for the device. Changes of its keys and pins are kept in `store`.
    ///
    /// # Errors
    /// [`ClientError`] where the address is none, or TLS can't be set up.
    pub fn new(
        enrolment: Enrolment,
        store: Arc<dyn Store>,
        settings: &Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientError> {
        let pins = Pins::new(enrolment.pins.clone());
        let transport = Transport::new(&enrolment.address, pins, settings, clock)?;
        let (enrolment, changing) = (Mutex::new(enrolment), tokio::sync::Mutex::new(()));
        Ok(Self(Arc::new(Inner {
            transport,
            store,
            enrolment,
            changing,
            next_first: AtomicBool::new(false),
        })))
    }

    /// Says how the booth is.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn heartbeat(&self, heartbeat: &Heartbeat) -> Result<HeartbeatAnswer, CallError> {
        let request = Request::new(Method::POST, &["heartbeat"]).json(heartbeat)?;
        parse(&self.call(&request).await?)
    }

    /// Stores a blob.
    ///
    /// # Errors
    /// [`CallError`]; [`BadAnswer::NotAsked`] where central stored something else.
    pub async fn put_blob(&self, sha256: &Digest, bytes: Bytes) -> Result<(), CallError> {
        let length = bytes.len() as u64;
        let request = Request::new(Method::PUT, &["blobs", &sha256.to_string()]).bytes(bytes).bulk();
        let stored: StoredBlob = parse(&self.call(&request).await?)?;
        expect(stored == StoredBlob { sha256: *sha256, bytes: length })
    }

    /// Stores several blobs with one request: those that are stored now. Any other is to be sent alone, to learn what is wrong with it.
    ///
    /// # Errors
    /// [`CallError`]; [`BadAnswer::NotAsked`] where central stored something else.
    pub async fn put_blobs(&self, bundle: &Bundle<'_>) -> Result<Vec<Digest>, CallError> {
        let request = Request::new(Method::POST, &["blobs"]).bytes(bundle.write().into()).bulk();
        let StoredBundle { stored } = parse(&self.call(&request).await?)?;
        let is_asked = |sha256: &Digest| bundle.blobs().iter().any(|(asked, _)| asked == sha256);
        expect(stored.iter().all(is_asked)).map(|()| stored)
    }

    /// Tells events. The answer is as central gave it; the delivery holds it against what was sent.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn events(&self, batch: &Batch) -> Result<BatchAnswer, CallError> {
        let request = Request::new(Method::POST, &["events"]).json(batch)?.bulk();
        parse(&self.call(&request).await?)
    }

    /// The directory behind a cursor, `limit` entries at most.
    ///
    /// # Errors
    /// [`CallError`]; [`BadAnswer::Contradiction`] where there is said to be more, and no way to it.
    pub async fn directory(&self, after: u64, limit: u32) -> Result<Page, CallError> {
        let query = Some(format!("after={after}&limit={limit}"));
        let request =
            Request { query, largest_answer: LONG_ANSWER, ..Request::new(Method::GET, &["directory"]) };
        let page: Page = parse(&self.call(&request).await?)?;
        if page.cursor < after || (page.more && page.cursor == after) {
            return Err(CallError::BadAnswer(BadAnswer::Contradiction));
        }
        Ok(page)
    }

    /// Tells what became of a command.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn command_outcome(&self, command: Uuid, outcome: &CommandOutcome) -> Result<(), CallError> {
        let request =
            Request::new(Method::PUT, &["commands", &command.to_string(), "outcome"]).json(outcome)?;
        self.call(&request).await.map(drop)
    }

    /// Opens a trade. The same again is the same trade.
    ///
    /// # Errors
    /// [`CallError`]; [`BadAnswer::NotAsked`] where the answer is another trade, or of another amount.
    pub async fn open_trade(&self, open: &OpenTrade) -> Result<Trade, CallError> {
        let request = Request::new(Method::POST, &["payments"]).json(open)?;
        let trade = self.trade_of(&request, &open.number).await?;
        let same = (trade.order_id, trade.amount_fen) == (open.order_id, open.amount_fen)
            && trade.means == open.means;
        expect(same).map(|()| trade)
    }

    /// Asks where a trade stands.
    ///
    /// # Errors
    /// [`CallError`]; [`BadAnswer::NotAsked`] where the answer is another trade.
    pub async fn trade(&self, number: &str) -> Result<Trade, CallError> {
        self.trade_of(&Request::new(Method::GET, &["payments", number]), number).await
    }

    /// Gives a trade up: it can't be paid any more, and money that arrives all the same goes back.
    ///
    /// # Errors
    /// [`CallError`]; [`BadAnswer::NotAsked`] where the answer is another trade.
    pub async fn close_trade(&self, number: &str) -> Result<Trade, CallError> {
        self.trade_of(&Request::new(Method::PUT, &["payments", number, "closing"]), number).await
    }

    /// Pays a trade back.
    ///
    /// # Errors
    /// [`CallError`]; [`BadAnswer::NotAsked`] where the answer is another trade.
    pub async fn refund_trade(&self, number: &str) -> Result<Trade, CallError> {
        self.trade_of(&Request::new(Method::PUT, &["payments", number, "refund"]), number).await
    }

    /// Draws another key, keeps it, and tells central. It becomes the key once central has taken it in a call.
    ///
    /// # Errors
    /// [`Fault`]; the next attempt goes on with the same key.
    pub async fn rotate_key(&self, random: &dyn Random) -> Result<(), Fault> {
        let next = self.next_key(random).await?;
        let request =
            Request::new(Method::PUT, &["device", "key"]).json(&NextKey { key_sha256: sha256(&next.0) })?;
        self.call(&request).await?;
        self.0.next_first.store(true, Ordering::Release);
        Ok(())
    }

    /// Replaces the pins, durably; an empty list changes nothing. Whether they are others than before.
    ///
    /// # Errors
    /// [`StoreFault`]; then the old ones stay.
    pub async fn replace_pins(&self, pins: &[Digest]) -> Result<bool, StoreFault> {
        if pins.is_empty() || self.0.enrolment.lock().pins == pins {
            return Ok(false);
        }
        self.change(|enrolment| enrolment.pins = pins.to_vec()).await?;
        self.0.transport.pins().replace(pins.to_vec());
        Ok(true)
    }

    async fn trade_of(&self, request: &Request, number: &str) -> Result<Trade, CallError> {
        let trade: Trade = parse(&self.call(request).await?)?;
        expect(trade.number == number).map(|()| trade)
    }

    /// The key that is kept to follow, or a new one.
    async fn next_key(&self, random: &dyn Random) -> Result<Key, Fault> {
        if let Some(next) = self.0.enrolment.lock().next_key {
            return Ok(next);
        }
        let next = key(random)?;
        self.change(|enrolment| enrolment.next_key = Some(next)).await?;
        Ok(next)
    }

    /// Sends with the key, and with the other one where central does not know the first: the answer to a rotation may have been lost, or
    /// the key have changed while the request was on its way.
    async fn call(&self, request: &Request) -> Result<Vec<u8>, CallError> {
        let (mut result, mut tried) = (Err(CallError::BadAnswer(BadAnswer::NotAsked)), Vec::with_capacity(3));
        loop {
            let (device, keys, next) = self.keys();
            let Some(key) = keys.into_iter().flatten().find(|key| !tried.contains(key)) else {
                return result;
            };
            tried.push(key);
            result = self.0.transport.send(request, bearer(device, &key)).await;
            if result.as_ref().is_err_and(|error| error.code() == Some(Code::UnknownDevice)) {
                continue;
            }
            if result.is_ok() && next == Some(key) {
                self.promote(key).await;
            } else if result.is_ok() {
                self.0.next_first.store(false, Ordering::Release);
            }
            return result;
        }
    }

    /// The device, its keys in the order in which they are tried, and which of them is the next one.
    fn keys(&self) -> (Uuid, [Option<Key>; 2], Option<Key>) {
        let enrolment = self.0.enrolment.lock();
        let mut keys = [Some(enrolment.key), enrolment.next_key];
        if self.0.next_first.load(Ordering::Acquire) {
            keys.reverse();
        }
        (enrolment.device, keys, enrolment.next_key)
    }

    /// The next key has worked, so it is the key. Where that can't be kept, both stay, and the next call finds out again.
    async fn promote(&self, key: Key) {
        let promoted = self.change(|enrolment| {
            if enrolment.next_key == Some(key) {
                (enrolment.key, enrolment.next_key) = (key, None);
            }
        });
        match promoted.await {
            Ok(()) => self.0.next_first.store(false, Ordering::Release),
            Err(fault) => tracing::warn!(
                error = &fault as &dyn std::error::Error,
                "the device's new key was not kept yet"
            ),
        }
    }

    /// Changes the enrolment, in the store first.
    async fn change(&self, change: impl FnOnce(&mut Enrolment)) -> Result<(), StoreFault> {
        let _changing = self.0.changing.lock().await;
        let mut changed = self.0.enrolment.lock().clone();
        change(&mut changed);
        let kept = changed.clone();
        blocking(&self.0.store, move |store| store.save_enrolment(&kept)).await?;
        *self.0.enrolment.lock() = changed;
        Ok(())
    }
}

fn expect(asked: bool) -> Result<(), CallError> {
    if asked { Ok(()) } else { Err(CallError::BadAnswer(BadAnswer::NotAsked)) }
}

/// `Bearer DEVICE.KEY`, which no log of the HTTP client shows. Hexadecimal digits and hyphens always make a header.
fn bearer(device: Uuid, key: &Key) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(format!("Bearer {device}.{key}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}
