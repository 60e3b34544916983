//! The limit on what leaves the booth.

use crate::bench::{Bench, Sundial};
use std::sync::Arc;
use std::time::Duration;
use sync::{Clock, Settings};

#[tokio::test]
async fn blobs_and_batches_leave_no_faster_than_they_may() {
    const RATE: u32 = 100_000;
    let mut bench = Bench::new().await;
    bench.settings = Settings { bytes_per_second: RATE, ..bench.settings };
    for n in 0..50u8 {
        bench.store.write("photo", Some(vec![n; 40_000]));
    }
    let clock = Sundial(Arc::clone(&bench.sky));
    let before = clock.steady();
    bench.drain().await;
    let (took, bytes) =
        ((clock.steady() - before).as_secs_f64(), bench.server.central.state.lock().blob_bytes);
    assert_eq!(bytes, 50 * 40_000);
    let least = bytes as f64 / f64::from(RATE);
    assert!(took > 0.98 * least, "{took} s for {least} s of bytes");
    // How much longer is bounded beside the limiter itself: this clock is moved on by every other wait too.
}

#[tokio::test]
async fn a_payment_waits_for_no_photo() {
    let mut bench = Bench::new().await;
    bench.settings = Settings { bytes_per_second: 1, ..bench.settings };
    bench.sky.until(Duration::ZERO);
    bench.store.write("photo", Some(vec![1; 10]));
    let running = bench.start();
    bench.until(|| bench.server.central.asked("blobs") == 1).await;
    let client = running.line.client().unwrap();
    client.trade("unknown").await.unwrap_err();
    assert_eq!(bench.server.central.asked("payments"), 1);
    assert_eq!(bench.server.central.state.lock().blob_bytes, 0, "the photo is still on its way");
    running.stop().await;
}

#[tokio::test]
async fn a_batch_under_a_limit_is_small() {
    let mut bench = Bench::new().await;
    bench.settings = Settings { bytes_per_second: 100, ..bench.settings };
    for _ in 0..20 {
        bench.store.write("order", None);
    }
    bench.drain().await;
    assert!(bench.server.central.asked("events") > 3);
    assert_eq!(bench.server.central.applied().len(), 20);
}
