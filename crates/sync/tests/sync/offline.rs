//! Without a network, for as long as it takes.

use crate::bench::{Bench, run};
use crate::server::Fault;
use crate::store::Memory;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use sync::{Link, Store};
use tracing_subscriber::layer::SubscriberExt;

/// Nobody listens there.
const NOBODY: &str = "https://127.0.0.1:1";
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// Counts what is logged.
struct Count(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Count {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let ours = event.metadata().target().starts_with("sync");
        self.0.fetch_add(usize::from(ours), Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_week_without_network_costs_little_and_loses_nothing() {
    let logged = Arc::new(AtomicUsize::new(0));
    let _log =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(Count(Arc::clone(&logged))));
    let bench = Bench::new().await;
    for _ in 0..500 {
        bench.store.write("order", None);
    }
    let there = bench.store.rows.lock().enrolment.clone().unwrap();
    let attempts = Arc::new(AtomicUsize::new(0));
    let asked = Arc::new(Asked { memory: Arc::clone(&bench.store), attempts: Arc::clone(&attempts) });
    asked.memory.rows.lock().enrolment.as_mut().unwrap().address = NOBODY.to_owned();
    bench.sky.until(WEEK);
    let running = run(&(asked as Arc<dyn Store>), &bench.sky, bench.settings.clone());
    bench.until(|| attempts.load(Ordering::SeqCst) > 19_000).await;
    for _ in 0..50 {
        running.line.wake();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let total = attempts.load(Ordering::SeqCst);
    assert!(total < 22_000, "{total} attempts in a week, one in half a minute");
    assert!(matches!(running.line.status().link, Link::Offline { .. }));
    let lines = logged.load(Ordering::SeqCst);
    assert!(lines <= 5, "{lines} lines in a week");
    running.stop().await;
    bench.store.rows.lock().enrolment = Some(there);
    bench.sky.until(2 * WEEK);
    bench.drain().await;
    assert_eq!(bench.server.central.applied().len(), 500);
}

/// The ledger, and how often it was asked for its backlog: once a heartbeat.
struct Asked {
    memory: Arc<Memory>,
    attempts: Arc<AtomicUsize>,
}

impl Store for Asked {
    fn enrolment(&self) -> Result<Option<sync::Enrolment>, sync::StoreFault> {
        self.memory.enrolment()
    }
    fn save_enrolment(&self, enrolment: &sync::Enrolment) -> Result<(), sync::StoreFault> {
        self.memory.save_enrolment(enrolment)
    }
    fn pending(&self, limit: usize) -> Result<Vec<sync::Pending>, sync::StoreFault> {
        self.memory.pending(limit)
    }
    fn blob(&self, sha256: &protocol::Digest) -> Result<Option<Vec<u8>>, sync::StoreFault> {
        self.memory.blob(sha256)
    }
    fn answered(&self, answers: &[sync::Answer], at: domain::UtcMillis) -> Result<(), sync::StoreFault> {
        self.memory.answered(answers, at)
    }
    fn offer_again(&self, epoch: protocol::Epoch, mark: u64) -> Result<u64, sync::StoreFault> {
        self.memory.offer_again(epoch, mark)
    }
    fn unpark(&self, reason: protocol::batch::Reason) -> Result<u64, sync::StoreFault> {
        self.memory.unpark(reason)
    }
    fn backlog(&self) -> Result<sync::Backlog, sync::StoreFault> {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        self.memory.backlog()
    }
    fn health(&self) -> sync::Health {
        self.memory.health()
    }
    fn cursor(&self) -> Result<u64, sync::StoreFault> {
        self.memory.cursor()
    }
    fn take(&self, page: &protocol::directory::Page) -> Result<sync::Taken, sync::StoreFault> {
        self.memory.take(page)
    }
    fn outcomes(&self) -> Result<Vec<(uuid::Uuid, protocol::directory::CommandOutcome)>, sync::StoreFault> {
        self.memory.outcomes()
    }
    fn outcome_told(&self, command: uuid::Uuid) -> Result<(), sync::StoreFault> {
        self.memory.outcome_told(command)
    }
}

#[tokio::test]
async fn a_booth_that_has_not_enrolled_waits_until_it_has() {
    let bench = Bench::new().await;
    bench.sky.until(Duration::ZERO);
    let enrolment = bench.store.rows.lock().enrolment.take();
    bench.store.write("order", None);
    let running = bench.start();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(running.line.status().link, Link::NotEnrolled);
    assert!(running.line.client().is_none());
    bench.store.rows.lock().enrolment = enrolment;
    running.line.wake();
    bench.until(|| bench.store.waiting() == 0).await;
    assert!(running.line.client().is_some());
    running.stop().await;
}

#[tokio::test]
async fn a_network_that_goes_and_comes_back_is_told_and_caught_up_with() {
    let bench = Bench::new().await;
    let running = bench.start();
    bench.until(|| running.line.status().link == Link::Online).await;
    bench.server.script(|_| Fault::Cut);
    bench.until(|| matches!(running.line.status().link, Link::Offline { .. })).await;
    bench.store.write("order", Some(vec![7; 900]));
    running.line.wake();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(
        bench.server.central.asked("events") + bench.server.central.asked("blobs"),
        0,
        "only heartbeats are tried"
    );
    bench.server.script(|_| Fault::None);
    bench.until(|| bench.store.waiting() == 0).await;
    let status = running.line.status();
    assert!(status.link == Link::Online && status.last_success.is_some() && status.stalled_since.is_none());
    running.stop().await;
}
