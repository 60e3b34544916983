//! The network between booth and central, in front of TLS: connections are refused, cut at any byte, slowed down, and stand still while
//! later ones pass.

use end_to_end::chance::Chance;
use parking_lot::Mutex;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What happened on the wire.
#[derive(Debug, Default)]
pub struct Counts {
    pub connections: AtomicU64,
    pub refused: AtomicU64,
    pub cut: AtomicU64,
    pub slowed: AtomicU64,
    pub stood_still: AtomicU64,
    pub bytes: AtomicU64,
}

/// How the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    Calm,
    /// Anything may happen to a connection.
    Storm,
    /// Nothing passes.
    Down,
    /// Each connection is cut after this many bytes from the booth.
    CutAfter(i64),
}

/// The wire, which booths reach at `port`.
#[derive(Clone)]
pub struct Wire {
    pub port: u16,
    pub counts: Arc<Counts>,
    weather: Arc<Mutex<Weather>>,
    routes: Arc<Mutex<Vec<u16>>>,
    chance: Arc<Mutex<Chance>>,
}

/// What happens to one connection.
#[derive(Clone, Debug)]
struct Fate {
    /// So many bytes pass, in both directions together.
    budget: Arc<AtomicI64>,
    /// Only bytes from the booth count.
    upwards_only: bool,
    /// Each piece waits up to this long.
    slowness_ms: u64,
    /// It stands still for this long, once, after this many bytes.
    pause: Option<(i64, Duration)>,
    cut: Arc<AtomicBool>,
}

impl Fate {
    fn calm() -> Self {
        let (budget, cut) = (Arc::new(AtomicI64::new(i64::MAX)), Arc::new(AtomicBool::new(false)));
        Self { budget, upwards_only: false, slowness_ms: 0, pause: None, cut }
    }

    fn cut_after(bytes: i64) -> Self {
        Self { budget: Arc::new(AtomicI64::new(bytes)), upwards_only: true, ..Self::calm() }
    }

    fn drawn(chance: &mut Chance) -> Self {
        let mut fate = Self::calm();
        if chance.percent(35) {
            let longest = if chance.percent(30) { 6_000 } else { 400_000 };
            fate.budget.store(chance.below(longest).cast_signed(), Ordering::Relaxed);
        }
        if chance.percent(15) {
            fate.slowness_ms = 1 + chance.below(40);
        }
        if chance.percent(6) {
            let longest = if chance.percent(20) { 7_000 } else { 900 };
            let after = chance.below(120_000).cast_signed();
            fate.pause = Some((after, Duration::from_millis(chance.below(longest))));
        }
        fate
    }
}

impl Wire {
    /// A wire that brings each connection to one of the `routes`' ports, by chance.
    pub async fn start(port: u16, routes: Vec<u16>, seed: u64) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let wire = Self {
            port: listener.local_addr().unwrap().port(),
            counts: Arc::default(),
            weather: Arc::new(Mutex::new(Weather::Calm)),
            routes: Arc::new(Mutex::new(routes)),
            chance: Arc::new(Mutex::new(Chance::new(seed))),
        };
        tokio::spawn(wire.clone().accept(listener));
        wire
    }

    /// From now on, for new connections; those that are open are left as they are.
    pub fn set(&self, weather: Weather) {
        *self.weather.lock() = weather;
    }

    pub fn lead_to(&self, routes: Vec<u16>) {
        *self.routes.lock() = routes;
    }

    async fn accept(self, listener: TcpListener) {
        loop {
            let (booth, _) = listener.accept().await.unwrap();
            self.counts.connections.fetch_add(1, Ordering::Relaxed);
            let Some((route, fate)) = self.draw() else {
                self.counts.refused.fetch_add(1, Ordering::Relaxed);
                continue;
            };
            tokio::spawn(join(booth, route, fate, Arc::clone(&self.counts)));
        }
    }

    /// Where the connection goes and what happens to it; nothing where it is refused.
    fn draw(&self) -> Option<(u16, Fate)> {
        let mut chance = self.chance.lock();
        let routes = self.routes.lock();
        let route = routes[usize::try_from(chance.below(routes.len() as u64)).unwrap()];
        match *self.weather.lock() {
            Weather::Calm => Some((route, Fate::calm())),
            Weather::Storm if chance.percent(5) => None,
            Weather::Storm => Some((route, Fate::drawn(&mut chance))),
            Weather::Down => None,
            Weather::CutAfter(bytes) => Some((route, Fate::cut_after(bytes))),
        }
    }
}

async fn join(booth: TcpStream, route: u16, fate: Fate, counts: Arc<Counts>) {
    let address = SocketAddr::from(([127, 0, 0, 1], route));
    let Ok(central) = TcpStream::connect(address).await else { return };
    if fate.slowness_ms > 0 {
        counts.slowed.fetch_add(1, Ordering::Relaxed);
    }
    let cut = Arc::clone(&fate.cut);
    let (from_booth, to_booth) = booth.into_split();
    let (from_central, to_central) = central.into_split();
    let seed = u64::from(route) ^ counts.connections.load(Ordering::Relaxed);
    let up = pass(from_booth, to_central, (fate.clone(), true), Chance::new(seed), Arc::clone(&counts));
    let down = pass(from_central, to_booth, (fate, false), Chance::new(!seed), Arc::clone(&counts));
    // Where one direction ends, so does the other: what had passed of a message until then has arrived.
    tokio::select! { () = up => {} () = down => {} }
    if cut.load(Ordering::Relaxed) {
        counts.cut.fetch_add(1, Ordering::Relaxed);
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    (mut fate, is_upwards): (Fate, bool),
    mut chance: Chance,
    counts: Arc<Counts>,
) {
    let mut piece = vec![0; 16 * 1024];
    let mut passed = 0;
    loop {
        let Ok(read @ 1..) = from.read(&mut piece).await else { return };
        counts.bytes.fetch_add(read as u64, Ordering::Relaxed);
        passed += read.cast_signed() as i64;
        if fate.slowness_ms > 0 {
            tokio::time::sleep(Duration::from_millis(chance.below(fate.slowness_ms))).await;
        }
        if let Some((after, time)) = fate.pause
            && passed > after
        {
            counts.stood_still.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(time).await;
            fate.pause = None;
        }
        let counted = if fate.upwards_only && !is_upwards { 0 } else { read.cast_signed() as i64 };
        let left = fate.budget.fetch_sub(counted, Ordering::Relaxed) - counted;
        let whole =
            if left < 0 { usize::try_from(read.cast_signed() as i64 + left).unwrap_or(0) } else { read };
        if to.write_all(&piece[..whole]).await.is_err() {
            return;
        }
        if left < 0 {
            fate.cut.store(true, Ordering::Relaxed);
            return;
        }
    }
}
