//! The limit on what leaves the booth.

use crate::bench::{Bench, Sundial};
use std::sync::Arc;
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
    assert!(took < 1.5 * least + 5.0, "{took} s for {least} s of bytes");
}
