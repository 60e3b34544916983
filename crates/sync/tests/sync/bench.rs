//! A booth and a central, a clock that passes by itself, and randomness that is the same each time.

use crate::central::DEVICE;
use crate::server::Server;
use crate::store::Memory;
use domain::UtcMillis;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use protocol::{Digest, Key};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use sync::{Clock, Courier, Enrolment, Line, NoRandomness, Random, Settings, Status, Store};
use tokio::sync::{Notify, oneshot};

pub const KEY: Key = Key([0x11; 32]);
/// How long a hasty booth waits for an answer.
pub const HASTY: Duration = Duration::from_millis(1_500);
const DAY: Duration = Duration::from_secs(86_400);

/// Sleeping lets the time pass at once, up to a horizon, where it stands still.
pub struct Sky {
    now: Mutex<Duration>,
    horizon: Mutex<Duration>,
    moved: Notify,
    pub wall_ahead_ms: Mutex<i64>,
    /// How many waits were of a second at most.
    pub short_waits: AtomicU64,
}

impl Sky {
    pub fn new(horizon: Duration) -> Arc<Self> {
        let (now, horizon) = (Mutex::new(Duration::ZERO), Mutex::new(horizon));
        let (wall_ahead_ms, short_waits) = (Mutex::new(1_800_000_000_000), AtomicU64::new(0));
        Arc::new(Self { now, horizon, moved: Notify::new(), wall_ahead_ms, short_waits })
    }

    /// Lets some time pass at once.
    pub fn pass(&self, time: Duration) {
        *self.now.lock() += time;
        self.moved.notify_waiters();
    }

    /// Lets the time pass up to there.
    pub fn until(&self, horizon: Duration) {
        *self.horizon.lock() = horizon;
        self.moved.notify_waiters();
    }
}

/// The sky, as a clock.
pub struct Sundial(pub Arc<Sky>);

impl Clock for Sundial {
    fn now(&self) -> UtcMillis {
        UtcMillis(self.steady().as_millis() as i64 + *self.0.wall_ahead_ms.lock())
    }

    fn steady(&self) -> Duration {
        *self.0.now.lock()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        let sky = Arc::clone(&self.0);
        sky.short_waits.fetch_add(u64::from(time <= Duration::from_secs(1)), Ordering::SeqCst);
        let end = self.steady().saturating_add(time);
        Box::pin(async move {
            tokio::task::yield_now().await;
            loop {
                let moved = sky.moved.notified();
                if end <= *sky.horizon.lock() {
                    let mut now = sky.now.lock();
                    *now = (*now).max(end);
                    return;
                }
                moved.await;
            }
        })
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same bytes each time.
pub struct Dice(pub AtomicU64);

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Booth and central are on one thread here: a machine that pauses is no fault of the way. Tests of lateness have [`HASTY`].
pub fn settings() -> Settings {
    Settings {
        connect_timeout: Duration::from_secs(60),
        answer_timeout: Duration::from_secs(60),
        ..Settings::new("0.1.0")
    }
}

/// A booth that has enrolled at a central.
pub struct Bench {
    pub server: Server,
    pub store: Arc<Memory>,
    pub sky: Arc<Sky>,
    pub settings: Settings,
    pub pin: Digest,
}

/// A courier that runs.
pub struct Running {
    pub line: Line,
    stop: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<()>,
}

impl Bench {
    pub async fn new() -> Self {
        let (server, pin) = Server::start().await;
        let store = Arc::new(Memory::new(&server.central));
        server.central.knows(&KEY);
        let enrolment = Enrolment {
            address: server.url(),
            device: DEVICE,
            key: KEY,
            next_key: None,
            pins: vec![pin],
            campus: "north".to_owned(),
            name: "hall 1".to_owned(),
        };
        store.rows.lock().enrolment = Some(enrolment);
        Self { server, store, sky: Sky::new(30 * DAY), settings: settings(), pin }
    }

    pub fn start(&self) -> Running {
        run(&(Arc::clone(&self.store) as Arc<dyn Store>), &self.sky, self.settings.clone())
    }

    /// Runs until nothing waits.
    pub async fn drain(&self) -> Status {
        let running = self.start();
        self.until(|| self.store.waiting() == 0).await;
        let status = running.line.status();
        running.stop().await;
        assert_eq!(self.store.rows.lock().wrong, Vec::<String>::new());
        status
    }

    /// Waits, in real time, for something to come true.
    pub async fn until(&self, done: impl Fn() -> bool) {
        until(done).await;
    }
}

pub async fn until(done: impl Fn() -> bool) {
    let waiting = async {
        while !done() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(300), waiting).await.expect("it should have come true by now");
}

pub fn run(store: &Arc<dyn Store>, sky: &Arc<Sky>, settings: Settings) -> Running {
    let clock = Arc::new(Sundial(Arc::clone(sky)));
    let random = Arc::new(Dice(AtomicU64::new(7)));
    let (courier, line) = Courier::new(Arc::clone(store), settings, clock, random).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(courier.run(async move {
        let _: Result<(), _> = stopped.await;
    }));
    Running { line, stop: Some(stop), task }
}

impl Running {
    pub async fn stop(mut self) {
        drop(self.stop.take());
        self.task.await.unwrap();
    }
}
