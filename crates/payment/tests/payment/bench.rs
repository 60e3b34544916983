//! A gateway, a client of each provider, and an inbox for notifications, all on loopback and at noon.

use bytes::Bytes;
use domain::{Fen, UtcMillis};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use payment::{
    AlipayClient, AlipayMerchant, Client, ClientSettings, NewRefund, NewTrade, OutTradeNumber, Provider,
    WechatClient, WechatMerchant,
    gateway::{Gateway, GatewayKeys, GatewaySettings},
};
use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

/// 2026-11-22 12:00 in China.
pub const NOON: UtcMillis = UtcMillis(1_795_320_000_000);

pub fn noon() -> UtcMillis {
    NOON
}

static KEYS: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("payment-keys");
    payment::gateway::keys(&dir).unwrap();
    dir
});

/// The folder of keys that all tests, and all runs of them, share: making one takes seconds.
pub fn keys_dir() -> &'static Path {
    &KEYS
}

pub fn keys() -> GatewayKeys {
    payment::gateway::keys(keys_dir()).unwrap()
}

pub struct Bench {
    pub gateway: Gateway,
    pub wechat: WechatClient,
    pub alipay: AlipayClient,
    /// Clients that wait for two seconds only.
    hasty: (WechatClient, AlipayClient),
    pub inbox: Inbox,
    pub base: String,
}

impl Bench {
    pub async fn new() -> Self {
        Self::with(GatewaySettings { hang: Duration::from_secs(20), ..settings() }).await
    }

    pub async fn with(settings: GatewaySettings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Gateway::start(listener, keys(), settings).unwrap();
        let base = format!("http://{}", gateway.address());
        let (wechat, alipay) = gateway.merchants(&base);
        let clients = |settings: ClientSettings| {
            (
                WechatClient::new(WechatMerchant::parse(&wechat).unwrap(), settings.clone()).unwrap(),
                AlipayClient::new(AlipayMerchant::parse(&alipay).unwrap(), settings).unwrap(),
            )
        };
        let (wechat, alipay) = clients(client_settings());
        Self {
            wechat,
            alipay,
            hasty: clients(ClientSettings { whole: Duration::from_secs(2), ..client_settings() }),
            inbox: Inbox::new().await,
            gateway,
            base,
        }
    }

    pub fn client(&self, provider: Provider) -> &dyn Client {
        match provider {
            Provider::WechatPay => &self.wechat,
            Provider::Alipay => &self.alipay,
        }
    }

    /// A client that an answer comes too late for.
    pub fn hasty(&self, provider: Provider) -> &dyn Client {
        match provider {
            Provider::WechatPay => &self.hasty.0,
            Provider::Alipay => &self.hasty.1,
        }
    }

    pub fn trade(&self, name: &str) -> NewTrade {
        NewTrade {
            number: number(name),
            amount: fen(1500),
            description: payment::Description::parse("证件照 ID photo").unwrap(),
            expires: NOON.plus_ms(600_000),
            notify_url: payment::NotifyUrl::parse(&self.inbox.url).unwrap(),
        }
    }
}

pub fn settings() -> GatewaySettings {
    GatewaySettings {
        now: noon,
        notify_retries: vec![Duration::from_millis(50); 3],
        ..GatewaySettings::default()
    }
}

/// Provider and client are on one thread here: a machine that pauses is no fault of a provider.
pub fn client_settings() -> ClientSettings {
    let patience = Duration::from_secs(60);
    ClientSettings { connect: patience, whole: patience, now: noon, ..ClientSettings::default() }
}

pub fn fen(fen: u64) -> Fen {
    Fen::new(fen).unwrap()
}

pub fn number(name: &str) -> OutTradeNumber {
    OutTradeNumber::parse(name).unwrap()
}

pub fn refund(trade: &NewTrade, name: &str, amount: u64) -> NewRefund {
    NewRefund {
        trade: trade.number.clone(),
        number: payment::OutRefundNumber::parse(name).unwrap(),
        amount: fen(amount),
        total: trade.amount,
        reason: payment::RefundReason::parse("重拍 reshoot").unwrap(),
        notify_url: Some(trade.notify_url.clone()),
    }
}

/// What came to an address.
#[derive(Clone, Debug)]
pub struct Letter {
    pub method: String,
    pub target: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A server that keeps what it is sent, and answers as it is told; by default as both providers want it.
pub struct Inbox {
    pub url: String,
    letters: mpsc::UnboundedReceiver<Letter>,
    answers: Arc<Mutex<Vec<(u16, Bytes)>>>,
}

impl Inbox {
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        let (sender, letters) = mpsc::unbounded_channel();
        let answers = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(receive(listener, sender, Arc::clone(&answers)));
        Self { url, letters, answers }
    }

    /// What the next letters are answered with, the last one first.
    pub fn answer(&self, status: u16, body: impl Into<Bytes>) {
        self.answers.lock().push((status, body.into()));
    }

    pub async fn next(&mut self) -> Letter {
        timeout(Duration::from_secs(10), self.letters.recv()).await.expect("a letter comes").unwrap()
    }

    /// Whether nothing more comes for a while.
    pub async fn is_quiet(&mut self) -> bool {
        timeout(Duration::from_millis(300), self.letters.recv()).await.is_err()
    }
}

async fn receive(
    listener: TcpListener,
    sender: mpsc::UnboundedSender<Letter>,
    answers: Arc<Mutex<Vec<(u16, Bytes)>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (sender, answers) = (sender.clone(), Arc::clone(&answers));
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let (sender, answers) = (sender.clone(), Arc::clone(&answers));
                async move { Ok::<_, Infallible>(keep(request, &sender, &answers).await) }
            });
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn keep(
    request: Request<Incoming>,
    sender: &mpsc::UnboundedSender<Letter>,
    answers: &Mutex<Vec<(u16, Bytes)>>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let letter = Letter {
        method: head.method.to_string(),
        target: head.uri.to_string(),
        headers: head.headers,
        body: body.collect().await.unwrap().to_bytes(),
    };
    drop(sender.send(letter));
    let (status, body) = answers.lock().pop().unwrap_or((200, Bytes::from_static(b"success")));
    Response::builder().status(status).body(Full::new(body)).unwrap()
}
